"""A table and a configuration become a run, from one start or from several."""

import inspect
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

from fitline import Config, ConfigError, DataError, RangeError, Run, StopReason, memory, train
from fitline.landscapes.landscape import Landscape
from fitline.optimize.optimizers import Momentum
from fitline.optimize.schedules import InverseTime
from fitline.training import held_steps, random_starts, rate_choice

NEIGHBOURHOODS = "data/two_neighbourhoods.csv"
HILLS = Config(data=NEIGHBOURHOODS, cost="cauchy", cost_scale=50_000, starts=20)


@pytest.fixture(scope="module")
def run() -> Run:
    return train(config=HILLS)


def test_every_start_ends_in_one_of_the_two_minima(run: Run) -> None:
    kinds = [restart.minimum and restart.minimum.kind for restart in run.restarts]
    assert len(kinds) == 20
    assert set(kinds) == {"global", "local"}


def test_the_run_that_ended_lowest_is_kept(run: Run) -> None:
    assert run.cost == pytest.approx(min(a.last.cost for a in run.restarts), rel=1e-12)
    assert run.reached is run.minimum


@pytest.mark.parametrize("theta", [(0, 300), (50_000, 100)])
def test_a_run_ends_in_the_minimum_of_its_valley_to_8_digits(theta: tuple[float, float]) -> None:
    options = {"cost": "cauchy", "cost_scale": 50_000, "tolerance": 1e-15, "steps": 5000}
    trained = train(NEIGHBOURHOODS, theta0=theta[0], theta1=theta[1], **options)
    assert trained.reached is not None
    assert trained.last.theta == pytest.approx(trained.reached.theta, rel=1e-9)


def test_the_starts_are_those_of_the_seed_and_the_first_is_the_single_one(run: Run) -> None:
    again = train(config=HILLS)
    for one, other in zip(run.restarts, again.restarts, strict=True):
        assert np.array_equal(one.start, other.start)
        assert np.array_equal(one.last.theta, other.last.theta)
    seen = run.training.landscape
    assert np.array_equal(random_starts(seen, 0, 3)[0], random_starts(seen, 0)[0])
    assert not np.array_equal(random_starts(seen, 1)[0], random_starts(seen, 0)[0])


def test_a_start_that_is_given_is_the_first_of_several() -> None:
    run = train(config=HILLS, starts=3, theta0=1.0)
    assert run.training.starts[0][0] == 1.0
    assert len(run.restarts) == 3


def test_squared_error_has_no_scale() -> None:
    with pytest.raises(ConfigError, match="squared error has no scale"):
        train(cost_scale=5.0)


def test_a_robust_cost_goes_down_at_every_step_below_the_rate_of_squared_error() -> None:
    for cost in ("huber", "cauchy"):
        run = train(NEIGHBOURHOODS, cost=cost, learning_rate="auto")
        costs = np.array([step.cost for step in run.steps])
        assert run.stop_reason is StopReason.CONVERGED
        assert (np.diff(costs) <= 1e-15 * costs[1:]).all()


def test_a_robust_cost_is_the_mean_loss_in_every_scaling() -> None:
    for scaling in ("standard", "minmax", "none"):
        run = train(NEIGHBOURHOODS, cost="cauchy", scaling=scaling, steps=3, learning_rate=1e-8)
        landscape = run.training.landscape
        for step in run.steps:
            assert step.cost == pytest.approx(float(landscape.cost.value(step.theta)), rel=1e-12)


def test_rows_that_do_not_fit_into_memory_are_refused_with_their_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "LITTLE", 0)
    monkeypatch.setattr(memory, "available", lambda: 1024)
    with pytest.raises(DataError, match=r"20 rows take 1.28 kB of memory, and 1.02 kB are free"):
        train(config=HILLS)
    assert train(NEIGHBOURHOODS).stop_reason is StopReason.CONVERGED


@pytest.mark.parametrize("starts", [1, 2])
def test_steps_to_keep_are_refused_where_there_is_no_room_for_as_many_again(
    monkeypatch: pytest.MonkeyPatch, starts: int
) -> None:
    monkeypatch.setattr(held_steps, "HELD_AT_ONCE", 2**11)
    monkeypatch.setattr(memory, "available", lambda: 2_000_000)
    long = {"steps": 5000, "learning_rate": 1e-9, "tolerance": 1e-300, "starts": starts}
    told = "as many steps again as the 4,096 that are kept so far take 2.05 MB of memory"
    with pytest.raises(ConfigError, match=told) as caught:
        train([1, 2, 3], [2, 4, 7], **long)
    assert caught.value.hint == "take fewer steps, or stop earlier with a larger tolerance"


