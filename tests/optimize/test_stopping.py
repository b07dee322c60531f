"""Every run that converges stands at a minimum, and those with no options all do."""

from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitline import Run, StopReason, train
from fitline.config import resolve
from fitline.data import open_table
from fitline.data.table import Table
from fitline.diagnosis.diagnosis import diagnose
from fitline.diagnosis.remedies import filled
from fitline.landscapes.landscape import Landscape
from fitline.optimize.iterate import Iterate
from fitline.optimize.losses import LOSSES
from fitline.results.diagnosis import DiagnosisFacts, RemedyFacts
from fitline.training.prepare import landscape_of, prepare
from fitline.views.advice import advice_text, remedy_text

X = np.arange(30.0)
NOISE = 1e-6 * np.random.default_rng(1).normal(size=30)
KM = np.arange(1.0, 23)
FARES = 3 + 2 * KM + np.random.default_rng(0).normal(size=22)
FARES[20:] = 450, 470
UP_TO_16 = np.arange(1.0, 17)
NEIGHBOURHOODS = str(Path(__file__).parents[2] / "data" / "two_neighbourhoods.csv")


def read(path: str) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.loadtxt(path, delimiter=",", skiprows=1).T
    return x, y


TABLES = {
    "a line": (X, 2 * X + 1),
    "a line but for 1e-6": (X, 2 * X + 1 + NOISE),
    "milliseconds": (1.7e12 + 1000 * X, 2 * X + 1),
    "milliseconds but for 1e-6": (1.7e12 + 1000 * X, 2 * X + 1 + NOISE),
    "one row far off": (UP_TO_16, np.where(UP_TO_16 == 16, 1000, UP_TO_16)),
    "two fares far off": (KM, FARES),
    "two lines": read("data/two_neighbourhoods.csv"),
    "four houses": read("data/houses.csv"),
    "sleep": read("data/sleep.csv"),
}
LINES = [name for name in TABLES if ("line" in name and "two" not in name) or "milli" in name]
COSTS = ["squared", *LOSSES]
every_table = pytest.mark.parametrize("name", TABLES)
every_cost = pytest.mark.parametrize("cost", COSTS)


@cache
def seen(name: str, **cost: object) -> tuple[Table, Landscape]:
    """Look at a table once for all runs on it."""
    x, y = TABLES[name]
    table = open_table({"x": x, "y": y})
    return table, landscape_of(table, table.moments(), resolve(cost))


@cache
def walked(name: str, **options: object) -> tuple[Run, Iterate]:
    """Train, and give the last iterate too, which is in the coordinates that train."""
    cost = {key: options[key] for key in ("cost", "cost_scale") if key in options}
    training = prepare(*seen(name, **cost), resolve(options))
    *_, end = training.iterates()
    assert end.stop_reason
    return Run(training, [training.step_of(end)], end.stop_reason), end


def trained(name: str, **options: object) -> Run:
    return walked(name, **options)[0]


def residuals(name: str, run: Run, end: Iterate) -> np.ndarray:
    """Compute y − ŷ about the middle of x, where a line far from the origin keeps its digits."""
    x, y = TABLES[name]
    scaling = run.training.scaling
    height, steepness = end.theta
    z = (x - scaling.shift[0]) / scaling.scale[0]
    return np.asarray((y - scaling.y_shift) - height - steepness * z)


def slopes_are_level(name: str, r: np.ndarray, seen: Landscape) -> bool:
    """Add up the pulls of all rows, of smooth costs, from the definitions."""
    x, y = TABLES[name]
    c = seen.scale or y.std()
    far = {"squared": r, "huber": np.clip(r, -c, c), "cauchy": r / (1 + (r / c) ** 2)}
    z = (x - x.mean()) / x.std()
    slopes = np.abs([far[seen.name].mean(), (far[seen.name] * z).mean()])
    rounding = 1e-15 * np.abs(y - y.mean()).max()
    return bool(slopes.max() <= 1e-11 * min(c, y.std()) + rounding)


def least_absolute(name: str) -> float:
    """Try the lines through all pairs of rows, of which one is best (J. Boscovich, 1757)."""
    x, y = TABLES[name]
    x, y = x - x.mean(), y - y.mean()
    pairs = np.array([pair for pair in combinations(range(len(x)), 2) if x[pair[0]] != x[pair[1]]])
    slope = np.diff(y[pairs])[:, 0] / np.diff(x[pairs])[:, 0]
    height = y[pairs[:, 0]] - slope * x[pairs[:, 0]]
    return float(np.abs(y - height[:, None] - slope[:, None] * x).mean(axis=1).min())


def assert_at_a_minimum(name: str, run: Run, end: Iterate) -> None:
    landscape, (x, y), r = run.training.landscape, TABLES[name], residuals(name, run, end)
    if landscape.name == "absolute":
        assert float(np.abs(r).mean()) - least_absolute(name) <= 1e-11 * np.ptp(y)
        return
    assert slopes_are_level(name, r, landscape)
    if landscape.name == "cauchy":
        r /= landscape.scale or 1
        bend = (1 - r**2) / (1 + r**2) ** 2
        ones = np.stack([np.ones(len(x)), (x - x.mean()) / x.std()])
        assert (np.linalg.eigvalsh((ones * bend) @ ones.T) > 0).all()


