"""Pipes that are written while a training goes on, and a signal asks it for its end."""

import errno
import io
import os
import select
import time
from pathlib import Path
from typing import Any

from fitline.signals import end_if_asked

from .safe_open import NO_WAIT

TICK_SECONDS = 0.1


def open_text(path: Path) -> io.TextIOBase:
    """Open a text file to write, or a pipe, where a signal ends the wait for its reader."""
    if path.is_file() or not NO_WAIT:
        return path.open("w", encoding="utf-8", newline="")
    pipe = _Pipe(path, "w", opener=_open)
    return io.TextIOWrapper(io.BufferedWriter(pipe), encoding="utf-8", newline="")


def _open(path: str, flags: int) -> int:
    """Open a pipe as soon as it has a reader."""
    while True:
        try:
            handle = os.open(path, flags | NO_WAIT)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
        else:
            os.set_blocking(handle, True)
            return handle
        end_if_asked()
        time.sleep(TICK_SECONDS)


class _Pipe(io.FileIO):
    """A pipe that takes no more at once than it takes without a wait."""

    def write(self, data: Any) -> int:
        while not select.select([], [self], [], TICK_SECONDS)[1]:
            end_if_asked()
        return super().write(memoryview(data)[: select.PIPE_BUF])
