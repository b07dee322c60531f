"""What `-h` prints, what is proposed instead of a mistake, and `main` in a process."""

import io
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from fitline import cli
from fitline.cli import main
from fitline.config import settings

Fitline = Callable[..., Any]
HOUSES = Path(__file__).parents[2] / "data" / "houses.csv"


def words_of(text: str) -> set[str]:
    return set(text.replace(" \\\n", " ").split())


def test_the_help_of_train_is_short_and_in_groups(fitline: Fitline) -> None:
    lines = fitline("train", "-h").stdout.splitlines()
    assert len(lines) <= 60
    titles = [line for line in lines if re.fullmatch(r"[A-Z]\w+:", line)]
    assert titles == ["Arguments:", "Table:", "Model:", "Training:", "Output:", "Examples:"]
    assert len(lines) - lines.index("Examples:") == 3


def test_all_options_are_told_by_help_all(fitline: Fitline) -> None:
    told = fitline("train", "--help-all").stdout
    for name in settings().keys() - {"data"}:
        assert f"--{name.replace('_', '-')}" in told
    assert "--line-search" not in fitline("train", "-h").stdout


@pytest.mark.parametrize("columns", [40, 80, 100])
@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
def test_no_word_of_the_help_is_broken_or_beyond_the_terminal(
    fitline: Fitline, monkeypatch: pytest.MonkeyPatch, command: str, columns: int
) -> None:
    asked = [*command.split(), "--help-all" if command else "-h"]
    whole = fitline(*asked).stdout
    monkeypatch.setenv("COLUMNS", str(columns))
    told = fitline(*asked).stdout
    assert words_of(told) == words_of(whole)
    longest = max(told.splitlines(), key=len)
    assert len(longest) <= columns or len(longest.split()) <= 2, longest


def test_examples_work_when_they_are_typed(fitline: Fitline) -> None:
    for command in ("train", "evaluate", "predict", "grid", "rates", "compare", "landscape"):
        examples = fitline(command, "-h").stdout.split("Examples:\n")[1].splitlines()
        for line in examples:
            if not re.search(r"\.(json|svg|png)|new", line):
                words = shlex.split(line.replace("houses.csv", str(HOUSES)))
                assert fitline(*words[1:]).returncode == 0, line


@pytest.mark.parametrize(
    ("typed", "hint"),
    {
        "train --lr 0.3": "did you mean --learning-rate?",
        "train -lr 0.3": "did you mean --learning-rate?",
        "train --alpha 0.3": "did you mean --learning-rate?",
        "train --optimiser adam": "did you mean --optimizer?",
        "train --epoch 3": "did you mean --epochs?",
        "train --no-heading": "did you mean --no-header?",
        "train --step 3": "did you mean --steps?",
        "train --tol 3": "did you mean --tolerance?",
        "train --out FILE": "did you mean --output?",
        "train --worst 3": "fitline train -h lists all",
        "summary --worst 3": "fitline summary -h lists all",
        "summary --momentum 3": "fitline summary -h lists all",
        "plot contuor": "did you mean contour?",
        "train --optimizer adm": "did you mean adam?",
        "train --cost hubr": "did you mean huber?",
        "train --cost what": "fitline train -h lists all",
        "grid --format jsn": "did you mean json?",
        "compare --optimizer adam,momentm": "did you mean momentum?",
        "grid --lr 3": "fitline grid -h lists all",
        "houses.csv --steps 3": "fitline train houses.csv --steps 3",
        "trian houses.csv": "fitline train houses.csv",
        "'my table.csv'": "fitline train 'my table.csv'",
        "what": "fitline -h lists all",
        "--what": "fitline -h lists all",
    }.items(),
)
def test_a_mistake_has_a_hint(fitline: Fitline, typed: str, hint: str) -> None:
    done = fitline(*shlex.split(typed))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == f"hint: {hint}"


def test_epochs_are_steps(fitline: Fitline) -> None:
    assert "after 3 steps" in fitline("train", "--epochs", "3").stdout


def test_main_gives_the_exit_code_and_lets_the_process_live(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--version"]) == 0
    assert main(["evaluate", "--theta", "0,100"]) == 0
    assert main(["train", "nosuch.csv"]) == 1
    assert main([]) == main(["train", "--steps", "x"]) == 2
    assert main(["train", "--steps", "1", "--strict"]) == 3
    assert main(["train", "--learning-rate", "9"]) == 4
    assert "Usage: fitline" in capsys.readouterr().err


def test_main_tells_a_program_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "nosuch.csv", "--format", "json"]) == 1
    assert capsys.readouterr().err.startswith('{"schema": 1, "error": {')


@pytest.mark.parametrize(
    "typed",
    [
        "train --steps 3",
        "evaluate --theta 0,100 --format json",
        "grid --format csv",
        "predict - --theta0 0 --theta1 100 --format csv",
    ],
)
def test_main_reads_and_writes_where_a_caller_takes_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    """As a notebook does, whose streams have no bytes."""
    table = "sqft,θ\n1,ü\n" if "predict" in typed else ""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(table.encode()), "utf-8"))
    assert main(typed.split()) == 0
    printed = capsys.readouterr().out

    monkeypatch.setattr("sys.stdin", io.StringIO(table))
    with redirect_stdout(io.StringIO()) as caught:
        assert main(typed.split()) == 0
    assert caught.getvalue() == printed != ""


def test_a_run_keeps_the_words_that_main_was_given(fitline: Fitline) -> None:
    assert fitline("train", "--steps", "3", "--run", "run").returncode == 0
    assert "train --steps 3 --run run" in (fitline.folder / "run" / "run.json").read_text()  # type: ignore[attr-defined]


def test_help_is_given_where_python_keeps_no_docstrings() -> None:
    asked = [["--help"], *([command, "--help-all"] for command in cli.COMMANDS)]
    line = f"from fitline.cli import main; print([main(words) for words in {asked}])"
    told = subprocess.check_output([sys.executable, "-OO", "-c", line], text=True)
    assert told.count("Usage: ") == len(asked)
    assert told.endswith(f"{[0] * len(asked)}\n")
