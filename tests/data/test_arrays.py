"""Tables that are arrays in memory."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import fitline
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
    assert (moments.rows, *moments.fit.theta) == (len(data["x"]), 1.0, 2.0)


def test_names_that_differ_in_case_only_are_different_arrays() -> None:
    moments = open_table({"x": X, "X": 1 + 2 * X}, "x", "X").moments()
    assert tuple(moments.fit.theta) == (1.0, 2.0)


def test_rows_that_are_not_finite_are_named_and_counted(tmp_path: Path, refused: Refused) -> None:
    data = {"x": [0, np.nan, 2, 3], "y": [1, 3, -np.inf, 7]}
    error = refused(data)
    assert "arrays, row 2: x is missing" in str(error)
    assert "arrays, row 3: y is '-inf', not a finite number" in str(error)
    table = open_table(data, reading=Reading(bad_rows="skip"), rejects=tmp_path / "rejects.csv")
    assert (table.moments().fit.theta[1], table.skipped) == (2.0, 2)
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
        ({"x": [], "y": []}, "0 rows cannot determine a line"),
        (
            {"x": [np.longdouble("1e4000"), 1, 2], "y": [1, 2, 3]},
            "x is '1e+4000', not a finite number",
        ),
        ({}, ""),
    ],
)
def test_what_is_no_table_is_refused(refused: Refused, data: dict[str, Any], said: str) -> None:
    assert said in str(refused(data))


def test_a_masked_number_is_missing(refused: Refused) -> None:
    masked = np.ma.array([1.0, 2.0, 99.0], mask=[False, False, True])
    assert "row 3" in str(refused({"x": masked, "y": [3.0, 5.0, 7.0]}))


WAYS: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "lists": dict,
    "objects": lambda table: {name: np.array(c, dtype=object) for name, c in table.items()},
    "pandas": pd.DataFrame,
    "polars": lambda table: pl.DataFrame(table, strict=False),
    "rows": lambda table: [list(row) for row in zip(*table.values(), strict=True)],
}


@pytest.mark.parametrize(
    ("way", "cell", "column", "option"),
    [
        (way, cell, *[(0, {"missing": "skip"}), (1, {})][(nth + place) % 2])
        for nth, way in enumerate(WAYS.values())
        for place, cell in enumerate(["oops", "12,5", "1_000"])
    ],
)
def test_a_typing_error_is_never_taken_for_a_missing_value(
    refused: Refused,
    way: Callable[[dict[str, list[Any]]], Any],
    column: int,
    cell: str,
    option: dict[str, Any],
) -> None:
    table: dict[str, list[Any]] = {"c1": ["1", "2", "3", "4"], "c2": ["1", "2", "4", "5"]}
    table[f"c{column + 1}"][1] = cell
    error = refused(way(table), "c1", "c2", **option)
    assert (error.line, error.column, error.value) == (2, f"c{column + 1}", cell)
    assert f"c{column + 1} is {cell!r}, not a number" in error.message


@pytest.mark.parametrize(
    "cell", [{}, b"c", 1j, [1], {"a": 1}, date(2024, 1, 1), object(), "\ud800", "NaT"]
)
def test_an_object_that_is_no_number_is_never_taken_for_a_missing_value(
    refused: Refused, cell: object
) -> None:
    y = np.array([1, None, 3, 4], dtype=object)
    y[2] = cell
    error = refused({"x": [1, 2, 3, 4], "y": y}, missing="skip")
    assert (error.line, error.column) == (3, "y")


NOTHING = [None, np.nan, pd.NA, pd.NaT, np.datetime64("NaT"), "", " ", "NA", "n/a", "null", "-"]


@pytest.mark.parametrize("cell", NOTHING, ids=repr)
@pytest.mark.parametrize("other", [1, "1"])
def test_what_says_that_nothing_is_there_is_missing(cell: object, other: object) -> None:
    table = open_table({"x": [other, cell, 3, 4], "y": X[:4]}, reading=Reading(missing="skip"))
    assert table.moments().rows == 3
    assert (table.skipped, table.missing) == (1, 1)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    ("cells", "option"),
    [
        (["2024-01-01", "2024-01-05T12:00", "2024-01-09"], {}),
        (["1.1.2024 00", "5.1.2024 12", "9.1.2024 00"], {"date_format": "%d.%m.%Y %H"}),
    ],
)
def test_dates_in_x_are_days_as_in_files(
    way: Callable[[dict[str, list[Any]]], Any], cells: list[Any], option: dict[str, Any]
) -> None:
    run = fitline.train(way({"c1": cells, "c2": [1, 10, 17]}), x="c1", y="c2", steps=0, **option)
    assert dict(run.model.units) == {"c1": "days since 1970-01-01"}
    moments = run.training.moments
    assert (moments.x_min[0], moments.x_max[0], moments.fit.theta[1]) == (19_723, 19_731, 2.0)


def test_objects_that_are_dates_are_days() -> None:
    x = [date(2024, 1, 1), datetime(2024, 1, 5, 12), date(2024, 1, 9)]  # noqa: DTZ001
    moments = open_table({"x": x, "y": [1, 10, 17]}).moments()
    assert (moments.x_min[0], moments.x_max[0], moments.fit.theta[1]) == (19_723, 19_731, 2.0)


def test_a_date_that_cannot_be_read_is_named(refused: Refused) -> None:
    data = {"x": ["2024-01-01", "soon", "2024-01-09", None], "y": [1, 2, 4, 5]}
    for option in ({}, {"date_format": "%Y-%m-%d"}):
        error = refused(data, missing="skip", **option)
        assert str(error) == "arrays, row 2: x is 'soon', not a date"


def test_a_model_of_dates_predicts_for_dates() -> None:
    dates = ["2024-01-01", "2024-01-05", "2024-01-09"]
    model = fitline.train({"x": dates, "y": [1, 9, 17]}).model
    assert model.predict([*dates, None]).round(6).tolist()[:3] == [1, 9, 17]
    assert model.predict([19_723]).round(6).tolist() == [1]
    with pytest.raises(DataError, match="row 2: x is 'soon', not a date"):
        model.predict({"x": ["2024-01-01", "soon"]})


def test_marks_of_numbers_are_those_of_texts() -> None:
    data = {"x": ["1,5", 2.5, "3.000,5"], "y": [1.5, -999, 4]}
    table = open_table(
        data, reading=Reading(decimal=",", thousands=".", na="-999", missing="skip")
    )
    moments = table.moments()
    assert (moments.rows, moments.x_min[0], moments.x_max[0], table.missing) == (2, 1.5, 3000.5, 1)


TEXTS = ["1", "2.5", "-3e2", "+-5", "oops", "1_0", "", "NA", "7", "inf", "8", " 9"]
CELLS = st.sampled_from(TEXTS)


FAILING, WITHOUT_MISSING, SKIPPING = Reading(), Reading(missing="skip"), Reading(bad_rows="skip")


@settings(max_examples=20)
@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=3, max_size=8),
    st.sampled_from([FAILING, WITHOUT_MISSING, SKIPPING]),
)
@example([(x, str(y)) for y, x in enumerate(TEXTS)], SKIPPING)
@example([(str(x), y) for x, y in enumerate(TEXTS)], SKIPPING)
@example([("1", "2"), ("1_0", "3"), ("3", "5")], FAILING)
@example([("1", "2"), ("+-5", "3"), ("3", "5")], WITHOUT_MISSING)
def test_texts_in_arrays_are_read_as_in_a_file(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], reading: Reading
) -> None:
    path = tmp_path_factory.getbasetemp() / "same.csv"
    path.write_text("".join(f"n,{x},{y}\n" for x, y in [("x", "y"), *rows]), encoding="utf-8")
    xs, ys = zip(*rows, strict=True)
    told = []
    for data, above in ((str(path), 1), ({"x": xs, "y": ys}, 0)):
        try:
            table = open_table(data, "x", "y", reading)
            moments = table.moments()
            told.append((moments.rows, moments.fit.theta[1], table.skipped, table.missing))
        except DataError as error:
            line = error.line and error.line - above
            reason = error.message.replace(str(path), "arrays").split(" (units?")[0]
            told.append((line, error.column, error.value, reason))
    assert told[0] == told[1]


def test_a_column_that_its_own_library_cannot_convert_is_named() -> None:
    class Odd:
        def __array__(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("cannot convert i128 to NumPy")

    with pytest.raises(DataError, match="x holds no numbers: cannot convert i128"):
        open_table({"x": Odd(), "y": [1, 2]}, "x", "y")
