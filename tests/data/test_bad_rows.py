"""Rows that cannot be used: named, counted, left out, kept. Two parsers must agree on each."""

import csv
import gzip
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fitline.data import Reading, accounting, delimited, open_table
from fitline.errors import DataError, FileError, FitlineError

Write = Callable[..., str]
Refused = Callable[..., DataError]

GOOD = "x,y\n1,3\n2,5\n"


def skip(path: str, x: str = "x", y: str = "y") -> tuple[int, int, list[dict[str, str]]]:
    """Leave out the bad rows; count those used and those not used, and list the latter."""
    rejects = Path(path).with_suffix(".rejects")
    table = open_table(path, x, y, Reading(bad_rows="skip"), rejects=rejects)
    used = table.moments().rows
    with rejects.open(newline="", encoding="utf-8") as stream:
        return used, table.skipped, list(csv.DictReader(stream))


BAD_ROWS = [
    (",7", "x", "", "x is missing"),
    ("7,", "y", "", "y is missing"),
    ('"",7', "x", "", "x is missing"),
    (" ,7", "x", " ", "x is missing"),
    ("n/a,7", "x", "n/a", "x is missing"),
    ("nan,b", "y", "b", "y is 'b', not a number"),
    ("inf,7", "x", "inf", "x is 'inf', not a finite number"),
    ("7,-inf", "y", "-inf", "y is '-inf', not a finite number"),
    ("1e400,7", "x", "1e400", "x is '1e400', not a finite number"),
    ("a,b", "x", "a", "x is 'a', not a number"),
    ('"a\nb",7', "x", "a\nb", "x is 'a\\nb', not a number"),
    ("7", None, None, "the row is too short: 1 cell, not 2"),
    ("7,8,9", None, None, "the row is too long: 3 cells, not 2"),
    ('7,8,"a\nb"', None, None, "the row is too long: 3 cells, not 2"),
]


@pytest.mark.parametrize(("row", "column", "value", "said"), BAD_ROWS[::2])
def test_a_bad_row_is_refused_with_its_place(
    write: Write, refused: Refused, row: str, column: str, value: str, said: str
) -> None:
    path = write(f"{GOOD}{row}\n4,9\n")
    error = refused(path)
    assert str(error) == f"{path}, line 4: {said}"
    assert (error.file, error.line) == (path, 4)
    assert (error.column, error.value) == (column, value)
    assert ("--missing skip" if "missing" in said else "--bad-rows skip") in (error.hint or "")


def test_bad_rows_are_skipped_and_kept_with_their_places(write: Write) -> None:
    path = write(GOOD + "".join(f"{row}\n\n" for row, *_ in BAD_ROWS) + "4,9\n")
    used, skipped, kept = skip(path)
    assert (used, skipped) == (3, len(BAD_ROWS))
    expected = [
        (path, column or "", (value or "").strip(), said) for _, column, value, said in BAD_ROWS
    ]
    assert [(row["file"], row["column"], row["value"], row["reason"]) for row in kept] == expected
    text = Path(path).read_text()
    starts = [1 + text[: text.index(f"\n{row}\n\n") + 1].count("\n") for row, *_ in BAD_ROWS]
    assert [int(row["line"]) for row in kept] == starts


@pytest.mark.parametrize("mark", ["\r", "\n", "\r\n", '"', ","])
def test_a_bad_cell_is_listed_as_it_is(write: Write, mark: str) -> None:
    cell = f"a{mark}b"
    quoted = cell.replace('"', '""')
    (row,) = skip(write(f'{GOOD}"{quoted}",7\n'))[2]
    assert row["value"] == cell


def test_several_bad_rows_are_shown_and_all_are_counted(write: Write, refused: Refused) -> None:
    path = write("x,y\n" + "1,no\n" * 3 + "\n1\n" + ",1\n" * 1_500 + "2,5\n")
    error = refused(path)
    assert error.sentence == f"{path}: 1,504 rows cannot be used:"
    assert error.details == (
        f"{path}, line 2: y is 'no', not a number",
        f"{path}, line 3: y is 'no', not a number",
        f"{path}, line 4: y is 'no', not a number",
        f"{path}, line 6: the row is too short: 1 cell, not 2",
        f"{path}, line 7: x is missing",
        "and 1,499 more rows",
    )
    assert (error.line, error.column, error.value) == (2, "y", "no")


