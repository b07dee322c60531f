"""Groups of rows, told apart by a column."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fitline.errors import DataError
from fitline.formatting import listed, number, quoted
from fitline.vector import Vector

from . import engine
from .cells import ILLEGIBLE, Keys, Numbers, text_of
from .columns import place_of
from .engine import EngineError
from .formulas.tree import NoValueError
from .parts import Care, Part
from .sql import trimmed
from .terms import ColumnTerm, FormulaTerm, Levels, LevelTerm

MOST_GROUPS = 100_000
"""So many groups are told apart at the most."""

LOOK_ROWS = 100_000
"""So many rows are looked at first, for they mostly have all names."""


TABLE_BITS = 22
"""Keys are looked up in a table of at most so many bits of them."""


class NewNameError(Exception):
    """A name that none of the first rows has."""


@dataclass(frozen=True, eq=False)
class Grouping:
    """The groups of a column: their `names`, and the numbers that the engine gives these.

    A name has several `keys`, as it is written in several ways; `places` tell which name each of
    them belongs to. Some cells may hold none, or one that is not legible. What the first rows
    tell is not all, unless it `is_whole`.
    """

    term: ColumnTerm
    names: Sequence[str]
    keys: Vector
    places: NDArray[np.intp]
    has_missing: bool
    is_whole: bool

    @classmethod
    def of(cls, parts: Sequence[Part], term: ColumnTerm, *, is_whole: bool = False) -> "Grouping":
        """Read the first rows of a column, or all. Raises DataError where its names are too many.

        By these names all rows are told apart: each has a key of 53 bits.
        """
        found: dict[float, str] = {}
        has_missing = False
        for part in parts:
            parsing = replace(part.parsing, values=Keys())
            for cell, *keys in _cells(part, term.typed, is_whole=is_whole):
                if parsing.is_missing(cell) or ILLEGIBLE in cell:
                    has_missing = True
                    continue
                name = text_of(cell)
                if any(found.setdefault(key, name) != name for key in keys):
                    raise _refusal(part, term, f"two names in {term.name} cannot be told apart")
            if len(found) > 2 * MOST_GROUPS:
                many = f"{term.name} tells more than {MOST_GROUPS:,} groups apart"
                raise _refusal(part, term, many)
        names = sorted({*found.values()}, key=_order)
        of_names = {name: place for place, name in enumerate(names)}
        places = np.array([of_names[name] for name in found.values()], dtype=np.intp)
        return cls(term, names, np.array([*found]), places, has_missing, is_whole)

    def places_of(self, keys: Vector) -> NDArray[np.intp]:
        """Give the places of rows among the groups by the keys in them.

        Raises NewNameError where there is a key of no name, and DataError where all are known.
        """
        if not len(keys):
            return np.empty(0, dtype=np.intp)
        if self._table:
            shift, table = self._table
            found = table[keys.astype(np.int64) >> shift & len(table) - 1]
        else:
            order = np.argsort(self.keys)
            found = np.searchsorted(self.keys, keys, sorter=order)
            found = order[np.minimum(found, len(order) - 1)]
        if not len(self.keys) or (self.keys[found] != keys).any():
            if not self.is_whole:
                raise NewNameError
            raise DataError(
                f"{self.term.name} has other names than when they were read before",
                column=self.term.name,
                hint="read the table once more, when nobody writes it",
            )
        places: NDArray[np.intp] = self.places[found]
        return places

    @cached_property
    def _table(self) -> tuple[int, NDArray[np.intp]] | None:
        """Find bits of the keys that tell all of them apart, and put there which key it is."""
        whole = self.keys.astype(np.int64)
        for bits in range(8, TABLE_BITS + 1):
            for shift in range(0, 53 - bits, bits):
                part = whole >> shift & (1 << bits) - 1
                if len(np.unique(part)) == len(part):
                    table = np.zeros(1 << bits, dtype=np.intp)
                    table[part] = np.arange(len(part))
                    return shift, table
        return None


class GroupNames(Levels):
    """The names of groups that a model knows, each read as its place; they may be many.

    >>> GroupNames(("Harbour", "Old Town")).read("Old Town"), GroupNames(("Harbour",)).read("Sea")
    (1.0, None)
    """

    @cached_property
    def _places(self) -> dict[str, float]:
        return {name: float(place) for place, name in enumerate(self.texts)}

    def read(self, text: str) -> float | None:
        """Give the place of a name."""
        return self._places.get(text)

    def sql(self, cell: str) -> str:
        """Give the same; the engine looks up the values of an enumeration by their hashes."""
        names = ", ".join(map(engine.text, self.texts))
        return f"cast(enum_code(try_cast({trimmed(cell)} as enum({names}))) as double)"

    @property
    def expected(self) -> str:
        """Name what would be right."""
        return f"one of the groups {listed(self.texts)}"


@dataclass(frozen=True)
class LackingTerm:
    """A feature of which the models of some groups tell nothing, since no row of theirs had it.

    Of a level `lacking` has the places of these groups among all `names`, by the levels of its
    column, whose `texts` there are; else, under 0, those of groups in which the feature was 0 in
    all rows. In such rows it has no value.
    """

    term: "ColumnTerm | LevelTerm | FormulaTerm"
    group: ColumnTerm
    names: Sequence[str]
    lacking: Mapping[int, Collection[int]]
    texts: Sequence[str] = ()

    @property
    def name(self) -> str:
        """What the feature is called."""
        return self.term.name

    @property
    def typed(self) -> str:
        """What was typed for it."""
        return self.term.typed

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns that it is made of; the group is read beside them."""
        return self.term.sources

    def sql(self, columns: Sequence[str], cells: Mapping[int, str]) -> str:
        """Give its value, NULL where the group tells nothing of it."""
        value, place = (one.sql(columns, cells) for one in (self.term, self.group))
        are_levels = isinstance(self.term, LevelTerm)
        cell = cells[place_of(columns, self.typed) or 0] if are_levels else value
        tests = [
            f"{cell} {f'= {level}' if are_levels else '<> 0'}"
            f" and {place} in ({', '.join(map(str, groups))})"
            for level, groups in self.lacking.items()
        ]
        return f"case when {' or '.join(tests)} then null else {value} end"

    def of_arrays(self, columns: Sequence[str], cells: Mapping[int, Vector]) -> Vector:
        """Give its values; arrays are looked at by the models themselves."""
        return self.term.of_arrays(columns, cells)

    def formula(self, columns: Sequence[str], file: str = "") -> "LackingFormula":
        """Give what says of a row why it has no value."""
        return LackingFormula(self, columns, file)


