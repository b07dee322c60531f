"""What a process that was killed left behind, told from what another one is still writing.

A process holds a lock on its temporary files and folders; the system lets go of it when the
process ends, however it does.
"""

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":  # Windows knows no such lock, and removes nothing of others
    import fcntl

RANDOM = "[a-z0-9_]{8}"
"""What tempfile puts into a name."""


@contextmanager
def held(handle: int) -> Iterator[None]:
    """Lock an open temporary file within this block, and close it."""
    if sys.platform == "win32":
        os.close(handle)  # Windows does not rename what is open
        yield
        return
    _lock(handle)
    try:
        yield
    finally:
        os.close(handle)


def hold_folder(folder: Path) -> None:
    """Lock a folder for as long as this process lasts."""
    if sys.platform != "win32":
        _lock(os.open(folder, os.O_RDONLY))


def _lock(handle: int) -> None:
    with suppress(OSError):  # a file system without locks
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sweep(folder: Path, name: str) -> None:
    """Remove what is called like this pattern, is this user's own, and is held by nobody.

    A link is neither followed nor removed.
    """
    if sys.platform == "win32":
        return
    pattern = re.compile(name)
    with suppress(OSError):
        for entry in os.scandir(folder):
            if pattern.fullmatch(entry.name):
                with suppress(OSError):
                    _remove(Path(entry.path))


def _remove(path: Path) -> None:
    """Remove a file or a folder. Raises OSError where somebody holds it."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        about = os.fstat(handle)
        if about.st_uid == os.geteuid():
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if stat.S_ISDIR(about.st_mode):
                shutil.rmtree(path)
            elif stat.S_ISREG(about.st_mode):
                path.unlink()
    finally:
        os.close(handle)
