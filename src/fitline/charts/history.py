"""The cost step by step."""

from collections.abc import Sequence
from math import isfinite

from .axis import Axis
from .chart import Chart, Line, Rule

STYLE, FLOOR_STYLE = "bright_yellow", "bright_cyan"

FEWEST_STEPS = 10
"""An axis that is a little longer than the run does not jump with every step."""

WIDE = 100.0
"""Costs that differ by more than this factor are drawn on a logarithmic axis."""


def history(steps: Sequence[int], costs: Sequence[float], minimum: float, height: int) -> Chart:
    """Draw the costs of some steps, by their index, and the minimum below them.

    The first cost is finite; one that overflows later is at the top.
    """
    high = max(filter(isfinite, costs))
    return Chart(
        Axis("step", 0, max(FEWEST_STEPS, steps[-1])),
        Axis(
            "cost",
            minimum,
            high if high > minimum else minimum + 1,
            is_logarithmic=minimum > 0 and high / minimum > WIDE,
        ),
        [Rule(minimum, FLOOR_STYLE), Line(steps, costs, STYLE)],
        height,
    )
