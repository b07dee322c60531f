"""Each way in which people write tables, alone, with the line that it must give."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from fractions import Fraction
from itertools import cycle, permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitline.data import Reading, open_table
from fitline.data.dates import dates_of
from fitline.data.predictions import Predictions
from fitline.data.table import Table
from fitline.errors import ConfigError, DataError

Write = Callable[..., str]
Refused = Callable[..., DataError]

WEIGHTS = [(58, 115), (59, 117), (60, 120), (61, 123), (102, 126), (103, 129)]


def fitted(table: Table) -> tuple[int, float, float]:
    moments = table.moments()
    return moments.rows, *moments.fit.theta


def exact(rows: list[tuple[Any, Any]]) -> tuple[int, float, float]:
    """Fit a line in fractions."""
    xs, ys = ([Fraction(row[place]) for row in rows] for place in (0, 1))
    x, y = sum(xs) / len(rows), sum(ys) / len(rows)
    slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )
    return len(rows), float(y - slope * x), float(slope)


@pytest.mark.parametrize(
    "text",
    [
        "weight height\n 58 115\n 59 117\n 60 120\n 61 123\n102 126\n103 129\n",
        "weight\theight\n58\t\t115\n59  117\n60 \t120\n61\t 123\n102\t126 \n\t103\t129\n",
        " weight  height \r\n58 115\r\n59 117\r\n60 120\r\n61 123\r\n102 126\r\n103 129",
    ],
    ids=["aligned", "tabs and spaces", "CRLF"],
)
def test_runs_of_spaces_and_tabs_are_one_delimiter(write: Write, text: str) -> None:
    table = open_table(write(text), "weight", "height")
    assert fitted(table) == exact(WEIGHTS)
    assert fitted(table)[1:] == pytest.approx((106.227656, 0.209106239), rel=1e-8)
    assert table.skipped == 0


def test_tabs_that_delimit_alone_may_stand_around_nothing(write: Write, refused: Refused) -> None:
    error = refused(write("x\tnote\ty\n1\ta b\t3\n2\t\t5\n\tc\t7\n"), "x", "y")
    assert (error.line, error.message) == (4, "x is missing")


PLAIN = [(1, 3), (2, 5), (3, 8)]

DRESSES = {
    "no header": ("1,3\n2,5\n3,8\n", {"header": False}, ("c1", "c2"), []),
    "no header, decimal commas": (
        "1,0;3,0\n2,0;5,0\n9,5\n9,5\n3,0;8,0\n",
        {"header": False, "bad_rows": "skip"},
        ("c1", "c2"),
        ["'1,0' is read as 1 (--decimal ,)"],
    ),
    "title": ("Report\n\nx,y\n1,3\n2,5\n3,8\n", {}, ("x", "y"), ["the header is line 3"]),
    "wide title": ("A, b, and c\nx,y\n1,3\n2,5\n3,8\n", {}, ("x", "y"), ["the header is line 2"]),
    "title to skip": ("A title, of two\nx,y\n1,3\n2,5\n3,8\n", {"skip": 1}, ("x", "y"), []),
    "skip to no header": (
        "x,y\n1,3\n2,5\n3,8\n",
        {"skip": 1, "header": False},
        ("c1", "c2"),
        ["1 line left out by --skip"],
    ),
    "comments": (
        "# made by hand\nx,y\n1,3\n# so far\n2,5\n3,8\n# the end\n",
        {},
        ("x", "y"),
        ["the header is line 2", "comments that begin with # are left out"],
    ),
    "percent comments": (
        "% a, b\nx,y\n1,3\n2,5\n% more\n3,8\n",
        {},
        ("x", "y"),
        ["the header is line 2", "comments that begin with % are left out"],
    ),
    "NumPy": (
        "# x y\n1.0e+00 3.0e+00\n2.0e+00 5.0e+00\n3.0e+00 8.0e+00\n",
        {},
        ("x", "y"),
        ["the header is the comment in line 1", "comments that begin with # are left out"],
    ),
    "NumPy with commas": (
        "# by hand\n#x,y\n1,3\n2,5\n3,8\n",
        {},
        ("x", "y"),
        ["the header is the comment in line 2", "comments that begin with # are left out"],
    ),
    "a header in a comment, with a year among the names": (
        "#town,x,2020\nA,1,3\nB,2,5\nC,3,8\n",
        {},
        ("x", "2020"),
        ["the header is the comment in line 1", "comments that begin with # are left out"],
    ),
    "a header in a comment, with a year, above a row that is left out": (
        "% town x 2020\n% A 9 9\nA 1 3\nB 2 5\nC 3 8\n",
        {},
        ("x", "2020"),
        ["the header is the comment in line 1", "comments that begin with % are left out"],
    ),
    "both kinds of comments": (
        "% by hand\nx,y\n1,3\n# so far\n2,5\n% more\n3,8\n",
        {},
        ("x", "y"),
        ["the header is line 2", "comments that begin with # or % are left out"],
    ),
    "a header in a comment, then tabs": (
        "#\tx\ty\n1\t3\n2\t5\n# the end\n3\t8\n",
        {},
        ("x", "y"),
        ["the header is the comment in line 1", "comments that begin with # are left out"],
    ),
    "a mark for a name": ("#\tx\ty\n1\t1\t3\n2\t2\t5\n3\t3\t8\n", {}, ("x", "y"), []),
    "a mark for a name, between spaces": ("# x y\n1 1 3\n2 2 5\n3 3 8\n", {}, ("x", "y"), []),
    "a mark for a name, and named": (
        "#\tx\ty\n1\t1\t3\n2\t2\t5\n# end\n3\t3\t8\n",
        {"comment": "#"},
        ("x", "y"),
        ["comments that begin with # are left out"],
    ),
    "Excel's comments": (
        "# by hand,\nx,y\n1,3\n2,5\n# so far,\n3,8\n",
        {},
        ("x", "y"),
        ["the header is line 2", "comments that begin with # are left out"],
    ),
    "named comments": (
        "! a, b\nx,y\n1,3\n! c, d\n2,5\n3,8\n",
        {"comment": "!"},
        ("x", "y"),
        ["the header is line 2", "comments that begin with ! are left out"],
    ),
    "R": (
        '"x" "y"\n"1" 1 3\n"2" 2 5\n"3" 3 8\n',
        {},
        ("x", "y"),
        ["its rows begin with labels, for which the header has no name"],
    ),
    "R without quotes": (
        "x y\na 1 3\nb 2 5\nc 3 8\n",
        {},
        ("x", "y"),
        ["its rows begin with labels, for which the header has no name"],
    ),
    "pandas, printed": (
        "   x  y\n0  1  3\n1  2  5\n2  3  8\n",
        {},
        ("x", "y"),
        ["its rows begin with labels, for which the header has no name"],
    ),
    "an instrument": (
        (
            "Instrument: XY-200\r\nDate: 2024-03-01\r\nOperator: J. Doe\r\n\r\n"
            "Time [s]\tVoltage [V]\r\n1,0\t3,0\r\n2,0\t5,0\r\n3,0\t8,0\r\n"
        ),
        {},
        ("Time [s]", "Voltage [V]"),
        ["the header is line 5", "'1,0' is read as 1 (--decimal ,)"],
    ),
    "pandas": (",x,y\n0,1,3\n1,2,5\n2,3,8\n", {}, ("x", "y"), []),
    "another delimiter": ("x:y\n1:3\n2:5\n3:8\n", {"delimiter": ":"}, ("x", "y"), []),
    "named spaces": ("x   y\n1 3\n2   5\n3 8\n", {"delimiter": "space"}, ("x", "y"), []),
    "named tabs": ("x\ty\n1\t3\n2\t5\n3\t8\n", {"delimiter": "tab"}, ("x", "y"), []),
    "blank rows": ("x,y,n\n1,3,\n,,\n,\n2,5,\n , ,\n3,8,\n,,,,\n", {}, ("x", "y"), []),
    "Excel": ("sep=;\nx;y\n1;3\n2;5\n3;8\n", {}, ("x", "y"), []),
    "a quote in the title": ('"a\nb" of"\nx,y\n1,3\n2,5\n3,8\n', {"skip": 2}, ("x", "y"), []),
    "the printed sign": ("x,y\n−1,−3\n−2,−5\n−3,−8\n", {}, ("x", "y"), []),
}


@pytest.mark.parametrize(("text", "options", "columns", "notes"), DRESSES.values(), ids=DRESSES)
def test_what_is_certain_is_found_and_said(
    write: Write,
    text: str,
    options: dict[str, Any],
    columns: tuple[str, str],
    notes: list[str],
) -> None:
    path = write(text)
    table = open_table(path, *columns, Reading(**options))
    rows = [(-x, -y) for x, y in PLAIN] if "−" in text else PLAIN
    assert fitted(table) == exact(rows)
    assert table.notes == [f"{path}: {note}" for note in notes]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("#,name,y\n1,a,3\n2,b,5\n3,c,8\n", ("#", "y")),
        ("name,x,y\n#a,1,3\n#b,2,5\nc,3,8\n", ("x", "y")),
        ("# of rooms,city,y\n1,a,3\n2,b,5\n3,c,8\n", ("of rooms", "y")),
        *(
            (f"place,x,y\n{cell},1,3\n{mark}4 Elm St,2,5\n{cell},3,8\n", ("x", "y"))
            for cell in ("12 Elm St", "9af3", "3rd", "18-24", "5%", "0x1F", "10:30", "2024-01-01")
            for mark in "#%"
        ),
        ("id\tname\tx\ty\n1\tA\t1\t3\n\t#2 hit\t2\t5\n3\tB\t3\t8\n", ("x", "y")),
        ("\t#x\ty\ngeneA\t1\t3\ngeneB\t2\t5\ngeneC\t3\t8\n", ("#x", "y")),
        *(
            (f"code,x,y\n{nothing},1,3\n{mark}12,2,5\n{nothing},3,8\n", ("x", "y"))
            for nothing in ("-", "NA", "null", "", "Infinity")
            for mark in "#%"
        ),
    ],
)
def test_a_mark_in_a_table_is_no_comment(
    write: Write, text: str, columns: tuple[str, str]
) -> None:
    assert fitted(open_table(write(text), *columns)) == exact(PLAIN)


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#name?", "%none"])
def test_what_says_that_there_is_no_value_is_no_comment(
    write: Write, refused: Refused, error: str
) -> None:
    path, na = write(f"x,y\n1,3\n{error},9\n2,5\n3,8\n"), {"na": error}
    if error.startswith("#"):
        stop = refused(path, "x", "y")
        assert stop.line == 3
        assert f"(no value? --na '{error}' says so)" in str(stop)
    assert "missing" in str(refused(path, "x", "y", **na))
    with open_table(path, "x", "y", Reading(na=error, missing="skip")) as table:
        assert fitted(table) == exact(PLAIN)
        assert table.skipped == 1


@pytest.mark.parametrize("mark", "#%")
def test_a_header_with_a_mark_stands_above_rows_that_have_one(write: Write, mark: str) -> None:
    text = f"{mark}name;score\n{mark}A;5\n{mark}B;6\n1;3\n2;5\n3;8\n"
    assert fitted(open_table(write(text), "name", "score")) == exact(PLAIN)
    remark = f"{mark} by hand; of 2024\n{mark} name;2019\n1;3\n2;5\n3;8\n"
    assert fitted(open_table(write(remark), "name", "2019")) == exact(PLAIN)


@pytest.mark.parametrize("delimiter", "\t;|,")
def test_the_words_of_a_title_name_no_columns(
    write: Write, refused: Refused, delimiter: str
) -> None:
    rows = (["region", 2019, 2020, 2021], ["North", 12, 15, 3], ["South", 14, 18, 4])
    lines = ["Sales by year", *(delimiter.join(map(str, row)) for row in rows)]
    assert "no column '@2'" in str(refused(write("\n".join(lines)), "@2", "@4"))


MARKED = [
    *(("name", delimiter, label) for delimiter in ",;\t| " for label in "#%"),
    *(("name", delimiter, label) for delimiter in ",;\t|" for label in ("# x", "% x")),
    ("#", ",", "#"),
    ("#", "\t", "#"),
    ("# name", ";", "# x"),
]


@pytest.mark.parametrize(
    ("name", "delimiter", "label", "bad"),
    [
        (*marked, bad)
        for marked, bad in zip(
            MARKED, cycle([["none", "9"], ["$5", "none"], ["1.2.2024", "none"]]), strict=False
        )
    ],
)
def test_a_row_that_begins_with_a_mark_is_a_row(
    write: Write, refused: Refused, name: str, delimiter: str, label: str, bad: list[str]
) -> None:
    rows = [[name, "x", "y"], ["foo", 1, 3], [label, 2, 5], ["bar", 3, 8]]
    lines = [delimiter.join(map(str, row)) for row in rows]
    comment = f"{label[0]} made by hand, with some care"
    for text in (lines, [comment, *lines]):
        assert fitted(open_table(write("\n".join(text)), "x", "y")) == exact(PLAIN)
    between = write("\n".join([lines[0], *lines[:0:-1], comment]))
    rejects, skip = Path(between).with_name("rejects.csv"), Reading(bad_rows="skip")
    assert fitted(open_table(between, "x", "y", skip, rejects=rejects)) == exact(PLAIN)
    (listed,) = rejects.read_text(encoding="utf-8").splitlines()[1:]
    assert listed.startswith(f"{between},5,")
    assert "(a comment? --bad-rows skip leaves it out)" in listed
    ending = write("\n".join([*lines, delimiter.join([label, *bad])]))
    assert refused(ending, "x", "y").line == 5


@pytest.mark.parametrize(
    "text",
    [
        "note;x;y\n2,5;1'000;2\nBad;900;3\nBad;800;5\n",
        "c;e;x;y\n1,5;1;1;2\na;1_000;2;3\na;1;3;5\n",
    ],
)
def test_a_number_in_a_column_of_text_says_nothing_of_how_others_are_written(
    write: Write, text: str
) -> None:
    with open_table(write(text), "x", "y") as table:
        assert table.moments().rows == 3


@pytest.mark.parametrize("comment", ["", "# by hand, with some care\n"])
@pytest.mark.parametrize("row", ["#x,this", "%x,NA", "#,#", "# x,a b"])
def test_where_no_row_has_a_number_a_row_that_begins_with_a_mark_is_a_row(
    write: Write, row: str, comment: str
) -> None:
    city, _, note = row.partition(",")
    path = write(
        f"{comment}city,note\nRome,hi\n{row}\nOslo,there\n" + "Rome,hi\n" * 200 + f"{row}\n"
    )
    table = open_table(path, {"city": ["Rome", "Oslo", city]}, to_predict=True)
    found = [row[:2] for row in Predictions(table, [0.0, 1.0, 2.0]).rows()]
    assert len(found) == 204
    assert found[1] == found[-1] == (city, note)


@pytest.mark.parametrize("row", ["#x,hi,", "#x,,NA", "#x,NA,", "%x,hi,none", "#x,hi,1"])
def test_a_row_with_a_mark_whose_number_is_missing_is_a_row(
    write: Write, refused: Refused, row: str
) -> None:
    path = write(f"city,note,y\nRome,hi,1\nOslo,hi,2\n{row}\n{row}\n")
    if row.endswith("1"):
        assert open_table(path, "city", "y").moments().rows == 4
    else:
        assert refused(path, "city", "y").line == 4


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize(
    "line",
    ["#3,2000,9", "# 3,2000,9", " #3,2000,NA", "%3,2000,9", "# beds were counted twice,5,6"],
)
@pytest.mark.parametrize("above", ["", "# houses\n", "% houses\n# of 2024\n"])
@pytest.mark.parametrize("rows", [4, 12])
def test_below_numbers_a_line_with_a_mark_is_a_comment_with_as_many_cells_as_there_are(
    write: Write, line: str, above: str, rows: int
) -> None:
    lines = [f"{row},{row % 7 * 100},{row % 5}" for row in range(rows)]
    is_looked_at = rows < 10
    places = [*([1] if is_looked_at else []), 3]
    places += [rows] if is_looked_at or line.lstrip()[0] in above else []
    for place in places:
        text = "\n".join(["id,sqft,price", *lines[:place], line, *lines[place:]])
        with open_table(write(f"{above}{text}\n"), "sqft", "price") as table:
            assert table.moments().rows == rows
            assert any("comments that begin with" in note for note in table.notes)


ABOVE_MARKS = ["", "# by hand\n", '# "by\n# hand, with "care\n']
OF_LINES = ["l1\n#y", "l1\n\n%l2", "l1\nl2\n#", 'l1,z\n# ""y"",']


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize(
    ("above", "mark", "text", "rows", "delimiter"),
    [
        (*case, ",\t"[sum(places) % 2])
        for places, case in zip(
            product(range(3), range(2), range(4), range(2)),
            product(ABOVE_MARKS, "#%", OF_LINES, [2, 12]),
            strict=True,
        )
    ],
)
def test_a_row_of_several_lines_that_begins_with_a_mark_is_a_row(
    write: Write, above: str, mark: str, text: str, rows: int, delimiter: str
) -> None:
    cells = [["name", "note", "x", "y"], *([f"n{row}", "", row, row % 7] for row in range(rows))]
    cells += [[f"{mark}c", f'"{text}"', 5, 6], ["d", "x", 7, 9]]
    lines = "\n".join(delimiter.join(map(str, row)) for row in cells)
    with open_table(write(f"{above}{lines}\n"), "x", "y") as table:
        assert table.moments().rows == rows + 2


def test_a_row_that_begins_with_a_mark_is_a_row_far_below_comments(write: Write) -> None:
    lines = ["name,x,y", *("a,1,3", "b,2,5") * 80, "# the end", "# c,3,8"]
    table = open_table(write("\n".join(["# by hand", *lines])), "x", "y")
    assert table.moments().rows == 161


@pytest.mark.parametrize("header", ["1000,150000", "1,NA", "2024-01-01,5", "-1.5,2e3", "1,5;2,5"])
@pytest.mark.parametrize("typed", [(None, None), ("@1", "@2"), ("sqft", None)])
def test_a_line_of_values_is_never_taken_for_names(
    write: Write, refused: Refused, header: str, typed: tuple[str | None, str | None]
) -> None:
    delimiter = ";" if ";" in header else ","
    error = refused(write(f"{header}\n{header}\n3{delimiter}4\n"), *typed)
    assert "--no-header" in (error.hint or "")


def test_names_that_are_numbers_may_be_named(write: Write) -> None:
    table = open_table(write("2020,2021\n1,3\n2,5\n3,8\n"), "2020", "2021")
    assert fitted(table) == exact(PLAIN)


DECIMALS = [
    ("x;y\n1.150,25;1\n2.000,5;2\n3,25;3\n", [("1150.25", 1), ("2000.5", 2), ("3.25", 3)]),
    ("x;y\n3,14159;1\n2,5;2\n-1;3\n", [("3.14159", 1), ("2.5", 2), (-1, 3)]),
    ("x\ty\n1,234\t1\n0,123\t2\n2,000\t4\n", [("1.234", 1), ("0.123", 2), (2, 4)]),
    ("x;y\n1,5e3;1\n2,5;2\n1;3\n", [(1500, 1), ("2.5", 2), (1, 3)]),
    ("x;y\n1 234,5;1\n2,5;2\n1;3\n", [("1234.5", 1), ("2.5", 2), (1, 3)]),
    ("x;y\n+1,5;1\n2,5;2\n1;3\n", [("1.5", 1), ("2.5", 2), (1, 3)]),
    ("x;y\n1,234,567;1\n2,500;2\n1;3\n", [(1234567, 1), (2500, 2), (1, 3)]),
    ("x|y\n1'234.5|1\n2'500|2\n1|3\n", [("1234.5", 1), (2500, 2), (1, 3)]),
    ("x;y\n1,234;1.5\n2,500;2.25\n1;3\n", [(1234, "1.5"), (2500, "2.25"), (1, 3)]),
    ("x;y\n1,5;1\nnone;9\n2,5;2\n3;3\n", [("1.5", 1), ("2.5", 2), (3, 3)]),
]


@pytest.mark.parametrize(("text", "rows"), DECIMALS)
def test_decimal_commas_are_found_where_they_are_certain(
    write: Write, text: str, rows: list[tuple[Any, Any]]
) -> None:
    table = open_table(write(text), "x", "y", Reading(bad_rows="skip"))
    assert fitted(table) == pytest.approx(exact(rows), rel=1e-14)
    assert any(" is read as " in note for note in table.notes)


@pytest.mark.parametrize(
    "text", ["x;y\n1,234;1\n2,345;2\n3,456;4\n", 'x,y\n"1,234",1\n"2,345",2\n"3,456",4\n']
)
def test_where_a_comma_may_be_either_both_readings_are_named(
    write: Write, refused: Refused, text: str
) -> None:
    path = write(text)
    said = "--decimal , reads it as 1.234, --thousands , reads it as 1234"
    assert said in str(refused(path, "x", "y"))
    for options, scale in (({"decimal": ","}, 1000), ({"thousands": ","}, 1)):
        table = open_table(path, "x", "y", Reading(**options))  # type: ignore[arg-type]
        rows = [(Fraction(x, scale), y) for x, y in ((1234, 1), (2345, 2), (3456, 4))]
        assert fitted(table) == pytest.approx(exact(rows), rel=1e-14)


def test_a_point_in_a_table_of_commas_is_a_bad_cell(write: Write, refused: Refused) -> None:
    error = refused(write("x;y\n1,5;1\n2,5;2\n" + "1;1\n" * 100 + "2.5;2\n"), "x", "y")
    assert (error.line, error.message) == (104, "x is '2.5', not a number")


@pytest.mark.parametrize(
    ("text", "options", "days"),
    [
        ("x,y\n1970-01-01,3\n1970-01-02,5\n1970-01-03,8\n", {}, [0, 1, 2]),
        ("x,y\n2024-02-28,3\n2024-02-29,5\n2024-03-01,8\n", {}, None),
        ("x,y\n1970-01-01T12:00,3\n1970-01-02 00:00:00Z,5\n1970-01-02T00:00+12:00,8\n", {}, None),
        ("x,y\n1.1.1970,3\n02.01.1970,5\n3.1.1970,8\n", {"date_format": "%d.%m.%Y"}, [0, 1, 2]),
        ("x,y\n01/02/70,3\n01/03/70,5\n01/01/70,8\n", {"date_format": "%m/%d/%y"}, [1, 2, 0]),
        (
            'x,y\n"Jan 2, 1970",3\n"Jan 5, 1970",5\n"Feb 1, 1970",8\n',
            {"date_format": "%b %d, %Y"},
            [1, 4, 31],
        ),
        (
            "".join(
                f'{{"x": "1970-01-0{day}", "y": {y}}}\n' for day, y in ((5, 3), (2, 5), (3, 8))
            ),
            {},
            [4, 1, 2],
        ),
    ],
)
def test_dates_are_days_since_1970(
    write: Write, text: str, options: dict[str, Any], days: list[float] | None
) -> None:
    if days is None and "2024" in text:
        days = [
            (day - date(1970, 1, 1)).days
            for day in (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1))
        ]
    days = days or [0.5, 1, 0.5]
    table = open_table(write(text), "x", "y", Reading(**options))
    assert fitted(table) == pytest.approx(exact(list(zip(days, (3, 5, 8), strict=True))), rel=1e-9)
    assert table.labels == ("x (days since 1970-01-01)", "y")
    assert table.notes[-1] == "x is read as days since 1970-01-01"


def test_a_date_that_does_not_exist_is_named(write: Write, refused: Refused) -> None:
    error = refused(write("x,y\n2024-02-29,3\n2024-03-01,5\n2023-02-29,8\n"), "x", "y")
    assert (error.line, error.message) == (4, "x is '2023-02-29', not a date")


def test_a_column_of_other_texts_is_not_taken_for_dates(write: Write, refused: Refused) -> None:
    error = refused(write("x,y\n2024-02-29,3\n5,5\n"), "x", "y")
    assert (error.line, error.value) == (2, "2024-02-29")


MANY = "x,y\n1,3\n2,none\nNA,7\n-999,1\n?,?\n3,8\n2,5\n"


@pytest.mark.parametrize(
    ("options", "used", "skipped", "missing"),
    [
        ({"missing": "skip", "na": "none,-999"}, 3, 4, 4),
        ({"bad_rows": "skip", "na": "none,-999"}, 3, 4, 4),
        ({"bad_rows": "skip", "na": "none"}, 4, 3, 3),
        ({"bad_rows": "skip"}, 4, 3, 2),
    ],
)
def test_missing_cells_are_counted_apart(
    write: Write, options: dict[str, Any], used: int, skipped: int, missing: int
) -> None:
    table = open_table(write(MANY), "x", "y", Reading(**options))
    assert table.moments().rows == used
    assert (table.skipped, table.missing) == (skipped, missing)


def test_a_typing_error_stops_where_missing_cells_are_left_out(
    write: Write, refused: Refused
) -> None:
    error = refused(write(MANY), "x", "y", missing="skip")
    assert (error.line, error.column, error.value) == (3, "y", "none")
    assert (
        error.hint
        == "leave such rows out with --bad-rows skip, and list them with --rejects FILE.csv"
    )


def test_missing_cells_alone_are_told_what_leaves_them_out(write: Write, refused: Refused) -> None:
    error = refused(write("x,y\n1,3\n2,\nNA,7\n3,8\n"), "x", "y")
    assert "--missing skip" in (error.hint or "")


@pytest.mark.parametrize("cell", ["-999.0", "-9.99e2", "−999"])
def test_a_number_that_means_nothing_may_be_written_in_any_way(write: Write, cell: str) -> None:
    path = write(f"x,y\n1,3\n{cell},5\n2,5\n3,8\n")
    table = open_table(path, "x", "y", Reading(na="-999", missing="skip"))
    assert fitted(table) == exact(PLAIN)


def test_numbers_in_memory_may_mean_nothing_too() -> None:
    data = {"x": [1.0, 2.0, -999.0, 3.0], "y": [3, 5, 7, 8]}
    table = open_table(data, "x", "y", Reading(na="-999", missing="skip"))
    assert fitted(table) == exact(PLAIN)


def test_two_columns_of_one_name_are_told_apart_by_place(write: Write, refused: Refused) -> None:
    path = write("a,a,y\n9,1,3\n9,2,5\n9,3,8\n")
    table = open_table(path, "@2", "y")
    assert (table.columns, fitted(table)) == (("a", "y"), exact(PLAIN))
    assert refused(path, "a", "y").hint == "choose one by its place: --x @1 or @2"
    assert refused(path, "@4", "y").message == "no column '@4'; it has 'a', 'a', 'y'"
    assert refused(path, "@3", "y").message == "x and y are both '@3'; a line needs two columns"


@pytest.mark.parametrize(
    ("header", "x", "y"),
    [
        ("y,x", "x", "y"),
        ("price,area", "area", "price"),
        ("Price,SqFt", "SqFt", "Price"),
        ("LABEL,b", "b", "LABEL"),
        ("a,target", "a", "target"),
        ("a,b", "a", "b"),
    ],
)
def test_a_target_is_never_taken_for_x(write: Write, header: str, x: str, y: str) -> None:
    table = open_table(write(f"{header}\n1,3\n2,5\n3,8\n"))
    assert table.columns == (x, y)
    assert table.notes == [f"{y} is predicted from {x}; --x and --y name other columns"]


@pytest.mark.parametrize(("header", "given"), [("y,target", {}), ("price,area", {"y": "area"})])
def test_where_only_a_target_is_left_for_x_it_must_be_named(
    write: Write, refused: Refused, header: str, given: dict[str, str]
) -> None:
    error = refused(write(f"{header}\n1,3\n2,5\n"), **given)
    assert "which columns are meant?" in error.message


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"delimiter": "::"}, "delimiter: expected one character"),
        ({"delimiter": "a"}, "delimiter: expected one character"),
        *(
            ({"comment": bad}, "comment: expected marks that begin no value")
            for bad in ("#x", "\n", " ", "1", "-", ".", "+", ",", '"')
        ),
        ({"comment": "\udcff"}, "comment: expected UTF-8 text"),
        ({"thousands": "x"}, "thousands: expected one of"),
        ({"thousands": ",", "decimal": ","}, "thousands: expected another mark"),
        ({"date_format": "%Q"}, "date_format: expected a year"),
        ({"date_format": "%d.%m."}, "date_format: expected a year"),
        *(
            ({"date_format": bad}, "date_format: expected a year")
            for bad in ("", "%", "%Y%", "%%Y")
        ),
        *(
            ({"date_format": bad}, f"date_format: expected each directive once, got {bad!r}")
            for bad in ("%Y%Y", "%Y-%m-%d-%d", "%y %Y %y", "%Y%z%%%z")
        ),
        ({"date_format": "%Y%Y" * 9999}, "date_format: expected each directive once"),
        ({"date_format": "%Y\udcff"}, "date_format: expected UTF-8 text"),
        ({"na": "\udcff"}, "na: expected UTF-8 text"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    write: Write, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        open_table(write("x,y\n1,3\n2,5\n"), "x", "y", Reading(**options))
    assert caught.value.message.startswith(said)
    assert len(caught.value.message) < 400


PIECES = [*(f"%{letter}" for letter in "YymdjHIMSfpbBaAzQU%"), *" -./:T\0\n(["]


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_a_format_is_refused_or_reads_any_text(pattern: str) -> None:
    with suppress(ConfigError):
        dates = dates_of(Reading(date_format=pattern))
        assert dates is not None
        for text in ("", "2024-05-01", pattern, "% (["):
            dates.read(text)


def test_units_below_the_header_are_a_bad_row_with_a_hint(write: Write, refused: Refused) -> None:
    error = refused(write("area,price\n(m²),(EUR)\n1,3\n2,5\n"))
    assert error.line == 2
    assert "units? --bad-rows skip leaves them out" in error.message


def test_a_comment_far_down_is_a_bad_row_with_a_hint(write: Write, refused: Refused) -> None:
    error = refused(write("x,y\n" + "1,3\n2,5\n" * 100 + "# the end\n"), "x", "y")
    assert error.line == 202
    assert "--comment '#'" in error.message


@pytest.mark.parametrize(
    "xs",
    [
        [
            "1610521604143693812",
            "1610521604143693900",
            "1610521604143694100",
            "1610521604143694500",
        ],
        [
            "1000000000.00000012",
            "1000000000.00000023",
            "1000000000.00000041",
            "1000000000.00000077",
        ],
    ],
)
def test_numbers_that_a_float64_cannot_tell_apart_are_said_to_be(
    write: Write, xs: list[str]
) -> None:
    rows = "".join(f"{x},{y}\n" for y, x in enumerate(xs))
    table = open_table(write(f"x,y\n{rows}"), "x", "y")
    table.moments()
    assert "a float64 holds multiples of" in table.notes[-1]


@pytest.mark.parametrize("offset", [0, 2**52, 1_700_000_000_000])
def test_whole_numbers_that_a_float64_holds_need_no_word(write: Write, offset: int) -> None:
    rows = "".join(f"{offset + x},{y}\n" for x, y in PLAIN)
    table = open_table(write(f"x,y\n{rows}"), "x", "y")
    assert table.moments().fit.theta[1] == exact(PLAIN)[2]
    assert table.notes == []


def test_numbers_that_become_equal_are_said_to_be_so(write: Write, refused: Refused) -> None:
    rows = "".join(f"{10**17 + place},{place}\n" for place in (1, 2, 3))
    error = refused(write(f"x,y\n{rows}"), "x", "y")
    assert error.message.startswith("x is 1e17 as a float64 in all 3 rows")


def test_the_file_whose_lines_end_in_two_ways_is_named(write: Write, refused: Refused) -> None:
    good, bad = write("x,y\n1,3\n", "1.csv"), write("x,y\n1,3\r\n2,5\n", "2.csv")
    error = refused([good, bad], "x", "y")
    assert (error.file, error.line) == (bad, 2)


def test_below_a_header_that_begins_like_a_comment_a_row_that_does_is_a_row(write: Write) -> None:
    rows = "1,1000,150000\n2,1500,210000\n#3,2000,290000\n4,2500,350000\n"
    for more in (0, 50):
        table = open_table(write(f"#id,sqft,price\n{rows * (more + 1)}"), "sqft", "price")
        assert table.moments().rows == 4 * (more + 1)
        spaced = open_table(write(f"# id,sqft,price\n{rows * (more + 1)}"), "sqft", "price")
        assert spaced.moments().rows == 3 * (more + 1)
    told = open_table(write(f"#id,sqft,price\n{rows}"), "sqft", "price", Reading(comment="#"))
    assert told.moments().rows == 3


@pytest.mark.parametrize(
    "word", ["nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e999", "-999"]
)
def test_a_word_for_a_missing_value_may_look_like_a_number(write: Write, word: str) -> None:
    rows = f"x,y\n1,2\n2,{word}\n3,5\n4,9\n-999,{word}\n"
    table = open_table(write(rows), reading=Reading(na=f"-999,{word}", missing="skip"))
    assert (table.moments().rows, table.skipped, table.missing) == (3, 2, 2)


TABLES = {
    "narrow": ("sqft,price", "{0},{1}"),
    "wide": ("sqft,price,beds", "{0},{1},{2}"),
    "labelled": ("name,sqft,price,beds", "n{0},{0},{1},{2}"),
    "semicolons": ("sqft;price;beds", "{0};{1};{2}"),
}


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize(
    ("first", "second", "rows", "above"),
    [
        (*pair, rows, ("", "Houses of 2024\n\n")[(nth + place) % 2])
        for nth, pair in enumerate(permutations(TABLES, 2))
        for place, rows in enumerate([(1, 4), (2, 14), (7, 5)])
    ],
)
def test_of_two_tables_no_row_is_lost(
    write: Write, refused: Refused, first: str, second: str, rows: tuple[int, int], above: str
) -> None:
    lines = []
    for name, count in zip((first, second), rows, strict=True):
        header, row = TABLES[name]
        lines += [header, *(row.format(place, place % 7, place % 3) for place in range(count))]
    path = write(above + "\n".join(lines))
    with (
        suppress(DataError),
        open_table(path, "sqft", "price", Reading(bad_rows="skip")) as table,
    ):
        assert table.moments().rows + table.skipped == len(lines) - 1
    error = refused(path, "sqft", "price")
    if ";" not in "".join(lines) and rows[0] < rows[1]:
        below = rows[0] + 1 + 2 * bool(above)
        assert f"--skip {below}" in f"{error.message} {error.details} {error.hint}"
        with open_table(path, "sqft", "price", Reading(skip=below)) as table:
            assert table.moments().rows == rows[1]


@pytest.mark.parametrize("above", ["", "a title\n\n"])
def test_a_header_that_is_read_as_a_row_is_explained(
    refused: Refused, write: Write, above: str
) -> None:
    path = write(f"{above}sqft,price\n1000,2\n1500,3\n2000,5\n")
    skip = 2 if above else 0
    error = refused(path, header=False, skip=skip)
    assert "names? leave out --no-header)" in error.message
    assert open_table(path, reading=Reading(skip=skip)).columns == ("sqft", "price")


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize("above", ["", '# 5" is an inch\n'])
@pytest.mark.parametrize("rows", [3, 12])
@pytest.mark.parametrize(
    "text", ["a\n#q", "a\n#q,1,2\n% b", '#\n# ""q""\n#', 'a"",\n#,""', 'a,""\n#q']
)
def test_a_line_within_a_quoted_cell_is_no_comment(
    write: Write, above: str, text: str, rows: int
) -> None:
    lines = [f'{row},{row % 7},5" pipe\n{row},1,"{text}"\n' for row in range(rows)]
    with open_table(write(f"{above}x,y,n\n{''.join(lines)}"), "x", "y") as table:
        assert table.moments().rows == 2 * rows
        assert any("comments" in note for note in table.notes) == bool(above)


def test_a_quoted_cell_is_no_comment(refused: Refused, write: Write) -> None:
    path = write('x,y\n1,2\n"# r",3\n4,5\n5,9\n')
    assert refused(path).message == "x is '# r', not a number"


@pytest.mark.parametrize("header", ["01.02.2024;2", "01.02.2024;NA"])
def test_a_first_row_of_dates_is_no_header(refused: Refused, write: Write, header: str) -> None:
    path = write(f"{header}\n03.02.2024;5\n06.02.2024;5\n")
    for names in ((None, None), ("@1", "@2")):
        error = refused(path, *names, date_format="%d.%m.%Y")
        assert "add --no-header" in (error.hint or "")
    reading = Reading(date_format="%d.%m.%Y", header=False, missing="skip")
    assert open_table(path, "@1", "@2", reading).moments().rows == 3 - header.endswith("NA")


@pytest.mark.parametrize("na", ["0", "1", "2", "1.0,2"])
@pytest.mark.parametrize("dates", [False, True])
def test_a_number_that_means_nothing_is_no_place_of_a_level_or_a_day(
    write: Write,
    na: str,
    dates: bool,  # noqa: FBT001
) -> None:
    cells = ["1970-01-01", "1970-01-02", "1970-01-03"] if dates else ["a", "b", "c"]
    rows = [f"{cell},{y}" for cell, y in zip(cells * 2, range(6), strict=True)]
    path = write("\n".join(["x,y", *rows]))
    with open_table(path, "x", "y", Reading(na=na, bad_rows="skip")) as table:
        expected = 6 - sum(str(y) in na.replace("1.0", "1").split(",") for y in range(6))
        assert table.moments().rows == expected


@pytest.mark.parametrize("label", ["b 7", "b c", "7 b"])
@pytest.mark.parametrize("short", ["", "a\t0\n"])
def test_tabs_cut_cells_with_spaces_though_one_is_empty(
    write: Write, label: str, short: str
) -> None:
    text = f"name\tx\ty\na\t250.25\t5\na\t3\t0.5\na\t1\t0\n{short}{label}\t\t0\n"
    with open_table(write(text), "x", "y", Reading(bad_rows="skip")) as table:
        assert table.moments().rows == 3
        assert (table.skipped, table.missing) == (1 + bool(short), 1)
