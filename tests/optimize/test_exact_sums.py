"""Sums of products are exact, in whatever order and blocks the rows come."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from operator import mul

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactly import as_whole
from fitline.optimize import exact_sums
from fitline.optimize.exact_sums import ExactSums
from fitline.vector import Vector

Matrix = list[list[Fraction]]

NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6).map(float),
    st.floats(-1e75, 1e75, allow_nan=False),
    st.floats(-1e-200, 1e-200, allow_subnormal=True),
)


def summed(rows: Vector, size: int = 8192) -> Matrix:
    sums = ExactSums(len(rows))
    for first in range(0, rows.shape[1], size):
        sums.add(rows[:, first : first + size])
    assert sums.moments().weight == rows.shape[1]
    return told(sums)


def told(sums: ExactSums) -> Matrix:
    found = sums.moments()
    pairs = zip(found.exponents, found.fives, strict=True)
    units = [Fraction(2) ** exponent / 5**five for exponent, five in pairs]
    return [
        [value * units[i] * units[j] for j, value in enumerate(row)]
        for i, row in enumerate(found.matrix)
    ]


def exact(rows: Vector) -> Matrix:
    columns = [([1] * rows.shape[1], 1), *map(as_whole, rows.tolist())]
    return [
        [Fraction(sum(map(mul, one, two)), parts * others) for two, others in columns]
        for one, parts in columns
    ]


def grown(count: int) -> Vector:
    """Give a column that grows 1e8-fold, beside one that is constant and one that shrinks."""
    places = np.arange(1.0, count + 1)
    return np.array([places**3 * 1e-3, np.full(count, 0.1), 1e8 / places**3])


TABLES = {
    "whole numbers": np.arange(-300.0, 300.0).reshape(2, 300),
    "decimals": np.round(np.random.default_rng(1).normal(size=(3, 400)) * 100, 2),
    "sizes 1e-12 beside 1e12": np.random.default_rng(2).normal(size=(2, 300))
    * np.array([[1e-12], [1e12]]),
    "growing and shrinking": grown(500),
    "zeros first, tiny afterwards": np.array([[0.0] * 50 + [1e-200] * 50, [1.0] * 100]),
    "all zero": np.zeros((2, 10)),
    "subnormal": np.array([[5e-324, -1e-310, 0.0], [1.0, 2.0, 3.0]]),
    "as large as digits can be": np.full((2, 8192), 2.0**20 + 0.5),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_sum_is_exact(name: str) -> None:
    rows, expected = TABLES[name], exact(TABLES[name])
    for size in (max(7, rows.shape[1] // 100), 8192):
        assert summed(rows, size) == expected
        assert summed(rows[:, ::-1], size) == expected


@contextmanager
def cutting_few() -> Iterator[None]:
    """Make room for 64 rows at once, since to make it for 32,768 takes most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact_sums, "CUT_AT_ONCE", 64)
        yield


@settings(max_examples=50)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=30), st.integers(1, 9))
def test_any_numbers_have_exact_sums(rows: list[tuple[float, float]], size: int) -> None:
    columns = np.array(rows).T
    with cutting_few():
        assert summed(columns, size) == exact(columns)


def test_the_ends_of_the_columns_are_seen() -> None:
    sums = ExactSums(2)
    sums.add(np.array([[3.0, -1.0], [5.0, 5.0]]))
    sums.add(np.array([[7.0], [4.0]]))
    assert (sums.low.tolist(), sums.high.tolist()) == ([-1.0, 4.0], [7.0, 5.0])


def test_many_blocks_are_carried_into_integers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact_sums, "BLOCKS_AT_ONCE", 3)
    rows = np.random.default_rng(3).normal(size=(2, 100))
    assert summed(rows, 4) == exact(rows)


def test_products_of_the_largest_digits_fit_into_an_int64_and_a_float64() -> None:
    largest = 2 ** (exact_sums.DIGIT - 1)
    assert exact_sums.BLOCK * largest**2 <= 2**53
    assert exact_sums.BLOCKS_AT_ONCE * exact_sums.BLOCK * largest**2 < 2**63


def test_sums_of_blocks_that_are_cut_in_many_ways_are_exact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact_sums, "MOST_APART", 3)
    draw = np.random.default_rng(4)
    blocks = [
        draw.normal(size=(3, 20)) * np.ldexp(1.0, draw.integers(-300, 300, size=(3, 1)))
        for _ in range(40)
    ]
    sums = ExactSums(3)
    for block in blocks:
        sums.add(block)
    assert told(sums) == exact(np.concatenate(blocks, axis=1))


@settings(max_examples=40)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=30), st.integers(1, 4))
def test_the_sums_of_parts_add_up_to_those_of_the_whole(
    rows: list[tuple[float, float]], parts: int
) -> None:
    whole = np.array(rows).T
    with cutting_few():
        sums = [ExactSums(2) for _ in range(parts)]
        for nth, part in enumerate(sums):
            part.add(whole[:, nth::parts])
        total = ExactSums.total(sums)
        assert told(total) == summed(whole)
    assert (total.rows, total.low.tolist()) == (len(rows), whole.min(axis=1).tolist())
    assert total.high.tolist() == whole.max(axis=1).tolist()
