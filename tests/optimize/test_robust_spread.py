"""The spread of the errors is told by the rows that agree, whatever the others are."""

import numpy as np
import pytest

from fitline.landscapes.landscape import Landscape
from fitline.optimize import robust_spread as spreads
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.losses import LOSSES, CostName
from fitline.optimize.moments import Moments
from fitline.optimize.robust_spread import deviation, robust_fit, robust_spread
from fitline.optimize.rows import Rows

ROBUST: list[CostName] = ["absolute", "huber", "cauchy"]


def plane(rows: int, features: int, noise: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(rows + features)
    x = draw.uniform(-10, 10, (features, rows)) * 10.0 ** np.arange(features)[:, None]
    return x, 5 + x.sum(axis=0) + draw.normal(0, noise, rows)


def look(x: np.ndarray, y: np.ndarray, cost: CostName, scale: float | None = None) -> Landscape:
    sums = ExactSums(2)
    sums.add(np.array([x, y]))
    return Landscape.of_rows(Moments.of(sums), cost, scale, Rows(x[None], y))


@pytest.mark.parametrize("features", [1, 2, 5])
@pytest.mark.parametrize(("rows", "tables"), [(40, 6), (300, 2), (5000, 1)])
def test_the_spread_of_gaussian_errors_is_their_standard_deviation(
    rows: int, tables: int, features: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreads, "TRIED_LINES", 150)
    found = [robust_spread(*plane(rows + more, features, 3.0)) for more in range(tables)]
    assert np.mean(found) == pytest.approx(3.0, rel=0.2)


@pytest.mark.parametrize("features", [1, 2, 5])
@pytest.mark.parametrize("far", [1e2, 1e12])
def test_far_rows_do_not_bend_the_line_that_most_follow(features: int, far: float) -> None:
    """Rows far off at one end have the longest lever, and 40 % of all are such."""
    x, y = plane(500, features)
    wrong = np.argsort(x[0])[-200:]
    right = np.setdiff1d(np.arange(500), wrong)
    spoilt = y.copy()
    spoilt[wrong] += far
    ones = np.concatenate([np.ones((1, 300)), x[:, right]])
    inliers = np.linalg.lstsq(ones.T, y[right])[0] @ ones
    assert robust_fit(x, spoilt)[right] == pytest.approx(inliers, abs=0.3)
    assert 0.8 < robust_spread(x, spoilt) < 2.5


def test_many_rows_are_judged_by_a_sample_and_measured_all() -> None:
    x, y = plane(300_000, 1)
    y[:120_000] = 1e9
    assert 1 < robust_spread(x, y) < 2.5
    assert robust_spread(x, y) == robust_spread(x, y)


def test_rows_on_a_line_have_no_spread_and_three_rows_have_some() -> None:
    x = np.arange(1.0, 17)
    y = np.where(x == 16, 1000, x)
    assert robust_spread(x[None], y) == pytest.approx(0, abs=1e-12)
    assert robust_spread(x[None, :3], np.array([1.0, 2.0, 9.0])) > 1
    assert robust_spread(x[None, :2], y[:2]) == pytest.approx(0, abs=1e-12)
    assert robust_spread(np.ones((1, 4)), np.array([1.0, 2.0, 3.0, 4.0])) > 0.5


@pytest.mark.parametrize("values", [[5.0, 5.0, 5.0], [0.0, 0.0], [1.0, 1.0, 1.0, 9.0]])
def test_a_deviation_is_never_0(values: list[float]) -> None:
    assert deviation(np.array(values)) > 0


KM = np.arange(1.0, 23)
FARES = 3 + 2 * KM + np.random.default_rng(0).normal(size=22)
FARES[20:] = 450, 470


@pytest.mark.parametrize("cost", ["huber", "cauchy"])
def test_two_wrong_fares_do_not_spoil_the_line_of_the_others(cost: CostName) -> None:
    """Squared error learns −23 + 5.4·km; twice the standard errors here are 1 and 0.08."""
    slope, intercept = np.polyfit(KM[:20], FARES[:20], 1)
    landscape = look(KM, FARES, cost)
    assert landscape.lowest.theta[0] == pytest.approx(intercept, abs=1)
    assert landscape.lowest.theta[1] == pytest.approx(slope, abs=0.08)
    assert landscape.scale == pytest.approx(LOSSES[cost].default_scale, rel=0.5)


@pytest.mark.parametrize("cost", ROBUST)
def test_fifteen_rows_on_a_line_outvote_one(cost: CostName) -> None:
    x = np.arange(1.0, 17)
    y = np.where(x == 16, 1000, x)
    assert look(x, y, cost).lowest.theta == pytest.approx([0, 1], abs=2e-5)


def test_two_neighbourhoods_have_two_valleys_when_nobody_says_how_wide() -> None:
    x, y = np.loadtxt("data/two_neighbourhoods.csv", delimiter=",", skiprows=1).T
    pits = look(x, y, "cauchy").minima[:2]
    for pit, rows in zip(pits, (slice(0, 12), slice(12, 20)), strict=True):
        slope, intercept = np.polyfit(x[rows], y[rows], 1)
        assert pit.theta == pytest.approx([intercept, slope], rel=0.03)


@pytest.mark.parametrize("cost", ROBUST)
def test_the_scale_says_where_it_comes_from(cost: CostName) -> None:
    loss, x, y = LOSSES[cost], *plane(50, 1)
    by_errors, given = look(x[0], y, cost).chosen, look(x[0], y, cost, 0.5).chosen
    by_y = look(x[0], 2 * x[0], cost).chosen
    assert by_errors
    assert by_y
    assert given
    assert (by_errors.source, by_errors.factor) == ("errors", loss.default_scale)
    assert by_errors.spread == robust_spread(x, y)
    assert (by_y.source, by_y.factor) == ("y", loss.least_scale)
    assert (given.value, given.source) == (0.5, "given")
    for chosen in (by_errors, by_y):
        assert chosen.factor
        assert chosen.spread
        assert chosen.value == pytest.approx(chosen.factor * chosen.spread, rel=5e-3)


@pytest.mark.parametrize("cost", ROBUST)
def test_a_scale_of_the_size_of_the_errors_is_taken_whatever_one_wrong_row_is(
    cost: CostName,
) -> None:
    x, y = plane(50, 1)
    y[0] = 1e12
    assert look(x[0], y, cost, 1.0).scale == 1.0


@pytest.mark.parametrize("features", [2, 5])
def test_a_feature_that_depends_on_others_changes_no_spread(features: int) -> None:
    x, y = plane(200, features)
    y[:70] += 1e6
    more = np.concatenate([x, [x[0] - 2 * x[1] + 3], np.full((1, 200), 7.0)])
    assert robust_spread(more, y) == pytest.approx(robust_spread(x, y), rel=1e-9)


def test_levels_that_few_rows_have_do_not_hide_the_others() -> None:
    """Hardly a handful of rows has all 15 levels, so that none tells of every feature."""
    draw = np.random.default_rng(0)
    level = draw.integers(0, 15, 300)
    x = np.concatenate([draw.normal(size=(1, 300)), [level == place for place in range(15)]])
    y = 3 * x[0] + level + draw.normal(0, 0.1, 300)
    y[:60] += 1e3
    assert 0.05 < robust_spread(x, y) < 0.2


@pytest.mark.parametrize("rows", range(2, 7))
def test_rows_as_few_as_parameters_lie_on_a_plane(rows: int) -> None:
    x, y = plane(rows, 5)
    assert robust_fit(x, y) == pytest.approx(y, rel=1e-9)
