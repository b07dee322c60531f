"""What is set on the page: starts, rates, scalings, optimizers, coordinates."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitline.formatting import number
from fitline.optimize.optimizers import Momentum

from .chromium import boxes, cauchy, drag, fact, follow, houses, lesson_of, state, until

pytestmark = pytest.mark.browser


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
    assert "other coordinates" not in lesson.inner_text("#landscape-says")
    lesson.click("#keep")
    lesson.check("#scaling input[value=minmax]")
    lesson.check("input[value=scaled]")
    fact(lesson, "step")
    assert "in other coordinates (unscaled)" in lesson.inner_text("#landscape-says")


def test_other_coordinates_show_the_run(lesson: Any) -> None:
    follow(lesson, "#theta0=-300000&theta1=105")
    lesson.click("#ten")
    for choice in ("input[value='original units']", "input[value=scaled]", "input[value=minmax]"):
        lesson.check(choice)
        fact(lesson, "step")
        (ring, *_), (map_, *_) = boxes(lesson, "#start"), boxes(lesson, "#landscape")
        assert map_["x"] + 70 < ring["x"] < map_["x"] + map_["width"] - 50, choice
        assert map_["y"] + 30 < ring["y"] < map_["y"] + map_["height"] - 70, choice


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


def test_the_rings_stand_on_what_is_seen_of_the_line(lesson: Any) -> None:
    rings = "#data-view .handle:not(#new-point)"
    follow(lesson, "#theta1=215&rate=1.5")
    fact(lesson, "step")
    (plot, *_), places = boxes(lesson, "#data"), boxes(lesson, rings)
    below = max(box["y"] + box["height"] for box in boxes(lesson, "#data-view .corner"))
    assert below <= min(ring["y"] for ring in places)
    assert max(ring["x"] for ring in places) < plot["x"] + 0.9 * plot["width"], "the line leaves"
    slopes = [
        np.subtract([one["x"], one["y"]], [places[0]["x"], places[0]["y"]]) for one in places
    ]
    assert slopes[1] / slopes[1][0] == pytest.approx(slopes[2] / slopes[2][0], rel=0.05)
    drag(lesson, "#line-right", 0, 60)
    assert state(lesson)["theta1"] < 200
    lesson.click("#all")
    fact(lesson, "step")
    assert not any(ring.is_visible() for ring in lesson.locator(rings).all()), "it has left"


def test_no_button_covers_the_map(lesson: Any) -> None:
    (corner, *_), (plot, *_) = boxes(lesson, "#zoom"), boxes(lesson, "#landscape")
    assert corner["y"] + corner["height"] <= plot["y"] + 28, "the frame begins there"


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


def test_a_rate_that_is_no_number_is_not_taken_and_says_what_is_expected(lesson: Any) -> None:
    says = "document.querySelector('#rate-text').validationMessage"
    for nonsense in ("fast", "-1", "0", "", "1,000.5"):
        lesson.fill("#rate-text", nonsense)
        lesson.press("#rate-text", "Enter")
        assert state(lesson)["rate"] == 0.1
        assert lesson.input_value("#rate-text") == "0.1"
        assert (
            lesson.evaluate(says) == f"Expected a number above 0, such as 0.1, got '{nonsense}'."
        )
    lesson.fill("#rate-text", "0,3")
    lesson.press("#rate-text", "Enter")
    assert (state(lesson)["rate"], lesson.evaluate(says)) == (0.3, "")


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
    assert lesson.inner_text("#zones").startswith("There is no largest stable rate")
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
    assert "first of 2 updates of the epoch; its gradient is that of 2 rows" in tab.inner_text(
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
