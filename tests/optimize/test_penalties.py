"""Penalised minima are those of scikit-learn, of exact fractions, and of their own conditions."""

from fractions import Fraction
from functools import cache
from itertools import product
from operator import mul
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitline import Config, ConfigError, StopReason, train
from fitline.config import resolve
from fitline.data import open_table
from fitline.data.table import Table
from fitline.landscapes.landscape import Landscape
from fitline.landscapes.penalty_path import penalty_path
from fitline.optimize.costs import Cost
from fitline.optimize.elastic_net import ElasticNet
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.method import stopped_at_creases
from fitline.optimize.moments import Moments
from fitline.optimize.penalty import Penalty
from fitline.optimize.scaling import Kind, Scaling
from fitline.optimize.squared_error import SquaredError
from fitline.statistics.validation import CrossValidation
from fitline.training import landscape_of, moments_of, prepare
from fitline.vector import Vector

DIABETES = Path(__file__).parents[1] / "diabetes.csv"
"""442 patients; B. Efron and others, Least Angle Regression, Annals of Statistics 32, 2004."""

FEATURES = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
PATIENTS = dict(
    zip([*FEATURES, "progress"], np.loadtxt(DIABETES, delimiter=",", skiprows=1).T, strict=True)
)

# Of scikit-learn 1.9.1 on standardised columns: Ridge(alpha=n·λ2, solver="svd"), and with a
# tolerance of 1e-15 Lasso(alpha=λ1/2) and ElasticNet(alpha=λ1/2 + λ2, l1_ratio=(λ1/2)/alpha).
SLOPES = {
    (0.001, 0): [
        -0.4542073055923,
        -11.37220687061,
        24.751447054217,
        15.40267726049,
        -33.881709933139,
        19.662439844935,
        3.1303253969447,
        7.9677812042033,
        34.291615209335,
        3.2402978108694,
    ],
    (0.1, 0): [
        0.06224876917283,
        -9.8551383131897,
        23.292423980941,
        14.353452500408,
        -3.9700743779259,
        -3.3688888420181,
        -8.9745399662814,
        5.5038650189373,
        21.110027732112,
        4.1262441489219,
    ],
    (10, 0): [
        0.94240078093329,
        -0.043685247578137,
        3.5871834864659,
        2.6172799347752,
        0.9477175801333,
        0.66347273309681,
        -2.2619043537672,
        2.2954671506809,
        3.3364073827493,
        2.1030403973954,
    ],
    (0, 0.1): [
        -0.36162530474191,
        -11.303153096509,
        24.773673472328,
        15.320977760859,
        -29.600918120842,
        16.461445876778,
        0.95082371508269,
        7.0024316432893,
        32.821649735188,
        3.1996532405749,
    ],
    (0, 1): [
        0,
        -10.287405374897,
        24.9853509808,
        14.669213578459,
        -7.7750933211337,
        0,
        -8.4321774616608,
        3.3024172612141,
        24.955054820706,
        2.9069381969163,
    ],
    (0, 10): [
        0,
        -2.1554072082978,
        24.215644616587,
        10.33149570027,
        0,
        0,
        -7.027194975238,
        0,
        21.229254837014,
        0,
    ],
    (0, 50): [
        0,
        0,
        14.8226678623,
        0,
        0,
        0,
        0,
        0,
        11.962980919727,
        0,
    ],
    (0.1, 1): [
        0,
        -9.0162172040122,
        23.164728039309,
        13.910767227568,
        -2.8795692680839,
        -2.8490961232499,
        -9.4553550144577,
        4.030806152101,
        20.895356968156,
        3.8018157944812,
    ],
    (0.5, 10): [
        0,
        -0.99342036947679,
        16.976541753233,
        9.1334859666754,
        0,
        0,
        -6.0860319999647,
        2.8253283921103,
        14.583750240811,
        3.2497695408898,
    ],
}


@pytest.fixture(scope="module")
def diabetes() -> Moments:
    with open_table(PATIENTS, FEATURES, "progress") as table:
        return table.moments()


def cost_of(moments: Moments, l2: float, l1: float, kind: Kind = "standard") -> Cost:
    """Give the penalised cost in the coordinates that train."""
    penalty = Penalty.of(l2, l1, kind, moments)
    return Landscape.of_moments(moments, penalty).cost.scaled(penalty.scaling)


