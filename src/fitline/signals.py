"""Signals that ask for an end: Ctrl-C, kill, and a terminal that is closed."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

NAMES = {"SIGINT", "SIGTERM", "SIGHUP"}

ENDING = [signum for signum in signal.Signals if signum.name in NAMES]
"""Windows has no SIGHUP."""

_interrupted = Event()


def interrupt_at_end() -> None:
    """Let all of them interrupt as Ctrl-C does, but those that are ignored, as nohup wants it."""
    for signum in ENDING:
        if signal.getsignal(signum) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(signum, _interrupt)


def _interrupt(signum: int, frame: Any) -> None:
    _interrupted.set()
    signal.default_int_handler(signum, frame)


def was_interrupted() -> bool:
    """Tell whether one of them came; what it interrupts may end in an error of any kind."""
    return _interrupted.is_set()


@contextmanager
def asked_to_stop() -> Iterator[Event]:
    """Note them instead of being interrupted, so that nothing is half done."""
    asked = Event()
    before = {signum: signal.getsignal(signum) for signum in ENDING}
    interrupting = {_interrupt, signal.default_int_handler}
    replaced = [signum for signum, handler in before.items() if handler in interrupting]
    for signum in replaced:
        signal.signal(signum, lambda *_: asked.set())
    try:
        yield asked
    finally:
        for signum in replaced:
            signal.signal(signum, before[signum])
