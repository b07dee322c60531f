"""Every row of a table is accounted for: it was used, or left out for a reason, or is an error.

The engine leaves out the rows that it cannot take apart, and may lose one without a word; so the
rows that it read are compared with those that are there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from fitline.errors import DataError

from .bad_rows import NO_ROW, OTHER_COLUMN, SHOWN, refusal, unbounded, write_rejects
from .delimited import Delimited
from .parts import BadRow, Care, Part
from .survey import LONG_LINE

if TYPE_CHECKING:
    from .engine import Progress
    from .table import Table

OPEN_QUOTE_KIND, LONG_LINE_KIND = "UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM"
"""Kinds of broken rows, in the engine's words, of which one cannot tell where they end."""

MOST_KEPT = 100_000
"""The engine keeps a long text about every broken row; of more than these it is not asked."""


@dataclass(frozen=True)
class RowsRead:
    """How many rows were read: those used, and those that cannot be used.

    With those of the latter that are `missing` nothing is wrong but that a value is not there.
    """

    used: int
    bad: int = 0
    missing: int = 0

    def __add__(self, other: "RowsRead") -> "RowsRead":
        """Add up the rows of two parts of a table."""
        return RowsRead(self.used + other.used, self.bad + other.bad, self.missing + other.missing)

    @property
    def all(self) -> int:
        """Give how many rows there are."""
        return self.used + self.bad


def with_broken(table: "Table", read: RowsRead, care: Care, *, whole: bool = False) -> RowsRead:
    """Count the rows too that the engine could not take apart; `whole` if it needed all cells.

    Raises DataError where one of them has no end, and where the counts differ.
    """
    broken = _count_broken(table, read.all, care, whole=whole)
    return replace(read, bad=read.bad + broken)


def account(table: "Table", read: RowsRead, *, whole: bool = False) -> None:
    """Account for every row that took no part in the last query; `whole` if all cells did.

    Sets how many rows the table has skipped, and lists them where that is asked for. Raises
    DataError where one is not to be skipped.
    """
    table.skipped, table.missing = read.bad, read.missing
    if table.rejects is not None:
        tables = [one for one in (table.listed_before, table) if one and one.skipped]
        rows = chain.from_iterable(located(one, whole=whole) for one in tables)
        write_rejects(table.rejects, rows)
    _refuse(table, read.used, whole=whole)


def _count_broken(table: "Table", read: int, care: Care, *, whole: bool) -> int:
    """Count the rows that the engine could not take apart.

    Raises DataError where one of them has no end, and where the engine lost one.
    """
    for part in table.delimited:
        part.refuse_long_lines()
        if care == "careful" and part.is_in_order and part.ends_open:
            raise unbounded(table.source, part.open_quotes())
    lines = sum(part.count_rows(exactly=False) for part in table.parts)
    if read == lines or (care == "careful" and read + _count_blank(table, whole=whole) == lines):
        return 0
    broken = None
    if care == "careful" and lines - read <= MOST_KEPT:
        broken = sum(_broken_rows(table, part, whole=whole) for part in table.delimited)
        if read + broken == lines:
            return broken
    there = sum(part.count_rows(exactly=True) for part in table.parts)
    if care == "careful" and broken is None:
        broken = there - read
        refuse_open_quotes(table.parts)
    if read + (broken or 0) != there:
        refuse_open_quotes(table.parts)
        raise DataError(
            f"its rows were counted twice, and the counts differ: {there:,} and"
            f" {read + (broken or 0):,}",
            file=table.source,
            hint="give every line the same ending, and close every quote",
        )
    return broken or 0


def _count_blank(table: "Table", *, whole: bool) -> int:
    return sum(part.count_blank(_places(table, part, whole=whole)) for part in table.delimited)


def _places(table: "Table", part: Delimited, *, whole: bool) -> Sequence[int]:
    return range(len(part.columns)) if whole else table.wanted(part).places


def _broken_rows(table: "Table", part: Delimited, *, whole: bool) -> int:
    """Ask the engine how many rows of a part it left out.

    Raises DataError where one has no end.
    """
    kinds = part.broken_rows(_places(table, part, whole=whole))
    for kind in kinds:
        if kind.name == OPEN_QUOTE_KIND:
            raise unbounded(table.source, part.open_quotes())
        if kind.name == LONG_LINE_KIND:
            raise DataError(LONG_LINE, table.source, kind.line)
    return sum(kind.rows for kind in kinds)


def refuse_open_quotes(parts: Sequence[Part]) -> None:
    """Raise DataError where there is a row that has no end, and name it."""
    delimited = (part for part in parts if isinstance(part, Delimited))
    for row in chain.from_iterable(part.open_quotes() for part in delimited):
        raise unbounded(row.file, [row])


def _refuse(table: "Table", used: int, *, whole: bool) -> None:
    """Raise DataError where a row was left out that is not to be skipped."""
    wrong, reading = table.skipped - table.missing, table.reading
    if reading.bad_rows == "skip" or not table.skipped:
        return
    rows, without = located(table, whole=whole), None
    if not used:
        without = NO_ROW if whole else OTHER_COLUMN
        if table.weight:
            without = without.replace("--x or --y", "--x, --y or --weight")
    if reading.missing == "skip":
        rows = (row for row in rows if not row.is_missing)
        if wrong:
            raise refusal(table.source, wrong, rows, are_missing=False, without=without)
        return
    raise refusal(table.source, table.skipped, rows, are_missing=not wrong, without=without)


def located(table: "Table", *, whole: bool) -> Iterator[BadRow]:
    """Look for the bad rows once more, one by one."""
    if table.cluster is None:
        yield from _located(table, whole=whole)
        return
    for found in table.located(
        _all_listed if whole else _listed, None if table.rejects else SHOWN, whole=whole
    ):
        for row in found.value:
            yield replace(row, file=found.file, line=found.above + row.line)


def _listed(table: "Table", most: int | None, _: "Progress | None") -> list[BadRow]:
    """List the bad rows of a piece, or so many that are not to be skipped."""
    return _some(table, _located(table, whole=False), most)


def _all_listed(table: "Table", most: int | None, _: "Progress | None") -> list[BadRow]:
    """Do so where all cells must be legible."""
    return _some(table, _located(table, whole=True), most)


def _some(table: "Table", rows: Iterator[BadRow], most: int | None) -> list[BadRow]:
    is_wanted = most is None or table.reading.missing == "fail"
    return [*islice((row for row in rows if is_wanted or not row.is_missing), most)]


def _located(table: "Table", *, whole: bool) -> Iterator[BadRow]:
    for part in table.parts:
        try:
            yield from part.bad_rows(table.wanted(part), whole=whole)
        except OSError as error:
            raise DataError(f"cannot be read: {error.strerror}", file=part.name) from error
