"""The interactive lesson, in a real browser, as its users meet it."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

import fitline
from fitline.data.division import Holdout
from fitline.formatting import OVERFLOW, number
from fitline.optimize.optimizers import Momentum
from fitline.page import payload
from fitline.page.bundle import SCRIPTS, STYLES, joined, page, source
from fitline.views.train import STOP_TEXTS

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
DATA = Path(__file__).parents[2] / "data"
HOUSES = str(DATA / "houses.csv")
NEIGHBOURHOODS = str(DATA / "two_neighbourhoods.csv")
DESK = {"width": 1280, "height": 800}
HOSTILE = "</script><script>alert(1)</script>"


def lesson_of(run: fitline.Run, **changes: Any) -> dict[str, Any]:
    """Tell a page of a run; runs from random starts take time, so only where they are wanted."""
    starts = {} if run.training.config.starts > 1 else {"starts": []}
    return {**payload.lesson_of(run.training), **starts, **changes}


def houses(**options: Any) -> fitline.Run:
    return fitline.train(HOUSES, **{"theta0": 0, "theta1": 100} | options)


def cauchy(**options: Any) -> fitline.Run:
    robust = {"cost": "cauchy", "cost_scale": 50000, "learning_rate": 0.5, "starts": 12}
    return fitline.train(NEIGHBOURHOODS, **robust | options)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="they need playwright")
    if BROWSER is None:
        pytest.skip(f"the browser tests need one of {', '.join(NAMES)}")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def desk(browser: Any) -> Any:
    """Open one tab for most lessons, since a new one takes as long as a test."""
    return browser.new_page(viewport=DESK)


@pytest.fixture
def show(browser: Any, desk: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Write a lesson, open it as a file, and want no complaint and no request to the end."""
    said: list[str] = []
    hear = {
        "console": lambda message: said.append(f"console: {message.text}"),
        "pageerror": lambda error: said.append(f"error: {error}"),
        "dialog": lambda dialog: said.append(f"dialog: {dialog.message}"),
        "request": lambda request: said.append(f"request: {request.url}"),
    }
    tabs: list[Any] = []

    def show(lesson: dict[str, Any] | None = None, address: str = "", **screen: Any) -> Any:
        file = tmp_path / "lesson.html"
        if lesson is not None:
            file.write_text(page(lesson), encoding="utf-8")
        tab = browser.new_page(**{"viewport": DESK} | screen) if screen or tabs else desk
        tabs.append(tab)
        tab.set_default_timeout(60_000)
        for event, listener in hear.items():
            tab.on(event, listener)
        tab.goto(file.as_uri() + address)
        assert said.pop(0).startswith("request: file://")
        until(tab, "document.querySelector('#facts dd')")
        return tab

    yield show
    for tab in tabs:
        for event, listener in hear.items():
            tab.remove_listener(event, listener)
        if tab is not desk:
            tab.close()
    assert said == []


@pytest.fixture
def lesson(show: Callable[..., Any]) -> Any:
    return show(lesson_of(houses()))


def state(tab: Any) -> Any:
    return tab.evaluate("fitline.state()")


def until(tab: Any, expression: str) -> None:
    """Wait in Python, for the page's policy forbids to evaluate texts in the page."""
    deadline = time.monotonic() + 20
    while not tab.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < deadline, expression
        tab.wait_for_timeout(20)


def fact(tab: Any, name: str) -> str:
    tab.evaluate("new Promise(requestAnimationFrame)")
    facts = tab.evaluate("[...document.querySelectorAll('#facts div')].map((f) => f.innerText)")
    return dict(text.split("\n") for text in facts)[name]


def drag(tab: Any, selector: str, across: float, down: float) -> None:
    tab.evaluate("new Promise(requestAnimationFrame)")
    box = tab.locator(selector).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + across / 2, y + down / 2)
    tab.mouse.move(x + across, y + down)
    tab.mouse.up()
    tab.evaluate("new Promise(requestAnimationFrame)")


def follow(tab: Any, address: str) -> None:
    """Go to another address in the same tab, and wait until the lesson follows."""
    tab.evaluate(
        """(address) => new Promise((done) => {
          addEventListener("hashchange", () => setTimeout(done), { once: true });
          location.hash = address;
        })""",
        address,
    )


# The update


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


# The clock


def test_the_buttons_move_the_clock(lesson: Any) -> None:
    for button, step in [("#one", 1), ("#ten", 11), ("#back", 10), ("#all", 128), ("#reset", 0)]:
        lesson.click(button)
        assert fact(lesson, "step") == str(step), button
    lesson.click("#one")
    assert fact(lesson, "line") == "price = 2,400 + 107.2 × sqft"
    assert fact(lesson, "cost") == "3,879,200,000"


def told(reason: fitline.StopReason, steps: str) -> str:
    return STOP_TEXTS[reason].format(steps=steps, unit="step")


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


# The set-up


