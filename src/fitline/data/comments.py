"""Which lines of a text are comments, and which of them names the columns."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fitline.reading import Reading

from .layout import Layout, Row, hold_cells, is_value, lay_out, may_name, rows_of

COMMENT_MARKS = "#%"

NUMERIC = re.compile(r"[-+−.,($€£¥₹'’]*\d")
"""How cells begin that hold a number or a date, well written or not."""


QUOTED = re.compile(r'(?<![\w"])"(?:[^"]|"")*("?)')
"""A quoted cell up to its end, if that is on the same line."""


@dataclass(frozen=True)
class RowsLook:
    """How rows look, which tells those that begin with a mark from comments.

    Where the first column holds numbers, a mark may stand before one only if it is that with
    which the header begins.
    """

    delimiter: str
    width: int
    begin_with_text: bool
    mark: str

    @classmethod
    def of(cls, layout: Layout, header: str) -> "RowsLook":
        """Find out how the rows of a layout look, below this line of names."""
        begin = header.lstrip()[:2]
        mark = begin[0] if begin[:1] in [*COMMENT_MARKS] and begin[1:].strip() else ""
        firsts = [row.cells[0].removeprefix(mark) for row in layout.fitting]
        texts = [cell for cell in firsts if not NUMERIC.match(cell) and may_name(cell)]
        return cls(layout.delimiter, layout.width, bool(texts) or not firsts, mark)

    def fit(self, line: str) -> bool:
        """Tell whether a line has a cell for each column, and begins as rows do.

        Text in the first one alone is none, for Excel saves empty cells behind a comment.
        """
        return any(
            row.fits(self.width) and self._begins(*row.cells)
            for row in rows_of([line], self.delimiter)
        )

    def _begins(self, first: str, *others: str) -> bool:
        if self.begin_with_text:
            return self.width == 1 or any(others)
        return bool(NUMERIC.match(first.removeprefix(self.mark)))


@dataclass(frozen=True)
class Comments:
    """With which marks comments begin, and how rows look, which they are not unless told so."""

    marks: str
    rows: RowsLook
    are_told: bool = False

    def told_from(self, lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
        """Give each line, and whether it is a comment."""
        return outside_quotes(lines, self._hold)

    def _hold(self, line: str) -> bool:
        return _is_marked(line, self.marks) and (self.are_told or not self.rows.fit(line))


def lay_out_with_comments(lines: Sequence[str], reading: Reading) -> tuple[Layout, Comments]:
    """Find the layout of lines of which one at least holds more than comments.

    Comments begin with the marks that are named, else with each that begins lines but none below
    the header that may be a row.
    """
    told = reading.comment_marks
    marks = COMMENT_MARKS if told is None else told
    marked, rest = _apart(lines, marks)
    if not any(marked) or not hold_cells(rest, reading):
        return _found(lay_out(lines, reading), lines, reading, "")
    layout = lay_out(rest, reading)
    header = _named_by_mark(lines, layout, reading) or _header_among(marked, layout)
    header = header if reading.header else None
    if header and header.cells[0] in marks:
        marked[header.start], rest[header.start] = "", lines[header.start]
        header, layout = None, lay_out(rest, reading)
    top = header.end if header else layout.first if layout.header else 0
    look = RowsLook.of(layout, lines[top - 1] if top else "")
    found = _marks(marked, [line for line in marked[top:] if line and look.fit(line)])
    below = _apart(lines, found if told is None else told)[1][top:]
    if header:
        rows = list(rows_of([*[""] * top, *below], layout.delimiter))
        layout = replace(layout, header=header, rows=rows, is_commented=True)
    elif below != rest[top:]:
        layout = lay_out([*rest[:top], *below], reading)
    return _found(layout, lines, reading, found)


def _found(
    layout: Layout, lines: Sequence[str], reading: Reading, marks: str
) -> tuple[Layout, Comments]:
    """Give a layout with its comments, whose marks are these unless they are told."""
    header = lines[layout.header.start] if layout.header else ""
    look = RowsLook.of(layout, header)
    told = reading.comment_marks
    return layout, Comments(marks if told is None else told, look, are_told=told is not None)


def _marks(marked: Sequence[str], rows: Sequence[str]) -> str:
    """Give each mark that begins lines, but none that begins one of the rows among them."""
    return "".join(
        mark
        for mark in COMMENT_MARKS
        if any(_apart(marked, mark)[0]) and not any(_apart(rows, mark)[0])
    )


def _apart(lines: Sequence[str], marks: str) -> tuple[list[str], list[str]]:
    """Part the lines that begin with a mark from the others; what is taken away leaves a blank."""
    told = list(outside_quotes(lines, lambda line: _is_marked(line, marks)))
    marked = [line if is_marked else "" for line, is_marked in told]
    rest = ["" if is_marked else line for line, is_marked in told]
    return marked, rest


def outside_quotes(
    lines: Iterable[str], is_comment: Callable[[str], bool]
) -> Iterator[tuple[str, bool]]:
    """Give each line, and whether it is a comment, which no line within a quoted cell is."""
    is_open = False
    for line in lines:
        is_one = not is_open and is_comment(line)
        yield line, is_one
        if is_open:
            is_open = line.count('"') % 2 == 0
        elif '"' in line and not is_one:
            is_open = any(not closed for closed in QUOTED.findall(line))


def _is_marked(line: str, marks: str) -> bool:
    return line.lstrip().startswith(tuple(marks))


def _named_by_mark(lines: Sequence[str], layout: Layout, reading: Reading) -> Row | None:
    """Give a header whose first name is a mark, if with it more rows fit than without."""
    whole = lay_out(lines, reading)
    header = whole.header if reading.comment_marks is None else None
    is_named = header and header.cells[0] in COMMENT_MARKS and header.could_name
    return header if is_named and whole.rank > layout.rank else None


def _header_among(marked: Sequence[str], layout: Layout) -> Row | None:
    """Give the line with a mark just above a row with values, if it names the columns.

    What may be a row that was left out, by its mark, does not stand between them.
    """
    top = layout.header or layout.rows[0]
    if not any(map(is_value, top.cells)):
        return None
    look = RowsLook.of(layout, "")
    for place in reversed(range(top.start)):
        line = marked[place].lstrip()
        if found := _names_in(line, layout, top) if line else None:
            return replace(found, start=place, end=place + 1)
        rows = (line, line[1:])  # with the mark, or without
        if line and not any(map(look.fit, rows)):
            return None
    return None


def _names_in(line: str, layout: Layout, top: Row) -> Row | None:
    """Cut a line into names, of which some may be numbers, such as years.

    The mark begins a comment, or where it takes a cell to have enough, it is a name itself.
    """
    for names in (line[1:], line[1:].lstrip(), line):
        for row in rows_of([names], layout.delimiter):
            fits = len(row.cells) == layout.width and (
                names != line or row.cells[0] in COMMENT_MARKS
            )
            if fits and (row.could_name or row.heads(top)):
                return row
    return None
