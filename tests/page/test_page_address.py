"""The address of the page, its copies, and guided lessons."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from .chromium import (
    DESK,
    GUIDE,
    HOSTILE,
    boxes,
    drag,
    fact,
    follow,
    houses,
    lesson_of,
    state,
    until,
)

pytestmark = pytest.mark.browser


def test_the_address_holds_the_set_up_and_gives_it_back(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses()))
    tab.click("#keep")
    tab.fill("#rate-text", "0.25")
    tab.press("#rate-text", "Enter")
    tab.check("input[value=minmax]")
    tab.select_option("#optimizer", "momentum")
    tab.fill("[name=momentum]", "0.75")
    tab.press("[name=momentum]", "Enter")
    tab.select_option("#schedule", "inverse_time")
    tab.click("#keep")
    drag(tab, "#start", -30, -30)
    tab.click("#ten")
    tab.get_by_role("button", name="Zoom in").click()
    until(tab, "location.hash.includes('view=')")
    other = show(None, unquote("#" + tab.url.split("#")[1]))
    assert state(other) == state(tab)
    assert state(other)["step"] == 10
    assert other.inner_text("#kept") == tab.inner_text("#kept")


def test_nonsense_in_the_address_is_ignored(lesson: Any) -> None:
    usual = state(lesson)
    for address in (
        "#rate=fast&scaling=log&theta0=NaN&theta1=&step=-3&run=1_2&view=3_1_x&starts=maybe",
        "#%%%&&=&rate=-1&theta0=1e999&step=1.5",
        "#<script>alert(1)</script>",
        "#optimizer=sgd*momentum*2&schedule=step-*every*x&warmUp=-1&lineSearch=maybe&run=7",
        "#optimizer=gradient-descent*beta1*9*momentum&schedule=constant**&run=0",
        "#view=1_1.0000000000000002_1e300_1.1e300",
        "#data=99&cost=nonsense&rows=1_2_x&holdout=7",
        "#rows=1_2_1_3&x=a",
    ):
        follow(lesson, address)
        assert state(lesson) == usual


def test_a_new_address_in_the_same_tab_is_followed(lesson: Any) -> None:
    lesson.evaluate("location.hash = '#rate=0.5&step=1'")
    until(lesson, "fitline.state().step === 1")
    assert fact(lesson, "line") == "price = 12,000 + 136 × sqft"


def test_the_page_is_downloaded_as_it_stands(show: Callable[..., Any], tmp_path: Path) -> None:
    tab = show(lesson_of(houses(), x=[HOSTILE]))
    for button in ("#keep", "#ten", "#zoom-in"):
        tab.click(button)
    tab.select_option("#optimizer", "adam")
    tab.click("#one")
    with tab.expect_download() as downloading:
        tab.click("#download")
    saved = downloading.value.path().read_text(encoding="utf-8")
    assert saved.startswith("<!doctype html>")
    (tmp_path / "lesson.html").write_text(saved, encoding="utf-8")
    again = show(None)
    assert again.title() == tab.title()
    assert state(again) == state(tab)
    assert again.inner_text("#kept") == tab.inner_text("#kept")
    with again.expect_download() as downloading:
        again.click("#download")
    assert downloading.value.path().read_text(encoding="utf-8") == saved


def test_the_link_is_copied(lesson: Any) -> None:
    lesson.click("#one")
    lesson.click("#copy")
    until(lesson, "document.querySelector('#copy').textContent === 'Copied'")


def test_a_guided_lesson_goes_from_set_up_to_set_up(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses(), guide=GUIDE))
    assert tab.locator("#guide-title").inner_text() == "<b>Slow</b>"
    assert tab.locator("#guide-text p").all_inner_texts() == ["One.", "Two."]
    assert state(tab)["rate"] == 0.03
    follow(tab, "#rate=0.1")
    tab.click("#ten")
    tab.click("#guide-next")
    assert [state(tab)[name] for name in ("rate", "step")] == [0.1, 10]
    assert not tab.get_by_text("128 steps.").is_visible()
    for typed, said in [("many", "Type a number."), ("120", "Not yet"), ("128 steps", "Right.")]:
        tab.fill("#guide-typed", typed)
        tab.press("#guide-typed", "Enter")
        assert tab.inner_text("#guide-verdict").startswith(said)
    tab.click("#guide-answer summary")
    until(tab, "fitline.state().step === 9")
    assert tab.get_by_text("128 steps.").is_visible()
    tab.click("#guide-next")
    assert [state(tab)[name] for name in ("rate", "step")] == [1.2, 0]
    fact(tab, "step")
    assert tab.get_attribute("#undo", "aria-disabled") == "true"
    assert tab.is_disabled("#guide-next")
    until(tab, "location.hash.includes('guide=3')")
    assert state(show(None, "#" + tab.url.split("#")[1])) == state(tab)


def test_controls_are_hidden_and_locked(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses(), hidden=["optimizer", "guess"], locked=["rate", "start"]))
    before = state(tab)
    for part in ("#optimizer", "#predict"):
        assert tab.is_hidden(part)
    for part in ("#rate", "#rate-text", "#best", "#start"):
        assert tab.is_disabled(part)
    tab.click("#landscape", position={"x": 100, "y": 40})
    assert state(tab) == before
    assert tab.is_enabled("#scaling input >> nth=0")


def test_the_views_that_are_left_share_the_screen(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses(), hidden=["bowl", "data", "guess"]))
    fact(tab, "step")
    views = boxes(tab, ".view:visible")
    assert len({view["height"] for view in views}) == 1
    assert sum(view["width"] for view in views) > 0.95 * DESK["width"]
    assert boxes(tab, "#update-view")[0]["width"] > 0.95 * DESK["width"]
