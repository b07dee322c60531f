"""`fitline train`: watch a line learn."""

import signal
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from . import options
from .options import RESULT, choose_format, keep_apart
from .tables import configure, look, open_configured
from .talk import Talk
from .trace import open_trace, require_ending
from .watch import can_watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fitline.descent import Ending, Step
    from fitline.training import Arrival, Run, Training

STRICT_EXIT, DIVERGED_EXIT, INTERRUPTED_EXIT = 3, 4, 130


def train(
    context: typer.Context,
    data: options.Data = None,
    config: options.ConfigFile = None,
    x: options.X = None,
    y: options.Y = None,
    bad_rows: options.BadRows = None,
    rejects: options.Rejects = None,
    cost: options.Cost = None,
    cost_scale: options.CostScale = None,
    scaling: options.Scaling = None,
    learning_rate: options.LearningRate = None,
    steps: options.Steps = None,
    tolerance: options.Tolerance = None,
    seed: options.Seed = None,
    starts: options.Starts = None,
    theta0: options.Theta0 = None,
    theta1: options.Theta1 = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Show the walk live, in a terminal.", rich_help_panel=RESULT),
    ] = False,
    pace: Annotated[
        float,
        typer.Option(
            min=0.1, max=50, help="Pictures a second with --watch.", rich_help_panel=RESULT
        ),
    ] = 5,
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
    live = watch and can_watch() and output is None and format_ in {None, "table"}
    chosen = choose_format(format_, output)
    settings = configure(context)
    keep_apart([*(data or []), settings.data, config], output, rejects, trace, save)
    table = open_configured(data, settings, rejects)
    landscape = look(table, settings, talk, "fitline.views.train")

    from fitline.training import lowest, prepare
    from fitline.views.train import TrainReport, rate_warning

    from .output import emit

    training = prepare(table, landscape, settings)
    if warning := rate_warning(training):
        talk.warn(warning)
    with talk.patience():
        arrivals = _scout(training, talk)
        if arrivals:
            training = training.starting_at(lowest(arrivals).start)
        with (
            _asked_to_stop() as asked,
            open_trace(trace) as write_step,
            _shown(training, pace if live else None, asked, talk) as show,
        ):
            walked = _walk(training, every, [write_step, show], asked)
        run = replace(walked, arrivals=arrivals)
    talk.detail(f"took {run.last.index:,} steps")
    emit(TrainReport(run), chosen, output)
    if save and run.ending.name == "DIVERGED":
        talk.warn(f"{save} was not written, for a model that diverged is of no use")
    elif save:
        run.save(save)
    if code := _exit_code(run.ending, strict):
        raise typer.Exit(code)


def _scout(training: "Training", talk: "Talk") -> "list[Arrival]":
    """Walk from every start, where there are several."""
    from fitline.training import scout

    if len(training.starts) == 1:
        return []
    arrivals = []
    for arrival in scout(training):
        arrivals.append(arrival)
        talk.waiting(f"start {len(arrivals):,} of {len(training.starts):,}")
    return arrivals


def _walk(
    training: "Training",
    every: int | None,
    watchers: "Sequence[Callable[[Step], None]]",
    asked: "Event",
) -> "Run":
    """Take the steps, and keep those to show; Ctrl-C ends the walk after a whole step."""
    from fitline.descent import Ending
    from fitline.training import Run, is_shown

    kept: list[Step] = []
    for step in training.steps():
        for watcher in watchers:
            watcher(step)
        if is_shown(step, every) or asked.is_set():
            kept.append(step)
        if asked.is_set():
            break
    return Run(training, kept, step.ending or Ending.INTERRUPTED)


@contextmanager
def _shown(
    training: "Training", pace: float | None, asked: "Event", talk: "Talk"
) -> "Iterator[Callable[[Step], None]]":
    """Give what shows a step: in pictures at this pace, or in a line where it takes long."""
    if pace is None:
        most = training.config.steps
        yield lambda step: talk.waiting(f"step {step.index:,} of {most:,}, cost {step.cost:,.6g}")
        return
    from .watch import watching

    with watching(training, pace, asked.is_set) as see:
        yield see


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
