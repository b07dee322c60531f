"""A saved run: begun, written step by step, resumed, and shown again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fitline.errors import UsageError
from fitline.files.atomic import replacing, write_text
from fitline.files.json_documents import count
from fitline.files.run_parts import (
    CHECKPOINT,
    FILES,
    HISTORY,
    LONG_HISTORY,
    MODEL,
    RESULT,
    RUN,
)
from fitline.optimize.iterate import Step, StopReason
from fitline.results.train import TrainResult, step_columns
from fitline.signals import postponed, undoing
from fitline.training import Run, Training

from . import history as histories
from . import run_folder
from .checkpoint import Checkpoint
from .manifest import Manifest
from .writer import RunWriter

MAY_GO_ON = {StopReason.STEPS.value, StopReason.PLATEAU.value}
"""Where descent ended so, more steps may lead elsewhere."""


def _is_ending(value: Any) -> bool:
    return value in [reason.value for reason in StopReason]


ENDED = {
    "ending": _is_ending,
    "steps": count,
    "starts": ([{"ending": (_is_ending, None), "steps": count}], None),
}


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A run in its folder; `checkpoint` is the last one, `stop_reason` why it ended, if it has.

    With more than `cut_off` steps it may go on, or from another of its starts.
    """

    folder: Path
    manifest: Manifest
    checkpoint: Checkpoint | None = None
    stop_reason: StopReason | None = None
    cut_off: int | None = None

    @classmethod
    def load(cls, folder: Path) -> "SavedRun":
        """Read a saved run.

        Raises FileError where it is damaged, and ConfigError where its settings were changed.
        """
        manifest, checkpoint = Manifest.load(folder), Checkpoint.load(folder / CHECKPOINT)
        if checkpoint is not None:
            manifest.require_same_config(checkpoint.config, folder / RUN)
            with run_folder.intact(folder / CHECKPOINT):
                checkpoint.require_state_of(manifest.config.optimizer, len(manifest.start))
        return cls(folder, manifest, checkpoint, *_ending(folder, manifest.config.steps))

    @property
    def steps(self) -> int:
        """Give how many steps are known to have been taken."""
        return self.checkpoint.iterate.index if self.checkpoint else 0

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
        if self.stop_reason in {None, StopReason.INTERRUPTED}:
            return True
        return steps is not None and self.cut_off is not None and steps > self.cut_off

    def earlier(self, checkpoint: Checkpoint, training: Training) -> list[Step]:
        """Read the steps to show that were taken before a checkpoint of this training."""
        with run_folder.intact(self.folder / CHECKPOINT):
            checkpoint.require_cost_of(training)
        text, parquet = self.folder / HISTORY, self.folder / LONG_HISTORY
        index, size = checkpoint.iterate.index, checkpoint.size
        columns = self._columns(len(checkpoint.start))
        if parquet.exists() and not text.exists():
            histories.lengthen(parquet, text, columns, index, size)
        return histories.steps_before(text, columns, index, size, self.manifest.every)

    def _columns(self, parameters: int) -> list[str]:
        is_validated = self.manifest.config.holdout is not None
        return step_columns(parameters, is_validated=is_validated)

    @contextmanager
    def open_writer(self, training: Training) -> Iterator[RunWriter]:
        """Give what writes the run on, from the last checkpoint if that is of this start."""
        with run_folder.writing(self.folder):
            checkpoint = self.checkpoint
            if checkpoint and checkpoint.start.tolist() != training.start.tolist():
                checkpoint = None
                run_folder.remove(self.folder, CHECKPOINT)
            earlier = self.earlier(checkpoint, training) if checkpoint else []
            run_folder.remove(self.folder, RESULT, MODEL, LONG_HISTORY)
            config = self.manifest.config
            writer = RunWriter(self.folder, config, training.start, checkpoint, earlier)
            try:
                yield writer
                writer.write_checkpoint()
            finally:
                writer.close()

    def so_far(self, training: Training) -> Run:
        """Give the steps to show up to the last checkpoint."""
        checkpoint = self.checkpoint
        if checkpoint is None:
            earlier, after = [], None
        else:
            earlier, after = self.earlier(checkpoint, training), checkpoint.iterate
            training = training.starting_at(checkpoint.start)
        step = training.step_of(next(training.iterates(after)))
        return Run(training, [*earlier, step], step.stop_reason or StopReason.INTERRUPTED)

    def write_result(self, run: Run, result: str) -> None:
        """Write what the run came to; from then on it has ended."""
        with run_folder.writing(self.folder):
            if run.last.index >= histories.MOST_ROWS:
                text, parquet = self.folder / HISTORY, self.folder / LONG_HISTORY
                histories.shorten(text, parquet, self._columns(len(run.last.theta)))
        if run.stop_reason is not StopReason.DIVERGED:
            with replacing(self.folder / MODEL, follow=False) as unfinished:
                run.save(unfinished)
        write_text(self.folder / RESULT, result, lasting=True)

    def read_result(self) -> TrainResult:
        """Read what the run came to. Raises FileError where it is damaged."""
        document = run_folder.read_json(self.folder / RESULT, ENDED)
        with run_folder.intact(self.folder / RESULT):
            return TrainResult.from_document(document)


@contextmanager
def begin(folder: Path, manifest: Manifest, *, force: bool) -> Iterator[SavedRun]:
    """Begin a run in a folder of its own, while no other process may.

    Raises FileError where something is in the way. Where the run fails before its first
    checkpoint, nothing is left of it.
    """
    run_folder.require_free(folder, force=force)
    is_new = not folder.exists()

    def forget() -> None:
        if not ((folder / CHECKPOINT).exists() or (folder / RESULT).exists()):
            _forget(folder, whole=is_new)

    with ExitStack() as stack:
        with postponed(), run_folder.writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(run_folder.alone(folder))
            stack.enter_context(undoing(forget))
        run_folder.require_free(folder, force=force)
        with run_folder.writing(folder):
            run_folder.tidy(folder)
            run_folder.remove(folder, *FILES[:-1])
        try:
            manifest.write(folder)
            yield SavedRun(folder, manifest)
        except BaseException:
            forget()
            raise


def _forget(folder: Path, *, whole: bool) -> None:
    """Remove a run, and its folder too where that was made for it."""
    with suppress(OSError):
        run_folder.remove(folder, *FILES)
        if whole:
            folder.rmdir()


@contextmanager
def reopen(folder: Path) -> Iterator[SavedRun]:
    """Go on with a run, while no other process may."""
    run_folder.require_run(folder, to_write=True)
    with run_folder.alone(folder):
        with run_folder.writing(folder):
            run_folder.tidy(folder)
        yield SavedRun.load(folder)


def _ending(folder: Path, limit: int) -> tuple[StopReason | None, int | None]:
    """Tell how a run ended whose every file was written, and after how many steps cut off.

    What ends at the limit may go on, even where rounding could be what keeps it from a minimum.
    """
    if not (folder / RESULT).exists():
        return None, None
    result = run_folder.read_json(folder / RESULT, ENDED)
    descents = [result, *(result.get("starts") or [])]
    cut_off = [
        one["steps"] for one in descents if one["ending"] in MAY_GO_ON or one["steps"] >= limit
    ]
    return StopReason(result["ending"]), max(cut_off, default=None)
