"""The landscape is the cost at every point."""

import numpy as np
import pytest

from fitline import Config
from fitline.data import open_table
from fitline.landscapes.grid import axis, survey
from fitline.landscapes.landscape import Landscape
from fitline.landscapes.projection import Projection
from fitline.landscapes.window import window
from fitline.optimize.losses import CostName
from fitline.training import landscape_of

NEIGHBOURHOODS = "data/two_neighbourhoods.csv"


def look(data: object = None, cost: CostName = "squared", scale: float | None = None) -> Landscape:
    table = open_table(data)  # type: ignore[arg-type]
    return landscape_of(table, table.moments(), Config(cost=cost, cost_scale=scale))


@pytest.fixture(scope="module")
def houses() -> Landscape:
    return look()


def test_a_cell_holds_the_cost_there(houses: Landscape) -> None:
    cost = houses.cost
    grid = survey(cost, axis("0", "50000", 3), axis("100", "130", 2))
    assert grid.cost.shape == (3, 2)
    for row in grid.cells():
        for theta0, theta1, found in row:
            assert found == cost.value(np.array([theta0, theta1]))


def test_an_axis_holds_both_ends_and_the_nearest_numbers_between() -> None:
    assert axis("0", "1", 11).tolist() == [place / 10 for place in range(11)]
    assert axis("-3", "7", 1).tolist() == [-3]


def test_the_window_holds_the_minimum_and_the_origin_of_the_houses(houses: Landscape) -> None:
    theta0, theta1 = window(Projection.of(houses))
    assert len(theta0) == len(theta1) == 41
    for theta in (houses.lowest.theta, [0, 0]):
        assert theta0[0] < theta[0] < theta0[-1]
        assert theta1[0] < theta[1] < theta1[-1]


@pytest.mark.parametrize(
    "rows",
    [
        {"x": [1, 2, 3], "y": [5, 5, 5]},
        {"x": [1, 2, 3], "y": [0, 0, 0]},
        {"x": [-1, 0, 1], "y": [-2, 0, 2]},
        {"x": [1e-12, 2e-12, 4e-12], "y": [1, 2, 3]},
        {"x": [1e9, 1e9 + 1], "y": [1e9, 1e9 + 5]},
    ],
)
def test_every_table_has_a_window_around_its_minimum(rows: dict[str, list[float]]) -> None:
    landscape = look(rows)
    for values, best in zip(window(Projection.of(landscape)), landscape.lowest.theta, strict=True):
        assert values[0] < best < values[-1]
        assert (np.diff(values) > 0).all()


def test_the_window_holds_every_point_that_it_is_asked_for(houses: Landscape) -> None:
    far = np.array([1e6, -900.0])
    for values, place in zip(window(Projection.of(houses), [far]), far, strict=True):
        assert values[0] <= place <= values[-1]


def test_the_window_of_two_neighbourhoods_holds_both_minima_and_the_saddles() -> None:
    landscape = look(NEIGHBOURHOODS, "cauchy", 50_000)
    theta0, theta1 = window(Projection.of(landscape))
    for point in landscape.stationary:
        assert theta0[0] < point.theta[0] < theta0[-1]
        assert theta1[0] < point.theta[1] < theta1[-1]


@pytest.mark.parametrize("cost", ["absolute", "huber", "cauchy"])
def test_the_scale_from_the_data_forgets_outliers_and_can_be_typed(cost: CostName) -> None:
    x = np.arange(99.0)
    y = np.where(x < 90, 2 * x + np.sin(x), 1e6)
    scale = look({"x": x, "y": y}, cost).scale
    assert scale is not None
    assert 0 < scale < 1e6
    assert float(f"{scale:.3g}") == scale


def test_a_run_has_reached_the_minimum_beside_which_it_ended() -> None:
    landscape = look(NEIGHBOURHOODS, "cauchy", 50_000)
    for point in landscape.minima:
        assert landscape.reached(point.theta * (1 + 1e-6)) is point
    assert landscape.reached(landscape.saddles[0].theta) is None


def test_the_excess_is_the_height_above_the_global_minimum() -> None:
    landscape = look(NEIGHBOURHOODS, "cauchy", 50_000)
    local = landscape.minima[1]
    assert landscape.excess(local.theta) == pytest.approx(4531783839.27 - 3052357483.82, rel=1e-9)
    assert landscape.excess(landscape.lowest.theta) == 0