def minimum_of(cost: Cost) -> Vector:
    assert isinstance(cost, SquaredError | ElasticNet)
    return cost.minimum


@pytest.mark.parametrize(("weights", "slopes"), SLOPES.items())
def test_the_slopes_are_those_of_scikit_learn(
    diabetes: Moments, weights: tuple[float, float], slopes: list[float]
) -> None:
    minimum = minimum_of(cost_of(diabetes, *weights))
    assert minimum[0] == pytest.approx(0, abs=1e-12)
    assert minimum[1:] == pytest.approx(slopes, rel=1e-10, abs=1e-10)
    assert [slope == 0 for slope in minimum[1:]] == [slope == 0 for slope in slopes]


numbers = st.integers(-40, 40).map(lambda whole: whole / 4)
tables = st.integers(1, 3).flatmap(
    lambda features: st.lists(
        st.lists(numbers, min_size=features + 1, max_size=features + 1), min_size=4, max_size=9
    )
)
weights = st.sampled_from([0.0, 0.01, 0.3, 2.0, 50.0])


def moments_or_none(rows: list[list[float]], *, intercept: bool) -> Moments | None:
    """Add up a table, unless nothing can be fitted to it."""
    columns = np.array(rows).T
    if not all(map(np.ptp, columns)):
        return None
    sums = ExactSums(len(columns))
    sums.add(columns)
    return Moments.of(sums, intercept=intercept)


@pytest.mark.parametrize("high", ["1000000.1035", "1000000.0446", "1000123"])
def test_a_ridge_on_columns_from_0_to_1_is_that_of_the_decimals(high: str) -> None:
    low, x = Fraction("1000000.01"), ["1000000.01", "1000000.0445", high]
    y = [Fraction(1), Fraction(2), Fraction(4)]
    with open_table({"x": [*map(float, x)], "y": [*map(float, y)]}, "x", "y") as table:
        moments = table.moments()
    theta = Penalty.of(1.0, 0.0, "minmax", moments).ridged(moments).fit.theta
    from_0 = [(Fraction(one) - low) / (Fraction(high) - low) for one in x]
    means = sum(from_0) / 3, sum(y) / 3
    products = sum((a - means[0]) * (b - means[1]) for a, b in zip(from_0, y, strict=True)) / 3
    slope = products / (sum((a - means[0]) ** 2 for a in from_0) / 3 + 1) / (Fraction(high) - low)
    expected = means[1] - slope * (sum(map(Fraction, x)) / 3), slope
    assert theta.tolist() == pytest.approx([*map(float, expected)], rel=1e-15)


@given(tables, st.sampled_from([0.01, 0.5, 7.0]), st.booleans())
def test_a_ridge_is_the_fit_of_exact_fractions(
    rows: list[list[float]],
    l2: float,
    intercept: bool,  # noqa: FBT001
) -> None:
    moments = moments_or_none(rows, intercept=intercept)
    if moments is None:
        return
    penalty = Penalty.of(l2, 0.0, "standard", moments)
    theta = penalty.ridged(moments).fit.theta
    *columns, y = zip(*[[Fraction(intercept), *map(Fraction, row)] for row in rows], strict=True)
    exact = [*map(Fraction, theta.tolist())]
    errors = [each - sum(map(mul, row, exact)) for each, *row in zip(y, *columns, strict=True)]
    pulls = [0.0, *(l2 * penalty.scaling.scale**2)]
    for column, pull, parameter in zip(columns, pulls, exact, strict=True):
        slope = sum(map(mul, column, errors)) / len(rows) - Fraction(pull) * parameter
        assert abs(float(slope)) <= 1e-12 * (1 + float(max(map(abs, y)))) * 40


