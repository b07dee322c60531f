"""Copies of delimited text that both readers see alike: line by line, as plain as CSV gets."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from fitline.reading import SPACES

from .dialect import Dialect
from .layout import end_of, squeezed, unaligned
from .spooling import copying
from .table_file import KEPT, File


def made_plain(file: File, dialect: Dialect) -> File:
    """Give the file, or where it needs one a copy, which has its lines in the same places.

    The engine skips rows where Python skips lines, and the whole file where those lines end in
    different ways; it knows no runs of spaces, and comments only where they hold no quotes.
    """
    above = list(islice(file.lines(), dialect.first))
    if (
        dialect.delimiter != SPACES
        and not dialect.comments.marks
        and all(_is_plain(line, dialect.delimiter) for line in above)
        and len({end_of(line) for line in above}) <= 1
    ):
        return file
    blank = "\n" if dialect.delimiter == SPACES else end_of("".join(above[-1:]))
    with (
        copying(".csv") as path,
        path.open("w", encoding="utf-8", errors=KEPT, newline="") as copy,
    ):
        copy.write(len(above) * blank)
        copy.writelines(_plain_lines(islice(file.lines(KEPT), dialect.first, None), dialect))
    return replace(file, path=path, compression="none")


def _is_plain(line: str, delimiter: str) -> bool:
    """Tell whether both readers take a line for one row: its quotes begin and end cells."""
    try:
        list(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return False
    return True


def unaligned_copies(files: Sequence[File], dialect: Dialect) -> Sequence[File]:
    """Give copies without blanks before quotes, or the files themselves if they have none."""
    is_aligned = any(file.survey.has_far_quotes for file in files)
    return [_unaligned(file, dialect) for file in files] if is_aligned else files


def _unaligned(file: File, dialect: Dialect) -> File:
    with (
        copying(".csv") as path,
        path.open("w", encoding="utf-8", errors=KEPT, newline="") as copy,
    ):
        lines = file.lines(KEPT)
        copy.writelines(islice(lines, dialect.first))
        copy.writelines(unaligned(lines, dialect.delimiter))
    return replace(file, path=path, compression="none")


def _plain_lines(text: Iterator[str], dialect: Dialect) -> Iterator[str]:
    told = dialect.comments.among(text)
    kept = (end_of(line) if is_comment else line for line, is_comment in told)
    return squeezed(kept, end="\n") if dialect.delimiter == SPACES else kept