def test_a_sample_is_drawn_from_the_rows_in_their_order_by_the_seed(run: Run) -> None:
    table, moments = run.training.table, run.training.moments
    rows = table.rows(moments)
    (x,), y = rows.x, rows.y
    (drawn_x,), drawn_y = table.sample(moments, 7, 3)
    drawn = zip(drawn_x, drawn_y, strict=True)
    places = [int(np.flatnonzero((x == a) & (y == b))[0]) for a, b in drawn]
    assert len(places) == 7
    assert places == sorted(set(places))
    (again_x,), again_y = table.sample(moments, 7, 3)
    assert (again_x.tolist(), again_y.tolist()) == (drawn_x.tolist(), drawn_y.tolist())
    (all_x,), all_y = table.sample(moments, 20, 3)
    assert (all_x.tolist(), all_y.tolist()) == (x.tolist(), y.tolist())


def test_a_landscape_knows_no_curvature_of_a_cost_with_corners() -> None:
    run = train(NEIGHBOURHOODS, cost="absolute", steps=1)
    assert isinstance(run.training.landscape, Landscape)
    assert run.training.curvature is None
    assert run.training.predicted_steps is None


@pytest.mark.parametrize("cost", ["squared", "absolute", "huber", "cauchy"])
def test_a_start_beyond_all_numbers_is_refused(cost: Any) -> None:
    told = r"at the start, θ0 = 1e308, θ1 = −1e300, is beyond the largest float64"
    with pytest.raises(RangeError, match=told):
        train(NEIGHBOURHOODS, theta0=1e308, theta1=-1e300, cost=cost)


def test_more_starts_than_memory_are_refused_before_they_are_drawn() -> None:
    with pytest.raises(ConfigError, match=r"1,000,000,000,000 starts take over 1,000 TB"):
        train(starts=10**12)


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
def test_a_rate_that_is_chosen_for_single_rows_does_not_diverge(optimizer: str) -> None:
    run = train(NEIGHBOURHOODS, optimizer=optimizer, batch_size=1, learning_rate="auto", steps=100)
    assert run.stop_reason is not StopReason.DIVERGED
    assert run.cost < run.steps[0].cost


def test_the_rate_that_is_chosen_by_trying_does_not_depend_on_the_number_of_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 200)
    options = {"optimizer": "rmsprop", "scaling": "none", "learning_rate": "auto"}
    few, many = (train(NEIGHBOURHOODS, steps=steps, **options) for steps in (5, 60))
    assert few.training.learning_rate == many.training.learning_rate


def test_of_starts_that_end_equally_low_the_first_is_taken(run: Run) -> None:
    ends = [restart.last.cost for restart in run.restarts if restart.minimum is run.minimum]
    assert len(ends) > 1
    assert min(ends) < ends[0] or len(set(ends)) == 1
    first = next(restart for restart in run.restarts if restart.minimum is run.minimum)
    assert run.training.start.tolist() == first.start.tolist()


RESOLVED: list[dict[str, Any]] = [
    {},
    {"learning_rate": "auto", "optimizer": "nesterov"},
    {"cost": "absolute"},
    {"cost": "cauchy", "warm_up": 3},
    {"optimizer": "adam", "learning_rate": "auto", "schedule": "cosine"},
    {"line_search": True, "cost": "huber"},
]


@pytest.mark.parametrize("options", RESOLVED, ids=str)
def test_a_resolved_configuration_leaves_nothing_to_choose(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 200)
    first = train(NEIGHBOURHOODS, steps=20, **options)
    again = train(NEIGHBOURHOODS, config=replace(first.training.resolved, data=None))
    assert again.training.resolved == first.training.resolved
    assert [step.theta.tolist() for step in again.steps] == [
        step.theta.tolist() for step in first.steps
    ]


SEQUENCES = {tuple[float, ...]: Sequence[float], tuple[str, ...]: Sequence[str]}
"""Those that any sequence becomes."""


def test_every_setting_is_a_parameter_of_train_with_its_type() -> None:
    parameters = dict(inspect.signature(train).parameters)
    for name in ("data", "x", "y", "config"):
        del parameters[name]
    hints = get_type_hints(Config)
    names = [name for name in hints if name not in {"__pydantic_config__", "data", "x", "y"}]
    assert list(parameters) == names
    taken = get_type_hints(train)
    for name in names:
        wanted = set(get_args(hints[name]) or [hints[name]]) - {type(None)}
        for several, taken_for in SEQUENCES.items():
            wanted = {taken_for if own == several else own for own in wanted}
        assert wanted <= _choices(taken[name])
        assert parameters[name].default is None


def _choices(hint: Any) -> set[Any]:
    """Give the types of a union, and what a literal may be."""
    parts = {part for part in get_args(hint) if part is not type(None)}
    return parts | {value for part in parts for value in get_args(part)}


