"""What theory says before a training, and what is said of its learning rate afterwards."""

from typing import Any

import pytest

from fitline import Run, train
from fitline.diagnosis.diagnosis import Kind, RateRisk, diagnose, rate_risk
from fitline.results import DiagnosisFacts, SetUp, TrainResult
from fitline.views.advice import advice_text
from fitline.views.theory import predicted_text, rate_warning, theory_text


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
            {"cost": "cauchy", "cost_scale": 50, "learning_rate": 0.1},
            Kind.PLATEAU,
            "Most rows lie far beyond",
        ),
    ],
)
def test_what_went_wrong_is_named_before_what_helps(
    options: dict[str, Any], kind: Kind, said: str
) -> None:
    run = trained(**options)
    diagnosis = diagnose(run)
    assert diagnosis is not None
    assert diagnosis.kind is kind
    assert diagnosis.remedy is not None
    assert advised(run).startswith(said)


def test_a_divergence_is_explained_once() -> None:
    run = trained(learning_rate=1.2)
    assert "above the largest stable rate" in (rate_warning(run.training) or "")
    assert advised(run) == "Type --learning-rate auto: it converges in 1 step."


def test_nothing_is_diagnosed_where_nothing_went_wrong() -> None:
    assert diagnose(trained()) is None
    assert rate_risk(trained().training) is None
    assert rate_risk(trained(learning_rate=1).training) is RateRisk.OSCILLATES_FOR_EVER
