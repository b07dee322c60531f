"""Where rows of a table stand in its files."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .table import Table


@dataclass(frozen=True)
class RowPlace:
    """A line of a file, counted from 1, the header included; without lines the `unit` is "row"."""

    file: str
    line: int
    unit: str


def row_places(table: "Table", wanted: Collection[int]) -> dict[int, RowPlace]:
    """Find rows of a table that has been read, by their place, from 0, among those in use."""
    found, last = {}, max(wanted, default=-1)
    for nth, place in enumerate(_used(table)):
        if nth > last:
            break
        if nth in wanted:
            found[nth] = place
    return found


def _used(table: "Table") -> Iterator[RowPlace]:
    """Give the place of every row that is not left out."""
    for part in table.parts:
        bad = part.bad_rows(table.wanted(part)) if table.skipped else iter(())
        left_out = next(bad, None)
        for file, line in part.lines():
            if left_out and (left_out.file, left_out.line) == (file, line):
                left_out = next(bad, None)
            else:
                yield RowPlace(file, line, part.unit)