@given(tables, weights, weights, st.booleans(), st.sampled_from(["standard", "minmax", "none"]))
@settings(max_examples=60)
def test_no_direction_goes_downhill_from_a_penalised_minimum(
    rows: list[list[float]],
    l2: float,
    l1: float,
    intercept: bool,  # noqa: FBT001
    kind: Kind,
) -> None:
    moments = moments_or_none(rows, intercept=intercept)
    if moments is None:
        return
    cost = cost_of(moments, l2, l1, kind)
    minimum, draw = minimum_of(cost), np.random.default_rng(0)
    lowest = float(cost.value(minimum))
    assert np.linalg.norm(cost.gradient(minimum)) <= 1e-9 * (1 + np.abs(rows).max() ** 2)
    for size in (1e-3, 1.0, 30.0):
        for _ in range(5):
            move = draw.normal(size=len(minimum)) * size
            move[0] *= intercept
            there = minimum + move
            excess = cost.excess(there, float(cost.value(there)), lowest)
            assert excess >= 0
            above = float(cost.value(there)) - lowest
            assert excess == pytest.approx(above, rel=1e-6, abs=1e-9 * (1 + lowest))


def lowest_of_all_signs(cost: ElasticNet) -> float:
    """Try which parameters are 0, and the signs of the others, and solve for these."""
    hessian, weights = cost.bowl.hessian(cost.minimum), cost.shrinkage
    pull, lowest = hessian @ cost.bowl.minimum, np.inf
    for used in product([cost.bowl.moments.has_intercept], *[[False, True]] * (len(weights) - 1)):
        kept = np.flatnonzero(used)
        signs = np.array([*product([1.0, -1.0], repeat=len(kept))])
        theta = np.zeros((len(signs), len(weights)))
        if len(kept):
            size = np.sqrt(np.diag(hessian)[kept])
            scaled = hessian[np.ix_(kept, kept)] / np.outer(size, size)
            rest = (pull[kept] - weights[kept] * signs) / size
            theta[:, kept] = np.linalg.lstsq(scaled, rest.T, rcond=1e-14)[0].T / size
        lowest = min(lowest, float(cost.value(theta).min()))
    return lowest


@pytest.mark.parametrize("alike", [0.0, 1e-3, 0.1, 10.0])
@pytest.mark.parametrize("kind", ["standard", "none"])
@pytest.mark.parametrize("intercept", [True, False])
def test_of_columns_that_depend_on_each_other_the_lowest_is_found(
    alike: float,
    kind: Kind,
    intercept: bool,  # noqa: FBT001
) -> None:
    draw = np.random.default_rng(5)
    for place, rows in enumerate((2, 3, 5, 8), intercept + (kind == "none")):
        first, other, noise, y = draw.normal(size=(4, rows))
        x = [first * 100, first * 1000 + alike * noise, other, first + other + alike * noise]
        table = np.array([*x, 3 * first - other + y]).T.tolist()
        moments = moments_or_none(table, intercept=intercept)
        assert moments is not None
        for nth, l1 in enumerate((1e-4, 0.1, 1.0, 30.0), place):
            cost = cost_of(moments, (0.0, 1e-3)[nth % 2], l1, kind)
            assert isinstance(cost, ElasticNet)
            assert cost.floor <= lowest_of_all_signs(cost) * (1 + 1e-8)


