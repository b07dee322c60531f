"""The minima of robust costs of rows with weights are those that others find."""

from itertools import combinations, cycle, product

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from fitline import train
from fitline.data import open_table
from fitline.data.terms import Weights
from fitline.landscapes.landscape import Landscape
from fitline.optimize.cost_names import CostName
from fitline.optimize.losses import LOSSES
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.rows import Rows
from fitline.vector import Vector

KINDS = ["even", "uneven", "far apart"]


def weights_of(kind: str, rows: int) -> Vector:
    draw = np.random.default_rng(rows)
    return {
        "even": 1 + 1e-12 * draw.uniform(size=rows),
        "uneven": draw.uniform(0.1, 3, rows),
        "far apart": 10.0 ** draw.uniform(-6, 6, rows),
    }[kind]


def rows_of(features: int, count: int, kind: str) -> Rows:
    draw = np.random.default_rng(features + count)
    x = draw.normal(size=(features, count)) * 10.0 ** np.arange(features)[:, None] + 3
    return Rows(x, 3 + x.sum(axis=0) + draw.standard_cauchy(count), weights_of(kind, count))


def look(
    rows: Rows, cost: CostName, scale: float | None = 2.0, *, intercept: bool = True
) -> Landscape:
    """Look at rows whose moments are those that a table of them has."""
    names = [f"x{place}" for place in range(len(rows.x))]
    columns = dict(zip([*names, "y", "w"], [*rows.x, rows.y, rows.weights], strict=True))
    weights = Weights("w", are_counts=False)
    with open_table(columns, names, "y", weights=weights) as table:
        return Landscape.of_rows(table.moments(intercept=intercept), cost, scale, rows)


def least_absolute_error(rows: Rows, *, intercept: bool) -> float:
    """Solve the dual linear programme: the most Σ z·y with |z| ≤ w and Σ z = Σ z·x = 0."""
    assert rows.weights is not None
    design = np.vstack([np.ones((int(intercept), len(rows.y))), rows.x])
    share = rows.weights / rows.weights.sum()
    bounds = np.column_stack([-share, share])
    known = linprog(-rows.y, A_eq=design, b_eq=np.zeros(len(design)), bounds=bounds)
    return -float(known.fun)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("features", [1, 2, 4])
def test_absolute_error_is_as_small_as_the_linear_programme_says(
    features: int, kind: str, *, intercept: bool
) -> None:
    rows = rows_of(features, 90, kind)
    found = look(rows, "absolute", intercept=intercept).lowest.cost
    known = 2 * least_absolute_error(rows, intercept=intercept)
    assert found == pytest.approx(known, rel=1e-6 if kind == "far apart" else 1e-11)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_no_line_through_two_rows_has_less_absolute_error(kind: str, seed: int) -> None:
    draw = np.random.default_rng(seed)
    x, y = draw.integers(0, 9, 14).astype(float), draw.integers(0, 20, 14).astype(float)
    rows = Rows(x[None], y, weights_of(kind, 14)[::-1])
    landscape = look(rows, "absolute")
    lines = []
    for one, other in combinations(range(14), 2):
        if x[one] != x[other]:
            slope = (y[other] - y[one]) / (x[other] - x[one])
            lines.append([y[one] - slope * x[one], slope])
    lowest = landscape.cost.value(np.array(lines)).min()
    assert landscape.lowest.cost == pytest.approx(lowest, rel=1e-12)


@pytest.mark.parametrize(
    ("cost", "features", "kind"),
    [
        (cost, *drawn)
        for cost, drawn in zip(cycle(["huber", "cauchy"]), product([1, 2, 4], KINDS), strict=False)
    ],
)
def test_nothing_near_a_minimum_is_lower_nor_what_scipy_finds(
    cost: CostName, features: int, kind: str
) -> None:
    rows = rows_of(features, 200, kind)
    landscape, loss = look(rows, cost), LOSSES[cost](2.0)

    def level(theta: Vector) -> float:
        residuals = rows.y - theta[0] - theta[1:] @ rows.x
        return float(np.average(loss.value(residuals), weights=rows.weights))

    deviations = np.array([1.0, *rows.x.std(axis=1)])
    nudges = 1e-4 * np.random.default_rng(0).normal(size=(50, 1 + features)) / deviations
    steep = np.abs(landscape.cost.gradient(np.zeros(1 + features)))
    for point in landscape.minima:
        assert point.cost == pytest.approx(level(point.theta), rel=1e-9)
        assert min(map(level, point.theta + nudges)) > point.cost * (1 - 1e-12)
        assert (np.abs(landscape.cost.gradient(point.theta)) < 1e-8 * steep).all()
    for start in (np.array([3.0, *np.ones(features)]), np.zeros(1 + features)):
        known = minimize(level, start, method="Nelder-Mead", options={"maxfev": 2000})
        assert known.fun >= landscape.lowest.cost * (1 - 1e-9)


