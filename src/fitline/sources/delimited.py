"""Tables of delimited text: CSV, TSV and their kin."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from fitline.digits import count
from fitline.errors import DataError

from . import cells, engine
from .bad_rows import OPEN_QUOTE
from .engine import Engine
from .files import File
from .parts import BadRow, Care

DELIMITERS = ("\t", ";", "|", ",", " ")
LOOK_LINES = 100
"""How many lines are looked at to find the header and the delimiter."""

HEAD_BUFFER = ", buffer_size=4194304"
"""Twice the longest line that the engine reads; its usual buffer makes the first rows wait."""

BROKEN = {
    "careful": ", store_rejects=true",
    "swift": "",
    "head": f", ignore_errors=true{HEAD_BUFFER}",
}

csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Dialect:
    """How a file is written: the lines before its header, its delimiter, its columns."""

    skip: int
    delimiter: str
    columns: tuple[str, ...]


def open_delimited(engine_: Engine, files: Sequence[File]) -> list["Delimited"]:
    """Look at the head of each file, and put those that are alike into one part."""
    groups: dict[tuple[Dialect, str], list[File]] = {}
    for file in files:
        groups.setdefault((_dialect(engine_, file), file.compression), []).append(file)
    return [Delimited(engine_, tuple(group), dialect) for (dialect, _), group in groups.items()]


@dataclass(frozen=True)
class Delimited:
    """Files of delimited text that are written alike."""

    engine: Engine = field(repr=False)
    files: tuple[File, ...]
    dialect: Dialect

    @property
    def name(self) -> str:
        """Name the files as the user did."""
        return self.files[0].name if len(self.files) == 1 else count(len(self.files), "file")

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names in the header."""
        return self.dialect.columns

    def select(self, places: Sequence[int], care: Care = "careful") -> str:
        """Give a query of these columns; every cell is bound by its place in the row.

        Nothing is left to be guessed from a sample: read with care, all cells are text, and each
        broken row is counted; read swiftly, the cells wanted are numbers, or the query fails.
        """
        wanted = "double" if care == "swift" else "varchar"
        types = ", ".join(
            f"'c{place}': '{wanted if place in places else 'varchar'}'"
            for place in range(len(self.columns))
        )
        paths = ", ".join(engine.path(file.path) for file in self.files)
        named = ", ".join(f"c{place} as column_{nth}" for nth, place in enumerate(places))
        return (
            f"select {named} from read_csv([{paths}], auto_detect=false, header=true,"
            f" skip={self.dialect.skip}, delim={engine.text(self.dialect.delimiter)},"
            f" quote='\"', escape='\"', columns={{{types}}},"
            f" compression='{self.files[0].compression}'{BROKEN[care]})"
        )

    def bad_rows(self, places: Sequence[int], *, whole: bool = False) -> Iterator[BadRow]:
        """Read the files again with Python's own reader, which knows the lines."""
        names = [(place, self.columns[place]) for place in places]
        for file in self.files:
            for line, row, end in self._rows(file, strict=False):
                if reason := self._trouble(row, end, names):
                    yield BadRow(file.name, line, *reason)
                elif whole and any("\ufffd" in cell for cell in row):
                    yield BadRow(file.name, line, None, None, "the row is not UTF-8 text")

    def open_quotes(self) -> Iterator[BadRow]:
        """Read the files again, and give the first row in each whose quotes do not match."""
        for file in self.files:
            line = self.dialect.skip + 1
            try:
                for line, *_ in self._rows(file, strict=True):  # noqa: B007 - the last good one
                    pass
            except csv.Error:
                yield BadRow(file.name, line + 1, None, None, OPEN_QUOTE)

    def _rows(self, file: File, *, strict: bool) -> Iterator[tuple[int, list[str], str]]:
        """Give each row below the header, with the number of its first line and its last line."""
        end = ""

        def text() -> Iterator[str]:
            nonlocal end
            for end in islice(lines(self.engine, file), self.dialect.skip, None):  # noqa: UP028 - end is kept
                yield end

        reader = csv.reader(
            text(), delimiter=self.dialect.delimiter, skipinitialspace=True, strict=strict
        )
        next(reader, None)
        line = self.dialect.skip + reader.line_num + 1
        for row in reader:
            if row:
                yield line, row, end.rstrip("\r\n")
            line = self.dialect.skip + reader.line_num + 1

    def _trouble(
        self, row: list[str], end: str, names: Sequence[tuple[int, str]]
    ) -> tuple[str | None, str | None, str] | None:
        """Give the column, the value and the reason why a row cannot be used, or None.

        Delimiters too many at its end, with nothing after them, do no harm.
        """
        width = len(self.columns)
        more = len(row) - width
        nothing = rf'({re.escape(self.dialect.delimiter)}("")?){{{more}}}$'
        if more < 0 or (more > 0 and not re.search(nothing, end)):
            size = "short" if more < 0 else "long"
            return None, None, f"the row is too {size}: {count(len(row), 'cell')}, not {width}"
        for place, name in names:
            if reason := cells.trouble(name, row[place]):
                return name, row[place], reason
        return None


def lines(engine_: Engine, file: File) -> Iterator[str]:
    """Give every line of a file as an editor counts them, with its end.

    What is not UTF-8 becomes the replacement character, so that no line is lost.
    """
    if file.compression == "zstd":
        yield from (f"{line}\n" for line in _lines_of_zstd(engine_, file))
        return
    with file.open_text() as stream:
        yield from stream


def _lines_of_zstd(engine_: Engine, file: File) -> Iterator[str]:
    query = (
        f"select line from read_csv({engine.path(file.path)}, auto_detect=false, header=false,"
        " delim='\\x01', quote='', escape='', columns={'line': 'varchar'}, compression='zstd',"
        f" strict_mode=false{HEAD_BUFFER})"
    )
    for (line,) in engine_.stream(query):
        yield line or ""


def _dialect(engine_: Engine, file: File) -> Dialect:
    """Find the header, the delimiter and the names of the columns.

    The header is the first line with something in it. The delimiter is the one that cuts most
    lines into as many cells as the header, at least two; then the one that makes more columns.
    """
    head = list(islice(lines(engine_, file), LOOK_LINES))
    skip = next((place for place, line in enumerate(head) if not _is_prelude(line)), None)
    if skip is None:
        raise DataError(
            "the file is empty",
            file=file.name,
            hint="a table begins with a line of column names, such as sqft,price",
        )
    best, found = (-1, 0), Dialect(skip, ",", _names(head[skip:], ","))
    for delimiter in DELIMITERS:
        header, *rows = _cells(head[skip:], delimiter)
        agreeing = sum(len(row) == len(header) for row in rows)
        rank = agreeing, 0 if delimiter == " " else len(header)
        if len(header) > 1 and rank > best:
            best, found = rank, Dialect(skip, delimiter, _names(head[skip:], delimiter))
    return found


def _is_prelude(line: str) -> bool:
    """Tell whether a line stands before the header: a blank one, or `sep=;` for Excel."""
    return not line.strip() or line.casefold().startswith("sep=")


def _names(head: Iterable[str], delimiter: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in _cells(head, delimiter)[0])


def _cells(head: Iterable[str], delimiter: str) -> list[list[str]]:
    return [row for row in csv.reader(head, delimiter=delimiter, skipinitialspace=True) if row]
