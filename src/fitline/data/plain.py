"""Copies of delimited text that both readers see alike: line by line, as plain as CSV gets."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from .contents import File
from .dialect import Dialect
from .layout import squeezed
from .reading import SPACES
from .staging import staged


def made_plain(file: File, dialect: Dialect) -> File:
    """Give the file, or where it needs one a copy, which has its lines in the same places.

    The engine skips rows where Python skips lines, it knows no runs of spaces, and comments only
    where they hold no quotes.
    """
    above = islice(file.lines(), dialect.first)
    if (
        dialect.delimiter != SPACES
        and not dialect.comments
        and all(line.count('"') % 2 == 0 for line in above)
    ):
        return file
    path = staged(".csv")
    with path.open("w", encoding="utf-8", newline="") as copy:
        copy.writelines(_plain_lines(file.lines(), dialect))
    return replace(file, path=path, compression="none")


def _plain_lines(text: Iterator[str], dialect: Dialect) -> Iterator[str]:
    is_quoted = False
    for place, line in enumerate(text):
        kept = line
        if place < dialect.first or (dialect.is_comment(line) and not is_quoted):
            kept = line[len(line.rstrip("\r\n")) :]
        else:
            is_quoted ^= line.count('"') % 2 == 1
        yield f"{squeezed(kept)}\n" if dialect.delimiter == SPACES else kept
