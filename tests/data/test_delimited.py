"""Delimited text of every dress is read as the same table."""

import csv
import gzip
from collections.abc import Callable
from itertools import cycle, permutations, product
from pathlib import Path
from typing import Any

import pytest

from fitline.data import Reading, open_table
from fitline.data.predictions import Predictions
from fitline.errors import DataError

Write = Callable[..., str]
Refused = Callable[..., DataError]

PLAIN = "x,y\n1,3\n2,5\n3,7\n"
"""Three points on the line 1 + 2·x."""


def fitted(path: str, x: str = "x", y: str = "y") -> tuple[int, float, float]:
    moments = open_table(path, x, y).moments()
    return moments.rows, *moments.fit.theta


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PLAIN, id="plain"),
        pytest.param("\ufeff" + PLAIN, id="byte-order mark"),
        pytest.param('\ufeff"x","y"\n1,3\n2,5\n3,7\n', id="byte-order mark and quotes"),
        pytest.param(PLAIN.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(PLAIN.replace("\n", "\r"), id="CR"),
        pytest.param(PLAIN.rstrip(), id="no last line end"),
        pytest.param(PLAIN.rstrip().replace("\n", "\r\n"), id="CRLF, no last line end"),
        pytest.param(PLAIN.replace("\n", "\n\n"), id="blank lines"),
        pytest.param("\n\n" + PLAIN, id="blank lines before the header"),
        pytest.param(PLAIN.replace(",", "\t"), id="tabs"),
        pytest.param(PLAIN.replace(",", ";"), id="semicolons"),
        pytest.param(PLAIN.replace(",", "|"), id="bars"),
        pytest.param(PLAIN.replace(",", " "), id="spaces"),
        pytest.param('"x","y"\n"1","3"\n"2","5"\n"3","7"\n', id="quoted"),
        pytest.param('x,y\n"1\n",3\n2,"\n5"\n3,7\n', id="line ends around quoted numbers"),
        pytest.param(" x , y \n 1, 3 \n2 ,5\n\t3,7\t\n", id="spaces around names and numbers"),
        pytest.param("x,y\n1e0,.3e1\n2.,+5\n30E-1,0007\n", id="every way to write a number"),
        pytest.param("y,x\n3,1\n5,2\n7,3\n", id="another order"),
        pytest.param("x,y\n1,3,\n2,5,,\n3,7\n", id="empty cells after the last"),
        pytest.param('x,n,y\n1,"a\n,b;c",3\n2,"say ""q""",5\n3,,7\n', id="anything in a note"),
        pytest.param('x;n;y\n1;"a;b";3\n2;1,5;5\n3;a,b,c,d;7\n', id="commas in a note"),
        pytest.param("n,x,y\n2020-01-01,1,3\ntrue,2,5\nnan,3,7\n", id="columns of any kind"),
        pytest.param("x,n,y\n1,größe,3\n2,Łódź,5\n3,“q” 🙂 €,7\n", id="UTF-8"),
        pytest.param("x,n,y\r\n1,größe,3\r\n2,東京,5\r\n3,q,7\r\n", id="UTF-8 and CRLF"),
        pytest.param(b"x,n,y\n1,caf\xe9,3\n2,\xa4,5\n3,q,7\n", id="Latin-1"),
        pytest.param(b"x,n,y\n1,\x93q\x94,3\n2,\x80,5\n3,q,7\n", id="Windows-1252"),
        pytest.param("x,caffè,y\n1,,3\n2,,5\n3,,7\n", id="UTF-8 in the header"),
        pytest.param("x,Łódź,y\n1,,3\n2,,5\n3,,7\n", id="more UTF-8 in the header"),
        pytest.param(b"x,caf\xe9,y\n1,,3\n2,,5\n3,,7\n", id="Latin-1 in the header"),
        pytest.param(b"x,n,y\n1,a\x00b,3\n2,\x01,5\n3,q,7\n", id="control characters"),
    ],
)
def test_every_dress_of_a_table_is_read_as_the_table(write: Write, text: str | bytes) -> None:
    assert fitted(write(text)) == (3, 1.0, 2.0)


