"""Where results go: the terminal, a pipe, a file."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, assert_never

from rich.console import Console

from fitline.escaping import printable_lines
from fitline.files.atomic import replacing, write_text
from fitline.signals import note_written
from fitline.views import report as views

from .options import Format
from .streams import console

if TYPE_CHECKING:
    from fitline.views.report import Report

NATURAL_WIDTH = 10_000


def emit(report: "Report", format_: Format, output: str | None) -> None:
    """Write a report to a file or to standard output."""
    if output is not None:
        write_text(output, as_text(report, format_))
    elif format_ == "table" and sys.stdout.isatty():
        note_written()
        console().print(views.drawn(report), crop=False)
    else:
        _print([as_text(report, format_)])


def write_pieces(pieces: Iterable[str], output: str | None) -> None:
    """Write what is too large to be held, to a file or to standard output."""
    if output is None:
        _print(pieces)
        return
    with (
        replacing(output) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="") as stream,
    ):
        stream.writelines(pieces)


def _print(pieces: Iterable[str]) -> None:
    """Write to standard output, as UTF-8 whatever the machine's settings are.

    In a notebook, or where a caller catches it, it may take text alone. A terminal is sent no
    character that controls it, which CSV may hold.
    """
    octets, is_terminal = getattr(sys.stdout, "buffer", None), sys.stdout.isatty()
    for each in pieces:
        note_written()
        piece = printable_lines(each) if is_terminal else each
        if octets:
            octets.write(piece.encode(errors="backslashreplace"))
        else:
            sys.stdout.write(piece)
    sys.stdout.flush()


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
    page = Console(width=NATURAL_WIDTH, no_color=True, highlight=False, force_terminal=False)
    with page.capture() as capture:
        page.print(views.drawn(report))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"
