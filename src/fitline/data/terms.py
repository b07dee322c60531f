"""What a model is made of: columns, levels of text, formulas; each is a number in every row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fitline.errors import DataError
from fitline.formatting import listed, quoted
from fitline.vector import Vector

from . import sql
from .cells import Values
from .columns import place_of, require, typed_as
from .formulas import ColumnText, FormulaText, is_formula, parse
from .sql import trimmed

if TYPE_CHECKING:
    from .formulas.tree import Formula

MOST_LEVELS = 100
"""A column of text with more levels than these is a label of its rows, and no feature."""


@dataclass(frozen=True)
class Inputs:
    """What features are made of, where these are not just columns.

    `typed` are columns and `formulas`, `columns` those that are needed, and `levels` those of
    columns of text, the base first. A column whose name others have too is called by its place;
    `places` tell which name stands there, and where the others stand.
    """

    typed: tuple[str, ...]
    columns: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    formulas: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    def require_names(self, file: str, columns: Sequence[str]) -> None:
        """Raise DataError where columns of one name do not stand where those of the model did."""
        by_place = [typed for typed in self.columns if typed not in columns]
        wanted = {self.places.get(typed) for typed in by_place}
        for typed, name in self.places.items():
            place = place_of(columns, typed)
            found = None if place is None else columns[place]
            if name in wanted and found not in {name, typed}:
                what = "missing" if found is None else quoted(found)
                raise DataError(
                    f"column {typed.removeprefix('@')} is {what}, and of the table that the model"
                    f" was trained on it is {quoted(name)}",
                    file=file,
                    column=found,
                    hint="choose columns of this table with --x, in the order of the model's",
                )

    @property
    def known(self) -> Mapping[str, Sequence[str]]:
        """Give the levels of each, none of what is no text."""
        return {
            FormulaText(typed) if typed in self.formulas else ColumnText(typed): self.levels.get(
                typed, ()
            )
            for typed in self.typed
        }

    def terms(self) -> "list[Term]":
        """Give the features.

        Raises DataError and ConfigError where they are not of these columns.
        """
        values = {typed: Levels(texts) for typed, texts in self.levels.items()}
        return [
            term for typed in self.known for term in terms_of("", self.columns, typed, "x", values)
        ]


class Term(Protocol):
    """A feature, or what is predicted."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def typed(self) -> str:
        """What was typed for it."""
        ...

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns that it is made of, as they would be typed."""
        ...

    def sql(self, columns: Sequence[str], cells: Mapping[int, str]) -> str:
        """Give its value as an expression of the engine, NULL where it has none.

        The cells are expressions of finite doubles or NULL, by their places in `columns`.
        """
        ...

    def of_arrays(self, columns: Sequence[str], cells: Mapping[int, Vector]) -> Vector:
        """Give its values in the shape (rows,), NaN where it has none."""
        ...


@dataclass(frozen=True)
class ColumnTerm:
    """A column of numbers, or of dates."""

    name: str
    typed: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Give the column itself."""
        return (self.typed,)

    def sql(self, columns: Sequence[str], cells: Mapping[int, str]) -> str:
        """Give its cell."""
        return cells[_place(columns, self.typed)]

    def of_arrays(self, columns: Sequence[str], cells: Mapping[int, Vector]) -> Vector:
        """Give its cells."""
        return cells[_place(columns, self.typed)]


@dataclass(frozen=True)
class Weights:
    """A column of weights, as it is typed, and whether they are counts, where that is said."""

    typed: str
    are_counts: bool | None = None


@dataclass(frozen=True)
class LevelTerm:
    """Whether a column of text is of a level: 1 if it is, else 0."""

    name: str
    column: str
    typed: str
    level: int

    @property
    def sources(self) -> tuple[str, ...]:
        """Give the column of text."""
        return (self.typed,)

    def sql(self, columns: Sequence[str], cells: Mapping[int, str]) -> str:
        """Compare the level, which is read as its place among the others."""
        return f"cast({cells[_place(columns, self.typed)]} = {self.level} as double)"

    def of_arrays(self, columns: Sequence[str], cells: Mapping[int, Vector]) -> Vector:
        """Compare the level."""
        places = cells[_place(columns, self.typed)]
        return np.where(np.isnan(places), np.nan, places == self.level)


@dataclass(frozen=True)
class FormulaTerm:
    """A formula of columns, called by its text, in which columns are named."""

    name: str
    typed: str
    flag: str
    sources: tuple[str, ...]

    def formula(self, columns: Sequence[str], file: str = "") -> "Formula":
        """Find its columns in a table. Raises DataError where one is not there."""
        return parse(file, columns, self.name, self.flag)

    def sql(self, columns: Sequence[str], cells: Mapping[int, str]) -> str:
        """Compute it."""
        return self.formula(columns).sql(cells)

    def of_arrays(self, columns: Sequence[str], cells: Mapping[int, Vector]) -> Vector:
        """Compute it. Raises DataError where the cells have values and it has none."""
        from .formulas.tree import NoValueError

        formula = self.formula(columns)
        values = formula.of_arrays(cells)
        used = [cells[place] for place in formula.places]
        lost = np.isnan(values) & ~np.any(np.isnan(used), axis=0)
        for row in np.flatnonzero(lost).tolist():
            try:
                formula.value({place: float(cells[place][row]) for place in formula.places})
            except NoValueError as error:
                raise DataError(str(error), None, row + 1, self.name, unit="row") from None
        return values


