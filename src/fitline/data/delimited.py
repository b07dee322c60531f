"""Tables of delimited text: CSV, TSV and their kin."""

import csv
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice, pairwise
from typing import ClassVar

from fitline.formatting import count
from fitline.reading import Reading

from . import engine
from .bad_rows import OPEN_QUOTE
from .cell_errors import first_trouble
from .cells import Numbers, Parsing
from .comments import COMMENT_MARKS
from .dialect import LOOK_LINES, TOP_LINES, Dialect, find, top_lines
from .engine import Engine, EngineError, Rejected
from .layout import end_of, is_blank, is_value
from .long_lines import can_wait, refuse_long_lines
from .one_notation import written_alike
from .parts import BadRow, Care, Wanted
from .plain_copy import made_plain
from .sniffing import KEPT, File, as_utf_8
from .sql import trimmed
from .survey import LONG_LINE, LONGEST_LINE

HEAD_BUFFER = ", buffer_size=4194304, parallel=false"
"""Twice the longest line that the engine reads; its usual buffer makes the first rows wait."""

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

ONE_BUFFER = 1 << 22
"""In bytes. A text that is larger may be read from several places at once."""

END = 'end"'
"""A last line, which is a row as it stands unless a quote is open."""

LIKELY = 2
"""How many cells tell of most rows that they are not blank."""

FRACTIONAL = (b".", b"e", b"E")
"""What stands in every number with a fraction or an exponent."""

csv.field_size_limit(2**31 - 1)


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
        Delimited(engine_, tuple(group), dialect, reading.na_texts) for dialect, group in groups
    ], notes


def _are_alike(group: tuple[Dialect, list[File]], dialect: Dialect, file: File) -> bool:
    """Tell whether a file can be read with those of a group."""
    own, (first, *_) = group
    return (own, first.compression) == (dialect, file.compression)


