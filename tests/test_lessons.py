"""Every number that a lesson names is what fitline prints today."""

import ast
import io
import json
import operator
import re
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from fitline.cli import answers, main
from fitline.cli.lesson import teach
from fitline.data.lesson_tables import NAMES
from fitline.formatting import number
from fitline.lessons import Answer, Lesson, OnPage, Part, Prose, all_lessons
from terminals import Terminal

ROOT = Path(__file__).parents[1]
LESSONS = all_lessons()
NUMBER = re.compile(r"(?<![\w^])\d[\d,]*(?:\.\d+)?(?:e[-−]?\d+)?")
OUTSIDE_PROSE = re.compile(r"```.*?```|`.*?`|<.*?>|## Task \d", re.DOTALL)
ALSO = re.compile(r"<!-- also: (\S+) of (fitline .*?) -->")
COMPUTED = re.compile(r"<!-- computed: (.*?) -->")
SIGNS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


@pytest.fixture(scope="module", autouse=True)
def _each_command_is_run_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "document", cache(answers.document))
        yield


def numbers(text: str) -> set[float]:
    """Give the sizes of all numbers in a text."""
    plain = (one.replace(",", "").replace("−", "-") for one in NUMBER.findall(text))
    return {float(one) for one in plain}


def worked_out(node: ast.expr) -> float:
    """Work out what a lesson computes from other numbers."""
    if isinstance(node, ast.BinOp):
        return SIGNS[type(node.op)](worked_out(node.left), worked_out(node.right))
    assert isinstance(node, ast.Constant)
    return float(node.value)


def source_of(lesson: Lesson) -> str:
    (file,) = (ROOT / "src/fitline/lessons").glob(f"??-{lesson.name}.md")
    return file.read_text()


def is_known(said: float, known: set[float]) -> bool:
    """Tell whether a number is known, perhaps rounded to three digits or more."""
    digits = max(3, len(f"{said:.15e}".partition("e")[0].rstrip("0")) - 1)
    return any(said in {one, float(f"{one:.{digits - 1}e}")} for one in known)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_asks_three_questions_whose_answers_are_what_fitline_computes(
    lesson: Lesson,
) -> None:
    assert lesson.title.endswith("?")
    titles = [part.title for part in lesson.parts[1:]]
    assert titles == ["Predict", "Task 1", "Task 2", "In short"]
    for part in lesson.parts[1:4]:
        assert part.answer
        assert (part.answer.written is None) == (part.title == "Predict")
        assert part.answer.written in {None, number(answers.computed(part.answer))}


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_names_no_number_that_is_not_printed_or_computed(lesson: Lesson) -> None:
    source = source_of(lesson)
    shown = "".join(re.findall(r"```console\n(.*?)```", source, re.DOTALL))  # and true today
    asked = [part.answer for part in lesson.parts if part.answer]
    asked += [Answer(key, typed, None) for key, typed in ALSO.findall(source)]
    commands = [*re.findall(r"(?m)^\$ .*", shown), *(one.command for one in asked)]
    results = [json.dumps(answers.document(one.command)) for one in asked]
    known = numbers("\n".join([shown, *results, *commands]).replace(",", " , ")) | numbers(shown)
    for text in COMPUTED.findall(source):
        known.add(worked_out(ast.parse(text, mode="eval").body))
    said = numbers(OUTSIDE_PROSE.sub(" ", source))
    assert {one for one in said if not is_known(one, known)} == set()


def test_every_lesson_has_its_page_and_every_table_its_lesson() -> None:
    index = (ROOT / "docs/tutorial/index.md").read_text()
    places = [index.index(f"\n{name}\n") for name in LESSONS]
    assert places == sorted(places)
    for lesson in LESSONS.values():
        page = (ROOT / f"docs/tutorial/{lesson.name}.md").read_text()
        assert re.search(rf"include\}} \.\./\.\./src/fitline/lessons/\d\d-{lesson.name}\.md", page)
    together = "".join(map(source_of, LESSONS.values()))
    assert {name for name in NAMES if f"lesson:{name} " not in together} == set()


def test_all_lessons_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson"]) == 0
    shown = capsys.readouterr().out
    for place, lesson in enumerate(LESSONS.values(), 1):
        assert re.search(rf"(?m)^ *{place} {lesson.name} +{re.escape(lesson.title)}", shown)


def test_off_a_terminal_a_lesson_is_printed_with_all_answers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["lesson", "1"]) == 0
    shown, source = capsys.readouterr().out, source_of(LESSONS["line"])
    for session in re.findall(r"```console.*?```", source, re.DOTALL):
        assert session in shown
    for part in LESSONS["line"].parts:
        for block in (*part.shown, *part.hidden):
            assert not isinstance(block, Prose) or block.markdown in shown
        if part.answer:
            assert f"Answer: **{number(answers.computed(part.answer))}**" in shown
    assert "<" not in shown


def test_a_lesson_that_is_not_there_is_told_from_one_that_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["lesson", "scalling"]) == 2
    assert "did you mean scaling?" in capsys.readouterr().err
    assert main(["lesson", "--page"]) == 2
    assert "which lesson is the page of?" in capsys.readouterr().err


