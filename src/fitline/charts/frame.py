"""Axes around a picture made of characters."""

from collections.abc import Sequence
from itertools import pairwise

from fitline.formatting import TICK_DIGITS, brief

from .axis import Axis
from .text import Text

WIDEST = 80
"""A picture is no wider than this, however wide the terminal or a pipe may be."""

LABEL_ROWS = 4
"""One label in so many rows is enough."""

GAP = 2
"""So many columns between two labels."""


def framed(rows: Sequence[Text], across: Axis, up: Axis, strip: Text | None = None) -> list[Text]:
    """Write the axes beside and below a picture, whose first row is the top.

    The `strip` tells something of every column, between the picture and the lower axis.
    """
    height, width = len(rows), max(len(row) for row in rows)
    labels = {height - 1 - up.place(v, height): _label(v) for v in _ticks_beside(up, height)}
    margin = max(map(len, labels.values()), default=0)
    lines = [Text(up.name.rjust(margin), "bold", no_wrap=True)]
    for place, row in enumerate(rows):
        label = labels.get(place)
        edge = Text(f"{label or '':>{margin}} {'┤' if label else '│'}", no_wrap=True)
        lines.append(edge.append(row))
    if strip is not None:
        lines.append(Text(f"{'':>{margin}} │").append(strip))
    return [*lines, *_below(across, margin, width)]


def margin_of(up: Axis, height: int) -> int:
    """Tell how many columns the labels of the upright axis take, with its line."""
    return 2 + max((len(_label(value)) for value in _ticks_beside(up, height)), default=0)


def _label(value: float) -> str:
    return brief(value, TICK_DIGITS)


def _ticks_beside(up: Axis, height: int) -> list[float]:
    return up.ticks(max(2, height // LABEL_ROWS))


def _below(across: Axis, margin: int, width: int) -> list[Text]:
    """Draw the lower axis, its labels and its name."""
    for most in range(6, 0, -1):
        values = across.ticks(most)
        spans = [_span(across, value, width) for value in values]
        if all(a_stop + GAP <= b_start for (_, a_stop), (b_start, _) in pairwise(spans)):
            break
    axis, labels = ["─"] * width, [" "] * (width + GAP)
    for value, (start, stop) in zip(values, spans, strict=True):
        axis[across.place(value, width)] = "┬"
        labels[start:stop] = _label(value)
    space = " " * margin
    name = f"{across.name:>{width}}"
    return [
        Text(f"{space} └{''.join(axis)}", no_wrap=True),
        Text(f"{space}  {''.join(labels).rstrip()}", no_wrap=True),
        Text(f"{space}  {name}", "bold", no_wrap=True),
    ]


def _span(across: Axis, value: float, width: int) -> tuple[int, int]:
    """Give the first column of a label and the one behind its last."""
    length = len(_label(value))
    start = min(max(0, across.place(value, width) - length // 2), width - length)
    return max(0, start), max(0, start) + length
