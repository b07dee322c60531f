"""Squared error, scaling and descent in any number of features."""

from typing import get_args

import numpy as np
import pytest

from fitline.optimize.descent import descend
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.losses import Squared
from fitline.optimize.method import Method
from fitline.optimize.moments import Moments
from fitline.optimize.optimizers import GradientDescent
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.rows import Rows
from fitline.optimize.scaling import Kind, Scaling
from fitline.optimize.squared_error import SquaredError
from fitline.optimize.step_size import FixedRate
from fitline.optimize.stopping import Stopping
from fitline.vector import Vector

KINDS = get_args(Kind)
FEATURES = [1, 2, 5, 20]


def table(features: int, rows: int = 60) -> tuple[Vector, Vector]:
    """Draw features of many sizes that hang together, and a target."""
    draw = np.random.default_rng(features)
    mixed = draw.normal(size=(features, features)) @ draw.normal(size=(features, rows))
    x = mixed * 10.0 ** draw.uniform(-3, 3, size=(features, 1)) + draw.normal(size=(features, 1))
    y = draw.normal(size=features) @ mixed + draw.normal(size=rows) + 1000
    return x, y


def moments_of(x: Vector, y: Vector, *, intercept: bool = True) -> Moments:
    sums = ExactSums(len(x) + 1)
    sums.add(np.vstack([x, y]))
    return Moments.of(sums, intercept=intercept)


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("kind", KINDS)
def test_cost_and_gradient_are_those_of_the_rows(features: int, kind: Kind) -> None:
    x, y = table(features)
    moments = moments_of(x, y)
    scaling = Scaling.of(kind, moments)
    bowl = SquaredError.of(moments, scaling)
    rows = RobustCost.of(Rows(x, y), Squared(), moments).scaled(scaling)
    theta = scaling.scaled(np.linspace(-1, 2, features + 1) * np.append(1, 1 / x.std(axis=1)))
    for cost in (bowl, rows):
        value, gradient = cost.at(theta)
        assert value == pytest.approx(float(rows.value(theta)), rel=1e-11)
        assert gradient == pytest.approx(rows.gradient(theta), rel=1e-8, abs=1e-8 * value)
    assert bowl.hessian(theta) == pytest.approx(rows.hessian(theta), rel=1e-8)
    assert bowl.excess(bowl.minimum) == 0
    assert scaling.original(bowl.minimum) == pytest.approx(moments.fit.theta, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_curvature_is_that_of_the_hessian(features: int, kind: Kind) -> None:
    moments = moments_of(*table(features))
    bowl = SquaredError.of(moments, Scaling.of(kind, moments))
    found, known = bowl.curvature.eigenvalues, np.linalg.eigvalsh(bowl.hessian(bowl.minimum))
    assert len(found) == features + 1
    assert found[-1] == pytest.approx(known[-1], rel=1e-12)
    assert found == pytest.approx(known, rel=1e-6, abs=1e-13 * known[-1])


def test_both_ends_of_a_narrow_valley_keep_their_digits() -> None:
    """NumPy's own eigenvalues have none left of the small one."""
    x = np.array([[1.0, 2.0, 3.0, 4.0], [1e9, 1e9 + 1, 1e9 - 1, 1e9 + 2]])
    moments = moments_of(x, np.array([1.0, 0.0, 2.0, 5.0]))
    eigenvalues = SquaredError.of(moments, Scaling.of("none", moments)).curvature.eigenvalues
    n = [[4, 10, 4_000_000_002], [10, 30, 10_000_000_007], [0, 0, 4 * 10**18 + 4 * 10**9 + 6]]
    n[1][0], n[2][0], n[2][1] = n[0][1], n[0][2], n[1][2]
    (a, b, c), (_, d, e), (_, _, f) = n
    determinant = a * (d * f - e * e) - b * (b * f - e * c) + c * (b * e - d * c)
    product = float(np.prod(eigenvalues * 2))  # of 4 rows, each mean is a fourth of twice a sum
    assert product == pytest.approx(float(determinant), rel=1e-12)
    assert eigenvalues.sum() * 2 == pytest.approx(a + d + f, rel=1e-14)


@pytest.mark.parametrize("features", FEATURES)
def test_descent_takes_as_many_steps_as_theory_predicts(features: int) -> None:
    moments = moments_of(*table(features))
    scaling = Scaling.of("standard", moments)
    bowl = SquaredError.of(moments, scaling)
    rate = bowl.curvature.best_rate
    preconditioner = scaling.preconditioner(moments)
    ahead = bowl.plain_descent(1e-6, preconditioner, np.ones(features + 1))
    predicted = ahead.steps_until_converged(rate)
    if predicted > 100_000:
        pytest.skip("a valley so narrow takes too long")
    stopping = Stopping(200_000, 1e-6, preconditioner)
    method = Method(GradientDescent(), FixedRate(rate))
    *_, last = descend(bowl, method, np.ones(features + 1), stopping)
    assert abs(last.index - predicted) <= max(1, 0.01 * predicted)


def test_where_a_column_depends_on_others_descent_ends_at_the_nearest_minimum() -> None:
    x, y = table(2)
    moments = moments_of(np.vstack([x, x[0] - 2 * x[1]]), y)
    scaling = Scaling.of("standard", moments)
    bowl = SquaredError.of(moments, scaling)
    assert {column: set(parts) for column, parts in moments.fit.dependent.items()} == {3: {1, 2}}
    assert len(bowl.curvature.eigenvalues) == 3
    start = np.array([1.0, 2.0, 3.0, 4.0])
    stopping = Stopping(100_000, 1e-12, scaling.preconditioner(moments))
    *_, last = descend(bowl, Method(GradientDescent(), bowl.line_search(1.0)), start, stopping)
    assert bowl.excess(last.theta) <= 1e-15 * bowl.floor
    flat = np.linalg.svd(bowl.hessian(bowl.minimum))[2][-1]
    assert (last.theta - start) @ flat == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("kind", KINDS)
def test_without_an_intercept_all_is_that_of_the_slopes_alone(features: int, kind: Kind) -> None:
    x, y = table(features)
    moments = moments_of(x, y, intercept=False)
    scaling = Scaling.of(kind, moments)
    bowl = SquaredError.of(moments, scaling)
    rows = RobustCost.of(Rows(x, y), Squared(), moments).scaled(scaling)
    slopes = np.linspace(-1, 2, features) / x.std(axis=1)
    theta = scaling.scaled(np.array([0.0, *slopes]))
    assert scaling.original(theta)[0] == 0
    errors, scaled = y - slopes @ x, x / scaling.scale[:, None]
    for cost in (bowl, rows):
        value, gradient = cost.at(theta)
        assert value == pytest.approx(np.mean(errors**2), rel=1e-11)
        assert gradient[0] == 0
        assert gradient[1:] == pytest.approx(-2 * scaled @ errors / len(y), rel=1e-8, abs=1e-8)
    known = np.linalg.eigvalsh(2 * scaled @ scaled.T / len(y))
    found = bowl.curvature.eigenvalues
    assert found == pytest.approx(known, rel=1e-6, abs=1e-13 * known[-1])
    fitted = np.linalg.lstsq(x.T, y)[0]
    assert moments.fit.theta == pytest.approx([0, *fitted], rel=1e-6, abs=1e-9)
    assert moments.fingerprint == moments_of(x, y).fingerprint
