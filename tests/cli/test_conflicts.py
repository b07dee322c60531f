"""What is read, what is written, and saved runs are never one file."""

import json
import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer.testing

from fitline.cli import app

Run = Callable[[str], Any]
TABLE = "x,y\n1,2\n2,5\n3,6\n"


def call(words: str) -> Any:
    return typer.testing.CliRunner().invoke(app, shlex.split(words))


@pytest.fixture(scope="module")
def saved_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Train once, and give what puts the run into a folder, as if it were trained there."""
    made = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made)
        Path("t.csv").write_text(TABLE)
        assert call("train t.csv --run k --steps 3").exit_code == 0
    texts = {path.name: path.read_text() for path in (made / "k").iterdir()}

    def put(folder: Path) -> None:
        (folder / "k").mkdir()
        for name, text in texts.items():
            (folder / "k" / name).write_text(text.replace(str(made), str(folder)))

    return put


@pytest.fixture
def fitline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saved_run: Callable[[Path], None]
) -> Run:
    """Run fitline in a folder with a table, a saved run, and other names of its files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "1000")
    Path("t.csv").write_text(TABLE)
    saved_run(tmp_path)
    Path("link").symlink_to("k")
    Path("soft.json").symlink_to("k/run.json")
    Path("hard.csv").hardlink_to("t.csv")
    return call


def contents() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


TWICE, PART, READ = "is named twice", "is a part of a saved run", "is read"


@pytest.mark.parametrize(
    ("words", "named", "what"),
    [
        ("show k -o k/run.json", "k/run.json", TWICE),
        ("show k -o k/../k/run.json --format csv", "k/../k/run.json", TWICE),
        ("show link -o k/run.json", "k/run.json", TWICE),
        ("show k -o link/run.json", "link/run.json", TWICE),
        ("show k -o soft.json", "soft.json", TWICE),
        ("show k -o hard.json", "hard.json", TWICE),
        ("show k -o k --format table", "k", TWICE),
        ("show k -o t.csv", "t.csv", TWICE),
        ("resume k -o k/result.json --steps 5", "k/result.json", TWICE),
        ("resume k -o hard.csv --steps 5", "hard.csv", TWICE),
        ("train t.csv --run new -o new/result.json", "new/result.json", TWICE),
        ("train t.csv --run new --save new/../new/model.json", "new/../new/model.json", TWICE),
        ("train t.csv --run new --trace new/history.csv", "new/history.csv", TWICE),
        ("train t.csv --run new --rejects new/history.csv", "new/history.csv", TWICE),
        ("train t.csv --run link --force --trace k/history.csv", "k/history.csv", TWICE),
        ("train k/history.csv --x step --y cost --run k --force", "k/history.csv", READ),
        ("train 'k/*.csv' --x step --y cost --run k --force", "k/history.csv", READ),
        ("train t.csv --save k/model.json", "k/model.json", PART),
        ("train t.csv --trace link/history.csv", "link/history.csv", PART),
        ("rates t.csv -o k/run.json", "k/run.json", PART),
        ("compare --run k -o k/run.json", "k/run.json", TWICE),
        ("compare --run k -o hard.json", "hard.json", TWICE),
        ("sample --rows 5 -o k/history.csv", "k/history.csv", PART),
        ("grid t.csv --theta0 0:1:2 --theta1 0:1:2 -o hard.csv", "hard.csv", TWICE),
        ("predict '*.csv' --theta0 1 --theta1 2 -o t.csv", "t.csv", TWICE),
        ("train ./t.csv -o k/../t.csv", "k/../t.csv", TWICE),
        ("train t.csv --save ./a.json -o a.json", "./a.json", TWICE),
    ],
)
def test_what_is_kept_or_read_is_not_written_over(
    fitline: Run, words: str, named: str, what: str
) -> None:
    if "hard.json" in words:
        Path("hard.json").hardlink_to("k/result.json")
    before = contents()
    done = fitline(words)
    assert done.exit_code == 2, done.stderr
    assert done.stderr.startswith(f"error: {named} {what}"), done.stderr
    assert contents() == before


@pytest.mark.parametrize(
    "words",
    [
        "show k -o k/link",
        "show k -o {here}/k/link",
        "resume k --steps 9 -o k/link",
        "train t.csv --save k/link",
        "train t.csv --trace k/link.csv",
        "train t.csv --bad-rows skip --rejects k/link",
        "predict t.csv --theta 0,1 -o k/link",
        "predict 1500 --model k/link",
        "evaluate t.csv --model k/link",
        "train -c k/link",
    ],
)
@pytest.mark.parametrize(
    ("target", "run"),
    [("../m.json", "file"), ("nothing", "file"), ("../m.json", "link"), ("../m.json", "folder")],
)
def test_a_link_in_the_folder_of_a_run_is_not_followed(
    fitline: Run, words: str, target: str, run: str
) -> None:
    if run != "file":
        Path("k/run.json").unlink()
        Path("k/run.json").symlink_to("nowhere") if run == "link" else Path("k/run.json").mkdir()
    Path("m.json").write_text(Path("k/model.json").read_text())
    for name in ("k/link", "k/link.csv"):
        Path(name).symlink_to(target)
    before = contents()
    done = fitline(words.format(here=Path().absolute()))
    assert (done.exit_code in {1, 2}, done.stdout) == (True, "")
    is_of_run = run != "file" and words.startswith(("show", "resume"))  # which is no run any more
    assert is_of_run or "a symbolic link" in done.stderr
    assert contents() == before


