"""A table of (x, y) rows: its head, its moments, its bad rows, its predictions."""

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from fitline.digits import count, number
from fitline.errors import DataError
from fitline.moments import HEAD_ROWS, Moments, Pilot, Row
from fitline.writing import replacing

from . import engine, sql
from .bad_rows import UNBOUNDED, refusal, unbounded, write_rejects
from .engine import Engine, EngineError, Progress
from .parts import BadRow, Part

BadRows = Literal["fail", "skip"]

PREDICTION = "prediction"


class Table:
    """A table to read; nothing is read before it is asked for.

    `columns` are those that must hold numbers: x and y, or x alone to predict from.
    `skipped` counts the rows left out by the last pass over the table.
    """

    def __init__(
        self,
        engine_: Engine,
        parts: Sequence[Part],
        source: str,
        columns: tuple[str, ...],
        bad_rows: BadRows = "fail",
        rejects: str | Path | None = None,
    ) -> None:
        self.source = source
        self.columns = columns
        self.skipped = 0
        self._engine = engine_
        self._parts = parts
        self._bad_rows = bad_rows
        self._rejects = rejects

    def head(self, rows: int) -> list[Row]:
        """Read the first rows, bad ones left out."""
        query = (
            f"select x, y from ({self._rows(head=True)})"
            f" where {sql.finite('x')} and {sql.finite('y')} limit {rows}"
        )
        return [(x, y) for x, y in self._fetch(query)]

    def moments(self, progress: Progress | None = None) -> Moments:
        """Read the whole table once.

        Raises DataError where a row is bad and not to be skipped, and where no line can be found.
        """
        pilot = Pilot.through(self.head(HEAD_ROWS))
        (row,) = self._fetch(sql.moments_query(self._rows(), pilot), progress)
        if not all(map(math.isfinite, filter(None, row))):
            guarded = sql.only_finite(self._rows())
            (row,) = self._fetch(sql.moments_query(guarded, pilot), progress)
        rows, good, x_min, x_max, *_ = row
        self._account(rows - good)
        if good < 2:  # noqa: PLR2004 - two points make a line
            raise self._no_line(f"{count(good, 'row')} cannot tell a line; it takes two or more")
        if x_min == x_max:
            raise self._no_line(
                f"{self.columns[0]} is {number(x_min)} in all {good:,} rows, so no slope is better"
                " than another"
            )
        try:
            return sql.moments_of(row, pilot)
        except OverflowError as error:
            raise self._no_line("the numbers are too large to be squared") from error
        except ZeroDivisionError as error:
            raise self._no_line(f"{self.columns[0]} varies too little to be squared") from error

    def _no_line(self, reason: str) -> DataError:
        return DataError(reason, file=self.source)

    def predictions(
        self, theta: Sequence[float], progress: Progress | None = None
    ) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Give the names of all columns, and each good row with its prediction, streaming.

        The table is read twice, so that nothing is given where a row is bad and not to be skipped.
        """
        query = self._prediction_query(theta, progress)
        return [*self._all_columns(), PREDICTION], self._engine.stream(query)

    def write_predictions(
        self, theta: Sequence[float], path: str | Path, progress: Progress | None = None
    ) -> None:
        """Write all columns and the prediction, as Parquet or CSV by the file's ending."""
        query = self._prediction_query(theta, progress)
        with replacing(path) as unfinished:
            self._fetch(engine.copy(f"({query})", unfinished, str(path)), progress)

    def _prediction_query(self, theta: Sequence[float], progress: Progress | None) -> str:
        """Check every row, and give the query of those that can be used."""
        (x,) = self.columns
        ok = sql.finite(_number(x))
        names = self._all_columns()
        if PREDICTION in names:
            raise DataError(
                f"the table has a column {PREDICTION!r} already",
                file=self.source,
                column=PREDICTION,
                hint="rename that column",
            )
        cells = " union all by name ".join(part.select(part.columns) for part in self._parts)
        ((rows, good),) = self._fetch(
            f"select count(*), count(case when {ok} then 1 end) from ({cells})", progress
        )
        self._account(rows - good)
        prediction = f"{sql.number(theta[0])} + {sql.number(theta[1])} * {_number(x)}"
        return f"select *, {prediction} as {PREDICTION} from ({cells}) where {ok}"

    def _all_columns(self) -> list[str]:
        return list(dict.fromkeys(name for part in self._parts for name in part.columns))

    def _rows(self, *, head: bool = False) -> str:
        """Give the query of x and y as numbers, NULL where a cell holds none."""
        x, y = self.columns
        return " union all ".join(
            f"select {_number(x)} as x, {_number(y)} as y from ({part.select([x, y], head=head)})"
            for part in self._parts
        )

    def _fetch(self, query: str, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        try:
            return self._engine.fetch(query, progress)
        except EngineError as error:
            raise self._explain(error) from error

    def _explain(self, error: EngineError) -> DataError:
        """Turn what the engine says into what the user can mend."""
        text = str(error)
        if "state machine reached an invalid state" in text:
            return DataError(
                "some lines end in LF and others in CR or CRLF, so rows cannot be told apart",
                file=self.source,
                hint="give every line the same ending, for instance with dos2unix",
            )
        return DataError(f"cannot be read: {text.splitlines()[0]}", file=self.source)

    def _account(self, bad_cells: int) -> None:
        """Account for every row that took no part in the last query."""
        broken = dict(self._engine.rejected())
        self.skipped = bad_cells + sum(broken.values())
        if self._rejects is not None:
            write_rejects(self._rejects, self._located() if self.skipped else ())
        if UNBOUNDED & broken.keys():
            raise unbounded(self.source, self._located())
        if self.skipped and self._bad_rows == "fail":
            raise refusal(self.source, self.skipped, self._located())

    def _located(self) -> Iterator[BadRow]:
        """Look for the bad rows once more, one by one."""
        return chain.from_iterable(part.bad_rows(self.columns) for part in self._parts)


def _number(column: str) -> str:
    return f"try_cast({engine.identifier(column)} as double)"
