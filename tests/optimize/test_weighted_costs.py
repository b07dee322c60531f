"""A row of weight w counts w times in a robust cost, whatever w is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitline.optimize import robust_cost
from fitline.optimize.batches import Batches
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.losses import LOSSES, CostName, Loss, Squared
from fitline.optimize.moments import Moments
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.robust_scale import default_scale
from fitline.optimize.robust_spread import deviation, median, robust_spread
from fitline.optimize.rows import Rows, drawn_by
from fitline.vector import Vector

EVERY: list[Loss] = [Squared(), *(loss(2.0) for loss in LOSSES.values())]
DRAW = np.random.default_rng(3)
X = DRAW.normal(size=(2, 40)) * [[1.0], [30.0]] + 5
Y = X[0] - X[1] / 9 + DRAW.standard_cauchy(40)
COUNTS, PRECISIONS = DRAW.integers(1, 5, 40).astype(float), DRAW.uniform(0.1, 3, 40)
THETA = np.array([0.4, 0.9, -0.1])
SHAPES = [THETA, THETA + DRAW.normal(size=(3, 1)), THETA + DRAW.normal(size=(5, 2, 3))]


def cost_of(rows: Rows, loss: Loss, *, intercept: bool = True) -> RobustCost:
    sums = ExactSums(1 + len(rows.x))
    sums.add(np.vstack([rows.x, rows.y]))
    return RobustCost.of(rows, loss, Moments.of(sums, intercept=intercept))


def weighted(loss: Loss, weights: Vector, *, intercept: bool = True) -> RobustCost:
    return cost_of(Rows(X, Y, weights), loss, intercept=intercept)


@pytest.mark.parametrize("block", [7, robust_cost.BLOCK])
@pytest.mark.parametrize("theta", SHAPES, ids=["one", "several", "a grid"])
@pytest.mark.parametrize("loss", EVERY)
def test_a_weight_that_counts_is_that_row_so_often(
    loss: Loss, theta: Vector, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robust_cost, "BLOCK", block)
    own = weighted(loss, COUNTS)
    times = np.repeat(np.arange(40), COUNTS.astype(int))
    plain = replace(own.of_rows(times), weights=None)
    assert own.value(theta) == pytest.approx(plain.value(theta), rel=1e-12)
    for slopes in ("gradient", "hessian"):
        found, known = (getattr(cost, slopes)(theta) for cost in (own, plain))
        assert found == pytest.approx(known, rel=1e-11, abs=1e-11 * np.abs(known).max())


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("theta", SHAPES, ids=["one", "several", "a grid"])
@pytest.mark.parametrize("loss", EVERY)
def test_the_cost_is_the_weighted_mean_and_its_slopes_are_those_of_its_value(
    loss: Loss, theta: Vector, *, intercept: bool
) -> None:
    cost = weighted(loss, PRECISIONS, intercept=intercept)
    residuals = Y - theta[..., :1] - theta[..., 1:] @ X
    mean = np.average(loss.value(residuals), axis=-1, weights=PRECISIONS)
    assert cost.value(theta) == pytest.approx(mean, rel=1e-11)
    for place in range(0 if intercept else 1, 3):
        nudge = 1e-7 * np.eye(3)[place]
        rise = (cost.value(theta + nudge) - cost.value(theta - nudge)) / 2e-7
        assert cost.gradient(theta)[..., place] == pytest.approx(rise, rel=1e-4, abs=1e-4)
        if loss.is_smooth:
            bend = (cost.gradient(theta + nudge) - cost.gradient(theta - nudge)) / 2e-7
            found = cost.hessian(theta)[..., place]
            assert found[..., 1:] == pytest.approx(bend[..., 1:], rel=1e-3, abs=1e-3)
    value, gradient = cost.at(THETA)
    assert (value, *gradient) == (cost.value(THETA), *cost.gradient(THETA))


@pytest.mark.parametrize("factor", [1e-160, 3.0, 1e160])
@pytest.mark.parametrize("loss", EVERY)
def test_only_how_weights_compare_matters(loss: Loss, factor: float) -> None:
    one, other = weighted(loss, PRECISIONS), weighted(loss, factor * PRECISIONS)
    assert other.value(THETA) == pytest.approx(one.value(THETA), rel=1e-13)
    assert other.gradient(THETA) == pytest.approx(one.gradient(THETA), rel=1e-11)


def test_rows_of_one_weight_need_none() -> None:
    rows = Rows.of(np.vstack([X, Y, np.full(40, 0.3)]), are_counts=False)
    assert rows.weights is None
    assert (rows.x.tolist(), rows.y.tolist()) == (X.tolist(), Y.tolist())


@pytest.mark.parametrize("size", [1, 7, 40, 90])
def test_the_batches_of_an_epoch_average_to_the_gradient_of_the_cost(size: int) -> None:
    whole = weighted(EVERY[2], PRECISIONS)
    parts = list(Batches(whole, size, seed=1).epoch(0))
    mean = sum(len(part.y) * part.gradient(THETA) for part in parts) / len(whole.y)
    assert mean == pytest.approx(whole.gradient(THETA), rel=1e-11)


@pytest.mark.parametrize("weights", [COUNTS, PRECISIONS, np.geomspace(1, 1e20, 40)])
def test_rows_are_drawn_about_as_often_as_they_weigh(weights: Vector) -> None:
    drawn = np.bincount(drawn_by(weights), minlength=40)
    assert drawn.sum() == 40
    assert np.abs(drawn - weights / weights.sum() * 40).max() < 1
    assert (drawn_by(np.full(3000, 0.7)) == np.arange(3000)).all()


@pytest.mark.parametrize("rows", [40, 300, 4000])
@pytest.mark.parametrize("features", [1, 3])
def test_the_spread_is_that_of_the_rows_that_weigh_most(rows: int, features: int) -> None:
    """Two of three rows lie far off, and weigh next to nothing."""
    draw, is_good = np.random.default_rng(rows), np.arange(3 * rows) % 3 == 0
    x = draw.uniform(0, 10, (features, 3 * rows))
    y = x.sum(axis=0) + draw.normal(size=3 * rows) * np.where(is_good, 1, 50)
    found = robust_spread(x, y, np.where(is_good, 1.0, 1e-4))
    freedom = 1 + 5 / (rows - 1 - features), 1 + 5 / (3 * rows - 1 - features)
    alone = robust_spread(x[:, is_good], y[is_good]) * freedom[1] / freedom[0]
    assert found == pytest.approx(alone, rel=0.25 if rows == 40 else 0.1)


@pytest.mark.parametrize("rows", [9, 10, 40, 300])
@pytest.mark.parametrize("features", [1, 3])
@pytest.mark.parametrize("name", LOSSES)
def test_nearly_even_weights_give_nearly_the_scale_of_none(
    name: CostName, features: int, rows: int
) -> None:
    x, y = X[:features], Y
    if rows > 40:
        draw = np.random.default_rng(rows)
        x, y = draw.normal(size=(features, rows)), draw.normal(size=rows)
    x, y = x[:, :rows], y[:rows]
    even = 1 - 1e-9 * (np.arange(rows) % 2)
    scales = [default_scale(LOSSES[name], Rows(x, y, one)).value for one in (None, even)]
    assert scales[0] == pytest.approx(scales[1], rel=0.06)


@pytest.mark.parametrize("features", [1, 2, 3])
def test_as_many_heavy_rows_as_parameters_tell_no_spread(features: int) -> None:
    """The line meets them, however far off they lie."""
    draw = np.random.default_rng(features)
    x, y = draw.normal(size=(features, 30)), draw.normal(size=30)
    weights = np.where(np.arange(30) <= features, 1000.0, 1.0)
    assert 1e-4 < robust_spread(x, y, weights) < 10


@given(st.lists(st.integers(-9, 9), min_size=1), st.floats(0.1, 9))
def test_medians_of_equal_weights_are_those_of_none(numbers: list[int], weight: float) -> None:
    values, weights = np.array(numbers, dtype=float), np.full(len(numbers), weight)
    assert median(values, weights) == pytest.approx(median(values), abs=1e-9)
    assert deviation(values, weights) == pytest.approx(deviation(values), abs=1e-9)


def test_half_of_the_weight_is_above_the_median() -> None:
    assert median(np.array([5.0, 1, 9, 2]), np.array([1.0, 6, 1, 2])) == pytest.approx(1.5)
    assert median(np.array([5.0, 1, 9, 2]), np.array([1.0, 96, 1, 2])) == pytest.approx(1, abs=0.1)


def test_a_sample_holds_what_weighs() -> None:
    """A tenth of the rows have nearly all of the weight."""
    draw = np.random.default_rng(1)
    x = draw.normal(size=(1, 30_000))
    y = np.where(np.arange(30_000) % 10, 100.0, 2 * x[0])
    weights = np.where(np.arange(30_000) % 10, 1e-6, 1.0)
    cost = cost_of(Rows(x, y, weights), LOSSES["huber"](1.0))
    few = cost.sample(2000)
    assert (few.held_rows, few.weights) == (2000, None)
    for theta in (np.array([0.0, 2.0]), np.array([1.0, 1.0])):
        assert few.value(theta) == pytest.approx(cost.value(theta), rel=0.1, abs=0.1)
