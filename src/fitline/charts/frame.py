"""Axes around a picture made of characters."""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from fitline.formatting import brief

from .text import Text

WIDEST = 80
"""A picture is no wider than this, however wide the terminal or a pipe may be."""

LABEL_ROWS = 4
"""One label in so many rows is enough."""

GAP = 2
"""So many columns between two labels."""


@dataclass(frozen=True)
class Range:
    """The values along one side of a picture, and what they are called."""

    name: str
    low: float
    high: float
    is_logarithmic: bool = False
    """Whether the values are the logarithms, to the base of ten, of what is meant."""

    def label(self, value: float) -> str:
        """Write a value beside the axis."""
        if self.is_logarithmic and value > sys.float_info.max_10_exp:
            return f"1e{value:.0f}"
        return brief(10**value if self.is_logarithmic else value)

    def place(self, value: float, cells: int) -> int:
        """Give the cell of a value, counted from `low`."""
        part = (value - self.low) / (self.high - self.low)
        return round(part * (cells - 1))

    def holds(self, value: float) -> bool:
        """Tell whether a value lies in the picture."""
        return self.low <= value <= self.high


def ticks(range_: Range, most: int) -> list[float]:
    """Give at most so many round values within a range, two or more if possible."""
    low, high = Fraction(range_.low), Fraction(range_.high)
    power = Fraction(10) ** math.floor(math.log10(high - low))
    for factor in ("0.1", "0.2", "0.5", "1", "2", "5", "10"):
        step = Fraction(factor) * power
        if range_.is_logarithmic and step.denominator > 1:
            continue
        first, last = math.ceil(low / step), math.floor(high / step)
        if last - first < most:
            return [float(place * step) for place in range(first, last + 1)]
    return []


def framed(
    rows: Sequence[Text], across: Range, up: Range, strip: Text | None = None
) -> list[Text]:
    """Write the axes beside and below a picture, whose first row is the top.

    The `strip` tells something of every column, between the picture and the lower axis.
    """
    height, width = len(rows), max(len(row) for row in rows)
    labels = {
        height - 1 - up.place(value, height): up.label(value)
        for value in ticks(up, max(2, height // LABEL_ROWS))
    }
    margin = max(map(len, labels.values()), default=0)
    lines = [Text(up.name.rjust(margin), "bold", no_wrap=True)]
    for place, row in enumerate(rows):
        label = labels.get(place)
        edge = Text(f"{label or '':>{margin}} {'┤' if label else '│'}", no_wrap=True)
        lines.append(edge.append(row))
    if strip is not None:
        lines.append(Text(f"{'':>{margin}} │").append(strip))
    return [*lines, *_below(across, margin, width)]


def margin_of(up: Range, height: int) -> int:
    """Tell how many columns the labels of the upright axis take, with its line."""
    return 2 + max((len(up.label(v)) for v in ticks(up, max(2, height // LABEL_ROWS))), default=0)


def _below(across: Range, margin: int, width: int) -> list[Text]:
    """Draw the lower axis, its labels and its name."""
    for most in range(6, 0, -1):
        values = ticks(across, most)
        spans = [_span(across, value, width) for value in values]
        if all(a_stop + GAP <= b_start for (_, a_stop), (b_start, _) in pairwise(spans)):
            break
    axis, labels = ["─"] * width, [" "] * (width + GAP)
    for value, (start, stop) in zip(values, spans, strict=True):
        axis[across.place(value, width)] = "┬"
        labels[start:stop] = across.label(value)
    space = " " * margin
    name = f"{across.name:>{width}}"
    return [
        Text(f"{space} └{''.join(axis)}", no_wrap=True),
        Text(f"{space}  {''.join(labels).rstrip()}", no_wrap=True),
        Text(f"{space}  {name}", "bold", no_wrap=True),
    ]


def _span(across: Range, value: float, width: int) -> tuple[int, int]:
    """Give the first column of a label and the one behind its last."""
    length = len(across.label(value))
    start = min(max(0, across.place(value, width) - length // 2), width - length)
    return max(0, start), max(0, start) + length
