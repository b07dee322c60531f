"""What a process that was killed left behind, told from what another one is still writing.

A process holds a lock on its temporary files and folders; the system lets go of it when the
process ends, however it does.
"""

import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import mkdtemp, mkstemp

from fitline.signals import postponed, to_undo

if sys.platform != "win32":  # Windows knows no such lock, and removes nothing of others
    import fcntl

RANDOM = "[a-z0-9_]{8}"
"""What tempfile puts into a name."""


@contextmanager
def temporary_file(prefix: str, suffix: str, folder: Path) -> Iterator[Path]:
    """Give a file of this process's own, and remove it unless it was moved away."""
    with postponed():
        place, handle = _own(lambda: Path(_closed(*mkstemp(suffix, prefix, folder))))
        remove = partial(place.unlink, missing_ok=True)
        to_undo.append(remove)
    try:
        yield place
    finally:
        remove()
        to_undo.remove(remove)
        if handle is not None:
            os.close(handle)


def temporary_folder(prefix: str) -> Path:
    """Give a folder that is this process's own for as long as it lasts."""
    return _own(lambda: Path(mkdtemp(prefix=prefix)))[0]


def _own(make: Callable[[], Path]) -> tuple[Path, int | None]:
    """Make a file or a folder, and lock it before another process takes it for a leftover."""
    while True:
        place = make()
        if sys.platform == "win32":
            return place, None
        with suppress(FileNotFoundError):
            handle = os.open(place, os.O_RDONLY)
            with suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            if place.exists():
                return place, handle
            os.close(handle)


def _closed(handle: int, name: str) -> str:
    os.close(handle)
    return name


def sweep_files(folder: Path, name: str) -> None:
    """Remove files that are called like this pattern, are this user's own, and held by nobody.

    A link is neither followed nor removed.
    """
    _sweep(folder, name, stat.S_ISREG, Path.unlink)


def sweep_folders(folder: Path, name: str) -> None:
    """Remove folders of this kind, with all that is in them."""
    _sweep(folder, name, stat.S_ISDIR, shutil.rmtree)


def _sweep(
    folder: Path, name: str, is_kind: Callable[[int], bool], remove: Callable[[Path], None]
) -> None:
    if sys.platform == "win32":
        return
    pattern = re.compile(name)
    with suppress(OSError):
        for entry in os.scandir(folder):
            if pattern.fullmatch(entry.name):
                with suppress(OSError):
                    _remove(Path(entry.path), is_kind, remove)


def _remove(path: Path, is_kind: Callable[[int], bool], remove: Callable[[Path], None]) -> None:
    """Remove a file or a folder. Raises OSError where somebody holds it."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        about = os.fstat(handle)
        if about.st_uid == os.geteuid() and is_kind(about.st_mode):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(path)
    finally:
        os.close(handle)
