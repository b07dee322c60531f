"""What theory says before a training, and what is said of its learning rate afterwards."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from fitline import Run, train
from fitline.config import resolve
from fitline.data import open_table
from fitline.data.table import Table
from fitline.diagnosis.diagnosis import Kind, RateRisk, diagnose, too_large
from fitline.diagnosis.remedies import filled
from fitline.landscapes.landscape import Landscape
from fitline.optimize.iterate import StopReason
from fitline.results.diagnosis import DiagnosisFacts
from fitline.results.set_up import SetUp
from fitline.results.train import TrainResult
from fitline.training.prepare import landscape_of, prepare
from fitline.views.advice import advice_text
from fitline.views.theory import predicted_text, rate_warning, theory_text
from fitline.views.train import stop_text


def trained(**options: Any) -> Run:
    return train(**{"theta0": 0, "theta1": 100, **options})


def advised(run: Run) -> str:
    diagnosis = DiagnosisFacts.of(diagnose(run))
    return advice_text(diagnosis, "step") if diagnosis else ""


def test_theory_knows_this_rate_the_best_one_and_the_one_that_is_too_large() -> None:
    said = theory_text(SetUp.of(trained().training))
    assert said == "128 steps at rate 0.1; the best rate, 0.5, takes 1; largest stable rate 1"
    best = theory_text(SetUp.of(trained(learning_rate="auto").training))
    assert best == "1 step at rate 0.5; no fixed rate is better; largest stable rate 1"


def test_what_was_predicted_stands_beside_what_was_taken() -> None:
    assert predicted_text(TrainResult.of_run(trained())) == "128 steps, taken 128"
    assert (
        predicted_text(TrainResult.of_run(trained(steps=10)))
        == "128 steps, of which 10 were taken"
    )
    assert predicted_text(TrainResult.of_run(trained(learning_rate=1.2))) == "does not converge"
    assert predicted_text(TrainResult.of_run(trained(optimizer="adam"))) is None


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"learning_rate": 0.01, "steps": 2000}, Kind.SLOW, "This rate is slow: 50 times too"),
        ({"learning_rate": 0.9}, Kind.OSCILLATES, "It oscillates: after 128 of 128 steps"),
        ({"scaling": "none", "learning_rate": 1e-7}, Kind.ILL_CONDITIONED, "The problem is ill"),
        (
            {"cost": "cauchy", "cost_scale": 50, "learning_rate": 0.1, "steps": 200},
            Kind.PLATEAU,
            "Most rows lie far beyond",
        ),
    ],
)
def test_what_went_wrong_is_named_before_what_helps(
    options: dict[str, Any], kind: Kind, said: str
) -> None:
    diagnosis = DiagnosisFacts.of(diagnose(trained(**options)))
    assert diagnosis is not None
    assert diagnosis.kind is kind
    assert diagnosis.remedy is not None
    assert advice_text(diagnosis, "step").startswith(said)


def test_a_loose_tolerance_is_no_minimum() -> None:
    result = TrainResult.of_run(trained(tolerance=0.3))
    assert stop_text(result) == (
        "converged after 9 steps: the gradient norm is at most the tolerance, 0.3"
    )
    assert advised(trained(tolerance=0.3)) == (
        "The tolerance is met before the minimum is reached."
        " Leave --tolerance out: it converges in 128 steps."
    )


def test_a_divergence_is_explained_once() -> None:
    run = trained(learning_rate=1.2)
    found = too_large(run.training)
    assert found is not None
    assert "above the largest stable rate" in rate_warning(found)
    assert advised(run) == "Train with --learning-rate auto: it converges in 1 step."


def test_nothing_is_diagnosed_where_nothing_went_wrong() -> None:
    assert diagnose(trained()) is None
    assert too_large(trained().training) is None
    found = too_large(trained(learning_rate=1).training)
    assert found is not None
    assert found.risk is RateRisk.OSCILLATES_FOR_EVER


@cache
def valley(power: float) -> tuple[Table, Landscape]:
    """Look at a table of x and a power of it, between which there is a narrow valley."""
    x = np.linspace(4, 10, 60)
    table = open_table(
        {"x": x, "power": x**power, "y": 3 * x + np.sin(7 * x)}, ("x", "power"), "y"
    )
    return table, landscape_of(table, table.moments(), resolve({}))


def curved(power: float, **options: Any) -> Run:
    """Train on such a table, and keep the last step."""
    training = prepare(*valley(power), resolve(options))
    last = training.last_step()
    return Run(training, [last], last.stop_reason or StopReason.INTERRUPTED)


def test_with_several_features_the_best_rate_depends_on_the_steps() -> None:
    near = curved(2, learning_rate="auto", steps=100)
    said = theory_text(SetUp.of(near.training))
    assert "no fixed rate comes nearer to the minimum within 100 steps" in said
    assert near.training.reason == "predicted to come nearest to the minimum within 100 steps"
    usual = curved(2, steps=100)
    assert "comes nearest to the minimum within 100 steps" in theory_text(SetUp.of(usual.training))
    assert near.excess < usual.excess
    fast = curved(2, learning_rate="auto", steps=9000)
    assert "no fixed rate is better" in theory_text(SetUp.of(fast.training))
    assert fast.training.reason == "predicted to take the fewest steps from this start"
    curvature = fast.training.curvature
    assert curvature is not None
    known = curved(2, learning_rate=curvature.best_rate, steps=9000)
    assert fast.last.index < known.last.index


def test_without_steps_the_rate_is_that_for_the_usual_number() -> None:
    asked, usual = (curved(2, learning_rate="auto", steps=steps) for steps in (0, 1000))
    assert asked.training.learning_rate == usual.training.learning_rate


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"learning_rate": "auto"},
        {"learning_rate": 3},
        {"scaling": "minmax"},
        {"line_search": True},
        {"learning_rate": "auto", "steps": 300},
    ],
)
@pytest.mark.parametrize("power", [1.2, 2, -1])
def test_what_is_advised_with_several_features_arrives(
    power: float, options: dict[str, Any]
) -> None:
    run = curved(power, **options)
    diagnosis = diagnose(run)
    if diagnosis is None or diagnosis.remedy is None:
        assert power == 1.2 or run.stop_reason is StopReason.CONVERGED
        return
    told = curved(power, **(options | filled(diagnosis.remedy.changes)))
    assert told.stop_reason is StopReason.CONVERGED
    assert told.last.index == diagnosis.remedy.steps


def test_in_a_narrow_valley_another_optimizer_is_advised() -> None:
    assert "Train with --optimizer momentum --learning-rate auto: it" in advised(curved(2))
    assert "Train with --optimizer momentum: it" in advised(curved(2, learning_rate="auto"))


@pytest.mark.parametrize("rate", ["auto", 0.2, 0.5])
@pytest.mark.parametrize("steps", [20, 100, 300])
def test_who_needs_but_more_steps_is_not_said_to_oscillate(rate: float | str, steps: int) -> None:
    said = advised(curved(2, learning_rate=rate, steps=steps))
    assert "--steps" not in said or "oscillates" not in said


def test_more_steps_are_advised_by_the_rate_that_they_would_have() -> None:
    run = curved(1.6, learning_rate="auto", steps=10)
    assert (run.training.predicted_steps or 0) > 12_000
    assert "Train with --steps 9000: it converges in 8,906 steps" in advised(run)
