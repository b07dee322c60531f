"""`--trace`: every step of a training, in a file."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fitline.errors import UsageError

from .options import Format

if TYPE_CHECKING:
    from fitline.optimize.iterate import Step
    from fitline.runs import SavedRun

    from .messages import Messages


def require_ending(path: str | None) -> None:
    """Refuse a file whose ending names no format, before anything is done."""
    if path is not None and Path(path).suffix not in {".csv", ".jsonl"}:
        raise UsageError(
            f"--trace is {path!r}, which ends neither in .csv nor in .jsonl", value=path
        )


def note_thinned(
    shown: int, steps: int, format_: Format, messages: "Messages", saved: "SavedRun | None"
) -> None:
    """Say where the others are, when a spreadsheet is given a part of the steps."""
    if format_ == "csv" and shown < steps:
        there = f"{saved.history} has all" if saved else "--every 1 or --trace FILE.csv gives all"
        messages.note(f"{shown:,} of {steps:,} steps are shown; {there}")


@contextmanager
def open_trace(path: str | None) -> Iterator[Callable[["Step"], None] | None]:
    """Give what writes a step, or None; the file takes its place when the block ends well."""
    from fitline.files.atomic import replacing
    from fitline.files.pipes import open_text
    from fitline.results.train import StepFacts, step_columns

    if path is None:
        yield None
        return
    with replacing(path) as unfinished, open_text(unfinished) as stream:
        if path.endswith(".jsonl"):
            yield unless_written(
                lambda step: print(json.dumps(StepFacts.of(step).document()), file=stream)
            )
        else:
            writer = csv.writer(stream, lineterminator="\n")

            columns: list[str] = []

            def write(step: "Step") -> None:
                if not columns:
                    is_validated = step.validation_cost is not None
                    columns.extend(
                        step_columns(len(step.theta), is_validated=is_validated, with_excess=False)
                    )
                    writer.writerow(columns)
                writer.writerow(StepFacts.of(step).row(columns))

            yield unless_written(write)


def unless_written(write: Callable[["Step"], None]) -> Callable[["Step"], None]:
    """Write every step once, not again the one to which descent goes back."""
    from fitline.optimize.iterate import StopReason

    def write_once(step: "Step") -> None:
        if step.stop_reason is not StopReason.EARLY:
            write(step)

    return write_once
