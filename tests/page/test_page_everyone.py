"""The page for everyone: keys, fingers, words, screens and paper."""

import re
from collections.abc import Callable
from typing import Any

import pytest

import fitline
from fitline.formatting import number

from .chromium import (
    GUIDE,
    NEIGHBOURHOODS,
    boxes,
    cauchy,
    drag,
    fact,
    follow,
    homes,
    houses,
    lesson_of,
    state,
    until,
)

pytestmark = pytest.mark.browser


def test_everything_is_reached_by_tab_in_the_order_of_the_page(lesson: Any) -> None:
    focused = "document.activeElement.id || document.activeElement.value || 'summary'"
    lesson.keyboard.press("Tab")
    order = [lesson.evaluate(focused)]
    while order[-1] != "summary":
        lesson.keyboard.press("Tab")
        order.append(lesson.evaluate(focused))
    assert order == [
        *("copy", "download", "help"),
        *("reset", "back", "play", "one", "ten", "all", "undo", "keep"),
        *("standard", "optimizer", "line-search", "batch", "l2", "l1", "rate-text"),
        *("schedule", "best", "rate", "rows", "open-rows", "cost-function", "holdout"),
        *("squares", "edit-points", "line-left", "line-middle", "line-right", "scaled", "start"),
        *("zoom-in", "zoom-out", "zoom-fit", "turn", "guess", "reveal", "summary"),
    ]


def test_a_penalty_moves_the_minimum_and_the_steps_that_lead_there(lesson: Any) -> None:
    fact(lesson, "step")
    drawn = "document.querySelector('#landscape').toDataURL()"
    plain = lesson.evaluate(drawn)
    for place in (0.5, 0.9, 0.0):
        lesson.locator("#l2").fill(str(place))
        weight = state(lesson)["l2"]
        run = houses(l2=weight)
        end = lesson.evaluate("fitline.steps().at(-1)")
        assert fact(lesson, "step") == "0"
        assert (weight > 0) == (place > 0)
        assert end["theta"] == pytest.approx(run.last.theta.tolist(), rel=1e-9)
        assert (end["cost"], end["step"]) == (pytest.approx(run.cost), run.last.index)
        assert lesson.evaluate("fitline.predictedSteps()") == run.training.predicted_steps
        assert (lesson.evaluate(drawn) == plain) == (place == 0)
    assert "penalty" not in lesson.locator("#facts").inner_text()
    lesson.locator("#l2").fill("0.5")
    assert fact(lesson, "of which penalty") == number(state(lesson)["l2"] * 55901.6994374947**2)


def test_a_penalty_is_in_the_address_and_in_the_name_of_a_kept_run(lesson: Any) -> None:
    lesson.locator("#keep").click()
    lesson.locator("#l2").fill("0.6")
    weight = state(lesson)["l2"]
    until(lesson, f"location.hash.includes('l2={weight}')")
    lesson.locator("#keep").click()
    assert f"penalty λ2 {number(weight)}" in lesson.locator("#kept").inner_text()
    address = lesson.evaluate("location.hash")
    follow(lesson, address.replace(f"l2={weight}", "l2=0.25"))
    assert state(lesson)["l2"] == 0.25
    follow(lesson, address.replace(f"l2={weight}", "l2=-3"))
    assert state(lesson)["l2"] == 0


def test_robust_costs_have_no_penalty(show: Callable[..., Any]) -> None:
    assert not show(lesson_of(houses(cost="huber"))).locator("#penalty").is_visible()


def test_a_lesson_is_worked_by_keyboard_alone(lesson: Any) -> None:
    lesson.focus("#one")
    lesson.keyboard.press("Enter")
    assert fact(lesson, "step") == "1"
    lesson.focus("#start")
    lesson.keyboard.press("ArrowRight")
    lesson.keyboard.press("Shift+ArrowUp")
    assert state(lesson)["theta0"] + 1750 * state(lesson)["theta1"] > 175_000
    assert state(lesson)["theta1"] > 100
    lesson.focus("#line-middle")
    lesson.keyboard.press("ArrowUp")
    assert state(lesson)["step"] == 0
    before = lesson.locator("#bowl").screenshot()
    lesson.focus("#turn")
    lesson.keyboard.press("ArrowLeft")
    fact(lesson, "step")
    assert lesson.locator("#bowl").screenshot() != before


