"""Cells that go on in the next line: the engine, which begins in many places, splits none."""

import csv
import gzip
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from fitline.data import Reading, delimited, long_lines, open_table, table_file
from fitline.data.predictions import Predictions
from fitline.errors import DataError

Write = Callable[..., str]

BUFFERS = ", max_line_size=2000, buffer_size=20000"
"""Small ones, for which a small table is a large one."""

NOTES: dict[str, Callable[[random.Random], str]] = {
    "one line end": lambda _: ",7\n5,",
    "rows": lambda draw: "\n".join(["5,6,7"] * draw.randrange(100)),
    "quotes": lambda draw: "\n".join(draw.choice(['a "b" c', "5,6,7", "", '","']) for _ in "abcd"),
    "some": lambda draw: draw.choice(["plain"] * 30 + ["5,6,7\n5,6,7"]),
}


@pytest.fixture(autouse=True)
def _small_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "ONE_BUFFER", 10_000)
    for care, how in delimited.BROKEN.items():
        monkeypatch.setitem(delimited.BROKEN, care, how + BUFFERS * (care != "head"))


ROWS = 1000


def table(note: str, end: str, rows: int = ROWS) -> str:
    """Write rows of y = 2x + 1 with a note between the two."""
    draw = random.Random(0)  # noqa: S311 - a sample is no secret
    text = io.StringIO()
    written = csv.writer(text, lineterminator=end)
    written.writerow(["x", "note", "y"])
    written.writerows([nth % 97, NOTES[note](draw), 2 * (nth % 97) + 1] for nth in range(rows))
    return text.getvalue()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("packed", [bytes, gzip.compress])
@pytest.mark.parametrize("note", NOTES)
def test_every_row_is_read_as_it_stands(
    write: Write, note: str, packed: Callable[[bytes], bytes], end: str
) -> None:
    path = write(packed(table(note, end).encode()))
    for bad_rows in ("fail", "skip"):
        with open_table(path, "x", "y", Reading(bad_rows=bad_rows)) as found:
            moments = found.moments()
            assert (moments.rows, found.skipped) == (ROWS, 0)
            assert moments.fit.theta.tolist() == [1, 2]
            assert moments.fit.floor == 0


@pytest.mark.parametrize("last", ['"', ',"', '", \n ', '"\n\n\n', '1,2,"3', '",2,3', '"",",5\n'])
@pytest.mark.parametrize("bad_rows", ["fail", "skip"])
def test_a_last_row_without_an_end_is_refused(
    write: Write, refused: Callable[..., DataError], last: str, bad_rows: str
) -> None:
    text = table("rows", "\n", rows=400)
    for end in ("", "\n"):
        error = refused(write(f"{text}{last}{end}"), "x", "y", bad_rows=bad_rows)
        assert "the quotes do not match" in error.message
        assert error.line == text.count("\n") + 1


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("small", [10, 1 << 30])
def test_every_row_is_copied_as_it_stands(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: str, small: int
) -> None:
    """A large file is surveyed only while it is read."""
    monkeypatch.setattr(table_file, "SMALL", small)
    monkeypatch.setattr(long_lines, "LOOK_LINES", 1)
    text = table(note, "\n")
    with open_table(write(text), "x", to_predict=True) as found:
        Predictions(found, [1.0, 2.0]).write(str(tmp_path / "out.csv"))
    with (tmp_path / "out.csv").open(newline="") as stream:
        (_, *copied), (_, *rows) = csv.reader(stream), csv.reader(io.StringIO(text))
    assert copied == [[*row, f"{float(row[2])}"] for row in rows]
