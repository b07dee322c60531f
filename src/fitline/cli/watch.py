"""`--watch`: a training live in the terminal."""

import os
import select
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fitline.errors import FileError
from fitline.signals import undoing

from .streams import console, restored_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.live import Live

    from fitline.optimize.iterate import Step
    from fitline.signals import Request
    from fitline.training import Training
    from fitline.views.watch import Backdrop

KEYS = "space pauses · s steps · q ends"
PAUSED = "space goes on · s steps · q ends"

SINGLE_PICTURES = 20
"""So many steps have a picture each."""

GROWTH = 1.1
"""Later pictures are ever more steps apart, for the steps are ever smaller."""

DRAWN_ROWS = 400
"""So many rows of the table are drawn."""

CURSOR_BELOW = b"\n\x1b[?25h"
"""Shows the cursor again, below the picture."""

ANSWER_SECONDS = 0.05
"""A key is answered within this time."""


def can_watch() -> bool:
    """Tell whether there is a terminal on which a picture can move."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in {"dumb", "unknown"}


@contextmanager
def watching(
    training: "Training", pace: float, asked: "Request"
) -> "Iterator[Callable[[Step], None]]":
    """Give what shows a step, at so many pictures a second, until a stop is asked for.

    A terminal that is gone asks for it too: nobody looks any more.
    """
    backdrop = backdrop_of(training)
    with _keys() as pressed, undoing(lambda: os.write(1, CURSOR_BELOW)), _moving() as live:
        show = _Show(pace, pressed, asked.is_set)
        steps: list[Step] = []

        def draw(keys: str) -> None:
            with suppress(FileError):
                live.update(backdrop.scene(steps, keys), refresh=True)
                if live.console.is_terminal:
                    return
            asked.is_made = show.is_over = True

        def see(step: "Step") -> None:
            if show.is_due(step):
                steps.append(step)
                show.hold(draw, is_last=step.stop_reason is not None)

        yield see


@contextmanager
def _moving() -> "Iterator[Live]":
    """Give a picture that moves in the terminal, for as long as that is there."""
    from rich.live import Live

    live = Live(console=console(), auto_refresh=False)
    live.start()
    try:
        yield live
    finally:
        with suppress(FileError):
            live.stop()


def backdrop_of(training: "Training") -> "Backdrop":
    """Read some rows, and measure the landscape around the start."""
    from fitline.landscapes.overview import Overview
    from fitline.landscapes.projection import Projection
    from fitline.landscapes.window import window
    from fitline.views.watch import Backdrop

    seen = Projection.of(training.landscape)
    overview = Overview(seen, window(seen, [training.start]))
    rows = training.table.sample(training.moments, DRAWN_ROWS, training.config.seed)
    is_scaled = training.config.scaling != "none"
    return Backdrop.of(training.table, overview, *rows, is_scaled=is_scaled)


@dataclass
class _Show:
    """When the next picture is due, and how long it stays."""

    pace: float
    pressed: "Callable[[float], str]"
    is_stopped: "Callable[[], bool]"
    due: int = 0
    is_paused: bool = False
    is_over: bool = False

    def is_due(self, step: "Step") -> bool:
        """Choose the steps that have a picture; all of them while paused."""
        if step.stop_reason is not None or (step.index >= self.due and not self.is_over):
            self.due = max(step.index + 1, int(step.index * GROWTH))
            if step.index < SINGLE_PICTURES or self.is_paused:
                self.due = step.index + 1
            return True
        return False

    def hold(self, draw: "Callable[[str], None]", *, is_last: bool) -> None:
        """Draw, and wait until it is time to go on."""
        if is_last or self.is_over:
            draw("")
            return
        draw(PAUSED if self.is_paused else KEYS)
        until = time.monotonic() + 1 / self.pace
        while (self.is_paused or time.monotonic() < until) and not self.is_stopped():
            match self.pressed(ANSWER_SECONDS):
                case " ":
                    self.is_paused = not self.is_paused
                    draw(PAUSED if self.is_paused else KEYS)
                case "s":
                    self.is_paused = True
                    return
                case "q":
                    self.is_over, self.is_paused = True, False
                    return


@contextmanager
def _keys() -> "Iterator[Callable[[float], str]]":
    """Give what waits for a key for so many seconds; where keys cannot be read, it only waits."""
    if sys.stdin is None or not sys.stdin.isatty():
        yield _wait
        return
    try:
        import tty
    except ImportError:  # not on Windows
        yield _wait
        return
    with restored_terminal():
        tty.setcbreak(sys.stdin.fileno())
        yield _key


def _wait(seconds: float) -> str:
    time.sleep(seconds)
    return ""


def _key(seconds: float) -> str:
    if select.select([sys.stdin], [], [], seconds)[0]:
        with suppress(OSError):  # the terminal may be gone
            return os.read(sys.stdin.fileno(), 1).decode("ascii", "replace")
    return ""
