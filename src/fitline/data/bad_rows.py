"""What becomes of the rows that cannot be used: an error that names them, or a list of them."""

from collections.abc import Iterable
from itertools import chain, islice
from pathlib import Path

from fitline.errors import DataError
from fitline.files.atomic import replacing
from fitline.formatting import count

from .csv_text import csv_lines
from .parts import BadRow

SHOWN = 5
"""How many bad rows an error shows."""

OPEN_QUOTE = "the quotes do not match, so one cannot tell where this row ends"

HEADER = ("file", "line", "column", "value", "reason")
"""The columns of a list of bad rows."""

NO_ROW = "no row is left; are cells written as options say, such as --decimal and --date-format?"
OTHER_COLUMN = "no row is left; choose another column with --x or --y"

HINT = "leave such rows out with --{} skip, and list them with --rejects FILE.csv"


def refusal(
    source: str, bad: int, rows: Iterable[BadRow], *, are_missing: bool, without: str | None
) -> DataError:
    """Name the first bad rows of a table, and say how many there are.

    Where no row is left `without` them, that says what else may help.
    """
    hint = without or HINT.format("missing" if are_missing else "bad-rows")
    shown = list(islice(rows, SHOWN))
    if not shown:
        return DataError(f"{count(bad, 'row')} cannot be read", file=source, hint=hint)
    first = shown[0]
    if bad == 1:
        facts = first.file, first.line, first.column, first.value, hint, first.unit
        return DataError(first.reason, *facts)
    lines = [f"{row.file}, {row.unit} {row.line}: {row.reason}" for row in shown]
    if bad > len(shown):
        lines.append(f"and {count(bad - len(shown), 'more row')}")
    line = first.line if first.file == source else None
    message, column, value = f"{bad:,} rows cannot be used:", first.column, first.value
    return DataError(message, source, line, column, value, hint, first.unit, tuple(lines))


def unbounded(source: str, rows: Iterable[BadRow]) -> DataError:
    """Name the first row of which one cannot tell where it ends; it cannot be skipped either."""
    hint = "close the quote, or write a quote inside a quoted cell twice"
    for row in rows:
        return DataError(
            row.reason, row.file, row.line, hint=hint if row.reason == OPEN_QUOTE else None
        )
    return DataError(OPEN_QUOTE, source, hint=hint)


def write_rejects(path: str | Path, rows: Iterable[BadRow]) -> None:
    """Keep every bad row with its place, its value and the reason, as CSV."""
    with (
        replacing(path) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="") as stream,
    ):
        cells = ((row.file, row.line, row.column, row.value, row.reason) for row in rows)
        stream.writelines(csv_lines(chain([HEADER], cells)))