def lacking_text(name: str, value: str, group: str) -> str:
    """Say why a model of a group does not predict a row."""
    return f"{name} is {value} in no row of the group {quoted(group)}, so its model tells nothing"


@dataclass(frozen=True)
class LackingFormula:
    """Such a feature, computed row by row."""

    term: LackingTerm
    columns: Sequence[str]
    file: str

    @property
    def text(self) -> str:
        """What it is called."""
        return self.term.name

    @property
    def places(self) -> tuple[int, ...]:
        """Where the columns stand that it is made of."""
        found = (place_of(self.columns, source) for source in self.term.sources)
        return tuple(place for place in found if place is not None)

    def value(self, cells: Mapping[int, float]) -> float:
        """Compute it. Raises NoValueError where the group tells nothing of it."""
        own, group = self.term, int(cells[place_of(self.columns, self.term.group.typed) or 0])
        name = own.names[group]
        if isinstance(own.term, LevelTerm):
            level = int(cells[self.places[0]])
            if group in own.lacking.get(level, ()):
                raise NoValueError(lacking_text(own.term.column, own.texts[level], name))
            return float(level == own.term.level)
        if isinstance(own.term, FormulaTerm):
            value = own.term.formula(self.columns, self.file).value(cells)
        else:
            value = cells[self.places[0]]
        if value and group in own.lacking[0]:
            raise NoValueError(lacking_text(own.name, number(value), name))
        return value

    def sql(self, cells: Mapping[int, str]) -> str:
        """Compute it in the engine."""
        return self.term.sql(self.columns, cells)


def _refusal(part: Part, term: ColumnTerm, message: str) -> DataError:
    return DataError(
        message, part.name, column=term.name, hint="choose a column of fewer names with --by"
    )


def _order(name: str) -> tuple[bool, float, str]:
    """Sort numbers by their size, and below them texts."""
    number = Numbers().read(name)
    return number is None, number or 0.0, name


def _cells(part: Part, typed: str, *, is_whole: bool) -> list[tuple[str, float, float]]:
    """Read the different cells of a column, each with its key as it stands, and trimmed."""
    some = "" if is_whole else f"limit {LOOK_ROWS}"
    place = place_of(part.columns, typed) or 0
    keys = f"{Keys().sql_as_it_stands('cell')}, {Keys().sql('cell')}"

    def read(care: Care) -> list[tuple[str, float, float]]:
        rows = part.select([place], care, [place])
        cells = f"select cast(column_0 as varchar) as cell from ({rows}) {some}"
        different = f"select distinct cell from ({cells}) limit {4 * MOST_GROUPS}"
        return part.engine.fetch(f"select cell, {keys} from ({different})")

    try:
        return read("swift")
    except EngineError:  # a row that it cannot take apart
        return read("careful")
