"""The excess cost by step is a straight line for plain descent, in three lines of text."""

from itertools import pairwise

import pytest

from fitline.charts.excess import excess_strip
from fitline.training.curve import MOST, Curve


@pytest.mark.parametrize("wide", [20, 40, 80])
def test_plain_descent_falls_evenly_from_the_first_cost_to_the_last(wide: int) -> None:
    rows = [
        row.plain for row in excess_strip(range(100), [1e6 * 0.5**n for n in range(100)], wide)
    ]
    *drawn, told = rows
    assert {len(row) for row in drawn} == {wide}
    assert drawn[0].startswith("      1e6 ")
    assert drawn[-1].startswith("1.578e−24 ")
    assert told == "the excess cost from step 0 to 99, on a logarithmic axis"
    starts = [next(n for n, sign in enumerate(row[10:]) if sign.strip()) for row in drawn]
    apart = [after - before for before, after in pairwise(starts)]
    assert max(apart) - min(apart) <= wide // 10


def test_an_excess_of_0_is_said_to_be_reached_at_the_last_step() -> None:
    told = excess_strip([0, 1, 2], [6.03e9, 4.1e-16, 0.0], 80)[-1].plain
    assert told == "the excess cost from step 0 to 1, on a logarithmic axis; 0 at step 2"


@pytest.mark.parametrize("excesses", [[0.0, 0.0], [5.0, 0.0], [5.0, 5.0], [float("inf"), 3.0], []])
def test_what_does_not_change_is_not_drawn(excesses: list[float]) -> None:
    assert excess_strip(range(len(excesses)), excesses, 80) == []


def test_a_curve_of_many_steps_holds_some_that_are_evenly_chosen() -> None:
    curve, asked = Curve(), 0
    for index in range(100_000):
        if curve.wants(index):
            asked += 1
            curve.add(index, float(index))
    assert len(curve.excesses) <= MOST
    assert asked < 10 * MOST
    assert {after - before for before, after in pairwise(curve.excesses)} == {curve.every}