def test_keys_step_play_and_undo(lesson: Any) -> None:
    press = lesson.keyboard.press
    for key, step in {"ArrowRight": 1, "End": 128, "ArrowLeft": 127, "Home": 0}.items():
        press(key)
        assert fact(lesson, "step") == str(step), key
    press("Space")
    until(lesson, "fitline.state().playing")
    press("Space")
    assert not state(lesson)["playing"]
    lesson.select_option("#optimizer", "adam")
    lesson.evaluate("document.activeElement.blur()")
    press("Control+z")
    assert state(lesson)["optimizer"]["name"] == "gradient_descent"
    press("Home")
    press("?")
    assert lesson.is_visible("#shortcuts")
    press("ArrowRight")
    press("Escape")
    assert lesson.is_hidden("#shortcuts")
    assert fact(lesson, "step") == "0"


def test_keys_are_left_to_what_has_the_focus(lesson: Any) -> None:
    for part in ("#rate-text", "#rate", "#optimizer", "#start", "#turn", "#scaling input"):
        lesson.locator(part).first.focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home", "Space"):
            lesson.keyboard.press(key)
        lesson.keyboard.press("Escape")
        assert (state(lesson)["step"], state(lesson)["playing"]) == (0, False), part
    lesson.focus("#rate-text")
    lesson.keyboard.press("?")
    assert lesson.is_hidden("#shortcuts")
    lesson.focus("#undo")
    lesson.keyboard.press("Space")
    assert not state(lesson)["playing"]


def test_space_plays_and_pauses_after_a_click_on_the_steps(lesson: Any) -> None:
    lesson.click("#ten")
    lesson.keyboard.press("Space")
    assert state(lesson)["playing"]
    lesson.keyboard.press("Space")
    assert not state(lesson)["playing"]
    lesson.click("#reset")
    lesson.focus("#ten")
    lesson.keyboard.press("Enter")
    assert fact(lesson, "step") == "10"


def test_the_handles_of_the_line_have_names_of_their_own(lesson: Any) -> None:
    names = [lesson.get_attribute(f"#line-{end}", "title") for end in ("left", "middle", "right")]
    assert len({name.split(":")[0] for name in names}) == 3


def test_the_bowl_turns_by_drag(lesson: Any) -> None:
    before = lesson.locator("#bowl").screenshot()
    drag(lesson, "#bowl", 60, 0)
    assert lesson.locator("#bowl").screenshot() != before


def test_every_control_and_view_has_a_name(lesson: Any) -> None:
    until(lesson, "document.querySelector('canvas').ariaLabel")
    nameless = lesson.evaluate(
        """[...document.querySelectorAll('button, input, select, canvas')]
        .filter((part) => !part.closest('[aria-hidden]')).filter((part) =>
        !(part.getAttribute('aria-label') || part.labels?.length || part.textContent.trim()))
        .map((part) => part.outerHTML)"""
    )
    assert nameless == []


def test_the_text_alternatives_follow_the_run(lesson: Any) -> None:
    lesson.click("#one")
    said = "Step 1: price = 2,400 + 107.2 × sqft, cost 3,879,200,000."
    until(lesson, "document.querySelector('#live').textContent.startsWith('Step 1')")
    assert lesson.inner_text("#live") == said
    label = lesson.get_attribute("#landscape", "aria-label")
    assert "Descent stands at θ0 = 2,400, θ1 = 107.2 after 1 step." in label
    assert "6,030,000,000 at the start" in lesson.get_attribute("#cost", "aria-label")


def test_the_rate_of_convergence_is_said_beside_the_excess(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses()))
    speeds = {
        "0.1": "leaves 64 % of it",
        "1.5": "makes it 4 times as large",
        "1": "overshoots as far",
    }
    for rate, speed in speeds.items():
        follow(tab, f"#rate={rate}")
        fact(tab, "step")
        assert speed in tab.inner_text("#cost-says")
    assert tab.inner_text("#cost-title") == "The excess cost by step"
    held_out = show(lesson_of(fitline.train(NEIGHBOURHOODS, holdout=0.3)))
    assert held_out.inner_text("#cost-title") == "The cost by step"
    assert "held out" in held_out.inner_text("#cost-says")


def test_the_steps_are_a_table(lesson: Any) -> None:
    lesson.click("#table summary")
    lesson.click("#ten")
    fact(lesson, "step")
    steps = lesson.locator("tbody tr td:first-child").all_inner_texts()
    assert steps == ["0", "1", "2", "3", "4", "5", "8", "10"]
    assert lesson.locator("tbody tr").nth(1).inner_text().split("\t")[1] == "2,400"


