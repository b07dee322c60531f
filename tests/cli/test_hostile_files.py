"""Hostile files in every command: an answer or a sentence, in time, and never a traceback."""

import csv
import gzip
import io
import json
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fitline.cli import app
from fitline.optimize import exact_sums

NUMBERS = b"x,y\n1,2\n2,5\n3,7\n"
PARQUET = b"PAR1" + b"\x15\x00" * 20 + b"\xff\xff\xff\x7fPAR1"

FILES = {
    "empty.csv": b"",
    "blank.csv": b"\n \n\t\n",
    "mark.csv": b"\xef\xbb\xbf",
    "header.csv": b"x,y\n",
    "one_row.csv": b"x,y\n1,2\n",
    "one_column.csv": b"x\n1\n2\n",
    "no_end.csv": b"x,y\n1,2\n2,5",
    "quotes.csv": b'x,y\n"1,2\n2,5\n',
    "quote_inside.csv": b'x,y\n1"2,3\n"1"2,5\n4,5\n',
    "delimiters.csv": b",,,,\n,,,,\n,,,,\n",
    "twice.csv": b"x,x\n1,2\n2,5\n",
    "no_names.csv": b",\n1,2\n2,5\n",
    "wide.csv": b",".join(b"c%d" % n for n in range(2000)) + b"\n" + b",".join([b"1"] * 2000),
    "long_name.csv": b"x" * 100_000 + b",y\n1,2\n2,5\n",
    "long_cell.csv": b"x,y\n" + b"1" * 100_000 + b",2\n2,5\n3,7\n",
    "nul.csv": b"x,y\n1,\x002\n2,5\n3,7\n",
    "binary.csv": bytes(range(256)) * 20,
    "latin.csv": "größe,y\n1,2\n2,5\n".encode("latin-1"),
    "utf_16.csv": "x,y\n1,2\n2,5\n".encode("utf-16"),
    "ends.csv": b"x,y\r\n1,2\n2,5\r3,7\r\n",
    "constant.csv": b"x,y\n1,2\n1,5\n1,7\n",
    "flat.csv": b"x,y\n1,2\n2,2\n3,2\n",
    "line.csv": b"x,y\n1,2\n2,4\n3,6\n",
    "large.csv": b"x,y\n1e300,-1e308\n-1e300,1e308\n1e308,-1e300\n",
    "larger.csv": b"x,y\n1e400,2\n2,1e999\n3,7\n",
    "small.csv": b"x,y\n1e-200,5e-324\n2e-200,1e-323\n3e-200,2e-323\n",
    "both.csv": b"x,y\n1e-300,1e300\n1e300,1e-300\n0,0\n",
    "near.csv": b"x,y\n1,1\n1.0000000000000002,2\n1.0000000000000004,4\n",
    "far.csv": b"x,y\n1e15,1\n1000000000000001,2\n1000000000000002,4\n",
    "nan.csv": b"x,y\nnan,inf\n-inf,NaN\n1,2\n2,5\n",
    "formulas.csv": b"x,y\n=1+1,2\n@SUM(A1),5\n3,7\n",
    "sql.csv": b'"x\'); drop table t; --",y\n1,2\n2,5\n3,7\n',
    "title.csv": b"a title\n\n# a comment\nx;y\n1,5;2\n2,5;5\n",
    "array.json": b'[{"x":1,"y":2},{"x":2,"y":5}]',
    "deep.jsonl": b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b',"y":1}\n{"x":1,"y":2}\n',
    "digits.jsonl": b'{"x":' + b"9" * 5_000 + b',"y":1}\n{"x":1,"y":2}\n{"x":2,"y":3}\n',
    "half.jsonl": b'{"x":1,"y":2}\n{"x":2,"y":\n{"x":3,"y":5}\n{"x":4,"y":7}\n',
    "surrogate.jsonl": b'{"x\\ud800":1,"y":2}\n{"x\\ud800":2,"y":5}\n',
    "other.jsonl": b"1\nnull\n[]\n{}\n",
    "cut.parquet": PARQUET,
    "mark.parquet": b"PAR1",
    "cut.csv.gz": gzip.compress(NUMBERS, mtime=0)[:-9],
    "damaged.csv.gz": gzip.compress(NUMBERS * 9, mtime=0)[:20] + b"\xff" * 30,
    "nested.csv.gz": gzip.compress(gzip.compress(NUMBERS, mtime=0), mtime=0),
    "cut.csv.zst": b"\x28\xb5\x2f\xfd\x04\x00",
    "archive.zip": b"PK\x03\x04" + b"\0" * 60,
}

