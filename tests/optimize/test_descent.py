"""Gradient descent: its steps, and why it ends."""

import weakref
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from fitline import train
from fitline.optimize.descent import end_of
from fitline.optimize.iterate import Iterate, Step, StopReason
from fitline.training import Run, is_shown

STANDARD = {
    1: (2400, 107.2, 3879200000),
    2: (4320, 112.96, 2489888000),
    3: (5856, 117.568, 1600728320),
    5: (8067.84, 124.20352, 667466319.872),
}
UNSCALED = {
    1: (0.015, 128.5, 668842996.250225),
    2: (0.020024997, 137.76249475, 100458922.064555),
    3: (0.0218081198325006, 140.772803785001, 40423420.8352808),
    5: (0.0229247258795502, 142.069117030945, 33412384.1540292),
}


def trained(**options: object) -> Run:
    return train(**{"theta0": 0, "theta1": 100, **options})


def assert_steps(run: Run, expected: dict[int, tuple[float, float, float]]) -> None:
    for index, (theta0, theta1, cost) in expected.items():
        step = run.steps[index]
        assert step.index == index
        assert step.theta == pytest.approx([theta0, theta1], rel=1e-12)
        assert step.cost == pytest.approx(cost, rel=1e-12)


def test_the_first_steps_are_those_of_the_lesson() -> None:
    assert_steps(trained(), STANDARD)


def test_the_first_steps_without_scaling_are_those_of_the_lesson() -> None:
    assert_steps(trained(scaling="none", learning_rate=1e-7, steps=5), UNSCALED)


def test_the_first_step_is_the_start_and_the_last_alone_has_an_ending() -> None:
    run = trained()
    assert run.steps[0].theta == pytest.approx([0, 100])
    assert run.steps[0].index == 0
    assert [step.stop_reason for step in run.steps[:-1]] == [None] * (len(run.steps) - 1)


def test_every_step_goes_downhill_below_the_stable_rate() -> None:
    for rate in (0.01, 0.5, 0.99):
        assert all(a.cost >= b.cost for a, b in pairwise(trained(learning_rate=rate).steps))


def test_the_best_rate_lands_on_the_minimum_in_one_step() -> None:
    run = trained(learning_rate="auto")
    assert len(run.steps) <= 3
    assert run.steps[1].theta == pytest.approx([12_000, 136], rel=1e-12)


@pytest.mark.parametrize("scaling", ["standard", "minmax"])
def test_descent_ends_at_the_exact_minimum(scaling: str) -> None:
    run = trained(scaling=scaling, steps=10_000)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.model.theta == pytest.approx([12_000, 136], abs=1e-6)


def test_descent_takes_the_steps_that_theory_predicts() -> None:
    for scaling, rate in [("standard", 0.1), ("minmax", 0.3), ("standard", 0.95)]:
        run = trained(scaling=scaling, learning_rate=rate, steps=10_000)
        assert run.last.index == pytest.approx(run.training.predicted_steps, abs=1)


def test_too_large_a_rate_diverges() -> None:
    run = trained(learning_rate=1.1)
    assert run.stop_reason is StopReason.DIVERGED
    assert run.cost > 1e6 * run.steps[0].cost


def test_an_enormous_rate_diverges_without_a_warning() -> None:
    assert trained(learning_rate=1e300).stop_reason is StopReason.DIVERGED


def test_the_last_step_allowed_ends_the_run() -> None:
    run = trained(steps=7)
    assert (run.stop_reason, run.last.index) == (StopReason.STEPS, 7)
    assert trained(steps=0).last.index == 0


def test_moves_too_small_to_change_a_number_end_the_run() -> None:
    assert trained(learning_rate=1e-30).stop_reason is StopReason.STALLED


def test_a_start_at_the_minimum_is_the_end() -> None:
    run = train(theta0=12_000, theta1=136)
    assert (run.stop_reason, len(run.steps), run.excess) == (StopReason.CONVERGED, 1, 0)


def test_one_seed_gives_one_run() -> None:
    first, second, third = train(seed=3), train(seed=3), train(seed=4)
    assert first.steps[0].theta.tolist() == second.steps[0].theta.tolist()
    assert first.steps[0].theta.tolist() != third.steps[0].theta.tolist()


def test_a_constant_y_is_learned() -> None:
    run = train({"x": [1, 2, 3], "y": [5, 5, 5]})
    assert run.stop_reason is StopReason.CONVERGED
    assert run.model.theta == pytest.approx([5, 0], abs=1e-9)


def test_far_from_the_origin_descent_converges_all_the_same() -> None:
    x = 1e9 + np.arange(50)
    assert train({"x": x, "y": 3 * x + 1e9}).stop_reason is StopReason.CONVERGED


def test_the_steps_shown_are_the_first_and_then_those_at_powers_of_two() -> None:
    shown = [step.index for step in trained().steps if is_shown(step)]
    assert shown == [0, 1, 2, 3, 4, 5, 8, 16, 32, 64, 128]


def test_every_so_many_steps_are_shown_and_the_last() -> None:
    steps: list[Step] = [step for step in trained(steps=25).steps if is_shown(step, 10)]
    assert [step.index for step in steps] == [0, 10, 20, 25]


def test_of_a_long_descent_the_last_iterate_alone_is_held() -> None:
    alive: list[weakref.ref[object]] = []

    def iterates() -> Iterator[Iterate]:
        for index in range(50):
            iterate = Iterate(index, np.zeros(2), 0.0, np.zeros(2), 0.0)
            alive.append(weakref.ref(iterate.theta))
            yield iterate
            assert sum(one() is not None for one in alive) <= 2

    assert end_of(iterates()).index == 49
