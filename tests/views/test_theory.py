"""What theory says before a training, and what is said of its learning rate afterwards."""

from typing import Any

import pytest

from fitline import Run, train
from fitline.views.theory import advice_text, predicted_text, rate_warning, theory_text


def walked(**options: Any) -> Run:
    return train(**{"theta0": 0, "theta1": 100, **options})


def test_theory_knows_this_rate_the_best_one_and_the_one_that_is_too_large() -> None:
    said = theory_text(walked().training)
    assert said == "rate 0.1 takes 128 steps; the best rate, 0.5, takes 1; above 1 it diverges"
    best = theory_text(walked(learning_rate="auto").training)
    assert best == "rate 0.5 takes 1 step; no fixed rate is better; above 1 it diverges"


def test_what_was_expected_stands_beside_what_was_taken() -> None:
    assert predicted_text(walked()) == "128 steps, and it took 128"
    assert predicted_text(walked(steps=10)) == "128 steps, of which it took 10"
    assert predicted_text(walked(learning_rate=1.2)) == "that it never arrives"
    assert predicted_text(walked(optimizer="adam")) is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"learning_rate": 0.01, "steps": 2000}, "This rate crawls: it is 50 times too small."),
        ({"learning_rate": 0.9}, "It zig-zags: after 128 of 128 steps the slope faced backwards"),
        ({"scaling": "none", "learning_rate": 1e-7}, "No rate walks such a valley quickly."),
        ({"cost": "cauchy", "cost_scale": 50, "learning_rate": 0.1}, "Most rows lie far beyond"),
    ],
)
def test_what_went_wrong_is_named_before_what_helps(options: dict[str, Any], said: str) -> None:
    assert (advice_text(walked(**options)) or "").startswith(said)


def test_a_divergence_is_explained_once() -> None:
    run = walked(learning_rate=1.2)
    assert "each step lands higher" in (rate_warning(run.training) or "")
    assert advice_text(run) == "Type --learning-rate auto: it converges in 1 step."
