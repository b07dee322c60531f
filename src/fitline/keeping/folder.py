"""The folder of a kept run: what may lie in it, who may write there, what a file in it holds."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fitline.errors import FileError

RUN, CHECKPOINT, RESULT, SHOWN = "run.json", "checkpoint.json", "result.json", "shown.json"
HISTORY, LONG_HISTORY, MODEL = "history.csv", "history.parquet", "model.json"

FILES = (SHOWN, RESULT, MODEL, CHECKPOINT, HISTORY, LONG_HISTORY, RUN)
"""In the order in which they are removed, so that what is left is a run at every moment."""

BEGIN_AGAIN = "remove checkpoint.json, and fitline resume begins again from the start"
END_AGAIN = "remove shown.json, and fitline resume writes both anew"
REPAIRS = {
    RUN: "fitline train --run FOLDER --force begins anew",
    CHECKPOINT: BEGIN_AGAIN,
    HISTORY: BEGIN_AGAIN,
    RESULT: END_AGAIN,
    SHOWN: END_AGAIN,
}
"""What to do about a file that is damaged."""

SCHEMA = 1


def require_free(folder: Path, *, force: bool) -> None:
    """Refuse a folder that holds anything; with `force` it may hold a run, to be written over."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FileError(
            "this is a file, and a run is kept in a folder",
            file=str(folder),
            hint="name another folder",
        )
    if (folder / RUN).exists():
        if not force:
            raise FileError(
                "a run is kept here already",
                file=str(folder),
                hint=f"name another folder, go on with fitline resume {folder}, or write over the"
                " run with --force",
            )
    elif others := sorted(path.name for path in folder.iterdir() if not _is_leftover(path)):
        raise FileError(
            f"this folder holds other things, such as {others[0]}",
            file=str(folder),
            hint="name a folder that is empty or not there yet",
        )


def require_run(folder: Path) -> None:
    """Refuse a folder in which no run is kept."""
    if not (folder / RUN).is_file():
        if folder.exists() and not folder.is_dir():
            raise FileError("this is a file, not the folder of a run", file=str(folder))
        found = "no run is kept here" if folder.exists() else "there is no such folder"
        raise FileError(found, file=str(folder), hint="fitline train --run FOLDER keeps a run")


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
    return path.name.startswith(tuple(f".{name}." for name in FILES))


def remove(folder: Path, *names: str) -> None:
    """Remove some of a run's files, if they are there."""
    for name in FILES:
        if name in names:
            (folder / name).unlink(missing_ok=True)


def read_json(path: Path) -> Any:
    """Read a file of this folder. Raises FileError where it is damaged."""
    with intact(path):
        return json.loads(path.read_text(encoding="utf-8"))


@contextmanager
def intact(path: Path) -> Iterator[None]:
    """Say that a file is damaged, where what it should hold is not in it."""
    hint = REPAIRS[path.name]
    try:
        yield
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", str(path), hint=hint) from error
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise FileError("this is not what fitline wrote", str(path), hint=hint) from error
