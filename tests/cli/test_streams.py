"""Outputs that fail: the error names the output, and nothing half-written stays."""

import io
import json
import os
import pty
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from fitline import LinearModel
from fitline.cli import main
from fitline.cli.streams import open_streams

FULL = "No space left on device"
HOUSES = "1,2\n2,3\n3,5\n" * 3000
SLOW = "train h.csv --scaling none --learning-rate 1e-9 --steps 3000"

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("h.csv").write_text(f"sqft,price\n{HOUSES}")
    model = {"x": ["sqft"], "y": "price", "theta": [0, 1]}
    Path("m.json").write_text(json.dumps({"schema": 1, "model": model}))


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no file become larger than 8 KiB, nor what Python keeps of the modules it imports."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def shell(command: str) -> "subprocess.CompletedProcess[str]":
    """Run fitline, which is $0 and $1 … in the command, in a shell."""
    words = ["bash", "-c", command.replace("fitline", '"$0" -m fitline'), sys.executable]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@contextmanager
def stream(name: str, place: str | None) -> Iterator[None]:
    """Lead a standard stream of this process to another place; None closes it."""
    number = {"stdout": 1, "stderr": 2}[name]
    kept = os.dup(number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", sys.stdout)
        patch.setattr(sys, "stderr", sys.stderr)
        if place is None:
            patch.setattr(sys, name, None)
            os.close(number)
        else:
            with Path(place).open("wb") as there:
                os.dup2(there.fileno(), number)
        open_streams()
        try:
            yield
        finally:
            os.dup2(kept, number)
            os.close(kept)
            sys.stdout.flush()
            sys.stderr.flush()


def test_a_model_is_saved_though_nobody_can_read_the_result(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with stream("stdout", "/dev/full"):
        assert main(["train", "h.csv", "--save", "kept.json"]) == 1
    assert FULL in capfd.readouterr().err
    assert LinearModel.load("kept.json").x == ("sqft",)


@pytest.mark.parametrize(
    "words", ["train", "grid", "summary", "evaluate --model m.json", "predict --model m.json"]
)
@pytest.mark.parametrize("format_", ["json", "csv"])
def test_a_minus_is_standard_output(
    capfd: pytest.CaptureFixture[str], words: str, format_: str
) -> None:
    Path("h.csv").write_text("sqft,price\n1,2\n2,3\n3,5\n")
    said = []
    for more in ([], ["-o", "-"]):
        name, *options = words.split()
        assert main([name, "h.csv", *options, "--format", format_, *more]) == 0
        said.append(capfd.readouterr().out)
    assert said[0] == said[1] != ""
    assert not Path("-").exists()


def test_a_terminal_of_no_width_is_written_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "0")
    assert main(["train", "nosuch.csv"]) == 1
    assert capsys.readouterr().err.startswith("error: nosuch.csv: no such file\n")


@pytest.mark.parametrize(
    "words", ["train h.csv", "train h.csv --format json", "predict h.csv --model m.json", "--help",
              "train --help", "train --help-all", "--version"]
)  # fmt: skip
def test_standard_output_that_is_full_is_named(
    words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with stream("stdout", "/dev/full"):
        code = main(words.split())
    said = capfd.readouterr().err
    assert code == 1
    assert "cannot be written" in said
    assert "standard output" in said
    assert FULL in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("command", "code"),
    {
        "fitline --version >&- 2>&-": 1,
        "fitline --version >&-": 1,
        "fitline train h.csv -o out.json >&- 2>&- <&-": 0,
        "fitline train h.csv --nosuch 2>&-": 2,
        "fitline train h.csv --nosuch 2>/dev/full": 2,
    }.items(),
)
def test_closed_streams_change_no_exit_code(command: str, code: int) -> None:
    done = shell(command)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert ("cannot be written: it is closed" in done.stderr) == (code == 1 and ">&-" in command
            and "2>&-" not in command)  # fmt: skip
    if "out.json" in command:
        json.loads(Path("out.json").read_text())


@pytest.mark.parametrize(
    "words",
    ["predict h.csv --theta 1,2 -o /dev/stdout", "train h.csv -q --save /dev/fd/1 -o o.txt"],
)
def test_a_closed_output_is_none_by_its_other_names(words: str) -> None:
    done = shell(f"fitline {words} >&-")
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, "error")
    assert f"{re.findall('/dev/[a-z0-9/]+', words)[0]}: cannot be written" in done.stderr


