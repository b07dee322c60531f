"""`fitline train`: watch a line learn."""

import signal
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from . import options
from .options import RESULT, choose_format, keep_apart
from .tables import configure, open_configured, read
from .talk import Talk
from .trace import open_trace, require_ending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitline.descent import Ending, Step
    from fitline.training import Run, Training

WALK = "The walk downhill"
STRICT_EXIT, DIVERGED_EXIT, INTERRUPTED_EXIT = 3, 4, 130


def train(
    data: options.Data = None,
    config: options.ConfigFile = None,
    x: options.X = None,
    y: options.Y = None,
    bad_rows: options.BadRows = None,
    rejects: options.Rejects = None,
    scaling: Annotated[
        Literal["standard", "minmax", "none"] | None,
        typer.Option(
            help="Coordinates to train in: mean 0 and deviation 1 (the default), from 0 to 1,"
            " or as they are.",
            rich_help_panel=WALK,
        ),
    ] = None,
    learning_rate: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER|auto",
            help="How far to step along the gradient; auto: the best fixed rate. Default: 0.1.",
            rich_help_panel=WALK,
        ),
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Steps at the most. Default: 1000.", rich_help_panel=WALK)
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            help="Stop when the gradient, without units, is no longer. Default: 1e-12.",
            rich_help_panel=WALK,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Where the random start comes from. Default: 0.", rich_help_panel=WALK),
    ] = None,
    theta0: Annotated[
        float | None, typer.Option(help="The intercept to start from.", rich_help_panel=WALK)
    ] = None,
    theta1: Annotated[
        float | None, typer.Option(help="The slope to start from.", rich_help_panel=WALK)
    ] = None,
    every: Annotated[
        int | None,
        typer.Option(min=1, help="Show one step in so many.", rich_help_panel=RESULT),
    ] = None,
    trace: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv|.jsonl",
            help="Keep every step, to the last digit.",
            rich_help_panel=RESULT,
        ),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(metavar="FILE.json", help="Keep the model.", rich_help_panel=RESULT),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with 3 when not converged.", rich_help_panel=RESULT),
    ] = False,
    format_: options.OutputFormat = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Train a line by gradient descent, step by step.

    What was learned is shown beside the exact minimum, with what theory says of the learning rate.
    """
    talk = Talk(quiet=quiet, verbose=verbose)
    require_ending(trace)
    chosen = choose_format(format_, output)
    settings = configure(
        config,
        x=x,
        y=y,
        bad_rows=bad_rows,
        scaling=scaling,
        learning_rate=learning_rate,
        steps=steps,
        tolerance=tolerance,
        seed=seed,
        theta0=theta0,
        theta1=theta1,
    )
    keep_apart([*(data or []), settings.data, config], output, rejects, trace, save)
    table = open_configured(data, settings, rejects)
    moments = read(table, talk, "fitline.views.train")

    from fitline.training import prepare
    from fitline.views.train import TrainReport, rate_warning

    from .output import emit

    training = prepare(table, moments, settings)
    if warning := rate_warning(training):
        talk.warn(warning)
    with open_trace(trace) as write_step, talk.patience():
        run = _walk(training, every, write_step, talk)
    talk.detail(f"took {run.last.index:,} steps")
    emit(TrainReport(run), chosen, output)
    if save and run.ending.name == "DIVERGED":
        talk.warn(f"{save} was not written, for a model that diverged is of no use")
    elif save:
        run.save(save)
    if code := _exit_code(run.ending, strict):
        raise typer.Exit(code)


def _walk(
    training: "Training", every: int | None, write_step: "Callable[[Step], None]", talk: "Talk"
) -> "Run":
    """Take the steps, and keep those to show; Ctrl-C ends the walk after a whole step."""
    from fitline.descent import Ending
    from fitline.training import Run, is_shown

    kept: list[Step] = []
    with _asked_to_stop() as asked:
        for step in training.steps():
            write_step(step)
            if is_shown(step, every) or asked.is_set():
                kept.append(step)
            if asked.is_set():
                break
            talk.waiting(
                f"step {step.index:,} of {training.config.steps:,}, cost {step.cost:,.6g}"
            )
    return Run(training, kept, step.ending or Ending.INTERRUPTED)


@contextmanager
def _asked_to_stop() -> "Iterator[Event]":
    """Note Ctrl-C instead of being interrupted by it, so that nothing is half done."""
    asked = Event()
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _exit_code(ending: "Ending", strict: bool) -> int:
    match ending.name:
        case "DIVERGED":
            return DIVERGED_EXIT
        case "INTERRUPTED":
            return INTERRUPTED_EXIT
        case "CONVERGED":
            return 0
    return STRICT_EXIT if strict else 0