@pytest.mark.parametrize("size", [(1400, 1000), (1280, 720)])
@pytest.mark.parametrize("make", ["houses", "cauchy", "homes"])
def test_the_views_fit_a_screen(
    show: Callable[..., Any], make: str, size: tuple[int, int]
) -> None:
    run = {"houses": houses, "cauchy": cauchy, "homes": homes}[make]()
    tab = show(lesson_of(run), viewport=dict(zip(("width", "height"), size, strict=True)))
    fact(tab, "step")
    views = boxes(tab, ".bar, .state, .view")
    assert len(views) == 6
    assert max(view["y"] + view["height"] for view in views) <= size[1]
    assert min(plot["height"] for plot in boxes(tab, ".plot")) > 100


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.mark.parametrize("make", ["houses", "cauchy", "homes"])
def test_fingers_find_targets_of_44_pixels(show: Callable[..., Any], make: str) -> None:
    run = {"houses": houses, "cauchy": cauchy, "homes": homes}[make]()
    tab = show(lesson_of(run, guide=GUIDE), **PHONE)
    tab.select_option("#optimizer", "adam")
    tab.click("#keep")
    fact(tab, "step")
    small = tab.evaluate(
        """[...document.querySelectorAll("button, select, summary, input")]
        .filter((part) => part.checkVisibility())
        .map((part) => ["checkbox", "radio"].includes(part.type) ? part.closest("label") : part)
        .map((part) => [part.outerHTML.slice(0, 60), part.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 44 || height < 43.9)
        .map(([name, { width, height }]) => [name, width, height])"""
    )
    assert small == []


def test_a_small_map_stays_in_view_while_the_rate_is_changed(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses()), **PHONE)
    assert tab.is_hidden("#mini")
    tab.focus("#rate")
    tab.press("#rate", "ArrowRight")
    tab.evaluate("new Promise(requestAnimationFrame)")
    mini, rate = boxes(tab, "#mini")[0], boxes(tab, "#rate")[0]
    assert 0 < mini["y"] < mini["y"] + mini["height"] < 844
    assert mini["y"] > rate["y"] + rate["height"] or mini["y"] + mini["height"] < rate["y"]
    before = tab.locator("#mini").screenshot()
    tab.click("#all")
    tab.focus("#rate")
    tab.evaluate("new Promise(requestAnimationFrame)")
    assert tab.locator("#mini").screenshot() != before
    tab.focus("#optimizer")
    assert tab.is_hidden("#mini")


@pytest.mark.parametrize("make", [houses, cauchy])
def test_nothing_overflows_a_phone(show: Callable[..., Any], make: Any) -> None:
    run = make()
    long = lesson_of(run, x=["square feet of the ground floor"], y="price_in_dollars_of_the_day")
    tab = show(long, viewport={"width": 360, "height": 740}, has_touch=True)
    for button in ("#ten", "#keep", "#all"):
        tab.click(button)
    tab.fill("#guess", "12")
    tab.click("#reveal")
    fact(tab, "step")
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    lefts = {round(box["x"]) for box in boxes(tab, "main > section, .below > section")}
    assert len(lefts) == 1


def test_dark_mode_is_dark(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses()), color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    assert max(map(int, re.findall(r"\d+", tab.evaluate(background)))) < 60
    tab.emulate_media(color_scheme="light")
    assert min(map(int, re.findall(r"\d+", tab.evaluate(background)))) > 200


def test_paper_is_light_and_has_no_controls(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses()), color_scheme="dark")
    tab.click("#ten")
    assert fact(tab, "step") == "10"
    drawn = "document.querySelector('#data').toDataURL()"
    screen = tab.evaluate(drawn)
    tab.emulate_media(media="print", color_scheme="dark")
    until(tab, "document.documentElement.classList.contains('printing')")
    tab.evaluate("new Promise(requestAnimationFrame)")
    left = tab.locator("button, select, input").evaluate_all(
        "(all) => all.filter((one) => one.checkVisibility()).map((one) => one.id)"
    )
    assert left == []
    assert "gradient descent, rate 0.1, standard" in tab.inner_text("#set-up")
    assert "drag" not in tab.inner_text("body").lower()
    assert min(view["height"] for view in boxes(tab, "main .plot")) > 140
    shown = tab.locator("#data").evaluate("(data) => [data.width, data.clientWidth, data.height]")
    assert shown[0] == shown[1] < 360
    dark = tab.evaluate(
        """(() => {
          const context = document.querySelector("#data").getContext("2d");
          const { data } = context.getImageData(0, 0, 40, 200);
          return Math.max(...data.filter((_, place) => place % 4 < 3));
        })()"""
    )
    assert dark < 200, "letters are dark on paper"
    assert max(view["x"] + view["width"] for view in boxes(tab, ".view")) <= 700
    tab.emulate_media(media="screen", color_scheme="dark")
    until(tab, f"{drawn} === '{screen}'")
