"""The landscape from above: colours, or a ramp of characters, for the cost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from fitline.vector import Vector

from .axis import Axis
from .dots import straight
from .frame import WIDEST, framed, margin_of
from .text import Text

RAMP = " .:-=+*#%@"
"""From low to high."""

VIRIDIS = tuple(f"color({place})" for place in (53, 54, 55, 25, 30, 36, 71, 77, 148, 226))
"""As many colours of a terminal's 256, ordered in brightness for every eye.

They are near those of S. van der Walt and N. Smith (2015).
"""

BRIGHT = 6
"""From this band on the colours are so bright that marks on them are black."""

SHAPE = 0.26
"""The height of a map, in rows, over its width in columns."""

PATH = "•"


@dataclass(frozen=True)
class Mark:
    """A point of the landscape to be marked, with the sign for it."""

    theta: Vector
    sign: str


@dataclass(frozen=True, eq=False)
class HeatMap:
    """The cost over two parameters; `level` gives it for both of them, of the shape (…, 2).

    `bounds` part the costs into bands, one for each character of the ramp. `paths` are runs,
    each the two of every step, of the shape (steps, 2).
    """

    level: Callable[[Vector], Vector]
    across: Axis
    up: Axis
    bounds: Sequence[float]
    marks: Sequence[Mark] = ()
    paths: Sequence[Vector] = ()
    widest: int = WIDEST

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw as large as fits: two points a character in colour, one without."""
        yield from self.lines(min(options.max_width, self.widest), colour=has_colours(console))

    def lines(self, wide: int, *, colour: bool, height: int | None = None) -> list[Text]:
        """Draw the map with its axes in so many columns, and in so many rows without them."""
        height = height or max(8, round(SHAPE * wide))
        width = max(8, wide - margin_of(self.up, height))
        signs = self._signs(width, height)
        bands = self._bands(width, 2 * height if colour else height)
        rows = (
            [_coloured(bands[2 * row], bands[2 * row + 1], row, signs) for row in range(height)]
            if colour
            else [_plain(bands[row], row, signs) for row in range(height)]
        )
        return framed(rows, self.across, self.up)

    def _bands(self, width: int, height: int) -> list[list[int]]:
        """Give the band of every point, the top row first."""
        across = np.linspace(self.across.low, self.across.high, width)
        up = np.linspace(self.up.high, self.up.low, height)
        points = np.stack(np.meshgrid(across, up), axis=-1)
        with np.errstate(over="ignore", invalid="ignore"):
            bands = np.searchsorted(np.asarray(self.bounds), self.level(points), side="right")
        return [[int(band) for band in row] for row in bands]

    def _signs(self, width: int, height: int) -> dict[tuple[int, int], str]:
        """Give the signs in their cells; marks stand over paths."""
        signs: dict[tuple[int, int], str] = {}
        for path in self.paths:
            places = [self._cell(theta, width, height) for theta in path if self._is_near(theta)]
            for start, stop in pairwise(places):
                signs |= dict.fromkeys(straight(start, stop), PATH)
        for mark in reversed(self.marks):
            signs[self._cell(mark.theta, width, height)] = mark.sign
        return signs

    def _is_near(self, theta: Vector) -> bool:
        """Leave out what lies so far off that a line to it would be no more than a direction."""
        axes = zip((self.across, self.up), theta, strict=True)
        return all(abs(v - (a.low + a.high) / 2) <= FAR * (a.high - a.low) for a, v in axes)

    def _cell(self, theta: Vector, width: int, height: int) -> tuple[int, int]:
        across = self.across.place(float(theta[0]), width)
        return across, height - 1 - self.up.place(float(theta[1]), height)


FAR = 20.0


def has_colours(console: Console) -> bool:
    """Tell whether colours can be told apart here; with 16 of them a landscape cannot be drawn."""
    return not console.no_color and console.color_system in {"256", "truecolor", "windows"}


def swatch(band: int, *, colour: bool) -> Text:
    """Show what a band looks like."""
    return Text("  ", f"on {VIRIDIS[band]}") if colour else Text(f"[{RAMP[band]}]")


def _coloured(
    upper: Sequence[int], lower: Sequence[int], row: int, signs: dict[tuple[int, int], str]
) -> Text:
    """Draw a row of cells, each of two points above each other."""
    text = Text(no_wrap=True)
    for column, (top, bottom) in enumerate(zip(upper, lower, strict=True)):
        if sign := signs.get((column, row)):
            ink = "black" if bottom >= BRIGHT else "white"
            text.append(sign, f"bold {ink} on {VIRIDIS[bottom]}")
        else:
            text.append("▀", f"{VIRIDIS[top]} on {VIRIDIS[bottom]}")
    return text


def _plain(bands: Iterable[int], row: int, signs: dict[tuple[int, int], str]) -> Text:
    """Draw a row of cells with the characters of the ramp."""
    cells = (signs.get((column, row), RAMP[band]) for column, band in enumerate(bands))
    return Text("".join(cells), no_wrap=True)
