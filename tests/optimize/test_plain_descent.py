"""The rate that theory chooses with several features is the best one, before the first step."""

from functools import cache

import numpy as np
import pytest

from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.moments import Moments
from fitline.optimize.plain_descent import PlainDescent
from fitline.optimize.scaling import Scaling
from fitline.optimize.squared_error import SquaredError
from fitline.vector import Vector

FEWEST = "predicted to take the fewest steps from this start"
DESIGNS = pytest.mark.parametrize(
    ("features", "condition"),
    [(features, condition) for features in (2, 3, 6) for condition in (1.0, 30.0, 1e3, 1e6)],
)


@cache
def design(features: int, condition: float) -> tuple[SquaredError, PlainDescent, Vector]:
    """Draw a table whose scaled bowl has about this condition number, and a start."""
    draw = np.random.default_rng([features, int(condition)])
    even, _ = np.linalg.qr(draw.normal(size=(80, features)))
    turned, _ = np.linalg.qr(draw.normal(size=(features, features)))
    x = (even * np.geomspace(1, condition**-0.5, features)) @ turned
    y = draw.normal(size=80) + x.sum(axis=1)
    sums = ExactSums(features + 1)
    sums.add(np.vstack([x.T, y]))
    moments = Moments.of(sums)
    scaling = Scaling.of("standard", moments)
    bowl, start = SquaredError.of(moments, scaling), 3 * draw.normal(size=features + 1)
    return bowl, bowl.plain_descent(1e-9, scaling.preconditioner(moments), start), start


def other_rates(stable: float) -> Vector:
    even, near = np.linspace(0, 1, 102)[1:-1], 1 - np.geomspace(0.5, 1e-7, 100)
    rates: Vector = stable * np.concatenate([even, near])
    return rates


@cache
def fewest_of_others(features: int, condition: float) -> float:
    bowl, ahead, _ = design(features, condition)
    rates = other_rates(bowl.curvature.largest_stable_rate)
    return min(map(ahead.steps_until_converged, rates))


@DESIGNS
@pytest.mark.parametrize("limit", [10**4, 10**9])
def test_no_other_rate_is_predicted_to_take_fewer_steps(
    features: int, condition: float, limit: int
) -> None:
    _, ahead, _ = design(features, condition)
    rate, reason = ahead.best_rate(limit)
    steps, fewest = ahead.steps_until_converged(rate), fewest_of_others(features, condition)
    assert (reason == FEWEST) == (steps <= limit) == (min(steps, fewest) <= limit)
    assert steps <= fewest or steps > limit


@DESIGNS
@pytest.mark.parametrize("limit", [1, 7, 300])
def test_no_other_rate_comes_nearer_within_the_limit(
    features: int, condition: float, limit: int
) -> None:
    bowl, ahead, start = design(features, condition)
    rate, reason = ahead.best_rate(limit)
    if reason == FEWEST:
        assert ahead.steps_until_converged(rate) <= limit
        return
    hessian, away = bowl.hessian(start), start - bowl.minimum

    def excess(rate: float) -> float:
        step = np.eye(len(start)) - rate * hessian
        return bowl.excess(bowl.minimum + np.linalg.matrix_power(step, limit) @ away)

    lowest = min(map(excess, other_rates(bowl.curvature.largest_stable_rate)))
    assert excess(rate) <= lowest * (1 + 1e-9)


def test_in_a_round_bowl_one_step_is_enough() -> None:
    _, ahead, _ = design(2, 1.0)
    round_bowl = PlainDescent(np.full(3, 2.0), ahead.left, ahead.seen, 1e-9)
    assert round_bowl.best_rate(1000) == (0.5, FEWEST)
    assert round_bowl.steps_until_converged(0.5) == 1


def test_at_the_minimum_no_step_is_left() -> None:
    bowl, ahead, _ = design(3, 30.0)
    there = PlainDescent(ahead.eigenvalues, 0 * ahead.left, ahead.seen, 1e-9)
    rate, reason = there.best_rate(1000)
    assert (reason, there.steps_until_converged(rate)) == (FEWEST, 0)
    assert 0 < rate < bowl.curvature.largest_stable_rate
