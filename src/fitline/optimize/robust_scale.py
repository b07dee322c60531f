"""Which errors a robust cost takes for large, where nobody says so."""

from dataclasses import dataclass
from typing import Literal

from .losses import Loss
from .moments import SMALLEST
from .robust_spread import deviation, robust_spread
from .rows import Rows

DIGITS = 3
"""A scale chosen from the data has so few digits that it can be typed again."""

Source = Literal["given", "errors", "y"]


@dataclass(frozen=True)
class Scale:
    """The scale C of a cost: `given`, or `factor` times the `spread` of its source.

    The source is the errors about the line that most rows follow, or y itself where those are too
    small to tell.
    """

    value: float
    source: Source
    factor: float | None = None
    spread: float | None = None


def default_scale(loss: type[Loss], rows: Rows, *, intercept: bool = True) -> Scale:
    """Choose a scale for a table.

    Raises ArithmeticError where it is too small to compute with.
    """
    spread = robust_spread(rows.x, rows.y, rows.weights, intercept=intercept)
    by_errors = _of("errors", loss.default_scale, spread)
    by_y = _of("y", loss.least_scale, deviation(rows.y, rows.weights))
    chosen = max(by_errors, by_y, key=lambda scale: scale.value)
    if chosen.value < SMALLEST:
        raise ArithmeticError
    return chosen


def _of(source: Source, factor: float, spread: float) -> Scale:
    return Scale(float(f"{factor * spread:.{DIGITS}g}"), source, factor, spread)