def test_a_lasso_of_one_dimension_in_two_units_keeps_one(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("a,b,y\n700,7000,-701\n-400,-4000,402\n")
    run = train(
        *(str(path),),
        x=["a", "b"],
        y="y",
        l1=10,
        intercept=False,
        scaling="none",
        learning_rate="auto",
        steps=200,
        theta=[0, 0, -0.1],
    )
    assert run.minimum.theta[1] == 0
    assert run.minimum.cost == pytest.approx(1.77154, rel=1e-5)


@given(
    st.lists(st.sampled_from([-3.0, -0.5, 0.0, 0.2, 2.0]), min_size=3, max_size=3),
    st.lists(st.floats(-5, 5), min_size=3, max_size=3),
    st.floats(0.01, 2),
)
def test_a_step_that_stops_at_creases_is_a_proximal_step(
    theta: list[float], slope: list[float], rate: float
) -> None:
    here, bowl, shrinkage = np.array(theta), np.array(slope), np.array([0.0, 1.0, 3.0])
    on_crease = np.sign(bowl) * np.maximum(np.abs(bowl) - shrinkage, 0.0)
    gradient = np.where(here == 0, on_crease, bowl + shrinkage * np.sign(here))
    moved = here - rate * bowl
    expected = np.sign(moved) * np.maximum(np.abs(moved) - rate * shrinkage, 0.0)
    end = stopped_at_creases(here, here - rate * gradient, rate * shrinkage)
    assert end == pytest.approx(expected, abs=1e-12)


@cache
def patients(*, intercept: bool) -> tuple[Table, Moments]:
    table = open_table(PATIENTS, ("bmi", "bp", "s3", "s5"), "progress")
    return table, table.moments(intercept=intercept)


@pytest.mark.parametrize("scaling", ["standard", "minmax"])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("chosen", [{"l2": 0.3}, {"l1": 4.0}, {"l2": 0.1, "l1": 2.0}])
def test_descent_arrives_at_the_penalised_minimum(
    scaling: Kind,
    intercept: bool,  # noqa: FBT001
    chosen: dict[str, Any],
) -> None:
    config = Config(
        scaling=scaling, intercept=intercept, learning_rate="auto", steps=20_000, **chosen
    )
    table, moments = patients(intercept=intercept)
    training = prepare(table, landscape_of(table, moments, config), config)
    last = training.last_step()
    assert last.stop_reason is StopReason.CONVERGED
    assert last.theta == pytest.approx(training.landscape.lowest.theta, rel=1e-8, abs=1e-8)
    assert training.excess(last) <= 1e-12 * last.cost


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov", "adam"])
def test_every_optimizer_takes_a_ridge(optimizer: str) -> None:
    run = train(l2=0.5, optimizer=optimizer, learning_rate="auto", steps=5000)
    assert run.excess <= 1e-6 * run.cost
    exact = 2 / 3 * 136 * np.sqrt(312_500)  # of two directions of curvature 1, λ takes a third
    slope = run.minimum.theta[1] * np.sqrt(312_500)
    assert slope == pytest.approx(exact, rel=1e-12)


def test_a_large_lasso_leaves_the_mean_alone() -> None:
    run = train(l1=1e9, learning_rate="auto")
    assert run.minimum.theta.tolist() == [250_000.0, 0.0]
    assert run.last.theta[1] == 0.0
    assert run.cost == pytest.approx(5.8e9)


@pytest.mark.parametrize("chosen", [{"l2": 0.1}, {"l1": 3.0}])
def test_folds_take_the_coordinates_of_the_rows_that_are_fitted(chosen: dict[str, Any]) -> None:
    config = Config(x=FEATURES, y="progress", folds=5, **chosen)
    with open_table(PATIENTS, FEATURES, "progress", config) as table:
        moments = moments_of(table, config)
        landscape = landscape_of(table, moments, config)
    found = CrossValidation.of(moments, landscape.best_on)
    assert found is not None
    for fold, rmse in zip(moments.folds, found.rmses, strict=True):
        cost = cost_of(fold.training, config.l2, config.l1)
        scaling = Scaling.of("standard", fold.training)
        theta = scaling.original(minimum_of(cost))
        error = float(SquaredError.in_original_units(fold.test).value(theta))
        assert rmse == pytest.approx(np.sqrt(error), rel=1e-12)


@pytest.mark.parametrize("weights", [(0.1, 0.0), (0.0, 3.0), (0.1, 3.0), (0.0, 0.0)])
def test_a_path_passes_through_the_minima(diabetes: Moments, weights: tuple[float, float]) -> None:
    path = penalty_path(diabetes, Penalty.of(*weights, "standard", diabetes))
    for place in range(0, len(path.weights), 40):
        weight = float(path.weights[place])
        l2, l1 = (weight, 0.0) if path.name == "l2" else (weights[0], weight)
        minimum = minimum_of(cost_of(diabetes, l2, l1))
        assert path.slopes[:, place] == pytest.approx(minimum[1:], rel=1e-8, abs=1e-8)
    assert path.chosen in {None, *weights}
    if path.name == "l1":
        assert np.abs(path.slopes[:, -1]).max() <= 1e-12


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        ({"l2": 1, "cost": "huber"}, "l2"),
        ({"l1": 1, "cost": "cauchy"}, "l1"),
        ({"l2": 1, "batch_size": 2}, "l2"),
        ({"l1": 1, "optimizer": "adam"}, "l1"),
        ({"l1": 1, "line_search": True}, "l1"),
        ({"l2": -1}, "l2"),
        ({"l1": float("inf")}, "l1"),
    ],
)
def test_what_does_not_go_with_a_penalty_is_refused(chosen: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(chosen)
    assert caught.value.column == key
