"""A table on Spark: its head is here, and functions run over its pieces on the workers."""

import codecs
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fitline.data.bad_rows import OPEN_QUOTE
from fitline.data.cluster import Found
from fitline.data.engine import Progress
from fitline.data.parts import Part
from fitline.data.sniffing import MARKED, look_at
from fitline.data.spooling import staged
from fitline.data.table_file import WIDE, File
from fitline.errors import DataError, FileError, FitlineError
from fitline.formatting import count
from fitline.reading import Reading
from fitline.signals import to_undo
from fitline.vector import Vector

from . import pieces, workers
from .files import SparkFiles
from .session import HERE, Session, reach

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

Result = TypeVar("Result")

WHOLE = "_SUCCESS"
"""What Spark writes at last into a folder."""

HEAD_ROWS = 10_000
"""So many rows tell how a table is written, or none do."""


class SparkCluster:
    """What reads a table by Spark. Raises DataError where no Spark is there."""

    def __init__(self, reading: Reading) -> None:
        address, options = reading.cluster or (HERE, {})
        self._is_local = address == HERE
        self._session = reach(address, options)
        self._reading = reading

    def head(self, sources: Sequence[str], like: Reading | None) -> File:
        """Give a file with the first rows of the table that these paths name."""
        paths = self._paths(sources)
        self._files = self._session.ask(lambda: SparkFiles.of(self._session.spark, paths, sources))
        rows = self._session.ask(lambda: self._files.head(HEAD_ROWS))
        path = staged(".parquet" if self._files.is_parquet else ".txt")
        columns = rows.column_names if self._files.is_parquet else None
        pieces.write(path, iter(rows.to_batches() or [_none(rows)]), columns)
        names = self._files.names
        name = names[0] if len(names) == 1 else count(len(names), "file")
        self._require_lines(path, name)
        known = like.text_encoding if like else None
        file = look_at(name, path, self._reading, known)
        if known and file.kind == "delimited" and file.path != path:
            self._reading = replace(self._reading, encoding=known)
        return file

    def _require_lines(self, path: Path, name: str) -> None:
        """Raise DataError where the text is in an encoding in which Spark finds no lines."""
        with path.open("rb") as stream:
            start = stream.read(4)
        named = self._reading.text_encoding
        is_wide = named and codecs.lookup(named).name.startswith(WIDE)
        if is_wide or start.startswith(tuple(MARKED)):
            raise DataError(
                "Spark reads no lines of UTF-16 or UTF-32",
                file=name,
                hint=f"write it as UTF-8 first: iconv -f utf-16 -t utf-8 {name}",
            )

    def over(
        self,
        parts: Sequence[Part],
        function: Callable[[Part], Result],
        places: Sequence[int] | None = None,
        progress: Progress | None = None,
    ) -> list[Found[Result]]:
        """Run a function over each piece of the table, in the order of its rows."""
        task = self._packed(parts, function)

        def work() -> list[Any]:
            running = partial(workers.run, task)
            return self._files.frame(places).mapInArrow(running, workers.SCHEMA).collect()

        return [*self._found(self._session.ask(work, progress))]

    def _packed(self, parts: Sequence[Part], function: Callable[[Part], Any]) -> bytes:
        (part,) = parts
        return workers.packed(part, self._reading, function)

    def hold(
        self,
        parts: Sequence[Part],
        function: Callable[[Part], Vector],
        places: Sequence[int],
        width: int,
    ) -> "HeldRows":
        """Let each worker hold so many columns that a function makes of those at the places."""
        schema = ", ".join(f"c{nth} double" for nth in range(width))
        holding = partial(workers.numbers, self._packed(parts, function))
        rows = self._session.ask(
            lambda: self._files.frame(places).mapInArrow(holding, schema).persist()
        )
        return HeldRows(self._session, rows)

    def write(
        self,
        parts: Sequence[Part],
        function: Callable[[Part], Path],
        name: str,
        header: str,
        example: Path,
        progress: Progress | None = None,
    ) -> None:
        """Write the rows of files that a function makes of each piece into a folder."""
        task, (path,) = self._packed(parts, function), self._paths([name])

        def work() -> None:
            writing = partial(workers.write, task, header)
            if header:
                self._files.frame().mapInArrow(writing, f"{pieces.LINE} string").write.text(path)
            else:
                schema = schema_of(example)
                self._files.frame().mapInArrow(writing, schema).write.parquet(path)

        try:
            with self._whole_or_none(path):
                self._session.ask(work, progress)
        except FileError as error:
            error.file = name
            raise

    @contextmanager
    def _whole_or_none(self, folder: str) -> Iterator[None]:
        """Remove a new folder of this machine that Spark does not write to its end."""
        if "://" in folder or os.path.lexists(folder):
            yield
            return

        def remove() -> None:
            if not (Path(folder) / WHOLE).exists():
                shutil.rmtree(folder, ignore_errors=True)

        undone = [remove, self._session.kill]  # the last one first
        to_undo.extend(undone)
        try:
            yield
        except BaseException:
            remove()
            raise
        finally:
            del to_undo[-len(undone) :]

    def _paths(self, names: Sequence[str]) -> Sequence[str]:
        """Give paths for Spark; on this machine its Java may have begun in another folder."""
        if not self._is_local:
            return names
        return [one if "://" in one else str(Path(one).absolute()) for one in names]

    def _found(self, rows: Sequence[Any]) -> Iterator[Found[Any]]:
        """Put what was found in order. Raises the first error."""
        places = self._session.ask(lambda: self._files.places)
        names = self._files.names
        rows = sorted(rows, key=lambda row: (places[row[0]], row[1]))
        for file, own in groupby(rows, key=lambda row: row[0]):
            name, above = names[places[file]], 0
            for _, start, count_, value in own:
                found = workers.unpacked(value)
                if isinstance(found, FitlineError):
                    raise _placed(found, f"{file}:{start}", name, above)
                yield Found(found, name, above)
                above += count_


@dataclass(frozen=True, eq=False)
class HeldRows:
    """Columns of numbers that the workers hold, in memory as far as there is room."""

    session: Session
    frame: "DataFrame"

    def total(self, function: Callable[[Vector], Vector]) -> Vector:
        """Add up what a function gives of blocks of them; their order is that of the pieces."""
        summing = partial(workers.sums, workers.dumps(function))
        found = self.session.ask(
            lambda: self.frame.mapInArrow(summing, f"{workers.VALUE} binary").collect()
        )
        sums: list[Vector] = [workers.unpacked(value) for (value,) in found]
        return sum(sums[1:], sums[0])


def _placed(error: FitlineError, piece: str, name: str, above: int) -> FitlineError:
    """Say where an error stands in the file of a piece."""
    if error.message == OPEN_QUOTE:
        error.hint = f"{error.hint}; Spark cuts a text where lines end, so no cell may hold one"
    if error.file == piece:
        error.file = name
        error.line = None if error.line is None else error.line + above
    return error


def schema_of(example: Path) -> "StructType":
    """Give the types of the columns of a Parquet file, as Spark calls them."""
    from pyarrow.parquet import read_schema
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(read_schema(example))


def _none(rows: "pa.Table") -> "pa.RecordBatch":
    import pyarrow as pa

    return pa.RecordBatch.from_pylist([], rows.schema)
