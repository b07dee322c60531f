"""Files of fitline's own, kept for as long as it runs."""

import shutil
import tempfile
from pathlib import Path
from typing import IO

CHUNK_BYTES = 1 << 20

_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []
"""Python removes them when it ends."""


def staged(suffix: str) -> Path:
    """Give a path for a file of its own."""
    folder = tempfile.TemporaryDirectory(prefix="fitline-")
    _FOLDERS.append(folder)
    return Path(folder.name) / f"table{suffix}"


def stage(stream: IO[bytes], suffix: str) -> Path:
    """Copy what can be read once only."""
    path = staged(suffix)
    with path.open("wb") as copy:
        shutil.copyfileobj(stream, copy, CHUNK_BYTES)
    return path


def remove_staged() -> None:
    """Remove what is kept, where the process is to end without Python's help."""
    while _FOLDERS:
        _FOLDERS.pop().cleanup()
