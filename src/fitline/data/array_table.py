"""A table of numbers in memory, which training reads without the engine."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from fitline.optimize.exact_sums import BLOCK
from fitline.reading import Reading
from fitline.vector import Vector

from .arrays import Arrays
from .cells import Numbers
from .dataframes import Frame
from .engine import Engine, Progress
from .parts import Care
from .table import Table
from .table_rows import Take
from .terms import ColumnTerm

WEIGHT = "sample_weight"
"""What the weights of rows in memory are called."""

MOST_THREADS = 8
"""Each one takes memory for the digits of a block."""


@dataclass(eq=False, kw_only=True)
class ArrayTable(Table):
    """A table whose rows are in memory; what else is asked of it, the engine answers.

    `x` has the shape (rows, features), `y` and the `weights` have the shape (rows,). All numbers
    are finite, and no weight is below 0. `parallel` is entered while several threads add rows, so
    that BLAS may be kept from having threads of its own, which would wait for each other.
    """

    parallel: Callable[[], AbstractContextManager[Any]] = nullcontext
    x: Vector = field(repr=False)
    y: Vector = field(repr=False)
    weights: Vector | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls, x: Vector, y: Vector, weights: Vector | None, names: Sequence[str], **more: Any
    ) -> Self:
        """Take columns by their names, those of the features and then that of y.

        `more` are other fields of the table, such as its source.
        """
        engine, features = Engine(), x.shape[1]
        others = [y] if weights is None else [y, weights]
        columns = (*names, *([] if weights is None else [WEIGHT]))

        def column(place: int) -> Vector:
            return x[:, place] if place < features else others[place - features]

        table = cls(
            engine=engine,
            parts=[Arrays(engine, Frame(columns, column), Numbers(), ())],
            **more,
            terms=[ColumnTerm(name, name) for name in names],
            reading=Reading(),
            features=features,
            x=x,
            y=y,
            weights=weights,
        )
        table.weight = None if weights is None else ColumnTerm(WEIGHT, WEIGHT)
        return table

    def each_block(self, care: Care, take: Take, progress: Progress | None = None) -> None:
        """Hand on the rows as they are; what is wrong with one, the engine says."""
        if care == "careful":
            super().each_block(care, take, progress)
            return
        blocks = range(0, len(self.y), BLOCK)
        threads = min(os.cpu_count() or 1, MOST_THREADS, len(blocks))
        if threads <= 1:
            self._hand_on(blocks, take)
            return
        with self.parallel(), ThreadPoolExecutor(threads) as pool:
            shares = [blocks[nth::threads] for nth in range(threads)]
            for done in [pool.submit(self._hand_on, share, take) for share in shares]:
                done.result()

    def _hand_on(self, blocks: Sequence[int], take: Take) -> None:
        """Hand on the blocks that begin at these rows."""
        for first in blocks:
            block = self._columns(slice(first, first + BLOCK))
            take(block, np.ones(block.shape[1], dtype=bool))

    def _used_rows(self, progress: Progress | None) -> Vector:
        rows = self._columns(slice(None))
        return rows if self.weights is None else np.compress(self.weights > 0, rows, axis=1)

    def _columns(self, some: slice) -> Vector:
        """Give some of the rows, in the shape (columns, rows)."""
        columns = [*self.x[some].T, self.y[some]]
        return np.stack(columns if self.weights is None else [*columns, self.weights[some]])
