"""The rows of delimited text one by one, by Python's own reader, which knows their lines."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice, pairwise

from fitline.formatting import count

from .bad_rows import OPEN_QUOTE
from .cell_errors import first_trouble
from .cells import NO_VALUE
from .comments import COMMENT_MARKS
from .dialect import LOOK_LINES, TOP_LINES, Dialect
from .layout import end_of, is_blank, is_value
from .long_lines import refuse_long_lines
from .parts import BadRow, Wanted
from .survey import LONG_LINE, LONGEST_LINE
from .table_file import KEPT, File

END = 'end"'
"""A last line, which is a row as it stands unless a quote is open."""

csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class DelimitedRows:
    """Files of delimited text that are written alike, row by row."""

    files: tuple[File, ...]
    dialect: Dialect
    na: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name the files as the user did."""
        return self.files[0].name if len(self.files) == 1 else count(len(self.files), "file")

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names in the header."""
        return self.dialect.columns

    def refuse_long_lines(self) -> None:
        """Raise DataError where a line is longer than the engine reads, and name it."""
        for file in self.files:
            refuse_long_lines(file)

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

    @cached_property
    def _first_rows(self) -> list[list[str]]:
        last = self.dialect.first + TOP_LINES
        rows = self._rows(self.files[0], strict=False, last=last)
        return [row for _, row, _, _ in islice(rows, LOOK_LINES)]

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
        if NO_VALUE.fullmatch(row[0].strip()):
            return ""
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

    @property
    def ends_open(self) -> bool:
        """Tell whether the last row of a file has a quote that nothing closes."""
        return any(map(self._ends_open, self.files))

    def _ends_open(self, file: File) -> bool:
        lines = chain(islice(file.lines(), self.dialect.first, None), [END])
        rows = csv.reader(lines, delimiter=self.dialect.delimiter, skipinitialspace=True)
        (last,) = deque(rows, maxlen=1)
        return last != [END]