@pytest.mark.parametrize(
    ("end", "inner"),
    [("\n", "\n"), ("\n", "\r\n"), ("\r\n", "\n"), ("\r\n", "\r\n"), ("\r", "\r"), ("\r", "\r\n")],
)
def test_lines_are_counted_as_an_editor_counts_them(
    write: Write, refused: Refused, end: str, inner: str
) -> None:
    rows = ["x,n,y", "1,a,3", "", "2,b,5", f'3,"c{inner}{inner}d",7', "", "", "no,e,9"]
    assert refused(write(end.join(rows)), "x", "y").line == 10


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("before", [1, 3])
def test_blank_lines_before_the_header_are_counted_as_lines_only(
    write: Write, end: str, before: int
) -> None:
    used, skipped, kept = skip(write(end * before + end.join(["x,y", "1,3", "2,5", "no,7", ""])))
    assert (used, skipped) == (2, 1)
    assert [row["line"] for row in kept] == [str(before + 4)]


@pytest.mark.parametrize("not_finite", ["nan", "inf", "-inf", "1e400"])
def test_a_broken_row_counts_once_beside_a_number_that_is_not_finite(
    write: Write, not_finite: str
) -> None:
    used, skipped, kept = skip(write(f"{GOOD}{not_finite},1\n3\n4,5,6\n"))
    assert (used, skipped, len(kept)) == (2, 3, 3)


CELLS = {
    "numbers": [
        "1",
        "-2.5",
        "1e5",
        "+5",
        ".5",
        "5.",
        "1e-400",
        "007",
        "1.e5",
        " 5 ",
        "\t5",
        "5\x0b",
    ],
    "missing": ["", " ", "NA", "null", "NULL", "\\N", "true", "?", "-", "+", ".", "#", "2 # two"],
    "not finite": ["nan", "NaN", "+nan", "inf", "+inf", "-Infinity", "1e400", "1e999999999999"],
    "decorated": ["$5", "5%", "1'000", "1 000", "- 5", "+ 5", "5L", "1f", "1d5", "'2'"],
    "underscores": ["1_000", "1__0", "_1", "1_", "1_0.5", "1e1_0", "1_.5", "1._5"],
    "not decimal": ["0x10", "0b1", "0o7", "1e", ".e5", "e5", "1e5.0", "1.5.2"],
    "two signs": ["--5", "-+5", "++5"],
    "control characters": ["\x1f5", "5\x00", "\x005", "5\x1c", "5\x7f"],
    "beyond ASCII": ["٣", "5\u00a0", "\u20035", "5\x85", "ß", "5\u2028", "−5", "５"],
    "quotes inside": ['2"', '2"q', '2""', 'a "b" c', 'a"b"'],
    "quotes": ['"2"', '" 2 "', '"2\n"', '"a\nb"', '"a\r\nb"', '""', '"""q"', '"a""b"'],
    "space before a quote": [' "2"'],
    "space after a quote": ['"2" '],
    "quoted words": ['"a" "b"'],
}


@pytest.mark.parametrize("cells", CELLS.values(), ids=CELLS)
def test_a_cell_is_used_or_listed_never_both_nor_neither(write: Write, cells: list[str]) -> None:
    """The engine counts, Python's reader lists; the bad row at the end makes it look."""
    rows = "".join(f"{cell},7\n" for cell in cells)
    used, skipped, kept = skip(write(f"{GOOD}{rows}no,9\n"))
    assert skipped == len(kept)
    assert used + skipped == 2 + len(cells) + 1
    assert kept[-1]["value"] == "no"