def identity(term: Term) -> tuple[str, int]:
    """Tell features of a table apart, whatever they are called: what was typed, and the level."""
    return term.typed, term.level if isinstance(term, LevelTerm) else 0


def told_apart(columns: Sequence[str], terms: "Sequence[Term]") -> "list[Term]":
    """Add its place to the name of a feature where another one has the same."""
    names = [term.name for term in terms]
    return [
        replace(term, name=f"{columns[place]} @{place + 1}{term.name[len(columns[place]) :]}")
        if names.count(term.name) > 1
        and isinstance(term, ColumnTerm | LevelTerm)
        and (place := place_of(columns, term.typed)) is not None
        else term
        for term in terms
    ]


def may_be_called(term: Term, name: str) -> bool:
    """Tell whether a feature has a name, or has it with the place that tells it from others."""
    column = term.column if isinstance(term, LevelTerm) else term.name
    level = term.name.removeprefix(column)
    told = rf"{re.escape(column)} @\d+{re.escape(level)}"
    return name == term.name or bool(re.fullmatch(told, name, re.DOTALL))


def terms_of(
    file: str, columns: Sequence[str], typed: str, flag: str, values: Mapping[str, Values]
) -> list[Term]:
    """Give the terms of what was typed: one, or of a column of text one for each other level.

    Raises DataError where a column is not there, and ConfigError where a formula is none.
    """
    if is_formula(columns, typed):
        places = parse(file, columns, typed, flag).places
        sources = tuple(typed_as(columns, place) for place in places)
        name = typed if isinstance(typed, FormulaText) else _named(columns, typed)
        return [FormulaTerm(FormulaText(name), typed, flag, sources)]
    require(file, columns, typed, flag)
    name, levels = columns[_place(columns, typed)], values.get(typed)
    if isinstance(levels, Levels):
        return [*level_terms(name, typed, levels)]
    return [ColumnTerm(name, typed)]


def level_terms(column: str, typed: str, levels: "Levels") -> "Iterator[LevelTerm]":
    """Give a feature for each level of a column but the base."""
    for place, text in enumerate(levels.texts[1:], start=1):
        yield LevelTerm(f"{column}={text}", column, typed, place)


def level_note(column: str, levels: Sequence[str]) -> str:
    """Say which levels there are, and what they are compared with."""
    base, *others = levels
    are = "is" if len(others) == 1 else "are"
    return f"{column} holds text: {listed(others)} {are} compared with {quoted(base)}"


def _named(columns: Sequence[str], formula: str) -> str:
    """Write the names of columns in place of their places, such as @3."""

    def name(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        typed = found[0] if found[0] in columns else typed_as(columns, int(found[1]) - 1)
        return "`" + typed.replace("`", "``") + "`" if typed in columns else typed

    return PLACE_OR_NAME.sub(name, formula)


PLACE_OR_NAME = re.compile(r"`(?:[^`]|``)*`|@([0-9]+)")


def _place(columns: Sequence[str], typed: str) -> int:
    place = place_of(columns, typed)
    if place is None:
        raise AssertionError(f"{typed} was not required")
    return place


@dataclass(frozen=True)
class Levels:
    """The levels of a column of text, each read as its place; the first one is the base.

    The `unused` occur in rows alone that are left out for another reason.
    """

    texts: tuple[str, ...]
    unused: tuple[str, ...] = ()

    @classmethod
    def of(cls, counts: Mapping[str, int], file: str, typed: str) -> "Levels":
        """Take the texts that occur, the most frequent one first and the others in order.

        Raises DataError where there is but one, or where they are too many.
        """
        found = {text: rows for text, rows in counts.items() if rows}
        told = ""
        if len(found) == 1:
            told = f"is {quoted(*found)} in all rows, so it tells nothing"
        elif len(found) > MOST_LEVELS:
            shown = listed(sorted(found)[:3])
            told = f"holds text of more than {MOST_LEVELS} levels, such as {shown}"
        if told:
            raise DataError(
                f"{quoted(typed)} {told}", file=file, column=typed, hint="leave it out of --x"
            )
        base = min(found, key=lambda text: (-found[text], text))
        return cls((base, *sorted(found.keys() - {base})), tuple(sorted(counts.keys() - found)))

    @property
    def _read(self) -> tuple[str, ...]:
        return self.texts + self.unused

    def read(self, text: str) -> float | None:
        """Give the place of a level.

        >>> Levels(("brick", "wood")).read("wood"), Levels(("brick", "wood")).read("straw")
        (1.0, None)
        """
        return float(self._read.index(text)) if text in self._read else None

    def sql(self, cell: str) -> str:
        """Give the same."""
        texts = ", ".join(map(sql.text, self._read))
        return f"cast(nullif(list_position([{texts}], {trimmed(cell)}), 0) - 1 as double)"

    @property
    def expected(self) -> str:
        """Name what would be right."""
        return f"one of the levels {listed(self.texts)}"
