"""The run of `fitline train` and of `fitline resume`: taken, shown, saved, and told."""

import shlex
import sys
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import typer

from fitline.errors import ConfigError
from fitline.memory import shortage
from fitline.signals import asked_to_stop

from . import exit_codes
from .options import Format
from .trace import note_thinned, open_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fitline.evaluation import Unseen
    from fitline.optimize.iterate import Step, StopReason
    from fitline.runs import RunWriter, SavedRun
    from fitline.signals import Request
    from fitline.training import Run, Training
    from fitline.training.curve import Curve

    from .messages import Messages


@dataclass(frozen=True)
class TrainingOutput:
    """What is to become of a run; with a `pace` it is shown live."""

    format_: Format
    output: str | None = None
    every: int | None = None
    pace: float | None = None
    trace: str | None = None
    save: str | None = None
    strict: bool = False
    explain: int = 0
    summary: bool = False
    unseen: "Unseen | None" = None
    has_chart: bool = True

    @property
    def draws_curve(self) -> bool:
        """Tell whether a chart ends what is printed, as it does in a terminal alone."""
        is_plain = self.format_ == "table" and self.output is None and self.pace is None
        return self.has_chart and is_plain and sys.stdout.isatty()

    @property
    def is_seen(self) -> bool:
        """Tell whether somebody looks at every step."""
        return self.pace is not None or self.trace is not None


def finish(
    training: "Training",
    wanted: TrainingOutput,
    messages: "Messages",
    saved: "SavedRun | None" = None,
) -> None:
    """Train, and tell where that ended; a saved run goes on from where it stands."""
    messages.warn_of_rate(training)
    with messages.patience():
        _require_room_to_explain(training, wanted.explain)
        run = _lowest(training, wanted, messages) if len(training.starts) > 1 else None
        curve = _curve(wanted) if run is None else None
        if run is None or saved or wanted.is_seen:
            training = run.training if run else training
            restarts = run.restarts if run else ()
            run = replace(_trained(training, wanted, messages, saved, curve), restarts=restarts)
    messages.detail(f"took {run.last.index:,} steps")
    _tell(run, wanted, messages, saved)
    if curve:
        _draw(curve, run)
    if code := exit_code(run.stop_reason, wanted.strict):
        raise typer.Exit(code)


def _curve(wanted: TrainingOutput) -> "Curve | None":
    from fitline.training.curve import Curve

    return Curve() if wanted.draws_curve else None


def _draw(curve: "Curve", run: "Run") -> None:
    """End what a terminal shows with the excess cost by step."""
    from fitline.charts.excess import excess_strip
    from fitline.charts.frame import WIDEST

    from .streams import console

    terminal = console()
    curve.excesses[run.last.index] = run.training.excess(run.last)
    steps, excesses = zip(*sorted(curve.excesses.items()), strict=True)
    rows = excess_strip(steps, excesses, min(terminal.width, WIDEST))
    for row in ["", *rows] if rows else []:
        terminal.print(row)


def _tell(
    run: "Run", wanted: TrainingOutput, messages: "Messages", saved: "SavedRun | None"
) -> None:
    """Print and save the fit."""
    from fitline.derivation import explain
    from fitline.diagnosis.diagnosis import diagnose
    from fitline.results.train import TrainResult
    from fitline.views.report import as_json
    from fitline.views.train import TrainReport

    from .output import emit

    explained, diagnosis = explain(run.training, wanted.explain), diagnose(run)
    result = TrainResult.of_run(
        run,
        explained,
        wanted.every,
        diagnosis=diagnosis,
        with_summary=wanted.summary,
        unseen=wanted.unseen,
    )
    report = TrainReport(result)
    if saved:
        saved.write_result(run, as_json(report))
    has_model = run.stop_reason.value != "diverged"
    if wanted.save and has_model:
        run.save(wanted.save)  # first, since nobody may be there to read the rest
    emit(report, wanted.format_, wanted.output)
    if wanted.trace is None:
        note_thinned(len(run.steps), run.last.index + 1, wanted.format_, messages, saved)
    if saved and run.stop_reason.value == "interrupted":
        messages.note(f"fitline resume {shlex.quote(str(saved.folder))} continues it")
    if wanted.save and not has_model:
        messages.warn(f"{wanted.save} was not written, for a model that diverged is of no use")


