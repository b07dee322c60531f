"""The cost step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from .dots import Dots
from .frame import Range, framed, margin_of
from .text import Text

STYLE, FLOOR_STYLE = "bright_yellow", "bright_cyan"

FEWEST_STEPS = 10
"""An axis that is a little longer than the walk does not jump with every step."""

DECADES = 2.0
"""Costs that differ by more powers of ten than this are drawn on a logarithmic axis."""


@dataclass(frozen=True)
class History:
    """Costs of some steps, by their index, and the minimum below them, in so many text rows."""

    steps: Sequence[int]
    costs: Sequence[float]
    minimum: float
    height: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw as wide as there is room."""
        yield from self.lines(options.max_width)

    def lines(self, wide: int) -> list[Text]:
        """Draw the costs with their axes in so many columns."""
        across, up = Range("step", 0, max(FEWEST_STEPS, self.steps[-1])), self._up()
        dots = Dots(max(8, wide - margin_of(up, self.height)), self.height)
        heights = np.log10(self.costs) if up.is_logarithmic else np.asarray(self.costs)
        floor = np.log10(self.minimum) if up.is_logarithmic else self.minimum
        for x in range(0, dots.width, 4):
            dots.dot(x, dots.height - 1 - up.place(float(floor), dots.height), FLOOR_STYLE)
        places = [
            (across.place(step, dots.width), dots.height - 1 - up.place(float(h), dots.height))
            for step, h in zip(self.steps, heights, strict=True)
        ]
        for start, stop in pairwise(places * 2 if len(places) == 1 else places):
            dots.line(start, stop, STYLE)
        return framed(dots.rows(), across, up)

    def _up(self) -> Range:
        """Choose the axis of the costs; it reaches down to the minimum."""
        high, low = max(self.costs), self.minimum
        if low > 0 and np.log10(high / low) > DECADES:
            return Range("cost", np.log10(low), np.log10(high), is_logarithmic=True)
        return Range("cost", low, high if high > low else low + 1)
