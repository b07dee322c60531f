"""Signals that ask for an end: Ctrl-C, kill, and a terminal that is closed."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

NAMES = {"SIGINT", "SIGTERM", "SIGHUP"}

ENDING = [signum for signum in signal.Signals if signum.name in NAMES]
"""Windows has no SIGHUP."""


def interrupt_at_end() -> None:
    """Let all of them interrupt as Ctrl-C does, but those that are ignored, as nohup wants it."""
    for signum in ENDING:
        if signal.getsignal(signum) is signal.SIG_DFL:
            signal.signal(signum, signal.default_int_handler)


@contextmanager
def asked_to_stop() -> Iterator[Event]:
    """Note them instead of being interrupted, so that nothing is half done."""
    asked = Event()
    before = {signum: signal.getsignal(signum) for signum in ENDING}
    interrupting = [s for s, handler in before.items() if handler is signal.default_int_handler]
    for signum in interrupting:
        signal.signal(signum, lambda *_: asked.set())
    try:
        yield asked
    finally:
        for signum in interrupting:
            signal.signal(signum, before[signum])
