"""The page's mathematics and Python's are one law: both train one table of cases alike.

Node.js runs the page's own scripts on all the cases, in one process.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest

from fitline.config import Config
from fitline.data import Table, open_table
from fitline.data.division import Holdout
from fitline.data.terms import Weights
from fitline.formatting import number
from fitline.landscapes import many_starts
from fitline.landscapes.landscape import Landscape
from fitline.optimize import robust_spread
from fitline.optimize.moments import Moments
from fitline.optimize.optimizers import (
    OPTIMIZERS,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSprop,
)
from fitline.optimize.scaling import Kind, Scaling
from fitline.optimize.schedules import SCHEDULES, Cosine, InverseTime, StepDecay
from fitline.optimize.squared_error import SquaredError
from fitline.page.payload import lesson_of, settings_of
from fitline.training import Training, landscape_of, prepare

from .law import (
    ALIKE,
    ALONG,
    BESIDE,
    COSTS,
    COUNTS,
    HELD_OUT,
    LIGHT,
    NEAR,
    NO_INTERCEPT,
    PRECISIONS,
    SCALINGS,
    SEVERAL,
    TABLES,
    WEIGHTS,
    answers_to,
    differences,
)

SEED = 7
SHOWN = 20
"""So many steps are compared: where a method swings about a minimum its rounding grows."""


@dataclass(frozen=True)
class Case:
    """A run on a table; `options` are fields of `Config`.

    Where they have no rate, a method that needs one has `times` plain descent's largest stable
    rate on squared error.
    """

    table: str
    cost: str = "squared"
    scaling: Kind = "standard"
    options: dict[str, Any] = field(default_factory=dict)
    times: float = 0.3


ROLLING = (Momentum, Nesterov)
METHODS: list[dict[str, Any]] = [
    *({"optimizer": each()} for each in OPTIMIZERS),
    *({"schedule": each(), "warm_up": 3} for each in SCHEDULES),
    {"optimizer": RMSprop(), "schedule": StepDecay(every=7, drop=0.8)},
    {"optimizer": Momentum(momentum=0.5), "schedule": Cosine(over=12, floor=0.1)},
    {"optimizer": Nesterov(momentum=0.25), "schedule": InverseTime(decay=0.2)},
    *({"optimizer": each(momentum="auto")} for each in ROLLING),
    {"optimizer": RMSprop(decay=0.99, epsilon=0.01)},
    {"optimizer": Adam(beta1=0.5, beta2=0.9, epsilon=0.01)},
    {"line_search": True, "steps": 5},
]
TIMES = (0.003, 0.5, 0.74, 0.99, 1, 1.2)
ENDS: list[dict[str, Any]] = [
    {},
    {"steps": 0},
    {"learning_rate": 1e-30},
    {"learning_rate": 1e300},
    {"optimizer": Momentum(), "tolerance": 1e-3},
]
LONG = {"steps": 200}
"""Runs of so many steps end in every way."""
AT_TIMES: list[tuple[dict[str, Any], float]] = [
    (end, times) for end in ENDS for times in TIMES if "learning_rate" not in end or times == 1
]


def each_with_a_scaling(*choices: Iterable[Any], one_in: int = 1) -> Iterator[tuple[Any, ...]]:
    """Combine choices, each time with one scaling; every two of them meet, and every scaling.

    Where all that meet are too many, `one_in` so many are combined.
    """
    for combined in product(*(enumerate(choice) for choice in choices)):
        places, chosen = zip(*combined, strict=True)
        if sum(places) % one_in == 0:
            yield (*chosen, SCALINGS[sum(places) % len(SCALINGS)])


ROUND: dict[str, Any] = {"cost_scale": 1e6, "line_search": True, "steps": 5}
"""Here plain descent sees a round bowl, in which a length of 1 leads as high up the other wall."""

NEEDLES: dict[str, Any] = {"cost_scale": 1500, "theta0": 132_300, "theta1": 191.35, "steps": 0}
"""The minima of this landscape are so many that one this near is not reached."""

RIDGES: list[tuple[dict[str, Any], float]] = [
    ({}, 0.3),
    ({}, 0.99),
    ({"optimizer": Momentum()}, 0.3),
    ({"line_search": True}, 0.3),
]
"""Methods with times the largest stable rate, for squared error with a penalty."""

LASSOED = ["an outlier", "two points", "five features", NO_INTERCEPT, HELD_OUT, COUNTS]

OF_SMALL_NUMBERS = {"an outlier", "on a line", "two points", *ALIKE}
"""Of others unscaled, a penalty keeps a valley in which rounding is more than the law allows."""

BATCHED: list[dict[str, Any]] = [
    {"batch_size": 1, "schedule": InverseTime(decay=0.05)},
    {"batch_size": 3, "optimizer": Momentum(momentum=0.5), "seed": 2**40},
    {"batch_size": 4, "optimizer": Adam(), "warm_up": 3},
    {"batch_size": 1000},
]
"""Methods of mini-batches, the last of which hold all rows."""

TWO_VALLEYS: dict[str, Any] = {"cost_scale": 50_000}
CASES = [
    *(
        Case(table, cost, scaling, {"steps": SHOWN} | method)
        for table, cost, method, scaling in each_with_a_scaling(TABLES, COSTS, METHODS, one_in=4)
    ),
    *(
        Case(table, scaling=scaling, options=LONG | end, times=times)
        for table, (end, times), scaling in each_with_a_scaling(["houses", *SEVERAL], AT_TIMES)
    ),
    *(
        Case("houses", scaling=scaling, options=LONG | {"tolerance": 0}, times=times)
        for scaling, times in product(SCALINGS, TIMES)
    ),
    *(
        Case(table, cost, options={"steps": 60} | end)
        for table, cost, end, _ in each_with_a_scaling(TABLES, COSTS, ENDS, one_in=2)
    ),
    *(Case("two lines", "cauchy", options=TWO_VALLEYS | {"seed": seed}) for seed in range(12)),
    Case("two lines", "cauchy", options=NEEDLES),
    *(
        Case(table, scaling=scaling, options={"l2": l2, "steps": 60} | method, times=times)
        for table, l2, (method, times), scaling in each_with_a_scaling(TABLES, (1e-3, 0.5), RIDGES)
        if scaling != "none" or table in OF_SMALL_NUMBERS
    ),
    *(
        Case(table, cost, scaling, {"steps": 12} | method, times=0.05)
        for table, cost, method, scaling in each_with_a_scaling(TABLES, COSTS, BATCHED, one_in=3)
    ),
    *(
        Case(
            table,
            scaling=scaling,
            options={"l1": part * float(np.std(TABLES[table][1])), "l2": l2, "steps": 60},
            times=times,
        )
        for table, part, l2, times, scaling in each_with_a_scaling(
            LASSOED, (0.02, 0.5, 3), (0.0, 0.01), (0.3, 0.99)
        )
    ),
    Case("two lines", "absolute", options={"learning_rate": "auto"}),
    Case("two lines", "huber", options={"learning_rate": "auto", "cost_scale": 1}),
    Case(LIGHT, "cauchy", options={"cost_scale": 1, "theta0": 0, "theta1": 1, "steps": 300}),
    Case("houses", options={"theta0": 1e150, "theta1": 0}),
    *(Case("houses", "huber", options=ROUND, times=1 - part) for part in (5e-3, 5e-5)),
    Case("on a line", "huber", "minmax", {"line_search": True}),
    Case("far away", "cauchy", "none", {"line_search": True, "steps": 8}),
]


def test_the_page_trains_as_python_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robust_spread, "QUICK", 0)
    monkeypatch.setattr(many_starts, "STARTS", 20)
    trainings = [training_of(case) for case in CASES]
    costs = [(case.table, case.cost, case.options.get("cost_scale")) for case in CASES]
    lessons = dict(zip(costs, trainings, strict=True))
    places = {cost: place for place, cost in enumerate(lessons)}
    runs = answers_to(
        lessons=[lesson_of(training) for training in lessons.values()],
        runs=[
            [places[cost], settings_of(training.resolved)]
            for cost, training in zip(costs, trainings, strict=True)
        ],
        shown=SHOWN,
    )["runs"]
    wrong = [
        f"{case}: {difference}"
        for case, training, run in zip(CASES, trainings, runs, strict=True)
        for difference in differences(answer_of(training), run, closeness_of(case))
    ]
    assert not wrong, "\n".join([f"{len(wrong)} differences", *wrong[:20]])


@pytest.mark.parametrize("kind", SCALINGS)
@pytest.mark.parametrize("name", SEVERAL)
def test_a_profile_has_all_other_parameters_at_their_best(name: str, kind: Kind) -> None:
    training = training_of(Case(name))
    scaling = Scaling.of(kind, training.moments)
    bowl = SquaredError.of(training.moments, scaling)
    pairs = list(permutations(range(len(bowl.minimum)), 2))
    lowest = [bowl.minimum[list(axes)] for axes in pairs]
    beside = [pair + 0.7 * np.abs(pair) + 1 for pair in lowest]
    planes = answers_to(
        lessons=[lesson_of(training)],
        planes=[[0, axes, kind, pair.tolist()] for axes, pair in zip(pairs, beside, strict=True)],
    )["planes"]
    root = np.sqrt(bowl.weights)[:, None] * bowl.mixing
    for axes, pair, plane in zip(pairs, beside, planes, strict=True):
        others = [place for place in range(len(bowl.minimum)) if place not in axes]
        moved = root[:, axes] @ (pair - bowl.minimum[list(axes)])
        best = np.linalg.lstsq(root[:, others], -moved)[0]
        lowest_cost = bowl.floor + float(np.sum(np.square(root[:, others] @ best + moved)))
        assert plane["cost"] == pytest.approx(lowest_cost, rel=1e-9)
        assert bowl.value(scaling.scaled(np.array(plane["theta"]))) == pytest.approx(
            lowest_cost, rel=1e-9
        )
        np.testing.assert_allclose(plane["pair"], pair, rtol=1e-9, atol=1e-9 * abs(pair).max())


@pytest.mark.parametrize("kind", SCALINGS)
def test_a_slice_keeps_all_other_parameters(kind: Kind) -> None:
    training = training_of(Case("five features", "huber"))
    scaling, cost = Scaling.of(kind, training.moments), training.landscape.cost
    others = training.landscape.lowest.theta
    pairs = list(permutations(range(len(others)), 2))
    moved = [scaling.scaled(others) for _ in pairs]
    for theta, axes in zip(moved, pairs, strict=True):
        theta[list(axes)] *= 1.3
    planes = answers_to(
        lessons=[lesson_of(training)],
        planes=[
            [0, axes, kind, theta[list(axes)].tolist(), others.tolist()]
            for axes, theta in zip(pairs, moved, strict=True)
        ],
    )["planes"]
    for axes, theta, plane in zip(pairs, moved, planes, strict=True):
        original = scaling.original(theta)
        np.testing.assert_allclose(plane["theta"], original, rtol=1e-9)
        np.testing.assert_allclose(plane["pair"], theta[list(axes)], rtol=1e-9)
        assert plane["cost"] == pytest.approx(float(cost.value(original)), rel=1e-9)


def test_the_page_writes_numbers_as_python_does() -> None:
    values = [0.0, 1.0, -4617.0, 6.05e9, 0.0229247258795502, 1e-4, 9.99e-5, 3.2e-17, 1e15, 123.456]
    values += [999999.9, 1e5 / 3, -2.5e-300, 1.7e308, 100.0, 0.1]
    cases = list(product(values, (1, 3, 6)))
    assert answers_to(numbers=cases)["numbers"] == [number(*case) for case in cases]


def closeness_of(case: Case) -> float:
    """Give to which part of the largest of their kind in a run numbers agree.

    Far away from the origin, unscaled gradients lose half of their digits.
    """
    return 1e-7 if (case.table, case.scaling) == ("far away", "none") else 1e-9


def training_of(case: Case) -> Training:
    l2, l1 = case.options.get("l2", 0.0), case.options.get("l1", 0.0)
    kind: Kind = case.scaling if l2 or l1 else "standard"
    own = case.cost, case.options.get("cost_scale"), l2, l1, kind
    table, landscape = landscape_on(case.table, *own)
    bowl = SquaredError.of(landscape.ridged, Scaling.of(case.scaling, landscape.moments))
    is_normalized = case.options.get("optimizer", GradientDescent()).is_normalized
    rate = 0.1 if is_normalized else case.times * bowl.curvature.largest_stable_rate
    intercept = case.table != NO_INTERCEPT
    usual: dict[str, Any] = {"cost": case.cost, "intercept": intercept, "scaling": case.scaling}
    config = Config(learning_rate=rate, seed=SEED, **usual)
    return prepare(table, landscape, replace(config, **case.options))


@cache
def landscape_on(
    name: str, cost: str, scale: float | None, l2: float, l1: float, scaling: Kind
) -> tuple[Table, Landscape]:
    table, moments = table_of(name)
    config = Config(cost=cost, cost_scale=scale, l2=l2, l1=l1, scaling=scaling)
    return table, landscape_of(table, moments, config)


@cache
def table_of(name: str) -> tuple[Table, Moments]:
    columns = (ALONG, ALONG + BESIDE) if name == LIGHT else TABLES[name]
    x, y = (np.array(values, dtype=float) for values in columns)
    features = {f"x{place}": column for place, column in enumerate(np.atleast_2d(x), 1)}
    weights = Weights("w") if name in WEIGHTS else None
    told = {**features, "y": y, "w": WEIGHTS.get(name, np.ones(len(y)))}
    table = open_table(told, list(features), "y", weights=weights)
    holdout = Holdout(0.3, SEED) if name in {HELD_OUT, COUNTS, PRECISIONS} else None
    return table, table.moments(intercept=name != NO_INTERCEPT, division=holdout)


def answer_of(training: Training) -> dict[str, Any]:
    """Give in Python what the page gives of a run."""
    with np.errstate(over="ignore", invalid="ignore"):
        *before, last = training.steps()
        reached = training.landscape.reached(last.theta)
    steps, curvature = [*before, last][:SHOWN], training.curvature
    best = training.method.optimizer.best_rate(curvature) if curvature else None
    known = curvature if training.landscape.is_bowl else None
    bowl = training.bowl.curvature
    thetas = np.transpose([step.theta for step in steps]).tolist()
    excesses = [step.excess for step in [*before, last]]
    near = next(
        (k for k, excess in enumerate(excesses) if excess <= NEAR * excesses[0] < math.inf), None
    )
    assert last.stop_reason
    return {
        "stop_reason": last.stop_reason.value,
        "steps": last.index,
        "predicted_steps": training.predicted_steps,
        "near": near,
        "predicted_near": None if training.predicted_steps is None else near,
        "reached": reached.theta.tolist() if reached else None,
        "condition_number": [bowl.condition_number],
        "rates": [best[0], training.largest_stable_rate] if best else [],
        "momenta": [
            each(momentum="auto").tuned(known, rate, training.config.steps).beta
            for each, rate in product(ROLLING, [None, training.learning_rate])
        ],
        **{f"theta{place}": list(values) for place, values in enumerate(thetas)},
        "cost": [step.cost for step in steps],
        "validation": [c for c in (step.validation_cost for step in steps) if c is not None],
        "excess": [step.excess for step in steps],
        "gradient_norm": [step.gradient_norm for step in steps],
    }
