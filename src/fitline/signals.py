"""Signals that ask for an end: Ctrl-C, kill, and a terminal that is closed.

Where fitline has a process of its own, one of them ends it at once, within the handler. An
exception could be raised anywhere: while a native module is imported, in a destructor, or between
making a file and seeing to its removal.
"""

import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

EXIT = 130

UNWRITTEN_TOLD = "interrupted; nothing was written"

SAME_REQUEST_SECONDS = 0.5
"""A signal that follows so soon asks for nothing more: `timeout` passes on the Ctrl-C that the
terminal sends too."""

NAMES = {"SIGINT", "SIGTERM", "SIGHUP"}

ENDING = [signum for signum in signal.Signals if signum.name in NAMES]
"""Windows has no SIGHUP."""

to_undo: list[Callable[[], object]] = []
"""What is undone at such an end, the last one first; each may be called again, at any point."""


class Request:
    """Whether a stop was asked for. It takes no lock, unlike an Event: a handler sets it."""

    def __init__(self) -> None:
        self.is_made = False

    def is_set(self) -> bool:
        """Tell whether a stop was asked for."""
        return self.is_made


class _State:
    """What a signal finds."""

    request: Request | None = None
    postponing = 0
    is_pending = False
    asked_at = -math.inf
    told = UNWRITTEN_TOLD
    has_told = False


def end_at_signals() -> None:
    """Let all of them end this process, but those that are ignored, as nohup wants it."""
    for signum in ENDING:
        if signal.getsignal(signum) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(signum, _come)


def _come(*_: Any) -> None:
    """End, unless the signal must wait, or is the first one where it is looked for.

    Another signal may come at any line; the request is looked at before the time that it sets.
    """
    request = _State.request
    is_first = request is not None and not request.is_made
    if time.monotonic() - _State.asked_at < SAME_REQUEST_SECONDS:
        return
    if _State.postponing:
        _State.is_pending = True
    elif request is not None and is_first:
        _State.asked_at = time.monotonic()
        request.is_made = True
    else:
        end()


def end() -> NoReturn:
    """Undo what is half done, say so, and end; another signal meanwhile does the same."""
    if sys.platform == "win32":  # a file can only be removed there once it is closed
        raise KeyboardInterrupt
    for undo in reversed(to_undo):
        with suppress(Exception):
            undo()
    with suppress(OSError):  # the terminal may be gone
        if not _State.has_told:
            _State.has_told = True
            os.write(2, f"{_State.told}\n".encode(errors="backslashreplace"))
    os._exit(EXIT)


def end_if_asked() -> None:
    """End at once where a stop was asked for, and what would come to an end must wait."""
    if _State.request and _State.request.is_set():
        end()


def note_written(remedy: str = "") -> None:
    """Note that a file has taken its place, or that what is written leaves as it comes.

    The remedy says how to go on from there.
    """
    if remedy:
        _State.told = f"interrupted; {remedy}"
    elif _State.told == UNWRITTEN_TOLD:
        _State.told = "interrupted"


@contextmanager
def undoing(undo: Callable[[], object]) -> Iterator[None]:
    """Have this called, too, where a signal ends the process within the block."""
    to_undo.append(undo)
    try:
        yield
    finally:
        to_undo.remove(undo)


@contextmanager
def postponed() -> Iterator[None]:
    """Let all signals wait until this short block has ended."""
    _State.postponing += 1
    try:
        yield
    finally:
        _State.postponing -= 1
        if _State.is_pending and not _State.postponing:
            _State.is_pending = False
            _come()


@contextmanager
def asked_to_stop() -> Iterator[Request]:
    """Give what the first signal sets, so that a long block comes to an end of its own.

    A later one ends the process at once. Within another such block, that one is asked.
    """
    request = Request()
    if _State.request:
        yield request
        return
    _State.request = request
    try:
        yield request
    finally:
        _State.request = None
