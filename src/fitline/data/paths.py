"""From what the user typed to the files that are meant: paths, globs, standard input."""

import glob
import io
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from fitline.errors import DataError
from fitline.files.safe_open import can_exist
from fitline.formatting import shortened
from fitline.reading import Reading

from .compression import PIPED
from .lesson_tables import is_lesson_table, lesson_table
from .sniffing import look_at
from .spooling import stage
from .table_file import File

STANDARD_INPUT = "-"
LONGEST_PATH = 4096


TABLE_MARKS = ("keys", "shape", "read", "__arrow_c_stream__", "__dataframe__")
"""What a table in memory has, or an open file, and what holds paths has not."""


def paths_of(data: object) -> list[str] | None:
    """Give one path or several, or None where this is something else."""
    if isinstance(data, str | os.PathLike):
        return [os.fspath(data)]
    is_other = any(hasattr(data, name) for name in TABLE_MARKS)
    if isinstance(data, Iterable) and not is_other:
        several = data if isinstance(data, list | tuple) else list(data)
        if several and all(isinstance(path, str | os.PathLike) for path in several):
            return [os.fspath(path) for path in several]
    return None


def find_files(
    sources: Sequence[str], reading: Reading, like: Reading | None = None
) -> list[File]:
    """Find every file that the sources name: paths, globs, or `-` for standard input.

    Text may be encoded `like` that of a model's table. Raises DataError where there is no file, or
    where one cannot be read to its end.
    """
    if sources.count(STANDARD_INPUT) > 1:
        raise DataError("standard input can be read once only")
    known = like.text_encoding if like else None
    files = [
        look_at(name, path, reading, known) for source in sources for name, path in _paths(source)
    ]
    if not files:
        raise DataError("no file was named")
    return files


def _standard_input() -> IO[bytes]:
    """Give standard input as bytes, also where a caller has put text in its place.

    At a terminal one Ctrl-D ends it; a buffer would ask for another.
    """
    stream = getattr(sys.stdin, "buffer", None) or io.BytesIO(sys.stdin.read().encode())
    return getattr(stream, "raw", stream) if sys.stdin.isatty() else stream


def _paths(source: str) -> list[tuple[str, Path]]:
    """Give each file that a source names, with what the user calls it."""
    if source == STANDARD_INPUT:
        if sys.stdin is None:
            raise DataError("standard input is closed", file=PIPED)
        try:
            return [(PIPED, stage(_standard_input(), ""))]
        except OSError as error:
            raise DataError(f"cannot be kept: {error.strerror}", file=PIPED) from error
    if is_lesson_table(source):
        return [(source, lesson_table(source))]
    path = Path(source)
    try:
        if source and path.exists():
            return [(_shown(source), path)]
        names = matches(source)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=shortened(source)) from error
    if names:
        return [(_shown(name), Path(name)) for name in names]
    if glob.has_magic(source):
        raise DataError("no file matches this pattern", file=source)
    if "://" in source:
        raise DataError("this is an address, not a file", file=source, hint="download it first")
    raise DataError("no such file", file=source or repr(source), hint=_neighbours(path))


def matches(pattern: str) -> list[str]:
    """Give the files that a pattern names; a path is no longer than the system's longest."""
    if len(pattern) > LONGEST_PATH or not can_exist(pattern):
        return []
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - the user's spelling


def is_label(source: str) -> bool:
    """Tell whether a table is called so that is not at one path, or at one that is no text.

    >>> is_label("2 files"), is_label("2 files.csv")
    (True, False)
    """
    return source == PIPED or "\ufffd" in source or bool(re.fullmatch(r"[\d,]+ files", source))


def _shown(name: str) -> str:
    """Write a name as text, whatever its bytes."""
    return os.fsencode(name).decode(errors="replace")


def _neighbours(path: Path) -> str | None:
    """Name the tables that stand where the missing one was looked for."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    tables = sorted(
        str(folder / entry.name if str(folder) != "." else entry.name)
        for entry in folder.iterdir()
        if entry.suffix in {".csv", ".tsv", ".parquet", ".jsonl", ".gz", ".zst"}
    )
    return f"there is {', '.join(tables[:5])}" if tables else None
