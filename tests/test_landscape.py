"""The landscape is the cost at every point."""

import numpy as np
import pytest

from fitline.costs import SquaredError
from fitline.landscape import axis, minimum, survey, window
from fitline.moments import Moments
from fitline.sources import open_table


@pytest.fixture(scope="module")
def houses() -> Moments:
    return open_table().moments()


def test_a_cell_holds_the_cost_there(houses: Moments) -> None:
    cost = SquaredError.in_original_units(houses)
    grid = survey(cost, axis("0", "50000", 3), axis("100", "130", 2))
    assert grid.cost.shape == (3, 2)
    for row in grid.cells():
        for theta0, theta1, found in row:
            assert found == cost.value(np.array([theta0, theta1]))


def test_an_axis_holds_both_ends_and_the_nearest_numbers_between() -> None:
    assert axis("0", "1", 11).tolist() == [place / 10 for place in range(11)]
    assert axis("-3", "7", 1).tolist() == [-3]


def test_the_window_holds_the_minimum_and_the_origin_of_the_houses(houses: Moments) -> None:
    theta0, theta1 = window(houses)
    assert len(theta0) == len(theta1) == 41
    for theta in (minimum(houses).theta, [0, 0]):
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
    moments = open_table(rows).moments()
    for values, best in zip(window(moments), minimum(moments).theta, strict=True):
        assert values[0] < best < values[-1]
        assert (np.diff(values) > 0).all()
