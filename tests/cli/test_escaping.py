"""Nothing in a table, a file or a name controls a terminal or a page, in any command or format."""

import csv
import io
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fitline.cli import app, main
from fitline.cli.streams import open_streams

pty = pytest.importorskip("pty", reason="there are no terminals of this kind here")

EVIL = "s\x1b[31mq\x1b]0;mine\x07f\x9bt\u202e1\u2066\r\n\x7f"
"""Colours, a window's title, an override of direction, and lines of its own."""

X, Y = f"x{EVIL}", f"y{EVIL}|`<img src=x>[a](b)"
FOLDER, TABLE = f"run{EVIL}", f"t{EVIL}.csv"

COMMANDS = [
    *(["train", TABLE], ["train", TABLE, "--explain", "1"], ["train", TABLE, "--starts", "2"]),
    *(["evaluate", TABLE, "--theta", "1,2"], ["evaluate", "--model", f"{FOLDER}/model.json"]),
    *(["predict", "1", "--model", f"{FOLDER}/model.json"], ["predict", TABLE, "--theta0", "0"]),
    ["predict", TABLE, "--theta0", "0", "--theta1", "1"],
    ["grid", TABLE, "--theta0", "0:1:2", "--theta1", "0:1:2"],
    *(["landscape", TABLE], ["landscape", TABLE, "--path"], ["landscape", TABLE, "--along", "1"]),
    *(["rates", TABLE, "--steps", "20"], ["compare", TABLE, "--learning-rate", "0.1,0.2"]),
    *(["compare", FOLDER], ["show", FOLDER], ["resume", FOLDER], ["summary", TABLE]),
    *(["evaluate", TABLE, "--model", "log.json"], ["predict", "1", "--model", "log.json"]),
]
WRONG = [
    *(["train", f"no{EVIL}.csv"], ["train", TABLE, "--x", f"no{EVIL}"], ["train", "bad.csv"]),
    *(["train", "bad.csv", "--format", "csv"], ["train", TABLE, "-c", "c.yaml"]),
    *(["train", TABLE, "-c", f"no{EVIL}.yaml"], ["train", TABLE, f"--no{EVIL}"], [f"no{EVIL}"]),
    *(["predict", f"no{EVIL}", "--theta0", "0", "--theta1", "1"], ["show", f"no{EVIL}"]),
    *(["predict", "1", "--model", TABLE], ["train", TABLE, "-o", f"no{EVIL}/r.json"]),
    *(["train", TABLE, "--learning-rate", EVIL], ["train", TABLE, "--date-format", EVIL]),
    *(["train", TABLE, "--delimiter", EVIL], ["train", TABLE, "--encoding", EVIL]),
    *(["grid", TABLE, "--theta0", EVIL], ["train", TABLE, "--run", FOLDER]),
]


@pytest.fixture(scope="module", autouse=True)
def _in_a_folder_of_evil_names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("evil"))
        with Path(TABLE).open("w", newline="") as stream:
            csv.writer(stream).writerows([(X, Y), (1, 2), (2, 4.5), (3, 6)])
        Path("bad.csv").write_text(f"x,y\n1,2\n2,5\n3,{EVIL.rstrip()[:-3]}\n{EVIL[:9]},4\n")
        Path("c.yaml").write_text(json.dumps({"cost": EVIL, f"co{EVIL}": 1, "optimizer": EVIL}))
        assert call("train", TABLE, "--run", FOLDER, "--steps", "3", "--quiet").exit_code == 0
        log = f"log(`{Y.replace('`', '``')}`)"
        saved = call("train", TABLE, "--x", "@1", "--y", log, "--save", "log.json", "--quiet")
        assert saved.exit_code == 0
        yield


def call(*words: str) -> Result:
    """Call fitline in this process."""
    return CliRunner().invoke(app, words)


