"""A table of rows (x1, …, y): its head, its moments, its bad rows."""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from fitline import memory
from fitline.errors import DataError
from fitline.formatting import count, labelled, number
from fitline.optimize.exact_sums import ExactSums
from fitline.optimize.moments import LARGEST, SMALLEST, Fold, HeldOut, Moments
from fitline.reading import Reading
from fitline.vector import Vector

from .accounting import RowsRead, account
from .cells import Dates, Parsing, Values, values_sql
from .columns import place_of, typed_as
from .delimited import Delimited
from .division import Folds, Holdout
from .engine import Engine, EngineError, Progress
from .engine_errors import explained
from .parts import Care, Part, Wanted, WantedColumn
from .sniffing import File
from .terms import (
    ColumnTerm,
    FormulaTerm,
    Inputs,
    Levels,
    LevelTerm,
    Term,
    level_note,
    level_terms,
)

BYTES_A_NUMBER = 32
"""A number as it is, in the coordinates that train, and as much again to work with."""

DAYS = "days since 1970-01-01"


class BadRowError(Exception):
    """A row that cannot be used, met where none is expected."""


@dataclass(eq=False)
class Table:
    """A table to read, until it is closed; nothing is read before it is asked for.

    `terms` must have values in every row: the features, so many as there are, and then y unless
    the table is to be predicted from. `values` tells how columns are read that hold no plain
    numbers, by what was typed for them; the levels of text are those in the rows that are used,
    where the table `finds_levels` by itself. `notes` say what was found out about the `files`; a
    reading raises DataError where one of these has changed. `skipped` counts the rows left out by
    the last pass over the table, and `missing` those of them in which a value is missing and
    nothing else is wrong. What its `division` holds out is no part of what is read.
    """

    engine: Engine = field(repr=False)
    parts: Sequence[Part]
    source: str
    terms: Sequence[Term]
    reading: Reading
    features: int = 1
    values: Mapping[str, Values] = field(default_factory=dict)
    rejects: str | Path | None = None
    files: Sequence[File] = field(default=(), repr=False)
    notes: Sequence[str] = ()
    finds_levels: bool = False
    skipped: int = field(default=0, init=False)
    missing: int = field(default=0, init=False)
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
    def inputs(self) -> Inputs | None:
        """Tell what the features are made of, where these are not just columns."""
        terms, columns = self.terms[: self.features], self.parts[0].columns

        def name(typed: str) -> str:
            place = place_of(columns, typed)
            return typed if place is None else typed_as(columns, place)

        if all(isinstance(term, ColumnTerm) and name(term.typed) == term.name for term in terms):
            return None

        needed = dict.fromkeys(name(source) for term in terms for source in term.sources)
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
                typed: columns[place]
                for typed in needed
                if (place := place_of(columns, typed)) is not None and columns[place] != typed
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
        query = self._good("head")
        if not self.holds_out:
            return self.fetch(f"{query} limit {rows}")
        wanted = 2 * rows
        while True:
            found = self.fetch(f"{query} limit {wanted}")
            rows_found = np.array(found).reshape(-1, len(self.terms)).T
            parts = self._parts_of(rows_found)
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
            return self._moments(progress, intercept=intercept)

    def explained(self) -> AbstractContextManager[None]:
        """Say in plain words what is wrong with the files, whatever the engine says."""
        return explained(self.source, self.files, self.parts)

    @contextmanager
    def arithmetic(self) -> Iterator[None]:
        """Say so where the numbers cannot be computed with."""
        try:
            yield
        except ArithmeticError as error:
            raise DataError(
                "the numbers are too large or too small to be squared",
                file=self.source,
                hint=f"write them in units in which they differ by {SMALLEST:g} to {LARGEST:g}",
            ) from error

    def _parts_of(self, columns: Vector) -> NDArray[np.intp]:
        """Tell in which part of the table rows are, by a hash of the columns, or of all formulas.

        Formulas do not matter beside columns: x with its powers is divided as x alone.
        """
        if self.division is None:
            return np.zeros(columns.shape[1], dtype=np.intp)
        every, y = range(self.features), range(self.features, len(self.terms))
        alone = [place for place in every if not isinstance(self.terms[place], FormulaTerm)]
        return self.division.of(columns[[*(alone or every), *y]])

    def rows(self, moments: Moments, progress: Progress | None = None) -> tuple[Any, Any]:
        """Read all the rows behind these moments into memory: x (features, rows) and y (rows,).

        Raises DataError where they do not fit.
        """
        if told := memory.shortage(BYTES_A_NUMBER * len(self.terms) * moments.rows):
            raise DataError(
                f"its {moments.rows:,} rows {told}",
                file=self.source,
                hint="what needs every row keeps it in memory; --cost squared without --batch-size"
                " reads tables of any size",
            )
        return self._arrays(self.good_rows(), progress)

    def held_out_rows(self, progress: Progress | None = None) -> tuple[Any, Any]:
        """Read the rows that are held out, as `rows` does the others."""
        return self._arrays(self.good_rows(), progress, held_out=True)

    def sample(self, moments: Moments, rows: int, seed: int) -> tuple[Any, Any]:
        """Read so many of the rows, drawn at random but in their order, or all, as `rows` does.

        Where rows are held out, hardly more or fewer are drawn.
        """
        if moments.rows <= rows:
            return self._arrays(self.good_rows())
        there = moments.rows + (moments.held_out.moments.rows if moments.held_out else 0)
        draw = random.Random(seed)  # noqa: S311 - a sample is no secret
        places = draw.sample(range(there), round(rows * there / moments.rows))
        drawn = ", ".join(f"({place})" for place in places)
        numbered = f"select *, row_number() over () - 1 as place from ({self.good_rows()})"
        return self._arrays(
            f"select {self._listed} from ({numbered}) join (values {drawn}) as drawn(place)"
            " using (place) order by place"
        )

    def _arrays(
        self, query: str, progress: Progress | None = None, *, held_out: bool = False
    ) -> tuple[Any, Any]:
        try:
            with self.explained():
                columns = self.engine.arrays(query, progress)
        except MemoryError as error:
            raise DataError("its rows do not fit into memory", file=self.source) from error
        *x, y = (columns[name] for name in self.names)
        if not self.holds_out:
            return np.array(x), y
        rows = np.array([*x, y])
        rows = rows[:, self._parts_of(rows) == held_out]
        return rows[:-1], rows[-1]

    def good_rows(self) -> str:
        """Give the query of the rows that can be used, in their order."""
        return self._good("careful" if self.skipped else "swift")

    def _good(self, care: Care) -> str:
        return (
            f"select {self._listed} from ({self._rows(care)})"
            f" where {' + '.join(self.names)} is not null"
        )

    def _moments(self, progress: Progress | None, *, intercept: bool) -> Moments:
        parts, read, care = self._sums(progress)
        whole = ExactSums.total(parts) if len(parts) > 1 else parts[0]
        sums = parts[0] if self.holds_out else whole
        account(self, read, care)
        if self.finds_levels and whole.rows and self._has_other_levels(whole):
            return self._moments(progress, intercept=intercept)
        good = sums.rows
        if good < 2:  # noqa: PLR2004 - two points make a line
            skipped = f" ({count(self.skipped, 'row')} skipped)" if self.skipped else ""
            others = f" ({count(parts[1].rows, 'row')} held out)" if self.holds_out else ""
            raise DataError(
                f"{count(good, 'row')} cannot tell a line; it takes two or more{skipped}{others}",
                file=self.source,
            )
        if not all(part.rows for part in parts):
            what = "none is held out" if self.holds_out else "some folds hold none"
            change = "hold out a larger part" if self.holds_out else "make fewer folds"
            raise DataError(
                f"of its {count(whole.rows, 'row')} {what}",
                file=self.source,
                hint=f"{change}, or choose another --seed",
            )
        value = float(sums.low[0])
        if self.features == 1 and value == sums.high[0] and (intercept or not value):
            as_read = " as a float64" if abs(value) >= FLOAT_INTEGERS else ""
            raise DataError(
                f"{self.columns[0]} is {number(value)}{as_read} in all {good:,} rows, so no slope"
                " is better than another",
                file=self.source,
            )
        moments = Moments.of(sums, intercept=intercept)
        if self.holds_out:
            other, all_rows = (Moments.of(one, intercept=intercept) for one in (parts[1], whole))
            moments = replace(moments, held_out=HeldOut(other, all_rows.fingerprint))
        elif len(parts) > 1:
            moments = replace(moments, folds=[*_folds(parts, intercept=intercept)])
        told = [level_note(typed, texts) for typed, texts in self.levels.items()]
        self.notes = [
            *self.notes,
            *(told if self.finds_levels else []),
            *_coarse(self.columns, moments),
        ]
        return moments

    def _has_other_levels(self, sums: ExactSums) -> bool:
        """Take the levels as they occur in the rows that are used, if that makes others of them.

        Some may occur in none of these rows, and another one may be the most frequent.
        """
        used = dict(zip(self.terms, sums.counts(), strict=True))
        for typed, levels in self.levels.items():
            own = [term for term in used if isinstance(term, LevelTerm) and term.typed == typed]
            counts = {text: used[term] for text, term in zip(levels[1:], own, strict=True)}
            counts[levels[0]] = sums.rows - sum(counts.values())
            seen = Levels.of(counts, self.source, typed)
            if seen.texts != levels:
                first = self.terms.index(own[0])
                after = self.terms[first + len(own) :]
                between = level_terms(own[0].column, typed, seen)
                self.terms = [*self.terms[:first], *between, *after]
                self.values = {**self.values, typed: seen}
                self.features += len(seen.texts) - len(levels)
                return True
        return False

    def _sums(self, progress: Progress | None) -> tuple[Sequence[ExactSums], RowsRead, Care]:
        """Sum the table swiftly; where that meets a bad row, once more with care.

        There are sums for each part of a table that is divided. A large file is surveyed while it
        is read.
        """
        swift: Care = "swift"
        survey = None
        if not all(part.is_surveyed for part in self._delimited):
            survey, swift = self.engine.beside(self._survey), "eager"
        found = None
        with suppress(EngineError, BadRowError, FloatingPointError):  # said by the careful reading
            found = self._summed(swift, progress)
        if survey and not survey.result() and found:  # what was read eagerly says something else
            return self._sums(progress)
        if found:
            return *found, "swift"
        with self.explained():
            return *self._summed("careful", progress), "careful"

    def _survey(self) -> bool:
        """Look at every byte, and tell whether the engine may read numbers by itself.

        Raises DataError where a line is too long.
        """
        for part in self._delimited:
            part.refuse_long_lines()
        return all(part.is_swift for part in self._delimited if part.parsing.is_swift)

    @property
    def _delimited(self) -> list[Delimited]:
        return [part for part in self.parts if isinstance(part, Delimited)]

    def _summed(
        self, care: Care, progress: Progress | None
    ) -> tuple[Sequence[ExactSums], RowsRead]:
        sums = [
            ExactSums(len(self.columns))
            for _ in range(self.division.count if self.division else 1)
        ]
        bad = missing = 0

        def add(columns: Vector, filled: NDArray[np.bool_]) -> None:
            nonlocal bad, missing
            if not filled.all():
                if care != "careful":
                    raise BadRowError
                bad += int((~filled).sum())
                missing += int(columns[-1, ~filled].sum())
                columns = columns[:, filled]
            columns = columns[: len(self.columns)]
            if not self.division:
                sums[0].add(columns)
                return
            parts = self._parts_of(columns)
            for nth, own in enumerate(sums):
                own.add(columns[:, parts == nth])

        told = ", cast(is_missing as double)" if care == "careful" else ""
        query = f"select {self._listed}{told} from ({self._rows(care)})"
        self.engine.each_batch(query, add, progress)
        return sums, RowsRead(sum(own.rows for own in sums), bad, missing)

    def fetch(self, query: str, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        """Run a query over the table."""
        with self.explained():
            return self.engine.fetch(query, progress)

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Run a query over the table, and give its rows one by one."""
        with self.explained():
            yield from self.engine.stream(query)

    def _rows(self, care: Care = "careful") -> str:
        """Give the query of the columns, NULL where a cell holds none; with care, of `is_missing`.

        Read swiftly, cells that are numbers already are taken as they are.
        """
        return " union all ".join(self._rows_of(part, care) for part in self.parts)

    def _rows_of(self, part: Part, care: Care) -> str:
        places, parsings = self._sources(part)
        is_swift, told = care in {"swift", "eager"}, ["is_missing"] if care == "careful" else []
        if is_swift and not all(parsing.is_swift for parsing in parsings):
            care = "strict"
        rows = part.select(places, care)
        cells = [f"column_{nth}" for nth in range(len(places))]
        are_text = [part.is_text(place, care) for place in places]
        if is_swift and care != "strict" and not any(are_text):
            values = [f"cast({cell} as double)" for cell in cells]
        else:
            rows = values_sql(rows, list(zip(cells, parsings, are_text, strict=True)))
            values = [f"value_{nth}" for nth in range(len(places))]
        found = dict(zip(places, values, strict=True))
        computed = [term.sql(part.columns, found) for term in self.terms]
        named = [f"{value} as {name}" for value, name in zip(computed, self.names, strict=True)]
        return f"select {', '.join([*named, *told])} from ({rows})"

    @property
    def names(self) -> list[str]:
        """Give the names of the columns in queries: x, x2, x3 and so on, and y."""
        names = ["x", *(f"x{nth}" for nth in range(2, self.features + 1)), "y"]
        return names[: len(self.terms)]

    @property
    def _listed(self) -> str:
        return ", ".join(self.names)

    def wanted(self, part: Part) -> Wanted:
        """Tell which columns of a part must hold values, and which formulas of these."""
        columns = [
            WantedColumn(place, part.columns[place], parsing)
            for place, parsing in zip(*self._sources(part), strict=True)
        ]
        formulas = [term for term in self.terms if isinstance(term, FormulaTerm)]
        return Wanted(columns, [term.formula(part.columns, part.name) for term in formulas])

    def _sources(self, part: Part) -> tuple[list[int], list[Parsing]]:
        """Give the places in a part of the columns that are needed, and how these are read."""
        found: dict[int, Parsing] = {}
        for typed in (source for term in self.terms for source in term.sources):
            values = self.values.get(typed, part.parsing.values)
            parsing = replace(part.parsing, values=values)
            found.setdefault(place_of(part.columns, typed) or 0, parsing)
        return list(found), list(found.values())


def _folds(parts: Sequence[ExactSums], *, intercept: bool) -> Iterator[Fold]:
    """Give the moments of each part and of all others."""
    for nth, own in enumerate(parts):
        others = ExactSums.total([*parts[:nth], *parts[nth + 1 :]])
        training, test = (Moments.of(one, intercept=intercept) for one in (others, own))
        yield Fold(training, test)


def _coarse(columns: Sequence[str], moments: Moments) -> Iterator[str]:
    """Say so where the numbers of a column differ by hardly more than a float64 can tell.

    Whole numbers up to 2⁵³ are told apart, all of them.
    """
    sizes = [*np.maximum(abs(moments.x_min), abs(moments.x_max)).tolist(), abs(moments.y_mean)]
    deviations = [*moments.x_deviation.tolist(), moments.y_deviation]
    for name, size, deviation in zip(columns, sizes, deviations, strict=True):
        step = math.ulp(size)
        is_whole = size.is_integer() and step <= 1
        if step > COARSE * deviation > 0 and not is_whole:
            yield (
                f"near {number(size)}, where {name} lies, a float64 holds multiples of"
                f" {number(step)} only; take a constant away from {name} first to keep its digits"
            )


FLOAT_INTEGERS = 2.0**53
"""From here on a float64 no longer holds every whole number."""

COARSE = 1e-6
"""A step from one float64 to the next tells on a line when it is this part of the deviation."""
