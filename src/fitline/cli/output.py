"""Where results go: the terminal, a pipe, a file; and what is said beside them."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from rich.console import Console

from fitline.digits import count
from fitline.sources import FOUR_HOUSES
from fitline.views import report as views
from fitline.writing import replacing, write_text

from .options import Format

if TYPE_CHECKING:
    from rich.status import Status

    from fitline.moments import Moments
    from fitline.sources import Table
    from fitline.views.report import Report

ENDINGS: dict[str, Format] = {".json": "json", ".csv": "csv", ".md": "markdown", ".txt": "table"}
NATURAL_WIDTH = 10_000
PATIENCE_SECONDS = 1.0
BETWEEN_SECONDS = 0.1


def emit(report: "Report", format_: Format | None, output: str | None) -> None:
    """Write a report to a file or to standard output."""
    chosen = format_ or format_of(output) or "table"
    if output is not None:
        write_text(output, as_text(report, chosen))
    elif chosen == "table" and sys.stdout.isatty():
        Console(highlight=False).print(views.drawn(report))
    else:
        write_out(as_text(report, chosen))


def write_out(text: str) -> None:
    """Write to standard output, as UTF-8 whatever the machine's settings are."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def write_pieces(pieces: Iterable[str], output: str | None) -> None:
    """Write what is too large to be held, to a file or to standard output."""
    if output is None:
        for piece in pieces:
            sys.stdout.write(piece)
        return
    with (
        replacing(output) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="") as stream,
    ):
        stream.writelines(pieces)


def format_of(output: str | None) -> Format | None:
    """Tell the format from a file's ending."""
    return None if output is None else ENDINGS.get(Path(output).suffix)


def as_text(report: "Report", format_: Format) -> str:
    """Write a report in full."""
    match format_:
        case "table":
            return _plain(report)
        case "json":
            return views.as_json(report)
        case "csv":
            return views.as_csv(report)
        case "markdown":
            return views.as_markdown(report)
        case _:
            assert_never(format_)


def _plain(report: "Report") -> str:
    """Draw at natural width, without colour."""
    console = Console(width=NATURAL_WIDTH, no_color=True, highlight=False, force_terminal=False)
    with console.capture() as capture:
        console.print(views.drawn(report))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


class Talk:
    """What is said on standard error: notes, warnings, and what takes long."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._quiet = quiet
        self._verbose = verbose
        self._begun = time.monotonic()
        self._said = self._begun
        self._status: Status | None = None

    def note(self, text: str) -> None:
        """Say something that is good to know."""
        if not self._quiet:
            self._console.print(f"note: {text}", markup=False, soft_wrap=True)

    def warn(self, text: str) -> None:
        """Say something that the user will want to change."""
        if not self._quiet:
            self._console.print("[bold yellow]warning:[/] ", end="")
            self._console.print(text, markup=False, soft_wrap=True)

    def detail(self, text: str) -> None:
        """Say what only the curious want to know, and when."""
        if self._verbose:
            passed = time.monotonic() - self._begun
            self._console.print(f"{passed:7.3f} s  {text}", markup=False, soft_wrap=True)

    def waiting(self, text: str) -> None:
        """Keep one line up to date, once something has taken long, in a terminal only."""
        now = time.monotonic()
        if now - self._begun < PATIENCE_SECONDS or now - self._said < BETWEEN_SECONDS:
            return
        self._said = now
        if self._quiet or not self._console.is_terminal or self._console.is_dumb_terminal:
            return
        if self._status is None:
            self._status = self._console.status(text)
            self._status.start()
        else:
            self._status.update(text)

    def done_waiting(self) -> None:
        """Take the line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def table(self, table: "Table", moments: "Moments") -> None:
        """Say what was read, as far as it is not what the user asked for."""
        if table.skipped:
            self.note(f"{count(table.skipped, 'row')} skipped, {moments.rows:,} used")
        if table.source == FOUR_HOUSES:
            self.note(f"no table was named, so this is about {FOUR_HOUSES}")
        self.detail(f"read {count(moments.rows, 'row')} of {table.source}")

    @contextmanager
    def patience(self) -> Iterator["Talk"]:
        """Show what takes long within this block."""
        try:
            yield self
        finally:
            self.done_waiting()

    def reading(self, part: float) -> None:
        """Say how much of a table has been read."""
        self.waiting(f"reading the table: {part:.0%}")