def test_a_terminal_is_asked_and_commands_are_run_at_a_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = ["fitline predict 1800 --theta0 0 --theta1 140", "fitline 'predict"]
    typed = [*commands, "ls", "50,000 dollars", "7", "5e7", ""]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(typed)))
    with pytest.raises(EOFError):
        teach(LESSONS["line"], asks=True)
    shown = capsys.readouterr()
    assert "252,000" in shown.out
    assert "error: No closing quotation" in shown.err
    assert "ls is neither a number nor a fitline command.\n" in shown.out
    assert "Right: **50,000**\n" in shown.out
    assert "Not yet: try again, or press Enter for the answer.\n" in shown.out
    assert "Right: **50,000,000**\n" in shown.out
    assert "Task 2" in shown.out
    assert "256,800" not in shown.out


def test_the_tables_of_lessons_are_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text("data: lesson:outlier\nlearning_rate: auto\n")
    saving = "train -c own.yaml --save model.json --run run --steps 0"
    for typed in (saving, "resume run --steps 9", "evaluate --model model.json"):
        assert main(shlex.split(typed)) == 0
    shown = capsys.readouterr().out
    assert shown.count("lesson:outlier: 5 rows, price from sqft") == 3
    assert main(["train", "lesson:outliers"]) == 1
    assert "there is no such table of the lessons\nhint: try" in capsys.readouterr().err


def test_the_page_of_a_lesson_is_written_anew_over_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [main(["lesson", "line", "--page"]) for _ in range(2)] == [0, 0]
    (tmp_path / "line.html").write_text("mine")
    assert main(["lesson", "line", "--page"]) == 2
    assert "line.html is there already" in capsys.readouterr().err
    assert (tmp_path / "line.html").read_text() == "mine"


LESSON = re.compile('<script type="application/json" id="lesson">(.*?)</script>', re.DOTALL)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_guided_page_asks_what_the_lesson_asks_and_hides_the_answers(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["lesson", lesson.name, "--page"]) == 0
    (found,) = LESSON.findall((tmp_path / f"{lesson.name}.html").read_text())
    steps = json.loads(found)["guide"]
    parts = [part for part in lesson.parts if part.page]
    assert [step["title"] for step in steps][:2] == [lesson.title, "Predict"]
    for part, step in zip(parts, steps, strict=True):
        assert step["title"] in {part.title, "Task"}
        assert "*" not in "".join(map(str, step.values()))
        assert "--" not in re.sub("`.*?`", "", step["text"] + step.get("question", ""))
        assert ("value" in step) == (part.answer is not None)
        if part.answer:
            assert "?" in step["question"]
            assert "?" not in step["text"]
            assert step["answer"].startswith(number(step["value"]))
            assert step["value"] == answers.computed(part.answer)


def test_a_part_may_be_for_the_terminal_alone_or_say_something_else_on_the_page() -> None:
    own = "<!-- in the terminal -->\nType it.\n<!-- end -->\n<!-- on the page: Press All. -->\n"
    hidden = "<details><summary>Answer</summary>\n<!-- at: 9 -->\nSo.\n</details>\n"
    told = Part.read("Task", f"<!-- set: --steps 9 -->\n<!-- at: 2 -->\n{own}{hidden}")
    assert told.shown == (Prose("Type it."),)
    assert told.page == OnPage((Prose("Press All."),), (Prose("So."),), "--steps 9", 2, 9)
    assert Part.read("Task", own.splitlines()[0] + "\nA.\n<!-- end -->\n").page is None


def test_a_part_of_a_guided_page_begins_with_its_own_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    typed = ["explore", "--lesson", "learning-rate", "-o", str(page)]
    assert main([*typed, "--learning-rate", "0.2", "--hide", "optimizer"]) == 0
    told = json.loads(LESSON.findall(page.read_text())[0])
    assert told["hidden"] == ["optimizer"]
    assert told["config"]["learning_rate"] == 0.2
    assert told["config"]["theta"] == [0, 100]
    assert main([*typed, "lesson:sleep"]) == 2
    assert "a lesson has a table of its own" in capsys.readouterr().err


@pytest.mark.parametrize(("is_signal", "code"), [(False, 0), (True, 130)])
def test_ctrl_d_and_ctrl_c_end_a_lesson_and_leave_the_terminal_as_it_was(
    *, is_signal: bool, code: int
) -> None:
    terminal = Terminal(sys.executable, "-m", "fitline", "lesson", "line")
    found = terminal.settings
    try:
        terminal.read_until("\n> ")
        terminal.type("50,000\r")
        terminal.read_until("this one cost?")
        before, _, terminal.text = terminal.text.partition("this one cost?")
        assert "Right: 50,000" in before
        terminal.read_until("> ")
        if not is_signal:
            terminal.type("\x04")
        while is_signal and terminal.process.poll() is None:  # one may come before it is awaited
            terminal.process.send_signal(signal.SIGINT)
            time.sleep(0.3)
        assert terminal.read_to_the_end() == code
        assert ("fitline lesson line begins it again." in terminal.text) == (not is_signal)
        assert terminal.settings == found
        assert "Traceback" not in terminal.text
    finally:
        terminal.close()
