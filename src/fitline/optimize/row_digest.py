"""What tells the rows of a table from others that have the same sums."""

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

STEP = np.uint64(0x9E3779B97F4A7C15)
FACTORS = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)


class RowDigest:
    """The sum of a hash of every row, which is the same in every order of the rows."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, columns: Vector) -> None:
        """Add rows; the shape is (columns, rows)."""
        hashes = np.zeros(columns.shape[1], dtype=np.uint64)
        for numbers in columns:
            hashes = _mixed(hashes + STEP ^ (numbers + 0.0).view(np.uint64))  # −0 is 0
        self._sum = (self._sum + int(hashes.sum())) % 2**64

    @property
    def text(self) -> str:
        """Give it as it is saved."""
        return f"rows-sum:{self._sum:016x}"


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Let every bit depend on all (G. Steele, D. Lea and C. Flood, SplitMix, 2014)."""
    for shift, factor in zip(SHIFTS, FACTORS, strict=False):
        bits = (bits ^ bits >> shift) * factor
    return bits ^ bits >> SHIFTS[-1]
