"""Which lines of a text are comments, and which of them names the columns."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fitline.reading import SPACES, Reading

from .cells import NO_VALUE, Parsing
from .layout import Layout, Row, hold_cells, is_number, is_value, lay_out, rows_of

COMMENT_MARKS = "#%"

NUMERIC = re.compile(r"[-+−.,($€£¥₹'’]*\d")
"""How cells begin that hold a number or a date, well written or not."""

QUOTED = re.compile(r'(?<![\w"])"(?:[^"]|"")*("?)')
"""A quoted cell up to its end, if that is on the same line."""

MOST_LINES = 100
"""A row that begins with a mark is looked for in no more lines."""


@dataclass(frozen=True)
class RowsLook:
    """How rows look, which tells those that begin with a mark from comments.

    Where the first column holds nothing but numbers, a mark may stand before one only if it is
    that with which the header begins.
    """

    delimiter: str
    width: int
    begin_with_text: bool
    mark: str
    na: tuple[str, ...]

    @classmethod
    def of(cls, layout: Layout, header: str, reading: Reading) -> "RowsLook":
        """Find out how the rows of a layout look, below this line of names."""
        begin = header.lstrip(" ")[:2]
        mark = begin[0] if begin[:1] in [*COMMENT_MARKS] and begin[1:].strip() else ""
        firsts = [row.cells[0].removeprefix(mark) for row in layout.fitting]
        missing = Parsing(na=reading.na_texts).is_missing
        others = [cell for cell in firsts if not (NUMERIC.match(cell) and is_number(cell))]
        has_text = len(others) == len(firsts) or not all(map(missing, others))
        return cls(layout.delimiter, layout.width, has_text, mark, reading.na_texts)

    def fit(self, record: Sequence[str]) -> bool:
        """Tell whether lines are a row: with a cell for each column, and beginning as rows do.

        Text in the first one alone is none, for Excel saves empty cells behind a comment.
        """
        if self.delimiter != SPACES and "".join(record).count(self.delimiter) < self.width - 1:
            return False  # comments are many, and cutting lines takes time
        rows = list(rows_of(record, self.delimiter)) if _is_closed(record) else []
        return len(rows) == 1 and rows[0].fits(self.width) and self._begins(*rows[0].cells)

    def _begins(self, first: str, *others: str) -> bool:
        if NO_VALUE.fullmatch(first) or Parsing(na=self.na).is_missing(first):
            return True
        if self.begin_with_text:
            return self.width == 1 or any(others)
        return bool(NUMERIC.match(first.removeprefix(self.mark)))


@dataclass(frozen=True)
class Comments:
    """With which marks comments begin, and how rows look, which they are not unless told so."""

    marks: str
    rows: RowsLook
    are_told: bool = False

    def among(self, lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
        """Give each line, and whether it is a comment."""
        return _told_apart(lines, self.marks, _never if self.are_told else self.rows.fit)


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
    header = _named_by_mark(lines, layout, reading) or _header_among(marked, layout, reading)
    header = header if reading.header else None
    if header and header.cells[0] in marks:
        marked[header.start], rest[header.start] = "", lines[header.start]
        header, layout = None, lay_out(rest, reading)
    top = header.end if header else layout.first if layout.header else 0
    look = RowsLook.of(layout, lines[top - 1] if top else "", reading)
    places = [place for place, line in enumerate(marked) if line and place >= top]
    records = {place: _record(lines[place], iter(lines[place + 1 :])) for place in places}
    found = _marks(marked, [lines[place] for place in places if look.fit(records[place])])
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
    look = RowsLook.of(layout, header, reading)
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
    told = list(_told_apart(lines, marks, _never))
    marked = [line if is_marked else "" for line, is_marked in told]
    rest = ["" if is_marked else line for line, is_marked in told]
    return marked, rest


def _told_apart(
    lines: Iterable[str], marks: str, is_row: Callable[[Sequence[str]], bool]
) -> Iterator[tuple[str, bool]]:
    """Give each line, and whether it is a comment: one with a mark, outside of every row.

    What begins with a mark may be a row of several lines, where these are within a quoted cell.
    """
    rest = _Lines(iter(lines))
    is_open = False
    for line in rest:
        if is_open or not _is_marked(line, marks):
            yield line, False
            is_open = _is_open_after(line, within=is_open)
            continue
        if '"' not in line:
            yield line, not is_row([line])
            continue
        record = _record(line, rest)
        if is_row(record):
            yield from ((one, False) for one in record)
        else:
            rest.put_back(record[1:])
            yield line, True


class _Lines(Iterator[str]):
    """Lines of which some can be put back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._waiting = lines, deque[str]()

    def __next__(self) -> str:
        return self._waiting.popleft() if self._waiting else next(self._lines)

    def put_back(self, lines: Sequence[str]) -> None:
        self._waiting.extendleft(reversed(lines))


def _never(record: Sequence[str]) -> bool:  # noqa: ARG001 - others look at it
    """Give no: nothing that begins with a mark is a row."""
    return False


def _record(first: str, rest: Iterator[str]) -> list[str]:
    """Give a line with those after it up to the end of a cell whose quote it leaves open."""
    record, is_open = [first], _is_open_after(first)
    while is_open and len(record) < MOST_LINES and (line := next(rest, None)) is not None:
        record.append(line)
        is_open = _is_open_after(line, within=True)
    return record


def _is_closed(record: Sequence[str]) -> bool:
    """Tell whether a record ends outside of a quoted cell."""
    is_open = False
    for line in record:
        is_open = _is_open_after(line, within=is_open)
    return not is_open


def _is_open_after(line: str, *, within: bool = False) -> bool:
    """Tell whether a line ends within a quoted cell; it may begin within one."""
    if within:
        return line.count('"') % 2 == 0
    return '"' in line and any(not closed for closed in QUOTED.findall(line))


def _is_marked(line: str, marks: str) -> bool:
    return line.lstrip(" ").startswith(tuple(marks))


def _named_by_mark(lines: Sequence[str], layout: Layout, reading: Reading) -> Row | None:
    """Give a header whose first name is a mark, if with it more rows fit than without."""
    whole = lay_out(lines, reading)
    header = whole.header if reading.comment_marks is None else None
    is_named = header and header.cells[0] in COMMENT_MARKS and header.could_name
    return header if is_named and whole.rank > layout.rank else None


def _header_among(marked: Sequence[str], layout: Layout, reading: Reading) -> Row | None:
    """Give the line with a mark just above a row with values, if it names the columns.

    What may be a row that was left out, by its mark, does not stand between them; so may one that
    has values and no blank behind the mark, such as `#A;5`, if others like it stand above.
    """
    top = layout.header or layout.rows[0]
    if not any(map(is_value, top.cells)):
        return None
    look = RowsLook.of(layout, "", reading)
    header: Row | None = None
    for place in reversed(range(top.start)):
        line = marked[place].lstrip(" ")
        if not line:
            continue
        is_close = bool(line[1:2].strip())
        found = _names_in(line, layout, top) if is_close or not header else None
        header = replace(found, start=place, end=place + 1) if found else header
        rows = (line, line[1:])  # with the mark, or without
        if not found and (header or not any(look.fit([row]) for row in rows)):
            return header
        if found and (found.could_name or not is_close):
            return header
    return header


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
