"""Tables of delimited text: CSV, TSV and their kin."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fitline.errors import DataError

from . import cells, engine
from .bad_rows import OPEN_QUOTE
from .engine import Engine
from .files import File
from .parts import BadRow

DELIMITERS = ("\t", ";", "|", ",", " ")
LOOK_LINES = 100
"""How many lines are looked at to find the delimiter."""

HEAD_BUFFER = ", buffer_size=4194304"
"""Twice the longest line that the engine reads; its usual buffer makes the first rows wait."""

csv.field_size_limit(2**31 - 1)


def open_delimited(engine_: Engine, files: Sequence[File]) -> list["Delimited"]:
    """Look at the head of each file, and put those that are alike into one part."""
    groups: dict[tuple[str, tuple[str, ...], str], list[File]] = {}
    for file in files:
        groups.setdefault((*_dialect(engine_, file), file.compression), []).append(file)
    return [
        Delimited(engine_, tuple(group), delimiter, columns)
        for (delimiter, columns, _), group in groups.items()
    ]


@dataclass(frozen=True)
class Delimited:
    """Files of delimited text with the same delimiter and header."""

    engine: Engine = field(repr=False)
    files: tuple[File, ...]
    delimiter: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name the files as the user did."""
        return self.files[0].name if len(self.files) == 1 else f"{len(self.files)} files"

    def select(self, columns: Sequence[str], *, head: bool = False) -> str:
        """Give a query of these columns as text; every cell is bound by its place in the row."""
        types = ", ".join(f"'c{place}': 'varchar'" for place in range(len(self.columns)))
        paths = ", ".join(engine.text(str(file.path)) for file in self.files)
        names = ", ".join(
            f"c{self.columns.index(column)} as {engine.identifier(column)}" for column in columns
        )
        # Nothing is left to be guessed from a sample. A whole pass counts each broken row; the
        # head leaves them out, and its small buffer makes nobody wait.
        broken = f"ignore_errors=true{HEAD_BUFFER}" if head else "store_rejects=true"
        return (
            f"select {names} from read_csv([{paths}], auto_detect=false, header=true,"
            f" delim={engine.text(self.delimiter)}, quote='\"', escape='\"',"
            f" columns={{{types}}}, compression='{self.files[0].compression}',"
            f" {broken})"
        )

    def bad_rows(self, columns: Sequence[str]) -> Iterator[BadRow]:
        """Read the files again with Python's own reader, which knows the lines."""
        for file in self.files:
            yield from self._bad_rows_of(file, columns)

    def _bad_rows_of(self, file: File, columns: Sequence[str]) -> Iterator[BadRow]:
        places = [(self.columns.index(column), column) for column in columns]
        rows = csv.reader(lines(self.engine, file), delimiter=self.delimiter, strict=True)
        line, header = 1, True
        while True:
            try:
                row = next(rows, None)
            except csv.Error:
                yield BadRow(file.name, line, None, None, OPEN_QUOTE)
                return
            if row is None:
                return
            if row and not header:
                yield from _troubles(file.name, line, row, len(self.columns), places)
            header = header and not row
            line = rows.line_num + 1


def _troubles(
    file: str, line: int, row: list[str], width: int, places: Sequence[tuple[int, str]]
) -> Iterator[BadRow]:
    """Give the row where it cannot be used, with the first reason."""
    if len(row) < width or any(row[width:]):
        size = "short" if len(row) < width else "long"
        yield BadRow(
            file, line, None, None, f"the row is too {size}: {len(row)} cells, not {width}"
        )
        return
    for place, column in places:
        if reason := cells.trouble(column, row[place]):
            yield BadRow(file, line, column, row[place], reason)
            return


def lines(engine_: Engine, file: File, most: int | None = None) -> Iterator[str]:
    """Give every line of a file, or the first ones, whatever its line ends and encoding.

    Latin-1 turns each byte into one character, so that no line is refused; it is decoded here.
    """
    query = (
        f"select line from read_csv({engine.text(str(file.path))}, auto_detect=false,"
        " header=false, delim='\\x01', quote='', escape='', columns={'line': 'varchar'},"
        f" compression='{file.compression}', encoding='latin-1', strict_mode=false"
        f"{'' if most is None else HEAD_BUFFER}){'' if most is None else f' limit {most}'}"
    )
    for place, (line,) in enumerate(engine_.stream(query)):
        decoded = (line or "").encode("latin-1").decode("utf-8", errors="replace")
        yield (decoded.removeprefix("\ufeff") if place == 0 else decoded) + "\n"


def _dialect(engine_: Engine, file: File) -> tuple[str, tuple[str, ...]]:
    """Find the delimiter and the names of the columns.

    The delimiter is the one that cuts most lines into as many cells as the header, at least two.
    """
    head = list(lines(engine_, file, LOOK_LINES))
    if not any(line.strip() for line in head):
        raise DataError(
            "the file is empty",
            file=file.name,
            hint="a table begins with a line of column names, such as sqft,price",
        )
    most, found = -1, (",", _rows(head, ",")[0])
    for delimiter in DELIMITERS:
        header, *rows = _rows(head, delimiter)
        agreeing = sum(len(row) == len(header) for row in rows)
        if len(header) > 1 and agreeing > most:
            most, found = agreeing, (delimiter, header)
    delimiter, names = found
    return delimiter, tuple(name.strip() for name in names)


def _rows(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    return [row for row in csv.reader(lines, delimiter=delimiter) if row]
