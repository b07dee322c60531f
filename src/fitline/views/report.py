"""What every result offers, and how it becomes text."""

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any, Protocol, cast

from rich.cells import cell_len
from rich.console import (
    Console,
    ConsoleOptions,
    ConsoleRenderable,
    Group,
    RenderableType,
    RenderResult,
)
from rich.segment import Segment
from rich.style import Style
from rich.table import Table

from fitline.charts.text import Text
from fitline.escaping import json_text, printable


@dataclass(frozen=True)
class Sheet:
    """Rows of cells, written already, under a header.

    Where the terminal is too narrow, the `spare` columns that are there are left out, the last one
    first; a number is never cut.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    spare: Sequence[str] = ()
    left: Sequence[str] = ()
    """Columns of words, which begin at the left; numbers end at the right."""
    dim: Sequence[str] = ()
    """Columns that tell no more than the others do."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw as many columns as fit, and those without which there is no table.

        Rich's own tables take a hundred times as long, which many steps make minutes.
        """
        columns = [self._aligned(cells) for cells in zip(self.header, *self.rows, strict=True)]
        shown = [*range(len(columns))]
        hidden = [name for name in reversed(self.spare) if name in self.header]
        while _width([columns[place] for place in shown]) > options.max_width:
            if not hidden:
                yield from self._stacked(shown)
                break
            name = hidden.pop(0)
            shown.remove(max(place for place in shown if self.header[place] == name))
        else:
            head, *lines = zip(*(columns[place] for place in shown), strict=True)
            names = [part for name in head for part in ("  ", name)]
            yield from (Segment(part, Style(bold=True)) for part in names[1:])
            yield Segment.line()
            yield from self._drawn(lines, [self.header[place] in self.dim for place in shown])
        if len(shown) < len(columns):
            out = [name for place, name in enumerate(self.header) if place not in shown]
            yield Text(f"a wider terminal shows: {', '.join(out)}", "dim")

    def _drawn(self, lines: Iterable[Sequence[str]], are_dim: Sequence[bool]) -> Iterable[Segment]:
        """Draw the rows; columns side by side that look alike are one segment."""
        places = [[*own] for _, own in groupby(range(len(are_dim)), are_dim.__getitem__)]
        parts = [
            (own[0], own[-1] + 1, Style(dim=True) if are_dim[own[0]] else None) for own in places
        ]
        for line in lines:
            for first, end, style in parts:
                yield Segment(("  " if first else "") + "  ".join(line[first:end]), style)
            yield Segment.line()

    def _stacked(self, shown: Sequence[int]) -> Iterable[Table]:
        """Draw each row as a block, its cells below one another, empty ones left out."""
        for row in self.rows:
            grid = Table.grid(padding=(0, 2, 0, 0))
            for place in shown:
                if row[place]:
                    name = Text(self.header[place], "bold", no_wrap=True)
                    grid.add_row(name, Text(row[place], no_wrap=True))
            grid.add_row("")
            yield grid

    def _aligned(self, column: Sequence[str]) -> list[str]:
        """Make the cells of a column, the first of which is its name, equally wide."""
        cells = [printable(cell) for cell in column]
        width = max(map(cell_len, cells))
        if column[0] in self.left:
            return [cell + " " * (width - cell_len(cell)) for cell in cells]
        cells = [cell.rstrip() for cell in cells]
        return [" " * (width - cell_len(cell)) + cell for cell in cells]

    def markdown(self) -> str:
        """Write a Markdown table."""
        lines = [self.header, ["---:"] * len(self.header), *self.rows]
        return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


@dataclass(frozen=True)
class Facts:
    """Labelled sentences; `styles` colours those of some labels."""

    facts: Sequence[tuple[str, str]]
    styles: Mapping[str, str] = field(default_factory=dict)

    def __rich__(self) -> Table:
        """Draw two columns; the sentences may be folded between words."""
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(overflow="fold")
        for label, sentence in self.facts:
            grid.add_row(Text(label), Text(sentence, self.styles.get(label, "")))
        return grid

    def markdown(self) -> str:
        """Write a Markdown list."""
        facts = (map(_escaped, fact) for fact in self.facts)
        return "\n".join(f"- **{label}**: {sentence}" for label, sentence in facts)


@dataclass(frozen=True)
class Line:
    """A sentence of its own."""

    sentence: str
    style: str = ""

    def __rich__(self) -> Text:
        """Draw the sentence; what stands in it is never taken for markup."""
        return Text(self.sentence, self.style)

    def markdown(self) -> str:
        """Write a paragraph."""
        return _escaped(self.sentence)


RULE = 100
"""So wide are the lines between parts, at the most."""


@dataclass(frozen=True)
class Rule:
    """A line between the parts of a report, in a terminal; elsewhere it is an empty one."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it."""
        width = min(options.max_width, RULE) if console.is_terminal else 0
        yield Text("─" * width, "dim")

    def markdown(self) -> str:
        """Write nothing: paragraphs part by themselves."""
        return ""


