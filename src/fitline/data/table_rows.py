"""The rows of a table: its first ones, all that are used, a sample; in memory or in blocks."""

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitline import memory
from fitline.errors import DataError
from fitline.formatting import count
from fitline.optimize.moments import Moments
from fitline.optimize.rows import Rows
from fitline.vector import Vector

from .columns import place_of
from .delimited import Delimited
from .division import Folds, Holdout
from .engine import Progress
from .engine_errors import explained
from .parts import Care
from .spread_table import SpreadTable
from .table_file import File
from .terms import ColumnTerm, FormulaTerm

BYTES_A_NUMBER = 32
"""A number as it is, in the coordinates that train, and as much again to work with."""

MOST_REPEATED, OFTEN = 1 << 22, 4
"""Rows that are counted are repeated up to so many, or so often on the average."""

SMALL_BYTES = 1 << 13
"""A table of so many bytes is small beside the engine itself."""

Take = Callable[[Vector, NDArray[np.bool_]], None]
"""What takes a block, of the shape (columns, rows), and tells which of its rows are filled."""


@dataclass(eq=False, kw_only=True)
class TableRows(SpreadTable):
    """What reads the rows (x1, …, y) of a table.

    A reading raises DataError where one of the `files` has changed. What the `division` holds out
    is no part of what is read. Which of the rows in use are in which piece, the first reading of
    the table found out.
    """

    files: Sequence[File] = field(default=(), repr=False)
    division: Holdout | Folds | None = field(default=None, init=False)
    rows_of_pieces: Mapping[str, range] = field(default_factory=dict, init=False, repr=False)

    @property
    def holds_out(self) -> bool:
        """Tell whether there are rows that are not to be trained on."""
        return isinstance(self.division, Holdout)

    def head(self, rows: int) -> list[tuple[float, ...]]:
        """Read the first rows (x1, …, y), bad ones left out."""
        return [row[:-1] for row in self.weighted_head(rows)]

    def weighted_head(self, rows: int) -> list[tuple[float, ...]]:
        """Do the same, and give the weight of each row after y."""
        if self.cluster is None:
            return self._head(rows)
        if len(found := self.here._head(rows)) == rows:  # noqa: SLF001 - of the same class
            return found
        return [*chain.from_iterable(self.over(TableRows._head, rows))][:rows]

    def _head(self, rows: int, _: Progress | None = None) -> list[tuple[float, ...]]:
        if (plain := self._plain_rows()) is not None:
            return [(*row, 1.0) for row in self._part_of(plain)[:, :rows].T.tolist()]
        query = self._good(self.care if self._is_small else "head", self._listed_with_weight)
        if not self.holds_out:
            return self.fetch(f"{query} limit {rows}")
        wanted = 2 * rows
        while True:
            found = self.fetch(f"{query} limit {wanted}")
            rows_found = np.array(found).reshape(-1, len(self.terms) + 1).T
            parts = self.parts_of(rows_found[:-1])
            seen = [row for row, part in zip(found, parts, strict=True) if not part]
            if len(seen) >= rows or len(found) < wanted:
                return seen[:rows]
            wanted *= 2

    def parts_of(self, columns: Vector) -> NDArray[np.intp]:
        """Tell in which part of the table rows are, by a hash of the columns, or of all formulas.

        Formulas do not matter beside columns: x with its powers is divided as x alone.
        """
        if self.division is None:
            return np.zeros(columns.shape[1], dtype=np.intp)
        every, y = range(self.features), range(self.features, len(self.terms))
        alone = [place for place in every if not isinstance(self.terms[place], FormulaTerm)]
        return self.division.of(columns[[*(alone or every), *y]])

    def rows(
        self, moments: Moments, progress: Progress | None = None, *, held_out: bool | None = False
    ) -> Rows:
        """Read all the rows behind these moments into memory, each as often as it counts.

        They are those trained on, or those `held_out`, or with None both, in the table's order.
        Raises DataError where they do not fit, or where a few are counted very often.
        """
        columns = len(self.names_with_weight)
        if told := memory.shortage(BYTES_A_NUMBER * columns * moments.observations):
            raise self._too_many(moments, told)
        if moments.observations > max(MOST_REPEATED, OFTEN * moments.rows):
            raise DataError(
                f"its {count(moments.rows, 'row')}, {moments.observations:,} as"
                f" {self.weight.name if self.weight else ''} counts them, would be held in memory"
                " as often as that",
                file=self.source,
                hint="hold each once, for the same minimum: --weights-are precisions",
            )
        rows = self._part_of(self._used_rows(progress), held_out=held_out)
        if self.weight is None:
            return Rows(rows[:-1], rows[-1])
        return Rows.of(rows, are_counts=moments.are_counts)

    def _used_rows(self, progress: Progress | None) -> Vector:
        """Give all rows that are used, with their weights if they have some."""
        return _side_by_side(self.over(TableRows._own_rows, progress=progress))

    def _own_rows(self, progress: Progress | None) -> Vector:
        if (plain := self._plain_rows()) is not None:
            return plain
        return self.arrays(self.weighted_rows() if self.weight else self.good_rows(), progress)

    def _part_of(self, rows: Vector, *, held_out: bool | None = False) -> Vector:
        """Choose those of the rows that are trained on, or those held out, or with None both."""
        if not self.holds_out or held_out is None:
            return rows
        return rows[:, self.parts_of(rows[: len(self.terms)]) == held_out]

    def _too_many(self, moments: Moments, told: str) -> DataError:
        """Say that rows do not fit into memory, and what would."""
        rows = f"{moments.rows:,} rows"
        hint = "what needs every row keeps it in memory"
        if self.weight and moments.observations > moments.rows:
            rows += f", {moments.observations:,} as {self.weight.name} counts them,"
            hint += ", but once with --weights-are precisions"
        hint += "; --cost squared without --batch-size reads tables of any size"
        return DataError(f"its {rows} {told}", file=self.source, hint=hint)

    def sample(self, moments: Moments, rows: int, seed: int) -> tuple[Any, Any]:
        """Read so many of the rows, drawn at random but in their order, or all, as `rows` does.

        Where rows are held out, hardly more or fewer are drawn.
        """
        x, y, _ = self.weighted_sample(moments, rows, seed)
        return x, y

    def weighted_sample(self, moments: Moments, rows: int, seed: int) -> tuple[Any, Any, Any]:
        """Do the same, and give the weights too, of the shape (rows,)."""
        found = self.over(TableRows._drawn, self._places(moments, rows, seed), self.rows_of_pieces)
        drawn = self._part_of(_side_by_side(found))
        return drawn[:-2], drawn[-2], drawn[-1]

    def _places(self, moments: Moments, rows: int, seed: int) -> list[int] | None:
        """Draw the places of so many rows among all, or give None where all are to be taken."""
        if moments.rows <= rows:
            return None
        there = moments.rows + (moments.held_out.moments.rows if moments.held_out else 0)
        draw = random.Random(seed)  # noqa: S311 - a sample is no secret
        return sorted(draw.sample(range(there), round(rows * there / moments.rows)))

    def _drawn(
        self, places: list[int] | None, rows: Mapping[str, range], _: Progress | None
    ) -> Vector:
        """Give the rows at these places of the whole table, with their weights."""
        if places is None:
            return self.arrays(self.weighted_rows())
        own = rows[self.piece]
        some = places[bisect_left(places, own.start) : bisect_left(places, own.stop)]
        drawn = ", ".join(f"({place - own.start})" for place in some)
        numbered = f"select *, row_number() over () - 1 as place from ({self.weighted_rows()})"
        return self.arrays(
            f"select {self.listed}, w from ({numbered}) join (values {drawn or '(-1)'})"
            " as drawn(place) using (place) order by place"
        )

    def arrays(self, query: str, progress: Progress | None = None) -> Vector:
        """Give the columns of a query that begins with x1, …, y, in the shape (columns, rows)."""
        self.require_here()
        try:
            with self.explained():
                columns = self.engine.arrays(query, progress)
        except MemoryError as error:
            raise DataError("its rows do not fit into memory", file=self.source) from error
        return np.array([*columns.values()])

    def each_block(self, care: Care, take: Take, progress: Progress | None = None) -> None:
        """Read the columns of all rows, with care `is_missing` too, and hand these on in blocks.

        Several threads may do so at a time.
        """
        plain = self._plain_rows() if care in {"swift", "eager"} else None
        if plain is not None:
            take(plain, np.ones(plain.shape[1], dtype=bool))
            return
        told = ", cast(is_missing as double)" if care == "careful" else ""
        query = f"select {', '.join(self.all_names)}{told} from ({self.rows_sql(care)})"
        self.each_batch(query, take, progress)

    def _plain_rows(self) -> Vector | None:
        """Give the columns of all rows where they are read without the engine, else None."""
        part, *others = self.parts
        is_odd = others or self.values or self.weight or self.group or self.grouping
        places = [
            place_of(part.columns, one.typed) for one in self.terms if isinstance(one, ColumnTerm)
        ]
        if is_odd or len(places) < len(self.terms) or not isinstance(part, Delimited):
            return None
        with self.explained():
            return part.plain_numbers([place for place in places if place is not None])

    def each_batch(self, query: str, take: Take, progress: Progress | None = None) -> None:
        """Run a query over the table, and hand on its rows as the engine gives them."""
        self.require_here()
        self.engine.each_batch(query, take, progress, at_once=self._is_small)

    @property
    def _is_small(self) -> bool:
        return sum(part.size for part in self.parts) <= SMALL_BYTES

    def fetch(self, query: str, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        """Run a query over the table."""
        self.require_here()
        with self.explained():
            return self.engine.fetch(query, progress)

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Run a query over the table, and give its rows one by one."""
        self.require_here()
        with self.explained():
            yield from self.engine.stream(query)

    def explained(self) -> AbstractContextManager[None]:
        """Say in plain words what is wrong with the files, whatever the engine says."""
        return explained(self.source, self.files, self.parts)


def _side_by_side(blocks: Sequence[Vector]) -> Vector:
    """Put rows behind one another, in the shape (columns, rows)."""
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