def test_the_start_is_dragged_and_the_path_follows(lesson: Any) -> None:
    lesson.click("#ten")
    before = state(lesson)
    drag(lesson, "#start", 40, -20)
    after = state(lesson)
    assert after["step"] == 10
    assert after["theta0"] + 1750 * after["theta1"] > before["theta0"] + 1750 * before["theta1"]
    assert after["theta1"] > before["theta1"]
    assert after["theta"] != before["theta"]


def test_the_map_is_in_the_coordinates_that_train_unless_told_otherwise(lesson: Any) -> None:
    def is_over(name: str) -> None:
        until(
            lesson,
            f"document.querySelector('#landscape').ariaLabel?.includes(`over {name} (price`)",
        )

    assert state(lesson)["map"] == "standard"
    is_over("θ0'")
    assert "the table's units" not in lesson.inner_text("#landscape-says")
    lesson.check("input[value='original units']")
    assert state(lesson)["map"] == "none"
    is_over("θ0")
    assert "descent runs in scaled ones (standard)" in lesson.inner_text("#landscape-says")
    assert "units=original" in lesson.url
    drag(lesson, "#start", 40, 0)
    assert state(lesson)["theta0"] > 0
    assert state(lesson)["theta1"] == pytest.approx(100, abs=1)
    lesson.check("#scaling input[value=none]")
    fact(lesson, "step")
    assert lesson.is_hidden("#units")
    assert "the table's units" not in lesson.inner_text("#landscape-says")


def test_in_scaled_coordinates_units_are_alike(show: Callable[..., Any]) -> None:
    """So contours are seen as they are, and the path crosses them at right angles."""
    for scaling, address in (("standard", ""), ("minmax", "&view=-3e5_3e5_1e5_2e5")):
        tab = show(lesson_of(houses()), f"#scaling={scaling}{address}")
        fact(tab, "step")
        window, plot = state(tab)["window"], tab.locator("#landscape").bounding_box()
        shape = (plot["width"] - 72) / (plot["height"] - 66)
        assert np.ptp(window["across"]) / np.ptp(window["up"]) == pytest.approx(shape, rel=0.01)


def test_a_click_on_the_landscape_starts_there(lesson: Any) -> None:
    lesson.click("#landscape", position={"x": 100, "y": 40})
    assert state(lesson)["theta0"] < 0
    assert state(lesson)["theta1"] > 136


def test_the_line_is_dragged_and_its_point_moves(lesson: Any) -> None:
    for handle, slope in (("#line-left", -1), ("#line-middle", 0), ("#line-right", 1)):
        follow(lesson, f"#theta0=0&theta1=100&step=10&for={handle[1:]}")
        (intercept, before), start = state(lesson)["theta"], boxes(lesson, "#start")
        drag(lesson, handle, 0, -40)
        after = state(lesson)
        assert after["step"] == 0
        assert after["theta"] == pytest.approx([after["theta0"], after["theta1"]])
        assert np.sign(round(after["theta1"] - before, 6)) == slope
        assert slope == 1 or after["theta0"] > intercept
        assert boxes(lesson, "#start") != start


def test_the_rate_slides_through_its_zones(lesson: Any) -> None:
    seen = []
    for rate in ("0.01", "0.2", "0.8", "2"):
        lesson.fill("#rate-text", rate)
        lesson.press("#rate-text", "Enter")
        fact(lesson, "step")
        seen.append(lesson.inner_text("#zones .here"))
    assert seen == ["slow", "good", "oscillate", "diverge"]
    lesson.focus("#rate")
    lesson.press("#rate", "ArrowLeft")
    assert 1 < state(lesson)["rate"] < 2
    fact(lesson, "step")
    assert lesson.get_attribute("#rate", "aria-valuetext").endswith(", diverge")
    lesson.click("#best")
    assert state(lesson)["rate"] == 0.5


def test_the_landscape_zooms_as_far_as_numbers_tell_apart(lesson: Any) -> None:
    widths = []
    for button, times in (("#zoom-in", 40), ("#zoom-out", 80)):
        lesson.locator(button).evaluate(
            f"(zoom) => {{ for (let i = 0; i < {times}; i++) zoom.click() }}"
        )
        fact(lesson, "step")
        widths.append(np.ptp(state(lesson)["window"]["across"]))
    assert 0 < widths[0] < 1
    assert 1e9 < widths[1] < 1e15
    lesson.click("#zoom-fit")
    assert np.ptp(state(lesson)["window"]["across"]) < 1e6


def test_zones_are_as_long_as_the_curvature_makes_them(lesson: Any) -> None:
    widths = [span["width"] for span in boxes(lesson, "#zones span")]
    low, high = (float(lesson.get_attribute("#rate", end)) for end in ("min", "max"))
    bounds = np.array([low, *np.log10([0.05, 0.5, 1.0]), high])
    np.testing.assert_allclose(widths / np.sum(widths), np.diff(bounds) / (high - low), atol=0.01)


def boxes(tab: Any, selector: str) -> list[Any]:
    return [part.bounding_box() for part in tab.locator(selector).all()]