GOOD_CELLS = ["1", "2.5", "-4", "1e5", "+5", ".5", "5.", "007", " 6 "]
BAD_CELLS = ["", " ", "NA", "nan", "inf", "1e400", '"1,000"', "$5", "1_000", "0x10", "--5"]
CELL = st.sampled_from([*GOOD_CELLS, *BAD_CELLS, '"a\nb"', '"3\n"', '"say ""q"""'])


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[int]]:
    """Draw a table of which the first two rows are good, with the line of every record."""
    columns = draw(st.integers(2, 3))
    widths = st.sampled_from([columns] * 6 + [0, 1, 2, 3, 4])
    rows = [",".join("xyz"[:columns]), *(f"{x},{x}{',n' * (columns - 2)}" for x in (1, 2))]
    rows += [
        ",".join(draw(st.lists(CELL, min_size=width, max_size=width)))
        for width in draw(st.lists(widths, max_size=6))
    ]
    ends = [1 + "\n".join(rows[:place]).count("\n") + (place > 0) for place in range(len(rows))]
    starts = [line for line, row in zip(ends, rows, strict=True) if row.strip(' ,"')]
    return "\n".join(rows) + draw(st.sampled_from(["", "\n", "\n\n"])), starts[1:]


@example(("x,y,z\n1,1,n\n2,2,n\n1\n$5,$5\n1,1", [2, 3, 4, 5, 6]))
@settings(max_examples=25)
@given(texts())
def test_the_engine_leaves_out_exactly_the_rows_that_are_listed(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, list[int]]
) -> None:
    text, records = drawn
    path = tmp_path_factory.getbasetemp() / "drawn.csv"
    path.write_text(text, encoding="utf-8", newline="")
    used, skipped, kept = skip(str(path))
    lines = [int(row["line"]) for row in kept]
    assert skipped == len(kept)
    assert used + skipped == len(records)
    assert lines == sorted(set(lines))
    assert set(lines) <= set(records[2:])


