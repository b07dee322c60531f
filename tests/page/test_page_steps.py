"""The page step by step: the update written out, and the clock."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import fitline
from fitline.formatting import OVERFLOW

from .chromium import fact, follow, houses, lesson_of, state, told, until

pytestmark = pytest.mark.browser


def test_the_update_shows_both_parameters_from_the_same_old_point(lesson: Any) -> None:
    lines = lesson.locator("#update .formula").all_inner_texts()
    assert lines == [
        "θ0' ← −75,000 − 0.1 × (−150,000) = −60,000",
        "θ1' ← 55,901.7 − 0.1 × (−40,249.2) = 59,926.6",
    ]
    assert "θ0 = 2,400, θ1 = 107.2" in lesson.locator("#update").inner_text()


UPDATES = {
    "momentum": [
        "v ← 0.9 × (−150,000) + (−120,000) = −255,000",
        "θ0' ← −60,000 − 0.1 × (−255,000) = −34,500",
    ],
    "nesterov": [
        "v ← 0.9 × (−150,000) + (−93,000) = −228,000",
        "θ0' ← −46,500 − 0.1 × (−93,000 + 0.9 × (−228,000)) = −16,680",
    ],
    "adagrad": [
        "s ← 3.879 + (−1.77)² = 7.011",
        "θ0' ← −67,384.2 − 7,616 × (−1.77) / 2.648 = −62,294.4",
    ],
    "rmsprop": [
        "s ← 0.9 × 0.3879 + 0.1 × (−1.337)² = 0.5279",
        "θ0' ← −50,916.8 − 7,616 × (−1.337) / 0.7266 = −36,901.5",
    ],
    "adam": [
        "m ← 0.9 × (−0.197) + 0.1 × (−1.77) = −0.354, m̂ = −1.86",
        "s ← 0.999 × 0.00388 + 0.001 × (−1.77)² = 0.00701, ŝ = 3.51",
        "θ0' ← −67,384.2 − 7,616 × (−1.864) / 1.872 = −59,800.5",
    ],
}


@pytest.mark.parametrize("optimizer", UPDATES)
def test_the_second_step_of_each_optimizer_is_written_out(lesson: Any, optimizer: str) -> None:
    follow(lesson, f"#optimizer={optimizer}&step=1")
    fact(lesson, "step")
    assert lesson.locator("#update .formula").first.inner_text().split("\n") == UPDATES[optimizer]


def test_the_buttons_move_the_clock(lesson: Any) -> None:
    for button, step in [("#one", 1), ("#ten", 11), ("#back", 10), ("#all", 128), ("#reset", 0)]:
        lesson.click(button)
        assert fact(lesson, "step") == str(step), button
    lesson.click("#one")
    assert fact(lesson, "line") == "price = 2,400 + 107.2 × sqft"
    assert fact(lesson, "cost") == "3,879,200,000"


def test_the_end_is_said_in_pythons_words(lesson: Any) -> None:
    lesson.click("#all")
    fact(lesson, "step")
    assert lesson.inner_text("#ending") == told(fitline.StopReason.CONVERGED, "128 steps")
    lesson.click("#one", force=True)
    assert fact(lesson, "step") == "128"


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_goes_on_and_pause_stops(show: Callable[..., Any], motion: str) -> None:
    tab = show(lesson_of(houses()), reduced_motion=motion)
    tab.click("#play")
    until(tab, "fitline.state().step >= 2")
    assert tab.inner_text("#play") == "Pause"
    tab.click("#play")
    paused = state(tab)["step"]
    tab.wait_for_timeout(400)
    assert state(tab)["step"] == paused


def test_a_diverging_run_is_drawn_and_named(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses(scaling="none", learning_rate=0.1)))
    for button in ("#all", "#zoom-fit", "#zoom-out", "#zoom-in", "#keep"):
        tab.click(button)
    assert fact(tab, "step") == "1"
    assert tab.inner_text("#ending") == told(fitline.StopReason.DIVERGED, "1 step")


@pytest.mark.parametrize("rate", [1.05, 1e8])
def test_a_diverging_path_is_drawn_where_it_is(lesson: Any, rate: float) -> None:
    """In a round bowl all steps lie on the line through the start and the minimum."""
    follow(lesson, f"#rate={rate}&theta0=-143000&theta1=225")
    lesson.click("#all")
    assert state(lesson)["step"] > 1 or rate > 2
    fact(lesson, "step")
    drawn = lesson.evaluate(ORANGE)
    assert len(drawn) > 100
    about = drawn - np.mean(drawn, axis=0)
    *_, (_, beside) = np.linalg.svd(about, full_matrices=False)
    assert np.max(np.abs(about @ beside)) < 12, "a dot has a radius of 6"


ORANGE = """(() => {
  const map = document.querySelector("#landscape");
  const [width, height] = [map.width, map.height].map((side) => Math.round(side / 2));
  const middle = [width / 2, height / 2, width, height].map(Math.round);
  const { data } = map.getContext("2d").getImageData(...middle);
  const isOrange = (place) =>
    [0xd5, 0x5e, 0x00].every((part, channel) => Math.abs(data[4 * place + channel] - part) < 9);
  const places = Array.from({ length: width * height }, (_, place) => place).filter(isOrange);
  return places.map((place) => [place % width, Math.floor(place / width)]);
})()"""
"""The middle of the map, without the arrow at its edge that points to where the run is."""


def test_numbers_that_overflow_are_drawn_and_named(lesson: Any) -> None:
    for rate in ("1e300", "1e308"):
        follow(lesson, f"#rate={rate}")
        for button in ("#all", "#zoom-fit", "#zoom-out", "#keep"):
            lesson.click(button)
        assert fact(lesson, "cost") == OVERFLOW
        assert lesson.inner_text("#ending") == told(fitline.StopReason.DIVERGED, "1 step")


def test_from_a_start_beyond_all_numbers_no_run_arrives(lesson: Any) -> None:
    follow(lesson, "#theta0=1.7e308")
    assert fact(lesson, "cost") == OVERFLOW
    lesson.fill("#guess", "7")
    lesson.click("#reveal")
    fact(lesson, "step")
    assert lesson.locator("#answer dd").nth(1).inner_text() == "never"
