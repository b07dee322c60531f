"""Sums of weighted rows are those of exact fractions, and of rows that are repeated."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitline.optimize import exact_sums
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.moments import Moments
from fitline.optimize.second_moments import SecondMoments, as_written
from fitline.optimize.weighted_sums import WeightedSums
from fitline.vector import Vector

numbers = st.one_of(
    st.integers(-1000, 1000).map(float),
    st.integers(-(10**9), 10**9).map(lambda whole: whole / 1000),
    st.floats(-1e9, 1e9).filter(lambda number: abs(number) > 1e-9 or not number),
)
weights = numbers.map(abs)


def sums_of(rows: Vector, parts: int = 1) -> WeightedSums:
    sums = WeightedSums(len(rows))
    for part in np.array_split(rows, parts, axis=1):
        sums.add(part)
    return sums


def exact(moments: SecondMoments, one: int, other: int) -> Fraction:
    units = [
        Fraction(2) ** exponent / 5**five
        for exponent, five in zip(moments.exponents, moments.fives, strict=True)
    ]
    return moments.matrix[one][other] * moments.unit * units[one] * units[other]


def all_of(moments: SecondMoments) -> list[Fraction]:
    places = range(len(moments.exponents))
    return [exact(moments, one, other) for one in places for other in places]


@given(st.lists(st.tuples(numbers, numbers, weights), min_size=1, max_size=12), st.integers(1, 3))
def test_weighted_sums_are_exact(rows: list[tuple[float, ...]], parts: int) -> None:
    if not any(row[-1] for row in rows):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            exact_sums, "CUT_AT_ONCE", 64
        )  # to make room for more takes most of the time
        moments = sums_of(np.array(rows).T, parts).moments()
    columns = [[Fraction(1)] * len(rows)] + [[*map(as_written, column)] for column in zip(*rows)]  # noqa: B905
    *columns, weight = columns
    for one, a in enumerate(columns):
        for other, b in enumerate(columns):
            total = sum(w * p * q for w, p, q in zip(weight, a, b, strict=True))
            assert exact(moments, one, other) == total


@pytest.mark.parametrize("places", [0, 2, None])
def test_a_row_of_weight_3_is_that_row_three_times(places: int | None) -> None:
    draw = np.random.default_rng(1)
    rows = draw.normal(size=(4, 300)) * 100
    rows = rows if places is None else np.round(rows, places)
    counts = draw.integers(0, 5, 300)
    repeated = ExactSums(4)
    repeated.add(np.repeat(rows, counts, axis=1))
    expected = Moments.of(repeated)
    found = Moments.of(sums_of(np.vstack([rows, counts]), 3))
    assert all_of(found.seconds) == all_of(expected.seconds)
    assert (found.observations, found.weight) == (counts.sum(), counts.sum())
    assert found.rows == (counts > 0).sum()
    for name in ("x_mean", "x_variance", "x_min", "x_max", "y_mean", "y_variance"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))
    for name in ("standard_errors", "inflation", "effects", "residual_deviation", "adjusted_r2"):
        of_one, of_all = (getattr(each.precision, name) for each in (found, expected))
        assert np.array_equal(of_one, of_all, equal_nan=True)


def test_the_sums_of_parts_add_up_to_those_of_the_whole() -> None:
    rows = np.abs(np.random.default_rng(2).normal(size=(3, 50)))
    parts = [sums_of(part) for part in np.array_split(rows, 4, axis=1)]
    whole = WeightedSums.total(parts)
    assert all_of(whole.moments()) == all_of(sums_of(rows).moments())
    assert (whole.rows, whole.are_whole) == (50, False)


@pytest.mark.parametrize(("number", "weight"), [(1e200, 1e200), (1e-200, 1e-200)])
def test_products_beyond_all_digits_are_refused(number: float, weight: float) -> None:
    with pytest.raises(OverflowError):
        sums_of(np.array([[number], [1.0], [weight]]))