@every_cost
@every_table
def test_with_no_options_a_run_ends_at_a_minimum(name: str, cost: str) -> None:
    run, end = walked(name, cost=cost)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.reached is not None
    assert_at_a_minimum(name, run, end)


@every_cost
@pytest.mark.parametrize("name", LINES)
def test_a_line_is_found_from_every_start(name: str, cost: str) -> None:
    x, y = TABLES[name]
    z = (x - x.mean()) / 1000 ** ("milli" in name)
    slope, height = np.polyfit(z, y, 1)
    run, end = walked(name, cost=cost, seed=len(name) * len(cost))
    assert run.stop_reason is StopReason.CONVERGED
    assert y - residuals(name, run, end) == pytest.approx(slope * z + height, abs=2e-6)


@pytest.mark.parametrize("cost", ["squared", "huber", "cauchy"])
@every_table
def test_a_line_search_that_has_arrived_says_so(name: str, cost: str) -> None:
    run, end = walked(name, cost=cost, line_search=True)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.last.index < 100
    assert_at_a_minimum(name, run, end)


@pytest.mark.parametrize("cost", ["huber", "absolute", "cauchy"])
def test_one_row_far_off_does_not_bend_the_line_of_the_others(cost: str) -> None:
    run = trained("one row far off", cost=cost)
    assert run.model.theta == pytest.approx([0, 1], abs=2e-5)


NEEDLE = {
    "cost": "cauchy",
    "cost_scale": 0.01,
    "learning_rate": 0.1,
    "theta0": 40.0,
    "theta1": -2.0,
}


def test_a_run_that_goes_on_when_it_may_has_not_converged_at_its_limit() -> None:
    settings: dict[str, Any] = {"cost_scale": 20_000, "theta": (395_314.76, -85.4215)}
    whole = train(NEIGHBOURHOODS, cost="cauchy", **settings)
    assert whole.stop_reason is StopReason.CONVERGED
    for limit in (74, 88):
        assert limit < whole.last.index
        run = train(NEIGHBOURHOODS, cost="cauchy", steps=limit, **settings)
        assert run.stop_reason is StopReason.STEPS


def test_a_plateau_is_no_minimum() -> None:
    run = trained("a line but for 1e-6", **NEEDLE)
    assert run.stop_reason is StopReason.PLATEAU
    assert run.reached is None
    assert run.excess > 1000 * run.minimum.cost
    assert run.last.index == 1000


def test_on_a_plateau_no_tolerance_makes_a_minimum() -> None:
    run = trained("a line but for 1e-6", **NEEDLE, tolerance=0.5)
    assert (run.stop_reason, run.last.index) == (StopReason.PLATEAU, 0)


def test_a_saddle_is_no_minimum() -> None:
    options = {"cost": "cauchy", "cost_scale": 50_000, "learning_rate": 0.1}
    saddle = trained("two lines", **options).training.landscape.saddles[0]
    run = trained(
        "two lines", theta0=saddle.theta[0], theta1=saddle.theta[1], tolerance=1e-9, **options
    )
    assert (run.stop_reason, run.last.index) == (StopReason.PLATEAU, 0)


LOST = {
    "too slow": ("a line", {"cost": "huber", "learning_rate": 0.1}),
    "in a corner": ("two lines", {"cost": "absolute", "line_search": True}),
}


@pytest.mark.parametrize("case", LOST)
def test_what_is_advised_arrives_when_it_is_typed(case: str) -> None:
    name, options = LOST[case]
    run = trained(name, **options)
    assert run.stop_reason is not StopReason.CONVERGED
    diagnosis = diagnose(run)
    assert diagnosis
    found = diagnosis.remedy
    assert found
    told = advice_text(DiagnosisFacts.of(diagnosis), "step")
    assert remedy_text(RemedyFacts.of(found), "step") in told
    cured = trained(name, **{**options, **filled(found.changes)})
    assert cured.stop_reason is StopReason.CONVERGED
    assert cured.reached is cured.minimum


@pytest.mark.parametrize("cost", ["huber", "cauchy"])
def test_a_rate_that_is_chosen_may_be_typed(cost: str) -> None:
    chosen = trained("a line but for 1e-6", cost=cost, cost_scale=1e-2)
    schedule = chosen.training.schedule
    assert schedule.name == "exponential"
    typed = {"learning_rate": chosen.training.learning_rate, "schedule": schedule}
    again = trained("a line but for 1e-6", cost=cost, cost_scale=1e-2, **typed)
    assert again.last.theta.tolist() == chosen.last.theta.tolist()


def test_squared_error_keeps_its_rate() -> None:
    assert trained("sleep").training.learning_rate == 0.1
    assert trained("sleep", cost="cauchy").training.learning_rate != 0.1