def test_a_rate_that_is_no_number_is_not_taken(lesson: Any) -> None:
    for nonsense in ("fast", "-1", "0", ""):
        lesson.fill("#rate-text", nonsense)
        lesson.press("#rate-text", "Enter")
        assert state(lesson)["rate"] == 0.1
        assert lesson.input_value("#rate-text") == "0.1"


def test_scaling_changes_the_coordinates_and_not_the_start(lesson: Any) -> None:
    lesson.fill("#rate-text", "1e-7")
    lesson.press("#rate-text", "Enter")
    lesson.check("input[value=none]")
    lesson.click("#one")
    assert fact(lesson, "line") == "price = 0.015 + 128.5 × sqft"
    assert fact(lesson, "cost") == "668,842,996"
    assert state(lesson)["theta1"] == 100


def test_zones_and_the_best_rate_follow_the_optimizer(lesson: Any) -> None:
    curvature = houses().training.curvature
    assert curvature is not None
    assert lesson.inner_text("#best") == "Best fixed rate"
    assert "for plain descent" in lesson.get_attribute("#best", "title")
    lesson.select_option("#optimizer", "momentum")
    momentum = Momentum(momentum="auto").tuned(curvature, 0.1, 1000)
    fact(lesson, "step")
    assert state(lesson)["optimizer"]["momentum"] == pytest.approx(momentum.beta)
    stable = number(momentum.largest_stable_rate(curvature), 3)
    assert lesson.inner_text("#zone") == f"stable up to {stable}"
    lesson.fill("[name=momentum]", "0.9")
    lesson.press("[name=momentum]", "Enter")
    fact(lesson, "step")
    assert lesson.get_attribute("#best", "title").endswith("of momentum at β = 0.9")
    lesson.click("#best")
    assert state(lesson)["rate"] == pytest.approx(Momentum(momentum=0.9).best_rate(curvature)[0])
    lesson.select_option("#optimizer", "adam")
    fact(lesson, "step")
    assert lesson.inner_text("#zones").startswith("No rate is too large by theory")
    assert [lesson.get_attribute("#rate", end) for end in ("min", "max")] == ["-4", "1"]
    assert lesson.is_hidden("#best")


def test_momentum_is_tuned_and_follows_the_scaling(lesson: Any) -> None:
    def tuned(scaling: str) -> tuple[float, float]:
        curvature = houses(scaling=scaling).training.curvature
        assert curvature is not None
        momentum = Momentum(momentum="auto").tuned(curvature, None, 1000)
        return momentum.beta, momentum.best_rate(curvature)[0]

    lesson.select_option("#optimizer", "momentum")
    lesson.get_by_role("button", name="Auto").click()
    for scaling in ("standard", "minmax"):
        lesson.check(f"input[value={scaling}]")
        after = state(lesson)
        assert (after["optimizer"]["momentum"], after["rate"]) == pytest.approx(tuned(scaling))


def test_the_rate_follows_the_scaling_and_comes_back(lesson: Any) -> None:
    rates = []
    for scaling in ("none", "minmax", "standard"):
        lesson.check(f"input[value={scaling}]")
        rates.append(state(lesson)["rate"])
        fact(lesson, "step")
        typed = lesson.input_value("#rate-text")
        box = lesson.locator("#rate-text").evaluate("(box) => [box.scrollWidth, box.clientWidth]")
        assert box[0] <= box[1], typed
        assert float(typed) == pytest.approx(rates[-1], rel=1e-5)
    steepest = [houses(scaling=kind).training.curvature for kind in ("none", "minmax")]
    assert rates == [*(pytest.approx(each.best_rate) for each in steepest), 0.1]


def test_every_change_of_the_set_up_can_be_undone(lesson: Any) -> None:
    lesson.click("#ten")
    usual = state(lesson)
    assert lesson.get_attribute("#undo", "aria-disabled") == "true"
    lesson.select_option("#optimizer", "adam")
    assert [state(lesson)["step"], state(lesson)["optimizer"]["name"]] == [0, "adam"]
    lesson.check("input[value=none]")
    drag(lesson, "#start", 40, -20)
    for _ in range(3):
        lesson.click("#undo")
    assert state(lesson) == usual
    fact(lesson, "step")
    assert lesson.get_attribute("#undo", "aria-disabled") == "true"


def test_of_a_robust_cost_it_is_said_how_far_a_rate_is_stable(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(cauchy(starts=1)))
    assert tab.inner_text("#zones span >> nth=0") == "certainly stable up to 1"
    tab.select_option("#optimizer", "momentum")
    fact(tab, "step")
    assert tab.inner_text("#zones span >> nth=0") == "never diverges up to 1.9"


def test_a_rate_that_makes_no_sense_for_an_optimizer_is_not_kept(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(houses(scaling="none", learning_rate=1e-7)))
    rates = []
    for name in ("momentum", "adam", "rmsprop", "gradient_descent"):
        tab.select_option("#optimizer", name)
        rates.append(state(tab)["rate"])
    best = houses(scaling="none").training.curvature.best_rate
    assert rates == [1e-7, 1, 1, pytest.approx(best)]


