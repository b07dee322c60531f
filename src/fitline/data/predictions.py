"""A table with a column more: what a line predicts for each row."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from fitline.errors import DataError, RangeError
from fitline.files.atomic import replacing
from fitline.formatting import number

from . import engine
from .accounting import RowsRead, account, with_broken
from .cells import text_of
from .cluster import Cluster
from .csv_text import csv_lines
from .engine import EngineError, Progress
from .json_lines import JsonLines
from .parquet import Parquet
from .parts import Care
from .prediction_queries import PredictionQueries
from .spooling import staged
from .table import Table
from .written_kinds import (
    KINDS,
    Kind,
    kind_of_cells,
    likely_kind,
)

Result = TypeVar("Result")


class Predictions(PredictionQueries):
    """The rows of a table with their predictions, θ0 + θ1·x1 + … + θp·xp.

    Where the table has a `group`, there is a theta for each, in the shape (groups, parameters).
    Where that predicts a formula, `told` has it by the name of the column that it tells, which is
    given beside it, and so are the ends of `intervals`. Where the table has y, so is the residual
    y − ŷ.

    Nothing is given where a row is bad and not to be skipped: all rows are read before the first
    one is given, and a file is written atomically.
    """

    def rows(self, progress: Progress | None = None) -> Iterator[tuple[Any, ...]]:
        """Give each row as it was written, its prediction last, streaming."""
        self._require_digits()
        self._require_one_mark()
        cells = ", ".join(f"f{place}" for place in self._places)
        return self._stream(cells, self._as_text(self._sql.predicted), progress)

    def pairs(self, progress: Progress | None = None) -> Iterator[tuple[float, ...]]:
        """Give the features of each row and what is predicted, streaming.

        Where there are groups, the place of the row's own goes before them.
        """
        row = ", ".join([*self._sql.group, *self._sql.features])
        return self._stream(row, self._sql.predicted, progress)

    def _stream(
        self, cells: str, predicted: Sequence[str], progress: Progress | None
    ) -> Iterator[Any]:
        with self._table.explained():
            self._check(progress)
        rows = self._rows("careful", self._texts)
        return self._table.stream(
            f"select {cells}, {', '.join(predicted)} from ({rows}) where {self._sql.is_good}"
        )

    def _require_digits(self) -> None:
        """Raise DataError where cells of Parquet would lose digits, or their unit."""
        parts = [part for part in self._table.parts if isinstance(part, Parquet)]
        with self._table.explained():
            for part in parts:
                part.require_digits(range(len(part.columns)))
                if any(one.durations != parts[0].durations for one in parts):
                    part.require_units(range(len(part.columns)))

    def _require_one_mark(self) -> None:
        """Raise DataError where numbers of JSON would stand with points beside decimal commas."""
        for part in self._table.parts:
            if isinstance(part, JsonLines) and part.decimal != self._decimal:
                raise DataError(
                    "its numbers have decimal points, and those of other files commas",
                    file=part.name,
                    hint="predict from the files one by one, or tell how texts are written in"
                    " all of them, with --decimal and --thousands",
                )

    def _check(self, progress: Progress | None = None) -> None:
        """Read the table once.

        Raises DataError where a row is bad and not to be skipped, and RangeError where one of the
        predictions is too large for a float64.
        """
        found = self._over(Predictions._counted, progress)
        read = sum((read for read, _ in found), RowsRead(0))
        account(self._table, read, whole=True)
        if lost := next((lost for _, lost in found if lost is not None), None):
            named = zip(self._table.columns, lost, strict=False)
            told = ", ".join(f"{name} = {number(value)}" for name, value in named)
            more = {"interval": self._sql.intervals, "residual": self._sql.has_y}
            what = " or ".join(["prediction", *(name for name, there in more.items() if there)])
            raise RangeError.of(f"the {what} for {told}", self._table.source)

    def _counted(self, progress: Progress | None) -> tuple[RowsRead, list[float] | None]:
        """Count the rows, and give the features of one whose prediction is too large, if any."""
        # Counting every column makes the engine read each, as it will when they are given.
        counted = ", ".join(f"count(f{place})" for place in self._places)
        rows = self._rows("careful", self._texts)
        is_good = self._sql.is_good
        is_lost = f"{is_good} and not ({self._sql.are_finite})"
        ((rows, used, missing, lost, *_),) = self._table.fetch(
            f"select count(*), count(*) filter ({is_good}), count(*) filter (is_missing),"
            f" min([{', '.join(self._sql.features)}]) filter ({is_lost}), {counted} from ({rows})",
            progress,
        )
        return self._with_broken(RowsRead(used, rows - used, missing), "careful"), lost

    def _with_broken(self, read: RowsRead, care: Care) -> RowsRead:
        return with_broken(self._table, read, care, whole=True)

    def _over(
        self, function: Callable[..., Result], progress: Progress | None = None, *more: Any
    ) -> list[Result]:
        """Run a method with what is `more`, or where the table is on a cluster, on each piece."""
        if self._table.cluster is None:
            return [function(self, *more, progress)]
        return self._table.over(
            _on_piece, self._given, function, more, progress=progress, whole=True
        )

    def untold(self) -> int:
        """Count the predictions of a formula that tell no value of its column, if there are any.

        The table is read once more where such ones are possible.
        """
        return sum(self._over(Predictions._untold)) if self._sql.told else 0

    def _untold(self, _: Progress | None) -> int:
        are_told = " and ".join(f"{value} is not null" for value in self._sql.columns_told)
        ((rows,),) = self._table.fetch(
            f"select count(*) from ({self._rows('careful', self._texts)})"
            f" where {self._sql.is_good} and not ({are_told})"
        )
        return int(rows)

    def write(self, path: str | Path, progress: Progress | None = None) -> None:
        """Write all columns and the prediction, as Parquet or CSV by the file's ending.

        In Parquet, columns of numbers hold numbers, and those of Parquet keep their types. The
        engine writes fast, but no names that are empty or differ in case only.
        """
        self._require_digits()
        is_text = not str(path).endswith(".parquet")
        if is_text:
            self._require_one_mark()
        else:
            engine.require_writable(self.header, self._table.source)
        if self._table.cluster:
            self._write_on(self._table.cluster, str(path), progress)
            return
        with replacing(path) as unfinished, self._table.explained():
            if not engine.unwritable(self.header):
                self._copy(unfinished, str(path), progress)
            else:
                with unfinished.open("w", encoding="utf-8", newline="") as stream:
                    stream.writelines(csv_lines(chain([self.header], self.rows(progress))))

    def _copy(self, unfinished: Path, name: str, progress: Progress | None) -> None:
        """Write at one reading; where that meets a cell that does not suit, read with care."""
        is_text = not name.endswith(".parquet")
        predicted = self._as_text(self._sql.predicted) if is_text else self._sql.predicted

        def write(care: Care, kinds: Sequence[Kind]) -> int:
            rows, how = f"({self._named(care, kinds, predicted)})", engine.format_of(name)
            return self._table.engine.write(rows, unfinished, how, progress)

        kinds = self._texts if is_text else self.likely_kinds()
        try:
            read = self._with_broken(RowsRead(write("strict", kinds)), "strict")
            account(self._table, read, whole=True)
        except EngineError:
            self._check(progress)
            write("careful", self._suited(kinds))

    def _suited(self, kinds: Sequence[Kind]) -> Sequence[Kind]:
        """Take other kinds for columns that hold more than these."""
        while unsuited := set().union(*self._over(Predictions._unsuited, None, kinds)):
            kinds = [
                KINDS[1 + KINDS.index(kind)] if place in unsuited else kind
                for place, kind in zip(self._places, kinds, strict=True)
            ]
        return kinds

    def _write_on(self, cluster: Cluster, name: str, progress: Progress | None) -> None:
        """Let each worker write the rows that it has, once all rows have been checked."""
        self._check(progress)
        kinds, header = self._texts, "".join(csv_lines([self.header]))
        if name.endswith(".parquet"):
            kinds, header = self._suited(self._on_head.likely_kinds()), ""
        write = partial(_written, self._given, kinds, name)
        self._table.write_on(cluster, write, name, header, progress)

    @property
    def _on_head(self) -> "Predictions":
        return Predictions(self._table.here, *self._given)

    def _write_part(self, kinds: Sequence[Kind], name: str) -> Path:
        """Write a piece of a larger table to a file of its own."""
        path = staged(".part")
        if engine.unwritable(self.header):
            with path.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(csv_lines(chain([self.header], self.rows())))
        else:
            is_text = not name.endswith(".parquet")
            predicted = self._as_text(self._sql.predicted) if is_text else self._sql.predicted
            rows = f"({self._named('careful', kinds, predicted)})"
            self._table.engine.write(rows, path, engine.format_of(name))
        return path

    def _unsuited(self, kinds: Sequence[Kind], _: Progress | None) -> set[int]:
        """Give the places of the columns that hold more than these kinds."""
        tests = ", ".join(f"coalesce(bool_or(odd{place}), false)" for place in self._places)
        rows = self._rows("careful", kinds)
        (found,) = self._table.fetch(f"select {tests} from ({rows}) where {self._sql.is_good}")
        return {place for place, is_odd in zip(self._places, found, strict=True) if is_odd}

    def likely_kinds(self) -> list[Kind]:
        """Tell by the types of Parquet or the first cells what each column holds."""
        found = [self._found(part) for part in self._table.parts]
        likely = [likely_kind(self._table, places) for places in zip(*found, strict=True)]
        unknown = [place for place, kind in zip(self._places, likely, strict=True) if kind is None]
        later = self._kinds_of_later_cells(unknown) if unknown else {}
        return [kind or later[place] for place, kind in zip(self._places, likely, strict=True)]

    def _kinds_of_later_cells(self, places: Sequence[int]) -> dict[int, Kind]:
        """Tell by one filled cell what a column holds, which is text where there is none."""
        parts = self._table.parts
        cells = (f"f{place}" for place in places)
        filled = (f"min({f}) filter (not {parts[0].parsing.nothing_sql(f)})" for f in cells)
        rows = f"({self._rows('careful', self._texts)}) where {self._sql.is_good}"
        (found,) = self._table.fetch(f"select {', '.join(filled)} from {rows}")
        return {
            place: "varchar" if cell is None else kind_of_cells([text_of(cell)], parts)
            for place, cell in zip(places, found, strict=True)
        }


def _on_piece(
    table: Table,
    given: tuple[Any, ...],
    function: Callable[..., Result],
    more: tuple[Any, ...],
    progress: Progress | None,
) -> Result:
    return function(Predictions(table, *given), *more, progress)


def _written(
    given: tuple[Any, ...], kinds: Sequence[Kind], name: str, table: Table, _: Progress | None
) -> Path:
    return Predictions(table, *given)._write_part(kinds, name)  # noqa: SLF001 - of this module
