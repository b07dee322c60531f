"""The rows of a table that lie farthest from a model, and how far all of them do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fitline import memory
from fitline.errors import DataError
from fitline.optimize.moments import Moments
from fitline.vector import Vector

from .engine import Progress
from .residuals import errors_of
from .row_places import RowPlace, row_places
from .table import Table

BYTES_AN_ERROR = 48
"""An error and its weight, in a block and in one array of all, and once more in their order."""

ENDS = (np.floor, np.ceil)
"""Between the errors at these places lies one at a place between."""


@dataclass(frozen=True, eq=False)
class FarRows:
    """Where the rows stand whose errors y − ŷ are largest, the largest first, and what they hold.

    `columns` has the shape (columns, rows), (x1, …, y), and `weights` (rows,); `quantiles` are
    those of the errors of all rows of the table, each as often as its weight counts it.
    """

    places: Sequence[RowPlace]
    columns: Vector
    weights: Vector
    quantiles: Vector


def far_rows(
    table: Table,
    moments: Moments,
    theta: Vector,
    wanted: int,
    probabilities: Sequence[float],
    progress: Progress | None = None,
) -> FarRows:
    """Read a table whose moments are known once more, and its files to find the lines.

    `theta` has the shape (1 + features,); of equal errors that of the first row counts. Raises
    DataError where the errors do not fit into memory.
    """
    if told := memory.shortage(BYTES_AN_ERROR * moments.rows):
        raise DataError(f"the errors of its {moments.rows:,} rows {told}", file=table.source)
    found = table.located(_far, theta, wanted, progress=progress)
    errors, weights = np.concatenate([one.value.errors for one in found], axis=1)
    quantiles = _quantiles(errors, weights if moments.are_counts else None, probabilities)
    sizes = np.concatenate([one.value.kept[0] for one in found])
    nearest = np.argsort(-sizes, kind="stable")[:wanted]
    places = [
        replace(place, file=one.file or place.file, line=one.above + place.line)
        for one in found
        for place in one.value.places
    ]
    *columns, own = np.concatenate([one.value.kept[2:] for one in found], axis=1)[:, nearest]
    return FarRows([places[nth] for nth in nearest], np.array(columns), own, quantiles)


@dataclass(frozen=True, eq=False)
class _Far:
    """The farthest rows of a piece of a table, their places, and all its errors with weights."""

    kept: Vector
    places: Sequence[RowPlace]
    errors: Vector


def _far(table: Table, theta: Vector, wanted: int, progress: Progress | None) -> _Far:
    farthest, blocks = _Farthest(len(table.columns) + 1, wanted), [np.empty((2, 0))]

    def add(columns: Vector, _: NDArray[np.bool_]) -> None:
        weights = columns[-1]
        with np.errstate(over="ignore", invalid="ignore"):
            errors = errors_of(columns[:-2], columns[-2], theta)
        sizes = np.nan_to_num(np.abs(errors), nan=np.inf)
        farthest.add(columns, np.where(weights > 0, sizes, -1.0))
        blocks.append(np.array([errors, weights])[:, weights > 0])

    with table.explained():
        table.each_batch(table.weighted_rows(weightless=True), add, progress)
        nths = farthest.kept[1].astype(int).tolist()
        places = row_places(table, set(nths))
    return _Far(farthest.kept, [places[nth] for nth in nths], np.concatenate(blocks, axis=1))


def _quantiles(errors: Vector, counts: Vector | None, probabilities: Sequence[float]) -> Vector:
    """Give quantiles of errors, of which each is there so many times."""
    if counts is None or (counts == 1).all():
        return np.asarray(np.quantile(errors, probabilities))
    order = np.argsort(errors)
    ends = np.cumsum(counts[order])
    place = (ends[-1] - 1) * np.array(probabilities)
    low, high = (errors[order[np.searchsorted(ends, end(place), "right")]] for end in ENDS)
    return np.asarray(low + (high - low) * (place - np.floor(place)))


class _Farthest:
    """The rows of the largest errors: each a column of its |error|, its place and its numbers."""

    def __init__(self, columns: int, wanted: int) -> None:
        self.kept = np.empty((2 + columns, 0))
        self._wanted = wanted
        self._rows = 0

    def add(self, columns: Vector, sizes: Vector) -> None:
        """Add a block of rows with the sizes of their errors, of which most are no candidates."""
        is_full = self.kept.shape[1] == self._wanted
        near = np.flatnonzero(sizes > self.kept[0, -1]) if is_full else np.arange(len(sizes))
        block = np.vstack([sizes[near], self._rows + near, columns[:, near]])
        both = np.hstack([self.kept, block])
        self.kept = both[:, np.argsort(-both[0], kind="stable")[: self._wanted]]
        self._rows += len(sizes)
