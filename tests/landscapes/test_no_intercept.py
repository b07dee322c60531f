"""Robust costs without an intercept: the minima are those that SciPy finds by other means."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from fitline import train
from fitline.landscapes.landscape import Landscape
from fitline.optimize.cost_names import CostName
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.losses import LOSSES
from fitline.optimize.moments import Moments
from fitline.optimize.rows import Rows
from fitline.training import rate_choice
from fitline.vector import Vector

SEEDS, FEATURES = range(3), (1, 2, 3)


def rows(seed: int, features: int, middle: float = 100.0) -> tuple[Vector, Vector]:
    """Give x (features, rows) about a middle, y about a plane through the origin, some far off."""
    draw = np.random.default_rng(seed)
    x = middle + 10 * draw.normal(size=(features, 60))
    y = np.arange(1, 1 + features) @ x + draw.normal(size=60)
    y[:8] += 40 + 10 * draw.normal(size=8)
    return x, y


def landscape_on(x: Vector, y: Vector, cost: CostName, scale: float | None = None) -> Landscape:
    sums = ExactSums(1 + len(x))
    sums.add(np.vstack([x, y]))
    return Landscape.of_rows(Moments.of(sums, intercept=False), cost, scale, Rows(x, y))


@pytest.mark.parametrize(
    ("seed", "features", "cost"),
    [
        (seed, features, ("huber", "cauchy")[(seed + features) % 2])
        for seed, features in product(SEEDS, FEATURES)
    ],
)
def test_the_minimum_of_a_smooth_cost_is_scipys(seed: int, features: int, cost: CostName) -> None:
    x, y = rows(seed, features)
    landscape = landscape_on(x, y, cost)
    assert landscape.scale is not None
    assert 0.5 < landscape.scale < 5  # about the noise, which has the deviation 1
    loss = LOSSES[cost](landscape.scale)
    start = np.linalg.lstsq(x.T, y)[0]
    found = min(
        (
            minimize(
                lambda slopes: loss.value(y - slopes @ x).mean(),
                near,
                method="Nelder-Mead",
                options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 9000, "maxfev": 9000},
            )
            for near in (start, np.arange(1.0, 1 + features))
        ),
        key=lambda result: result.fun,
    )
    lowest = landscape.lowest
    assert lowest.theta[0] == 0
    assert lowest.cost == pytest.approx(found.fun, rel=1e-9)
    np.testing.assert_allclose(lowest.theta[1:], found.x, rtol=1e-5)


@pytest.mark.parametrize(("seed", "features"), [*product(SEEDS, FEATURES)])
def test_least_absolute_error_is_the_linear_programmes(seed: int, features: int) -> None:
    x, y = rows(seed, features)
    lowest, count = landscape_on(x, y, "absolute", 1.0).lowest, len(y)
    ones = np.eye(count)
    free, positive = [(None, None)] * features, [(0, None)] * (2 * count)
    costs = np.concatenate([np.zeros(features), np.ones(2 * count)])
    done = linprog(costs, A_eq=np.hstack([x.T, ones, -ones]), b_eq=y, bounds=free + positive)
    assert lowest.theta[0] == 0
    assert lowest.cost == pytest.approx(done.fun / count, rel=1e-9)
    np.testing.assert_allclose(lowest.theta[1:], done.x[:features], rtol=1e-7)


@pytest.mark.parametrize("cost", ["absolute", "huber", "cauchy"])
@pytest.mark.parametrize("features", FEATURES)
def test_descent_arrives_at_it_and_keeps_the_intercept_at_0(
    cost: CostName, features: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 100)
    x, y = rows(7, features, middle=5.0)
    names = [f"x{place}" for place in range(features)]
    data = {**dict(zip(names, x, strict=True)), "y": y}
    run = train(
        data, x=names, y="y", cost=cost, intercept=False, learning_rate="auto", steps=20_000
    )
    assert run.model.theta[0] == 0
    assert run.cost == pytest.approx(run.minimum.cost, rel=1e-3)
    assert all(step.theta[0] == 0 for step in run.steps)


def test_a_gradient_and_its_derivatives_are_those_of_the_cost() -> None:
    x, y = rows(1, 3)
    cost = landscape_on(x, y, "cauchy", 30.0).cost
    theta, shift = np.array([0, 1.1, 2.2, 2.8]), 1e-5
    for place in (1, 2, 3):
        near = np.array([theta, theta])
        near[:, place] += -shift, shift
        low, high = cost.value(near)
        assert cost.gradient(theta)[place] == pytest.approx((high - low) / 2 / shift, rel=1e-5)
        bent = (cost.gradient(near[1]) - cost.gradient(near[0])) / 2 / shift
        np.testing.assert_allclose(cost.hessian(theta)[place, 1:], bent[1:], rtol=1e-5)
    assert cost.gradient(theta)[0] == 0
