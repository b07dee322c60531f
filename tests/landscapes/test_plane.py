"""Two parameters of several: on their plane the cost is exact, whatever the others do."""

from fractions import Fraction
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from fitline import Config
from fitline.data import open_table
from fitline.errors import DataError
from fitline.landscapes.added_variable import added_variable
from fitline.landscapes.landscape import Landscape
from fitline.landscapes.plane import Others
from fitline.landscapes.projection import Projection, by_effect
from fitline.landscapes.slices import cut
from fitline.landscapes.window import window
from fitline.optimize.scaling import Kind, Scaling
from fitline.training import landscape_of

FEATURES = ("a", "b", "c")
PAIRS = [*combinations(range(4), 2)]


def rows(offset: float = 0.0) -> dict[str, Any]:
    """Make whole numbers that are not independent, so far from the origin."""
    random = np.random.default_rng(1)
    a = random.integers(-50, 50, 30).astype(float) + offset
    b = a + random.integers(-9, 9, 30) + offset
    c = random.integers(0, 1000, 30).astype(float)
    return {"a": a, "b": b, "c": c, "y": 3 * a - 2 * b + c + random.integers(-40, 40, 30)}


def look(data: Any, **options: Any) -> Landscape:
    names = tuple(name for name in data if name != "y")
    table = open_table(data, names, "y")
    return landscape_of(table, table.moments(), Config(**options))


def exact_cost(data: dict[str, Any], fixed: dict[int, float]) -> float:
    """Give the least squared error while some parameters are fixed, in fractions."""
    columns = [[1] * len(data["y"]), *(data[name] for name in FEATURES)]
    exact = [[Fraction(value) for value in column] for column in columns]
    left = [Fraction(value) for value in data["y"]]
    for place, value in fixed.items():
        left = [y - Fraction(value) * x for y, x in zip(left, exact[place], strict=True)]
    kept: list[list[Fraction]] = []
    for place, column in enumerate(exact):
        if place in fixed:
            continue
        kept.append(reduce(without, kept, column))
    left = reduce(without, kept, left)
    return float(dot(left, left) / len(left))


def dot(one: list[Fraction], other: list[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def without(one: list[Fraction], other: list[Fraction]) -> list[Fraction]:
    part = dot(one, other) / dot(other, other)
    return [a - part * b for a, b in zip(one, other, strict=True)]


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e9])
@pytest.mark.parametrize("axes", PAIRS)
def test_with_the_others_at_their_best_the_cost_is_the_exact_one(
    axes: tuple[int, int], offset: float
) -> None:
    data = rows(offset)
    landscape = look(data)
    seen = Projection.of(landscape, axes)
    for move in ([0, 0], [1, 0], [0, -1], [3, 2]):
        point = seen.bowl.minimum + move * seen.extents
        exact = exact_cost(data, dict(zip(axes, point.tolist(), strict=True)))
        assert_allclose(seen.cost.value(point), exact, rtol=1e-14)


@pytest.mark.parametrize("others", ["best", "fixed"])
@pytest.mark.parametrize("axes", PAIRS)
def test_the_cost_on_the_plane_is_that_of_all_parameters(
    axes: tuple[int, int], others: Others
) -> None:
    landscape = look(rows())
    seen = Projection.of(landscape, axes, others)
    points = np.stack(np.meshgrid(*window(seen), indexing="ij"), axis=-1)
    thetas = seen.plane.embed(points)
    assert thetas.shape == (41, 41, 4)
    assert np.array_equal(seen.project(thetas), points)
    assert_allclose(seen.cost.value(points), landscape.cost.value(thetas), rtol=1e-12)
    slopes = landscape.cost.gradient(thetas)
    along = slopes @ seen.plane.basis
    assert_allclose(seen.cost.gradient(points), along, rtol=1e-9, atol=1e-9 * abs(along).max())
    unseen = [place for place in range(4) if place not in axes]
    if others == "best":
        assert abs(slopes[..., unseen]).max() < 1e-9 * abs(slopes[..., axes]).max()
    else:
        assert (thetas[..., unseen] == landscape.lowest.theta[unseen]).all()