@pytest.mark.parametrize(
    "name",
    [
        "it's",
        'a "b"',
        "[bold]",
        'x"; drop table t; --',
        "back\\slash",
        "Łódź",
        "🙂",
        "",
        "c1",
        "x,y",
        "two\nlines",
        "%s {0} $1 ?",
    ],
)
def test_a_column_may_have_any_name(write: Write, refused: Refused, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    path = write(f"{quoted},y\n1,3\n2,5\n3,7\n")
    assert fitted(path, name) == (3, 1.0, 2.0)
    error = refused(write(f"{quoted},y\n1,3\n2,5\nno,7\n"), name, "y")
    assert (error.column, error.value) == (name, "no")
    assert error.message == f"{name} is 'no', not a number"


def test_names_that_differ_in_case_only_are_different_columns(write: Write) -> None:
    path = write("X,x,y\n1,10,3\n2,30,5\n3,20,7\n")
    assert fitted(path, "X", "y") == (3, 1.0, 2.0)
    assert fitted(path, "X", "x") == (3, 10.0, 5.0)


def test_text_after_a_quote_is_refused_even_where_rows_may_be_skipped(
    write: Write, refused: Refused
) -> None:
    error = refused(write('x,y\n1,3\n2,5\n"2"q,7\n'), bad_rows="skip")
    assert "the quotes do not match" in error.message
    assert error.line == 4


def test_other_columns_are_not_looked_at(write: Write) -> None:
    wide = ",".join(f"c{place}" for place in range(500))
    row = ",".join("?" * 500)
    path = write(f"x,{wide},y\n1,{row},3\n2,{row},5\n3,{row},7\n")
    assert fitted(path) == (3, 1.0, 2.0)


def test_cells_of_many_kilobytes_are_read(write: Write) -> None:
    long = "a" * 300_000
    assert fitted(write(f"x,n,y\n1,{long},3\n2,{long},5\n3,,7\n")) == (3, 1.0, 2.0)


@pytest.mark.parametrize("mode", ["fail", "skip"])
def test_a_line_of_many_megabytes_is_refused_with_its_line(
    write: Write, refused: Refused, mode: str
) -> None:
    path = write("x,n,y\n1,,3\n2,,5\n3," + "a" * 5_000_000 + ",7\n")
    error = refused(path, "x", "y", bad_rows=mode)
    assert error.line == 4
    assert len(str(error)) < 500


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("x,y\r\n1,3\n2,5\r\n3,7\n", "fail"),
        ("x,y\n1,3\r\n2,5\n", "skip"),
        ("x,y\r1,3\n2,5", "skip"),
    ],
)
def test_mixed_line_ends_are_refused(write: Write, refused: Refused, text: str, mode: str) -> None:
    error = refused(write(text), bad_rows=mode)
    assert "some lines end in LF and others in CR" in error.message
    assert "dos2unix" in (error.hint or "")


LINE_ENDS = ("\n", "\r", "\r\n")

FIRST_LINES = {
    "header": ("c1;note;c3{end}", {}),
    "header of several lines": ('c1;"a{inner}note";c3{end}', {}),
    "none": ("", {"header": False}),
    "comment": ("# a note{end}", {"header": False}),
    "comment of another program": ("% a note{end}", {"header": False, "comment": "%"}),
    "skipped": ("a title{end}", {"header": False, "skip": 1}),
    "skipped lines of one row": ('"a{inner}title"{end}', {"header": False, "skip": 2}),
    "blank": ("{end}", {"header": False}),
}


@pytest.mark.parametrize(
    ("mode", "above", "end", "inner"),
    [
        (mode, *drawn)
        for mode, drawn in zip(
            cycle(["fail", "skip"]), product(FIRST_LINES, LINE_ENDS, LINE_ENDS), strict=False
        )
    ],
)
def test_ends_of_lines_within_quotes_are_not_those_of_rows(
    write: Write, mode: Any, above: str, end: str, inner: str
) -> None:
    top, options = FIRST_LINES[above]
    rows = f'1;"{inner}";3{end}2;"m";5{end}3;"a{inner}b";7{end}'
    path = write(top.format(end=end, inner=inner) + rows)
    table = open_table(path, "c1", "c3", Reading(bad_rows=mode, **options))
    moments = table.moments()
    assert (moments.rows, *moments.fit.theta) == (3, 1.0, 2.0)
    written = [row[1] for row in Predictions(table, [1, 2]).rows()]
    assert written == [inner, "m", f"a{inner}b"]


