"""A line search goes down, to the lowest point where that is known."""

import numpy as np
import pytest

from fitline import ConfigError, StopReason, train
from fitline.data import open_table
from fitline.optimize.losses import LOSSES, Squared
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.scaling import Scaling
from fitline.optimize.squared_error import SquaredError
from fitline.optimize.step_size import Backtracking, ExactLineSearch


@pytest.fixture(scope="module")
def bowl() -> SquaredError:
    moments = open_table().moments()
    return SquaredError.of(moments, Scaling.of("minmax", moments))


def test_no_other_length_goes_as_low_in_a_bowl(bowl: SquaredError) -> None:
    theta = np.array([1e4, -2e4])
    gradient = bowl.gradient(theta)
    best = ExactLineSearch(bowl.second_derivative).length(0, bowl, theta, gradient, -gradient)
    costs = [bowl.excess(theta - far * gradient) for far in best * np.array([0.99, 1, 1.01])]
    assert costs[1] < min(costs[0], costs[2])


def test_uphill_there_is_no_way(bowl: SquaredError) -> None:
    theta = np.array([1e4, -2e4])
    gradient = bowl.gradient(theta)
    assert ExactLineSearch(bowl.second_derivative).length(0, bowl, theta, gradient, gradient) == 0


@pytest.mark.parametrize("first", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("name", sorted(LOSSES))
def test_the_length_found_is_worth_its_way(name: str, first: float) -> None:
    draw = np.random.default_rng(3)
    rows = draw.normal(size=(1, 50)), draw.normal(size=50)
    cost = RobustCost(*rows, LOSSES[name](0.5), np.zeros(2))
    theta = np.array([3.0, -2.0])
    gradient = cost.gradient(theta)
    far = Backtracking(first).length(0, cost, theta, gradient, -gradient)
    fall = cost.value(theta) - cost.value(theta - far * gradient)
    assert far > 0
    assert fall >= 1e-4 * far * gradient @ gradient


@pytest.mark.parametrize("cost", ["squared", "huber", "cauchy"])
def test_a_run_by_line_search_arrives(cost: str) -> None:
    run = train("data/two_neighbourhoods.csv", cost=cost, line_search=True, tolerance=1e-7)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.reached is not None


def test_in_a_round_bowl_one_step_is_enough() -> None:
    assert train(theta0=0, theta1=100, line_search=True).steps[1].theta == pytest.approx(
        [12_000, 136]
    )


def test_no_reason_is_given_for_a_rate_that_a_search_replaces() -> None:
    assert train(line_search=True, learning_rate="auto").training.reason == ""
    assert train(learning_rate="auto").training.reason


@pytest.mark.parametrize("other", [{"optimizer": "adam"}, {"batch_size": 2}])
def test_only_plain_descent_on_all_rows_searches(other: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="a line search finds the length of plain descent"):
        train(line_search=True, **other)


@pytest.mark.parametrize(("worth", "is_enough"), [(2e-4, True), (5e-5, False)])
def test_a_length_is_enough_from_a_ten_thousandth_of_what_the_slope_promises(
    worth: float, *, is_enough: bool
) -> None:
    cost = RobustCost(np.array([[0.0, 0.0]]), np.array([1.0, 1.0]), Squared(), np.zeros(2))
    theta = np.zeros(2)
    gradient = cost.gradient(theta)
    # Along the gradient (1 - 2t)^2 falls by 4t - 4t^2, and the slope promises 4t.
    first = 1 - worth
    length = Backtracking(first).length(0, cost, theta, gradient, -gradient)
    assert (length == first) == is_enough
