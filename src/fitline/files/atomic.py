"""Files that are written atomically."""

import errno
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from fitline.errors import FileError
from fitline.escaping import printable_lines
from fitline.signals import note_written, postponed

from . import leftovers
from .safe_open import is_link_in_run, require_possible

SUFFIX = ".unfinished"

LONGEST_NAME = 40
"""So many characters of a file's name are in that of its temporary file, which may be no longer
than a file system allows."""


@contextmanager
def replacing(path: str | Path, *, follow: bool = True) -> Iterator[Path]:
    """Give a temporary path beside `path`, which takes its place when the block ends well.

    When the block fails, `path` is left as it was and the temporary file is removed; one that a
    killed process left beside it is removed first. Where `path` is a link, the file to which it
    leads is replaced, or else the link itself. Raises FileError where the file cannot be written.
    """
    place = target = Path(path)
    try:
        target = _target_of(path) if follow else place.absolute()
        if follow and place.exists() and not place.is_file() and not place.is_dir():
            note_written()
            with _shown(place) if _is_terminal(place) else nullcontext(place) as written:
                yield written  # a device or a pipe, such as /dev/null, has nothing to lose
            return
        prefix = f".{target.name[:LONGEST_NAME]}."
        _sweep(target.parent, prefix)
        with leftovers.temporary_file(prefix, SUFFIX, target.parent) as unfinished:
            yield unfinished
            unfinished.chmod(_mode_of(target))
            with postponed():
                unfinished.replace(target)
                if follow:  # or else it is a part of a run, which a signal may yet undo
                    note_written()
    except BrokenPipeError:
        raise  # whoever reads a pipe has read enough
    except OSError as error:
        reason = error.strerror or f"not in full ({error})"
        if isinstance(error, FileNotFoundError) and not target.parent.exists():
            reason = f"there is no folder {target.parent}"
        raise FileError(f"cannot be written: {reason}", file=str(path)) from error


def _sweep(folder: Path, prefix: str) -> None:
    """Remove what a killed process left there."""
    leftovers.sweep_files(folder, re.escape(prefix) + leftovers.RANDOM + re.escape(SUFFIX))


def _is_terminal(place: Path) -> bool:
    """Tell whether a device is a terminal, by whatever name."""
    if not stat.S_ISCHR(place.stat().st_mode):
        return False
    handle = os.open(place, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
    try:
        return os.isatty(handle)
    finally:
        os.close(handle)


@contextmanager
def _shown(terminal: Path) -> Iterator[Path]:
    """Give a temporary path whose text is sent to a terminal, without what would control it."""
    folder, prefix = Path(tempfile.gettempdir()), ".fitline."
    _sweep(folder, prefix)
    with leftovers.temporary_file(prefix, SUFFIX, folder) as unfinished:
        yield unfinished
        with (
            unfinished.open(encoding="utf-8", errors="backslashreplace", newline="") as stream,
            terminal.open("w", encoding="utf-8", newline="") as screen,
        ):
            screen.writelines(map(printable_lines, stream))


def _target_of(path: str | Path) -> Path:
    """Follow the links to the file that is meant; raises OSError where none can be."""
    require_possible(path)
    if path == "-":
        raise OSError(errno.EINVAL, "- stands for standard output; a file called so is ./-")
    if str(path).endswith(("/", os.sep)):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if is_link_in_run(path):
        raise OSError(errno.ELOOP, "it is a symbolic link in the folder of a saved run")
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return target


def write_text(path: str | Path, text: str, *, lasting: bool = False) -> None:
    """Write a whole text file, or none; a lasting one survives that the power fails.

    A file's name may be in it whose bytes are no text; they are written by their escapes.
    A lasting one is a part of a saved run, where no link is followed.
    """
    with (
        replacing(path, follow=not lasting) as unfinished,
        unfinished.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream,
    ):
        stream.write(text)
        if lasting:
            stream.flush()
            os.fsync(stream.fileno())


def _mode_of(target: Path) -> int:
    """Give the permissions of the file to replace, or those that a new file gets here."""
    if target.is_file() and not target.is_symlink():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
