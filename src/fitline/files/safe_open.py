"""Files that are opened only if they are files: never a pipe that waits, nor a device."""

import errno
import os
import stat
from pathlib import Path

from .run_parts import is_run

KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # Windows has neither
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
SHELL_PIPES = ("/dev/fd/", "/dev/stdin")
"""Where a shell puts what `<(…)` gives: a pipe, but one that somebody writes to already."""


NO_NAME = "no file can have this name"


def can_exist(path: str | Path) -> bool:
    """Tell whether a file may be called so: Python raises ValueError for a NUL, or half a text."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def require_possible(path: str | Path) -> None:
    """Raise OSError where no file can be called so."""
    if not can_exist(path):
        raise OSError(errno.EINVAL, NO_NAME)


def other_than_file(status: os.stat_result) -> str | None:
    """Name what stands where a file is expected, if it is none."""
    return KINDS.get(stat.S_IFMT(status.st_mode))


def is_link_in_run(path: str | Path) -> bool:
    """Tell whether a link lies in the folder of a saved run."""
    return Path(path).is_symlink() and is_run(Path(path).parent)


def open_file(path: str | Path, flags: int = os.O_RDONLY, *, follow: bool = True) -> int:
    """Open a file, and give its descriptor. Raises OSError where anything else stands there."""
    require_possible(path)
    follow = follow and not is_link_in_run(path)
    if not follow and Path(path).is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link")
    waits_not = NO_WAIT | (0 if follow else NO_LINK) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags | waits_not, 0o666)
    other = other_than_file(os.fstat(handle))
    if other and not (other == "a pipe" and str(path).startswith(SHELL_PIPES)):
        os.close(handle)
        raise OSError(errno.EINVAL, f"it is {other}, not a file")
    os.set_blocking(handle, True)
    return handle


def read_text(path: str | Path, most: int | None = None, *, follow: bool = True) -> str:
    """Read a text file of `most` bytes at the most.

    Raises OSError where it cannot be read, and UnicodeDecodeError where it is not UTF-8.
    """
    with os.fdopen(open_file(path, follow=follow), "rb") as stream:
        content = stream.read(-1 if most is None else most + 1)
    if most is not None and len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes")
    return content.decode("utf-8-sig")


def are_same(name: str | Path, other: str | Path) -> bool:
    """Tell whether two names are of one file; devices and pipes take whatever comes."""
    one, two = Path(os.path.realpath(name)), Path(os.path.realpath(other))
    is_other_than_file = one.exists() and not (one.is_file() or one.is_dir())
    if is_other_than_file:
        return False
    return one == two or (one.exists() and two.exists() and one.samefile(two))
