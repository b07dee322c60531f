"""What a cell must hold, and what is advised where it does not."""

from collections.abc import Callable

import pytest

from fitline.errors import DataError
from fitline.sources.cells import trouble

Write = Callable[..., str]
Refused = Callable[..., DataError]


@pytest.mark.parametrize("cell", ["1", " 1.5 ", "1e5", "+.5", "5.", "-0", "1e-400", 3, 2.5])
def test_a_finite_number_is_no_trouble(cell: object) -> None:
    assert trouble("x", cell) is None


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (None, "x is missing"),
        ("", "x is missing"),
        (" \t", "x is missing"),
        ("n/a", "x is 'n/a', not a number"),
        ("nan", "x is 'nan', not a finite number"),
        ("-inf", "x is '-inf', not a finite number"),
        ("1e400", "x is '1e400', not a finite number"),
        (10**400, "x is '" + "1" + "0" * 38 + "…', not a finite number"),
        ("1,000", "x is '1,000', not a number (leave out the thousands separators: 1000)"),
        (
            "1 000 000",
            "x is '1 000 000', not a number (leave out the thousands separators: 1000000)",
        ),
        ("1'000", 'x is "1\'000", not a number (leave out the thousands separators: 1000)'),
        ("$5", "x is '$5', not a number (leave out the currency sign: 5)"),
        ("5 €", "x is '5 €', not a number (leave out the currency sign: 5)"),
        ("5%", "x is '5%', not a number (leave out the percent sign: 5)"),
        ("1,5", "x is '1,5', not a number (write the decimal comma as a point: 1.5)"),
        ("-0,25", "x is '-0,25', not a number (write the decimal comma as a point: -0.25)"),
        ("- 5", "x is '- 5', not a number (leave out the spaces: -5)"),
        ("_1", "x is '_1', not a number"),
        ("1__0", "x is '1__0', not a number"),
        ("--5", "x is '--5', not a number"),
        ("0x10", "x is '0x10', not a number"),
        ("٣", "x is '٣', not a number"),
        ("4\ufffd", "x is '4\ufffd', not a number (it is not UTF-8 text)"),
        ("a" * 1000, "x is '" + "a" * 39 + "…', not a number"),
    ],
)
def test_a_cell_that_is_no_number_is_shown_with_what_to_write(cell: object, said: str) -> None:
    assert trouble("x", cell) == said


def test_two_things_to_leave_out_are_both_named() -> None:
    advice = " (leave out the currency sign and the thousands separators: 1000.50)"
    assert trouble("x", "$1,000.50") == f"x is '$1,000.50', not a number{advice}"


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
    assert error.message == "y is '5\ufffd', not a number (it is not UTF-8 text)"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "0 rows cannot tell a line; it takes two or more"),
        ("1,3\n", "1 row cannot tell a line; it takes two or more"),
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


def test_a_table_of_nothing_but_bad_rows_says_how_many_were_skipped(
    write: Write, refused: Refused
) -> None:
    path = write("x,y\na,b\nc,d\ne\n")
    assert "3 rows" in refused(path, bad_rows="fail").message
    error = refused(path, bad_rows="skip")
    assert "0 rows cannot tell a line" in error.message
    assert "3 rows" in f"{error.message} {error.hint}"
