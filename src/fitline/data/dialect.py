"""How a file of delimited text is written, found in its first lines.

What is certain is taken, and said in a note; what is not is left to the options.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from fitline.errors import DataError
from fitline.formatting import count
from fitline.reading import SPACES, Reading

from .cells import NOTATIONS, WITH_POINTS, Numbers, Parsing, numbers_of
from .comments import COMMENT_MARKS, Comments, lay_out_with_comments
from .layout import DELIMITERS, Layout, end_of, hold_cells, is_number
from .sql import BLANKS
from .table_file import File, empty

LOOK_LINES = 100
"""How many lines are looked at, from the first that may be a row, and as many above it."""

TOP_LINES = 10_000
"""In how many lines a row is looked for."""

MARKED = re.compile(r"\d[^\w:/-]\d|\d_\d")
"""What is in a number that has a decimal mark, or one between thousands."""

GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
"""What may have a point between thousands."""

UNMARKED = re.compile(r"[+-]?[1-9][0-9]+")


@dataclass(frozen=True)
class Dialect:
    """How a file is written: the lines before its first row, its delimiter, its columns.

    `is_certain` says whether the first lines leave no doubt about how numbers are written. Where
    they do, the numbers may be written in `also` other notations, each of which comes with a cell
    that it reads otherwise, if there is one; `reads_all` tells whether `numbers` read them at all.
    The points of one column may rather part thousands, as in its number `grouped`.
    Another table may begin at the line `begins_again`. Where the first line of the file ends
    within quotes, and otherwise than its row, `end` is that of the row.
    """

    first: int
    delimiter: str
    columns: tuple[str, ...]
    numbers: Numbers
    comments: Comments
    has_header: bool
    end: str | None = None
    is_certain: bool = field(default=False, compare=False)
    reads_all: bool = field(default=True, compare=False)
    also: Mapping[Numbers, str | None] = field(default_factory=dict, compare=False)
    begins_again: int | None = None
    grouped: str | None = field(default=None, compare=False)

    @property
    def ways(self) -> list[Numbers]:
        """Give all the ways in which the numbers of the first lines may be written."""
        return [*([self.numbers] if self.reads_all else []), *self.also]


def top_lines(file: File, reading: Reading) -> list[str]:
    """Read the first lines that may be rows, and those above, of which far ones become blank."""
    marks = tuple(COMMENT_MARKS if reading.comment_marks is None else reading.comment_marks)
    blank = f"{BLANKS}{''.join(DELIMITERS)}{reading.delimiter or ''}"
    lines: list[str] = []
    first = looked = 0
    most = reading.skip + TOP_LINES
    for line in islice(file.lines(), most):
        is_mark = not looked and line.lstrip(" ").startswith(marks)
        if len(lines) >= reading.skip and line.strip(blank) and not is_mark:
            first, looked = first if looked else len(lines), looked + 1
        lines.append(line)
        if looked == LOOK_LINES:
            break
    if not looked:
        if len(lines) == most and not any(line.strip(blank) for line in lines[reading.skip :]):
            _refuse_blank(file, most, blank)
        return lines[: reading.skip + LOOK_LINES]
    far = max(first - LOOK_LINES, 0)
    return [*[""] * far, *lines[far:]]


def _refuse_blank(file: File, first: int, blank: str) -> None:
    """Raise DataError where a row stands below more blank lines than are looked at."""
    for place, line in enumerate(file.lines()):
        if place >= first and line.strip(blank):
            raise DataError(
                f"its first {place:,} lines hold no row",
                file=file.name,
                hint=f"leave them out: --skip {place}",
            )


def find(lines: Sequence[str], reading: Reading, file: str) -> tuple[Dialect, list[str]]:
    """Find how a file is written by its first lines, with notes for who reads it.

    Raises DataError where there is no line to find, and ConfigError where the options contradict
    one another.
    """
    there = [
        line if place >= reading.skip and _holds_more(line) else ""
        for place, line in enumerate(lines)
    ]
    if not hold_cells(there, reading):
        skipped = f" after its first {reading.skip:,} lines" if reading.skip else ""
        raise empty(file, skipped)
    layout, comments = lay_out_with_comments(there, reading)
    named, seen = numbers_of(reading), _seen(layout)
    numbers, example = (named, None) if named else _numbers(layout, seen)
    also = {} if named or not numbers.is_plain else _others(layout, seen)
    dialect = Dialect(
        *(layout.first, layout.delimiter, layout.names, numbers, comments),
        has_header=layout.header is not None,
        end=_hidden_end(layout, lines),
        is_certain=not any(also.values()) and (not numbers.is_plain or _has_points(seen)),
        reads_all=None not in [numbers.read(cell) for cell in seen],
        also=also,
        begins_again=layout.header_below.start + 1 if layout.header_below else None,
        grouped=_grouped(layout) if WITH_POINTS in also else None,
    )
    notes = list(_notes(layout, there))
    if reading.skip and layout.header is None:
        notes.append(f"{count(reading.skip, 'line')} left out by --skip")
    if comments.marks:
        marks = " or ".join(comments.marks)
        notes.append(f"comments that begin with {marks} are left out")
    if example is not None:
        notes.append(f"{example!r} is read as {numbers.read(example):.15g} ({numbers.options})")
    return dialect, [f"{file}: {note}" for note in notes]


def _hidden_end(layout: Layout, lines: Sequence[str]) -> str | None:
    """Give the end of a row that begins the file, where its first line ends otherwise.

    The engine takes the first end that it meets for that of all rows, though it be within quotes.
    """
    if layout.first:
        return None
    if layout.delimiter == SPACES:  # of which there is a copy
        return "\n"
    end = end_of(lines[layout.rows[0].end - 1])
    return end if end not in {"", end_of(lines[0])} else None


def _holds_more(line: str) -> bool:
    """Tell whether a line holds more than nothing, or than `sep=;` for Excel."""
    return bool(line.strip()) and not line.casefold().startswith("sep=")


def _notes(layout: Layout, lines: Sequence[str]) -> Iterator[str]:
    """Say where the header stands, unless it is the first line, and what has no name."""
    if layout.header is not None:
        line = layout.header.start + 1
        if layout.is_commented:
            yield f"the header is the comment in line {line:,}"
        elif any(lines[: line - 1]):
            yield f"the header is line {line:,}"
    if layout.has_labels:
        yield "its rows begin with labels, for which the header has no name"


def _numbers(layout: Layout, seen: Sequence[str]) -> tuple[Numbers, str | None]:
    """Find how numbers are written, and give one of them where that is not the plain way."""
    rows = [row.cells for row in layout.fitting]
    odd = [cell for row in rows for cell in row if MARKED.search(cell) and _is_odd(cell)]
    if layout.commas_delimit or not odd:
        return Numbers(), None
    readings = {numbers: [numbers.read(cell) for cell in seen] for numbers in NOTATIONS}
    whole = {numbers: values for numbers, values in readings.items() if None not in values}
    if not whole or Numbers() in whole:
        return Numbers(), None
    numbers, *others = whole
    is_certain = all(whole[other] == whole[numbers] for other in others)
    return (numbers, next(filter(_is_odd, seen))) if is_certain else (Numbers(), None)


def _others(layout: Layout, seen: Sequence[str]) -> dict[Numbers, str | None]:
    """Find how else plain numbers may be written, with one that would then be another, if any."""
    if layout.commas_delimit:
        return {}
    plain = [Numbers().read(cell) for cell in seen]
    found = {numbers: [numbers.read(cell) for cell in seen] for numbers in NOTATIONS}
    return {
        own: next((cell for cell, a, b in zip(seen, values, plain, strict=True) if a != b), None)
        for own, values in found.items()
        if None not in values and not own.is_plain
    }


def _has_points(seen: Sequence[str]) -> bool:
    """Tell whether there are plain numbers with a fraction."""
    return any("." in cell and Numbers().read(cell) is not None for cell in seen)


def _seen(layout: Layout) -> list[str]:
    """Give the cells of columns of numbers."""
    return [cell for column in _columns(layout) for cell in column]


def _columns(layout: Layout) -> list[list[str]]:
    rows = [row.cells for row in layout.fitting]
    return [_numeric(column) for column in zip(*rows, strict=False)]


def _grouped(layout: Layout) -> str | None:
    """Find a number with a point that may part thousands, as 1.080 does beside 950.

    In its column three digits follow each point, and there are whole numbers without one; of
    measurements to three decimals, each would have the point.
    """
    found: list[str] = []
    for column in _columns(layout):
        marked = [cell for cell in column if "." in cell]
        if any(map(UNMARKED.fullmatch, column)) and all(map(GROUPED.fullmatch, marked)):
            found += marked
    return next(iter(found), None)


def _is_odd(cell: str) -> bool:
    """Tell whether a cell is a number, but not a plain one."""
    return Numbers().read(cell) is None and is_number(cell)


def _numeric(column: Sequence[str]) -> list[str]:
    """Give the cells of a column that are numbers in some method, if half of them are."""
    is_missing = Parsing().is_missing
    filled = [cell for cell in column if not is_missing(cell)]
    numeric = [cell for cell in filled if is_number(cell)]
    return numeric if 2 * len(numeric) >= len(filled) else []