@dataclass(frozen=True)
class Delimited:
    """Files of delimited text that are written alike."""

    unit: ClassVar[str] = "line"

    engine: Engine = field(repr=False)
    files: tuple[File, ...]
    dialect: Dialect
    na: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the files as the user did."""
        return self.files[0].name if len(self.files) == 1 else count(len(self.files), "file")

    @property
    def size(self) -> float:
        """Add up the files."""
        return sum(file.size for file in self.files)

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names in the header."""
        return self.dialect.columns

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

    def refuse_long_lines(self) -> None:
        """Raise DataError where a line is longer than the engine reads, and name it."""
        for file in self.files:
            refuse_long_lines(file)

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

    @property
    def has_open_end(self) -> bool:
        """Tell whether a last row has an open quote; one that is read in order is lost then."""
        return self.is_in_order and any(map(self._ends_open, self.files))

    def _ends_open(self, file: File) -> bool:
        lines = chain(islice(file.lines(), self.dialect.first, None), [END])
        rows = csv.reader(lines, delimiter=self.dialect.delimiter, skipinitialspace=True)
        (last,) = deque(rows, maxlen=1)
        return last != [END]

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

    def head(self, place: int) -> Sequence[str]:
        """Give the first cells of a column."""
        return [row[place] for row in self._first_rows if place < len(row)]

    @cached_property
    def _first_rows(self) -> list[list[str]]:
        last = self.dialect.first + TOP_LINES
        rows = self._rows(self.files[0], strict=False, last=last)
        return [row for _, row, _, _ in islice(rows, LOOK_LINES)]

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
        files = self._legible if care in LENIENT and not is_whole else self.files
        swift = {place for place in places if not self.is_text(place, care)} - {*texts}
        types = ", ".join(
            f"'{column}': '{'double' if place in swift else 'varchar'}'"
            for place, column in enumerate(self._cells)
        )
        how = (
            ", auto_detect=false, header=false,"
            f" skip={self.dialect.first}, delim={engine.text(self.dialect.delimiter)},"
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
    def _legible(self) -> Sequence[File]:
        """Give the files, or copies if one is not UTF-8, with the replacement character in them.

        The engine leaves out a row for a cell that is not UTF-8, also one that nobody asks for.
        """
        if all(file.is_utf_8 for file in self.files):
            return self.files
        return [
            replace(file, path=as_utf_8(file, "utf-8-sig", "replace"), compression="none")
            for file in self.files
        ]

    def broken_rows(self, places: Sequence[int]) -> list[Rejected]:
        """Tell what kinds of rows the engine cannot take apart for these columns, and how many."""
        counted = ", ".join(f"count(column_{nth})" for nth in range(len(places)))
        query = f"select {counted} from ({self.select(places, 'counting')})"
        return self.engine.rejected(query, self.dialect.delimiter)

    def count_rows(self, *, exactly: bool) -> int:
        """Count the ends of lines, of which there are as many or more; exactly, read each row."""
        if exactly:
            return sum(self._count_rows(file) for file in self.files)
        return sum(map(self._count_lines, self.files))

    def _count_lines(self, file: File) -> int:
        """Count the lines below the header that are not blank."""
        above = islice(file.lines(), self.dialect.first)
        return max(file.survey.lines - sum(1 for line in above if line.strip("\r\n")), 0)

    def _count_rows(self, file: File) -> int:
        return sum(1 for _ in self._rows(file, strict=False))

    @property
    def sure_numbers(self) -> Numbers | None:
        """Tell how its numbers are written, where its first lines leave no doubt."""
        return self.dialect.numbers if self.dialect.is_certain else None

    def texts(self, place: int) -> Iterable[str]:
        """Give none, for how numbers are written has been found."""
        return ()

    def lines(self) -> Iterator[tuple[str, int]]:
        """Read the files again with Python's own reader, which knows the lines."""
        for file in self.files:
            for line, *_ in self._rows(file, strict=False):
                yield file.name, line

    def bad_rows(self, wanted: Wanted, *, whole: bool = False) -> Iterator[BadRow]:
        """Read the files again with Python's own reader, which knows the lines."""
        for file in self.files:
            for line, row, end, is_utf_8 in self._rows(file, strict=False):
                if bad := self._bad_row(file, line, row, end, wanted):
                    yield bad
                elif whole and not is_utf_8:
                    yield BadRow(file.name, line, None, None, "the row is not UTF-8 text")

    def open_quotes(self) -> Iterator[BadRow]:
        """Read the files again, and give the rows in each of which the engine finds no end.

        They are too long, or else the first one whose quotes do not match.
        """
        for file in self.files:
            try:
                for line, row, *_ in self._rows(file, strict=True):
                    if sum(map(len, row)) > LONGEST_LINE:
                        yield BadRow(file.name, line, None, None, LONG_LINE)
            except csv.Error as error:
                (line,) = error.args
                yield BadRow(file.name, line, None, None, OPEN_QUOTE)

    def other_line_ends(self) -> Iterator[tuple[str, int]]:
        """Give the first line in each file that ends a row otherwise than those before it."""
        for file in self.files:
            ends = self._ends(file)
            for (_, before), (line, after) in pairwise(ends):
                if after not in {before, ""}:
                    yield file.name, line
                    break

    def _ends(self, file: File) -> Iterator[tuple[int, str]]:
        """Give the number of the line on which each row ends, and how; so of each line above."""
        first, last = self.dialect.first, [""]

        def text() -> Iterator[str]:
            for line in islice(file.lines(), first, None):
                last[0] = line
                yield line

        above = enumerate(islice(file.lines(), first), start=1)
        yield from ((number, end_of(line)) for number, line in above)
        reader = csv.reader(text(), delimiter=self.dialect.delimiter, skipinitialspace=True)
        yield from ((first + reader.line_num, end_of(last[0])) for _ in reader)

    def _rows(
        self, file: File, *, strict: bool, last: int | None = None
    ) -> Iterator[tuple[int, list[str], str, bool]]:
        """Give each row with the number of its first line, its last line, and whether it is UTF-8.

        One of delimiters alone is none, and what is below the line `last` is not read. Strictly,
        raises csv.Error with the first line of a row whose quotes do not match.
        """
        taken: list[str] = []
        is_utf_8 = True

        def text() -> Iterator[str]:
            nonlocal is_utf_8
            for kept in islice(file.lines(KEPT), self.dialect.first, last):
                line = (
                    kept if kept.isascii() else kept.encode(errors=KEPT).decode(errors="replace")
                )
                is_utf_8 = is_utf_8 and line == kept
                taken.append(line)
                yield line

        reader = csv.reader(
            text(), delimiter=self.dialect.delimiter, skipinitialspace=True, strict=strict
        )
        line, width = self.dialect.first + 1, len(self.columns)
        try:
            for row in reader:
                if row and not is_blank(row, taken, self.dialect.delimiter, width):
                    yield line, row, taken[-1].rstrip("\r\n"), is_utf_8
                taken.clear()
                is_utf_8 = True
                line = self.dialect.first + reader.line_num + 1
        except csv.Error as error:
            raise csv.Error(line) from error

    def _bad_row(
        self, file: File, line: int, row: list[str], end: str, wanted: Wanted
    ) -> BadRow | None:
        """Say why a row cannot be used, or give None.

        Delimiters too many at its end, with nothing after them, do no harm.
        """
        width = len(self.columns)
        more = len(row) - width
        nothing = rf'({re.escape(self.dialect.delimiter)}("")?){{{more}}}$'
        if more < 0 or (more > 0 and not re.search(nothing, end)):
            size = "short" if more < 0 else "long"
            reason = f"the row is too {size}: {count(len(row), 'cell')}, not {width}"
            bad: BadRow | None = BadRow(file.name, line, None, None, reason)
        else:
            bad = first_trouble(file.name, line, row, wanted)
        if bad is None or bad.is_missing:
            return bad
        return replace(bad, reason=bad.reason + self._guess(line, row, end))

    @cached_property
    def _marks_of_rows(self) -> set[str]:
        """Find the marks of comments with which a row begins somewhere, as names may."""
        return {
            line.lstrip()[0]
            for file in self.files
            for line in islice(file.lines(), self.dialect.first, None)
            if line.lstrip().startswith(tuple(COMMENT_MARKS))
            and self.dialect.comments.rows.fit([line])
        }

    def _guess(self, line: int, row: Sequence[str], written: str) -> str:
        """Say what a row may be that is none; so it is `written`, up to the end of its line."""
        mark = written.lstrip()[:1]
        if mark and mark in COMMENT_MARKS and not self.dialect.comments.are_told:
            if mark in self._marks_of_rows:
                return " (a comment? --bad-rows skip leaves it out)"
            return f" (a comment? --comment '{mark}' leaves such lines out)"
        if line == self.dialect.begins_again:
            return f" (another table? --skip {line - 1} begins with it)"
        if line == self.dialect.first + 1 and not any(map(is_value, row)):
            named = f"--skip {line - 1}" if self.dialect.has_header else "leave out --no-header"
            return f" (units? --bad-rows skip leaves them out; names? {named})"
        return ""


def _is_filled(columns: Sequence[str], wanted: Sequence[int]) -> str:
    """Say that a row holds more than blanks, for which most need a look at one cell only.

    What is not blank mostly begins with something above the space, and trimming takes long, as
    does an expression of many columns. A cell that is empty, rather than not there, was quoted.
    """
    listed = ", ".join(columns)
    likely = [columns[place] for place in wanted[:LIKELY]]
    tests = [f"{cell} >= '!' or {trimmed(cell)} <> ''" for cell in likely]
    return " or ".join([*tests, f"{trimmed(f'concat({listed})')} <> ''", f"'' in ({listed})"])
