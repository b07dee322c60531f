"""What every kind of table file offers."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from .cells import Numbers, Parsing

if TYPE_CHECKING:
    from .engine import Engine


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used: where it stands, and why.

    `line` counts from 1, the header included; in a file without lines `unit` is "row", and the
    rows are counted. `column` and `value` are empty where the row as a whole is broken. With
    `is_missing` nothing is wrong but that a value is not there.
    """

    file: str
    line: int
    column: str | None
    value: str | None
    reason: str
    unit: str = "line"
    is_missing: bool = False


@dataclass(frozen=True)
class WantedColumn:
    """A column that must hold values: its place in a part, its name, and how it is read."""

    place: int
    name: str
    parsing: Parsing


class Computed(Protocol):
    """What is computed from the cells of a row, by the places of their columns."""

    @property
    def text(self) -> str:
        """What it is called."""
        ...

    @property
    def places(self) -> tuple[int, ...]:
        """The places of the columns that it is made of."""
        ...

    def value(self, cells: Mapping[int, float]) -> float:
        """Compute it. Raises NoValueError, which says why, where it has no value."""
        ...

    def sql(self, cells: Mapping[int, str]) -> str:
        """Give the same as an expression of the engine, NULL where it has no value."""
        ...


@dataclass(frozen=True)
class Wanted:
    """What must have a value in every row of a part: columns, and what is computed from these."""

    columns: Sequence[WantedColumn]
    formulas: Sequence[Computed] = ()

    @property
    def places(self) -> list[int]:
        """Give the places of the columns."""
        return [column.place for column in self.columns]

    def with_numbers(self, are_numbers: Callable[[int], bool]) -> "Wanted":
        """Read what is a number already as it is, however the others are written."""
        read = [
            replace(column, parsing=replace(column.parsing, values=Numbers()))
            if column.parsing.are_numbers and are_numbers(column.place)
            else column
            for column in self.columns
        ]
        return replace(self, columns=read)


Care = Literal["careful", "counting", "strict", "swift", "eager", "head"]
"""How a text is read: careful and head leave out broken rows, counting keeps them, which takes
long, and all others stop at one. Swiftly, the engine makes numbers of the cells as it reads them;
eagerly as well, before it is known whether the text may be read so."""


class Part(Protocol):
    """One or more files of one kind, with the same columns, read with one SQL expression."""

    @property
    def engine(self) -> "Engine":
        """What reads them."""
        ...

    @property
    def name(self) -> str:
        """What the user calls the files."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, in their order."""
        ...

    @property
    def parsing(self) -> Parsing:
        """How numbers are written, and which cells hold none."""
        ...

    def is_text(self, place: int, care: Care) -> bool:
        """Whether `select` gives a column as text; else it gives numbers."""
        ...

    def head(self, place: int) -> Sequence[str]:
        """Give what the first cells of a column say."""
        ...

    @property
    def sure_numbers(self) -> Numbers | None:
        """Tell how its numbers are written, where its first lines leave no doubt."""
        ...

    def texts(self, place: int) -> Iterable[str]:
        """Give the cells that might be numbers written as other files write them."""
        ...

    def select(
        self, places: Sequence[int], care: Care = "careful", texts: Collection[int] = ()
    ) -> str:
        """Give a query of the columns at these places, as text or as numbers.

        Those of `texts` are wanted as text, also where numbers could be read swiftly.
        They are called column_0, column_1 and so on, for no engine takes every name that a user
        may have given.
        """
        ...

    @property
    def size(self) -> float:
        """How many bytes it has, infinitely many where that is not known."""
        ...

    @property
    def unit(self) -> str:
        """What its rows are counted by: "line", or "row" where it has no lines."""
        ...

    def holds_dates(self, place: int) -> bool:
        """Tell whether a column has a type of dates, whatever its cells are."""
        ...

    def lines(self) -> Iterator[tuple[str, int]]:
        """Give the file and the line of every row, also of those that cannot be used."""
        ...

    def count_rows(self, *, exactly: bool) -> int:
        """Count the rows by other means than `select` reads them, with luck or exactly.

        Unless exactly, empty lines count as rows, and so may each line of one that has several.
        """
        ...

    def bad_rows(self, wanted: Wanted, *, whole: bool = False) -> Iterator[BadRow]:
        """Read the files again, row by row, and give every row that cannot be used.

        What is wanted must have values, and with `whole` all other columns must hold text.
        """
        ...
