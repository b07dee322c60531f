"""The rows of a table that lie farthest from a model, and how far all of them do."""

from collections.abc import Sequence
from dataclasses import dataclass

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

BYTES_AN_ERROR = 24
"""An error, in a block and in one array of all, and once more in their order."""


@dataclass(frozen=True, eq=False)
class FarRows:
    """Where the rows stand whose errors y − ŷ are largest, the largest first, and what they hold.

    `columns` has the shape (columns, rows), (x1, …, y); `quantiles` are those of the errors of all
    rows of the table.
    """

    places: Sequence[RowPlace]
    columns: Vector
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
    farthest, blocks = _Farthest(len(table.columns), wanted), []

    def add(columns: Vector, _: NDArray[np.bool_]) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            errors = errors_of(columns[:-1], columns[-1], theta)
        farthest.add(columns, errors)
        blocks.append(errors)

    with table.explained():
        table.engine.each_batch(table.good_rows(), add, progress)
        nths = farthest.kept[1].astype(int).tolist()
        places = row_places(table, set(nths))
    quantiles = np.quantile(np.concatenate(blocks), probabilities)
    return FarRows([places[nth] for nth in nths], farthest.kept[2:], quantiles)


class _Farthest:
    """The rows of the largest errors: each a column of its |error|, its place and its numbers."""

    def __init__(self, columns: int, wanted: int) -> None:
        self.kept = np.empty((2 + columns, 0))
        self._wanted = wanted
        self._rows = 0

    def add(self, columns: Vector, errors: Vector) -> None:
        """Add a block of rows, of which most are no candidates."""
        sizes = np.nan_to_num(np.abs(errors), nan=np.inf)
        is_full = self.kept.shape[1] == self._wanted
        near = np.flatnonzero(sizes > self.kept[0, -1]) if is_full else np.arange(len(sizes))
        block = np.vstack([sizes[near], self._rows + near, columns[:, near]])
        both = np.hstack([self.kept, block])
        self.kept = both[:, np.argsort(-both[0], kind="stable")[: self._wanted]]
        self._rows += len(sizes)
