"""Places where no file can be, or none whose name is text: an answer or a sentence, everywhere."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from fitline.cli import main

TABLE = "x,y\n1,2\n2,5\n3,6\n"
GONE = "error: the working folder is not there any more\nhint: cd to a folder that is there\n"

Call = Callable[[Sequence[str]], Any]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    (folder / "t.csv").write_text(TABLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["train", "t.csv", "--run", "run", "--steps", "3"]) == 0
    return folder


@pytest.fixture
def call(
    saved: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Call:
    """Run fitline in a folder with a table and a saved run; give its exit code and what it says.

    What it ends in is an answer or a sentence, and never an exception.
    """
    shutil.copytree(saved, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    def call(words: Sequence[str]) -> tuple[int, str]:
        capsys.readouterr()
        code = main([*words])
        errors = capsys.readouterr().err
        assert code == 0 or re.match("(note: .*\n)*error: ", errors), (words, errors)
        errors.encode()
        return code, errors

    return call


# Where the working folder was removed

UNAFFECTED = {
    *("train", "evaluate --theta 1,2", "grid", "rates --steps 3", "compare --steps 3"),
    *("landscape", "train {0}/t.csv --steps 3"),
    *("train --steps 3 --run {0}/new", "train -o {0}/new.json", "show {0}/run"),
}
AFFECTED = {
    *("train t.csv", "train t.csv --save m.json", "train 't*.csv'", "train -o new.json"),
    *("train --save m.json", "train --trace new.csv", "train --rejects new.csv"),
    *("train t.csv --run new", "explore t.csv -o new.html", "compare t.csv", "rates t.csv"),
    *(
        "predict 5 --theta0 1 --theta1 2",
        "predict a*.csv --theta0 1 --theta1 2",
        "landscape t.csv",
        "plot line -o new.svg",
    ),
    *(
        "sample -o new.csv",
        "sample -o new.parquet",
        "grid -o new.npy",
        "evaluate t.csv --theta 1,2",
    ),
    *("show {0}/run -o new.csv", "resume {0}/run -o new.csv --steps 9"),
}
SAID_OTHERWISE = {
    *("train -c c.yaml", "train --run new", "show run", "resume run", "compare --run run"),
    *("predict 5 --model m.json", "evaluate --model m.json", "t.csv"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="the working folder cannot be removed")
@pytest.mark.parametrize("words", sorted(UNAFFECTED | AFFECTED | SAID_OTHERWISE))
def test_without_a_working_folder_a_command_says_so_or_does_without(
    call: Call, tmp_path: Path, words: str
) -> None:
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    code, errors = call(words.replace("'", "").format(tmp_path).split())
    if words in UNAFFECTED:
        assert code == 0
    elif words in AFFECTED:
        assert (code, errors[-len(GONE) :]) == (1, GONE)
    else:
        assert code in {1, 2}


# Paths that no file can have

IMPOSSIBLE = [
    "a\0b.csv",
    "a\0*/b.csv",
    "a\0/*.csv",
    "a*\0.csv",
    "\ud800.csv",
    "\ud800*/b.csv",
    "x/\udc00.json",
]

WHEREVER = [
    *("train {}", "train -c {}", "train --save {}", "train -o {} --format csv", "train --run {}"),
    *("train --rejects {}", "show {}", "resume {}", "resume run {} --steps 9", "compare --run {}"),
    *("evaluate --model {}", "predict {} --theta0 1 --theta1 2", "predict 5 --model {}", "{}"),
    *("explore -o {}.html", "sample -o {}.csv --rows 3", "sample -o {}.parquet --rows 3"),
    *(
        "grid -o {}.npy",
        "landscape {}",
        "plot line -o {}.svg",
        "rates -c {}",
        "train --trace {}.csv",
    ),
    *("show run -o {} --format csv", "evaluate {} --theta 1,2", "compare -c {}"),
]


@pytest.mark.parametrize("words", WHEREVER)
def test_a_path_that_no_file_can_have_is_refused(call: Call, words: str) -> None:
    for path in IMPOSSIBLE:
        code, errors = call([word.format(path) for word in words.split()])
        assert code in {1, 2}, (path, errors)


@pytest.mark.parametrize("path", IMPOSSIBLE)
def test_a_configuration_that_names_such_a_table_is_refused(call: Call, path: str) -> None:
    Path("c.yaml").write_text(f"data: {json.dumps(path)}\n")
    commands = (
        "train",
        "compare",
        "landscape",
        "rates",
        "explore -o p.html",
        "plot line -o p.svg",
    )
    for command in (*commands, "grid", "evaluate --theta 1,2"):
        assert call([*command.split(), "-c", "c.yaml"])[0] in {1, 2}


@pytest.mark.parametrize("path", IMPOSSIBLE)
def test_a_saved_run_of_such_a_table_is_refused(call: Call, path: str) -> None:
    document = json.loads(Path("run/run.json").read_text())
    document["data"]["files"] = [path]
    Path("run/run.json").write_text(json.dumps(document))
    Path("run/result.json").unlink()
    for words in ("show run", "resume run", "resume run --steps 9", "compare --run run"):
        assert call(words.split())[0] == 1


# Names whose bytes are no text

BYTES = os.fsdecode(b"\xff")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="all names are text there")
def test_a_name_whose_bytes_are_no_text_does_for_every_file(call: Call) -> None:
    """All that one command writes is read by the next ones, and named in every format."""
    table, folder, model, config = (f"{BYTES}.{end}" for end in ("csv", "run", "json", "yaml"))
    Path(table).write_text(TABLE + "4,b\n")
    Path(config).write_text("steps: 9\n")
    skip = ["--bad-rows", "skip"]
    written = ["--save", model, "--rejects", f"{BYTES}r.csv", "--trace", f"{BYTES}t.csv"]
    begun = ["train", table, "--steps", "3", *skip, "--run", folder, "--every", "1", *written]
    assert call(begun)[0] == 0
    assert call(["resume", folder, "--steps", "9", "-o", f"{BYTES}.md"])[0] == 0
    assert call(["show", folder, "-o", f"{BYTES}.html.json"])[0] == 0
    saved = ["compare", "--run", folder, "--run", "run"]
    configured = ["compare", "t.csv", "-c", config, "-c", config]
    evaluated = ["evaluate", "t.csv", "--model", model, "--model", model]
    for words, endings in (
        (saved, ("csv", "md", "svg")),
        (configured, ("json", "txt", "html")),
        (evaluated, ("csv", "json", "md", "txt")),
    ):
        for ending in endings:
            assert call([*words, "-o", f"{BYTES}o.{ending}"])[0] == 0
    for ending in ("csv", "parquet", "json"):
        output = ["-o", f"{BYTES}p.{ending}"]
        assert call(["predict", table, "--model", model, *skip, *output])[0] == 0
        assert (
            call(["sample", "--rows", "3", "-o", f"{BYTES}s.{ending.replace('on', 'onl')}"])[0]
            == 0
        )
    Path(table).unlink()
    assert (
        "the table of this run is no longer here" in call(["resume", folder, "--steps", "20"])[1]
    )


# Links


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_itself_is_refused_as_an_input_and_as_an_output(call: Call) -> None:
    for name in ("loop.csv", "loop.yaml", "loop"):
        Path(name).symlink_to(name)
    for words in (
        *("train loop.csv", "train -c loop.yaml", "train --run loop", "train loop/*.csv"),
        *("show loop", "resume loop", "compare --run loop", "train -o loop/r.json"),
        *("evaluate --model loop.csv", "train --run loop/run"),
    ):
        assert call(words.split())[0] in {1, 2}, words
    for flag in ("-o", "--trace", "--rejects"):
        assert call(["train", "--steps", "3", flag, "loop.csv"])[0] == 1
        assert Path("loop.csv").is_symlink()