SUMMED = [
    *("train --steps 9", "evaluate --theta 1,2", "grid --theta0 0:1:2 --theta1 0:1:2"),
    *("train --scaling none --steps 3", "rates --steps 20", "train --line-search --steps 3"),
    *("landscape --path", "compare --learning-rate 0.1,0.2 --steps 9"),
    *("train --run run --steps 3", "train --scaling minmax --every 1 --steps 3"),
    "evaluate --model MODEL --minimum",
]
KEPT = [
    *("train --cost huber --steps 20", "explore -o out.html", "train --batch-size 2 --steps 3"),
    *("train --optimizer adam --steps 3 --explain 1", "landscape --cost absolute --along 0"),
    *("train --cost absolute --steps 20 --starts 2", "train --cost cauchy --steps 20"),
]
PASSED_ON = [f"predict --theta0 1 --theta1 2{more}" for more in ("", " -o out.parquet")]
COMMANDS = [SUMMED, KEPT, PASSED_ON]
"""By what is done with the rows; each file is given one of each, and another file the next."""

SECONDS = 20
EXITS = {0, 1, 2, 3, 4, 130}
NO_NUMBER = re.compile(r"(?<![\w-])-?(inf|nan|infinity)(?![\w-])", re.IGNORECASE)


def too_long(*_: Any) -> None:
    raise TimeoutError


@pytest.mark.skipif(sys.platform == "win32", reason="there are no alarms")
@pytest.mark.parametrize(("nth", "name"), list(enumerate(FILES)))
def test_a_file_is_read_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(exact_sums, "CUT_AT_ONCE", 1024)
    Path(name).write_bytes(FILES[name])
    model = {"schema": 1, "model": {"x": ["x"], "y": "y", "theta": [1.0, 2.0]}}
    Path("MODEL").write_text(json.dumps(model))
    for commands in COMMANDS:
        words = commands[nth % len(commands)]
        command, *options = words.split()
        before = signal.signal(signal.SIGALRM, too_long)
        signal.alarm(SECONDS)
        try:
            done = CliRunner().invoke(app, [command, name, *options])
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)
        if isinstance(done.exception, Exception):
            done.exception.add_note(words)
            raise done.exception
        told = done.stderr.startswith(("error: ", "note: ", "warning: "))
        assert done.exit_code in EXITS, words
        assert done.exit_code in {0, 4} or told, words
        assert not re.search(r"Traceback|Warning:", done.stderr), words
        if name != "nan.csv":
            assert not NO_NUMBER.search(done.stdout), words
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert Path(name).read_bytes() == FILES[name]


@pytest.mark.parametrize("mark", ["\r", "\n", "\r\n", ",", '"', "\x0b", "\u2028"])
def test_what_predict_writes_is_read_again_as_the_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    monkeypatch.chdir(tmp_path)
    cells = [["x", f"a{mark}b", ""], ["1", f"{mark}7", "c"], ["2", mark, ""]]
    with Path("in.csv").open("w", newline="") as stream:
        csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(cells)
    words = ["predict", "in.csv", "--x", "x", "--theta0", "1", "--theta1", "2"]
    printed, written = (CliRunner().invoke(app, [*words, *more]) for more in ([], ["-o", "o.csv"]))
    assert (printed.exit_code, printed.stderr) == (written.exit_code, written.stderr) == (0, "")
    assert Path("o.csv").read_bytes() == printed.stdout_bytes
    found = list(csv.reader(io.StringIO(printed.stdout_bytes.decode(), newline="")))
    assert [row[:3] for row in found] == cells
    again = CliRunner().invoke(app, ["train", "o.csv", "--x", "x", "--y", "prediction", "-q"])
    assert again.exit_code == 0


def test_zero_bytes_behind_gzip_are_refused_with_what_unpacks_it(write: Any) -> None:
    path = write(gzip.compress(NUMBERS, mtime=0) + bytes(512), "t.csv.gz")
    done = CliRunner().invoke(app, ["train", path])
    assert done.exit_code == 1
    assert f"unpack it first: python3 -m gzip -d < {path} > unpacked" in done.stderr


@pytest.mark.parametrize(
    ("start", "command"),
    [
        (gzip.compress(NUMBERS, mtime=0) + bytes(512), "python3 -m gzip -d"),
        (b"PK\x03\x04", "funzip"),
        (b"\xfd7zXZ\x00", "unxz"),
        (b"BZh9", "bunzip2"),
    ],
)
def test_what_comes_through_a_pipe_is_unpacked_on_the_way(start: bytes, command: str) -> None:
    done = CliRunner().invoke(app, ["train", "-"], input=start)
    assert done.exit_code == 1
    assert f"hint: unpack it on the way: … | {command} | fitline …" in done.stderr


@pytest.mark.parametrize("encoding", ["idna", "base64", "undefined"])
def test_an_encoding_that_reads_no_file_is_refused_in_plain_words(
    write: Any, encoding: str
) -> None:
    done = CliRunner().invoke(app, ["train", write(NUMBERS), "--encoding", encoding])
    assert done.exit_code in {1, 2}
    assert encoding in done.stderr
    assert "latin-1" in done.stderr
    assert "error handling" not in done.stderr
