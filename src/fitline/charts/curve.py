"""A curve over one parameter, with the stretches where it falls and rises told apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from fitline.landscape.slices import Stretch
from fitline.optimize.scaling import Vector

from .dots import ACROSS, DOWN, Dots
from .frame import WIDEST, Range, framed, margin_of
from .text import Text

SHAPE = 0.2
"""The height of a curve, in rows, over its width in columns."""

STYLES = {"falls": "bright_cyan", "rises": "bright_yellow"}
SIGNS = {"falls": "↘", "rises": "↗"}


@dataclass(frozen=True, eq=False)
class Curve:
    """The cost over one parameter; `level` gives it for values of the shape (points,).

    `marks` are values of the parameter, with a sign for each.
    """

    level: Callable[[Vector], Vector]
    across: Range
    up_name: str
    stretches: Sequence[Stretch]
    marks: Sequence[tuple[float, str]] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the curve as wide as fits, and below it which way it goes."""
        yield from self.lines(min(options.max_width, WIDEST))

    def lines(self, wide: int) -> list[Text]:
        """Draw the curve with its axes in so many columns."""
        height = max(8, round(SHAPE * wide))
        values = np.linspace(self.across.low, self.across.high, ACROSS * wide)
        levels = self.level(values)
        low, high = float(levels.min()), float(levels.max())
        up = Range(self.up_name, low, high if high > low else low + 1)
        width = max(8, wide - margin_of(up, height))
        rows = self._sheet(width, height, up).rows()
        return framed(rows, self.across, up, self._directions(width))

    def _sheet(self, width: int, height: int, up: Range) -> Dots:
        dots = Dots(width, height)
        values = np.linspace(self.across.low, self.across.high, dots.width)
        heights = [
            dots.height - 1 - up.place(float(level), dots.height) for level in self.level(values)
        ]
        for x, (before, after) in enumerate(pairwise(heights)):
            style = STYLES[self._direction(float(values[x]))]
            dots.line((x, before), (x + 1, after), style)
        for value, sign in self.marks:
            x = self.across.place(value, dots.width)
            dots.sign(x, heights[x] - heights[x] % DOWN, sign, "bold")
        return dots

    def _directions(self, width: int) -> Text:
        """Tell for every column which way the curve goes there."""
        text = Text(no_wrap=True)
        for value in np.linspace(self.across.low, self.across.high, width):
            direction = self._direction(float(value))
            text.append(SIGNS[direction], STYLES[direction])
        return text

    def _direction(self, value: float) -> str:
        return next((s.direction for s in self.stretches if value < s.stop), "rises")
