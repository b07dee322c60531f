"""The walk of `fitline train` and of `fitline resume`: taken, shown, kept, and told."""

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import typer

from fitline.errors import ConfigError
from fitline.memory import shortage
from fitline.signals import asked_to_stop

from .options import Format
from .trace import note_thinned, open_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from threading import Event

    from fitline.optimize.descent import Ending, Step
    from fitline.runs import Keeper, KeptRun
    from fitline.training import Arrival, Run, Training

    from .talk import Talk

STRICT_EXIT, DIVERGED_EXIT, INTERRUPTED_EXIT = 3, 4, 130


@dataclass(frozen=True)
class Wishes:
    """What is to become of a walk; with a `pace` it is shown live."""

    format_: Format
    output: str | None = None
    every: int | None = None
    pace: float | None = None
    trace: str | None = None
    save: str | None = None
    strict: bool = False
    explain: int = 0


def finish(
    training: "Training", wishes: Wishes, talk: "Talk", kept: "KeptRun | None" = None
) -> None:
    """Walk, and tell where that ended; what is kept goes on from where it stands."""
    from fitline.training import lowest
    from fitline.views.theory import rate_warning

    if warning := rate_warning(training):
        talk.warn(warning)
    with talk.patience():
        _require_room_to_explain(training, wishes.explain)
        arrivals = _scout(training, talk)
        if arrivals:
            training = training.starting_at(lowest(arrivals).start)
        run = replace(_walked(training, wishes, talk, kept), arrivals=arrivals)
    talk.detail(f"took {run.last.index:,} steps")
    _tell(run, wishes, talk, kept)
    if code := exit_code(run.ending, wishes.strict):
        raise typer.Exit(code)


def _tell(run: "Run", wishes: Wishes, talk: "Talk", kept: "KeptRun | None") -> None:
    """Keep, print and save what was learned."""
    from fitline.explanation import explain
    from fitline.views.kept import as_kept
    from fitline.views.report import as_json
    from fitline.views.train import TrainReport

    from .output import emit

    report = TrainReport(run, explain(run.training, wishes.explain), wishes.every)
    if kept:
        kept.write_result(run, as_json(report), as_kept(report))
    emit(report, wishes.format_, wishes.output)
    if wishes.trace is None:
        note_thinned(len(run.steps), run.last.index + 1, wishes.format_, talk, kept)
    if kept and run.ending.name == "INTERRUPTED":
        talk.note(f"fitline resume {kept.folder} goes on")
    if wishes.save and run.ending.name == "DIVERGED":
        talk.warn(f"{wishes.save} was not written, for a model that diverged is of no use")
    elif wishes.save:
        run.save(wishes.save)


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


def _walked(training: "Training", wishes: Wishes, talk: "Talk", kept: "KeptRun | None") -> "Run":
    """Walk, and let all who watch see every step; Ctrl-C ends the walk after a whole one."""
    with (
        asked_to_stop() as asked,
        kept.walking(training) if kept else nullcontext() as keeper,
        open_trace(wishes.trace) as write_step,
        _shown(training, wishes.pace, asked, talk) as show,
    ):
        return _walk(training, wishes.every, [write_step, show], asked, keeper)


def _walk(
    training: "Training",
    every: int | None,
    watchers: "Sequence[Callable[[Step], None]]",
    asked: "Event",
    keeper: "Keeper | None",
) -> "Run":
    """Take the steps, and hold those to show."""
    from fitline.optimize.descent import Ending
    from fitline.training import Run, is_shown

    held = [*keeper.earlier] if keeper else []
    for walked in training.walk(keeper.after if keeper else None):
        step = training.in_units(walked)
        if keeper:
            keeper.see(step, walked)
        for watcher in watchers:
            watcher(step)
        if is_shown(step, every) or asked.is_set():
            held.append(step)
            if not len(held) % HELD_AT_ONCE:
                _require_room(len(held))
        if asked.is_set():
            break
    return Run(training, held, step.ending or Ending.INTERRUPTED)


def _require_room_to_explain(training: "Training", updates: int) -> None:
    """Refuse to work out more updates than fit into memory."""
    batches = training.way.batches
    most = min(updates, training.config.steps * (batches.each_epoch if batches else 1))
    if told := shortage(BYTES_AN_EXPLANATION * most):
        raise ConfigError(f"{most:,} steps that are worked out {told}", hint="--explain 10")


HELD_AT_ONCE = 2**15
BYTES_A_STEP, BYTES_AN_EXPLANATION = 2000, 30_000
"""About what a step takes that is shown, and one that is worked out."""


def _require_room(held: int) -> None:
    """Refuse to hold more steps than can be shown: to show them takes as much again."""
    if told := shortage(BYTES_A_STEP * held):
        raise ConfigError(
            f"the {held:,} steps so far that are to be shown {told}",
            hint=f"--every {held} shows few of them, and --trace FILE.csv keeps all",
        )


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


def exit_code(ending: "Ending", strict: bool) -> int:
    """Tell in a number what became of a walk."""
    match ending.name:
        case "DIVERGED":
            return DIVERGED_EXIT
        case "INTERRUPTED":
            return INTERRUPTED_EXIT
        case "CONVERGED":
            return 0
    return STRICT_EXIT if strict else 0
