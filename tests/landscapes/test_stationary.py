"""The level points of robust costs are found to the last digits, and all of them."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fitline.landscapes import exhaustive
from fitline.landscapes.landscape import Landscape
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.losses import CostName
from fitline.optimize.moments import Moments
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.rows import Rows
from fitline.optimize.scaling import Scaling
from fitline.vector import Vector

GLOBAL = ((75026.3343745, 85.7317993747), 3052357483.82)
LOCAL = ((101724.2118766, 195.3795850997), 4531783839.27)


X, Y = np.loadtxt("data/two_neighbourhoods.csv", delimiter=",", skiprows=1).T


def look(x: Vector, y: Vector, cost: CostName, scale: float) -> Landscape:
    sums = ExactSums(2)
    sums.add(np.array([x, y]))
    return Landscape.of_rows(Moments.of(sums), cost, scale, Rows(x[None], y))


@pytest.fixture(scope="module")
def neighbourhoods() -> Landscape:
    return look(X, Y, "cauchy", 50_000)


def test_two_neighbourhoods_have_exactly_these_two_minima(neighbourhoods: Landscape) -> None:
    assert [point.kind for point in neighbourhoods.minima] == ["global", "local"]
    for point, (theta, cost) in zip(neighbourhoods.minima, (GLOBAL, LOCAL), strict=True):
        assert point.theta == pytest.approx(theta, rel=1e-11)
        assert point.cost == pytest.approx(cost, rel=1e-11)


def test_between_two_valleys_lie_two_saddles_and_a_hilltop(neighbourhoods: Landscape) -> None:
    places = [point.theta for point in (*neighbourhoods.saddles, *neighbourhoods.maxima)]
    known = [(-4617, 246.3), (204751, 103.7), (120321, 147.4)]
    for place, (theta0, theta1) in zip(places, known, strict=True):
        assert place == pytest.approx([theta0, theta1], rel=5e-4)


@pytest.mark.parametrize("scale", [20_000, 30_000, 50_000, 80_000, 300_000])
def test_pits_and_peaks_outnumber_passes_by_one(scale: float) -> None:
    """So it is in every landscape whose rim rises (L. Euler; M. Morse, 1925)."""
    landscape = look(X, Y, "cauchy", scale)
    pits, passes, peaks = landscape.minima, landscape.saddles, landscape.maxima
    assert len(pits) - len(passes) + len(peaks) == 1


def test_no_direction_goes_anywhere_from_a_level_point(neighbourhoods: Landscape) -> None:
    assert isinstance(neighbourhoods.cost, RobustCost)
    steep = np.abs(neighbourhoods.cost.gradient(np.zeros(2)))
    for point in neighbourhoods.stationary:
        assert (np.abs(neighbourhoods.cost.gradient(point.theta)) < 1e-11 * steep).all()


rows = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=9
).filter(lambda rows: len({x for x, _ in rows}) > 1)


@given(rows=rows)
@settings(max_examples=30)
def test_no_line_through_two_rows_has_a_smaller_absolute_error(
    rows: list[tuple[int, int]],
) -> None:
    """One of those lines is always best, so that all can be tried (J. Boscovich, 1757)."""
    x, y = np.array(rows, dtype=float).T
    landscape = look(x, y, "absolute", 1.0)
    lines = [
        np.array([y[i] - (y[j] - y[i]) / (x[j] - x[i]) * x[i], (y[j] - y[i]) / (x[j] - x[i])])
        for i, j in combinations(range(len(x)), 2)
        if x[i] != x[j]
    ]
    best = min(float(landscape.cost.value(line)) for line in lines)
    assert landscape.lowest.cost == pytest.approx(best, rel=1e-12, abs=1e-9)


@given(rows=rows, scale=st.sampled_from([1.0, 10.0]))
@example(rows=[(3, -16), (9, 0), (22, -23), (-24, -6), (26, 0), (-35, 0)], scale=1.0)
@settings(max_examples=30)
def test_the_minimum_of_huber_is_a_minimum(rows: list[tuple[int, int]], scale: float) -> None:
    x, y = np.array(rows, dtype=float).T
    landscape = look(x, y, "huber", scale)
    (lowest,) = landscape.stationary
    around = lowest.theta + np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [1, -0.1]]) * 1e-3
    assert (landscape.cost.value(around) >= lowest.cost - 1e-9).all()


def test_a_large_table_is_searched_by_a_sample_and_found_on_all_rows() -> None:
    draw = np.random.default_rng(1)
    x = draw.uniform(0, 10, 30_000)
    y = np.where(draw.random(30_000) < 0.6, 5 + x, 40 - x) + draw.normal(0, 1, 30_000)
    landscape = look(x, y, "cauchy", 2.0)
    pits, passes, peaks = landscape.minima, landscape.saddles, landscape.maxima
    assert len(pits) - len(passes) + len(peaks) == 1
    assert pits[0].theta == pytest.approx([5, 1], abs=0.2)
    assert pits[1].theta == pytest.approx([40, -1], abs=0.3)
    steep = np.abs(landscape.cost.gradient(np.zeros(2)))
    for point in landscape.stationary:
        assert (np.abs(landscape.cost.gradient(point.theta)) < 1e-10 * steep).all()


def test_of_a_rugged_landscape_the_lowest_minima_of_a_large_table_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exhaustive, "SEARCHED_RESIDUALS", 2e6)
    draw = np.random.default_rng(1)
    x = 1000 + draw.normal(0, 1, 20_000)
    y = np.where(draw.random(20_000) < 0.55, 3 + 2 * x, 1 - 4 * x) + draw.normal(0, 0.3, 20_000)
    landscape = look(x, y, "cauchy", 1.0)
    assert landscape.searched_starts is not None
    assert landscape.minima[0].theta[1] == pytest.approx(2, abs=0.02)
    assert landscape.minima[1].theta[1] == pytest.approx(-4, abs=0.02)
    standard = Scaling.of("standard", landscape.moments)
    pits = [standard.scaled(pit.theta) for pit in landscape.minima]
    assert (np.abs(landscape.cost.scaled(standard).gradient(np.array(pits))) < 1e-9).all()
