"""Squared error obeys its definition, its slopes and what is known of its curvature."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitline.data import open_table
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.moments import Moments
from fitline.optimize.scaling import Kind, Scaling
from fitline.optimize.squared_error import SquaredError

HOUSES = [(1000, 150_000), (1500, 210_000), (2000, 290_000), (2500, 350_000)]
LESSON = {
    (0, 100): 6_050_000_000,
    (50_000, 100): 1_050_000_000,
    (30_000, 130): 87_500_000,
    (12_000, 136): 20_000_000,
}
KINDS: list[Kind] = ["standard", "minmax", "none"]


@pytest.fixture(scope="module")
def houses() -> Moments:
    return open_table().moments()


def mean_squared_error(theta: tuple[float, float]) -> Fraction:
    residuals = [y - Fraction(theta[0]) - Fraction(theta[1]) * x for x, y in HOUSES]
    return sum((r * r for r in residuals), start=Fraction(0)) / len(HOUSES)


@pytest.mark.parametrize(("theta", "cost"), LESSON.items())
def test_the_lesson_has_these_costs_exactly(
    houses: Moments, theta: tuple[float, float], cost: float
) -> None:
    assert SquaredError.in_original_units(houses).value(np.array(theta, dtype=float)) == cost


parameters = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e3, 1e3))


@pytest.mark.parametrize("kind", KINDS)
@given(theta=parameters)
def test_the_cost_is_the_mean_squared_residual_in_every_scaling(
    houses: Moments, kind: Kind, theta: tuple[float, float]
) -> None:
    scaling = Scaling.of(kind, houses)
    cost = SquaredError.of(houses, scaling).value(scaling.scaled(np.array(theta)))
    assert cost == pytest.approx(float(mean_squared_error(theta)), rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@given(theta=parameters)
def test_the_gradient_is_the_slope_of_the_cost(
    houses: Moments, kind: Kind, theta: tuple[float, float]
) -> None:
    scaling = Scaling.of(kind, houses)
    cost, at = SquaredError.of(houses, scaling), scaling.scaled(np.array(theta))
    for place in (0, 1):
        step = np.zeros(2)
        step[place] = 1.0
        slope = (cost.value(at + step) - cost.value(at - step)) / 2
        size = abs(cost.value(at + step)) * 1e-12
        assert cost.gradient(at)[place] == pytest.approx(slope, rel=1e-6, abs=size + 1e-3)


def test_the_gradient_is_the_sum_that_the_lesson_writes(houses: Moments) -> None:
    gradient = SquaredError.of(houses, Scaling.of("none", houses)).gradient(np.array([0.0, 100.0]))
    residuals = [y - 100 * x for x, y in HOUSES]
    by_hand = [
        -2 / 4 * sum(residuals),
        -2 / 4 * sum(r * x for r, (x, _) in zip(residuals, HOUSES, strict=True)),
    ]
    assert gradient == pytest.approx(by_hand, rel=1e-14)


def test_the_valley_of_the_unscaled_houses_is_narrow(houses: Moments) -> None:
    curvature = SquaredError.of(houses, Scaling.of("none", houses)).curvature
    assert curvature.eigenvalues == pytest.approx([0.185185135396039, 6750001.81481486], rel=1e-12)
    assert curvature.condition_number == pytest.approx(36450019.6000032, rel=1e-12)
    assert curvature.largest_stable_rate == pytest.approx(2.96296216633662e-7, rel=1e-12)


def test_standard_scaling_makes_the_bowl_round(houses: Moments) -> None:
    curvature = SquaredError.of(houses, Scaling.of("standard", houses)).curvature
    assert curvature.eigenvalues == pytest.approx([2, 2], rel=1e-14)
    assert curvature.best_rate == pytest.approx(0.5, rel=1e-14)
    assert curvature.largest_stable_rate == pytest.approx(1, rel=1e-14)


def test_theory_counts_steps_that_nobody_would_take(houses: Moments) -> None:
    scaling = Scaling.of("none", houses)
    cost, preconditioner = SquaredError.of(houses, scaling), scaling.preconditioner(houses)
    start, best = np.array([0.0, 100.0]), cost.curvature.best_rate
    a_thousandth = float(np.linalg.norm(preconditioner @ cost.gradient(start))) / 1000
    ahead = cost.plain_descent(a_thousandth, preconditioner, start)
    assert ahead.steps_until_converged(best) == 125_893_908


def test_theory_knows_that_a_large_rate_never_arrives(houses: Moments) -> None:
    cost = SquaredError.of(houses, Scaling.of("standard", houses))
    away = cost.plain_descent(1e-9, np.eye(2), np.array([1.0, 1.0]))
    assert away.steps_until_converged(1.1) == np.inf
    there = cost.plain_descent(1e-9, np.eye(2), cost.minimum)
    assert there.steps_until_converged(1.1) == 0


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=3, max_size=9))
def test_the_cost_of_a_fitted_line_is_never_negative(rows: list[tuple[int, int]]) -> None:
    if len({x for x, _ in rows}) > 1:
        moments = _moments(rows)
        cost = SquaredError.in_original_units(moments)
        assert cost.value(cost.minimum) >= 0
        assert cost.excess(cost.minimum) == 0


def _moments(rows: list[tuple[int, int]]) -> Moments:
    sums = ExactSums(2)
    sums.add(np.array(rows, dtype=np.float64).T)
    return Moments.of(sums)


@pytest.mark.parametrize("theta", [(0.0, 142.25), (50_000.0, 100.0), (-3.5, 0.0)])
def test_the_error_of_any_line_is_rounded_once_with_and_without_an_intercept_to_fit(
    theta: tuple[float, float],
) -> None:
    expected = float(mean_squared_error(theta))
    for intercept in (True, False):
        moments = open_table().moments(intercept=intercept)
        assert moments.squared_error(np.array(theta)) == expected