@dataclass(frozen=True)
class Picture:
    """A picture made of characters."""

    drawing: ConsoleRenderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the picture."""
        yield self.drawing

    def markdown(self) -> str:
        """Write the picture without colour, in a block of code."""
        console = Console(width=NARROW_PAGE, no_color=True, force_terminal=False)
        with console.capture() as capture:
            console.print(self.drawing)
        lines = [line.rstrip() for line in capture.get().splitlines()]
        return "\n".join(["```", *lines, "```"])


NARROW_PAGE = 80


class Block(Protocol):
    """A part of what people read; Rich can draw it."""

    def markdown(self) -> str:
        """Write this part for a page."""
        ...


class Report(Protocol):
    """A result, ready to be shown in every format."""

    def blocks(self) -> Sequence[Block]:
        """Give what people read, from top to bottom."""
        ...

    def document(self) -> Mapping[str, Any]:
        """Give what programs read, as JSON."""
        ...

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give what spreadsheets read: a header and rows."""
        ...


def drawn(report: Report) -> RenderableType:
    """Put a report together for a terminal."""
    spaced: list[RenderableType] = []
    for above, block in pairwise([Rule(), *report.blocks()]):
        if not isinstance(above, Rule) and not isinstance(block, Rule):
            spaced.append(Text(""))
        spaced.append(cast("RenderableType", block))
    return Group(*spaced)


def as_markdown(report: Report) -> str:
    """Write a report for a page."""
    return "\n\n".join(filter(None, (block.markdown() for block in report.blocks()))) + "\n"


def as_json(report: Report) -> str:
    """Write a report for a program; what is not finite is null."""
    return json_text(finite(report.document())) + "\n"


def as_csv(report: Report) -> str:
    """Write a report for a spreadsheet, every number to its last digit."""
    header, rows = report.records()
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(map(finite, rows))
    return stream.getvalue()


def finite(value: Any) -> Any:
    """Leave out what is not finite, deep down: it is null in JSON and an empty cell in CSV."""
    match value:
        case Mapping():
            return {key: finite(part) for key, part in value.items()}
        case list() | tuple():
            return [finite(part) for part in value]
        case float() if not math.isfinite(value):
            return None
    return value


def _width(columns: Sequence[Sequence[str]]) -> int:
    """Give the width of these columns side by side."""
    return cell_len("  ".join(cells[0] for cells in columns))


def _escaped(text: str) -> str:
    """Write what Markdown shows as it is: no cell ends in it, and no markup begins."""
    return MARKS.sub(r"\\\g<0>", printable(text))


MARKS = re.compile(
    r"[|`\[*]|<(?=[A-Za-z/!?])|\\(?=[!-/:-@\[-`{-~])|&(?=#?\w+;)|~(?=~)|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)"
)
