"""The minima of robust costs of several features are those that SciPy finds, to more digits."""

import io
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares, linprog, minimize

from fitline import Config, StopReason, train
from fitline.data import open_table
from fitline.evaluation import evaluate
from fitline.landscapes import landscape as landscapes
from fitline.landscapes import many_starts
from fitline.landscapes.landscape import Landscape
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.losses import CostName
from fitline.optimize.moments import Moments
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.robust_scale import Scale
from fitline.optimize.rows import Rows
from fitline.training import landscape_of, rate_choice
from fitline.vector import Vector

SEVERAL = [2, 3, 5]
ROBUST: Sequence[CostName] = ("absolute", "huber", "cauchy")


def look(x: Vector, y: Vector, cost: CostName, scale: float | None = None) -> Landscape:
    sums = ExactSums(1 + len(x))
    sums.add(np.vstack([x, y]))
    with pytest.MonkeyPatch.context() as patch:
        if scale:  # to see whether the errors tell the same one would take most of the time
            patch.setattr(landscapes, "default_scale", lambda *_, **__: Scale(scale, "given"))
        return Landscape.of_rows(Moments.of(sums), cost, scale, Rows(x, y))


def rows(features: int, count: int = 200) -> tuple[Vector, Vector]:
    """Draw features of many sizes that hang together, and a target with wild errors."""
    draw = np.random.default_rng(features)
    mixed = draw.normal(size=(features, features)) @ draw.normal(size=(features, count))
    x = mixed * 10.0 ** np.arange(features)[:, None] + 5
    return x, 3 + mixed.sum(axis=0) + draw.standard_cauchy(count)


def two_planes(features: int) -> tuple[Vector, Vector, tuple[Vector, Vector]]:
    """Draw 120 rows along one plane and 80 along another, and give the fits to each alone."""
    draw = np.random.default_rng(features)
    x = draw.uniform(0, 10, size=(features, 200))
    slopes = draw.normal(0, 3, size=(2, features))
    y = np.where(np.arange(200) < 120, 10 + slopes[0] @ x, 80 + slopes[1] @ x)
    y += draw.normal(size=200)
    ones = designed(x)
    fits = [np.linalg.lstsq(ones[part], y[part])[0] for part in (slice(120), slice(120, None))]
    return x, y, (fits[0], fits[1])


@cache
def over_two_planes(features: int, cost: CostName = "cauchy") -> Landscape:
    x, y, _ = two_planes(features)
    return look(x, y, cost, 3.0)


def designed(x: Vector) -> Vector:
    return np.column_stack([np.ones(x.shape[1]), *x])


@pytest.mark.parametrize("features", SEVERAL)
@pytest.mark.parametrize("cost", ["huber", "cauchy"])
def test_smooth_costs_have_the_minimum_that_scipy_finds(features: int, cost: CostName) -> None:
    x, y = rows(features)
    landscape, ones = look(x, y, cost, 2.0), designed(x)
    known = least_squares(
        lambda theta: y - ones @ theta,
        np.linalg.lstsq(ones, y)[0],
        jac=lambda _: -ones,
        loss=cost,
        f_scale=landscape.scale,
        x_scale="jac",
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
    )
    assert landscape.lowest.cost == pytest.approx(2 * known.cost / len(y), rel=1e-12)
    assert ones @ landscape.lowest.theta == pytest.approx(ones @ known.x, abs=1e-5)
    steep = np.abs(landscape.cost.gradient(np.zeros(1 + features)))
    assert (np.abs(landscape.cost.gradient(landscape.lowest.theta)) < 1e-12 * steep).all()


def least_absolute_error(x: Vector, y: Vector) -> float:
    """Solve the dual linear programme: the most Σ z·y with |z| ≤ 1 and Σ z = Σ z·x = 0."""
    known = linprog(-y, A_eq=designed(x).T, b_eq=np.zeros(1 + len(x)), bounds=(-1, 1))
    return -float(known.fun) / len(y)


