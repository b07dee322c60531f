"""The rows of the largest errors: where they stand in files of every kind, and their influence."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest

from fitline.data import Reading, arrow, open_table
from fitline.data.far_rows import FarRows, far_rows
from fitline.statistics.influence import cooks_distances
from fitline.statistics.intervals import Uncertainty

Write = Callable[..., str]

ODD = 'x,y,note\n1,1,a\n\n2,9,"b\nb"\nthree,3,c\n4,4,d,e\n5,-2,"f"\n6,6,g\n'
"""Rows stand on the lines 2, 4 to 5, 8 and 9; those on 6 and 7 cannot be used."""


def found(data: object, wanted: int, **reading: str) -> tuple[FarRows, list[tuple[str, int, str]]]:
    """Find rows far from y = x."""
    with open_table(data, "x", "y", Reading(**reading)) as table:  # type: ignore[arg-type]
        far = far_rows(table, table.moments(), np.array([0.0, 1.0]), wanted, [0, 0.5, 1])
    return far, [(Path(one.file).name, one.line, one.unit) for one in far.places]


@pytest.mark.parametrize("wanted", [1, 2, 3, 4, 9])
def test_lines_are_those_of_the_file_whatever_stands_between(write: Write, wanted: int) -> None:
    far, places = found(write(ODD), wanted, bad_rows="skip")
    assert places == [("table.csv", line, "line") for line in (4, 8, 2, 9)][:wanted]
    errors = far.columns[1] - far.columns[0]
    np.testing.assert_array_equal(errors, [7, -7, 0, 0][:wanted])  # of equal ones the first
    np.testing.assert_array_equal(far.quantiles, [-7, 0, 7])


def test_every_kind_of_file_has_places(write: Write, tmp_path: Path) -> None:
    lines = write('{"x":1,"y":1}\n\n{"x":2,"y":5}\n{"x":3,"y":3}\n', "table.jsonl")
    assert found(lines, 1)[1] == [("table.jsonl", 3, "line")]
    parquet = tmp_path / "table.parquet"
    duckdb.sql("select range as x, range * range as y from range(5)").write_parquet(str(parquet))
    assert found(parquet, 2)[1] == [("table.parquet", 5, "row"), ("table.parquet", 4, "row")]
    assert found({"x": [1, 2, 3], "y": [1, 0, 3]}, 1)[1] == [("arrays", 2, "row")]


def test_rows_of_several_files_are_told_apart(write: Write) -> None:
    files = [
        write("x,y\n1,1\n2,3\n", "a.csv"),
        write("x,y\n1,8\n", "b.csv"),
        write("y,x\n4,4\n9,1\n", "c.csv"),
    ]
    places = found(files, 3)[1]
    assert places == [("c.csv", 3, "line"), ("b.csv", 2, "line"), ("a.csv", 3, "line")]


def test_many_blocks_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = arrow.batches

    def blocks(relation: Any) -> Iterator[tuple[Any, Any]]:
        for columns, filled in batches(relation):
            for start in range(0, len(filled), 999):
                yield columns[:, start : start + 999], filled[start : start + 999]

    monkeypatch.setattr(arrow, "batches", blocks)
    random = np.random.default_rng(5)
    x, y = random.normal(size=(2, 10_000))
    place = tmp_path / "many.csv"
    pl.DataFrame({"x": x, "y": y}).write_csv(place)
    far, places = found(place, 50)
    order = np.argsort(-abs(y - x), kind="stable")[:50]
    assert [line for _, line, _ in places] == (order + 2).tolist()
    np.testing.assert_array_equal(far.columns, [x[order], y[order]])
    np.testing.assert_allclose(far.quantiles, np.quantile(y - x, [0, 0.5, 1]), rtol=1e-12)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_cooks_distance_is_how_far_the_fit_moves_without_the_row(
    intercept: bool,  # noqa: FBT001
    shift: float,
) -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=(12, 2)) + shift
    y = x @ [2.0, -1.0] + random.normal(size=12) + 5
    design = np.column_stack([np.ones(12) * intercept, x])[:, not intercept :]
    data = {"a": x[:, 0], "b": x[:, 1], "y": y}
    with open_table(data, ("a", "b"), "y") as table:
        moments = table.moments(intercept=intercept)
    uncertainty = Uncertainty.of(moments)
    assert uncertainty is not None
    distances = cooks_distances(moments, uncertainty, np.vstack([x.T, y]), np.ones(len(y)))

    def fitted(rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> np.ndarray:  # type: ignore[type-arg]
        return design @ np.linalg.lstsq(design[rows], y[rows], rcond=None)[0]

    every = np.ones(12, dtype=bool)
    variance = np.sum((y - fitted(every)) ** 2) / (12 - design.shape[1])
    for row in range(12):
        moved = fitted(every) - fitted(np.arange(12) != row)
        expected = moved @ moved / (design.shape[1] * variance)
        assert distances[row] == pytest.approx(expected, rel=1e-9 if not shift else 1e-3)


def test_a_row_of_all_leverage_and_an_exact_fit_have_no_distance() -> None:
    for data in ({"x": [0, 0, 0, 1], "y": [1, 2, 4, 5]}, {"x": [0, 1, 2], "y": [1, 2, 3]}):
        with open_table(data, "x", "y") as table:
            moments = table.moments()
        uncertainty = Uncertainty.of(moments)
        assert uncertainty is not None
        rows = np.array([data["x"], data["y"]], dtype=float)
        assert np.isnan(cooks_distances(moments, uncertainty, rows, np.ones(rows.shape[1]))[-1])
