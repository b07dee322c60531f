"""Several runs on the page, and the guess."""

from collections.abc import Callable
from typing import Any

import pytest

import fitline
from fitline.page import payload

from .chromium import NEIGHBOURHOODS, cauchy, fact, houses, lesson_of, state, until

pytestmark = pytest.mark.browser


def test_runs_are_kept_beside_each_other_and_removed(lesson: Any) -> None:
    lesson.click("#keep")
    lesson.fill("#rate-text", "0.5")
    lesson.press("#rate-text", "Enter")
    lesson.click("#keep")
    fact(lesson, "step")
    labels = lesson.locator("#kept li").all_inner_texts()
    assert [label.split("\n")[0] for label in labels] == [
        "gradient descent, rate 0.1",
        "now: gradient descent, rate 0.5",
    ]
    colours = "[...document.querySelectorAll('.swatch')].map((patch) => patch.style.background)"
    assert len(set(lesson.evaluate(colours))) == 2
    lesson.click("#all")
    assert state(lesson)["step"] == 128
    lesson.get_by_role("button", name="Remove: gradient descent, rate 0.1").click()
    fact(lesson, "step")
    assert state(lesson) | {"kept": 1, "step": 1} == state(lesson)


def test_runs_are_named_by_what_tells_them_apart(lesson: Any) -> None:
    lesson.click("#keep")
    lesson.select_option("#optimizer", "momentum")
    lesson.fill("[name=momentum]", "0.5")
    lesson.press("[name=momentum]", "Enter")
    lesson.select_option("#schedule", "cosine")
    lesson.check("input[value=minmax]")
    lesson.click("#keep")
    fact(lesson, "step")
    labels = [text.split("\n")[0] for text in lesson.locator("#kept li").all_inner_texts()]
    assert labels == [
        "gradient descent, rate 0.1, standard",
        "now: momentum 0.5, rate 0.1, cosine, minmax",
    ]


def test_runs_of_the_lesson_are_kept_from_the_start(show: Callable[..., Any]) -> None:
    runs = {f"with {steps} steps": houses(steps=steps, scaling="minmax") for steps in range(3, 11)}
    configs = {name: run.training.resolved for name, run in runs.items()}
    tab = show(payload.lesson_of(houses().training, configs))
    fact(tab, "step")
    shown = [text.split("\n")[0] for text in tab.locator("#kept li").all_inner_texts()]
    assert state(tab)["step"] == 128
    now = "now: gradient descent, rate 0.1, standard"
    assert shown == [now, *list(runs)[:6], "2 more runs had no place here"]
    tab.get_by_role("button", name="Remove: with 4 steps").click()
    until(tab, "location.hash.includes('run=3') && !location.hash.includes('run=2')")
    again = show(None, "#" + tab.url.split("#")[1])
    assert state(again) == state(tab)
    assert again.locator("#kept li").count() == 7


def test_theory_stays_hidden_until_one_has_guessed(lesson: Any) -> None:
    assert "11 steps" not in lesson.inner_text("body")
    lesson.click("#reveal")
    assert lesson.is_hidden("#answer")
    lesson.fill("#guess", "40")
    lesson.press("#guess", "Enter")
    fact(lesson, "step")
    answer = lesson.locator("#answer div").all_inner_texts()
    assert answer == ["your guess\n40", "predicted\n11 steps", "the truth\n11 steps"]
    lesson.check("input[value=minmax]")
    fact(lesson, "step")
    assert lesson.is_hidden("#answer")


def test_random_starts_end_in_several_minima(show: Callable[..., Any]) -> None:
    run = cauchy()
    tab = show(lesson_of(run))
    summary = tab.inner_text("#starts-summary")
    assert "Of 12 random starts:" in summary
    lowest = sum(restart.minimum is run.minimum for restart in run.restarts)
    assert f"{lowest} reached the minimum at (75,026, 85.7)." in summary
    assert "a saddle" in tab.inner_text("#landmarks")
    assert tab.inner_text("#zones .here") == "certainly stable up to 1"


def test_a_random_start_is_picked(show: Callable[..., Any]) -> None:
    run = cauchy()
    tab = show(lesson_of(run))
    tab.select_option("#pick-start", "start 3")
    assert [state(tab)["theta0"], state(tab)["theta1"]] == run.training.starts[2].tolist()
    tab.uncheck("#show-starts")
    until(tab, "location.hash.includes('starts=off')")


def test_absolute_error_has_no_zones_and_no_theory(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(fitline.train(NEIGHBOURHOODS, cost="absolute")))
    assert tab.locator("#zones span").count() == 0
    assert "The cost is the mean of C·|error|, where the scale C is" in tab.inner_text(
        "#cost-says"
    )
    tab.fill("#guess", "7")
    tab.click("#reveal")
    fact(tab, "step")
    assert tab.locator("#answer dt").all_inner_texts() == ["your guess", "the truth"]
