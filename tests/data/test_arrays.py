"""Tables that are arrays in memory."""

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitline.data import Reading, open_table
from fitline.errors import DataError

Refused = Callable[..., DataError]

X = np.arange(5.0)


@pytest.mark.parametrize(
    "data",
    [
        {"x": X, "y": 1 + 2 * X},
        {"x": [0, 1, 2], "y": (1, 3, 5)},
        {"y": 1 + 2 * X, "n": 0 * X, "x": X},
        {"x": X.astype(np.float32), "y": (1 + 2 * X).astype(np.int8)},
        {"x": np.arange(10.0)[::2], "y": 1 + 2 * np.arange(10.0)[::2]},
        {"x": X[::-1], "y": 1 + 2 * X[::-1]},
        {"x": [Fraction(1, 2), Fraction(3, 2)], "y": [2, 4]},
        {"x": X, "y": 1 + 2 * X, "name": ["a", "b", "c", "d", "e"]},
    ],
)
def test_named_arrays_are_a_table(data: dict[str, Any]) -> None:
    table = open_table(data, "x", "y")
    moments = table.moments()
    assert table.source == "arrays"
    assert (moments.rows, moments.intercept, moments.slope) == (len(data["x"]), 1.0, 2.0)


def test_names_that_differ_in_case_only_are_different_arrays() -> None:
    moments = open_table({"x": X, "X": 1 + 2 * X}, "x", "X").moments()
    assert (moments.intercept, moments.slope) == (1.0, 2.0)


def test_rows_that_are_not_finite_are_named_and_counted(tmp_path: Path, refused: Refused) -> None:
    data = {"x": [0, np.nan, 2, 3], "y": [1, 3, -np.inf, 7]}
    error = refused(data)
    assert "arrays, row 2: x is missing" in str(error)
    assert "arrays, row 3: y is '-inf', not a finite number" in str(error)
    table = open_table(data, reading=Reading(bad_rows="skip"), rejects=tmp_path / "rejects.csv")
    assert (table.moments().slope, table.skipped) == (2.0, 2)
    with (tmp_path / "rejects.csv").open(newline="") as stream:
        assert [row["line"] for row in csv.DictReader(stream)] == ["2", "3"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"x": ["a", "b"], "y": [1, 2]}, "arrays, row 1: x is 'a', not a number"),
        ({"x": [[1], [1, 2]], "y": [1, 2]}, "x holds no numbers"),
        ({"x": [1 + 2j, 3], "y": [1, 2]}, "x holds complex128, not numbers"),
        ({"x": [10**400, 3], "y": [1, 2]}, "not a finite number"),
        ({"x": [1, 2], "y": [1]}, "one length, but x has 2 rows and y has 1 row"),
        (
            {"x": [[1, 2]], "y": [[1, 2]]},
            "x has the shape (1, 2), and must have the shape (rows,)",
        ),
        ({"x": 1, "y": 2}, "x is '1', and must have the shape (rows,)"),
        ({"x": {1, 2}, "y": [1, 2]}, "x is '{1, 2}', and must have the shape (rows,)"),
        ({"x": b"12", "y": [1, 2]}, "must have the shape (rows,)"),
        ({"x": [], "y": []}, "0 rows cannot tell a line"),
        ({}, ""),
    ],
)
def test_what_is_no_table_is_refused(refused: Refused, data: dict[str, Any], said: str) -> None:
    assert said in str(refused(data))


def test_a_masked_number_is_missing(refused: Refused) -> None:
    masked = np.ma.array([1.0, 2.0, 99.0], mask=[False, False, True])
    assert "row 3" in str(refused({"x": masked, "y": [3.0, 5.0, 7.0]}))
