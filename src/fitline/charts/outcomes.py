"""What came of each of several values of a setting, both on logarithmic axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from .dots import Dots
from .frame import WIDEST, Range, framed, margin_of
from .text import Text

LINE_STYLE = "bright_cyan"

HEIGHT = 10

ROOM = 0.05
"""The axes reach beyond the outcomes by this part of their extent."""


@dataclass(frozen=True)
class Outcome:
    """A value, what came of it, and the sign that stands there; no `level` is off the top."""

    value: float
    level: float | None
    sign: str
    style: str = "bold"


@dataclass(frozen=True)
class Outcomes:
    """Outcomes in the order of their values, joined by a line; values and levels are above 0."""

    outcomes: Sequence[Outcome]
    names: tuple[str, str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw as wide as fits."""
        yield from self.lines(min(options.max_width, WIDEST))

    def lines(self, wide: int) -> list[Text]:
        """Draw the outcomes with their axes in so many columns."""
        across = _around(self.names[0], [one.value for one in self.outcomes])
        levels = [one.level for one in self.outcomes if one.level is not None]
        up = _around(self.names[1], levels or [1.0])
        dots = Dots(max(8, wide - margin_of(up, HEIGHT)), HEIGHT)
        places = [
            (
                across.place(float(np.log10(one.value)), dots.width),
                dots.height - 1 - up.place(_height(one.level, up), dots.height),
            )
            for one in self.outcomes
        ]
        for start, stop in pairwise(places):
            dots.line(start, stop, LINE_STYLE)
        for (x, y), one in zip(places, self.outcomes, strict=True):
            dots.sign(x, y, one.sign, one.style)
        return framed(dots.rows(), across, up)


def _height(level: float | None, up: Range) -> float:
    return up.high if level is None else float(np.log10(level))


def _around(name: str, values: Sequence[float]) -> Range:
    """Choose a logarithmic axis on which all values lie."""
    low, high = np.log10(min(values)), np.log10(max(values))
    room = ROOM * (high - low) or 1.0
    return Range(name, float(low - room), float(high + room), is_logarithmic=True)
