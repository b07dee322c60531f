"""The rows of a table as points, with a line through them."""

from dataclasses import dataclass

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from fitline.optimize.scaling import Vector

from .dots import Dots
from .frame import Range, framed, margin_of
from .text import Text

POINT_STYLE, LINE_STYLE = "bright_cyan", "bright_yellow"

POINT, FEW = "○", 60
"""So few points are drawn with a sign of their own, more of them as dots."""

MARGIN = 0.05
"""The axes reach beyond the points by this part of their extent."""


@dataclass(frozen=True, eq=False)
class Scatter:
    """Points x, y of the shape (points,), and the line θ0 + θ1·x, in so many text rows."""

    x: Vector
    y: Vector
    theta: Vector
    names: tuple[str, str]
    height: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw as wide as there is room."""
        yield from self.lines(options.max_width)

    def lines(self, wide: int) -> list[Text]:
        """Draw the points and the line with their axes in so many columns."""
        across, up = around(self.names[0], self.x), around(self.names[1], self.y)
        dots = Dots(max(8, wide - margin_of(up, self.height)), self.height)

        def place(x: float, y: float) -> tuple[int, int]:
            return across.place(x, dots.width), dots.height - 1 - up.place(y, dots.height)

        for x in np.linspace(across.low, across.high, dots.width).tolist():
            y = float(self.theta[0] + self.theta[1] * x)
            if up.holds(y):
                dots.dot(*place(x, y), LINE_STYLE)
        for x, y in zip(self.x.tolist(), self.y.tolist(), strict=True):
            if len(self.x) <= FEW:
                dots.sign(*place(x, y), POINT, POINT_STYLE)
            else:
                dots.dot(*place(x, y), POINT_STYLE)
        return framed(dots.rows(), across, up)


def around(name: str, values: Vector) -> Range:
    """Choose an axis on which all values lie."""
    low, high = float(values.min()), float(values.max())
    room = MARGIN * (high - low) or abs(low) or 1.0
    return Range(name, low - room, high + room)
