"""How a table is divided into rows to train on and others: by a hash of each row.

So equal rows stay together, whatever their order.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fitline.optimize.row_hashes import row_hashes
from fitline.vector import Vector

SPARE_BITS = np.uint64(11)
"""A float64 has so many bits less for a fraction."""


def row_fractions(columns: Vector, seed: int) -> Vector:
    """Hash each row of (x1, …, y), of the shape (columns, rows), to a number from 0 to below 1."""
    fractions = (row_hashes(columns, seed) >> SPARE_BITS).astype(np.float64)
    fractions *= 2.0**-53
    return fractions


@dataclass(frozen=True)
class Holdout:
    """The part of the rows to hold out, from 0 to 1, and the seed of the choice."""

    part: float
    seed: int
    count: ClassVar[int] = 2

    def of(self, columns: Vector) -> NDArray[np.intp]:
        """Give 1 for rows of (x1, …, y), of the shape (columns, rows), that are held out."""
        return (row_fractions(columns, self.seed) < self.part).astype(np.intp)


@dataclass(frozen=True)
class Folds:
    """So many parts of about one size, and the seed of the choice."""

    count: int
    seed: int

    def of(self, columns: Vector) -> NDArray[np.intp]:
        """Give the fold of rows of (x1, …, y), of the shape (columns, rows), from 0 on."""
        return (row_fractions(columns, self.seed) * self.count).astype(np.intp)
