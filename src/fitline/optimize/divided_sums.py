"""Exact sums of the parts of a table whose rows come mixed: folds, groups, what is held out."""

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

from .exact_sums import BLOCK, ExactSums, Scratch
from .weighted_sums import WeightedSums

MOST_WAITING = 1 << 25
"""So many numbers wait at the most until their part has enough rows to be worth the work."""


class DividedSums:
    """Add rows of (x1, …, y), perhaps with w, each to the sums of its part."""

    def __init__(self, parts: int, columns: int, *, are_weighted: bool) -> None:
        scratch = Scratch(columns)
        self._sums: list[ExactSums] = [
            WeightedSums(columns, scratch) if are_weighted else ExactSums(columns, 0, scratch)
            for _ in range(parts)
        ]
        self._waiting: list[list[Vector]] = [[] for _ in range(parts)]
        self._rows = [0] * parts
        self._numbers = 0

    def add(self, rows: Vector, parts: NDArray[np.intp]) -> None:
        """Add rows, in the shape (columns, rows); `parts` tells the part of each."""
        if len(self._sums) == 1:
            self._sums[0].add(rows)
            return
        few = len(self._sums) <= np.iinfo(np.uint16).max  # which are sorted in a single pass
        order = np.argsort(parts.astype(np.uint16) if few else parts, kind="stable")
        counts = np.bincount(parts, minlength=len(self._sums))
        there, ends = np.flatnonzero(counts), np.cumsum(counts)
        for part in there.tolist():
            piece = rows[:, order[ends[part] - counts[part] : ends[part]]]
            self._waiting[part].append(piece)
            self._rows[part] += piece.shape[1]
            if self._rows[part] >= BLOCK:
                self._flush(part)
        self._numbers += rows.size
        if self._numbers > MOST_WAITING:
            self.sums()

    def sums(self) -> list[ExactSums]:
        """Give the sums of all rows so far."""
        for part, rows in enumerate(self._rows):
            if rows:
                self._flush(part)
        self._numbers = 0
        return self._sums

    def _flush(self, part: int) -> None:
        self._sums[part].add(np.concatenate(self._waiting[part], axis=1))
        self._waiting[part] = []
        self._rows[part] = 0