def hidden(text: str, allowed: str = "\n") -> list[str]:
    """Give the characters that must not reach a reader as they are."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return [c for c in text if unicodedata.category(c) in kinds and c not in allowed]


@pytest.mark.parametrize("format_", ["table", "markdown", "json", "csv"])
def test_every_result_is_safe_to_read(format_: str) -> None:
    for words in COMMANDS:
        done = call(*words, "--format", format_)
        assert not isinstance(done.exception, Exception), words
        assert not hidden(done.stderr), words
        if format_ != "csv":
            assert not hidden(done.stdout), words
        if format_ == "markdown":
            assert "<img" not in done.stdout.replace(r"\<img", ""), words
            assert not re.search(r"(?<!\\)\[a\]\(", done.stdout), words


def test_programs_are_given_the_very_names() -> None:
    document = json.loads(call("train", TABLE, "--format", "json").stdout)
    assert (document["data"]["x"], document["data"]["y"]) == ([X], Y)
    done = call("predict", TABLE, "--theta0", "0", "--theta1", "1")
    header, *_ = csv.reader(io.StringIO(done.stdout_bytes.decode(), newline=""))
    assert header == [X, Y, "prediction"]


@pytest.mark.parametrize("format_", ["table", "json"])
def test_every_message_is_safe_to_read(format_: str) -> None:
    for words in WRONG:
        done = call(*words, "--format", format_)
        assert not isinstance(done.exception, Exception), words
        assert done.stderr, words
        assert not hidden(done.stderr), words
        if format_ == "table":
            assert "\\x1b" in done.stderr, words


LESSON = re.compile('<script type="application/json" id="lesson">(.*?)</script>', re.DOTALL)


def texts_of(value: Any) -> Iterator[str]:
    """Give every text in a document, the keys apart."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_of(part)


@pytest.mark.parametrize("words", ["explore", "compare --learning-rate 0.1,0.2", "compare --run"])
def test_a_page_has_no_name_that_hides(words: str) -> None:
    folder = [FOLDER] if words.endswith("--run") else []
    assert call(*words.split(), *folder, TABLE, "-o", "p.html", "--quiet").exit_code == 0
    text = Path("p.html").read_text()
    assert not hidden(text)
    assert not hidden("".join(texts_of(json.loads(LESSON.findall(text)[0]))))


@pytest.mark.parametrize(
    "words",
    [
        *("train", "landscape", "compare --learning-rate 0.1,0.2", "train --format csv"),
        *("predict --theta 0,1", "train --format json", "evaluate --theta 1,2"),
    ],
)
def test_a_terminal_is_sent_nothing_but_colours_and_a_progress_line(words: str) -> None:
    command, *more = words.split()
    shown = in_terminal(command, TABLE, *more)
    own = re.compile(r"\x1b\[(\?25[hl]|[\d;]*[mAK])")
    assert "\\x1b" in shown or "\\u001b" in shown
    assert own.search(shown) or more
    assert not hidden(own.sub("", shown), "\r\n")


def in_terminal(*words: str) -> str:
    """Run fitline in a terminal, and give all that it is sent."""
    ours, theirs = pty.openpty()
    kept = {number: os.dup(number) for number in (1, 2)}
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as reader:
        sent = reader.submit(read_to_the_end, ours)
        for name, value in {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}.items():
            patch.setenv(name, value)
        patch.delenv("NO_COLOR", raising=False)
        patch.setattr(sys, "stdout", sys.stdout)
        patch.setattr(sys, "stderr", sys.stderr)
        for number in kept:
            os.dup2(theirs, number)
        os.close(theirs)
        open_streams()
        try:
            code = main([*words])
        finally:
            for number, place in kept.items():
                os.dup2(place, number)
                os.close(place)
        assert code == 0
        return sent.result().decode()


@pytest.mark.parametrize(
    "words",
    [
        ["predict", TABLE, "--theta", "0,1", "-o"],
        ["predict", TABLE, "--theta", "0,1", "--format", "csv", "-o"],
        ["summary", TABLE, "--format", "csv", "-o"],
        ["train", "bad.csv", "--bad-rows", "skip", "--quiet", "-o", "r.txt", "--rejects"],
    ],
)
def test_a_terminal_that_is_named_is_sent_no_more_than_one_that_is_not(words: list[str]) -> None:
    ours, theirs = pty.openpty()
    with ThreadPoolExecutor(1) as reader:
        sent = reader.submit(read_to_the_end, ours)
        try:
            assert main([*words, os.ttyname(theirs)]) == 0
        finally:
            os.close(theirs)
        shown = sent.result().decode()
    assert "\\x1b" in shown
    assert not hidden(shown, "\r\n")


def read_to_the_end(terminal: int) -> bytes:
    pieces = []
    with suppress(OSError):  # the other end is closed
        while piece := os.read(terminal, 65_536):
            pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces)