def test_two_slashes_make_no_other_file(fitline: Run, tmp_path: Path) -> None:
    done = fitline(f"train --save /{tmp_path}/new.json -o {tmp_path}/new.json")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error: /{tmp_path}/new.json {TWICE}"), done.stderr


def test_what_lies_beside_may_be_written(fitline: Run) -> None:
    assert fitline("show k -o k/report.md").exit_code == 0
    assert fitline(f"train t.csv --run new -o {os.devnull} --trace new.csv").exit_code in {0, 2}
    assert fitline("train k/history.csv --x step --y cost -o fit.json").exit_code == 0


def test_a_model_takes_as_many_columns_as_it_has_features(fitline: Run) -> None:
    Path("m.json").write_text('{"model": {"x": ["x", "b"], "y": "y", "theta": [1, 2, 3]}}')
    for words, said in {
        "predict 5 --model m.json": "the model needs 2 values: 'x', 'b'",
        "predict x=5 --model m.json": "'b' has no value",
        "predict x=5 b=1 x=6 --model m.json": "x has two values",
        "predict t.csv --x x --model m.json": "the model has 2 features, and --x names 1 column",
        "evaluate t.csv --x x --model m.json": "theta has 3 numbers, and 1 feature, 'x', takes 2",
    }.items():
        done = fitline(words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr
    assert fitline("predict t.csv --model m.json").exit_code == 1
    assert "17" in fitline("predict b=2 x=5 --model m.json").stdout


def test_a_misspelt_name_of_a_value_is_no_file(fitline: Run) -> None:
    inputs = {"typed": ["Lot Area", "kind"], "columns": ["Lot Area", "kind"]}
    inputs["levels"] = {"kind": ["brick", "wood"]}  # type: ignore[assignment]
    model = {"x": ["Lot Area", "kind=wood"], "y": "y", "theta": [1, 2, 3], "inputs": inputs}
    Path("m.json").write_text(json.dumps({"model": model}))
    for words, said, hint in (
        ("'Lot Aera=5' kind=wood", "no column 'Lot Aera'\n", "did you mean 'Lot Area=5'?"),
        ("'lot area=5' knid=wood", "'lot area' and no 'knid'\n", "'Lot Area=5' kind=wood?"),
        ("'Lot Area=5' foo=1", "no column 'foo', and 'kind' has no", "'Lot Area=5' kind=brick --"),
        ("'lot area=5'", "'lot area', and 'kind' has no value", "'Lot Area=5' kind=brick --model"),
        ("'Lot Area=5'", "'kind' has no value", "'Lot Area=1' kind=brick --model"),
    ):
        done = fitline(f"predict {words} --model m.json")
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr
        assert hint in done.stderr
    Path("kid=wood").write_text("Lot Area,kind\n5,brick\n")
    assert "11.0" in fitline("predict kid=wood --model m.json").stdout


def test_the_reading_of_a_model_is_checked_and_names_its_file(fitline: Run) -> None:
    Path("m.json").write_text(
        '{"model": {"x": ["x"], "y": "y", "theta": [1, 2]}, "config": {"header": 3}}'
    )
    for words in ("predict t.csv --model m.json", "evaluate t.csv --model m.json"):
        done = fitline(words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith("error: m.json: header: expected true or false, got 3")


@contextmanager
def led(places: Mapping[int, str]) -> Iterator[None]:
    """Lead standard streams, by their numbers, to files."""
    kept = {number: os.dup(number) for number in places}
    for number, place in places.items():
        with Path(place).open("ab" if number else "rb") as there:
            os.dup2(there.fileno(), number)
    try:
        yield
    finally:
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)


OUTPUT = "standard output is a file that is read"


@pytest.mark.parametrize(
    ("words", "places", "said"),
    [
        ("predict - --theta0 0 --theta1 1 -o t.csv", {0: "t.csv"}, "t.csv is named twice"),
        ("train - --trace hard.csv", {0: "t.csv"}, "hard.csv is named twice"),
        ("predict t.csv --theta0 0 --theta1 1", {1: "t.csv"}, OUTPUT),
        ("evaluate 't*.csv' --theta 0,1", {1: "hard.csv"}, OUTPUT),
        ("predict - --theta0 0 --theta1 1", {0: "t.csv", 1: "t.csv"}, OUTPUT),
    ],
)
def test_a_standard_stream_is_a_name_of_its_file(
    fitline: Run, words: str, places: dict[int, str], said: str
) -> None:
    before = contents()
    with led(places):
        done = fitline(words)
    assert (done.exit_code, contents()) == (2, before)
    assert done.stderr.startswith(f"error: {said}")
