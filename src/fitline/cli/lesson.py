"""`fitline lesson`: learn by predicting, running and explaining."""

import io
import json
import shlex
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import number
from .streams import console

if TYPE_CHECKING:
    from fitline.lessons import Answer, Block, Lesson, Part
    from fitline.views.lesson import Paragraphs, Phrase

HELP = "Type your answer, or a command to try; Enter goes on, Ctrl-D ends the lesson."
NEAR = 0.005
"""An answer may be rounded to three digits."""


def lesson(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="A lesson, by its name or its number. Left out: the list of all.",
            show_default=False,
        ),
    ] = None,
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

    if name is None:
        console().print(catalogue(all_lessons().values()))
        print("\nfitline lesson NAME begins one.")
        return
    try:
        teach(find_lesson(name), asks=sys.stdin.isatty() and sys.stdout.isatty())
    except EOFError:
        print()


def teach(lesson: "Lesson", *, asks: bool) -> None:
    """Go through the parts of a lesson. Raises EOFError where the input ends before."""
    from fitline.lessons import all_lessons
    from fitline.views.lesson import following, title

    if asks:
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
    """Ask the question of a part, and show what is hidden.

    The answer stands below the first command, which has found it.
    """
    from fitline.lessons import Session
    from fitline.views.lesson import found_by, verdict

    typed = _asked() if asks else ""
    first = 1 if part.hidden and isinstance(part.hidden[0], Session) else 0
    _show(part.hidden[:first])
    if part.answer:
        value = computed(part.answer)
        _say(verdict(typed, value, is_right=_is_right(typed, value)))
        if part.answer.written:
            _say(found_by(part.answer))
    _show(part.hidden[first:])


def _asked() -> str:
    """Read an answer; the commands that are typed before it are run."""
    while True:
        typed = console().input("\n[bold]›[/] ").strip()
        if not typed.startswith("fitline "):
            return typed
        _run(typed)


def _show(blocks: "Sequence[Block]") -> None:
    """Show prose, and run commands."""
    from fitline.lessons import Prose
    from fitline.views.lesson import Paragraphs, command

    for block in blocks:
        if isinstance(block, Prose):
            _say(Paragraphs(block))
        else:
            _say(command(block))
            _run(block.command)
            if not sys.stdout.isatty():
                print("```")


def _say(block: "Phrase | Paragraphs") -> None:
    """Print below a blank line."""
    if sys.stdout.isatty():
        terminal = console()
        terminal.print()
        terminal.print(block, soft_wrap=block.whole)
    else:
        print(f"\n{block.markdown()}")


def _run(command: str) -> None:
    """Run a command of fitline in this process."""
    from . import main

    sys.stdout.flush()
    try:
        _, *words = shlex.split(command)
    except ValueError as error:  # a quotation that does not end
        print(f"error: {error}", file=sys.stderr)
    else:
        main(words)


def computed(answer: "Answer") -> float | str:
    """Compute the answer of a question."""
    value: float | str = value_at(document(answer.command), answer.key.split("."))
    return value


def document(command: str) -> Any:
    """Give what a command tells programs."""
    with redirect_stdout(io.StringIO()) as caught, redirect_stderr(io.StringIO()):
        _run(f"{command} --format json")
    return json.loads(caught.getvalue())


def value_at(document: Any, path: Sequence[str]) -> Any:
    """Give the value at a path of keys and places.

    >>> value_at({"rows": [{"error": 2}, {"error": -3}]}, ["rows", "1", "error"])
    -3
    """
    if not path:
        return document
    key = int(path[0]) if isinstance(document, list) else path[0]
    return value_at(document[key], path[1:])


def _is_right(typed: str, answer: float | str) -> bool:
    """Tell whether what was typed is the answer, as far as it was written."""
    if isinstance(answer, str):
        return typed.casefold() == answer.casefold()
    try:
        said = number(typed.replace(",", "").replace(" ", ""))
    except typer.BadParameter:
        return False
    return abs(said - answer) <= NEAR * abs(answer)
