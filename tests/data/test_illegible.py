"""Bytes that are no text in the encoding of a file: their rows are bad, whatever reads them."""

import csv
import gzip
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from fitline.data import Reading, open_table
from fitline.data.predictions import Predictions
from fitline.data.summing import read_groups
from fitline.errors import DataError

Write = Callable[..., str]

GOOD = [(name, row, row % 3 + (name == "b")) for row in range(20) for name in "ab"]
BAD = [(b"\xe9", 1, 10), (b"\xe9", 2, 11), (b"\xe8", 3, 90), (b"\xe8t\xe9", 4, 91)]
TOGETHER = [("ascii", "é"), ("iso8859-3", "å"), ("iso2022_jp", "é"), ("hz", "é"), ("utf-7", "é")]
LINES = [len(GOOD) + 2 + nth for nth in range(len(BAD))]

READINGS = [
    Reading(),
    Reading(encoding="utf-8"),
    Reading(encoding="ascii"),
    Reading(encoding="big5"),
    Reading(comment="#"),
    Reading(delimiter=","),
]


def table(columns: str = "k,x,y") -> bytes:
    """Write a table with columns of these names, of which n is 0 everywhere."""
    rows = [*((name.encode(), x, y) for name, x, y in GOOD), *BAD]
    lines = [columns.encode()]
    for name, x, y in rows:
        cells = {"k": name, "x": b"%d" % x, "y": b"%d" % y, "n": b"0"}
        lines.append(b",".join(cells[column] for column in columns.split(",")))
    return b"\n".join(lines) + b"\n"


def read(path: str, rejects: Path, x: str, reading: Reading, **more: Any) -> Any:
    own = {name: getattr(reading, name) for name in ("encoding", "comment", "delimiter")}
    return open_table(path, x, "y", Reading(**own, bad_rows="skip"), rejects=rejects, **more)


def listed(rejects: Path) -> list[int]:
    with rejects.open(newline="", encoding="utf-8") as stream:
        return [int(row["line"]) for row in csv.DictReader(stream)]


@pytest.mark.parametrize(
    ("reading", "columns", "packed"),
    [
        (reading, columns, (bytes, gzip.compress)[(nth + place) % 2])
        for nth, reading in enumerate(READINGS)
        for place, columns in enumerate(["k,y", "k,n,y"])
    ],
)
def test_levels_are_not_taken_for_one_another(
    write: Write, tmp_path: Path, reading: Reading, columns: str, packed: Callable[[bytes], bytes]
) -> None:
    path = write(packed(table(columns)))
    with pytest.raises(DataError, match=r"4 rows cannot be used") as caught:
        open_table(path, "k", "y", reading).moments()
    assert f"line {LINES[0]}: k is '\ufffd', not one of the levels 'a', 'b' (not UTF-8" in str(
        caught.value
    )
    with read(path, tmp_path / "bad.csv", "k", reading) as found:
        moments = found.moments()
        assert found.columns == ("k=b", "y")
        assert (moments.rows, found.skipped) == (len(GOOD), len(BAD))
    assert listed(tmp_path / "bad.csv") == LINES


@pytest.mark.parametrize(
    ("reading", "columns"), [*zip(READINGS, cycle(["k,x,y", "k,x,n,y"]), strict=False)]
)
def test_groups_are_not_taken_for_one_another(
    write: Write, tmp_path: Path, reading: Reading, columns: str
) -> None:
    path = write(table(columns))
    with (
        pytest.raises(DataError, match="4 rows cannot be used"),
        open_table(path, "x", "y", reading, by="k") as refused,
    ):
        read_groups(refused, None, intercept=True)
    with read(path, tmp_path / "bad.csv", "x", reading, by="k") as found:
        _, groups = read_groups(found, None, intercept=True)
        assert found.grouping is not None
        assert list(found.grouping.names) == ["a", "b"]
        assert ([rows for rows, _ in groups], found.skipped) == ([20, 20], len(BAD))
    assert listed(tmp_path / "bad.csv") == LINES


