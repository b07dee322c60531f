"""Several features on the page."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import fitline
from fitline.formatting import number
from fitline.page import payload

from .chromium import HOSTILE, drag, fact, follow, homes, lesson_of, state, told, until

pytestmark = pytest.mark.browser


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


def test_a_lasso_sets_a_slope_to_0_and_descent_ends_there(show: Callable[..., Any]) -> None:
    run = homes(l1=1e5, learning_rate=0.1)
    tab = show(lesson_of(run))
    end = tab.evaluate("fitline.steps().at(-1).theta")
    assert end == pytest.approx(run.result.theta, rel=1e-9)
    assert 0 in end
    tab.fill("#l1", "0")
    assert state(tab)["l1"] == 0
    tab.fill("#l1", "1")
    tab.click("#all")
    fact(tab, "step")
    assert not any(state(tab)["theta"][1:])
    tab.click("#reset")
    held = "held at the crease at 0: 0"
    while held not in tab.inner_text("#update"):
        tab.click("#one")
        fact(tab, "step")
    tab.select_option("#optimizer", "adam")
    fact(tab, "step")
    assert state(tab)["l1"] == 0
    assert tab.is_hidden("#lasso")
