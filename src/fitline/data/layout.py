"""How lines of text become rows and columns: the delimiter, the header, labels of rows."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from fitline.reading import SPACES, Reading

from .cells import NOTATIONS, Parsing, Values
from .dates import Dates
from .sql import BLANKS

DELIMITERS = ("\t", ";", "|", ",", SPACES)
RARE = ";|"
"""Delimiters that hardly ever stand within cells."""

TOKEN = re.compile(r'"(?:[^"]|"")*\Z|(?:"(?:[^"]|"")*"|[^ \t\r\n])+')
"""A cell between blanks; one whose quote is still open takes the whole line, up to its end."""

CLOSED = re.compile(r'(?:[^"]|"")*"(?!")')
"""The rest of a cell whose quote was open."""


@dataclass(frozen=True)
class Row:
    """A row of cells: from which line to before which one, counted from 0."""

    start: int
    end: int
    cells: Sequence[str]

    def fits(self, width: int) -> bool:
        """Tell whether it has so many cells, empty ones after them left out."""
        return len(self.cells) >= width and not any(self.cells[width:])

    @property
    def could_name(self) -> bool:
        """Tell whether every cell could be a name."""
        return all(map(may_name, self.cells))

    def heads(self, row: "Row") -> bool:
        """Tell whether there is a name above a value of a row."""
        pairs = zip(self.cells, row.cells, strict=False)
        return any(may_name(cell) and is_value(below) for cell, below in pairs)


@dataclass(frozen=True)
class Layout:
    """The rows of a file as a delimiter cuts them, and the header if it has one.

    With `has_labels` each row begins with a label, for which the header has no cell; with
    `is_commented` the header is a comment. A `header_below` names the columns of most rows, but
    what is above it is a table of its own.
    """

    delimiter: str
    header: Row | None
    rows: Sequence[Row]
    has_labels: bool = False
    is_commented: bool = False
    header_below: Row | None = None

    @property
    def width(self) -> int:
        """Give the number of columns."""
        return len((self.header or self.rows[0]).cells) + self.has_labels

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of the columns; that of labels is empty."""
        if self.header is None:
            return tuple(f"c{place}" for place in range(1, self.width + 1))
        return (*([""] if self.has_labels else []), *self.header.cells)

    @property
    def first(self) -> int:
        """Give how many lines stand before the first row."""
        return self.header.end if self.header else self.rows[0].start

    @property
    def fitting(self) -> list[Row]:
        """Give the rows that have a cell for each column."""
        return [row for row in self.rows if row.fits(self.width)]

    @property
    def rank(self) -> tuple[bool, bool, int, bool, int]:
        """Compare layouts: that one is better by which more rows fit, if it has columns at all.

        Before that goes a delimiter that leaves no doubt: by a semicolon, a bar or a tab all rows
        fit, or there is no header and commas may be decimal ones, as they are where a tab stands
        between them. Spaces stand within names too, so they are believed only where a row fits,
        and no mark is that cuts a header into names. At last it counts that no cell is empty.
        """
        fitting = self.fitting
        rows = [self.header, *fitting] if self.header else fitting
        columns = sum(any(column) for column in zip_longest(*(row.cells for row in rows)))
        is_cut = columns > 1 and not self._has_decimal_commas
        is_cut = is_cut and (self.delimiter != SPACES or bool(fitting) or not self.rows)
        is_rare = self.delimiter in RARE and self.header is None
        is_whole = self.delimiter in (*RARE, "\t") and len(fitting) == len(self.rows)
        is_sure = is_cut and len(fitting) > 1 and (is_rare or is_whole)
        is_named = self.delimiter != SPACES and self.header is not None and all(self.header.cells)
        whole = sum(all(row.cells) for row in fitting)
        return is_cut, is_sure, len(fitting), is_named, whole

    @property
    def commas_delimit(self) -> bool:
        """Tell whether commas stand between cells, and so in no number."""
        return self.delimiter == "," and self.width > 1

    @property
    def _has_decimal_commas(self) -> bool:
        """Tell whether the first row, which no header explains, is cut by tabs and not commas."""
        is_headless = self.delimiter == "," and self.header is None
        return is_headless and any("\t" in cell for cell in self.rows[0].cells)


