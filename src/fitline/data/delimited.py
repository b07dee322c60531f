"""Tables of delimited text: CSV, TSV and their kin."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import ClassVar

from fitline.reading import Reading
from fitline.vector import Vector

from . import engine, sql
from .cells import Numbers, Parsing
from .delimited_rows import DelimitedRows
from .dialect import Dialect, find, top_lines
from .engine import Engine, EngineError, Rejected
from .long_lines import can_wait, refuse_long_lines
from .one_notation import written_alike
from .parts import Care
from .plain_copy import made_plain, unaligned_copies
from .plain_numbers import plain_numbers
from .sql import trimmed
from .table_file import File, as_utf_8

HEAD_BUFFER = ", buffer_size=4194304, parallel=false"
"""Twice the longest line that the engine reads; its usual buffer makes the first rows wait. They
are read in order, since broken rows are left out."""

BROKEN = {
    "careful": ", ignore_errors=true, allow_quoted_nulls=false",
    "counting": ", store_rejects=true",
    "strict": "",
    "swift": "",
    "eager": "",
    "head": f", ignore_errors=true{HEAD_BUFFER}",
}

LENIENT = ("careful", "counting")
"""Read so, a broken row is left out or kept; all columns are looked at, for a row may be blank."""

AT_ONCE = ("eager", "head")
"""Read so, a file has not been looked at before."""

ONE_BUFFER = 1 << 22
"""In bytes. A text that is larger may be read from several places at once."""

LIKELY = 2
"""How many cells tell of most rows that they are not blank."""

FRACTIONAL = (b".", b"e", b"E")
"""What stands in every number with a fraction or an exponent."""


def open_delimited(
    engine_: Engine, files: Sequence[File], reading: Reading, known: Numbers | None
) -> tuple[list["Delimited"], list[str]]:
    """Look at the head of each file, and put those in a row that are alike into one part.

    Gives notes of what was found as well. Doubtful numbers are read as those that are `known`.
    """
    dialects, notes = [], []
    for file in files:
        if not can_wait(file):
            refuse_long_lines(file)
        dialect, found = find(top_lines(file, reading), reading, file.name)
        dialects.append(dialect)
        notes += found
    groups: list[tuple[Dialect, list[File]]] = []
    dialects, found = written_alike(files, dialects, known)
    notes += found
    for file, dialect in zip(files, dialects, strict=True):
        plain = made_plain(file, dialect)
        if groups and _are_alike(groups[-1], dialect, plain):
            groups[-1][1].append(plain)
        else:
            groups.append((dialect, [plain]))
    return [
        Delimited(tuple(group), dialect, reading.na_texts, engine_) for dialect, group in groups
    ], notes


def _are_alike(group: tuple[Dialect, list[File]], dialect: Dialect, file: File) -> bool:
    """Tell whether a file can be read with those of a group."""
    own, (first, *_) = group
    return (own, first.compression) == (dialect, file.compression)


@dataclass(frozen=True)
class Delimited(DelimitedRows):
    """Files of delimited text that are written alike, as a part to read."""

    unit: ClassVar[str] = "line"

    engine: Engine = field(repr=False)

    @property
    def size(self) -> float:
        """Add up the files."""
        return sum(file.size for file in self.files)

    @property
    def parsing(self) -> Parsing:
        """Tell how numbers are written."""
        return Parsing(self.dialect.numbers, self.na)

    def is_text(self, place: int, care: Care) -> bool:
        """Tell whether `select` gives text: all but what is read swiftly."""
        if care == "eager":
            return not self.parsing.is_swift
        return care != "swift" or not self.is_swift

    @property
    def is_surveyed(self) -> bool:
        """Tell whether every byte has been looked at."""
        return all(file.is_surveyed for file in self.files)

    @cached_property
    def is_in_order(self) -> bool:
        """Tell whether rows that may be broken must be read one after the other.

        Where the engine begins in the middle of a text, it may begin in the middle of a cell; that
        rows do not fit together then, it sees only where it stops at a broken one.
        """
        if self.size <= ONE_BUFFER or not any(file.survey.has_quotes for file in self.files):
            return False
        try:
            self.engine.fetch(f"select count(c0) from {self._scan((), 'strict')}")
        except EngineError:
            return True
        return False

    @cached_property
    def is_swift(self) -> bool:
        """Tell whether the engine may read numbers by itself, and take nothing else for one."""
        return self.parsing.is_swift and not any(
            file.survey.last_odd >= self._start_of_rows(file) for file in self.files
        )

    @cached_property
    def is_whole(self) -> bool:
        """Tell whether no cell can hold a number with a fraction or an exponent, however written.

        Then what begins like a whole number and is one to the engine is written as one.
        """
        return self.is_swift and not any(
            file.holds_any(FRACTIONAL, self._start_of_rows(file)) for file in self.files
        )

    def _start_of_rows(self, file: File) -> int:
        """Give the place of the first byte below the header, whose names may hold anything."""
        with file.open_text("latin-1") as text:  # a character a byte
            return sum(map(len, islice(text, self.dialect.first)))

    def holds_dates(self, place: int) -> bool:
        """Give no: a date is a text here."""
        return False

    def head(self, place: int) -> Sequence[str]:
        """Give the first cells of a column."""
        return [row[place] for row in self._first_rows if place < len(row)]

    def select(
        self, places: Sequence[int], care: Care = "careful", texts: Collection[int] = ()
    ) -> str:
        """Give a query of these columns; every cell is bound by its place in the row.

        Nothing is left to be guessed from a sample: read with care, all cells are text; read
        swiftly, the cells wanted are numbers but for the `texts`, or the query fails.
        """
        cell = "nullif({}, '')" if care == "careful" else "{}"
        named = ", ".join(
            f"{cell.format(self._cells[place])} as column_{nth}"
            for nth, place in enumerate(places)
        )
        where = f" where {_is_filled(self._cells, places)}" if care == "careful" else ""
        return f"select {named} from {self._scan(places, care, texts)}{where}"

    def plain_numbers(self, places: Sequence[int]) -> Vector | None:
        """Give the cells of these columns where they are read without the engine, else None."""
        if len(self.files) > 1 or self.na:
            return None
        return plain_numbers(self.files[0], self.dialect, places)

    def count_blank(self, places: Sequence[int]) -> int:
        """Count the rows of blanks and delimiters alone, which the careful reading leaves out."""
        is_filled, rows = _is_filled(self._cells, places), self._scan(places, "careful")
        ((blank,),) = self.engine.fetch(
            f"select count(*) from {rows} where ({is_filled}) is not true"
        )
        return int(blank)

    @cached_property
    def _cells(self) -> Sequence[str]:
        """Name the cells of a row for the engine."""
        return [f"c{place}" for place in range(len(self.columns))]

    def _scan(self, places: Sequence[int], care: Care, texts: Collection[int] = ()) -> str:
        """Read the cells of all rows, of which those at these places are wanted."""
        is_whole = len(set(places)) == len(self._cells)
        known = self._legible if care in LENIENT and not is_whole else self._unaligned
        files = self.files if care in AT_ONCE else known
        swift = {place for place in places if not self.is_text(place, care)} - {*texts}
        types = ", ".join(
            f"'{column}': '{'double' if place in swift else 'varchar'}'"
            for place, column in enumerate(self._cells)
        )
        how = (
            ", auto_detect=false, header=false,"
            f" skip={self.dialect.first}, delim={sql.text(self.dialect.delimiter)},"
            f" quote='\"', escape='\"', columns={{{types}}},"
            f" compression='{files[0].compression}'{self._new_line}{BROKEN[care]}"
        )
        if care in LENIENT and self.is_in_order:
            how += ", parallel=false"
        return engine.scan("read_csv", [file.path for file in files], how)

    @property
    def _new_line(self) -> str:
        """Tell the engine how rows end, where it would mistake that."""
        end = self.dialect.end
        return f", new_line='{end.encode('unicode_escape').decode()}'" if end else ""

    @cached_property
    def _unaligned(self) -> Sequence[File]:
        return unaligned_copies(self.files, self.dialect)

    @cached_property
    def _legible(self) -> Sequence[File]:
        """Give these, or copies if one is not UTF-8, with the replacement character in them.

        The engine leaves out a row for a cell that is not UTF-8, also one that nobody asks for.
        """
        if all(file.is_utf_8 for file in self.files):
            return self._unaligned
        return [
            replace(file, path=as_utf_8(file, "utf-8-sig", "replace"), compression="none")
            for file in self._unaligned
        ]

    def broken_rows(self, places: Sequence[int]) -> list[Rejected]:
        """Tell what kinds of rows the engine cannot take apart for these columns, and how many."""
        counted = ", ".join(f"count(column_{nth})" for nth in range(len(places)))
        query = f"select {counted} from ({self.select(places, 'counting')})"
        return self.engine.rejected(query, self.dialect.delimiter)

    @property
    def sure_numbers(self) -> Numbers | None:
        """Tell how its numbers are written, where its first lines leave no doubt."""
        return self.dialect.numbers if self.dialect.is_certain else None

    def texts(self, place: int) -> Iterable[str]:
        """Give none, for how numbers are written has been found."""
        return ()


def _is_filled(columns: Sequence[str], wanted: Sequence[int]) -> str:
    """Say that a row holds more than blanks, for which most need a look at one cell only.

    What is not blank mostly begins with something above the space, and trimming takes long, as
    does an expression of many columns. A cell that is empty, rather than not there, was quoted.
    """
    listed = ", ".join(columns)
    likely = [columns[place] for place in wanted[:LIKELY]]
    tests = [f"{cell} >= '!' or {trimmed(cell)} <> ''" for cell in likely]
    return " or ".join([*tests, f"{trimmed(f'concat({listed})')} <> ''", f"'' in ({listed})"])
