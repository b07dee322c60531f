"""What a cell must hold, and what is advised where it does not."""

from collections.abc import Callable

import pytest

from fitline import train
from fitline.data.cell_errors import trouble
from fitline.errors import DataError

Write = Callable[..., str]
Refused = Callable[..., DataError]


@pytest.mark.parametrize("cell", ["1", " 1.5 ", "1e5", "+.5", "5.", "-0", "1e-400", 3, 2.5])
def test_a_finite_number_is_no_trouble(cell: object) -> None:
    assert trouble("x", cell) is None


@pytest.mark.parametrize(
    "cell", [None, "", " \t", "NA", "n/a", "NaN", "nan", "null", "NULL", "-", "?", " . "]
)
def test_a_cell_that_says_nothing_is_missing(cell: object) -> None:
    assert trouble("x", cell) == "x is missing"


@pytest.mark.parametrize("cell", ["-inf", "1e400", "Infinity"])
def test_a_number_that_is_not_finite_is_called_so(cell: str) -> None:
    assert trouble("x", cell) == f"x is '{cell}', not a finite number"


def test_a_long_cell_is_cut() -> None:
    assert trouble("x", "a" * 1000) == "x is '" + "a" * 39 + "…', not a number"
    assert trouble("x", 10**400) == "x is '1" + "0" * 38 + "…', not a finite number"


@pytest.mark.parametrize("cell", ["_1", "1__0", "--5", "+-5", "- 5", "0x10", "٣", "1d5", "abc"])
def test_where_nothing_is_certain_nothing_is_advised(cell: str) -> None:
    assert trouble("x", cell) == f"x is '{cell}', not a number"


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("1.150,25", "--decimal , --thousands . reads it as 1150.25"),
        ("3,14159", "--decimal , reads it as 3.14159"),
        ("0,123", "--decimal , reads it as 0.123"),
        ("1,5e3", "--decimal , reads it as 1500"),
        ("1 234,5", '--decimal , --thousands " " reads it as 1234.5'),
        ("+1,5", "--decimal , reads it as 1.5"),
        ("−0,25", "--decimal , reads it as -0.25"),
        ("1,234", "--decimal , reads it as 1.234, --thousands , reads it as 1234"),
        ("1,234.5", "--thousands , reads it as 1234.5"),
        ("1 000 000", '--thousands " " reads it as 1000000'),
        ("1'000", '--thousands "\'" reads it as 1000'),
        ("1_000", "--thousands _ reads it as 1000"),
        ("'5", "leave out the apostrophe: 5"),
        ("$5", "leave out the currency sign: 5"),
        ("5 €", "leave out the currency sign: 5"),
        ("5%", "leave out the percent sign: 5"),
        ("$10.50%", "leave out the currency sign and the percent sign: 10.50"),
        ("$1,000.50", "leave out the currency sign; --thousands , reads it as 1000.5"),
        ("31.12.2024", "a date? x may hold dates; --date-format tells how they are written"),
        ("4\ufffd", "not UTF-8; name its encoding, such as --encoding latin-1"),
    ],
)
def test_only_what_is_certain_is_advised(cell: str, advice: str) -> None:
    assert trouble("x", cell) == f"x is {cell!r}, not a number ({advice})"


@pytest.mark.parametrize("cell", ['"1,000"', "$1000", '"0,5"'])
def test_the_advice_reaches_the_reader_of_a_table(
    write: Write, refused: Refused, cell: str
) -> None:
    path = write(f"x,y\n1,3\n{cell},5\n3,7\n")
    error = refused(path)
    assert (error.file, error.line, error.column) == (path, 3, "x")
    assert error.value == cell.strip('"')
    assert error.message == trouble("x", error.value)


def test_a_cell_that_is_not_utf_8_says_so(write: Write, refused: Refused) -> None:
    error = refused(write(b"x,y\n1,3\n2,5\xb0\n3,7\n"))
    assert error.line == 3
    assert error.message == trouble("y", "5\ufffd")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "0 rows cannot determine a line; it takes two or more"),
        ("1,3\n", "1 row cannot determine a line; it takes two or more"),
        ("1,3\n1,5\n1,7\n", "x is 1 in all 3 rows, so no slope is better than another"),
        ("1e300,3\n2e300,5\n", "the numbers are too large or too small to be squared"),
        ("1,1e300\n2,-1e300\n3,1e308\n", "the numbers are too large or too small to be squared"),
        ("-1e308,3\n1.7e308,5\n", "the numbers are too large or too small to be squared"),
        ("1e-300,3\n2e-300,5\n", "the numbers are too large or too small to be squared"),
        ("5e-324,3\n0,5\n", "the numbers are too large or too small to be squared"),
    ],
)
def test_rows_that_tell_no_line_are_refused(
    write: Write, refused: Refused, rows: str, said: str
) -> None:
    assert refused(write("x,y\n" + rows)).message == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "0 rows cannot determine a line; it takes one or more"),
        ("0,3\n", "x is 0 in its only row, so no slope is better than another"),
    ],
)
def test_rows_that_tell_no_line_through_the_origin_are_refused(
    write: Write, rows: str, said: str
) -> None:
    with pytest.raises(DataError) as told:
        train(write("x,y\n" + rows), x="x", y="y", intercept=False)
    assert told.value.message == said


def test_a_table_of_nothing_but_bad_rows_says_how_many_were_skipped(
    write: Write, refused: Refused
) -> None:
    path = write("x,y\na,b\nc,d\ne\n")
    assert "3 rows" in refused(path, bad_rows="fail").message
    error = refused(path, bad_rows="skip")
    assert "0 rows cannot determine a line" in error.message
    assert "3 rows" in f"{error.message} {error.hint}"


def test_a_decorated_decimal_comma_is_told_what_to_leave_out(
    write: Write, refused: Refused
) -> None:
    error = refused(write("x;y\n1,5;2,0 €\n2,5;3,5\n3,5;4,0\n"), "x", "y")
    assert error.message == "y is '2,0 €', not a number (leave out the currency sign: 2,0)"