def squeezed(lines: Iterable[str], end: str = "") -> Iterator[str]:
    r"""Make one space of every run of spaces and tabs outside of quotes, and none at the ends.

    What is within quotes stays as it is, ends of lines too; each row gets this `end`.

    >>> list(squeezed(['  58\t "New  York"  3 ', '4 " a\r\n', '  b"   c\r\n']))
    ['58 "New  York" 3', '4 " a\r\n', '  b" c']
    """
    is_open = False
    for line in lines:
        kept, rest = "", line
        if is_open:
            closed = CLOSED.match(line)
            kept = closed[0] if closed else line
            rest, is_open = line[len(kept) :], closed is None
        tokens = TOKEN.findall(rest)
        is_apart = kept and tokens and rest[0].isspace()
        is_open = is_open or bool(tokens and _is_open(tokens[-1]))
        yield f"{kept}{' ' * bool(is_apart)}{' '.join(tokens)}{'' if is_open else end}"


def unaligned(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    r"""Drop blanks between delimiters and quotes, as there are where cells stand in columns.

    >>> list(unaligned(['"a",   "b,  ""c"\n', ' "d\n', ',  "e",  "f"\n'], ","))
    ['"a","b,  ""c"\n', '"d\n', ',  "e","f"\n']
    """
    quoted = re.compile(rf'(\A|{re.escape(delimiter)}) *("(?:[^"]|"")*(?:"|\Z))')
    is_open = False
    for line in lines:
        closed = CLOSED.match(line) if is_open else None
        if is_open and not closed:
            yield line
            continue
        kept = closed[0] if closed else ""
        rest = line[len(kept) :]
        is_open = any(_is_open(cell) for _, cell in quoted.findall(rest))
        yield kept + quoted.sub(r"\1\2", rest)


def _is_open(token: str) -> bool:
    """Tell whether a token begins with a quote that it does not close."""
    return token[0] == '"' and not CLOSED.match(token, 1)


def end_of(line: str) -> str:
    """Give what ends a line."""
    return line[len(line.rstrip("\r\n")) :]


def hold_cells(lines: Sequence[str], reading: Reading) -> bool:
    """Tell whether lines hold more than blanks, quotes and delimiters."""
    nothing = "".join([BLANKS, *DELIMITERS, reading.cell_delimiter or "", '"'])
    return bool("".join(lines).strip(nothing))


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number in some notation."""
    return any(numbers.read(cell) is not None for numbers in NOTATIONS)


def is_value(cell: str, dates: Dates | None = None) -> bool:
    """Tell whether a cell is a number or a date, however it is written, or by this format."""
    kinds: tuple[Values, ...] = (*NOTATIONS, Dates(), *([dates] if dates else []))
    return any(values.read(cell) is not None for values in kinds)


def may_name(cell: str) -> bool:
    """Tell whether a cell could be a name, for it is no value and means no missing one."""
    return not Parsing().is_missing(cell) and not is_value(cell)


def lay_out(lines: Sequence[str], reading: Reading) -> Layout:
    """Choose the delimiter by which the most rows fit."""
    named, text = reading.cell_delimiter, "".join(lines)
    there = [mark for mark in DELIMITERS if mark in text or (mark == SPACES and "\t" in text)]
    delimiters = [named] if named is not None else there or [","]
    layouts = [_by_delimiter(lines, delimiter, reading) for delimiter in delimiters]
    best = max(layouts, key=lambda layout: layout.rank)
    return best if best.rank[0] or named else _by_delimiter(lines, ",", reading)


def _by_delimiter(lines: Sequence[str], delimiter: str, reading: Reading) -> Layout:
    """Take the first row for the header, unless the others fit a later one, or have labels."""
    rows = list(rows_of(lines, delimiter))
    if not reading.header:
        return Layout(delimiter, None, rows)
    first, *others = rows
    width = len(first.cells)
    if not _most_fit(others, width):
        headers = (
            Layout(delimiter, row, rows[place + 1 :])
            for place, row in enumerate(others, start=1)
            if _is_header_of(row, rows[place + 1 :])
        )
        if (below := next(headers, None)) and below.header:
            if not _hold_table(lines[: below.header.start], delimiter):
                return below
            return Layout(delimiter, first, others, header_below=below.header)
        if (
            _most_fit(others, width + 1)
            and _could_stand(first, delimiter)
            and _are_labelled(lines, others)
            and not (delimiter == SPACES and _are_tabs(lines, first, others))
        ):
            return Layout(delimiter, first, others, has_labels=True)
    return Layout(delimiter, first, others)


def _are_tabs(lines: Sequence[str], first: Row, others: Sequence[Row]) -> bool:
    """Tell whether tabs alone stand between the cells of each row but the first, which has none.

    Then that one is rather a title.
    """
    marks = ["".join(lines[row.start : row.end]).count("\t") for row in (first, *others)]
    return not marks[0] and all(
        mark == len(row.cells) - 1 for mark, row in zip(marks[1:], others, strict=True)
    )


def _could_stand(first: Row, delimiter: str) -> bool:
    """Tell whether the first row may name all columns but that of labels.

    One cell alone is rather a title, or cut by another delimiter.
    """
    if len(first.cells) == 1 and (delimiter != SPACES or {*first.cells[0]} & {*DELIMITERS}):
        return False
    return first.could_name


def _is_header_of(row: Row, below: Sequence[Row]) -> bool:
    """Tell whether a row below the first one must be the header of those below it."""
    width = len(row.cells)
    may_be = width > 1 and row.could_name and _most_fit(below, width)
    may_be = may_be and not any(map(_is_amount, row.cells))
    return may_be and any(is_value(cell) for other in below for cell in other.cells)


def _hold_table(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether lines above a header are no titles: there are names above a column of values.

    Words of a title have spaces between them.
    """
    delimiters = {delimiter, *DELIMITERS[: DELIMITERS.index(SPACES)]}
    return any(
        _name_values(row, below)
        for rows in (list(rows_of(lines, each)) for each in delimiters)
        for row, *below in (rows[place:] for place in range(len(rows)))
    )


def _name_values(row: Row, below: Sequence[Row]) -> bool:
    """Tell whether a row has names, of which one is above values alone."""
    width = len(row.cells)
    fitting = [other.cells[:width] for other in below if other.fits(width)]
    columns = [list(filter(None, column)) for column in zip(*fitting, strict=True)]
    has_values = any(column and all(map(is_value, column)) for column in columns)
    return width > 1 and row.could_name and has_values


def _is_amount(cell: str) -> bool:
    """Tell whether a cell holds figures without a letter, such as $5, though it is no number."""
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell))


