"""Rows in memory, of which some may count more than others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a table: `x` of the shape (features, rows), `y` and `weights` of the shape (rows,).

    Without weights each row counts once.
    """

    x: Vector
    y: Vector
    weights: Vector | None = None

    @classmethod
    def of(cls, columns: Vector, *, are_counts: bool) -> "Rows":
        """Take columns (x1, …, y, w): each row as often as w counts it, or else with its weight.

        Rows that are all of one weight need none.
        """
        *_, weights = columns
        if are_counts:
            is_by_rows = columns.flags.f_contiguous  # in memory, which tells how sums run
            columns = np.repeat(columns, weights.astype(np.intp), axis=1)
            columns = np.asfortranarray(columns) if is_by_rows else columns
        is_even = are_counts or bool((weights == weights[:1]).all())
        return cls(columns[:-2], columns[-2], None if is_even else weights)


def drawn_by(weights: Vector) -> NDArray[np.intp]:
    """Draw as many rows as there are, each about as often as its weight says, in their order.

    They are those at equal distances along the weights laid end to end (W. Madow and L. Madow,
    "On the theory of systematic sampling", 1944).

    >>> drawn_by(np.array([0.5, 1.0, 2.5, 0.0, 1.0])).tolist()
    [0, 1, 2, 2, 4]
    """
    ends = np.cumsum(weights)
    places = (np.arange(len(weights)) + 0.5) * (ends[-1] / len(weights))
    return np.asarray(np.searchsorted(ends, places), np.intp)