@pytest.mark.parametrize(
    ("words", "name", "place", "code"),
    [
        ("train h.csv", "stdout", None, 1),
        ("train nosuch.csv", "stderr", None, 1),
        ("train h.csv --learning-rate 9 -o out.json", "stderr", None, 4),
        ("train h.csv -v -o out.json", "stderr", "/dev/full", 0),
    ],
)
def test_a_stream_that_fails_changes_no_exit_code(
    words: str, name: str, place: str | None, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    with stream(name, place):
        assert main(words.split()) == code
    said = capfd.readouterr().err
    assert ("standard output: cannot be written: it is closed" in said) == (name == "stdout")
    if "out.json" in words:
        json.loads(Path("out.json").read_text())


@pytest.mark.parametrize(
    "words",
    [
        "train h.csv -o NAME.json --every 1 --steps 200 --learning-rate 1e-3",
        "grid h.csv --theta0 0:1:60 --theta1 0:1:60 -o NAME.csv",
        "grid h.csv --theta0 0:1:60 --theta1 0:1:60 -o NAME.npy",
        "grid h.csv --theta0 0:1:60 --theta1 0:1:60 -o NAME.parquet",
        "plot cost h.csv -o NAME.png",
        "plot cost h.csv -o NAME.pdf",
        "plot contour h.csv -o NAME.gif",
        "compare h.csv -o NAME.svg",
        "compare h.csv -o NAME.html",
        "explore h.csv -o NAME.html",
        "sample --rows 9000 -o NAME.csv",
        "sample --rows 9000 -o NAME.parquet",
        "predict h.csv --model m.json -o NAME.csv",
        "predict h.csv --model m.json -o NAME.json",
        f"{SLOW} --trace NAME.csv",
        f"{SLOW} --trace NAME.jsonl",
        f"{SLOW} --run NAME.run",
    ],
)
@pytest.mark.usefixtures("little_room")
def test_a_file_for_which_there_is_no_room_is_named_and_does_not_stay(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fitline.plots.pictures.FRAMES", 4)
    monkeypatch.setattr("fitline.plots.pictures.GIF_WIDTH", 400)
    monkeypatch.setattr("fitline.plots.look.DOTS", 40.0)
    typed = words.replace("NAME", "out").split()
    name = next(word for word in typed if word.startswith("out."))
    assert main(typed) == 1
    assert f"error: {name}: cannot be written: File too large" in capsys.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == ["h.csv", "m.json"]


COPIED = {
    "aligned with spaces": ("x  y\n" + "1  2\n2  5\n" * 2000).encode(),
    "comments among the rows": ("x,y\n" + "# c\n1,2\n2,5\n" * 2000).encode(),
    "another encoding": ("x,y\n" + "1,2\n2,5\n" * 2000).encode("utf-16"),
}


@pytest.mark.parametrize("table", COPIED)
@pytest.mark.parametrize(
    "words", ["train t.csv", "evaluate t.csv --theta 0,1", "predict t.csv --theta0 0 --theta1 1"]
)
def test_a_folder_with_no_room_for_a_copy_is_named(
    table: str, words: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("t.csv").write_bytes(COPIED[table])
    request.getfixturevalue("little_room")
    assert main(words.split()) == 1
    said = capsys.readouterr().err
    assert f"{tempfile.gettempdir()}: there is no room for a copy of the table" in said


NOWHERE = """
import resource, sys
from fitline.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # no file can be written, in no folder
for words in ("summary", "predict --theta 1,2", "train --cost huber", "summary --by kind",
              "train --x log(sqft) --holdout 0.2"):
    command, *options = words.split()
    assert main([command, "h.csv", *options, "-q"]) == 0, words
sys.exit(main(["summary", "-"]))
"""


def test_where_no_file_can_be_written_tables_are_read_nevertheless() -> None:
    rows = "".join(f"{x},{x % 7},{'ab'[x % 2]}\n" for x in range(1, 9000))
    Path("h.csv").write_text(f"sqft,price,kind\n{rows}")
    command = [sys.executable, "-B", "-c", NOWHERE]
    done = subprocess.run(command, input="1,2\n", capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("error: there is no folder for temporary files: ")
    assert "Traceback" not in done.stderr


def test_an_output_that_is_a_pipe_is_written_to() -> None:
    done = shell("fitline predict h.csv --model m.json --format json -o /dev/stdout | head -c 12")
    assert done.stdout == '{"schema": 1'
    assert done.stderr == ""


EACH = """
import sys
from fitline.cli import main
from fitline.cli.streams import open_streams

open_streams()
sys.exit(max(main(words.split()) for words in sys.argv[1:]))
"""
READ = ["train", "landscape", "evaluate --theta 0,1", "train --help-all"]


def test_what_the_encoding_of_a_terminal_does_not_have_is_shown_by_its_escape() -> None:
    Path("each.py").write_text(EACH)
    typed = " ".join([sys.executable, "each.py", *(f'"{words}"' for words in READ)])
    done = subprocess.run(
        ["bash", "-c", f"PYTHONIOENCODING=ascii script -qec '{typed}' /dev/null"],  # noqa: S607
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 0
    assert r"\u03b8" in done.stdout


@pytest.mark.parametrize(("words", "is_drawn"), [((), True), (("--no-chart",), False)])
def test_in_a_terminal_a_training_ends_with_its_excess_cost(
    words: tuple[str, ...], *, is_drawn: bool
) -> None:
    ours, theirs = pty.openpty()
    with stream("stdout", os.ttyname(theirs)):
        assert main(["train", "h.csv", "--quiet", *words]) == 0
    os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as terminal, suppress(OSError):  # there is no more
        shown = b""
        while piece := terminal.read(65_536):
            shown += piece
    assert ("the excess cost from step 0 to " in shown.decode()) == is_drawn


def test_elsewhere_it_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "h.csv"]) == 0
    assert "from step 0" not in capsys.readouterr().out


def test_another_encoding_of_a_terminal_is_kept_too(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "latin-1"))
    with stream("stdout", os.ttyname(theirs)):
        assert main(["train", "h.csv"]) == 0
    assert rb"\u03b8" in os.read(ours, 65_536)
    os.close(ours)
    os.close(theirs)


def test_what_is_no_terminal_is_given_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    with stream("stdout", "shown.txt"):
        assert main(["train", "h.csv"]) == 0
    shown = Path("shown.txt").read_bytes().decode()
    assert "θ" in shown
    assert r"\u03b8" not in shown
