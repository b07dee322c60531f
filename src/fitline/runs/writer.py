"""A run written to its folder while it goes on."""

import math
import shlex
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from fitline.config import Config
from fitline.escaping import printable
from fitline.files.run_parts import CHECKPOINT, HISTORY
from fitline.optimize.iterate import Iterate, Step, StopReason
from fitline.results.train import step_columns
from fitline.signals import note_written, postponed
from fitline.vector import Vector

from .checkpoint import Checkpoint
from .history import History

BETWEEN_SECONDS = 0.5
"""A checkpoint is written this long after the last one."""

SHARE = 50
"""Where writing a checkpoint takes long, no more of the time than one part in so many."""


class RunWriter:
    """Write every step of a run, and now and then a checkpoint.

    The run goes on after the iterate `after`; `earlier` are the steps to show before it.
    """

    def __init__(
        self,
        folder: Path,
        config: Config,
        start: Vector,
        checkpoint: Checkpoint | None,
        earlier: Sequence[Step] = (),
    ) -> None:
        self.after = checkpoint.iterate if checkpoint else None
        self.earlier = earlier
        self._path = folder / CHECKPOINT
        self._resume = f"fitline resume {shlex.quote(printable(str(folder)))}"
        self._config = asdict(config)
        columns = step_columns(len(start), is_validated=config.holdout is not None)
        self._history = History(folder / HISTORY, columns, checkpoint.size if checkpoint else 0)
        self._start = start
        self._due = time.monotonic() + BETWEEN_SECONDS

    def see(self, step: Step, iterate: Iterate) -> None:
        """Write a step, and hold the iterate from which to go on.

        A step that was gone back to has been written.
        """
        if step.stop_reason is StopReason.EARLY:
            return
        self._history.write(step)
        self.after = iterate
        if (begun := time.monotonic()) >= self._due:
            self.write_checkpoint()
            ended = time.monotonic()
            self._due = ended + max(BETWEEN_SECONDS, SHARE * (ended - begun))

    def write_checkpoint(self) -> None:
        """Write where the run stands; the history must outlive what points into it.

        From a step whose cost is no number nobody goes on.
        """
        if self.after is not None and math.isfinite(self.after.cost):
            self._history.secure()
            checkpoint = Checkpoint(self.after, self._start, self._history.size, self._config)
            with postponed():
                checkpoint.write(self._path)
                note_written(f"{self._resume} continues it")

    def close(self) -> None:
        """Let go of the history."""
        self._history.close()
