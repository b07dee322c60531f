"""How a table is divided into rows to train on and others: by a hash of each row.

The hash is of the numbers of a row, so it depends neither on the order of the rows nor on what
reads them, and equal rows stay together.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIXERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
SHIFTS = tuple(map(np.uint64, (30, 27, 31, 11)))


def row_fractions(columns: Vector, seed: int) -> Vector:
    """Hash each row of (x1, …, y), of the shape (columns, rows), to a number from 0 to below 1.

    It is splitmix64 of the bits of each number in turn (G. Steele and others, "Fast splittable
    pseudorandom number generators", 2014); −0 counts as 0.
    """
    found = np.full(columns.shape[1], seed, dtype=np.uint64)
    for numbers in columns:
        found = _mixed(found ^ (numbers + 0.0).view(np.uint64))
    fractions = (found >> SHIFTS[3]).astype(np.float64)
    fractions *= 2.0**-53
    return fractions


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = state + GAMMA
    state = (state ^ (state >> SHIFTS[0])) * MIXERS[0]
    state = (state ^ (state >> SHIFTS[1])) * MIXERS[1]
    mixed: NDArray[np.uint64] = state ^ (state >> SHIFTS[2])
    return mixed


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
