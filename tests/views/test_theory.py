"""What theory says before a training, and what is said of its learning rate afterwards."""

from typing import Any

import pytest

from fitline import Run, train
from fitline.views.theory import advice_text, predicted_text, theory_text


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
    ("options", "word", "remedy"),
    [
        ({"learning_rate": 0.01, "steps": 2000}, "crawls: it is 50 times", "--learning-rate auto"),
        ({"learning_rate": 0.9}, "zig-zags: after 128 of 128", "--learning-rate auto"),
        ({"learning_rate": 1.2}, "each step lands higher", "--learning-rate auto"),
        (
            {"learning_rate": 0.7, "scaling": "minmax"},
            "zig-zags",
            "--scaling standard",
        ),
        ({"scaling": "none", "learning_rate": 1e-7}, "no rate walks", "--scaling standard"),
        ({"batch_size": 1, "steps": 50}, "the steps get shorter", "--schedule inverse_time"),
        ({"optimizer": "adam", "steps": 3}, "type", "a larger --steps"),
    ],
)
def test_a_rate_that_does_not_suit_is_named_with_a_remedy(
    options: dict[str, Any], word: str, remedy: str
) -> None:
    said = advice_text(walked(**options)) or ""
    assert word in said
    assert remedy in said


def test_a_rate_that_suits_needs_no_advice() -> None:
    assert advice_text(walked()) is None
    assert advice_text(walked(learning_rate=0.5)) is None
