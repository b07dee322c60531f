"""What every kind of table file offers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


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


Care = Literal["careful", "swift", "head"]
"""How a text is read: careful counts every bad row; swift stops at one; head leaves them out."""


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

    def select(self, places: Sequence[int], care: Care = "careful") -> str:
        """Give a query of the columns at these places, as text or as numbers.

        They are called column_0, column_1 and so on, for no engine takes every name that a user
        may have given.
        """
        ...

    def bad_rows(self, places: Sequence[int], *, whole: bool = False) -> Iterator[BadRow]:
        """Read the files again, row by row, and give every row that cannot be used.

        The cells at `places` must hold numbers, and with `whole` all others must hold text.
        """
        ...
