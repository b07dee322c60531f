"""Other rows on the page, other costs, and points that are moved."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import fitline
from fitline.data.division import Holdout
from fitline.formatting import number

from .chromium import DATA, HOSTILE, NEIGHBOURHOODS, drag, fact, follow, lesson_of, state, until

pytestmark = pytest.mark.browser


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


def test_numbers_that_may_be_thousands_are_read_so_at_a_click(lesson: Any) -> None:
    lesson.click("#open-rows")
    lesson.fill("#pasted", "Fläche;Preis\n950;148.000\n1.080;155.500\n2.000;290.000\n")
    assert lesson.inner_text("#rows-says") == "3 rows. 1.080 was read as 1.08, not 1080."
    assert lesson.inner_text("#read-otherwise") == "Read 1.080 as 1080"
    lesson.click("#read-otherwise")
    assert lesson.inner_text("#rows-says") == "3 rows. 1.080 was read as 1080, not 1.08."
    lesson.click("#use-rows")
    assert rows_of(lesson) == [(950, 148000), (1080, 155500), (2000, 290000)]
    lesson.click("#open-rows")
    lesson.fill("#pasted", '"1,000","150,000"\n"1,500","210,000"\n')
    assert lesson.inner_text("#rows-says").endswith(
        "Line 1: c1 is '1,000'. 1,000 may be 1000 or 1."
    )
    lesson.fill("#pasted", "x,y\n1,2\n2,3\n")
    assert lesson.is_hidden("#read-otherwise")


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
    assert "1 row cannot determine a line" in lesson.inner_text("#own-says")


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