@pytest.mark.parametrize("features", SEVERAL)
@pytest.mark.parametrize("count", [200, 5000])
def test_absolute_error_is_as_small_as_the_linear_programme_says(
    features: int, count: int
) -> None:
    x, y = rows(features, count)
    landscape = look(x, y, "absolute", 2.0)
    assert isinstance(landscape.cost, RobustCost)
    assert landscape.lowest.cost == pytest.approx(2 * least_absolute_error(x, y), rel=1e-13)
    errors = np.sort(np.abs(landscape.cost.residuals(landscape.lowest.theta)))
    assert (errors[: 1 + features] < 1e-12 * errors[-1]).all()
    assert errors[1 + features] > 1e-9 * errors[-1]


@pytest.mark.parametrize("seed", range(20))
def test_absolute_error_is_least_where_many_rows_meet(seed: int) -> None:
    """More rows than parameters lie on one fit, so that some exchanges change nothing."""
    draw = np.random.default_rng(seed)
    x = draw.integers(0, 3, size=(4, 40)).astype(float)
    y = draw.integers(0, 4, size=40).astype(float)
    found = look(x, y, "absolute", 1.0).lowest.cost
    assert found == pytest.approx(least_absolute_error(x, y), rel=1e-12)


@pytest.mark.parametrize(
    ("level", "count", "cost"),
    [
        (level, count, ROBUST[(nth + place) % 3])
        for nth, level in enumerate([0.0, 7.0, 0.1])
        for place, count in enumerate([2, 3, 4, 100])
    ],
)
def test_where_y_does_not_vary_the_minimum_is_flat(
    level: float, count: int, cost: CostName
) -> None:
    x, _ = rows(2, count)
    (lowest,) = look(x, np.full(count, level), cost).minima
    assert (lowest.theta.tolist(), lowest.cost) == ([level, 0.0, 0.0], 0.0)


@pytest.mark.parametrize("far", [1e4, 1e8])
def test_how_far_a_row_lies_off_changes_no_absolute_fit(far: float) -> None:
    x, y = rows(3)
    before = look(x, y, "absolute", 1.0).lowest.theta
    fit = designed(x) @ before
    off = np.argsort(np.abs(y - fit))[-20:]
    y[off] = fit[off] + far * np.sign(y[off] - fit[off])
    after = look(x, y, "absolute", 1.0).lowest.theta
    assert designed(x) @ after == pytest.approx(fit, abs=1e-14 * far, rel=1e-9)


small = st.integers(-3, 3)


