"""Several walks' costs, step by step, overlaid."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from .dots import Dots
from .frame import WIDEST, Range, framed, margin_of
from .text import Text

STYLES = (
    "bright_yellow",
    "bright_cyan",
    "bright_magenta",
    "bright_green",
    "bright_red",
    "bright_blue",
)

SIGNS = "abcdefghijklmnopqrstuvwxyz"
"""Each walk has a letter, so that it can be followed without colour."""

HEIGHT = 14

DIVERGED = 10.0
"""A walk that climbs so many times higher than the start has left the picture."""

SIGN_EVERY = 24
"""A walk shows its letter every so many dots."""


@dataclass(frozen=True)
class Walk:
    """The costs of some steps of a walk, by their index."""

    steps: Sequence[int]
    costs: Sequence[float]


@dataclass(frozen=True)
class Race:
    """Walks over steps and costs, both on logarithmic axes; the floor is the lowest cost shown."""

    walks: Sequence[Walk]
    floor: float
    unit: str = "step"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw as wide as fits."""
        yield from self.lines(min(options.max_width, WIDEST))

    def lines(self, wide: int) -> list[Text]:
        """Draw all walks with their axes in so many columns."""
        start = max(walk.costs[0] for walk in self.walks)
        costs = [cost for walk in self.walks for cost in walk.costs if np.isfinite(cost)]
        highest = max(min(max(costs, default=0.0), DIVERGED * start), 10 * self.floor)
        last = max(walk.steps[-1] for walk in self.walks)
        up = Range("cost", np.log10(self.floor), np.log10(highest), is_logarithmic=True)
        across = Range(self.unit, 0.0, np.log10(max(10, last)), is_logarithmic=True)
        dots = Dots(max(8, wide - margin_of(up, HEIGHT)), HEIGHT)
        for nth, walk in enumerate(self.walks):
            self._draw(dots, walk, across, up, nth)
        return framed(dots.rows(), across, up)

    def _draw(self, dots: Dots, walk: Walk, across: Range, up: Range, nth: int) -> None:
        """Draw a walk; its start, at step 0, stands at the left edge."""
        style, sign = STYLES[nth % len(STYLES)], SIGNS[nth % len(SIGNS)]
        places = [
            (
                across.place(float(np.log10(max(1, step))), dots.width),
                dots.height - 1 - up.place(_height(cost, up), dots.height),
            )
            for step, cost in zip(walk.steps, walk.costs, strict=True)
        ]
        for start, stop in pairwise(places):
            dots.line(start, stop, style)
        at = -SIGN_EVERY + nth * SIGN_EVERY // max(1, len(self.walks))
        for x, y in places:
            if x >= at + SIGN_EVERY or (x, y) == places[-1]:
                dots.sign(x, y, sign, f"bold {style}")
                at = x


def _height(cost: float, up: Range) -> float:
    """Give the logarithm of a cost, within the axis."""
    if not np.isfinite(cost):
        return up.high
    return float(np.clip(np.log10(max(cost, 1e-300)), up.low, up.high))
