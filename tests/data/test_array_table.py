"""A table of numbers in memory is that of the engine, whoever reads it and in how many threads."""

import os
from threading import Barrier, get_ident

import numpy as np
import pytest
from numpy.typing import NDArray

from fitline.config import Config
from fitline.data import engine, open_table, summing
from fitline.data.array_table import ArrayTable
from fitline.data.division import Holdout
from fitline.data.terms import Weights
from fitline.errors import DataError
from fitline.optimize.divided_sums import DividedSums
from fitline.optimize.exact_sums import BLOCK
from fitline.vector import Vector

NAMES = ["one", "two", "y"]
WEIGHTS = {
    "none": lambda _rows: None,
    "counts": lambda rows: np.arange(rows) % 3.0,
    "precisions": lambda rows: np.arange(rows) % 3 / 7,
}
HALF = Holdout(0.5, 1)


def columns(rows: int) -> tuple[Vector, Vector]:
    """Give decimals, whole numbers, and others."""
    draw = np.random.default_rng(rows)
    whole = draw.integers(-9, 9, rows)
    return np.stack([draw.normal(size=rows), whole.round(2)], axis=1), draw.normal(size=rows)


def tables(rows: int, weights: Vector | None) -> tuple[ArrayTable, object]:
    x, y = columns(rows)
    named = dict(zip(NAMES, [*x.T, y], strict=True)) | ({} if weights is None else {"w": weights})
    kind = None if weights is None else Weights("w")
    by_engine = open_table(named, ("one", "two"), "y", Config(), weights=kind)
    return ArrayTable.of(x, y, weights, NAMES, source="arrays"), by_engine


def test_each_thread_adds_to_sums_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    threads, added = 4, set()
    together = Barrier(threads, timeout=60)

    class Sums(DividedSums):
        def add(self, rows: Vector, parts: NDArray[np.intp]) -> None:
            if (mine := (id(self), get_ident())) not in added:
                added.add(mine)
                together.wait()
            super().add(rows, parts)

    own, other = tables(16 * BLOCK, None)
    expected = other.moments().fingerprint
    monkeypatch.setattr(summing, "DividedSums", Sums)
    monkeypatch.setattr(os, "cpu_count", lambda: threads)
    assert own.moments().fingerprint == expected
    assert [len({*each}) for each in zip(*added, strict=True)] == [threads, threads]


@pytest.mark.parametrize("division", [None, HALF], ids=["whole", "held out"])
@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_moments_and_rows_are_those_of_the_engine(
    kind: str, division: Holdout | None, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: threads)
    rows = 2 * BLOCK + 5
    for own, other in [tables(rows, WEIGHTS[kind](rows))]:
        found, expected = (table.moments(division=division) for table in (own, other))
        assert found.fingerprint == expected.fingerprint
        assert (found.rows, found.observations) == (expected.rows, expected.observations)
        assert own.notes == other.notes
        parts = [(found, False), (found.held_out.moments, True)] if division else [(found, False)]
        for moments, held_out in parts:
            ours, theirs = (t.rows(moments, held_out=held_out) for t in (own, other))
            for ours_, theirs_ in zip(vars(ours).values(), vars(theirs).values(), strict=True):
                np.testing.assert_array_equal(ours_, theirs_, strict=True)
            assert ours.x.strides == theirs.x.strides  # which tells how sums over it run


def test_nothing_is_asked_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "connect", lambda: pytest.fail("a database is opened"))
    with ArrayTable.of(*columns(9), None, NAMES, source="arrays") as table:
        table.rows(table.moments())


def test_a_table_without_rows_is_refused() -> None:
    table = ArrayTable.of(np.empty((0, 2)), np.empty(0), None, NAMES, source="arrays")
    with pytest.raises(DataError, match="0 rows cannot determine a line"):
        table.moments()


@pytest.mark.parametrize("kind", WEIGHTS)
def test_all_else_the_engine_answers(kind: str) -> None:
    own, other = tables(50, WEIGHTS[kind](50))
    moments = [table.moments() for table in (own, other)]
    assert own.weighted_head(3) == other.weighted_head(3)
    samples = (
        t.weighted_sample(own_, 9, 1) for t, own_ in zip((own, other), moments, strict=True)
    )
    for ours, theirs in zip(*samples, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("rows", [3, BLOCK + 3])
def test_a_number_that_is_none_is_named_by_its_row(rows: int) -> None:
    x, y = columns(rows)
    x[2, 1] = np.nan
    with pytest.raises(DataError, match="row 3: two is missing"):
        ArrayTable.of(x, y, None, NAMES, source="arrays").moments()
