"""What every kind of table file offers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used: where it stands, and why.

    `line` counts from 1, the header included; in a file without lines `unit` is "row", and the
    rows are counted. `column` and `value` are empty where the row as a whole is broken.
    """

    file: str
    line: int
    column: str | None
    value: str | None
    reason: str
    unit: str = "line"


class Part(Protocol):
    """One or more files of one kind, with the same columns, read with one SQL expression."""

    @property
    def name(self) -> str:
        """What the user calls the files."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, in their order."""
        ...

    def select(self, columns: Sequence[str], *, head: bool = False) -> str:
        """Give a query of these columns under their own names, as text or as numbers.

        With `head` it is made for the first rows only.
        """
        ...

    def bad_rows(self, columns: Sequence[str]) -> Iterator[BadRow]:
        """Read the files again, row by row, and give every row that cannot be used."""
        ...
