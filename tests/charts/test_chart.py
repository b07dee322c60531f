"""A chart takes data, and draws every value where its axes say."""

import numpy as np
import pytest

from fitline.charts.axis import LARGEST, Axis
from fitline.charts.chart import Chart, Function, Line, Points, Rule, Series
from fitline.charts.history import history

WIDE, HEIGHT = 42, 10
SQUARE = Axis("x", 0, 10), Axis("y", 0, 10)
POWERS = (
    Axis("x", 1, 1e4, is_logarithmic=True),
    Axis("y", 1e-2, 1e2, is_logarithmic=True),
)


def drawn(axes: tuple[Axis, Axis], *series: Series) -> list[str]:
    """Give the rows of a chart without its axes."""
    rows = Chart(*axes, series, HEIGHT).lines(WIDE)[1 : HEIGHT + 1]
    return [row.plain.split("│")[-1].split("┤")[-1] for row in rows]


def cells(rows: list[str]) -> set[tuple[int, int]]:
    return {(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell != " "}


@pytest.mark.parametrize("axes", [SQUARE, POWERS])
def test_the_ends_of_the_axes_are_the_corners_of_the_chart(axes: tuple[Axis, Axis]) -> None:
    across, up = axes
    rows = drawn(
        axes,
        Points([across.low], [up.low], "", "a"),
        Points([across.high], [up.high], "", "b"),
    )
    assert (rows[-1][0], rows[0][-1]) == ("a", "b")
    assert len(cells(rows)) == 2


def test_equal_ratios_are_equal_distances_on_a_logarithmic_axis() -> None:
    rows = drawn(POWERS, Points([1, 10, 100, 1e3, 1e4], np.ones(5), "", "o"))
    places = [x for x, _ in sorted(cells(rows))]
    assert np.ptp(np.diff(places)) <= 1


def test_what_lies_beyond_an_axis_stands_at_its_edge() -> None:
    beyond = Points([5, 5, 99], [np.inf, -7, 5], "", "o")
    edge = Points([5, 5, 10], [10, 0, 5], "", "o")
    assert drawn(SQUARE, beyond) == drawn(SQUARE, edge)


def test_nan_is_a_gap_in_a_line() -> None:
    whole = drawn(SQUARE, Line([0, 4, 6, 10], [5, 5, 5, 5], ""))
    broken = drawn(SQUARE, Line([0, 4, 5, 6, 10], [5, 5, np.nan, 5, 5], ""))
    missing = cells(whole) - cells(broken)
    assert missing
    assert not cells(broken) - cells(whole)
    assert all(0.3 < x / WIDE < 0.6 for x, _ in missing)
    assert drawn(SQUARE, Line([5], [5], "")) == drawn(SQUARE, Points([5], [5], ""))


def test_a_steep_function_is_drawn_without_gaps() -> None:
    rows = drawn(SQUARE, Function(lambda x: 40 * (x - 5), ""))
    assert {y for _, y in cells(rows)} == set(range(HEIGHT))


def test_functions_that_take_over_from_one_another_are_as_one() -> None:
    one = drawn(SQUARE, Function(np.sqrt, ""))
    two = drawn(SQUARE, Function(np.sqrt, "", 0, 3.3), Function(np.sqrt, "", 3.3, 10))
    assert one == two


def test_a_rule_goes_from_side_to_side_at_its_height() -> None:
    assert {y for _, y in cells(drawn(SQUARE, Rule(10, "")))} == {0}


def test_an_axis_around_values_of_every_size_holds_them() -> None:
    for values in ([5e-324, LARGEST], [3.0], [1e-3, 1e3]):
        axis = Axis.around("rate", values, is_logarithmic=True)
        assert 0 < axis.low < axis.high < np.inf
        assert all(map(axis.holds, values))
    assert Axis.around("x", [0.0, 100.0]) == Axis("x", -5.0, 105.0)


def test_a_cost_that_overflows_stands_at_the_top() -> None:
    def rows(last: float) -> list[str]:
        return [row.plain for row in history([0, 1, 2], [1.0, 50.0, last], 0.5, 8).lines(WIDE)]

    assert rows(np.inf) == rows(50.0)
