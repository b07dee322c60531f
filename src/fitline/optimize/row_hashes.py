"""Hashes of the numbers of rows, which depend neither on their order nor on what reads them."""

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIXERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
SHIFTS = tuple(map(np.uint64, (30, 27, 31)))


def row_hashes(columns: Vector, seed: int = 0) -> NDArray[np.uint64]:
    """Hash each row, of the shape (columns, rows), to 64 bits.

    It is splitmix64 of the bits of each number in turn (G. Steele and others, "Fast splittable
    pseudorandom number generators", 2014); −0 counts as 0.
    """
    found = np.full(columns.shape[1], seed, dtype=np.uint64)
    for numbers in columns:
        found = _mixed(found ^ (numbers + 0.0).view(np.uint64))
    return found


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = state + GAMMA
    state = (state ^ (state >> SHIFTS[0])) * MIXERS[0]
    state = (state ^ (state >> SHIFTS[1])) * MIXERS[1]
    mixed: NDArray[np.uint64] = state ^ (state >> SHIFTS[2])
    return mixed


class RowDigest:
    """The sum of the hashes of all rows, which tells them from others of the same moments.

    Weights of rows that `are_counts` count them so often; others do not matter.
    """

    def __init__(self, *, are_counts: bool = True) -> None:
        self.are_counts = are_counts
        self.sum = 0

    @classmethod
    def like(cls, other: "RowDigest | None") -> "RowDigest | None":
        """Begin one for a part of the rows of another one, if there is any."""
        return other and cls(are_counts=other.are_counts)

    def add_up(self, part: "RowDigest") -> None:
        """Add the rows of a part."""
        self.sum = (self.sum + part.sum) % 2**64

    def add(self, columns: Vector, weights: Vector) -> None:
        """Add rows, of the shape (columns, rows), with their weights, of the shape (rows,)."""
        hashes = row_hashes(columns)
        if self.are_counts:
            hashes *= weights.astype(np.uint64)
        self.sum = (self.sum + int(hashes.sum())) % 2**64

    @property
    def text(self) -> str:
        """Give it as it is saved."""
        return f"rows-sum:{self.sum:016x}"