def test_files_whose_first_rows_end_in_different_ways_are_one_table(write: Write) -> None:
    paths = [
        write(f'1;"{inner}";3{end}2;"m";5{end}', f"{nth}.csv")
        for nth, (inner, end) in enumerate(permutations(LINE_ENDS, 2))
    ]
    moments = open_table(paths, "c1", "c3", Reading(header=False)).moments()
    assert (moments.rows, *moments.fit.theta) == (12, 1.0, 2.0)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('x,n,y\r\n1,"\n",3\r\n2,m,5\n3,m,7\r\n', 4),
        ('x,n,y\n1,m,3\n2,"\r\n",5\n3,"\r",7\r\n4,m,9\n', 6),
        ('x,"n\n",y\r\n1,m,3\n2,m,5\n', 3),
    ],
)
def test_the_first_row_that_ends_otherwise_is_named(
    write: Write, refused: Refused, text: str, line: int
) -> None:
    error = refused(write(text), "x", "y")
    assert "some lines end in LF and others in CR" in error.message
    assert error.line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('x,n,y\r\n1,"a"",3\r\n2,"",5\r\n3,"a\rb",7\r\n', 2),
        ('x,n,y\r1,"a",3\r2,"a"",5\r3,"a\nb",7\r', 3),
    ],
)
@pytest.mark.parametrize("mode", ["fail", "skip"])
def test_quotes_that_do_not_match_are_named_before_ends_of_lines(
    write: Write, refused: Refused, text: str, line: int, mode: str
) -> None:
    error = refused(write(text), "x", "y", bad_rows=mode)
    assert "the quotes do not match" in error.message
    assert error.line == line


@pytest.mark.parametrize(
    ("text", "line", "mode"),
    [
        ('x,y\n1,3\n"2,5\n3,7\n', 3, "fail"),
        ('x,y\n1,3\n2,"5\n3,7\n', 3, "skip"),
        ('x,y\n\n"1\n",3\n2,5\n3,"7\n\n', 6, "fail"),
        ('x,y,n\r\n1,3,"a\r\n2,5,b\r\n', 2, "skip"),
    ],
)
def test_an_open_quote_is_refused_with_its_line(
    write: Write, refused: Refused, text: str, line: int, mode: str
) -> None:
    error = refused(write(text), "x", "y", bad_rows=mode)
    assert error.line == line
    assert "the quotes do not match" in error.message
    assert "close the quote" in (error.hint or "")


ABOVE = {
    "a name": 'x,"na{other}me",y{end}',
    "two names": '"na{other}me",x,"{other}",y{end}',
    "a name of two breaks": 'x,"{end}{other}",y{end}',
    "a title": "a title{other}x,n,y{end}",
    "a blank line": "{other}x,n,y{end}",
    "a comment": "# a comment{other}x,n,y{end}",
    "a name of spaces": '{other}{end}x "na{other}me" y{end}',
}


ENDS = list(permutations(["\n", "\r", "\r\n"], 2))


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize(
    ("above", "end", "other", "name"),
    [
        (above, *ends, ("t.csv", "t.csv.gz")[(nth + place) % 2])
        for nth, above in enumerate(ABOVE.values())
        for place, ends in enumerate(ENDS)
    ],
)
def test_no_end_of_line_above_the_rows_loses_one(
    write: Write, above: str, end: str, other: str, name: str
) -> None:
    header = above.format(end=end, other=other)
    rows = "{0} a {1}" if " y" in header else "a,{0},b,{1}" if '",x' in header else "{0},a,{1}"
    lines = [rows.format(x, 1 + 2 * x) for x in range(20)]
    text = (header + end.join([*lines, ""])).encode()
    path = write(gzip.compress(text, 1) if name.endswith("gz") else text, name)
    assert fitted(path) == (20, 1.0, 2.0)


LAST_ROWS = {
    "the quotes do not match": ['"', ',"', '", \n ', '"\n\n\n', '",', '"3,7', '"""', '","4,5'],
    "the row is too short": ['","', '""""', '"\n,"'],
}


@pytest.mark.parametrize(
    ("row", "said", "mode", "end"),
    [
        (row, said, mode, ("", "\n")[(nth + place) % 2])
        for said, rows in LAST_ROWS.items()
        for nth, row in enumerate(rows)
        for place, mode in enumerate(["fail", "skip"])
    ],
)
def test_a_last_row_of_quotes_is_no_blank_line(
    write: Write, refused: Refused, row: str, said: str, mode: str, end: str
) -> None:
    path = write(f"{PLAIN}{row}{end}")
    if mode == "skip" and "short" in said:
        table = open_table(path, reading=Reading(bad_rows="skip"))
        assert (table.moments().rows, table.skipped) == (3, 1)
        return
    error = refused(path, bad_rows=mode)
    assert said in error.message
    assert error.line == 5


@pytest.mark.parametrize("row", ['" "," ",""', " \t, ", '"\n", \v', ",,,", '" "'])
def test_a_row_of_blanks_is_no_row(write: Write, row: str) -> None:
    assert fitted(write(f"{PLAIN}{row}\n4,9\n{row}")) == (4, 1.0, 2.0)


