"""`fitline resume`: go on with a saved run."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fitline.formatting import LARGEST_WHOLE

from . import options
from .conflicts import keep_apart
from .messages import Messages
from .options import choose_format
from .running import TrainingOutput, exit_code, finish
from .show import reread, show_ended
from .unseen import read_unseen

if TYPE_CHECKING:
    from fitline.runs import SavedRun


def resume(
    context: typer.Context,
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
            help="The most steps, with those already taken. Left out: as before.",
            show_default=False,
            rich_help_panel="Training",
        ),
    ] = None,
    chart: options.Chart = True,
    strict: options.Strict = False,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Go on with a saved run, as if it had never stopped.

    The result is bit for bit that of an uninterrupted run. The table and the settings
    must be the same; a run that reached its step limit goes on with a larger --steps.

    fitline resume run
    fitline resume run --steps 5000
    """
    from fitline.runs import reopen

    messages = Messages(quiet=quiet, verbose=verbose)
    chosen = choose_format(format_, output)
    wanted = TrainingOutput(chosen, output, strict=strict, has_chart=chart)
    with reopen(Path(folder)) as saved:
        keep_apart([*(data or saved.manifest.named), saved.manifest.test], output, runs=[folder])
        if saved.can_go_on(steps):
            _go_on(context, saved, data, steps, wanted, messages)
        else:
            _say_ended(saved, wanted, messages)


def _go_on(
    context: typer.Context,
    saved: "SavedRun",
    data: list[str] | None,
    steps: int | None,
    wanted: TrainingOutput,
    messages: Messages,
) -> None:
    manifest = saved.manifest if steps is None else saved.manifest.lasting(steps)
    training = reread(context, manifest, data, messages)
    if manifest.news:
        messages.warn(f"{manifest.news}: the last digits may differ")
    unseen = read_unseen(context, training, manifest.tested, messages)
    manifest.require_same_test(unseen)
    manifest = manifest.continued(context.obj, data)
    manifest.write(saved.folder)
    messages.detail(f"goes on after {saved.steps:,} steps")
    wanted = replace(
        wanted,
        every=manifest.every,
        explain=manifest.explain,
        summary=manifest.summary,
        unseen=unseen,
    )
    finish(training, wanted, messages, replace(saved, manifest=manifest))


def _say_ended(saved: "SavedRun", wanted: TrainingOutput, messages: Messages) -> None:
    """Print the result once more, and why there is nothing to go on with."""
    if saved.stop_reason is None:
        raise AssertionError("a run without an ending can go on")
    show_ended(saved, wanted.format_, wanted.output, messages)
    more = "; a larger --steps goes on" if saved.cut_off is not None else ""
    messages.note(f"this run has ended, so nothing was changed{more}")
    if code := exit_code(saved.stop_reason, wanted.strict):
        raise typer.Exit(code)