@given(
    table=st.lists(st.tuples(small, small, small, small), min_size=2, max_size=14),
    cost=st.sampled_from(ROBUST),
)
@settings(max_examples=25)
def test_few_equal_and_dependent_rows_have_a_minimum(
    table: list[tuple[int, ...]], cost: CostName
) -> None:
    """Small whole numbers make rows that meet in one point, and features that tell the same."""
    *x, y = np.array(table, dtype=float).T
    x = np.array([*x, x[0] - 2 * x[1] + 1])
    y[0] += 1 if np.ptp(y) == 0 else 0
    landscape = look(x, y, cost, 1.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many_starts, "STARTS", 40)
        lowest = landscape.lowest
    moves = np.random.default_rng(0).normal(size=(20, len(x) + 1)) * 1e-3
    assert (landscape.cost.value(lowest.theta + moves) >= lowest.cost - 1e-9).all()
    if cost == "absolute":
        assert lowest.cost == pytest.approx(least_absolute_error(x, y), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("features", SEVERAL)
def test_two_planes_are_two_minima(features: int) -> None:
    x, _, fits = two_planes(features)
    landscape, ones = over_two_planes(features), designed(x)
    assert landscape.searched_starts == 200
    assert not landscape.saddles
    assert not landscape.maxima
    for fit, part in zip(fits, (slice(120), slice(120, None)), strict=True):
        apart = [
            np.sqrt(np.mean((ones[part] @ (point.theta - fit)) ** 2)) for point in landscape.minima
        ]
        assert min(apart) < 1


@pytest.mark.parametrize("features", SEVERAL)
def test_scipy_finds_no_minimum_that_is_missing(features: int) -> None:
    landscape = over_two_planes(features)
    known = [point.cost for point in landscape.minima]
    draw = np.random.default_rng(1)
    for _ in range(8):
        start = np.array([40 + draw.normal(), *draw.normal(0, 3, size=features)])
        found = minimize(
            lambda theta: float(landscape.cost.value(theta)),
            start,
            jac=landscape.cost.gradient,
            method="BFGS",
            options={"gtol": 1e-9},
        )
        assert min(abs(found.fun - cost) for cost in known) < 1e-6 * found.fun


def test_minima_are_distinct_and_the_lowest_is_first() -> None:
    x, y, _ = two_planes(3)
    minima = look(x, y, "cauchy", 1.0).minima
    assert [point.kind for point in minima] == ["global", *["local"] * (len(minima) - 1)]
    assert len(minima) > 2
    for one, other in pairwise(minima):
        assert one.cost <= other.cost
        assert np.abs(designed(x) @ (one.theta - other.theta)).max() > 1e-3


@pytest.mark.parametrize("cost", ROBUST)
def test_the_minima_move_with_the_table(cost: CostName) -> None:
    """Scale y, order the features anew, add a linear function of them to y."""
    x, y, _ = two_planes(3)
    order, added = [2, 0, 1], np.array([7.0, 1.0, -2.0, 0.5])
    before = over_two_planes(3, cost).minima
    for found, expected in (
        (look(x, 4 * y, cost, 12.0), [4 * point.theta for point in before]),
        (look(x[order], y, cost, 3.0), [point.theta[[0, 3, 1, 2]] for point in before]),
        (look(x, y + added @ designed(x).T, cost, 3.0), [p.theta + added for p in before]),
    ):
        assert len(found.minima) == len(expected)
        for point, theta in zip(found.minima, expected, strict=True):
            assert point.theta == pytest.approx(theta, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("cost", ROBUST)
def test_a_feature_that_depends_on_others_changes_no_minimum(cost: CostName) -> None:
    x, y, _ = two_planes(2)
    more = np.array([*x, 3 * x[0] - x[1] + 2])
    alone, beside = over_two_planes(2, cost), look(more, y, cost, 3.0)
    assert len(beside.minima) == len(alone.minima)
    for one, other in zip(alone.minima, beside.minima, strict=True):
        assert other.theta == pytest.approx([*one.theta, 0], rel=1e-9, abs=1e-9)
    along = np.array([2.0, 3, -1, -1])
    for far in (0, 1, 1000):
        assert beside.reached(beside.lowest.theta + far * along) is beside.lowest


def test_of_two_features_that_are_one_every_level_point_is_found() -> None:
    x, y = np.loadtxt("data/two_neighbourhoods.csv", delimiter=",", skiprows=1).T
    alone = look(x[None], y, "cauchy", 50_000)
    beside = look(np.array([x, 2 * x]), y, "cauchy", 50_000)
    assert beside.searched_starts is None
    assert [point.kind for point in beside.stationary] == [p.kind for p in alone.stationary]
    for one, other in zip(alone.stationary, beside.stationary, strict=True):
        assert other.theta == pytest.approx([*one.theta, 0], rel=1e-9)


def test_a_large_table_is_searched_by_a_sample_and_found_on_all_rows() -> None:
    draw = np.random.default_rng(1)
    x = draw.uniform(0, 10, (2, 20_000))
    is_first = draw.random(20_000) < 0.6
    y = np.where(is_first, 5 + x[0] + x[1], 60 - x[0] - 2 * x[1]) + draw.normal(size=20_000)
    landscape = look(x, y, "cauchy", 2.0)
    assert landscape.minima[0].theta == pytest.approx([5, 1, 1], abs=0.2)
    assert landscape.minima[1].theta == pytest.approx([60, -1, -2], abs=0.4)
    steep = np.abs(landscape.cost.gradient(np.zeros(3)))
    for point in landscape.minima:
        assert (np.abs(landscape.cost.gradient(point.theta)) < 1e-10 * steep).all()


@pytest.mark.parametrize("cost", ROBUST)
@pytest.mark.parametrize(("near", "digits"), [(1e-2, 1e-11), (1e-4, 1e-9)])
def test_features_far_from_the_origin_and_alike_cost_few_digits(
    cost: CostName, near: float, digits: float
) -> None:
    """The same rows, exact in both tables: as features apart, and as hardly different ones."""
    draw = np.random.default_rng(2)
    one, other = draw.integers(-500, 500, size=(2, 100)).astype(float)
    y = one - 3 * other + 100 * draw.standard_cauchy(100).round(3)
    apart = look(np.array([one, other]), y, cost, 200.0).lowest
    unit = 2.0 ** round(np.log2(near))
    alike = look(np.array([2.0**20 + one, 2.0**20 + one + unit * other]), y, cost, 200.0).lowest
    assert alike.cost == pytest.approx(apart.cost, rel=1e-12)
    assert alike.theta[2] == pytest.approx(apart.theta[2] / unit, rel=digits)


def test_every_process_finds_the_same_bits() -> None:
    program = (
        "import numpy as np\n"
        "from fitline.landscapes.landscape import Landscape\n"
        "from fitline.optimize.exact_sums import ExactSums\n"
        "from fitline.optimize.moments import Moments\n"
        "from fitline.optimize.rows import Rows\n"
        "draw, sums = np.random.default_rng(0), ExactSums(4)\n"
        "x = draw.normal(size=(3, 100))\n"
        "y = x.sum(axis=0) + draw.standard_cauchy(100)\n"
        "sums.add(np.vstack([x, y]))\n"
        "landscape = Landscape.of_rows(Moments.of(sums), 'cauchy', 0.5, Rows(x, y))\n"
        "print([point.theta.tolist() for point in landscape.minima])\n"
    )
    told = io.StringIO()
    with redirect_stdout(told):
        exec(program)  # noqa: S102 - our own
    other = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert other.stdout == told.getvalue()


def test_squared_error_and_one_feature_miss_nothing() -> None:
    x, y = rows(2)
    table = open_table({"a": x[0], "b": x[1], "y": y}, ("a", "b"), "y")
    assert landscape_of(table, table.moments(), Config()).searched_starts is None
    assert look(x[:1], y, "cauchy").searched_starts is None
    assert look(x, y, "huber").searched_starts is None


@pytest.mark.parametrize(("seed", "intercept"), [(1, True), (0, False), (1, False)])
def test_no_run_ends_lower_than_the_lowest_minimum_where_starts_miss_many(
    seed: int,
    intercept: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(many_starts, "STARTS", 3)
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 100)
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(2, 60))
    x = np.concatenate([x, x.sum(axis=0)[None]])  # one that depends on the others
    y = 3 + 2 * x[0] - x[1] + draw.normal(size=60) * 10
    config = Config(cost="cauchy", cost_scale=0.01, intercept=intercept, steps=3000)
    fits = []
    for start in ([3, 2, -1, 0], [1, 5, 0, 2]):
        theta = [start[0] * intercept, *start[1:]]
        run = train(x.T, y, config=config, theta=theta, learning_rate="auto")
        landscape = run.training.landscape
        assert run.minimum.cost == min(point.cost for point in landscape.minima)
        assert run.minimum.cost <= run.cost * (1 + 1e-12)
        assert run.excess == pytest.approx(run.cost - run.minimum.cost, abs=1e-15)
        if run.stop_reason is StopReason.CONVERGED:
            assert run.reached is not None
            assert run.reached.cost == pytest.approx(run.cost, rel=1e-9)
        fits.append(run.last.theta)
    lowest = min(fits, key=lambda theta: float(landscape.cost.value(theta)))
    table = open_table({"a": x[0], "b": x[1], "c": x[2], "y": y}, ["a", "b", "c"], "y")
    again = landscape_of(table, table.moments(intercept=intercept), config)
    found = evaluate(table, again, [lowest], rows=0)
    assert found.minimum is not None
    assert found.minimum.cost <= found.points[0].cost * (1 + 1e-12)
