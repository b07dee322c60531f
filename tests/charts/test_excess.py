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
    assert drawn[0].startswith("       1M ")
    assert drawn[-1].startswith("1.578e−24 ")
    assert told == "the excess cost from step 0 to 99, on a logarithmic axis"
    starts = [next(n for n, sign in enumerate(row[10:]) if sign.strip()) for row in drawn]
    apart = [after - before for before, after in pairwise(starts)]
    assert max(apart) - min(apart) <= wide // 10


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
