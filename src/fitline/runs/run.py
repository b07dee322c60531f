"""A run that is kept: begun, written while it walks, gone on with, and shown again."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fitline.errors import UsageError
from fitline.files.atomic import replacing, write_text
from fitline.files.documents import count, mapping
from fitline.optimize.descent import Ending, Step
from fitline.training import Run, Training

from . import folder as folders
from . import history as histories
from .checkpoint import Checkpoint
from .folder import CHECKPOINT, HISTORY, LONG_HISTORY, MODEL, RESULT, RUN, SHOWN
from .keeper import Keeper
from .record import Record

ENDED = {"ending": lambda value: value in [ending.name.lower() for ending in Ending]}
SHAPE = {**ENDED, "steps": count, "trace": [mapping]}
"""What is needed of a result; the rest is printed as it is."""


@dataclass(frozen=True, eq=False)
class KeptRun:
    """A run in its folder; `checkpoint` is the last one, `ending` that of a run that has ended."""

    folder: Path
    record: Record
    checkpoint: Checkpoint | None = None
    ending: Ending | None = None

    @classmethod
    def load(cls, folder: Path) -> "KeptRun":
        """Read what is kept.

        Raises FileError where it is damaged, and ConfigError where its settings were changed.
        """
        record, checkpoint = Record.load(folder), Checkpoint.load(folder / CHECKPOINT)
        if checkpoint is not None:
            record.require_same_config(checkpoint.config, folder / RUN)
            with folders.intact(folder / CHECKPOINT):
                checkpoint.require_state_of(record.config.optimizer)
        return cls(folder, record, checkpoint, _ending(folder))

    @property
    def steps(self) -> int:
        """Give how many steps are known to have been taken."""
        return self.checkpoint.step.index if self.checkpoint else 0

    @property
    def history(self) -> Path:
        """Give the file of every step."""
        parquet = self.folder / LONG_HISTORY
        return parquet if parquet.exists() else self.folder / HISTORY

    def can_go_on(self, steps: int | None) -> bool:
        """Tell whether there is a step left to take, when so many are allowed.

        Raises UsageError where more have been taken.
        """
        if steps is not None and steps < self.steps:
            raise UsageError(
                f"--steps is {steps:,}, but the run has taken {self.steps:,} already",
                value=str(steps),
                hint="--steps is the number of all steps, with those already taken",
            )
        if self.ending in {Ending.STEPS, Ending.PLATEAU}:
            return steps is not None and steps > self.steps
        return self.ending in {None, Ending.INTERRUPTED}

    def earlier(self, checkpoint: Checkpoint, training: Training) -> list[Step]:
        """Read the steps to show that were taken before a checkpoint of this training."""
        with folders.intact(self.folder / CHECKPOINT):
            checkpoint.require_cost_of(training)
        text, parquet = self.folder / HISTORY, self.folder / LONG_HISTORY
        index, size = checkpoint.step.index, checkpoint.size
        if parquet.exists() and not text.exists():
            histories.lengthen(parquet, text, index, size)
        return histories.steps_before(text, index, size, self.record.every)

    @contextmanager
    def walking(self, training: Training) -> Iterator["Keeper"]:
        """Give what keeps a walk from here on, the last checkpoint if it is of this start."""
        with folders.writing(self.folder):
            checkpoint = self.checkpoint
            if checkpoint and checkpoint.start.tolist() != training.start.tolist():
                checkpoint = None
                folders.remove(self.folder, CHECKPOINT)
            earlier = self.earlier(checkpoint, training) if checkpoint else []
            folders.remove(self.folder, SHOWN, RESULT, MODEL, LONG_HISTORY)
            config = self.record.config
            keeper = Keeper(self.folder, config, training.start, checkpoint, earlier)
            try:
                yield keeper
                keeper.write_checkpoint()
            finally:
                keeper.close()

    def so_far(self, training: Training) -> Run:
        """Give the steps to show up to the last checkpoint."""
        checkpoint = self.checkpoint
        if checkpoint is None:
            earlier, after = [], None
        else:
            earlier, after = self.earlier(checkpoint, training), checkpoint.step
            training = training.starting_at(checkpoint.start)
        step = training.in_units(next(training.walk(after)))
        return Run(training, [*earlier, step], step.ending or Ending.INTERRUPTED)

    def write_result(self, run: Run, result: str, shown: str) -> None:
        """Keep what the run came to; from then on it has ended."""
        with folders.writing(self.folder):
            if run.last.index >= histories.MOST_ROWS:
                histories.shorten(self.folder / HISTORY, self.folder / LONG_HISTORY)
        if run.ending is not Ending.DIVERGED:
            with replacing(self.folder / MODEL, follow=False) as unfinished:
                run.save(unfinished)
        write_text(self.folder / RESULT, result, lasting=True)
        write_text(self.folder / SHOWN, shown, lasting=True)

    def intact(self) -> AbstractContextManager[None]:
        """Say that what was shown is damaged, where it cannot be shown again."""
        return folders.intact(self.folder / SHOWN)

    def read_shown(self) -> Any:
        """Read what people were shown."""
        return folders.read_json(self.folder / SHOWN, mapping, infinite=True)

    def read_result(self) -> Any:
        """Read what the run came to."""
        return folders.read_json(self.folder / RESULT, SHAPE)


@contextmanager
def begin(folder: Path, record: Record, *, force: bool) -> Iterator[KeptRun]:
    """Begin a run in a folder of its own, while no other process may.

    Raises FileError where something is in the way. Where the run fails before its first
    checkpoint, nothing is kept.
    """
    folders.require_free(folder, force=force)
    is_new = not folder.exists()
    with folders.writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with folders.alone(folder):
        folders.require_free(folder, force=force)
        with folders.writing(folder):
            folders.tidy(folder)
            folders.remove(folder, *folders.FILES[:-1])
        try:
            record.write(folder)
            yield KeptRun(folder, record)
        except BaseException:
            if not ((folder / CHECKPOINT).exists() or (folder / SHOWN).exists()):
                _forget(folder, whole=is_new)
            raise


def _forget(folder: Path, *, whole: bool) -> None:
    """Remove a run, and its folder too where that was made for it."""
    with suppress(OSError):
        folders.remove(folder, *folders.FILES)
        if whole:
            folder.rmdir()


@contextmanager
def reopen(folder: Path) -> Iterator[KeptRun]:
    """Go on with a run, while no other process may."""
    folders.require_run(folder, to_write=True)
    with folders.alone(folder):
        with folders.writing(folder):
            folders.tidy(folder)
        yield KeptRun.load(folder)


def _ending(folder: Path) -> Ending | None:
    """Tell how a run ended whose every file was written."""
    if not (folder / SHOWN).exists():
        return None
    result = folders.read_json(folder / RESULT, ENDED)
    return Ending[result["ending"].upper()]
