"""Every option of every command with odd values: an answer or a sentence, never a traceback."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fitline import cli
from fitline.cli import commands, main
from fitline.plots import loading

ODD = [
    *("", "  ", "nan", "inf", "-inf", "1e308", "1e-320", "-1", "0", f"1{30 * '0'}", "a[/b]"),
    *("../x", "\x1b[31m", "é" * 5000, "−5", "１２", "0x10", "1_000", "1e300,1e308", "0:1e308:3"),
]
SOME = 2
"""So many values are tried for an option of a command; another command tries the next ones."""

TRAINING = ["t.csv", "--steps", "3"]
BASE = {
    "train": TRAINING,
    "resume": ["run"],
    "show": ["run"],
    "evaluate": ["t.csv", "--theta", "1,2"],
    "summary": ["t.csv"],
    "predict": ["t.csv", "--theta0", "1", "--theta1", "2"],
    "grid": ["t.csv", "--theta0", "0:1:2", "--theta1", "0:1:2"],
    "landscape": TRAINING,
    "plot": ["cost", *TRAINING, "-o", "p.svg"],
    "explore": [*TRAINING, "-o", "p.html"],
    "rates": TRAINING,
    "compare": TRAINING,
    "sample": ["-o", "s.csv", "--rows", "9"],
    "lesson": ["line"],
}
COMMANDS: Any = {name: commands().get_command(None, name) for name in cli.COMMANDS}
EXITS = {0, 1, 2, 3, 4, 130}
NO_NUMBER = re.compile(r"(?<![a-z])(inf|nan|infinity)(?![a-z])", re.IGNORECASE)


def calls(command: str) -> Iterator[list[str]]:
    """Give odd calls of a command, one option at a time; a flag by one of its names in turn."""
    nth = list(COMMANDS).index(command)
    turn = SOME * nth
    for parameter in COMMANDS[command].params:
        first = turn + sum(parameter.name.encode())
        values = [ODD[place % len(ODD)] for place in range(first, first + SOME)]
        if parameter.param_type_name == "argument":
            yield from ([value, *BASE[command][1:]] for value in values)
        elif parameter.is_flag:
            names = [*parameter.opts, *parameter.secondary_opts]
            if names[0] != "--help-all":
                yield [*BASE[command], names[nth % len(names)]]
        else:
            yield from ([*BASE[command], parameter.opts[0], value] for value in values)


def test_every_command_is_tried() -> None:
    assert COMMANDS.keys() == BASE.keys()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a table and a saved run."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "t.csv").write_text("sqft,price\n1,2\n2,3\n3,5\n4,4\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["train", *TRAINING, "--run", "run"]) == 0
    return folder


@pytest.mark.parametrize("command", BASE)
def test_odd_values_end_in_an_answer_or_a_sentence(
    command: str,
    saved: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(shutil.copytree(saved, tmp_path / "a" / "b"))
    monkeypatch.setattr(loading, "write_picture", lambda _, scene, *__: scene.descent)
    for words in calls(command):
        capsys.readouterr()
        told = f"fitline {command} {' '.join(words)[:200]}"
        try:
            code = main([command, *words])
        except BaseException as error:
            raise AssertionError(told) from error
        output, errors = capsys.readouterr()
        told += f"\n{errors[:500]}"
        assert code in EXITS, told
        assert code in {0, 3, 4} or errors.startswith(("error: ", "note: ")), told
        assert not NO_NUMBER.search(output), told
        assert "Traceback" not in errors, told
        assert "Warning" not in errors, told