def _most_fit(rows: Sequence[Row], width: int) -> bool:
    return 2 * sum(row.fits(width) for row in rows) >= len(rows)


def _are_labelled(lines: Sequence[str], rows: Sequence[Row]) -> bool:
    """Tell whether the first cells are labels: quoted, no values, or 0, 1, 2 and so on."""
    firsts = [row.cells[0] for row in rows]
    return (
        all(lines[row.start].lstrip().startswith('"') for row in rows)
        or not any(map(is_value, firsts))
        or any(firsts == [str(first + nth) for nth in range(len(rows))] for first in (0, 1))
    )


def is_blank(
    cells: Sequence[str], lines: Sequence[str], delimiter: str, width: int | None = None
) -> bool:
    """Tell whether a row has delimiters and blanks alone, and no empty cell that is quoted.

    `lines` are those on which it is written; cells beyond the `width` of the table do not count.
    """
    if any(cell.strip(BLANKS) for cell in cells):
        return False
    text = "".join(lines)
    if '""' not in text:
        return True
    outside = rf'{re.escape(delimiter)}(?=(?:[^"]*"[^"]*")*[^"]*$)'
    return all(cell.strip(" \r\n") != '""' for cell in re.split(outside, text)[:width])


def rows_of(lines: Sequence[str], delimiter: str) -> Iterator[Row]:
    """Cut lines into rows; one of delimiters alone is none."""
    text = squeezed(lines) if delimiter == SPACES else lines
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
    start = 0
    for cells in reader:
        if not is_blank(cells, lines[start : reader.line_num], delimiter):
            yield Row(start, reader.line_num, [cell.strip() for cell in cells])
        start = reader.line_num