def _lowest(training: "Training", wanted: TrainingOutput, messages: "Messages") -> "Run":
    """Descend from every start, and take the run that ends lowest."""
    from fitline.optimize.iterate import StopReason
    from fitline.training import Run, descend_from_all, is_shown

    restarts, training, steps = descend_from_all(
        training,
        lambda step: is_shown(step, wanted.every),
        lambda done: messages.waiting(f"start {done:,} of {len(training.starts):,}"),
        _require_room,
    )
    return Run(training, steps, steps[-1].stop_reason or StopReason.STEPS, restarts)


def _trained(
    training: "Training",
    wanted: TrainingOutput,
    messages: "Messages",
    saved: "SavedRun | None",
    curve: "Curve | None",
) -> "Run":
    """Descend, and let all who watch see every step; Ctrl-C ends it after a whole one."""
    with (
        asked_to_stop() as asked,
        saved.open_writer(training) if saved else nullcontext() as writer,
        open_trace(wanted.trace) as write_step,
        _drawn(training, wanted.pace, asked) as draw,
    ):
        watchers = [watch for watch in (write_step, draw) if watch]
        told = messages.waiting if draw is None else None
        return _take_steps(training, wanted.every, watchers, told, asked, writer, curve)


def _take_steps(
    training: "Training",
    every: int | None,
    watchers: "Sequence[Callable[[Step], None]]",
    told: "Callable[[str], None] | None",
    asked: "Request",
    writer: "RunWriter | None",
    curve: "Curve | None",
) -> "Run":
    """Take the steps, and hold those to show."""
    from fitline.optimize.iterate import StopReason
    from fitline.training import HELD_AT_ONCE, Run, is_shown, up_to_the_last

    held, most = [*writer.earlier] if writer else [], training.config.steps
    for iterate in training.iterates(writer.after if writer else None):
        if told:
            told(f"step {iterate.index:,} of {most:,}, cost {iterate.cost:,.6g}")
        is_last = asked.is_set()
        is_held = is_last or is_shown(iterate, every)
        is_drawn = curve is not None and curve.wants(iterate.index)
        if is_held or writer or watchers or is_drawn:
            step = training.step_of(iterate)
            if curve and is_drawn:
                curve.add(step.index, training.excess(step))
            if writer:
                writer.see(step, iterate)
            for watch in watchers:
                watch(step)
        if is_held:
            held.append(step)
            if not len(held) % HELD_AT_ONCE:
                _require_room(len(held))
        if is_last:
            break
    held = up_to_the_last(held)
    return Run(training, held, held[-1].stop_reason or StopReason.INTERRUPTED)


def _require_room_to_explain(training: "Training", updates: int) -> None:
    """Refuse to work out more updates than fit into memory."""
    batches = training.method.batches
    most = min(updates, training.config.steps * (batches.each_epoch if batches else 1))
    each = BYTES_AN_EXPLANATION + BYTES_A_PARAMETER * len(training.start)
    if told := shortage(each * most):
        raise ConfigError(f"{most:,} steps that are worked out {told}", hint="--explain 10")


BYTES_A_STEP, BYTES_AN_EXPLANATION, BYTES_A_PARAMETER = 2000, 20_000, 5_000
"""About what a step takes that is shown, and one that is worked out, with its parameters."""


def _require_room(held: int) -> None:
    """Refuse to hold more steps than can be shown: to show them takes as much again."""
    if told := shortage(BYTES_A_STEP * held):
        raise ConfigError(
            f"the {held:,} steps so far that are to be shown {told}",
            hint=f"--every {held} shows few of them, and --trace FILE.csv keeps all",
        )


@contextmanager
def _drawn(
    training: "Training", pace: float | None, asked: "Request"
) -> "Iterator[Callable[[Step], None] | None]":
    """Give what draws a step live, at this pace; None where nobody looks."""
    if pace is None:
        yield None
        return
    from .watch import watching

    with watching(training, pace, asked) as see:
        yield see


def exit_code(stop_reason: "StopReason", strict: bool) -> int:
    """Tell in a number what became of a run."""
    match stop_reason.name:
        case "DIVERGED":
            return exit_codes.DIVERGED
        case "INTERRUPTED":
            return exit_codes.INTERRUPTED
        case "CONVERGED":
            return 0
    return exit_codes.STRICT if strict else 0