@pytest.mark.parametrize(
    ("reading", "ending"), [*zip(READINGS, cycle(["csv", "parquet"]), strict=False)]
)
def test_no_cell_is_written_that_is_not_the_one_that_was_read(
    write: Write, tmp_path: Path, reading: Reading, ending: str
) -> None:
    path, output = write(table("k,x,y")), tmp_path / f"out.{ending}"
    with (
        pytest.raises(DataError, match="the row is not UTF-8 text"),
        open_table(path, "x", None, reading, to_predict=True) as refused,
    ):
        Predictions(refused, [0, 1]).write(output)
    assert not output.exists()
    own = {name: getattr(reading, name) for name in ("encoding", "comment", "delimiter")}
    kept = Reading(**own, bad_rows="skip")
    with open_table(path, "x", None, kept, to_predict=True, rejects=tmp_path / "bad.csv") as found:
        names = [row[0] for row in Predictions(found, [0, 1]).rows()]
    assert names == [name for name, *_ in GOOD]
    assert listed(tmp_path / "bad.csv") == LINES


def test_a_replacement_character_in_the_file_is_text_but_tells_no_level(
    write: Write, tmp_path: Path
) -> None:
    rows = [f"{row},{'ab'[row % 2]},{row % 5}" for row in range(20)]
    path = write("\n".join(["x,k,y", *rows, "foo,a,4", "9,\ufffd,5"]))
    reading, bad = Reading(bad_rows="skip"), tmp_path / "bad.csv"
    with open_table(path, "x", None, reading, to_predict=True, rejects=bad) as found:
        names = [row[1] for row in Predictions(found, [0, 1]).rows()]
    assert (names[-1], len(names), listed(bad)) == ("\ufffd", 21, [22])
    with open_table(path, "k", "y", reading, rejects=bad) as found:
        assert (found.moments().rows, found.skipped, listed(bad)) == (21, 1, [23])
    with open_table(path, "x", "y", reading, rejects=bad, by="k") as found:
        read_groups(found, None, intercept=True)
        assert (found.skipped, listed(bad)) == (2, [22, 23])


@pytest.mark.parametrize("reading", READINGS)
def test_names_are_not_taken_for_one_another(write: Write, reading: Reading) -> None:
    one = write(b"y,k\xe9,n\n1,2,0\n2,3,0\n3,5,0\n", "one.csv")
    other = write(b"y,k\xe8,n\n1,20,0\n2,30,0\n3,5,0\n", "other.csv")
    for x in ("@2", "k\ufffd"):
        with pytest.raises(DataError, match="the name of the column 'k\ufffd' is not UTF-8 text"):
            open_table([one, other], x, "y", reading)
    with pytest.raises(DataError, match="the name of the column 'k\ufffd' is not UTF-8 text"):
        open_table(one, "y", None, reading, to_predict=True)
    with open_table([one, other], "n", "y", reading) as found:
        assert found.head(9) == [(0, 1), (0, 2), (0, 3)] * 2
    with open_table(one, "k\u00e9", "y", Reading(encoding="latin-1")) as found:
        assert found.columns == ("k\u00e9", "y")


@pytest.mark.parametrize(("encoding", "letter"), TOGETHER)
def test_bytes_that_mean_nothing_are_no_letters_of_utf_8_together(
    write: Write, tmp_path: Path, encoding: str, letter: str
) -> None:
    good = "".join(f"{name},{x},{y}\n" for name, x, y in GOOD)
    path = write(f"k,x,y\n{good}a{letter},4,1\n".encode())
    with read(path, tmp_path / "r.csv", "k", Reading(encoding=encoding)) as found:
        assert found.moments().rows == len(GOOD)
        assert listed(tmp_path / "r.csv") == [len(GOOD) + 2]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "shift_jis", "iso2022_jp", "utf-16-le"])
@pytest.mark.parametrize("text", ["größe,y\n1,3\n2,5\n", '{"größe":1,"y":3}\n{"größe":2,"y":5}\n'])
def test_what_is_utf_8_is_not_read_in_the_encoding_of_other_tables(
    write: Write, encoding: str, text: str
) -> None:
    """A named encoding is taken as it is said; that of a model's table is what is left."""
    like = Reading(encoding=encoding)
    for written in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        path = write(text.encode(written))
        with open_table(path, "größe", "y", like=like) as table:
            assert table.columns == ("größe", "y")
            note = "UTF-8, not " + encoding if "8" in written else written.upper()
            assert table.notes == [f"{path}: the text is {note}"]
    own = text.replace("größe", "g")
    with open_table(write(own.encode(encoding)), "g", "y", like=like) as table:
        assert (table.columns, table.notes) == (("g", "y"), [])
    if encoding in {"latin-1", "cp1252"}:
        with open_table(write(text.encode(encoding)), "größe", "y", like=like) as table:
            assert (table.columns, table.notes) == (("größe", "y"), [])
