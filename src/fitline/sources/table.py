"""A table of (x, y) rows: its head, its moments, its bad rows."""

import math
import random
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from fitline.digits import count, number, shortened
from fitline.errors import DataError
from fitline.moments import HEAD_ROWS, Moments, Pilot, Row

from . import memory, sql
from .bad_rows import refusal, unbounded, write_rejects
from .delimited import Delimited
from .engine import Engine, EngineError, Progress
from .parts import BadRow, Care, Part

OPEN_QUOTE_KIND, LONG_LINE_KIND = "UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM"
"""Kinds of broken rows, in the engine's words, of which one cannot tell where they end."""

LONG_LINE = "the line is longer than two million bytes"

BadRows = Literal["fail", "skip"]


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
        self.parts = parts
        self._engine = engine_
        self._bad_rows = bad_rows
        self._rejects = rejects

    def head(self, rows: int) -> list[Row]:
        """Read the first rows, bad ones left out."""
        good = f"{sql.finite('x')} and {sql.finite('y')}"
        query = f"select x, y from ({self._rows('head')}) where {good} limit {rows}"
        return [(x, y) for x, y in self.fetch(query)]

    def moments(self, progress: Progress | None = None) -> Moments:
        """Read the whole table once.

        Raises DataError where a row is bad and not to be skipped, and where no line can be found.
        """
        try:
            return self._moments(progress)
        except ArithmeticError as error:
            raise DataError(
                "the numbers are too large or too small to be squared",
                file=self.source,
                hint="write them in other units, such as thousands",
            ) from error

    def rows(self, moments: Moments, progress: Progress | None = None) -> tuple[Any, Any]:
        """Read x and y of all the rows behind these moments into memory, as float64 (rows,).

        Raises DataError where they do not fit.
        """
        memory.require(moments.rows, self.source)
        return self._arrays(self._good_rows(), progress)

    def sample(self, moments: Moments, rows: int, seed: int) -> tuple[Any, Any]:
        """Read x and y of so many of the rows, drawn at random but in their order, or of all."""
        if moments.rows <= rows:
            return self._arrays(self._good_rows())
        draw = random.Random(seed)  # noqa: S311 - a sample is no secret
        drawn = ", ".join(f"({place})" for place in draw.sample(range(moments.rows), rows))
        numbered = f"select x, y, row_number() over () - 1 as place from ({self._good_rows()})"
        return self._arrays(
            f"select x, y from ({numbered}) join (values {drawn}) as drawn(place)"
            " using (place) order by place"
        )

    def _arrays(self, query: str, progress: Progress | None = None) -> tuple[Any, Any]:
        try:
            columns = self._engine.arrays(query, progress)
        except EngineError as error:
            raise explain(error, self.source) from error
        except MemoryError as error:
            raise DataError("its rows do not fit into memory", file=self.source) from error
        return columns["x"], columns["y"]

    def _good_rows(self) -> str:
        """Give the query of the rows that can be used, in their order."""
        care: Care = "careful" if self.skipped else "swift"
        return (
            f"select x, y from ({self._rows(care)}) where {sql.finite('x')} and {sql.finite('y')}"
        )

    def _moments(self, progress: Progress | None) -> Moments:
        pilot = Pilot.through(self.head(HEAD_ROWS))
        row = self._sums(pilot, progress)
        rows, good, x_min, x_max, *_ = row
        self.account(good, rows - good)
        if good < 2:  # noqa: PLR2004 - two points make a line
            skipped = f" ({count(self.skipped, 'row')} skipped)" if self.skipped else ""
            raise DataError(
                f"{count(good, 'row')} cannot tell a line; it takes two or more{skipped}",
                file=self.source,
            )
        if x_min == x_max:
            raise DataError(
                f"{self.columns[0]} is {number(x_min)} in all {good:,} rows, so no slope is better"
                " than another",
                file=self.source,
            )
        return sql.moments_of(row, pilot)

    def _sums(self, pilot: Pilot, progress: Progress | None) -> tuple[Any, ...]:
        """Sum the table swiftly; where that meets a bad row, once more with care."""
        try:
            (row,) = self._engine.fetch(sql.moments_query(self._rows("swift"), pilot), progress)
            if all(math.isfinite(value) for value in row if value is not None):
                return row
        except EngineError:
            pass  # what is wrong is said by the careful reading
        (row,) = self.fetch(sql.moments_query(sql.only_finite(self._rows()), pilot), progress)
        return row

    def fetch(self, query: str, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        """Run a query over the table, and say what is wrong with the files in plain words."""
        try:
            return self._engine.fetch(query, progress)
        except EngineError as error:
            raise explain(error, self.source) from error

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Run a query over the table, and give its rows one by one."""
        try:
            yield from self._engine.stream(query)
        except EngineError as error:
            raise explain(error, self.source) from error

    def account(self, used: int, bad_cells: int, *, whole: bool = False) -> None:
        """Account for every row that took no part in the last query; `whole` if all cells did."""
        broken = self._engine.rejected()
        self.skipped = bad_cells + sum(kind.rows for kind in broken)
        if self._rejects is not None:
            write_rejects(self._rejects, self._located(whole=whole) if self.skipped else ())
        for kind in broken:
            if kind.name == OPEN_QUOTE_KIND:
                delimited = (part for part in self.parts if isinstance(part, Delimited))
                rows = chain.from_iterable(part.open_quotes() for part in delimited)
                raise unbounded(self.source, rows)
            if kind.name == LONG_LINE_KIND:
                raise DataError(LONG_LINE, self.source, kind.line)
        if self.skipped and self._bad_rows == "fail":
            raise refusal(self.source, self.skipped, used, self._located(whole=whole))

    def _rows(self, care: Care = "careful") -> str:
        """Give the query of x and y as numbers, NULL where a cell holds none."""
        return " union all ".join(
            "select try_cast(column_0 as double) as x, try_cast(column_1 as double) as y"
            f" from ({part.select(self._places(part), care)})"
            for part in self.parts
        )

    def _places(self, part: Part) -> list[int]:
        return [part.columns.index(column) for column in self.columns]

    def _located(self, *, whole: bool) -> Iterator[BadRow]:
        """Look for the bad rows once more, one by one."""
        return chain.from_iterable(
            part.bad_rows(self._places(part), whole=whole) for part in self.parts
        )


def explain(error: EngineError, source: str) -> DataError:
    """Turn what the engine says into what the user can mend."""
    text = str(error)
    if "state machine reached an invalid state" in text:
        return DataError(
            "some lines end in LF and others in CR or CRLF, so rows cannot be told apart",
            file=source,
            hint="give every line the same ending, for instance with dos2unix",
        )
    if "aximum line size" in text and (line := re.search(r"on Line: (\d+)", text)):
        return DataError(LONG_LINE, source, int(line[1]))
    if "corruption detected" in text:
        return DataError("the zstd file is damaged", source, hint="copy or download it again")
    first = text.splitlines()[0].split("Error: ", 1)[-1]
    return DataError(f"cannot be read: {shortened(first)}", file=source)
