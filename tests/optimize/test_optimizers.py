"""Every optimizer obeys the same laws; a new one is a new row."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from fitline import Config, train
from fitline.config import resolve
from fitline.data import open_table
from fitline.data.table import Table
from fitline.landscapes.landscape import Landscape
from fitline.optimize.costs import Curvature
from fitline.optimize.iterate import StopReason
from fitline.optimize.optimizers import (
    OPTIMIZERS,
    Adagrad,
    Adam,
    AnyOptimizer,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSprop,
)
from fitline.training import landscape_of, prepare

ALL = [optimizer() for optimizer in OPTIMIZERS]
NAMES = [optimizer.name for optimizer in ALL]
FIRST, SECOND = np.array([4.0, -2.0]), np.array([1.0, 3.0])


def directions(optimizer: AnyOptimizer) -> list[list[float]]:
    """Give the directions for two gradients, one after the other."""
    one, state = optimizer.update(FIRST, optimizer.init(FIRST))
    two, _ = optimizer.update(SECOND, state)
    return [one.tolist(), two.tolist()]


@pytest.mark.parametrize("optimizer", ALL, ids=NAMES)
def test_a_zero_gradient_is_left_alone(optimizer: AnyOptimizer) -> None:
    direction, _ = optimizer.update(np.zeros(2), optimizer.init(np.ones(2)))
    assert not direction.any()


@pytest.mark.parametrize("optimizer", ALL, ids=NAMES)
def test_the_minimum_of_a_bowl_is_found(optimizer: AnyOptimizer) -> None:
    theta = np.array([3.0, -2.0])
    state = optimizer.init(theta)
    for step in range(4000):
        direction, state = optimizer.update(2 * theta, state)
        rate = 0.5 * 0.99**step if optimizer.name in {"rmsprop", "adam"} else 0.05
        rate = 1.0 if optimizer.name == "adagrad" else rate
        theta = theta + rate * direction
    assert np.abs(theta).max() < 1e-6


def rosenbrock_slope(theta: np.ndarray) -> np.ndarray:
    """Give the gradient of (1 − a)² + 100·(b − a²)², whose minimum is (1, 1)."""
    a, b = theta
    return np.array([-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)])


ROSENBROCK = {
    "gradient_descent": (2e-3, 10_000),
    "momentum": (1e-3, 2000),
    "nesterov": (1e-3, 2000),
    "adagrad": (0.5, 12_000),
    "rmsprop": (1e-3, 12_000),
    "adam": (1e-2, 6_000),
}


@pytest.mark.parametrize("optimizer", ALL, ids=NAMES)
def test_the_bottom_of_rosenbrocks_valley_is_reached(optimizer: AnyOptimizer) -> None:
    rate, steps = ROSENBROCK[optimizer.name]
    theta = np.array([-1.2, 1.0])
    state = optimizer.init(theta)
    for step in range(steps):
        direction, state = optimizer.update(rosenbrock_slope(theta), state)
        fading = min(1.0, 10 * (1 - step / steps)) if optimizer.name == "rmsprop" else 1.0
        theta = theta + rate * fading * direction
    assert theta == pytest.approx([1, 1], abs=1e-3)


def test_plain_descent_steps_against_the_gradient() -> None:
    assert directions(GradientDescent()) == [[-4, 2], [-1, -3]]


def test_momentum_keeps_a_part_of_its_speed() -> None:
    assert directions(Momentum(momentum=0.5)) == [[-4, 2], [-(0.5 * 4 + 1), -(0.5 * -2 + 3)]]


def test_nesterov_adds_the_speed_that_it_will_have() -> None:
    speed = [0.5 * 4 + 1, 0.5 * -2 + 3]
    expected = [-(1 + 0.5 * speed[0]), -(3 + 0.5 * speed[1])]
    assert directions(Nesterov(momentum=0.5)) == [[-(4 + 0.5 * 4), 2 + 0.5 * 2], expected]


def slowest(optimizer: AnyOptimizer, rate: float, eigenvalues: tuple[float, ...]) -> float:
    """Give what a step leaves of the slowest direction: the largest spectral radius.

    A step turns (θ, v) into (θ + η·d, v'), which are linear in both; so its matrix is what it
    makes of (1, 0) and of (0, 1).
    """

    def after(theta: float, speed: float, eigenvalue: float) -> list[float]:
        direction, (new,) = optimizer.update(eigenvalue * np.array(theta), (np.array(speed),))
        return [theta + rate * float(direction), float(new)]

    matrices = [[after(1, 0, each), after(0, 1, each)] for each in eigenvalues]
    return float(np.abs(np.linalg.eigvals(np.array(matrices))).max())


ROLLING: list[type[Momentum | Nesterov]] = [Momentum, Nesterov]
NARROW = [(2.0, 2.0), (1.0, 3.0), (0.02, 2.0), (1e-3, 3.0)]


@pytest.mark.parametrize("eigenvalues", NARROW)
def test_polyaks_momentum_leaves_its_root_in_every_direction_and_none_leaves_less(
    eigenvalues: tuple[float, float],
) -> None:
    bowl = Curvature(np.array(eigenvalues))
    best = Momentum().tuned(bowl, None, 10_000)
    rate, reason = best.best_rate(bowl)
    root = np.sqrt(bowl.condition_number)
    assert best.beta == pytest.approx(((root - 1) / (root + 1)) ** 2, abs=1e-15)
    assert "Polyak" in reason
    for eigenvalue in np.linspace(*eigenvalues, 7):
        assert slowest(best, rate, (eigenvalue,)) == pytest.approx(best.beta**0.5, abs=1e-6)
    others = [
        slowest(Momentum(momentum=beta), times * rate, eigenvalues)
        for beta in np.linspace(0, 0.999, 40).tolist()
        for times in np.geomspace(0.5, 1.5, 21)
    ]
    assert min(others) >= best.beta**0.5 - 1e-6


@pytest.mark.parametrize("eigenvalues", NARROW)
@pytest.mark.parametrize("times", [0.03, 0.3, 1])
@pytest.mark.parametrize("kind", ROLLING)
def test_the_momentum_for_a_rate_is_better_than_any_other(
    kind: type[Momentum | Nesterov], times: float, eigenvalues: tuple[float, float]
) -> None:
    rate = times / eigenvalues[-1]
    best = kind(momentum="auto").tuned(Curvature(np.array(eigenvalues)), rate, 100_000)
    others = [kind(momentum=beta) for beta in np.linspace(0, 0.999, 200).tolist()]
    least = min(slowest(other, rate, eigenvalues) for other in others)
    assert slowest(best, rate, eigenvalues) <= least + 1e-6


@pytest.mark.parametrize("kind", ROLLING)
def test_momentum_is_chosen_with_the_rate_or_where_it_is_asked_for(
    kind: type[Momentum | Nesterov],
) -> None:
    bowl = Curvature(np.array([0.1, 2.0]))
    assert kind().tuned(bowl, 0.1, 1000).beta == kind().tuned(None, None, 1000).beta == 0.9
    assert kind(momentum=0.5).tuned(bowl, None, 1000).beta == 0.5
    assert kind().tuned(bowl, None, 1) == kind(momentum="auto").tuned(bowl, None, 1)
    assert kind(momentum="auto").tuned(bowl, 0.01, 1) != kind(momentum="auto").tuned(bowl, None, 1)


@pytest.mark.parametrize("kind", ROLLING)
@pytest.mark.parametrize("low", [1e-30, 1e-9])
@pytest.mark.parametrize("rate", [None, 1e-30, 1e300])
def test_momentum_is_small_enough_for_the_steps(
    kind: type[Momentum | Nesterov], rate: float | None, low: float
) -> None:
    bowl = Curvature(np.array([low, 1.0]))
    beta = [kind(momentum="auto").tuned(bowl, rate, steps).beta for steps in (10, 5000, 10**9)]
    assert 0.93 < beta[0] <= beta[1] <= beta[2] < 0.997
    assert rate or beta[0] < beta[1] < beta[2]


TWINS = {"a": [1, 2, 3, 5], "b": [2, 4, 6, 10], "y": [1, 3, 2, 5]}
VALLEYS: dict[str, dict[str, Any]] = {
    "a narrow one": {"scaling": "minmax", "theta": [0, 100]},
    "a penalty": {"scaling": "minmax", "theta": [0, 100], "l2": 1e-3},
    "dependent": {"data": TWINS, "x": ["a", "b"], "y": "y", "scaling": "none"},
}


@pytest.mark.parametrize("options", VALLEYS.values(), ids=VALLEYS)
@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
def test_momentum_at_auto_converges_sooner_than_plain_descent(
    optimizer: str, options: dict[str, Any]
) -> None:
    plain, rolling = (
        train(**options, learning_rate="auto", optimizer=name)
        for name in ("gradient_descent", optimizer)
    )
    assert rolling.stop_reason is StopReason.CONVERGED
    assert rolling.steps[-1].index < 0.7 * plain.steps[-1].index
    assert 0 < rolling.training.method.optimizer.beta < 0.9


def test_adagrad_divides_by_the_root_of_all_squares() -> None:
    one, two = directions(Adagrad(epsilon=1e-300))
    assert one == [-1, 1]
    assert two == pytest.approx([-1 / (16 + 1) ** 0.5, -3 / (4 + 9) ** 0.5])


def test_rmsprop_divides_by_the_root_of_a_fading_average() -> None:
    one, two = directions(RMSprop(decay=0.75, epsilon=1e-300))
    assert one == pytest.approx([-4 / 4**0.5, 2 / 1])
    averages = [0.75 * 4 + 0.25 * 1, 0.75 * 1 + 0.25 * 9]
    assert two == pytest.approx([-1 / averages[0] ** 0.5, -3 / averages[1] ** 0.5])


def test_adam_begins_with_a_step_of_one_in_every_direction() -> None:
    one, two = directions(Adam(beta1=0.5, beta2=0.75, epsilon=1e-300))
    assert one == pytest.approx([-1, 1])
    means = [(0.5 * 2 + 0.5 * 1) / 0.75, (0.5 * -1 + 0.5 * 3) / 0.75]
    squares = [(0.75 * 4 + 0.25 * 1) / 0.4375, (0.75 * 1 + 0.25 * 9) / 0.4375]
    assert two == pytest.approx([-m / s**0.5 for m, s in zip(means, squares, strict=True)])


DRAW = np.random.default_rng(5)
SQFT = DRAW.lognormal(7.25, 0.33, 2930)
PRICE = 13_000 + 112 * SQFT + DRAW.normal(0, 50_000, 2930)
TABLES = {"houses": None, "town": {"sqft": SQFT, "price": PRICE}}


@cache
def seen(name: str) -> tuple[Table, Landscape]:
    """Look at a table once for all optimizers."""
    table = open_table(TABLES[name])
    return table, landscape_of(table, table.moments(), Config())


def asked(name: str, **start: float) -> Config:
    return resolve({"optimizer": name, "learning_rate": "auto", "steps": 5000, **start})


@pytest.mark.parametrize("name", NAMES)
def test_every_optimizer_finds_the_minimum_of_the_houses(name: str) -> None:
    training = prepare(*seen("houses"), asked(name, theta0=0.0, theta1=100.0))
    assert training.last_step().theta == pytest.approx([12_000, 136], rel=1e-3)
    assert training.reason


@pytest.mark.parametrize("name", NAMES)
def test_two_runs_with_one_seed_are_identical(name: str) -> None:
    one, two = (train(optimizer=name, batch_size=2, steps=20, seed=5) for _ in range(2))
    assert [step.theta.tolist() for step in one.steps] == [s.theta.tolist() for s in two.steps]
    assert one.steps[-1].index == 20


@pytest.mark.parametrize("name", NAMES)
def test_every_optimizer_finds_the_line_in_a_table_like_that_of_a_town(name: str) -> None:
    """2,930 houses with the spread of a real town's, against NumPy's least squares."""
    last = prepare(*seen("town"), asked(name)).last_step()
    slope, intercept = np.polyfit(SQFT, PRICE, 1)
    assert last.theta == pytest.approx([intercept, slope], rel=1e-3)