def test_settings_of_an_optimizer_are_typed(lesson: Any) -> None:
    assert lesson.is_hidden("#settings")
    lesson.select_option("#optimizer", "adam")
    for typed, kept in (("0.5", 0.5), ("1", 0.5), ("none", 0.5)):
        lesson.fill("[name=beta1]", typed)
        lesson.press("[name=beta1]", "Enter")
        adam = {"name": "adam", "beta1": kept, "beta2": 0.999, "epsilon": 1e-8}
        assert state(lesson)["optimizer"] == adam
        assert lesson.input_value("[name=beta1]") == "0.5"


def test_a_line_search_is_of_plain_descent_and_needs_no_rate(lesson: Any) -> None:
    lesson.check("#line-search")
    fact(lesson, "step")
    assert lesson.is_disabled("#rate")
    assert lesson.inner_text("#zones").startswith("Each step goes to the lowest point")
    assert "0.5 is the length that the search found." in lesson.inner_text("#update")
    lesson.select_option("#optimizer", "momentum")
    fact(lesson, "step")
    assert lesson.is_hidden("#line-search")
    assert lesson.is_enabled("#rate")
    assert not state(lesson)["lineSearch"]


def test_batches_are_those_of_python_and_their_epochs_are_told(show: Callable[..., Any]) -> None:
    run = houses(batch_size=2, steps=30)
    tab = show(lesson_of(run))
    ends = np.array([step["theta"] for step in tab.evaluate("fitline.steps()")])
    assert ends == pytest.approx(np.array([step.theta for step in run.steps]), rel=1e-9)
    assert "first of 2 updates of the epoch; its slopes are those of 2 rows" in tab.inner_text(
        "#update"
    )
    tab.click("#all")
    assert fact(tab, "epoch") == "30"
    assert "reached the epoch limit after 30 epochs" in tab.inner_text("#ending")
    assert tab.is_hidden("#penalty")
    tab.select_option("#batch", "all")
    tab.click("#reset")
    assert fact(tab, "step") == "0"
    assert tab.is_visible("#penalty")


# Other rows, and other costs


def test_other_rows_and_costs_are_chosen_as_if_python_had_made_the_page(lesson: Any) -> None:
    lesson.select_option("#rows", label="two neighbourhoods")
    lesson.select_option("#cost-function", "cauchy")
    here = state(lesson)
    start = {"theta0": here["theta0"], "theta1": here["theta1"]}
    run = fitline.train(NEIGHBOURHOODS, cost="cauchy", learning_rate=here["rate"], **start)
    steps = lesson.evaluate("fitline.steps()")
    assert len(steps) == len(run.steps)
    assert steps[-1]["theta"] == pytest.approx(run.result.theta, rel=1e-9)
    lesson.click("#all")
    fact(lesson, "step")
    assert (
        lesson.inner_text("#errors")
        == f"RMSE {number(run.result.rmse, 4)} · R² {number(run.result.r2, 3)}"
    )
    assert lesson.inner_text("#source").startswith("two_neighbourhoods.csv · 20 rows · Cauchy")


def test_rows_are_held_out_on_the_page_as_in_python(lesson: Any) -> None:
    lesson.select_option("#rows", label="a curve")
    lesson.select_option("#holdout", "0.3")
    here = state(lesson)
    start = {"theta0": here["theta0"], "theta1": here["theta1"], "learning_rate": here["rate"]}
    run = fitline.train(str(DATA / "wave.csv"), holdout=0.3, **start)
    lesson.click("#all")
    assert fact(lesson, "validation cost") == number(run.steps[-1].validation_cost)
    assert "11 rows held out" in lesson.inner_text("#own-says")


def test_another_share_is_held_out_of_rows_in_their_order(show: Callable[..., Any]) -> None:
    wave = str(DATA / "wave.csv")
    tab = show(lesson_of(fitline.train(wave, holdout=0.3)))
    tab.select_option("#holdout", "0.5")
    table = fitline.train(wave, holdout=0.5).training.table
    rows = table.rows(table.moments(division=Holdout(0.5, 0)))
    assert rows_of(tab) == list(zip(*rows.x.tolist(), rows.y.tolist(), strict=True))
    tab.select_option("#holdout", "0.3")
    until(tab, "document.querySelector('#go-back').hidden")


def test_what_is_chosen_is_undone_and_stands_in_the_address(lesson: Any) -> None:
    def source(text: str) -> None:
        until(lesson, f"document.querySelector('#source').textContent.includes('{text}')")

    lesson.select_option("#rows", label="two neighbourhoods")
    lesson.select_option("#cost-function", "huber")
    until(lesson, "location.hash.includes('cost=huber')")
    address = lesson.evaluate("location.hash")
    lesson.click("#undo")
    source("20 rows · squared error")
    lesson.click("#undo")
    source("houses.csv · 4 rows · squared error")
    assert lesson.is_hidden("#go-back")
    until(lesson, "!location.hash.includes('cost=')")
    follow(lesson, address)
    source("Huber error")
    lesson.click("#go-back")
    source("houses.csv · 4 rows · squared error")
    until(lesson, "!location.hash.includes('cost=')")