def test_bad_rows_are_counted_exactly_in_a_table_of_many_buffers(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine reads the parts of a large file at once, and must join them without a seam."""
    small = ", max_line_size=100000, buffer_size=200000"
    broken = {care: how + small for care, how in delimited.BROKEN.items()}
    monkeypatch.setattr(delimited, "BROKEN", broken)
    bad = ["no,,1", "1", "1,2,3,4", ",a,1", '"x\n\n",a,1', '2,a,"b\nc"', '1,2,3,"a\nb"']
    block = ['1,"a\n\n,b ""q""",3', "2,note,5", "", f"3,{'long' * 1000},7"] * 10
    rows = [row for place in range(105) for row in [*block, bad[place % len(bad)]]]
    used, skipped, kept = skip(write("\n".join(["x,n,y", *rows])))
    assert (used, skipped, len(kept)) == (105 * 30, 105, 105)
    assert int(kept[-1]["line"]) == 1 + sum(1 + row.count("\n") for row in rows) - rows[-1].count(
        "\n"
    )


def exact_line(rows: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Fit a line in exact fractions."""
    xs, ys = [[Fraction(row[place]) for row in rows] for place in (0, 1)]
    x, y = sum(xs) / len(rows), sum(ys) / len(rows)
    slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )
    return float(y - slope * x), float(slope)


def test_the_moments_after_skipping_are_those_of_the_clean_rows(write: Write) -> None:
    clean = [(f"{row}", f"{row * row % 101}") for row in range(5_000)]
    lines = [",".join(row) for row in clean]
    dirty = [text for line in lines for text in (line, "no,1", "", "7,nan")]
    plain = open_table(write("x,y\n" + "\n".join(lines), "clean.csv")).moments()
    table = open_table(
        write("x,y\n" + "\n".join(dirty), "dirty.csv"), reading=Reading(bad_rows="skip")
    )
    assert table.moments().fingerprint == plain.fingerprint
    assert table.skipped == 2 * len(clean)
    assert tuple(plain.fit.theta) == exact_line(clean)


def test_the_head_leaves_out_bad_rows(write: Write) -> None:
    table = open_table(write("x,y\nno,1\n1,3\n1\n2,nan\n\n2,5\n1,2,3\n3,7\n"))
    assert table.head(2) == [(1.0, 3.0), (2.0, 5.0)]
    assert table.head(9) == [(1.0, 3.0), (2.0, 5.0), (3.0, 7.0)]


def test_reading_twice_counts_once(write: Write) -> None:
    table = open_table(write(f"{GOOD}no,1\n3\nnan,2\n"), reading=Reading(bad_rows="skip"))
    first = table.moments()
    counted = table.skipped
    assert table.moments().fingerprint == first.fingerprint
    assert table.skipped == counted == 3


def test_without_bad_rows_the_rejects_file_holds_its_header_only(write: Write) -> None:
    assert skip(write(GOOD)) == (2, 0, [])


def test_the_rejects_are_kept_when_the_table_is_refused(write: Write, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    with pytest.raises(DataError):
        open_table(write(f"{GOOD}no,1\n"), rejects=rejects).moments()
    assert rejects.read_text().splitlines()[1].endswith(",4,x,no,\"x is 'no', not a number\"")


@pytest.mark.parametrize("mode", ["fail", "skip"])
def test_a_rejects_file_in_a_folder_that_is_not_there_is_refused(
    write: Write, tmp_path: Path, mode: str
) -> None:
    rejects = tmp_path / "no" / "rejects.csv"
    with pytest.raises(FileError, match="cannot be written") as caught:
        open_table(
            write(f"{GOOD}no,1\n"), reading=Reading(bad_rows=mode), rejects=rejects
        ).moments()  # type: ignore[arg-type]
    assert caught.value.file == str(rejects)


@pytest.mark.parametrize("body", ["", "no,1\n"])
def test_the_rejects_never_replace_the_table_itself(write: Write, body: str) -> None:
    path = write(GOOD + body)
    with pytest.raises(FitlineError):
        open_table(path, reading=Reading(bad_rows="skip"), rejects=path).moments()
    assert Path(path).read_text() == GOOD + body


@pytest.mark.parametrize("most", [0, accounting.MOST_KEPT])
@pytest.mark.parametrize(
    ("rows", "left_out"),
    [("1,3\n" + "7\n" * 9 + "2,5\n", 9), ('1,3\n7,8,9\n"a\nb",2\n\n2,5\n\n', 2)],
)
def test_broken_rows_are_counted_whether_they_are_few_or_many(
    write: Write, monkeypatch: pytest.MonkeyPatch, most: int, rows: str, left_out: int
) -> None:
    monkeypatch.setattr(accounting, "MOST_KEPT", most)
    assert skip(write("x,y\n" + rows))[:2] == (2, left_out)


@pytest.mark.parametrize("most", [0, accounting.MOST_KEPT])
def test_a_quote_that_is_never_closed_is_named_however_many_lines_follow(
    write: Write, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(accounting, "MOST_KEPT", most)
    path = write('x,y\n1,3\n2,"5' + "x\n" * 50)
    for bad_rows in ("fail", "skip"):
        with pytest.raises(DataError) as caught:
            open_table(path, reading=Reading(bad_rows=bad_rows)).moments()
        assert (caught.value.line, "quotes" in str(caught.value)) == (3, True)


@pytest.mark.parametrize("others", [b"", b"\xff", b"\xe9t\xe9", "été".encode()], ids=repr)
@pytest.mark.parametrize("packed", [False, True])
def test_what_is_no_text_in_other_columns_makes_no_row_bad(
    write: Write,
    others: bytes,
    packed: bool,  # noqa: FBT001
) -> None:
    rows = b"x,y,t\n1,2,a\n3,5," + others + b"\n,7,a\n\n4,9," + others + b"\nno,9,b\n"
    path = write(gzip.compress(rows) if packed else rows, "t.csv.gz" if packed else "t.csv")
    with pytest.raises(DataError) as caught:
        open_table(path, "x", "y").moments()
    assert "line 4: x is missing" in str(caught.value)
    assert "line 7: x is 'no', not a number" in str(caught.value)
    with open_table(path, "x", "y", Reading(bad_rows="skip")) as table:
        assert table.moments().rows == 3
        assert (table.skipped, table.missing) == (2, 1)
        assert table.head(9) == [(1.0, 2.0), (3.0, 5.0), (4.0, 9.0)]
