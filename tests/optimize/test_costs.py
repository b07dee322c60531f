"""What every cost answers, whichever it is, holds together."""

import numpy as np
import pytest

from fitline.data import open_table
from fitline.landscapes.landscape import Landscape
from fitline.optimize.cost_names import CostName
from fitline.optimize.rows import Rows
from fitline.optimize.scaling import Kind, Scaling

NAMES: list[CostName] = ["squared", "absolute", "huber", "cauchy"]
KINDS: list[Kind] = ["standard", "minmax", "none"]
THETA = np.array([1.0, 0.7])


def look(name: CostName) -> Landscape:
    x, y = np.array([3.0, 4.0, 7.0, 9.0, 12.0]), np.array([5.0, 1.0, 8.0, 2.0, 30.0])
    moments = open_table({"x": x, "y": y}).moments()
    if name == "squared":
        return Landscape.of_moments(moments)
    return Landscape.of_rows(moments, name, 3.0, Rows(x[None, :], y))


@pytest.mark.parametrize("name", NAMES)
def test_a_cost_is_the_mean_of_its_loss(name: CostName) -> None:
    cost = look(name).cost
    x, y = np.array([3.0, 4.0, 7.0, 9.0, 12.0]), np.array([5.0, 1.0, 8.0, 2.0, 30.0])
    losses = cost.loss.value(y - THETA[0] - THETA[1] * x)
    assert cost.value(THETA) == pytest.approx(losses.mean(), rel=1e-14)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_cost_is_the_same_in_scaled_coordinates(name: CostName, kind: Kind) -> None:
    landscape = look(name)
    scaling = Scaling.of(kind, landscape.moments)
    scaled = landscape.cost.scaled(scaling).value(scaling.scaled(THETA))
    assert scaled == pytest.approx(landscape.cost.value(THETA), rel=1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_the_excess_is_what_a_cost_has_above_the_lowest_one(name: CostName) -> None:
    landscape = look(name)
    cost, lowest = landscape.cost, landscape.lowest
    value = float(cost.value(THETA))
    assert cost.excess(THETA, value, lowest.cost) == pytest.approx(value - lowest.cost, rel=1e-12)
    assert cost.excess(lowest.theta, lowest.cost, lowest.cost) == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_line_search_that_a_cost_gives_goes_down(name: CostName) -> None:
    cost = look(name).cost
    gradient = cost.gradient(THETA)
    length = cost.line_search(0.1).length(0, cost, THETA, gradient, -gradient)
    assert cost.value(THETA - length * gradient) < cost.value(THETA)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_so_many_of_the_rows_that_are_held(name: CostName) -> None:
    cost = look(name).cost
    assert cost.held_rows == (0 if name == "squared" else 5)
    assert cost.sample(3).held_rows == min(3, cost.held_rows)
    assert cost.sample(5) is cost


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_of_a_loss_are_those_of_its_second_derivative(name: CostName) -> None:
    loss = look(name).cost.loss
    residuals = np.linspace(-30.0, 30.0, 6001)
    bends = loss.second_derivative(residuals)
    slopes = np.diff(loss.psi(residuals))
    assert loss.is_quadratic == bool((bends == bends[0]).all() and bends[0] > 0)
    assert loss.is_convex == bool((bends >= 0).all())
    assert loss.is_smooth == bool(slopes.max() <= 2.001 * (residuals[1] - residuals[0]))
