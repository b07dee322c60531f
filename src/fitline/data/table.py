"""A table of rows (x1, …, y): its head, its moments, its bad rows."""

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from fitline import memory
from fitline.errors import DataError
from fitline.formatting import count, labelled
from fitline.optimize.moments import LARGEST, SMALLEST, Moments
from fitline.optimize.rows import Rows
from fitline.reading import Reading
from fitline.vector import Vector

from .columns import place_of, typed_as
from .dates import Dates
from .delimited import Delimited
from .division import Folds, Holdout
from .engine import Progress
from .engine_errors import explained
from .formulas import FormulaText
from .one_notation import read_as
from .parts import Care
from .spread_table import SpreadTable
from .summing import read_moments
from .table_file import File
from .terms import (
    ColumnTerm,
    FormulaTerm,
    Inputs,
    Levels,
    Term,
)

BYTES_A_NUMBER = 32
"""A number as it is, in the coordinates that train, and as much again to work with."""

MOST_REPEATED, OFTEN = 1 << 22, 4
"""Rows that are counted are repeated up to so many, or so often on the average."""

SMALL_BYTES = 1 << 13
"""A table of so many bytes is small beside the engine itself."""

Take = Callable[[Vector, NDArray[np.bool_]], None]
"""What takes a block, of the shape (columns, rows), and tells which of its rows are filled."""

DAYS = "days since 1970-01-01"


