"""Exact sums of the parts of a table whose rows come mixed: folds, groups, what is held out."""

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

from .exact_sums import CUT_AT_ONCE, ExactSums, Scratch
from .weighted_sums import WeightedSums

MOST_MIXED, MOST_WAITING = 1 << 22, 1 << 25
"""So many numbers wait at the most to be sorted by their part, and then for more of their part.

What waits is a view of all that was sorted with it."""


class DividedSums:
    """Add rows of (x1, …, y), perhaps with w, each to the sums of its part."""

    def __init__(self, parts: int, columns: int, *, are_weighted: bool) -> None:
        scratch = Scratch(columns)
        self._sums: list[ExactSums] = [
            WeightedSums(columns, scratch) if are_weighted else ExactSums(columns, 0, scratch)
            for _ in range(parts)
        ]
        self._mixed: list[tuple[Vector, NDArray[np.intp]]] = []
        self._waiting: list[list[Vector]] = [[] for _ in range(parts)]
        self._rows = np.zeros(parts, dtype=np.intp)
        self._numbers_mixed = self._numbers = 0

    def add(self, rows: Vector, parts: NDArray[np.intp]) -> None:
        """Add rows, in the shape (columns, rows); `parts` tells the part of each."""
        if len(self._sums) == 1:
            self._sums[0].add(rows)
            return
        self._mixed.append((rows, parts))
        self._numbers_mixed += rows.size
        if self._numbers_mixed > MOST_MIXED:
            self._sort()
        if self._numbers > MOST_WAITING:
            self._flush(1)
            self._numbers = 0

    def sums(self) -> list[ExactSums]:
        """Give the sums of all rows so far."""
        if self._mixed:
            self._sort()
        self._flush(1)
        return self._sums

    def _sort(self) -> None:
        """Put mixed rows to those of their parts."""
        rows, parts = (np.concatenate(each, axis=-1) for each in zip(*self._mixed, strict=True))
        self._mixed, self._numbers_mixed = [], 0
        few = len(self._sums) <= np.iinfo(np.uint16).max  # which are sorted in a single pass
        order = np.argsort(parts.astype(np.uint16) if few else parts, kind="stable")
        rows = rows.take(order, axis=1)
        counts = np.bincount(parts, minlength=len(self._sums))
        ends = np.cumsum(counts)
        for part in np.flatnonzero(counts).tolist():
            self._waiting[part].append(rows[:, ends[part] - counts[part] : ends[part]])
        self._rows += counts
        self._numbers += rows.size
        self._flush(CUT_AT_ONCE)

    def _flush(self, least: int) -> None:
        """Add the rows of each part that has no fewer than these."""
        for part in np.flatnonzero(self._rows >= least).tolist():
            self._sums[part].add(np.concatenate(self._waiting[part], axis=1))
            self._waiting[part] = []
            self._rows[part] = 0
