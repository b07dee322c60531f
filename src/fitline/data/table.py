"""A table of rows (x1, …, y): what its columns are, and its moments."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from fitline.errors import DataError
from fitline.formatting import labelled
from fitline.optimize.moments import LARGEST, SMALLEST, Moments
from fitline.reading import Reading

from .columns import place_of, typed_as
from .dates import Dates
from .delimited import Delimited
from .division import Folds, Holdout
from .engine import Progress
from .formulas import FormulaText
from .one_notation import read_as
from .summing import read_moments
from .table_rows import TableRows
from .terms import ColumnTerm, FormulaTerm, Inputs, Levels, Term

DAYS = "days since 1970-01-01"


@dataclass(eq=False, kw_only=True)
class Table(TableRows):
    """A table to read, until it is closed; nothing is read before it is asked for.

    The levels of text are those in the rows that are used, where the table `finds_levels` by
    itself. A table that `is_to_fit` has rows that tell a line. `notes` say what was found out
    about the `files`; a reading raises DataError where one of these has changed. Of the weights
    may be said whether they `are_counts`. Bad rows are listed in `rejects`, below those of the
    table `listed_before`.
    `skipped` counts the rows left out by the last pass over the table, and `missing` those of them
    in which a value is missing and nothing else is wrong; rows of weight 0 are `weightless`.
    """

    reading: Reading
    rejects: str | Path | None = None
    notes: Sequence[str] = ()
    finds_levels: bool = False
    is_to_fit: bool = True
    are_counts: bool | None = field(default=None, init=False)
    listed_before: "Table | None" = field(default=None, init=False, repr=False)
    skipped: int = field(default=0, init=False)
    missing: int = field(default=0, init=False)
    weightless: int = field(default=0, init=False)

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


def _is_below_0(table: Table, _: Progress | None) -> bool:
    return bool(table.fetch(f"select 1 from ({table.good_rows()}) where y < 0 limit 1"))
