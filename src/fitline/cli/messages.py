"""What is said beside the result, on standard error: notes, warnings, what takes long."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from fitline.formatting import count, listed
from fitline.signals import undoing

from .streams import console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

    from fitline.charts.text import Text
    from fitline.data import Table
    from fitline.optimize.moments import Moments
    from fitline.training import Training

PATIENCE_SECONDS = 1.0
BETWEEN_SECONDS = 0.1

NO_LINE = b"\r\x1b[K\x1b[?25h"
"""Erases the line of what takes long, and shows the cursor again."""


class Messages:
    """What is said on standard error: notes, warnings, and what takes long."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._begun = time.monotonic()
        self._said = self._begun
        self._status: Status | None = None

    @cached_property
    def _console(self) -> "Console":
        return console(stderr=True)

    def note(self, text: str) -> None:
        """Say something that is good to know."""
        if not self._quiet:
            self._say(f"note: {text}")

    def warn(self, text: str) -> None:
        """Say something that the user will want to change."""
        if not self._quiet:
            self._say(f"warning: {text}", style="yellow")

    def warn_of_rate(self, training: "Training") -> None:
        """Announce a learning rate that is too large, before it is tried."""
        from fitline.diagnosis.diagnosis import too_large
        from fitline.views.theory import rate_warning

        if found := too_large(training):
            self.warn(rate_warning(found))

    def detail(self, text: str) -> None:
        """Say what only the curious want to know, and when."""
        if self._verbose:
            passed = time.monotonic() - self._begun
            self._say(f"{passed:7.3f} s  {text}")

    def _say(self, text: str, style: str = "") -> None:
        wrap = not self._console.is_terminal
        self._console.print(self._text(text, style), soft_wrap=wrap)

    def _text(self, text: str, style: str = "") -> "Text":
        from fitline.charts.text import Text

        return Text(text, style)

    def waiting(self, text: str) -> None:
        """Keep one line up to date, once something has taken long, in a terminal only."""
        now = time.monotonic()
        if now - self._begun < PATIENCE_SECONDS or now - self._said < BETWEEN_SECONDS:
            return
        self._said = now
        if self._quiet or not self._console.is_terminal or self._console.is_dumb_terminal:
            return
        if self._status is None:
            self._status = self._console.status(self._text(text))
            self._status.start()
        else:
            self._status.update(self._text(text))

    def done_waiting(self) -> None:
        """Take the line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def read(self, table: "Table", used: str = "", source: str = "") -> None:
        """Say how the files were read and what was left out, as far as nobody asked for it."""
        for note in table.notes:
            self.note(note)
        if table.skipped:
            missing = f" ({table.missing:,} with a missing value)" if table.missing else ""
            self.note(f"{source}{count(table.skipped, 'row')} skipped{missing}{used}")

    def table(self, table: "Table", moments: "Moments") -> None:
        """Say what was read, as far as it is not what the user asked for."""
        self.read(table, f", {moments.rows:,} used")
        from fitline.data import FOUR_HOUSES

        if table.source == FOUR_HOUSES:
            self.note(f"no table was named, so this is about {FOUR_HOUSES}")
        self.detail(f"read {count(moments.rows, 'row')} of {table.source}")

    def lost(self, slopes: Sequence[str]) -> None:
        """Say which slopes the rows outside of a fold do not tell."""
        if slopes:
            what = "the slope is" if len(slopes) == 1 else "the slopes are"
            self.note(
                f"without one of its folds, the other rows do not tell {listed(slopes)} apart"
                f" from other features; {what} 0 there"
            )

    @contextmanager
    def patience(self) -> Iterator["Messages"]:
        """Show what takes long within this block."""
        with undoing(self._erase_line):
            try:
                yield self
            finally:
                self.done_waiting()

    def _erase_line(self) -> None:
        """Take the line away where Rich may be at work on it."""
        if self._status is not None:
            os.write(2, NO_LINE)
