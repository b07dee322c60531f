"""Ticks are round, lie on the axis, and are no more than there is room for."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitline.charts.ticks import logarithmic_ticks, ticks

STARTS, EXTENTS, MOST = st.integers(-(10**6), 10**6), st.floats(1e-3, 1e9), st.integers(2, 10)


@given(STARTS, EXTENTS, MOST)
def test_ticks_are_some_and_not_too_many(low: float, extent: float, most: int) -> None:
    found = ticks(low, low + extent, most)
    assert 1 <= len(found) <= most
    assert low <= found[0] <= found[-1] <= low + extent


@given(STARTS, EXTENTS)
def test_the_step_of_ticks_is_1_2_or_5_times_a_power_of_ten(low: float, extent: float) -> None:
    first, second, *_ = ticks(low, low + extent, 10)
    assert f"{second - first:.0e}"[0] in "125"
    assert second - first == pytest.approx(float(f"{second - first:.0e}"), rel=1e-5)


@given(STARTS, st.floats(1, 1e9), MOST)
def test_whole_ticks_are_whole(low: float, extent: float, most: int) -> None:
    assert all(value.is_integer() for value in ticks(low, low + extent, most, whole=True))


@given(st.floats(1e-300, 1e300), st.floats(1.01, 1e5), MOST)
def test_logarithmic_ticks_lie_on_the_axis(low: float, times: float, most: int) -> None:
    found = logarithmic_ticks(low, low * times, most)
    assert 1 <= len(found) <= most
    assert low * 0.999 <= found[0] <= found[-1] <= low * times * 1.001


@pytest.mark.parametrize(
    ("low", "high", "most", "found"),
    [
        (1, 10, 6, [1, 2, 5, 10]),
        (1, 1000, 6, [1, 10, 100, 1000]),
        (1, 1000, 2, [1, 100]),
        (13, 38, 4, [20, 30]),
        (2.96e-7, 3e-7, 5, [2.96e-7, 2.97e-7, 2.98e-7, 2.99e-7, 3e-7]),
    ],
)
def test_a_logarithmic_axis_is_labelled_at_every_length(
    low: float, high: float, most: int, found: list[float]
) -> None:
    assert logarithmic_ticks(low, high, most) == pytest.approx(found)
    assert all(math.isfinite(value) for value in found)
