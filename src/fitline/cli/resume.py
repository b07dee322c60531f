"""`fitline resume`: go on with a run that was kept."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.formatting import LARGEST_WHOLE

from . import options
from .apart import keep_apart
from .options import choose_format
from .show import reread, show_ended
from .talk import Talk
from .walk import Wishes, exit_code, finish

if TYPE_CHECKING:
    from fitline.runs import KeptRun


def resume(
    folder: options.RunFolder,
    data: Annotated[
        list[str] | None,
        typer.Argument(
            help="Where the table is now, if it has moved.",
            show_default=False,
            metavar="[DATA]...",
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            "--steps",
            "--epochs",
            min=0,
            max=LARGEST_WHOLE,
            help="Steps, or epochs, at the most, with those already taken.",
            show_default=False,
        ),
    ] = None,
    strict: options.Strict = False,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Go on with a run that was kept, as if it had never stopped.

    It ends with the very digits that it would have reached at once. The table and the settings
    must be the same; a run that took all its steps goes on with a larger --steps.
    """
    from fitline.runs import reopen

    talk = Talk(quiet=quiet, verbose=verbose)
    wishes = Wishes(choose_format(format_, output), output, strict=strict)
    with reopen(Path(folder)) as kept:
        keep_apart([*(data or kept.record.named)], output, runs=[folder])
        if kept.can_go_on(steps):
            _go_on(kept, data, steps, wishes, talk)
        else:
            _say_ended(kept, wishes, talk)


def _go_on(
    kept: "KeptRun", data: list[str] | None, steps: int | None, wishes: Wishes, talk: Talk
) -> None:
    record = kept.record if steps is None else kept.record.lasting(steps)
    training = reread(record, data, talk)
    if record.news:
        talk.warn(f"{record.news}: the last digits may differ")
    record = record.continued(sys.argv[1:], data)
    record.write(kept.folder)
    talk.detail(f"goes on after {kept.steps:,} steps")
    wishes = replace(wishes, every=record.every, explain=record.explain)
    finish(training, wishes, talk, replace(kept, record=record))


def _say_ended(kept: "KeptRun", wishes: Wishes, talk: Talk) -> None:
    """Print the result once more, and why there is nothing to go on with."""
    if kept.ending is None:
        raise AssertionError("a run without an ending can go on")
    show_ended(kept, wishes.format_, wishes.output, talk)
    more = "; a larger --steps goes on" if kept.ending.name == "STEPS" else ""
    talk.note(f"this run has ended, so nothing was changed{more}")
    if code := exit_code(kept.ending, wishes.strict):
        raise typer.Exit(code)
