"""Files of fitline's own, kept for as long as it runs."""

import atexit
import errno
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import IO

from fitline.errors import FileError
from fitline.files import leftovers
from fitline.signals import postponed, to_undo

CHUNK_BYTES = 1 << 20

PREFIX = "fitline-staged-"

ELSEWHERE = "name another folder for temporary files: TMPDIR=FOLDER fitline …"

NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}

_NUMBERS = itertools.count()


def staged(suffix: str) -> Path:
    """Give a path for a file of its own."""
    return staging_folder() / f"table{next(_NUMBERS)}{suffix}"


def stage(stream: IO[bytes], suffix: str) -> Path:
    """Copy what can be read once only."""
    with copying(suffix) as path, path.open("wb") as copy:
        shutil.copyfileobj(stream, copy, CHUNK_BYTES)
    return path


@contextmanager
def copying(suffix: str) -> Iterator[Path]:
    """Give a path for a copy of a table. Raises FileError where there is no room for it."""
    try:
        yield staged(suffix)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise FileError(
            f"there is no room for a copy of the table: {error.strerror}",
            file=tempfile.gettempdir(),
            hint=ELSEWHERE,
        ) from error


@cache
def staging_folder() -> Path:
    """Give this process's own folder, which goes when it ends.

    Raises FileError where none can be made.
    """
    with postponed():  # Python makes a file, too, to find a folder for temporary ones
        try:
            leftovers.sweep_folders(Path(tempfile.gettempdir()), PREFIX + leftovers.RANDOM)
            folder = leftovers.temporary_folder(PREFIX)
        except OSError as error:
            raise FileError(
                f"there is no folder for temporary files: {error.strerror}", hint=ELSEWHERE
            ) from error
        to_undo.append(partial(shutil.rmtree, folder, ignore_errors=True))
    atexit.register(remove_staged)
    return folder


def remove_staged() -> None:
    """Remove what is kept, where the process is to end without Python's help."""
    if staging_folder.cache_info().currsize:
        shutil.rmtree(staging_folder(), ignore_errors=True)
        staging_folder.cache_clear()
