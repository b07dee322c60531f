"""Copies of delimited text that both readers see alike: line by line, as plain as CSV gets."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from . import engine
from .contents import File
from .dialect import Dialect
from .engine import Engine
from .layout import squeezed
from .reading import SPACES
from .staging import staged

HEAD_BUFFER = ", buffer_size=4194304"
"""Twice the longest line that the engine reads; its usual buffer makes the first rows wait."""


def lines(engine_: Engine, file: File) -> Iterator[str]:
    """Give every line of a file as an editor counts them, with its end.

    What is not UTF-8 becomes the replacement character, so that no line is lost.
    """
    if file.compression == "zstd":
        yield from (f"{line}\n" for line in _lines_of_zstd(engine_, file))
        return
    with file.open_text() as stream:
        yield from stream


def _lines_of_zstd(engine_: Engine, file: File) -> Iterator[str]:
    query = (
        f"select line from read_csv({engine.paths([file.path])}, auto_detect=false, header=false,"
        " delim='\\x01', quote='', escape='', columns={'line': 'varchar'}, compression='zstd',"
        f" strict_mode=false{HEAD_BUFFER})"
    )
    for (line,) in engine_.stream(query):
        yield line or ""


def made_plain(engine_: Engine, file: File, dialect: Dialect) -> File:
    """Give the file, or where it needs one a copy, which has its lines in the same places.

    The engine skips rows where Python skips lines, it knows no runs of spaces, and comments only
    where they hold no quotes.
    """
    above = islice(lines(engine_, file), dialect.first)
    if (
        dialect.delimiter != SPACES
        and not dialect.comments
        and all(line.count('"') % 2 == 0 for line in above)
    ):
        return file
    path = staged(".csv")
    with path.open("w", encoding="utf-8", newline="") as copy:
        copy.writelines(_plain_lines(lines(engine_, file), dialect))
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
