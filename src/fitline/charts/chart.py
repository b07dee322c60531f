"""Series over two axes: callers speak of data, and only here does it become dots."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from fitline.vector import Vector

from .axis import Axis
from .dots import Dots
from .frame import WIDEST, framed, margin_of
from .text import Text

Values = Sequence[float] | Vector

SHAPE = 0.2
"""The height of a chart, in rows, over its width in columns."""

DASH = 4
"""A rule has one dot in so many."""

SIGN_EVERY = 24
"""A line that has a sign shows it every so many dots."""


@dataclass(frozen=True)
class Canvas:
    """Dots between two axes."""

    dots: Dots
    across: Axis
    up: Axis

    def places(self, x: Values, y: Values) -> list[tuple[int, int] | None]:
        """Give the dots of points: what lies beyond an axis is at its edge, NaN is nowhere."""
        across, up = self.across, self.up
        columns = across.places(np.clip(x, across.low, across.high), self.dots.width)
        rows = up.places(np.clip(y, up.low, up.high), self.dots.height)
        return [
            None if np.isnan(row) else (int(column), self.dots.height - 1 - int(row))
            for column, row in zip(columns, rows, strict=True)
        ]


class Series(Protocol):
    """Something that is drawn over the axes."""

    def draw(self, canvas: Canvas) -> None:
        """Draw it."""


@dataclass(frozen=True, eq=False)
class Line:
    """Points joined by a line, broken where y is NaN.

    Its `sign` is repeated along it; `shift` moves the signs by a part of their distance.
    """

    x: Values
    y: Values
    style: str
    sign: str = ""
    shift: float = 0.0

    def draw(self, canvas: Canvas) -> None:
        """Draw the line, then its signs."""
        places = canvas.places(self.x, self.y)
        for before, here in pairwise([None, *places]):
            if here:
                canvas.dots.line(before or here, here, self.style)
        if self.sign:
            self._draw_signs(canvas.dots, [place for place in places if place])

    def _draw_signs(self, dots: Dots, places: Sequence[tuple[int, int]]) -> None:
        following = SIGN_EVERY * self.shift
        for place in places:
            if place[0] >= following or place == places[-1]:
                dots.sign(*place, self.sign, f"bold {self.style}")
                following = place[0] + SIGN_EVERY


@dataclass(frozen=True, eq=False)
class Function:
    """A function of x, which takes and gives values of the shape (points,), between two ends."""

    of: Callable[[Vector], Vector]
    style: str
    start: float = -np.inf
    stop: float = np.inf

    def draw(self, canvas: Canvas) -> None:
        """Draw its value at every column of dots, up to the first one that is not below `stop`."""
        x = np.linspace(canvas.across.low, canvas.across.high, canvas.dots.width)
        first, last = np.searchsorted(x, (self.start, self.stop))
        x = x[first : last + 1]
        Line(x, self.of(x), self.style).draw(canvas)


@dataclass(frozen=True, eq=False)
class Points:
    """Points, as dots or as signs."""

    x: Values
    y: Values
    style: str
    sign: str = ""

    def draw(self, canvas: Canvas) -> None:
        """Draw every point."""
        for place in canvas.places(self.x, self.y):
            if place and self.sign:
                canvas.dots.sign(*place, self.sign, self.style)
            elif place:
                canvas.dots.dot(*place, self.style)


@dataclass(frozen=True)
class Rule:
    """A dotted horizontal line."""

    y: float
    style: str

    def draw(self, canvas: Canvas) -> None:
        """Draw it from side to side."""
        ((_, row),) = filter(None, canvas.places([canvas.across.low], [self.y]))
        for column in range(0, canvas.dots.width, DASH):
            canvas.dots.dot(column, row, self.style)


@dataclass(frozen=True, eq=False)
class Chart:
    """Series over two axes, drawn one over another, in so many rows without the axes.

    The `strip` gives a sign and its style for every value across, to stand below the series.
    """

    across: Axis
    up: Axis
    series: Sequence[Series]
    height: int | None = None
    strip: Callable[[float], tuple[str, str]] | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw as wide as fits."""
        yield from self.lines(min(options.max_width, WIDEST))

    def lines(self, wide: int) -> list[Text]:
        """Draw all series with their axes in so many columns."""
        height = self.height or max(8, round(SHAPE * wide))
        width = max(8, wide - margin_of(self.up, height))
        dots = Dots(width, height)
        for series in self.series:
            series.draw(Canvas(dots, self.across, self.up))
        return framed(dots.rows(), self.across, self.up, self._strip(width))

    def _strip(self, width: int) -> Text | None:
        if self.strip is None:
            return None
        text = Text(no_wrap=True)
        for value in np.linspace(self.across.low, self.across.high, width).tolist():
            text.append(*self.strip(value))
        return text
