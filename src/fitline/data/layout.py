"""How lines of text become rows and columns: the delimiter, the header, labels of rows."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from fitline.reading import SPACES, Reading

from .cells import BLANKS, NOTATIONS, Dates, Parsing, Values

DELIMITERS = ("\t", ";", "|", ",", SPACES)
RARE = ";|"
"""Delimiters that hardly ever stand within cells."""

COMMENT_MARKS = "#%"

NUMERIC = re.compile(r"[-+−.,($€£¥₹'’]*\d")
"""How cells begin that hold a number or a date, well written or not."""

TOKEN = re.compile(r'(?:"(?:[^"]|"")*"|[^ \t\r\n])+')


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
        """Tell whether every cell could be a name, for it is no value and means no missing one."""
        return all(map(_could_name, self.cells))

    def heads(self, row: "Row") -> bool:
        """Tell whether there is a name above a value of a row."""
        pairs = zip(self.cells, row.cells, strict=False)
        return any(_could_name(cell) and is_value(below) for cell, below in pairs)


@dataclass(frozen=True)
class Layout:
    """The rows of a file as a delimiter cuts them, and the header if it has one.

    With `has_labels` each row begins with a label, for which the header has no cell; with
    `is_commented` the header is a comment.
    """

    delimiter: str
    header: Row | None
    rows: Sequence[Row]
    has_labels: bool = False
    is_commented: bool = False

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
    def begins_with_text(self) -> bool:
        """Tell whether the first column holds text; without rows it may."""
        firsts = [row.cells[0] for row in self.fitting]
        return not firsts or any(not NUMERIC.match(cell) and _could_name(cell) for cell in firsts)

    def may_hold(self, line: str) -> bool:
        """Tell whether a line that begins with a mark may be a row of it."""
        return may_be_row(line, self.delimiter, self.width, of_text=self.begins_with_text)

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        """Compare layouts: that one is better by which more rows fit, if it has columns at all.

        Before that goes a delimiter that leaves no doubt: by a semicolon, a bar or a tab all rows
        fit, or there is no header and commas may be decimal ones, as they are where a tab stands
        between them. Spaces stand within names too, so they are believed only where a row fits.
        At last it counts that no cell is empty.
        """
        fitting = self.fitting
        rows = [self.header, *fitting] if self.header else fitting
        columns = sum(any(column) for column in zip_longest(*(row.cells for row in rows)))
        is_cut = columns > 1 and not self._has_decimal_commas
        is_cut = is_cut and (self.delimiter != SPACES or bool(fitting) or not self.rows)
        is_rare = self.delimiter in RARE and self.header is None
        is_whole = self.delimiter in (*RARE, "\t") and len(fitting) == len(self.rows)
        is_sure = is_cut and len(fitting) > 1 and (is_rare or is_whole)
        return is_cut, is_sure, len(fitting), sum(all(row.cells) for row in fitting)

    @property
    def _has_decimal_commas(self) -> bool:
        """Tell whether the first row, which no header explains, is cut by tabs and not commas."""
        is_headless = self.delimiter == "," and self.header is None
        return is_headless and any("\t" in cell for cell in self.rows[0].cells)


def squeezed(line: str) -> str:
    r"""Make one space of every run of spaces and tabs outside of quotes, and none at the ends.

    >>> squeezed('  58\t "New  York"  3 ')
    '58 "New  York" 3'
    """
    return " ".join(TOKEN.findall(line))


def hold_cells(lines: Sequence[str], reading: Reading) -> bool:
    """Tell whether lines hold more than blanks, quotes and delimiters."""
    nothing = "".join([BLANKS, *DELIMITERS, reading.cell_delimiter or "", '"'])
    return bool("".join(lines).strip(nothing))


def is_value(cell: str, dates: Dates | None = None) -> bool:
    """Tell whether a cell is a number or a date, however it is written, or by this format."""
    kinds: tuple[Values, ...] = (*NOTATIONS, Dates(), *([dates] if dates else []))
    return any(values.read(cell) is not None for values in kinds)


def _could_name(cell: str) -> bool:
    return not Parsing().is_missing(cell) and not is_value(cell)


def lay_out(lines: Sequence[str], reading: Reading) -> tuple[Layout, str]:
    """Find the layout of lines of which one at least holds more than comments.

    Gives the marks with which comments begin as well: those that are named, else each that begins
    lines but none below the header that may be a row.
    """
    marks = COMMENT_MARKS if reading.comment is None else reading.comment
    marked, rest = marked_apart(lines, marks)
    if not any(marked) or not hold_cells(rest, reading):
        return _layout(lines, reading), reading.comment or ""
    layout = _layout(rest, reading)
    header = _named_by_mark(lines, layout, reading) or _header_among(marked, layout)
    header = header if reading.header else None
    if header and header.cells[0] in marks:
        marked[header.start], rest[header.start] = "", lines[header.start]
        header, layout = None, _layout(rest, reading)
    top = header.end if header else layout.first if layout.header else 0
    comments = _comments(marked, top, layout) if reading.comment is None else marks
    below = marked_apart(lines, comments)[1][top:]
    if header:
        rows = list(_rows([*[""] * top, *below], layout.delimiter))
        return replace(layout, header=header, rows=rows, is_commented=True), comments
    if below != rest[top:]:
        layout = _layout([*rest[:top], *below], reading)
    return layout, comments


def _comments(marked: Sequence[str], top: int, layout: Layout) -> str:
    """Give each mark that begins lines, but none of those from `top` on that may be a row."""
    rows = [line for line in marked[top:] if line and layout.may_hold(line)]
    return "".join(
        mark
        for mark in COMMENT_MARKS
        if any(marked_apart(marked, mark)[0]) and not any(marked_apart(rows, mark)[0])
    )


def marked_apart(lines: Sequence[str], marks: str) -> tuple[list[str], list[str]]:
    """Part the lines that begin with a mark from the others; what is taken away leaves a blank."""
    begins = [line.lstrip().startswith(tuple(marks)) for line in lines]
    marked = [line if is_marked else "" for line, is_marked in zip(lines, begins, strict=True)]
    rest = ["" if is_marked else line for line, is_marked in zip(lines, begins, strict=True)]
    return marked, rest


def _layout(lines: Sequence[str], reading: Reading) -> Layout:
    """Choose the delimiter by which the most rows fit."""
    named = reading.cell_delimiter
    delimiters = DELIMITERS if named is None else (named,)
    layouts = [_by_delimiter(lines, delimiter, reading) for delimiter in delimiters]
    best = max(layouts, key=lambda layout: layout.rank)
    return best if best.rank[0] or named else _by_delimiter(lines, ",", reading)


def _by_delimiter(lines: Sequence[str], delimiter: str, reading: Reading) -> Layout:
    """Take the first row for the header, unless the others fit a later one, or have labels."""
    rows = list(_rows(lines, delimiter))
    if not reading.header:
        return Layout(delimiter, None, rows)
    first, *others = rows
    width = len(first.cells)
    if not _most_fit(others, width):
        for place, row in enumerate(others, start=1):
            below = rows[place + 1 :]
            if _is_header_of(row, below):
                return Layout(delimiter, row, below)
        if (
            _most_fit(others, width + 1)
            and _could_stand(first, delimiter)
            and _are_labelled(lines, others)
        ):
            return Layout(delimiter, first, others, has_labels=True)
    return Layout(delimiter, first, others)


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
    return may_be and any(is_value(cell) for other in below for cell in other.cells)


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


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[Row]:
    """Cut lines into rows; one of delimiters alone is none."""
    text = map(squeezed, lines) if delimiter == SPACES else lines
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
    start = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Row(start, reader.line_num, [cell.strip() for cell in cells])
        start = reader.line_num


def may_be_row(line: str, delimiter: str, width: int, *, of_text: bool) -> bool:
    """Tell whether a line with a mark has a cell for each column, and belongs to a table's rows.

    It has a number, or the rows begin with text and it has more than a first cell, behind which
    Excel saves empty ones for a comment.
    """
    return any(
        row.fits(width)
        and (
            any(map(NUMERIC.match, row.cells)) or (of_text and (width == 1 or any(row.cells[1:])))
        )
        for row in _rows([line], delimiter)
    )


def _named_by_mark(lines: Sequence[str], layout: Layout, reading: Reading) -> Row | None:
    """Give a header whose first name is a mark, if with it more rows fit than without."""
    whole = _layout(lines, reading)
    header = whole.header if reading.comment is None else None
    is_named = header and header.cells[0] in COMMENT_MARKS and header.could_name
    return header if is_named and whole.rank > layout.rank else None


def _header_among(marked: Sequence[str], layout: Layout) -> Row | None:
    """Give the line with a mark just above a row with values, if it names the columns.

    What may be a row that was left out, by its mark, does not stand between them.
    """
    top = layout.header or layout.rows[0]
    if not any(map(is_value, top.cells)):
        return None
    for place in reversed(range(top.start)):
        line = marked[place].lstrip()
        if found := _names_in(line, layout, top) if line else None:
            return replace(found, start=place, end=place + 1)
        rows = (line, line[1:])  # with the mark, or without
        if line and not any(map(layout.may_hold, rows)):
            return None
    return None


def _names_in(line: str, layout: Layout, top: Row) -> Row | None:
    """Cut a line into names, of which some may be numbers, such as years.

    The mark begins a comment, or where it takes a cell to have enough, it is a name itself.
    """
    for names in (line[1:], line[1:].lstrip(), line):
        for row in _rows([names], layout.delimiter):
            fits = len(row.cells) == layout.width and (
                names != line or row.cells[0] in COMMENT_MARKS
            )
            if fits and (row.could_name or row.heads(top)):
                return row
    return None