@pytest.mark.parametrize("others", ["best", "fixed"])
def test_the_excess_is_no_difference_of_two_costs(others: Others) -> None:
    seen = Projection.of(look(rows()), (1, 3), others)
    move = 1e-9 * seen.extents
    excess = seen.bowl.excess(seen.bowl.minimum + move)
    assert excess == pytest.approx(float(seen.bowl.hessian(move) @ move @ move) / 2, rel=1e-5)
    assert 0 < excess < np.finfo(float).eps * seen.bowl.floor


def test_one_feature_is_seen_as_it_is() -> None:
    landscape = look({"a": [1.0, 2, 4], "y": [3.0, 5, 8]})
    seen = Projection.of(landscape)
    assert (seen.axes, seen.others, seen.cost) == ((0, 1), None, landscape.cost)
    assert [p.theta.tolist() for p in seen.minima] == [landscape.lowest.theta.tolist()]


def test_those_features_are_seen_that_matter_most() -> None:
    landscape = look(rows())
    effects = abs(landscape.lowest.theta[1:]) * landscape.moments.x_deviation
    ranked = (1 + np.argsort(-effects)).tolist()
    assert by_effect(landscape) == ranked
    assert Projection.of(landscape).axes == tuple(sorted(ranked[:2]))


def test_what_depends_on_others_is_not_seen() -> None:
    data = rows()
    twice = {"a": data["a"], "twice": 2 * data["a"], "k": np.ones(30), "y": data["y"]}
    seen = Projection.of(look(twice))
    assert seen.axes == (0, 1)
    alone = Projection.of(look({"a": data["a"], "y": data["y"]}))
    assert_allclose(seen.cost.value(np.array([1.0, 2.0])), alone.cost.value(np.array([1.0, 2.0])))
    with pytest.raises(DataError, match="every feature is constant"):
        Projection.of(look({"k": np.ones(30), "l": np.ones(30), "y": data["y"]}))


def test_of_a_robust_cost_the_others_are_fixed_at_the_minimum() -> None:
    landscape = look(rows(), cost="huber")
    seen = Projection.of(landscape, (1, 3))
    assert seen.others == "fixed"
    for point in (seen.minima[0].theta, np.array([1.0, -2.0])):
        theta = landscape.lowest.theta.copy()
        theta[[1, 3]] = point
        assert seen.cost.value(point) == landscape.cost.value(theta)
        assert np.array_equal(seen.cost.gradient(point), landscape.cost.gradient(theta)[[1, 3]])


@pytest.mark.parametrize("kind", ["none", "standard", "minmax"])
@pytest.mark.parametrize("axes", [(1, 2), (0, 3)])
def test_in_scaled_coordinates_the_minimum_and_its_cost_are_the_same(
    axes: tuple[int, int], kind: Kind
) -> None:
    landscape = look(rows())
    scaling = Scaling.of(kind, landscape.moments)
    seen = Projection.of(landscape, axes).scaled(scaling)
    (minimum,) = seen.minima
    assert_allclose(minimum.theta, seen.bowl.minimum, atol=1e-12 * seen.extents.max())
    theta = scaling.original(seen.plane.embed(minimum.theta + seen.extents))
    assert_allclose(seen.cost.value(minimum.theta + seen.extents), landscape.cost.value(theta))


def test_along_a_parameter_the_lowest_point_is_the_minimum() -> None:
    landscape = look(rows())
    for place in range(4):
        seen = Projection.of(landscape, (place,))
        (lowest,) = cut(seen, 0, None, window(seen)[0]).minima
        assert_allclose(seen.plane.embed(lowest.theta), landscape.lowest.theta, rtol=1e-9)


@pytest.mark.parametrize("offset", [0.0, 1e6])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_the_slope_of_the_added_variable_is_the_parameter(place: int, offset: float) -> None:
    data = rows(offset)
    landscape = look(data)
    features = np.array([data[name] for name in FEATURES])
    x, y = added_variable(landscape.moments, place, features, data["y"])
    assert (x @ y) / (x @ x) == pytest.approx(landscape.lowest.theta[place], rel=1e-12)
    for other in np.delete(features, place - 1, axis=0):
        beyond = other - other.mean()
        assert abs(x @ beyond) < 1e-9 * np.linalg.norm(x) * np.linalg.norm(beyond)
