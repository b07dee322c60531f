"""The DuckDB connection of one table: quoting, running, progress, interruption."""

import glob
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from fitline.errors import DataError, FileError
from fitline.signals import asked_to_stop, end, end_if_asked
from fitline.vector import Vector

from . import arrow
from .spooling import staged, staging_folder
from .sql import text

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[float], None]
"""Called now and then while a table is read, with the part that is done, from 0 to 1."""

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # By the first, try_cast moves into the reader, which then keeps a long text about every bad
    # cell; the second takes a time that grows with the square of the number of columns. The others
    # trust a Parquet file's statistics, which know nothing of NaN.
    "disabled_optimizers": (
        "type_pushdown,common_subexpressions,statistics_propagation,filter_pushdown"
    ),
}
BATCH_ROWS = 10_000
TICK_SECONDS = 0.1
MOST_TICKS = 20
"""So long a query is waited for that is asked to stop."""

Result = TypeVar("Result")


class EngineError(Exception):
    """What the engine says of a query that it cannot answer."""


def path(place: Path) -> str:
    """Write the path of a local file, whatever its name.

    One gets a link that the engine cannot name: it wants UTF-8, takes a backslash for a slash, and
    looks for what may be a pattern among names that it cannot read.
    """
    place = place.absolute()  # then ~, s3:x or http:x is no more than a name
    written = os.fsencode(place).decode(errors="replace")
    is_plain = written == str(place) and glob.escape(written) == written
    if is_plain and ("\\" not in written or os.sep == "\\"):
        return written
    link = staged("")
    link.symlink_to(place)
    return str(link)


def scan(function: str, places: Sequence[Path], options: str = "") -> str:
    """Give the call of a function that reads these files; a folder called price=9 is no column."""
    return f"{function}({listed(places)}, hive_partitioning=false{options})"


def listed(places: Sequence[Path]) -> str:
    """List files, whatever their names."""
    return f"[{', '.join(text(glob.escape(path(place))) for place in places)}]"


def identifier(name: str) -> str:
    """Quote a name, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def format_of(name: str) -> str:
    """Choose Parquet or CSV by the ending of a file's name."""
    return "format parquet" if name.endswith(".parquet") else "format csv, header"


def unwritable(names: Sequence[str]) -> str | None:
    """Say why a table with these names cannot be written as it is; the engine renames some."""
    if not all(names):
        return "a column has no name"
    if len(set(names)) < len(names):
        return "two columns have one name"
    if len({name.casefold() for name in names}) < len(names):
        return "two columns have names that differ by case alone"
    return None


def require_writable(names: Sequence[str], source: str) -> None:
    """Raise DataError where no Parquet file can be written with these names."""
    if told := unwritable(names):
        raise DataError(
            f"{told}, which fitline does not write to Parquet",
            file=source,
            hint="write CSV, which takes any: -o FILE.csv",
        )


@dataclass(frozen=True)
class Rejected:
    """Broken rows of one kind, in the engine's words: how many, and the line of the first."""

    name: str
    rows: int
    line: int


def connect() -> "duckdb.DuckDBPyConnection":
    """Open a database in memory."""
    import duckdb  # which takes as long as all the rest of a small table

    folder = ""  # then the engine holds all in memory
    with suppress(FileError):
        folder = str(staging_folder())
    settings = {**SETTINGS, "temp_directory": folder}
    database = duckdb.connect(config=settings)  # type: ignore[arg-type] # a dict of str
    database.execute("set global TimeZone = 'UTC'")
    return database


