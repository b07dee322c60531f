"""How far a training is above the minimum by its steps, in a few lines of a terminal."""

from collections.abc import Sequence
from math import isfinite

from fitline.formatting import scientific

from .axis import Axis
from .chart import Canvas, Line
from .dots import Dots
from .text import Text

ROWS, NARROWEST = 3, 8
STYLE = "bright_yellow"


def excess_strip(steps: Sequence[int], excesses: Sequence[float], wide: int) -> list[Text]:
    """Draw the excess cost on a logarithmic axis, on which plain descent is a straight line.

    There is nothing to draw where it does not change, or is 0 from the start.
    """
    known = [(x, y) for x, y in zip(steps, excesses, strict=True) if isfinite(y) and y > 0]
    x, y = [one for one, _ in known], [one for _, one in known]
    if len({*y}) < len(("first", "last")):
        return []
    labels = [scientific(max(y)), *[""] * (ROWS - 2), scientific(min(y))]
    margin = max(map(len, labels))
    dots = Dots(max(NARROWEST, wide - margin - 1), ROWS)
    up = Axis("excess cost", min(y), max(y), is_logarithmic=True)
    Line(x, y, STYLE).draw(Canvas(dots, Axis("step", x[0], x[-1]), up))
    rows = zip(labels, dots.rows(), strict=True)
    drawn = [Text(f"{label:>{margin}} ", no_wrap=True).append(row) for label, row in rows]
    arrived = f"; 0 at step {steps[-1]:,}" if excesses[-1] == 0 else ""
    told = f"the excess cost from step {x[0]:,} to {x[-1]:,}, on a logarithmic axis{arrived}"
    return [*drawn, Text(told, "dim")]
