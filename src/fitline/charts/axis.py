"""One side of a picture: its values, and where they stand."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitline.vector import Vector

from .ticks import logarithmic_ticks, ticks

ROOM = 0.05
"""An axis around values reaches beyond them by this part of their extent."""

SMALLEST, LARGEST = 5e-324, sys.float_info.max


@dataclass(frozen=True)
class Axis:
    """The values along one side of a picture, and what they are called."""

    name: str
    low: float
    high: float
    is_logarithmic: bool = False

    @classmethod
    def around(
        cls, name: str, values: Sequence[float] | Vector, *, is_logarithmic: bool = False
    ) -> "Axis":
        """Choose an axis on which all values lie, with some room beyond them."""
        low, high = float(np.min(values)), float(np.max(values))
        if not is_logarithmic:
            room = ROOM * (high - low) or abs(low) or 1.0
            return cls(name, low - room, high + room)
        times = 10 ** (ROOM * float(np.log10(high) - np.log10(low)) or 1.0)
        return cls(name, max(low / times, SMALLEST), min(high * times, LARGEST), is_logarithmic)

    def ticks(self, most: int) -> list[float]:
        """Give at most so many round values, two or more if possible."""
        find = logarithmic_ticks if self.is_logarithmic else ticks
        return find(self.low, self.high, most)

    def holds(self, value: float) -> bool:
        """Tell whether a value lies in the picture."""
        return self.low <= value <= self.high

    def place(self, value: float, cells: int) -> int:
        """Give the cell of a value, counted from `low`."""
        return int(self.places(np.array(value), cells))

    def places(self, values: Vector, cells: int) -> Vector:
        """Give the cells of values."""
        low, high = self.low, self.high
        if self.is_logarithmic:
            low, high, values = np.log10(low), np.log10(high), np.log10(values)
        places: Vector = np.rint((values - low) / (high - low) * (cells - 1))
        return places
