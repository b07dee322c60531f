"""Every schedule gives the factors of its formula."""

import math

import pytest

from fitline import train
from fitline.optimize.schedules import (
    SCHEDULES,
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    StepDecay,
    WarmUp,
)


@pytest.mark.parametrize("update", [0, 1, 7, 100])
def test_the_factors_are_those_of_the_formulas(update: int) -> None:
    assert Constant().factor(update) == 1
    assert StepDecay(every=7, drop=0.1).factor(update) == pytest.approx(0.1 ** (update // 7))
    assert Exponential(decay=0.9).factor(update) == pytest.approx(0.9**update)
    assert InverseTime(decay=0.5).factor(update) == pytest.approx(1 / (1 + 0.5 * update))
    wave = (1 + math.cos(math.pi * min(update, 50) / 50)) / 2
    assert Cosine(over=50, floor=0.2).factor(update) == pytest.approx(0.2 + 0.8 * wave)


@pytest.mark.parametrize("schedule", [kind() for kind in SCHEDULES], ids=lambda kind: kind.name)
def test_a_schedule_begins_with_the_whole_rate_and_never_grows(schedule: Constant) -> None:
    factors = [schedule.factor(update) for update in range(2000)]
    assert factors[0] == 1
    assert factors == sorted(factors, reverse=True)
    assert factors[-1] >= 0


def test_a_warm_up_grows_to_the_schedule_in_equal_parts() -> None:
    warm = WarmUp(5, InverseTime(decay=1.0))
    for update in range(8):
        part = min(1.0, (update + 1) / 5)
        assert warm.factor(update) == pytest.approx(part / (1 + update))


def test_a_training_moves_by_the_scheduled_rate() -> None:
    plain = train(theta0=0, theta1=100, steps=1)
    warm = train(theta0=0, theta1=100, steps=1, warm_up=4)
    moved, quarter = plain.steps[1].theta - [0, 100], warm.steps[1].theta - [0, 100]
    assert quarter == pytest.approx(moved / 4)


def test_a_falling_rate_lets_absolute_error_come_to_rest() -> None:
    options = {"cost": "absolute", "learning_rate": 0.1, "theta0": 0, "theta1": 100}
    options["steps"] = 3000
    fixed = train("data/two_neighbourhoods.csv", **options)
    falling = train(
        "data/two_neighbourhoods.csv",
        schedule={"name": "exponential", "decay": 0.995},
        **options,
    )
    assert falling.excess < fixed.excess / 100
