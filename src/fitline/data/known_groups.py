"""The groups that a model knows: their names, and what no row of theirs had."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from fitline.formatting import listed, number, quoted
from fitline.vector import Vector

from . import sql
from .columns import place_of
from .formulas.tree import NoValueError
from .sql import trimmed
from .terms import ColumnTerm, FormulaTerm, Levels, LevelTerm


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
        names = ", ".join(map(sql.text, self.texts))
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