QUOTED_NOTHING = ['"",""', '"" , ""', '"",', ',""', '""," "', '"\n",""', '"","\n"', '"",,']


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize(
    ("row", "end", "rows"),
    [
        (row, end, (3, 12)[(nth + place) % 2])
        for nth, row in enumerate(QUOTED_NOTHING)
        for place, end in enumerate(["", "\n"])
    ],
)
def test_a_row_of_quoted_nothing_has_missing_values(
    write: Write, refused: Refused, tmp_path: Path, row: str, end: str, rows: int
) -> None:
    lines = "".join(f"{x},{1 + 2 * x}\n" for x in range(rows))
    path, rejects = write(f"x,y\n{lines}{row}\n4,9\n{row}{end}"), tmp_path / "r.csv"
    error = refused(path)
    assert "missing" in f"{error.message}{error.details}"
    reading = Reading(missing="skip")
    with open_table(path, reading=reading, rejects=rejects) as table:
        assert (table.moments().rows, table.skipped, table.missing) == (rows + 1, 2, 2)
    with rejects.open(newline="", encoding="utf-8") as stream:
        listed = [int(found["line"]) for found in csv.DictReader(stream)]
    assert listed == [rows + 2, rows + 4 + row.count("\n")]


@pytest.mark.parametrize("cells", [["1", '""', "3", '""'], ['""', "2", "3"], ["1", "2", '""']])
def test_a_column_of_one_has_a_missing_value_where_nothing_is_quoted(
    write: Write, tmp_path: Path, cells: list[str]
) -> None:
    rejects = tmp_path / "r.csv"
    for more in ("", "\n" * 3):
        path = write("x\n" + "\n".join(cells) + more)
        with pytest.raises(DataError) as caught:
            list(Predictions(open_table(path, "x", to_predict=True), [0.0, 2.0]).rows())
        assert "missing" in f"{caught.value.message}{caught.value.details}"
        skip = Reading(missing="skip")
        with open_table(path, "x", reading=skip, to_predict=True, rejects=rejects) as table:
            found = [row[1] for row in Predictions(table, [0.0, 2.0]).rows()]
            assert table.skipped == cells.count('""')
        assert found == [2.0 * int(cell) for cell in cells if cell != '""']
        lines = [row.split(",")[1] for row in rejects.read_text().splitlines()[1:]]
        assert lines == [str(2 + nth) for nth, cell in enumerate(cells) if cell == '""']


def test_a_table_of_many_columns_is_read(write: Write) -> None:
    """It would take seconds if the time grew with the square of their number."""
    width = 10_000
    rows = [[f"c{place}" for place in range(width)], *([str(row)] * width for row in (1, 2))]
    path = write("\n".join(map(",".join, rows)))
    assert fitted(path, "c0", "c1") == (2, 0.0, 1.0)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("blank", ["", " ", "\t", " D ", "D", " DD", ' D""'])
@pytest.mark.parametrize("place", [2, 5])
def test_rows_are_read_again_as_they_were_read_whatever_lines_are_blank(
    write: Callable[..., str], delimiter: str, blank: str, place: int
) -> None:
    lines = ["xDy", "1D2", "2D3", "4D7", "5D9"]
    lines.insert(place, blank)
    path = write("\n".join(lines).replace("D", delimiter) + "\n")
    reading = Reading(delimiter=delimiter, bad_rows="skip")
    with open_table(path, "x", "y", reading) as table:
        moments = table.moments()
        rows = table.rows(moments)
        assert len(table.head(9)) == moments.rows
    assert (rows.x.tolist(), rows.y.tolist()) == ([[1.0, 2, 4, 5]], [2.0, 3, 7, 9])


@pytest.mark.parametrize("inner", [*LINE_ENDS, "  \n  ", " \t\r\n\t", "\n b\n"])
@pytest.mark.parametrize("header", ['x "n{inner}  m" y\n', ""])
@pytest.mark.parametrize("end", LINE_ENDS)
def test_blanks_within_quotes_stay_between_runs_of_spaces(
    write: Write, inner: str, header: str, end: str
) -> None:
    names = header.format(inner=inner).replace("y\n", f"y{end}")
    cells = [f"a  {inner} b", f'"{inner}"', "  c"]
    rows = [
        f'{x}   "{cell.replace(chr(34), chr(34) * 2)}"  {1 + 2 * x}'
        for x, cell in enumerate(cells, start=1)
    ]
    path = write(names + end.join(rows) + end)
    reading = Reading(header=bool(header), delimiter="space")
    with open_table(path, "@1", "@3", reading) as table:
        assert table.moments().fit.theta.tolist() == [1.0, 2.0]
        assert table.parts[0].columns[1] == (f"n{inner}  m" if header else "c2")
    with open_table(path, "@1", reading=reading, to_predict=True) as table:
        assert [row[1] for row in Predictions(table, [0, 1]).rows()] == cells
