"""Lessons: their prose, their commands and what is said to an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown
from rich.theme import Theme

from fitline.charts.text import Text
from fitline.escaping import printable
from fitline.formatting import number
from fitline.lessons import Answer, Lesson, Prose, Session

from .report import Facts

WIDEST = 80
"""Longer lines of prose are hard to read."""

PLAIN = Theme({"markdown.code": "bold", "markdown.item.bullet": "", "markdown.item.number": ""})
"""Without colours that a light or a dark terminal would swallow."""


@dataclass(frozen=True)
class Phrase:
    """Words of several styles in a line, and how they are `written` in Markdown.

    What is `whole` is one line however narrow the terminal is, so that it can be copied.
    """

    parts: Sequence[tuple[str, str]]
    written: str
    whole: bool = False

    def __rich__(self) -> Text:
        """Draw the words."""
        text = Text()
        for plain, style in self.parts:
            text.append(plain, style)
        return text

    def markdown(self) -> str:
        """Give what is written."""
        return self.written


@dataclass(frozen=True)
class Paragraphs:
    """Prose, folded between words."""

    prose: Prose
    whole: ClassVar[bool] = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the Markdown."""
        with console.use_theme(PLAIN):
            narrow = options.update(width=min(options.max_width, WIDEST))
            yield from console.render(Markdown(self.prose.markdown), narrow)

    def markdown(self) -> str:
        """Give the Markdown as it is."""
        return self.prose.markdown


def catalogue(lessons: Iterable[Lesson]) -> Facts:
    """List the lessons with their questions."""
    return Facts([(f"{place:2} {one.name}", one.title) for place, one in enumerate(lessons, 1)])


def title(text: str, *, is_first: bool) -> Phrase:
    """Head a lesson, or one of its parts."""
    return Phrase([(text, "bold underline")], f"{'#' if is_first else '##'} {text}")


def command(session: Session) -> Phrase:
    """Write a command as it is typed, above what it prints."""
    parts = [("$ ", "dim"), (session.command, "bold")]
    return Phrase(parts, f"```console\n$ {session.command}", whole=True)


def verdict(typed: str, answer: float, *, is_right: bool) -> Phrase:
    """Say what the answer is, beside the one that was typed."""
    said = "Answer: " if not typed else "Right: " if is_right else f"You said {typed}; it is "
    parts = [(said, "bold green" if is_right else ""), (number(answer), "bold")]
    return Phrase(parts, f"{said}**{number(answer)}**")


def not_yet() -> Phrase:
    """Say that another answer is right."""
    text = "Not yet: try again, or press Enter for the answer."
    return Phrase([(text, "")], text)


def neither(typed: str) -> Phrase:
    """Say that what was typed is no answer."""
    text = f"{printable(typed)} is neither a number nor a fitline command."
    return Phrase([(text, "")], text)


def found_by(answer: Answer) -> Phrase:
    """Say by which command an answer is found."""
    parts = [("found by ", "dim"), (answer.command, "bold")]
    return Phrase(parts, f"Found by `{answer.command}`.", whole=True)


def following(name: str) -> Phrase:
    """Name the lesson that comes next."""
    typed = f"fitline lesson {name}"
    return Phrase([("Next: ", "dim"), (typed, "bold")], f"Next: `{typed}`")