@dataclass(eq=False, kw_only=True)
class Table(SpreadTable):
    """A table to read, until it is closed; nothing is read before it is asked for.

    The levels of text are those in the rows that are used, where the table `finds_levels` by
    itself. A table that `is_to_fit` has rows that tell a line. `notes` say what was found out
    about the `files`; a reading raises DataError where one of these has changed. Of the weights
    may be said whether they `are_counts`. Bad rows are listed in `rejects`, below those of the
    table `listed_before`.
    `skipped` counts the rows left out by the last pass over the table, and `missing` those of them
    in which a value is missing and nothing else is wrong; rows of weight 0 are `weightless`. What
    its `division` holds out is no part of what is read. Which of the rows in use are in which
    piece, the first reading found out.
    """

    reading: Reading
    rejects: str | Path | None = None
    files: Sequence[File] = field(default=(), repr=False)
    notes: Sequence[str] = ()
    finds_levels: bool = False
    is_to_fit: bool = True
    are_counts: bool | None = field(default=None, init=False)
    rows_of_pieces: Mapping[str, range] = field(default_factory=dict, init=False, repr=False)
    listed_before: "Table | None" = field(default=None, init=False, repr=False)
    skipped: int = field(default=0, init=False)
    missing: int = field(default=0, init=False)
    weightless: int = field(default=0, init=False)
    division: Holdout | Folds | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.__exit__()

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the features and of y."""
        return tuple(term.name for term in self.terms)

    @property
    def typed(self) -> tuple[str, ...]:
        """Give what was typed for them, each once."""
        return tuple(dict.fromkeys(term.typed for term in self.terms))

    @property
    def levels(self) -> Mapping[str, tuple[str, ...]]:
        """Give the levels of columns of text, the base first, by what was typed for these."""
        values = self.values.items()
        return {typed: own.texts for typed, own in values if isinstance(own, Levels)}

    @property
    def may_change_features(self) -> bool:
        """Tell whether a reading may find other levels, and so other features, than there are."""
        return self.finds_levels and bool(self.levels)

    @property
    def delimited(self) -> list[Delimited]:
        """Give the parts that are delimited text."""
        return [part for part in self.parts if isinstance(part, Delimited)]

    @property
    def read_as(self) -> Reading:
        """Tell how cells are written: as options say, or as was found without a doubt."""
        return read_as(self.parts, self.reading)

    @property
    def inputs(self) -> Inputs | None:
        """Tell what the features are made of, where these are not just columns."""
        terms, columns = self.terms[: self.features], self.parts[0].columns

        def name(typed: str) -> str:
            place = place_of(columns, typed)
            return typed if place is None else typed_as(columns, place)

        if all(isinstance(term, ColumnTerm) and name(term.typed) == term.name for term in terms):
            return None

        needed = dict.fromkeys(name(source) for term in terms for source in term.sources)
        names = {columns[place_of(columns, typed) or 0] for typed in needed}
        return Inputs(
            tuple(
                dict.fromkeys(
                    str(term.name) if isinstance(term, FormulaTerm) else name(term.typed)
                    for term in terms
                )
            ),
            tuple(needed),
            {name(typed): texts for typed, texts in self.levels.items()},
            tuple(str(term.name) for term in terms if isinstance(term, FormulaTerm)),
            {
                typed: own
                for place, own in enumerate(columns)
                if own in names and (typed := typed_as(columns, place)) != own
            },
        )

    @property
    def y_is_formula(self) -> bool:
        """Tell whether a formula is predicted."""
        return any(isinstance(term, FormulaTerm) for term in self.terms[self.features :])

    @property
    def told(self) -> str:
        """Name the column of which y is a formula that can be undone; nothing where it is none."""
        *_, y = self.terms
        if not (self.y_is_formula and isinstance(y, FormulaTerm)):
            return ""
        first = self.parts[0].columns
        return first[place_of(first, y.sources[0]) or 0] if y.formula(first).is_invertible else ""

    @cached_property
    def told_for_sure(self) -> str:
        """Name the column `told` where each row has the value of it that y tells.

        An even power tells the size of what is raised, and so the value where that is never below
        0; the rows are read once more to see it.
        """
        *x, y = self.terms
        if self.told and isinstance(y, FormulaTerm):
            for base in y.formula(self.parts[0].columns).even_bases:
                below = self.with_terms([*x, replace(y, name=FormulaText(base))])
                if any(below.over(_is_below_0)):
                    return ""
        return self.told

    def with_terms(self, terms: Sequence[Term]) -> Self:
        """Take other terms, the features first, of the rows as they were read."""
        table = copy(self)
        table.terms = terms
        return table

    @property
    def units(self) -> Mapping[str, str]:
        """Give the units of columns that are no plain numbers."""
        dates = {typed for typed, values in self.values.items() if isinstance(values, Dates)}
        return {term.name: DAYS for term in self.terms if term.typed in dates}

    @property
    def labels(self) -> tuple[str, ...]:
        """Name the columns with their units."""
        return tuple(labelled(column, self.units) for column in self.columns)

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
        return [*chain.from_iterable(self.over(Table._head, rows))][:rows]

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

    def moments(
        self,
        progress: Progress | None = None,
        *,
        intercept: bool = True,
        division: Holdout | Folds | None = None,
    ) -> Moments:
        """Read the whole table once; the moments tell of its parts too, where it is divided.

        Raises DataError where a row is bad and not to be skipped, and where no line can be found.
        """
        self.division = division
        with self.arithmetic(), self.explained():
            return read_moments(self, progress, intercept=intercept)

    def for_workers(self) -> Self:
        """Give what workers must know of a table, and nothing of this machine."""
        own = super().for_workers()
        own.files, own.notes, own.rejects, own.listed_before = (), (), None, None
        own.rows_of_pieces = {}
        return own

    def explained(self) -> AbstractContextManager[None]:
        """Say in plain words what is wrong with the files, whatever the engine says."""
        return explained(self.source, self.files, self.parts)

    @contextmanager
    def arithmetic(self) -> Iterator[None]:
        """Say so where the numbers cannot be computed with."""
        try:
            yield
        except ArithmeticError as error:
            what = f"the numbers, or the weights in {self.weight.name}," if self.weight else None
            raise DataError(
                f"{what or 'the numbers'} are too large or too small to be squared",
                file=self.source,
                hint=f"write them in units in which they differ by {SMALLEST:g} to {LARGEST:g}",
            ) from error

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
        self, moments: Moments, progress: Progress | None = None, *, held_out: bool = False
    ) -> Rows:
        """Read all the rows behind these moments into memory, each as often as it counts.

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
        return _side_by_side(self.over(Table._own_rows, progress=progress))

    def _own_rows(self, progress: Progress | None) -> Vector:
        if (plain := self._plain_rows()) is not None:
            return plain
        return self.arrays(self.weighted_rows() if self.weight else self.good_rows(), progress)

    def _part_of(self, rows: Vector, *, held_out: bool = False) -> Vector:
        """Choose those of the rows that are trained on, or those held out."""
        if not self.holds_out:
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
        found = self.over(Table._drawn, self._places(moments, rows, seed), self.rows_of_pieces)
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

    def fetch(self, query: str, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        """Run a query over the table."""
        self.require_here()
        with self.explained():
            return self.engine.fetch(query, progress)

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

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Run a query over the table, and give its rows one by one."""
        self.require_here()
        with self.explained():
            yield from self.engine.stream(query)


def _is_below_0(table: Table, _: Progress | None) -> bool:
    return bool(table.fetch(f"select 1 from ({table.good_rows()}) where y < 0 limit 1"))


def _side_by_side(blocks: Sequence[Vector]) -> Vector:
    """Put rows behind one another, in the shape (columns, rows)."""
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
