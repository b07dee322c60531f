"""The folder of a saved run: what may lie in it, who may write there, what a file in it holds."""

import errno
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fitline.errors import FileError
from fitline.files import json_documents as documents
from fitline.files.run_parts import (
    CHECKPOINT,
    FILES,
    HISTORY,
    LONG_HISTORY,
    MODEL,
    RESULT,
    RUN,
)
from fitline.files.safe_open import open_file, other_than_file, read_text, require_possible

ELSEWHERE = "fitline train --run FOLDER saves a run of your own in another folder"
BEGIN_AGAIN = "remove checkpoint.json, and fitline resume begins again from the start"
END_AGAIN = "remove result.json, and fitline resume writes it anew"
REPAIRS = {
    MODEL: "fitline resume writes it anew",
    RUN: "fitline train --run FOLDER begins anew in another folder",
    CHECKPOINT: BEGIN_AGAIN,
    HISTORY: BEGIN_AGAIN,
    LONG_HISTORY: BEGIN_AGAIN,
    RESULT: END_AGAIN,
}
"""What to do about a file that is damaged."""

SCHEMA = 1

UNLIMITED = {RESULT}
"""Files that are as long as the steps to show are many."""


def require_free(folder: Path, *, force: bool) -> None:
    """Refuse a folder that holds anything; with `force` it may hold a run, to be written over."""
    with writing(folder):
        require_possible(folder)
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        what = "file" if folder.exists() else "link to what is not there"
        raise FileError(
            f"this is a {what}, and a run is saved in a folder",
            file=str(folder),
            hint="name another folder",
        )
    if _is_run(folder / RUN):
        if not force:
            raise FileError(
                "a run is saved here already",
                file=str(folder),
                hint=f"name another folder, go on with fitline resume {shlex.quote(str(folder))},"
                " or write over the run with --force",
            )
        require_own(folder, to_write=True)
    elif others := sorted(path.name for path in folder.iterdir() if not _is_leftover(path)):
        raise FileError(
            f"this folder holds other things, such as {others[0]}",
            file=str(folder),
            hint="name a folder that is empty or not there yet",
        )


def _is_run(path: Path) -> bool:
    """Tell whether a file is what fitline writes of a run, however much it is damaged."""
    try:
        text = read_text(path, documents.MOST_BYTES, follow=False)
        document = documents.parse(text, paths=True)
        documents.require(document, {"schema": documents.count, "sessions": [documents.mapping]})
    except (OSError, ValueError, documents.UnfitError):
        return False
    return True


def require_run(folder: Path, *, to_write: bool = False) -> None:
    """Refuse a folder in which no run is saved, or one with a file that fitline did not make."""
    if os.path.lexists(folder / RUN):
        require_own(folder, to_write=to_write)
        return
    if folder.exists() and not folder.is_dir():
        raise FileError("this is a file, not the folder of a run", file=str(folder))
    found = "no run is saved here" if folder.exists() else "there is no such folder"
    raise FileError(found, file=str(folder), hint="fitline train --run FOLDER saves a run")


def require_own(folder: Path, *, to_write: bool) -> None:
    """Refuse links, pipes and folders in the place of a run's files.

    A file `to_write` has no other name either: what is written would be written there too.
    """
    for path in (folder / name for name in FILES if os.path.lexists(folder / name)):
        status = path.lstat()
        other = other_than_file(status)
        if other or (to_write and status.st_nlink > 1):
            raise FileError(
                f"this is {other or 'a hard link, a file with two names'},"
                " which fitline does not keep in a run",
                file=str(path),
                hint=ELSEWHERE
                if other
                else f"cp -r {shlex.quote(str(folder))} COPY gives it files of its own",
            )


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes off this folder; when this process ends, however it does, they may.

    Raises FileError where another one is at work.
    """
    try:
        import fcntl
    except ImportError:  # Windows knows no such lock
        yield
        return
    with writing(folder):
        handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise FileError(
            "another fitline is at work on this run", file=str(folder), hint="wait until it ends"
        ) from error
    except OSError:
        pass  # a file system without locks
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say it plainly where something cannot be written."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"cannot be written: {reason}", file=str(path)) from error


def tidy(folder: Path) -> None:
    """Remove what a process that was killed left half written."""
    for path in folder.iterdir():
        if _is_leftover(path):
            path.unlink(missing_ok=True)


def _is_leftover(path: Path) -> bool:
    return path.name.startswith(tuple(f".{name}." for name in FILES)) and not path.is_dir()


def remove(folder: Path, *names: str) -> None:
    """Remove some of a run's files, if they are there."""
    for name in FILES:
        if name in names:
            (folder / name).unlink(missing_ok=True)


def open_own(path: Path) -> int:
    """Open a file of this folder to read and to write; it may be new, and has no other name."""
    handle = open_file(path, os.O_RDWR | os.O_CREAT, follow=False)
    if os.fstat(handle).st_nlink > 1:
        os.close(handle)
        raise OSError(errno.EMLINK, "it is a hard link, a file with two names")
    return handle


def read_json(path: Path, shape: documents.Shape, **may: bool) -> Any:
    """Read a file of this folder, in which there `may` be what `parse` does not take else.

    Raises FileError where it is damaged.
    """
    with intact(path):
        most = None if path.name in UNLIMITED else documents.MOST_BYTES
        document = documents.parse(read_text(path, most, follow=False), **may)
        documents.require(document, shape)
        return document


@contextmanager
def intact(path: Path) -> Iterator[None]:
    """Say that a file is damaged, where what it should hold is not in it."""
    hint = REPAIRS[path.name]
    try:
        yield
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", str(path), hint=hint) from error
    except documents.UnfitError as error:
        message = f"this is not what fitline wrote: {error}"
        raise FileError(message, str(path), hint=hint) from error
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise FileError("this is not what fitline wrote", str(path), hint=hint) from error
