"""Scaled coordinates are another way to write the same line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitline.data import open_table
from fitline.optimize.moments import Moments
from fitline.optimize.scaling import Kind, Scaling

KINDS: list[Kind] = ["standard", "minmax", "none"]


@pytest.fixture(scope="module")
def houses() -> Moments:
    return open_table().moments()


@pytest.mark.parametrize("kind", KINDS)
@given(theta=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e4, 1e4)))
def test_there_and_back_is_where_one_began(
    houses: Moments, kind: Kind, theta: tuple[float, float]
) -> None:
    scaling = Scaling.of(kind, houses)
    back = scaling.original(scaling.scaled(np.array(theta)))
    assert back == pytest.approx(theta, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_both_ways_to_write_a_line_predict_the_same(houses: Moments, kind: Kind) -> None:
    scaling = Scaling.of(kind, houses)
    theta, x = np.array([50_000.0, 100.0]), 1234.5
    scaled = scaling.scaled(theta)
    x_scaled = (x - scaling.shift[0]) / scaling.scale[0]
    prediction = scaled[0] + scaled[1] * x_scaled + scaling.y_shift
    assert prediction == pytest.approx(50_000 + 100 * x, rel=1e-13)


def test_standard_scaling_leaves_mean_0_and_deviation_1(houses: Moments) -> None:
    assert Scaling.of("standard", houses).spread(houses) == (0, 1)


def test_minmax_scaling_reaches_from_0_to_1(houses: Moments) -> None:
    scaling = Scaling.of("minmax", houses)
    assert (1000 - scaling.shift[0]) / scaling.scale[0] == 0
    assert (2500 - scaling.shift[0]) / scaling.scale[0] == 1


def test_many_points_are_scaled_like_each_of_them(houses: Moments) -> None:
    scaling = Scaling.of("standard", houses)
    points = np.array([[[0.0, 100.0], [1.0, 2.0]]])
    assert scaling.scaled(points)[0, 1] == pytest.approx(scaling.scaled(points[0, 1]))
    assert scaling.original(points)[0, 0] == pytest.approx(scaling.original(points[0, 0]))
