"""What came of each of several values of a setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from .axis import Axis
from .chart import Chart, Line, Points

LINE_STYLE = "bright_cyan"

HEIGHT = 10


@dataclass(frozen=True)
class Result:
    """A value, what came of it, and the sign that stands there; infinity is off the top."""

    value: float
    level: float
    sign: str
    style: str = "bold"


def outcomes(results: Sequence[Result], names: tuple[str, str]) -> Chart:
    """Draw results in the order of their values, joined by a line; all numbers are above 0."""
    values = [one.value for one in results]
    levels = [one.level for one in results]
    return Chart(
        Axis.around(names[0], values, is_logarithmic=True),
        Axis.around(names[1], [*filter(isfinite, levels)] or [1.0], is_logarithmic=True),
        [
            Line(values, levels, LINE_STYLE),
            *(Points([one.value], [one.level], one.style, one.sign) for one in results),
        ],
        HEIGHT,
    )