def test_rows_are_pasted_and_those_that_cannot_be_used_are_named(lesson: Any) -> None:
    lesson.click("#open-rows")
    assert lesson.is_disabled("#use-rows")
    lesson.fill("#pasted", f"a;{HOSTILE};c\n1,5;10;1\n2;20;1\nx;30;2\n4;;3\n3,5;32;5\n")
    lesson.select_option("#y-column", "1")
    assert lesson.inner_text("#rows-says") == (
        f"3 rows. 2 rows cannot be used: line 4 (a is 'x'), line 5 (no {HOSTILE})."
    )
    lesson.click("#use-rows")
    fact(lesson, "step")
    assert rows_of(lesson) == [(1.5, 10), (2, 20), (3.5, 32)]
    assert lesson.inner_text("#source") == "pasted rows · 3 rows (2 rows skipped) · squared error"
    assert lesson.inner_text("h1") == f"A straight line learns {HOSTILE} from a"


def test_a_file_is_opened_or_dropped_and_read_on_the_page(lesson: Any) -> None:
    lesson.click("#open-rows")
    lesson.set_input_files("#rows-file", DATA / "town.csv")
    until(lesson, "document.querySelector('#rows-says').textContent === '400 rows.'")
    lesson.click("#use-rows")
    assert lesson.inner_text("#source").startswith("town.csv · 400 rows")
    assert "A link does not hold these rows" in lesson.inner_text("#own-says")
    lesson.evaluate(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File(["x,y\\n1,2\\n2,3\\n"], "dropped.csv"));
          dispatchEvent(new DragEvent("drop", { dataTransfer: files, cancelable: true }));
        }"""
    )
    until(lesson, "document.querySelector('#rows-says').textContent === '2 rows.'")
    lesson.click("#use-rows")
    assert lesson.inner_text("#source").startswith("dropped.csv · 2 rows")


def test_rows_that_tell_no_line_are_refused_in_words(lesson: Any) -> None:
    lesson.click("#open-rows")
    lesson.fill("#pasted", "2,1\n2,3\n")
    lesson.click("#use-rows")
    assert lesson.inner_text("#rows-says").startswith("c1 is 2 in all 2 rows")
    lesson.fill("#pasted", "x,y\n" + "1,2\n" * 2001)
    assert lesson.inner_text("#rows-says").startswith("2,001 rows; the page takes up to 2,000")
    assert lesson.is_disabled("#use-rows")
    lesson.click("#close-rows")
    assert lesson.inner_text("#source") == "houses.csv · 4 rows · squared error"


# Points that are moved


def rows_of(tab: Any) -> list[tuple[float, float]]:
    points = tab.evaluate("fitline.rows()")
    return list(zip(points["x"][0], points["y"], strict=True))


def test_a_point_is_dragged_and_its_line_is_the_exact_one(lesson: Any) -> None:
    lesson.click("#edit-points")
    drag(lesson, ".point >> nth=3", -40, 150)
    *others, (x, y) = rows_of(lesson)
    assert others == [(1000, 150000), (1500, 210000), (2000, 290000)]
    assert x < 2500
    assert y < 300000
    columns = np.transpose(rows_of(lesson))
    moved = fitline.summary({"sqft": columns[0], "price": columns[1]})
    lesson.click("#all")
    end = lesson.evaluate("fitline.state().theta")
    assert end == pytest.approx([each.theta for each in moved.facts.coefficients], rel=1e-9)
    assert lesson.inner_text("#source").startswith("houses.csv, edited · 4 rows")
    lesson.click("#undo")
    until(lesson, "document.querySelector('#source').textContent.startsWith('houses.csv ·')")


def test_points_are_added_by_a_click_and_removed_by_a_key(lesson: Any) -> None:
    lesson.click("#edit-points")
    lesson.click("#data", position={"x": 150, "y": 120})
    fact(lesson, "step")
    assert len(rows_of(lesson)) == 5
    assert "rows=" in lesson.evaluate(
        "new Promise((d) => setTimeout(() => d(location.hash), 400))"
    )
    lesson.focus(".point >> nth=0")
    for left in (4, 3, 2):
        lesson.keyboard.press("Delete")
        fact(lesson, "step")
        assert len(rows_of(lesson)) == left
    lesson.keyboard.press("Delete")
    fact(lesson, "step")
    assert len(rows_of(lesson)) == 2
    assert "1 row cannot tell a line" in lesson.inner_text("#own-says")


def test_points_are_edited_by_keys_alone(lesson: Any) -> None:
    lesson.focus("#edit-points")
    lesson.keyboard.press("Enter")
    fact(lesson, "step")
    for _ in range(5):
        lesson.keyboard.press("Tab")
    assert lesson.evaluate("document.activeElement.id") == "new-point"
    lesson.keyboard.press("Shift+ArrowUp")
    lesson.keyboard.press("Enter")
    fact(lesson, "step")
    assert len(rows_of(lesson)) == 5
    lesson.keyboard.press("Shift+Tab")
    label = lesson.evaluate("document.activeElement.ariaLabel")
    assert label.startswith("Point 5: sqft ")
    x, y = rows_of(lesson)[-1]
    lesson.keyboard.press("Shift+ArrowDown")
    fact(lesson, "step")
    assert rows_of(lesson)[-1][0] == x
    assert rows_of(lesson)[-1][1] < y


def test_of_many_rows_none_is_moved(lesson: Any) -> None:
    lesson.select_option("#rows", label="a large noisy town")
    fact(lesson, "step")
    assert lesson.is_hidden("#edit-points")
    assert lesson.is_hidden("#squares")


def test_squared_errors_are_drawn_as_squares(lesson: Any) -> None:
    bars = lesson.locator("#data").screenshot()
    lesson.click("#squares")
    fact(lesson, "step")
    assert lesson.locator("#data").screenshot() != bars
    lesson.select_option("#cost-function", "huber")
    fact(lesson, "step")
    assert lesson.is_hidden("#squares")


# Several runs, and the prediction


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
    tab.fill("#guess", "7")
    tab.click("#reveal")
    fact(tab, "step")
    assert tab.locator("#answer dt").all_inner_texts() == ["your guess", "the truth"]


# Several features


def homes(**options: Any) -> fitline.Run:
    draw = np.random.default_rng(5)
    sqft, beds, year = 1500 + 400 * draw.normal(size=(3, 60)) * [[1], [0.003], [0.06]]
    price = 90 * sqft + 8000 * beds - 400 * year + 9000 * draw.normal(size=60)
    table = {"sqft": sqft, "beds": beds, "year": year, "price": price}
    columns = {"x": ["sqft", "beds", "year"], "y": "price"}
    return fitline.train(table, **{**columns, "learning_rate": "auto", **options})


def test_several_features_walk_to_the_exact_minimum(show: Callable[..., Any]) -> None:
    run = homes()
    tab = show(lesson_of(run))
    tab.click("#all")
    fact(tab, "step")
    assert tab.inner_text("#ending") == told(run.stop_reason, f"{run.last.index} steps")
    np.testing.assert_allclose(state(tab)["theta"], run.minimum.theta, rtol=1e-9)
    assert tab.evaluate("fitline.predictedSteps()") == run.training.predicted_steps
    rows = tab.locator("#coefficients tbody tr").all_inner_texts()
    names = ["θ0 intercept", "θ1 sqft", "θ2 beds", "θ3 year"]
    assert [row.split("\t")[0] for row in rows] == names
    assert [row.split("\t")[1] for row in rows] == [row.split("\t")[2] for row in rows]
    assert [row.split("\t")[1] for row in rows] == [number(each) for each in run.minimum.theta]


def test_the_map_shows_the_two_parameters_that_are_chosen(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(homes()))
    assert state(tab)["axes"] == [1, 3]
    before = tab.locator("#landscape").screenshot()
    tab.select_option("#up", "intercept")
    fact(tab, "step")
    assert state(tab)["axes"] == [1, 0]
    assert tab.locator("#landscape").screenshot() != before
    assert tab.locator("#update .formula").last.inner_text().startswith("θ0' ← ")
    tab.select_option("#up", "sqft")
    assert state(tab)["axes"] == [0, 1]
    until(tab, "location.hash.includes('axes=0_1')")
    again = show(None, "#" + tab.url.split("#")[1])
    assert state(again) == state(tab)
    for nonsense in ("axes=1_1", "axes=1_9", "axes=1", "axes=a_b", "axes=1_2_3"):
        follow(tab, f"#{nonsense}")
        assert state(tab)["axes"] == [1, 3]


def test_the_rows_show_what_a_chosen_feature_adds(show: Callable[..., Any]) -> None:
    run = homes()
    tab = show(lesson_of(run))
    names = ["the predictions", "what sqft adds", "what beds adds", "what year adds"]
    assert tab.locator("#shown option").all_inner_texts() == names
    before = tab.locator("#data").screenshot()
    tab.select_option("#shown", "what beds adds")
    fact(tab, "step")
    assert tab.inner_text("#data-title") == "What beds adds"
    assert tab.locator("#data").screenshot() != before
    tab.click("#all")
    fact(tab, "step")
    slope = number(run.minimum.theta[2])
    until(tab, f"document.getElementById('data').ariaLabel?.includes('slope {slope};')")
    until(tab, "location.hash.includes('added=2')")
    again = show(None, "#" + tab.url.split("#")[1])
    assert again.inner_text("#data-title") == "What beds adds"
    for nonsense in ("added=9", "added=x", "added=-1"):
        follow(tab, f"#{nonsense}")
        fact(tab, "step")
        assert tab.inner_text("#data-title") == "Predictions against the truth"


def test_the_weights_of_rows_are_named(show: Callable[..., Any]) -> None:
    table = {"x": [1.0, 2, 3, 5], "<b>": [1.0, 2, 0.5, 1], "y": [1.0, 2, 2, 5]}
    run = fitline.train(table, x="x", y="y", weight="<b>", cost="huber", cost_scale=2)
    source = show(lesson_of(run)).inner_text("#source")
    assert source.endswith("4 rows weighted by <b> · Huber error, scale 2")


def test_what_features_add_is_offered_where_it_is_known(show: Callable[..., Any]) -> None:
    assert show(lesson_of(homes(cost="huber"))).locator("#shown").count() == 0
    table = {"a": [1.0, 2, 3, 5], "b": [2.0, 4, 6, 10], "c": [3.0, 1, 4, 1], "y": [1.0, 2, 2, 5]}
    tab = show(lesson_of(fitline.train(table, x=["a", "b", "c"], y="y")))
    assert tab.locator("#shown option").all_inner_texts() == ["the predictions", "what c adds"]


def test_what_a_feature_adds_has_its_parameter_for_slope() -> None:
    run = homes()
    told, theta = lesson_of(run)["added"], run.minimum.theta
    table = run.training.table
    rows = table.rows(run.training.moments)
    x, y = rows.x, rows.y
    centred = x - x.mean(axis=1, keepdims=True)
    for place, one in enumerate(told, start=1):
        across, up = one["feature"] @ centred, y - y.mean() - one["y"] @ centred
        assert across @ up / (across @ across) == pytest.approx(theta[place], rel=1e-9)
        others = np.delete(centred, place - 1, axis=0)
        assert others @ across == pytest.approx(0, abs=1e-6 * abs(others).max() * 60)


def test_a_page_opens_on_the_axes_that_it_is_told(show: Callable[..., Any]) -> None:
    tab = show({**payload.lesson_of(homes().training, axes=(3, 0)), "starts": []})
    assert state(tab)["axes"] == [3, 0]
    assert [tab.input_value(f"#{side}") for side in ("across", "up")] == ["3", "0"]


def test_where_all_y_are_equal_no_parameter_is_standardized(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(fitline.train([[1, 5], [2, 3], [4, 4], [3, 9]], [7, 7, 7, 7])))
    fact(tab, "step")
    rows = tab.locator("#coefficients tbody tr").all_inner_texts()
    assert [row.split("\t")[3] for row in rows] == ["", "", ""]


def test_several_features_are_worked_by_keyboard_alone(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(homes()))
    tab.focus("#across")
    tab.keyboard.press("ArrowDown")
    assert state(tab)["axes"] == [2, 3]
    before = state(tab)
    tab.focus("#start")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Shift+ArrowUp")
    after = state(tab)
    assert after["theta2"] > before["theta2"]
    assert after["theta3"] > before["theta3"]
    tab.focus("#one")
    tab.keyboard.press("Enter")
    assert fact(tab, "step") == "1"


def test_where_the_ring_is_dropped_the_others_are_at_their_best(show: Callable[..., Any]) -> None:
    run = homes()
    tab = show(lesson_of(run))
    drag(tab, "#start", 40, -30)
    theta = np.array([state(tab)[f"theta{place}"] for place in range(4)])
    slope = run.training.landscape.cost.gradient(theta)
    ease = slope * np.array([1, *1 / run.training.moments.x_mean])
    assert abs(ease[[0, 2]]).max() < 1e-6 * abs(ease[[1, 3]]).max()


def test_of_a_robust_cost_the_others_stay_and_the_map_moves(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(homes(cost="huber")))
    before, lowest = state(tab), tab.inner_text("#legend-low")
    drag(tab, "#start", 40, -30)
    after = state(tab)
    kept = [
        name for name in ("theta0", "theta1", "theta2", "theta3") if before[name] == after[name]
    ]
    assert kept == ["theta2"]
    tab.click("#one")
    fact(tab, "step")
    assert tab.inner_text("#legend-low") != lowest
    assert "fixed where descent stands" in tab.inner_text("#landscape-says")


def test_predictions_stand_against_the_truth(show: Callable[..., Any]) -> None:
    tab = show(lesson_of(homes()))
    until(tab, "document.querySelector('#data').ariaLabel")
    assert "Predictions of price against the truth" in tab.get_attribute("#data", "aria-label")
    assert tab.locator("#line-left, #line-middle, #line-right").count() == 0
    before = tab.locator("#data").screenshot()
    tab.click("#all")
    fact(tab, "step")
    assert tab.locator("#data").screenshot() != before


def test_one_feature_has_no_map_to_choose_and_no_coefficients(lesson: Any) -> None:
    assert lesson.locator("#axes, #shown, #coefficients-view").count() == 0


def test_parameters_of_dependent_features_are_not_determined(show: Callable[..., Any]) -> None:
    draw = np.random.default_rng(3)
    x = np.round(draw.normal(size=(40, 2)), 3)
    run = fitline.train(np.column_stack([x, x @ [1, 2]]), x @ [3, 1] + draw.normal(size=40))
    tab = show(lesson_of(run))
    tab.click("#all")
    fact(tab, "step")
    rows = tab.locator("#coefficients tbody tr").all_inner_texts()
    minima = [row.split("\t")[2] for row in rows]
    assert minima == [number(run.minimum.theta[0]), *["not determined"] * 3]
    assert "are not determined." in tab.inner_text("#dependent")
    assert tab.inner_text("#landmarks") == ""
    assert tab.inner_text("#ending").startswith("converged")


def test_many_features_overflow_no_phone(show: Callable[..., Any]) -> None:
    names = ["square feet of the ground floor", "beds" * 20, HOSTILE]
    tab = show(lesson_of(homes(), x=names), viewport={"width": 360, "height": 740}, has_touch=True)
    for button in ("#ten", "#keep", "#all"):
        tab.click(button)
    tab.click("#table summary")
    fact(tab, "step")
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    assert tab.locator("script").count() == 2
    assert tab.locator("#coefficients tbody tr").last.inner_text().startswith(f"θ3 {HOSTILE}")


# The address


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


# A guided lesson


GUIDE = [
    {"title": "<b>Slow</b>", "text": "One.\n\nTwo.", "config": {"learning_rate": 0.03}},
    {"title": "Go on", "text": "Here.", "question": "How many?", "answer": "128 steps."},
    {"title": "Too large", "text": "It diverges.", "config": {"learning_rate": 1.2}},
]


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
    tab.click("#guide-answer summary")
    assert tab.get_by_text("128 steps.").is_visible()
    tab.click("#guide-next")
    assert [state(tab)[name] for name in ("rate", "step")] == [1.2, 0]
    fact(tab, "step")
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


# For everyone


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
        *("standard", "optimizer", "line-search", "batch", "l2", "rate-text"),
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


def test_a_penalty_is_in_the_address_and_in_the_name_of_a_kept_run(lesson: Any) -> None:
    lesson.locator("#keep").click()
    lesson.locator("#l2").fill("0.6")
    weight = state(lesson)["l2"]
    until(lesson, f"location.hash.includes('l2={weight}')")
    lesson.locator("#keep").click()
    assert f"penalty λ {number(weight)}" in lesson.locator("#kept").inner_text()
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
    lesson.focus("#ten")
    lesson.keyboard.press("Space")
    assert fact(lesson, "step") == "10"
    assert not state(lesson)["playing"]


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
    speeds = {"0.1": "leaves 64 %", "1.5": "makes it 4 times as large", "1": "overshoots as far"}
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


# The file


def test_names_of_columns_are_only_names(show: Callable[..., Any]) -> None:
    run = houses()
    hostile = {
        "x": [HOSTILE],
        "y": '"></title><img src=x onerror=alert(1)>',
        "source": "<b>'&amp;\u2028",
    }
    tab = show(lesson_of(run, **hostile))
    tab.click("#one")
    tab.click("#keep")
    tab.click("#table summary")
    assert fact(tab, "line") == f"{hostile['y']} = 2,400 + 107.2 × {HOSTILE}"
    assert tab.locator("script").count() == 2
    assert tab.locator("img, b:not(.formula b)").count() == 0
    assert tab.title() == f"{hostile['y']} from {HOSTILE} · fitline"


def test_the_page_is_small_and_knows_no_other_address() -> None:
    text = page(lesson_of(houses()))
    assert len(text.encode()) < 350_000
    assert not re.search(r"https?:|//[a-z]+\.|@import|\burl\(", text)
    assert text.count("</script>") == 2
    assert "content=\"default-src 'none';" in text


def test_a_sample_and_a_grid_are_drawn_and_told(show: Callable[..., Any]) -> None:
    run = cauchy(starts=1)
    axes = np.linspace(-1e5, 3e5, 9), np.linspace(0, 300, 9)
    cells = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    costs = run.training.landscape.cost.value(cells)
    grid = {"across": axes[0].tolist(), "up": axes[1].tolist(), "cost": costs.tolist()}
    points = lesson_of(run)["points"] | {"sampled": True}
    tab = show(lesson_of(run, grid=grid, points=points, rows=10_000_000))
    assert "20 of 10,000,000 rows" in tab.inner_text("#data-says")
    assert "the colours" in tab.inner_text("#landscape-says").lower()


def test_every_script_is_joined_after_those_that_it_imports() -> None:
    folder = Path(fitline.__file__).parent / "page" / "static"
    assert sorted(SCRIPTS) == sorted(path.name for path in folder.glob("*.js"))
    assert sorted(STYLES) == sorted(path.name for path in folder.glob("*.css"))
    for place, name in enumerate(SCRIPTS):
        imported = re.findall(r'from "\./([^"]+)"', source(name))
        assert set(imported) <= set(SCRIPTS[:place]), name
    assert not re.search(r"^(import|export) ", joined(SCRIPTS), re.MULTILINE)
