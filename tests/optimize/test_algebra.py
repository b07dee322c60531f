"""Least squares are those of rational arithmetic, rounded once."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactly import as_whole, least_squares
from fitline.optimize.algebra import LeastSquares
from fitline.optimize.exact_sums import ExactSums
from fitline.vector import Vector


def factored(x: Vector, y: Vector) -> LeastSquares:
    sums = ExactSums(len(x) + 1)
    sums.add(np.vstack([x, y]))
    return LeastSquares.of(sums.moments())


def exact(x: Vector, y: Vector) -> tuple[list[Fraction], Fraction]:
    """Fit in fractions: the parameters, and the mean squared error."""
    return least_squares([*map(as_whole, x.tolist()), as_whole(y.tolist())])


DRAW = np.random.default_rng(7)
PLACES = np.arange(21.0)
FEATURES = DRAW.normal(size=(5, 40))
SIZES = np.array([1e-12, 1e-6, 1.0, 1e6, 1e12])
TABLES = {
    "one feature": (FEATURES[:1], DRAW.normal(size=40)),
    "five features": (FEATURES, FEATURES.sum(axis=0) + DRAW.normal(size=40)),
    "a billion added": (FEATURES + 1e9, 1e9 + DRAW.normal(size=40)),
    "sizes 1e-12 beside 1e12": (FEATURES * SIZES[:, None], DRAW.normal(size=40)),
    "a near-perfect fit": (FEATURES, FEATURES.sum(axis=0) * 3),
    "a perfect fit": (PLACES[None], 2 * PLACES + 1),
    "wampler 1": (np.array([PLACES**k for k in range(1, 6)]), sum(PLACES**k for k in range(6))),
    "nearly dependent": (np.array([PLACES, PLACES + 1e-7 * FEATURES[0, :21]]), FEATURES[1, :21]),
    "a constant target": (PLACES[None], np.full(21, 0.1)),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_the_fit_is_that_of_rational_arithmetic_rounded_once(name: str) -> None:
    x, y = TABLES[name]
    found, (theta, floor) = factored(x, y), exact(x, y)
    assert found.theta.tolist() == [float(value) for value in theta]
    assert found.floor == float(floor)
    assert not found.dependent


@given(
    st.lists(
        st.tuples(*[st.integers(-50, 50).map(lambda value: value / 8)] * 4),
        min_size=6,
        max_size=20,
    )
)
def test_any_table_is_fitted_exactly_or_its_relation_named(rows: list[tuple[float, ...]]) -> None:
    *x, y = np.array(rows).T
    found = factored(np.array(x), y)
    for column, relation in found.dependent.items():
        parts = [weight * ([np.ones(len(y)), *x][k]) for k, weight in relation.items()]
        assert np.allclose(sum(parts, np.zeros(len(y))), x[column - 1], atol=1e-9)
        assert found.theta[column] == 0
    free = [place for place in range(3) if place + 1 not in found.dependent]
    theta, floor = exact(np.array(x)[free], y)
    kept = found.theta[[0, *(place + 1 for place in free)]]
    assert kept.tolist() == [float(value) for value in theta]
    assert found.floor == float(floor)


def test_the_completed_square_is_the_mean_squared_error() -> None:
    x, y = TABLES["five features"]
    found, theta = factored(x, y), np.arange(6.0)
    excess = np.square(found.unit_triangular @ (theta - found.theta)) @ found.weights
    residuals = y - theta[0] - theta[1:] @ x
    assert found.floor + excess == pytest.approx(np.square(residuals).mean(), rel=1e-13)
    assert np.allclose(found.unit_triangular @ found.inverse, np.eye(6), atol=1e-13)


RELATIONS = {
    "equal columns": ([PLACES, PLACES], {2: {1: 1.0}}),
    "square feet and square metres": ([PLACES, 0.09290304 * PLACES], {2: {1: 0.09290304}}),
    "a constant": ([np.full(21, 7.0), PLACES], {1: {0: 7.0}}),
    "all zero": ([PLACES, 0 * PLACES], {2: {}}),
    "a sum": ([PLACES, PLACES**2, PLACES**2 - 3 * PLACES + 5], {3: {0: 5.0, 1: -3.0, 2: 1.0}}),
    "one-hot, all levels": (np.eye(3)[[0, 1, 2] * 7].T, {3: {0: 1.0, 1: -1.0, 2: -1.0}}),
    "more columns than rows": ([PLACES[:2], PLACES[:2] ** 3], {2: {1: 1.0}}),
}  # fmt: skip


@pytest.mark.parametrize("name", RELATIONS)
def test_a_dependent_column_is_named_by_its_relation(name: str) -> None:
    columns, relations = RELATIONS[name]
    x = np.array(columns, dtype=np.float64)
    found = factored(x, np.sin(PLACES[: x.shape[1]]))
    assert {c: dict(relation) for c, relation in found.dependent.items()} == relations
    assert found.weights[[*relations]].tolist() == [0.0] * len(relations)
