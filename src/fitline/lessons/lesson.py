"""A lesson, read from Markdown: prose, commands, and questions whose answers are hidden.

Each `##` begins a part. What stands within `<details>` is hidden until the question before it has
been answered. There `<!-- answer: steps -->` says which key of a result is the answer: that of the
command beside the answer, **128**, by `fitline train …`, or of the first one that is run.
`<!-- page: fitline explore … -->` makes the guided page, on which a part may begin with other
settings, `<!-- set: --learning-rate 0.4 -->`, and at another step than 0, `<!-- at: 10 -->`;
within `<details>` that is the step which the page shows with the answer. What stands between
`<!-- in the terminal -->` and `<!-- end -->` is left out of the page, which may say something
else: `<!-- on the page: … -->`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from typing import TypeAlias

from fitline.errors import UsageError

SECTION = re.compile(r"(?m)^#+ (.*)\n")
DETAILS = re.compile(r"<details><summary>.*?</summary>\n(.*?)</details>", re.DOTALL)
PAGE = re.compile(r"<!-- page: fitline explore (.+?) -->")
SET = re.compile(r"<!-- set: (.+?) -->")
AT = re.compile(r"<!-- at: (\d+) -->")
IN_THE_TERMINAL = re.compile(r"<!-- in the terminal -->\n(.*?)<!-- end -->\n", re.DOTALL)
ON_THE_PAGE = re.compile(r"<!-- on the page: (.+?) -->", re.DOTALL)
KEY = re.compile(r"<!-- answer: (\S+) -->")
WRITTEN = re.compile(r"\*\*(.+?)\*\*, by `(fitline .+?)`\.\n")
COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
SESSION = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"(?m)^\$ (fitline .+?)(?: \| .*)?$")
"""A command, without what the documentation makes of its output."""
NEAR = 0.005
"""How far an answer may be off, as a part of it: it may be rounded to three digits."""


@dataclass(frozen=True)
class Prose:
    """Paragraphs of Markdown."""

    markdown: str


@dataclass(frozen=True)
class Session:
    """A command to run; what it prints is computed whenever it is shown."""

    command: str


Block: TypeAlias = Prose | Session


@dataclass(frozen=True)
class Answer:
    """Where the answer of a question is found: in which value of the JSON of which command.

    `written` is what the lesson says, unless the command is run and shown beside it.
    """

    key: str
    command: str
    written: str | None


@dataclass(frozen=True)
class OnPage:
    """A part as the page has it.

    `settings` are options with which it begins, beside those of the lesson; `begins` is the step
    that is shown then, and `ends` the one that is shown with the answer, None for the present one.
    """

    shown: tuple[Block, ...]
    hidden: tuple[Block, ...]
    settings: str
    begins: int
    ends: int | None

    @classmethod
    def read(cls, markdown: str) -> "OnPage | None":
        """Read what a part says on the page, None where it says nothing there."""
        shown, hidden = _halves(ON_THE_PAGE.sub(r"\1", IN_THE_TERMINAL.sub("", markdown)))
        settings, begins, ends = SET.search(markdown), AT.search(shown), AT.search(hidden)
        told = cls(
            tuple(_blocks(shown)),
            tuple(_blocks(hidden)),
            settings[1] if settings else "",
            int(begins[1]) if begins else 0,
            int(ends[1]) if ends else None,
        )
        return told if told.shown else None


@dataclass(frozen=True)
class Part:
    """A part of a lesson: what is shown, and what is hidden until it has been asked for.

    `page` is what the guided page makes of it, None where it is for the terminal alone.
    """

    title: str
    shown: tuple[Block, ...]
    hidden: tuple[Block, ...]
    answer: Answer | None
    page: OnPage | None

    @property
    def is_task(self) -> bool:
        """Tell whether the answer is to be found, and not predicted."""
        return self.answer is not None and self.answer.written is not None

    @classmethod
    def read(cls, title: str, markdown: str) -> "Part":
        """Read a part, whose title has been read."""
        shown, hidden = _halves(markdown)
        blocks = tuple(_blocks(shown)), tuple(_blocks(hidden))
        return cls(title, *blocks, _answer(hidden), OnPage.read(markdown))


@dataclass(frozen=True)
class Lesson:
    """A lesson: what it is called when it is typed, its question, and its parts.

    `page` are the words that make its guided page, after `fitline explore`.
    """

    name: str
    title: str
    page: str
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, name: str, markdown: str) -> "Lesson":
        r"""Read a lesson from its file.

        >>> lesson = Lesson.read("rate", "# How far?\nA step.\n## Predict\nHow many?\n")
        >>> lesson.title, [part.title for part in lesson.parts]
        ('How far?', ['How far?', 'Predict'])
        """
        _, *pieces = SECTION.split(markdown)
        parts, page = tuple(map(Part.read, pieces[::2], pieces[1::2])), PAGE.search(markdown)
        return cls(name, parts[0].title, page[1] if page else "", parts)


def all_lessons() -> dict[str, Lesson]:
    """Read all lessons, in their order, by their names."""
    found = {}
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        stem, dot, ending = file.name.partition(".")
        if dot + ending == ".md":
            name = stem.partition("-")[2]
            found[name] = Lesson.read(name, file.read_text(encoding="utf-8"))
    return found


def find_lesson(typed: str) -> Lesson:
    """Find a lesson by its name or its place. Raises UsageError where there is none."""
    lessons = all_lessons()
    places = {str(place): lesson for place, lesson in enumerate(lessons.values(), 1)}
    if found := {**lessons, **places}.get(typed):
        return found
    near = get_close_matches(typed, lessons, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(lessons)}"
    raise UsageError(f"there is no lesson {typed!r}", value=typed, hint=hint)


def _halves(markdown: str) -> tuple[str, str]:
    """Part what is shown from what is hidden."""
    details = DETAILS.search(markdown)
    return DETAILS.sub("", markdown), details[1] if details else ""


def _answer(hidden: str) -> Answer | None:
    """Find where an answer is found."""
    key, written = KEY.search(hidden), WRITTEN.search(hidden)
    if not key:
        return None
    number, command = written.groups() if written else (None, COMMAND.findall(hidden)[0])
    return Answer(key[1], command, number)


def _blocks(markdown: str) -> Iterator[Block]:
    """Tell prose and commands apart."""
    for place, piece in enumerate(SESSION.split(WRITTEN.sub("", COMMENT.sub("", markdown)))):
        if place % 2:
            yield from map(Session, COMMAND.findall(piece))
        elif piece.strip():
            yield Prose(piece.strip())
