"""`fitline lesson`: learn by predicting, running and explaining."""

import math
import os
import re
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.errors import UsageError
from fitline.signals import undoing

from .answers import computed, run
from .options import number
from .streams import console, restored_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitline.lessons import Block, Lesson, Part
    from fitline.views.lesson import Paragraphs, Phrase

HELP = "Type your answer, or a command to try; Enter goes on, Ctrl-D ends the lesson."
PAGE_MARK = b'<script type="application/json" id="lesson">'
"""What every page of fitline has."""
NUMBER = re.compile(r"[-−+]?(\d[\d,]*(\.\d*)?|\.\d+)(e[-−+]?\d+)?")


def lesson(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="A lesson, by its name or its number. Left out: the list of all.",
            show_default=False,
        ),
    ] = None,
    page: Annotated[
        bool,
        typer.Option("--page", help="Write the lesson as a guided page, NAME.html, and open it."),
    ] = False,
) -> None:
    """Learn how models learn: predict, run, explain.

    In a terminal a lesson asks before it shows, and at its questions runs the commands that you
    type. Elsewhere it is printed as Markdown, with all answers.

    fitline lesson
    fitline lesson scaling
    fitline lesson scaling > scaling.md
    """
    from fitline.lessons import all_lessons, find_lesson
    from fitline.views.lesson import catalogue

    if page:
        _open_page(name)
        return
    if name is None:
        console().print(catalogue(all_lessons().values()))
        print("\nfitline lesson NAME begins one.")
        return
    asks = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    try:
        teach(find_lesson(name), asks=asks)
    except EOFError:
        print(f"\nfitline lesson {name} begins it again.")


def _open_page(name: str | None) -> None:
    """Write a guided page where one works, and open it where there is a desktop."""
    from fitline.lessons import find_lesson

    if name is None:
        raise UsageError("which lesson is the page of?", hint="fitline lesson scaling --page")
    name = find_lesson(name).name
    _keep_others(Path(f"{name}.html"))
    if code := run(f"fitline explore --lesson {name} -o {name}.html"):
        raise typer.Exit(code)
    is_desktop = sys.platform in {"darwin", "win32"} or {"DISPLAY", "WAYLAND_DISPLAY"} & {
        *os.environ
    }
    if is_desktop and sys.stdout.isatty():
        webbrowser.open(Path(f"{name}.html").absolute().as_uri())


def _keep_others(page: Path) -> None:
    """Raise UsageError where another file than a page of fitline has the name of the page."""
    if page.exists() and PAGE_MARK not in page.read_bytes():
        raise UsageError(
            f"{page} is there already, and is not a page of fitline",
            value=str(page),
            hint=f"fitline explore --lesson {page.stem} -o OTHER.html",
        )


def teach(lesson: "Lesson", *, asks: bool) -> None:
    """Go through the parts of a lesson. Raises EOFError where the input ends before."""
    from fitline.lessons import all_lessons
    from fitline.views.lesson import following, title

    if asks:
        with suppress(ImportError):  # Windows has none
            import readline  # noqa: F401 - input() edits lines by it
        console().print(HELP, style="dim")
    for part in lesson.parts:
        _say(title(part.title, is_first=part is lesson.parts[0]))
        _show(part.shown)
        if part.hidden or part.answer:
            _answer(part, asks=asks)
    names = [*all_lessons()]
    for name in names[names.index(lesson.name) + 1 :][:1]:
        _say(following(name))


def _answer(part: "Part", *, asks: bool) -> None:
    """Ask the question of a part, and show what is hidden; a task may be tried again.

    The answer stands below the first command, which has found it.
    """
    from fitline.lessons import Session
    from fitline.views.lesson import found_by, not_yet, verdict

    typed = _asked() if asks else ""
    value = computed(part.answer) if part.answer else math.nan
    while typed and part.is_task and not _is_right(typed, value):
        _say(not_yet())
        typed = _asked()
    first = 1 if part.hidden and isinstance(part.hidden[0], Session) else 0
    _show(part.hidden[:first])
    if part.answer:
        _say(verdict(typed, value, is_right=_is_right(typed, value)))
        if part.is_task:
            _say(found_by(part.answer))
    _show(part.hidden[first:])


def _asked() -> str:
    """Read an answer, a number or nothing; the commands that are typed before it are run."""
    from fitline.views.lesson import neither

    while True:
        print()
        with restored_terminal(), undoing(lambda: os.write(1, b"\n")):
            typed = input("> ").strip()
        if typed.startswith("fitline "):
            run(typed)
        elif typed and not NUMBER.match(typed):
            _say(neither(typed))
        else:
            return typed


def _show(blocks: "Sequence[Block]") -> None:
    """Show prose, and run commands."""
    from fitline.lessons import Prose
    from fitline.views.lesson import Paragraphs, command

    from .output import write_pieces

    for block in blocks:
        if isinstance(block, Prose):
            _say(Paragraphs(block))
        else:
            _say(command(block))
            run(block.command)
            if not sys.stdout.isatty():
                write_pieces(["```\n"], None)


def _say(block: "Phrase | Paragraphs") -> None:
    """Print below a blank line."""
    from .output import write_pieces

    if sys.stdout.isatty():
        terminal = console()
        terminal.print()
        terminal.print(block, soft_wrap=block.whole)
    else:
        write_pieces([f"\n{block.markdown()}\n"], None)


def _is_right(typed: str, answer: float) -> bool:
    """Tell whether what was typed is the answer, as far as it was written; "18 steps" is 18.

    >>> _is_right("128 steps", 128), _is_right("−1.1e8", -110_000_000.0), _is_right("many", 128)
    (True, True, False)
    """
    from fitline.lessons import NEAR

    found = NUMBER.match(typed)
    if found is None:
        return False
    return abs(number(found[0].replace(",", "")) - answer) <= NEAR * abs(answer)