@pytest.mark.parametrize("kind", ["even", "uneven"])
def test_the_lowest_huber_error_is_where_scipy_finds_it(kind: str) -> None:
    rows = rows_of(2, 200, kind)
    landscape, loss = look(rows, "huber"), LOSSES["huber"](2.0)
    ones = np.vstack([np.ones(200), rows.x])

    def level(theta: Vector) -> tuple[float, Vector]:
        residuals = rows.y - theta @ ones
        slopes = -np.average(loss.psi(residuals) * ones, weights=rows.weights, axis=1)
        return float(np.average(loss.value(residuals), weights=rows.weights)), slopes

    known = minimize(level, np.zeros(3), jac=True, method="BFGS", options={"gtol": 1e-9})
    assert landscape.lowest.theta == pytest.approx(known.x, abs=1e-6)


@pytest.mark.parametrize("features", [1, 2])
def test_weights_tell_which_of_two_valleys_is_the_lower(features: int) -> None:
    draw, is_upper = np.random.default_rng(5), np.arange(60) % 2 > 0
    x = draw.uniform(0, 10, (features, 60))
    y = x.sum(axis=0) + 40 * is_upper + draw.normal(size=60)
    for heavy in (is_upper, ~is_upper):
        landscape = look(Rows(x, y, np.where(heavy, 1.0, 0.6)), "cauchy")
        assert len(landscape.minima) > 1
        lowest, second = landscape.minima[0].theta, landscape.minima[1].theta
        assert (lowest[0] > second[0]) == heavy[1]


@pytest.mark.parametrize("cost", LOSSES)
def test_a_large_table_is_searched_by_what_weighs(cost: CostName) -> None:
    """One row of ten follows a line of its own, and weighs more than all others together."""
    draw, is_heavy = np.random.default_rng(2), np.arange(30_000) % 10 == 0
    x = draw.uniform(-5, 5, (1, 30_000))
    y = np.where(is_heavy, 7 - 2 * x[0], 3 * x[0]) + draw.normal(size=30_000)
    landscape = look(Rows(x, y, np.where(is_heavy, 40.0, 0.5)), cost, None)
    assert isinstance(landscape.cost, RobustCost)
    assert landscape.lowest.theta == pytest.approx([7, -2], abs=0.3)
    assert landscape.scale is not None
    assert 0.3 < landscape.scale < 6


@pytest.mark.parametrize("seed", range(2))
def test_equal_rows_hide_no_lower_fit_of_least_absolute_error(seed: int) -> None:
    draw = np.random.default_rng(seed)
    for _ in range(10):
        rows = np.repeat(
            draw.integers(-9, 10, (3, 5)).astype(float), draw.integers(1, 5, 5), axis=1
        )
        *x, y = rows
        design = np.vstack([np.ones(len(y)), *x]).T
        if np.linalg.matrix_rank(design) < 3:
            continue
        run = train({"a": x[0], "b": x[1], "y": y}, x=("a", "b"), y="y", cost="absolute", steps=1)
        own = np.eye(len(y))
        lowest = linprog(
            [0] * 6 + [1] * 2 * len(y),
            A_eq=np.hstack([design, -design, own, -own]),
            b_eq=y,
        ).fun
        found = np.abs(y - design @ run.minimum.theta).sum()
        assert found == pytest.approx(lowest, rel=1e-9, abs=1e-9)


def test_a_minimum_with_few_rows_near_it_is_found() -> None:
    """Where fewer rows lie within C than there are parameters, no bowl fits."""
    x = np.array(
        [[-4, 0, -4, -1, -1, 5, 2, 3], [4, -1, -2, -3, 1, -3, 0, 4], [-4, -1, -2, -5, -3, 0, 0, 1]]
    ).astype(float)
    y = np.array([-6.0, 4, -9, 4, 0, 4, -4, -9])
    weights = np.array([0.88, 0.36, 0.93, 0.58, 0.69, 0.17, 0.43, 0.65])
    seen = look(Rows(x, y, weights), "huber", 0.3)
    lowest = np.array([-7.65566624, 1.75524176, -0.36382863, -2.52383516])
    assert seen.lowest.theta == pytest.approx(lowest, rel=1e-7)
    assert seen.lowest.cost <= float(seen.cost.value(lowest))
