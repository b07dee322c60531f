"""A learning rate that is tried does what theory says, and the one to take is the best."""

from typing import Any

import pytest

from fitline.config import resolve
from fitline.data import open_table
from fitline.optimize.rates import Outcome, Trial, best_of, to_try
from fitline.training import Training, landscape_of, prepare


def prepared(**options: Any) -> Training:
    config = resolve({"theta0": 0, "theta1": 100, **options})
    table = open_table(config.data)
    return prepare(table, landscape_of(table, table.moments(), config), config)


def tried(*rates: float, **options: Any) -> list[Trial]:
    return list(prepared(**options).try_rates(rates))


def fates(*rates: float, **options: Any) -> list[Outcome]:
    return [trial.outcome for trial in tried(*rates, **options)]


def test_a_rate_crawls_converges_swings_or_diverges() -> None:
    assert fates(0.001, 0.1, 0.5, 1, 1.01) == [
        Outcome.SLOW,
        Outcome.CONVERGES,
        Outcome.CONVERGES,
        Outcome.OSCILLATES,
        Outcome.DIVERGES,
    ]


def test_a_rate_above_half_the_best_turns_back_at_every_step() -> None:
    slow, swinging = tried(0.4, 0.9)
    assert (slow.last.sign_changes, slow.oscillates) == (0, False)
    assert swinging.last.sign_changes == swinging.last.index
    assert (swinging.outcome, swinging.oscillates) == (Outcome.CONVERGES, True)


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.7, 0.95])
def test_the_steps_are_those_that_theory_predicts(rate: float) -> None:
    (trial,) = tried(rate)
    assert trial.last.index == prepared(learning_rate=rate).predicted_steps


def test_a_rate_that_ends_higher_than_a_smaller_one_hovers() -> None:
    crawling, hovering = tried(0.002, 0.02, batch_size=1)
    assert crawling.last.cost < hovering.last.cost
    assert (crawling.outcome, hovering.outcome) == (Outcome.SLOW, Outcome.PLATEAUS)


@pytest.mark.parametrize("scaling", ["standard", "minmax"])
def test_the_best_of_those_tried_is_the_one_that_theory_knows(scaling: str) -> None:
    training = prepared(scaling=scaling)
    assert training.curvature is not None
    best = best_of(list(training.try_rates()))
    assert best.rate == pytest.approx(training.curvature.best_rate, rel=0.01)
    assert best.rate <= training.curvature.best_rate * (1 + 1e-12)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "adagrad", "adam"])
@pytest.mark.parametrize("scaling", ["standard", "minmax", "none"])
def test_the_best_rate_lies_between_those_that_are_too_small_and_too_large(
    optimizer: str, scaling: str
) -> None:
    training = prepared(optimizer=optimizer, scaling=scaling, steps=300)
    trials = list(training.try_rates())
    assert trials[0].outcome is Outcome.SLOW
    assert best_of(trials).rate > trials[0].rate
    assert best_of(trials).last.cost < trials[0].last.cost


def test_rates_to_try_are_round_and_never_above_the_one_that_is_known() -> None:
    assert to_try(4, None)[-4:] == [0.2, 0.5, 1, 2]
    assert 2.96e-7 in to_try(1.2e-6, 2.96999e-7)
    assert 0.72 in to_try(3, 0.71999999999999997)


def test_where_none_converges_the_lowest_end_is_the_best() -> None:
    trials = tried(0.001, 0.002, 1.5, steps=50)
    assert best_of(trials) is trials[1]


def test_mini_batches_are_tried_for_few_updates() -> None:
    training = prepared(data="data/two_neighbourhoods.csv", batch_size=1, steps=10_000)
    assert training.tried_steps * 20 == pytest.approx(5000, abs=20)
    assert prepared(batch_size=1, steps=7).tried_steps == 7


def test_a_rate_that_moves_nothing_crawls_and_is_not_recommended() -> None:
    trials = tried(1e-18, 0.1)
    assert [trial.outcome for trial in trials] == [Outcome.SLOW, Outcome.CONVERGES]
    assert best_of(trials).rate == 0.1
