"""A table with a column more: what a line predicts for each row."""

import csv
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fitline.errors import DataError
from fitline.writing import replacing

from . import engine, sql
from .engine import Progress
from .table import Table

PREDICTION = "prediction"


class Predictions:
    """The rows of a table with their predictions, θ0 + θ1·x.

    Making it reads the table once, so that nothing is given where a row is bad and not to be
    skipped; the rows themselves are then read as they are asked for.
    """

    def __init__(
        self, table: Table, theta: Sequence[float], progress: Progress | None = None
    ) -> None:
        if not all(map(math.isfinite, theta)):
            raise DataError(f"theta is {list(theta)}, not finite numbers")
        names = _all_columns(table)
        (x,) = table.columns
        if PREDICTION in names:
            raise DataError(
                f"the table has a column {PREDICTION!r} already",
                file=table.source,
                column=PREDICTION,
                hint="rename that column",
            )
        value = f"try_cast(f{names.index(x)} as double)"
        cells = " union all ".join(_cells_of(table, names))
        # Counting every column makes the engine read each, as it will when they are written.
        counted = ", ".join(f"count(f{place})" for place in range(len(names)))
        good = f"count(case when {sql.finite(value)} then 1 end)"
        ((rows, used, *_),) = table.fetch(
            f"select count(*), {good}, {counted} from ({cells})", progress
        )
        table.account(used, rows - used, whole=True)
        self.header = [*names, PREDICTION]
        self._table = table
        self._query = (
            f"select *, {sql.number(theta[0])} + {sql.number(theta[1])} * {value} as prediction"
            f" from ({cells}) where {sql.finite(value)}"
        )
        self._place = names.index(x)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Give each row, its prediction last, streaming."""
        return self._table.stream(self._query)

    def pairs(self) -> Iterator[tuple[float, float]]:
        """Give x and the prediction of each row, streaming."""
        return ((float(row[self._place]), row[-1]) for row in self.rows())

    def write(self, path: str | Path, progress: Progress | None = None) -> None:
        """Write all columns and the prediction, as Parquet or CSV by the file's ending.

        The engine writes fast, but no names that are empty or differ in case only.
        """
        names = [name.casefold() for name in self.header]
        plain = all(names) and len(set(names)) == len(names)
        if not plain and str(path).endswith(".parquet"):
            raise DataError(
                "Parquet wants a name of its own for each column", file=self._table.source
            )
        with replacing(path) as unfinished:
            if plain:
                named = ", ".join(
                    f"{place} as {engine.identifier(name)}"
                    for place, name in zip(self._places(), self.header, strict=True)
                )
                query = f"(select {named} from ({self._query}))"
                self._table.fetch(engine.copy(query, unfinished, str(path)), progress)
            else:
                with unfinished.open("w", encoding="utf-8", newline="") as stream:
                    writer = csv.writer(stream, lineterminator="\n")
                    writer.writerow(self.header)
                    writer.writerows(self.rows())

    def _places(self) -> list[str]:
        return [*(f"f{place}" for place in range(len(self.header) - 1)), PREDICTION]


def _all_columns(table: Table) -> list[str]:
    """Give the names of all columns; those of several files are put together by name."""
    if len(table.parts) == 1:
        return list(table.parts[0].columns)
    for part in table.parts:
        if len(set(part.columns)) < len(part.columns):
            raise DataError("a column's name appears twice", file=part.name)
    return list(dict.fromkeys(name for part in table.parts for name in part.columns))


def _cells_of(table: Table, names: Sequence[str]) -> Iterator[str]:
    """Give for each part the query of all columns, called f0, f1 and so on."""
    for part in table.parts:
        places = range(len(part.columns))
        if len(table.parts) == 1:
            found = [f"column_{place}" for place in places]
        else:
            found = [
                f"column_{part.columns.index(name)}" if name in part.columns else "null"
                for name in names
            ]
        named = ", ".join(f"{cell} as f{place}" for place, cell in enumerate(found))
        yield f"select {named} from ({part.select(places)})"