class Engine:
    """Run SQL, one query at a time, until it is closed; the first query opens it."""

    def __init__(self) -> None:
        self._tells_progress = False

    def __reduce__(self) -> tuple[Callable[[], "Engine"], tuple[()]]:
        """Let what is pickled open an engine of its own."""
        return Engine, ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if "_connection" in self.__dict__:
            self._connection.close()

    @cached_property
    def _connection(self) -> "duckdb.DuckDBPyConnection":
        with _told():
            return connect()

    def register(self, name: str, columns: dict[str, Any]) -> None:
        """Let queries read arrays of equal length as the table `name`."""
        with _told():
            self._connection.register(name, columns)

    def beside(self, work: Callable[[], Result]) -> "Future[Result]":
        """Do some work while queries run."""
        return _threads(os.getpid()).submit(work)

    def fetch(self, query: str, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        """Run a query and give all its rows; Ctrl-C stops it at once."""
        return self._run(lambda: self._connection.execute(query).fetchall(), progress)

    def write(self, rows: str, place: Path, how: str, progress: Progress | None = None) -> int:
        """Write a table or query to a file, and give how many rows it has.

        Raises OSError where the file cannot be written.
        """
        # A file begun before makes the engine begin yet another one beside it, unless told not to.
        target = f"{text(path(place))} ({how}, use_tmp_file false)"
        try:
            ((written,),) = self.fetch(f"copy {rows} to {target}", progress)
        except EngineError as error:
            raise _unwritten(error, place) from error
        return int(written)

    def arrays(self, query: str, progress: Progress | None = None) -> dict[str, Any]:
        """Run a query and give its columns as arrays of the shape (rows,)."""
        return self._run(lambda: self._connection.execute(query).fetchnumpy(), progress)

    def each_batch(
        self,
        query: str,
        take: Callable[[Vector, NDArray[np.bool_]], None],
        progress: Progress | None = None,
        *,
        at_once: bool = False,
    ) -> None:
        """Run a query of float64 columns, and hand on its rows as `arrow.batches` gives them.

        For a stream the engine plans a query twice; the rows of a small table come `at_once`.
        """

        def work() -> None:
            if at_once:
                rows = self._connection.execute(query).fetchall()
                filled = np.array([None not in row for row in rows], dtype=bool)
                width = len(self._connection.description)
                take(np.array(rows, dtype=float).reshape(len(rows), width).T, filled)
                return
            try:
                for columns, filled in arrow.batches(self._connection.sql(query)):
                    take(columns, filled)
            except arrow.StreamError as error:
                if "Out of Memory" in str(error):
                    raise MemoryError from error
                raise EngineError(str(error)) from error

        self._run(work, progress)

    def _run(self, take: Callable[[], Result], progress: Progress | None) -> Result:
        """Wait for the engine's threads, telling how far they are."""
        connection = self._connection  # opened here, before a thread of its own asks for it
        if progress and not self._tells_progress:
            # Progress is only known when DuckDB would draw its bar; it must not draw it.
            with _told():
                connection.execute(
                    "set enable_progress_bar = true; set enable_progress_bar_print = false"
                )
            self._tells_progress = True
        with asked_to_stop() as asked:
            work = _started(take)
            try:
                while not work.done() and not asked.is_set():
                    if progress:
                        progress(max(0.0, connection.query_progress() / 100))
                    wait([work], TICK_SECONDS)
            finally:
                # A query that only just begins does not hear the first call; one that waits for
                # the reader of a pipe hears none.
                ticks = count()
                while not work.done():
                    connection.interrupt()
                    wait([work], TICK_SECONDS)
                    if next(ticks) > MOST_TICKS:
                        end_if_asked()
        if asked.is_set():
            end()
        with _told():
            return work.result()

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Run a query and give its rows one by one, at constant memory."""
        cursor = self._connection.cursor()
        try:
            with _told():
                cursor.execute(query)
                while batch := cursor.fetchmany(BATCH_ROWS):
                    yield from batch
        finally:
            cursor.close()

    def rejected(self, query: str, delimiter: str) -> list[Rejected]:
        """Run a query that keeps broken rows; tell what kinds there were, how many, and forget.

        A row of blanks, quoted or not, and delimiters is no row, unless it has quoted nothing.
        """
        self.fetch(query)
        cell = r'( *"[\s\v]+")?[\s\v]*'
        blank = rf"[\r\n]*{cell}([\n{re.escape(delimiter)}]{cell})*"
        kinds = self.fetch(
            "select kind, count(*), min(line) from (select max(error_type::varchar) as kind,"
            " line from reject_errors where"
            f" not coalesce(regexp_full_match(csv_line, {text(blank)}), false)"
            " group by scan_id, file_id, line) group by kind order by kind"
        )
        self.fetch("drop table reject_errors; drop table reject_scans")
        return [Rejected(*kind) for kind in kinds]


@contextmanager
def _told() -> Iterator[None]:
    """Say in Python's way where the engine has no more memory, or cannot answer."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise MemoryError from error
    except duckdb.Error as error:
        raise EngineError(str(error)) from error


def _started(work: Callable[[], Result]) -> "Future[Result]":
    """Begin a work in a thread of its own."""
    try:
        return _threads(os.getpid()).submit(work)
    except RuntimeError as error:  # there is no room for its stack
        raise MemoryError from error


@cache
def _threads(process: int) -> ThreadPoolExecutor:  # noqa: ARG001 - a fork has other ones
    """Keep threads from query to query: the engine takes longer in a new one."""
    return ThreadPoolExecutor()


def _unwritten(error: EngineError, place: Path) -> Exception:
    """Tell a file that cannot be written from those that cannot be read."""
    import duckdb

    said, is_of_file = str(error), isinstance(error.__cause__, duckdb.IOException)
    if not is_of_file or ("Could not write" not in said and str(place) not in said):
        return error
    number = re.search(r'"errno":"(\d+)"', said)
    reason = os.strerror(int(number[1])) if number else said.rpartition(": ")[2]
    return OSError(int(number[1]) if number else None, reason)