@pytest.mark.parametrize("cost", ["cauchy", "huber", "absolute"])
def test_the_bounds_that_a_hint_names_may_be_typed(cost: str) -> None:
    hints = set()
    for scale in (1e-20, 1e30):
        with pytest.raises(ConfigError) as caught:
            train(NEIGHBOURHOODS, cost=cost, cost_scale=scale)
        hints.add(caught.value.hint or "")
    (hint,) = hints
    low, high = re.findall(r"between (\S+) and ([^\s,]+)", hint)[0]
    for bound in (float(low), float(high)):
        train(NEIGHBOURHOODS, cost=cost, cost_scale=bound, steps=0, learning_rate=0.1)


@pytest.mark.parametrize("config", ["lesson.yaml", 5, {}, Config])
def test_a_configuration_is_a_config(config: Any) -> None:
    with pytest.raises(ConfigError, match="not a Config"):
        train(config=config)


@pytest.mark.parametrize("cost", ["huber", "cauchy", "absolute"])
def test_a_run_whose_cost_is_no_number_is_not_at_the_minimum(cost: Any) -> None:
    lost = train(NEIGHBOURHOODS, cost=cost, learning_rate=1e300, scaling="none")
    assert lost.stop_reason is StopReason.DIVERGED
    assert lost.excess == np.inf


ORIGIN: dict[str, dict[str, Any]] = {
    **{name: {"optimizer": name} for name in ("gradient_descent", "momentum", "adam", "adagrad")},
    **{kind: {"scaling": kind, "learning_rate": "auto"} for kind in ("minmax", "none")},
    "line search": {"line_search": True},
    "batches": {
        "batch_size": 2,
        "learning_rate": "auto",
        "schedule": "inverse_time",
        "steps": 500,
    },
    "starts": {"starts": 3},
}


@pytest.mark.parametrize("way", ORIGIN)
def test_a_model_without_an_intercept_passes_through_the_origin_at_every_step(way: str) -> None:
    x, y = [1.0, 2, 3, 5], [2.0, 4, 7, 9]
    run = train(x, y, intercept=False, **{"steps": 3000, **ORIGIN[way]})
    assert {float(step.theta[0]) for step in run.steps} == {0.0}
    slope = sum(a * b for a, b in zip(x, y, strict=True)) / sum(a * a for a in x)
    assert run.minimum.theta.tolist() == [0.0, slope]
    assert run.last.theta[1] == pytest.approx(slope, rel=0.02 if way == "batches" else 1e-9)
    assert run.model.equation.startswith("y = 1")
    predicted = run.training.predicted_steps
    assert predicted is None or run.last.index == predicted


def test_one_value_of_x_has_a_slope_through_the_origin() -> None:
    assert train([2, 2, 2], [1, 2, 6], intercept=False).minimum.theta.tolist() == [0.0, 1.5]
    with pytest.raises(DataError, match="no slope is better than another"):
        train([0, 0], [1, 2], intercept=False)


@pytest.mark.parametrize("cost", ["squared", "absolute", "huber", "cauchy"])
def test_features_that_are_all_0_have_none(cost: Any) -> None:
    data = {"a": [0, 0, 0], "b": [0, -0.0, 0], "y": [1, 2, 4]}
    with pytest.raises(DataError, match="a and b are 0 in all 3 rows, so no slope is better"):
        train(data, x=("a", "b"), y="y", intercept=False, cost=cost)
    train({**data, "b": [0, 0, 3]}, x=("a", "b"), y="y", intercept=False, cost=cost)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"theta0": 5.0}, "the model has no intercept, and would start with 5"),
        ({"theta": (5.0, 1.0)}, "the model has no intercept, and would start with 5"),
    ],
)
def test_what_needs_an_intercept_is_refused_without_one(
    options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        train(intercept=False, **options)


RATES = {
    "plain": Config(data="data/town.csv", x=("sqft", "beds"), y="price"),
    "penalty": Config(data="data/town.csv", x=("sqft", "beds"), y="price", l1=9.0),
    "momentum": Config(optimizer=Momentum()),
    "robust": Config(data=NEIGHBOURHOODS, cost="huber"),
    "held out": Config(data="data/town.csv", x="sqft", y="price", holdout=0.2, patience=3),
    "line search": Config(line_search=True),
}


@pytest.mark.parametrize("schedule", [None, InverseTime()])
@pytest.mark.parametrize("name", RATES)
def test_what_is_known_at_any_rate_is_not_worked_out_again(
    name: str, schedule: InverseTime | None
) -> None:
    training = train(config=RATES[name], steps=1).training
    known = training.best_rate, training.predicted_steps, training.stopping
    other = training.at_rate(0.3, schedule=schedule)
    assert (other.stopping is known[2]) == (other.bowl is training.bowl) == (schedule is None)
    fresh = replace(other)
    assert (other.best_rate, other.predicted_steps) == (fresh.best_rate, fresh.predicted_steps)
    assert other.stopping.tolerance == fresh.stopping.tolerance
    assert [step.cost for step in other.steps()] == [step.cost for step in fresh.steps()]
