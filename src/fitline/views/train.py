"""How a training looks."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Any

from fitline import __version__
from fitline.explanation import Explanation
from fitline.formatting import count, number, theta_text
from fitline.optimize.costs import Curvature
from fitline.optimize.descent import Ending, Step
from fitline.optimize.optimizers import AnyOptimizer
from fitline.optimize.schedules import AnySchedule
from fitline.training import Arrival, Run, Training, shown_rule

from .explain import explained_blocks, explained_records
from .report import SCHEMA, Block, Facts, Line, Sheet
from .shared import (
    KIND_NAMES,
    cost_document,
    cost_name,
    cost_text,
    data_document,
    excess_text,
    noise,
    point_document,
    points_document,
    scale_facts,
    table_line,
)
from .theory import advice_text, predicted_text, shape_text, theory_text, unit_of


@dataclass(frozen=True)
class TrainReport:
    """A run, whose `steps` are the ones to show, and its first updates, worked out.

    The steps are one in `every`, or by default those that `is_shown` chooses.
    """

    run: Run
    explained: Sequence[Explanation] = ()
    every: int | None = None

    def blocks(self) -> Sequence[Block]:
        """Give the set-up, the steps, what was learned, and what became of other starts."""
        blocks: list[Block] = [
            set_up(self.run.training),
            *explained_blocks(self.run.training, self.explained),
            step_sheet(self.run.steps, noise(self.run.training.landscape), unit_of(self.run)),
            summary(self.run),
        ]
        return [*blocks, *starts_blocks(self.run)] if self.run.arrivals else blocks

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        run, training = self.run, self.run.training
        predicted = training.predicted_steps
        document = {
            "schema": SCHEMA,
            "command": "train",
            "fitline": __version__,
            "data": data_document(training.table, training.moments),
            "config": {**asdict(training.config), "start": training.start.tolist()},
            "cost_function": cost_document(training.landscape),
            "ending": run.ending.name.lower(),
            "steps": run.last.index,
            "theta": run.model.theta.tolist(),
            "cost": run.cost,
            "minimum": point_document(run.minimum),
            "excess": run.excess,
            "curvature": _curvature_document(training.curvature),
            "reason": training.reason or None,
            "predicted_steps": None if predicted is None else _whole(predicted),
            "trace_rule": {
                "shown": len(run.steps),
                "of": run.last.index + 1,
                "rule": shown_rule(1 if len(run.steps) > run.last.index else self.every),
            },
            "trace": [step_record(step) for step in run.steps],
        }
        if self.explained:
            document["explained"] = explained_records(training, self.explained)
        if run.arrivals:
            document |= {
                "minima": points_document(training.landscape.minima),
                "starts": [_arrival_record(run, arrival) for arrival in run.arrivals],
            }
        return document

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the steps that are shown."""
        records = [flat_step_record(step) for step in self.run.steps]
        return list(records[0]), (list(record.values()) for record in records)


def _curvature_document(curvature: Curvature | None) -> dict[str, float] | None:
    if curvature is None:
        return None
    return {
        "condition_number": curvature.condition_number,
        "largest_stable_rate": curvature.largest_stable_rate,
        "best_rate": curvature.best_rate,
    }


def _arrival_record(run: Run, arrival: Arrival) -> dict[str, Any]:
    """Tell where a walk ended; `minimum` is the place in the list of minima, from 0."""
    minima = list(run.training.landscape.minima)
    return {
        "start": arrival.start.tolist(),
        "theta": arrival.last.theta.tolist(),
        "cost": arrival.last.cost,
        "steps": arrival.last.index,
        "ending": arrival.last.ending.name.lower() if arrival.last.ending else None,
        "minimum": None if arrival.minimum is None else minima.index(arrival.minimum),
    }


def step_record(step: Step) -> dict[str, Any]:
    """Give a step in full precision."""
    return {
        "step": step.index,
        "theta": step.theta.tolist(),
        "cost": step.cost,
        "gradient_norm": step.gradient_norm,
    }


def flat_step_record(step: Step) -> dict[str, Any]:
    """Give a step in full precision, one parameter a column."""
    record = step_record(step)
    thetas = {f"theta{place}": value for place, value in enumerate(record.pop("theta"))}
    return {"step": record.pop("step"), **thetas, **record}


def set_up(training: Training) -> Facts:
    """Say what is about to happen, and what is known of it before the first step."""
    way = training.way
    rate = "line search" if way.line_search else f"learning rate {number(way.learning_rate)}"
    known = [("shape", shape_text(training)), ("theory", theory_text(training))]
    return Facts([*settings_facts(training, rate), *known])


def settings_facts(training: Training, rate: str = "") -> list[tuple[str, str]]:
    """Say what was read, and which way downhill was chosen."""
    config, way = training.config, training.way
    robust = training.landscape.name != "squared"
    on = f" on {cost_name(training.landscape)}" if robust else ""
    at = f", {rate}" if rate else ""
    of_several = f", the lowest of {config.starts:,} starts" if config.starts > 1 else ""
    facts = [
        ("table", table_line(training.table, training.moments)),
        ("way", f"{settings_text(config.optimizer)}{on}, scaling {config.scaling}{at}"),
        ("start", f"{theta_text(training.start)}, seed {config.seed}{of_several}"),
        *scale_facts(training.landscape),
    ]
    if training.reason:
        facts.append(("rate", training.reason))
    if config.warm_up or config.schedule.name != "constant":
        warm_up = f", warm-up over {count(config.warm_up, 'update')}" if config.warm_up else ""
        facts.append(("schedule", settings_text(config.schedule) + warm_up))
    if way.batches is not None:
        updates = count(way.batches.each_epoch, "update")
        facts.append(("batches", f"{count(way.batches.size, 'row')} each, {updates} an epoch"))
    return facts


def settings_text(record: AnyOptimizer | AnySchedule) -> str:
    """Name a choice, with its settings."""
    own = [
        f"{field.name} {number(getattr(record, field.name))}"
        for field in fields(record)
        if field.name != "name"
    ]
    name = record.name.replace("_", " ")
    return f"{name} ({', '.join(own)})" if own else name


def step_sheet(steps: Sequence[Step], noise: float = 0.0, unit: str = "step") -> Sheet:
    """Tabulate the steps; each fall is from the row above, and none where it is but `noise`."""
    falls = [""] + [_fall(above, below, noise) for above, below in pairwise(steps)]
    rows = [
        (
            f"{step.index:,}",
            *map(number, step.theta),
            number(step.cost),
            fall,
            number(step.gradient_norm, 4),
        )
        for step, fall in zip(steps, falls, strict=True)
    ]
    return Sheet((unit, "θ0", "θ1", "cost", "fell by", "gradient"), rows, ("gradient", "fell by"))


def _fall(above: Step, below: Step, noise: float) -> str:
    """Take the difference of the excesses, for that of the costs would lose its digits."""
    fall = (above.excess or 0.0) - (below.excess or 0.0)
    if abs(fall) < noise * below.cost:
        return "0"
    return number(fall, 4) if math.isfinite(fall) else ""


def summary(run: Run) -> Facts:
    """Say what was learned, beside the truth."""
    minimum, landscape = run.minimum, run.training.landscape
    facts = [
        ("learned" if run.ending is Ending.CONVERGED else "reached", run.model.equation),
        ("cost", cost_text(run.cost, landscape)),
        ("minimum", f"{number(minimum.cost)} at {theta_text(minimum.theta)}"),
        ("above it", excess_text(run.excess, minimum.cost, landscape)),
        ("ended", f"after {count(run.last.index, unit_of(run))}, {ending_text(run)}"),
    ]
    if predicted := predicted_text(run):
        facts.append(("expected", predicted))
    if advice := advice_text(run):
        facts.append(("advice", advice))
    return Facts(facts, {"learned": "bold", "ended": ENDING_STYLES[run.ending]})


def starts_blocks(run: Run) -> Sequence[Block]:
    """Say which minima were reached, and by how many starts."""
    minima = run.training.landscape.minima
    reached = [arrival.minimum for arrival in run.arrivals]
    rows = [
        (
            KIND_NAMES[point.kind],
            *map(number, point.theta),
            number(point.cost),
            f"{reached.count(point):,}",
        )
        for point in minima
        if point in reached or point is minima[0]
    ]
    unfinished = reached.count(None)
    if unfinished:
        rows.append(("no minimum yet", "", "", "", f"{unfinished:,}"))
    return [
        Sheet(("minimum", "θ0", "θ1", "cost", "starts"), rows, left=("minimum",)),
        Line(_fates(run.arrivals, len(minima))),
    ]


def _fates(arrivals: Sequence[Arrival], minima: int) -> str:
    """Say in a sentence what several starts teach."""
    local = sum(a.minimum is not None and a.minimum.kind == "local" for a in arrivals)
    starts = count(len(arrivals), "start")
    if all(arrival.minimum is None for arrival in arrivals):
        return f"None of {starts} has arrived at a minimum yet."
    if local:
        return (
            f"{local:,} of {starts} ended in a local minimum: from there every direction goes"
            " uphill, and yet it is not the lowest point. The walk that ended lowest is kept."
        )
    if minima > 1:
        return f"None of {starts} ended in a local minimum, though there are some."
    return f"There is one minimum, so it does not matter where the {starts} begin."


def ending_text(run: Run) -> str:
    """Say why it ended."""
    return run.ending.value.replace("all the steps", f"all the {unit_of(run)}s")


ENDING_STYLES = {
    Ending.CONVERGED: "green",
    Ending.STEPS: "yellow",
    Ending.PLATEAU: "yellow",
    Ending.STALLED: "yellow",
    Ending.DIVERGED: "bold red",
    Ending.INTERRUPTED: "yellow",
}


def _whole(steps: float) -> int | None:
    return int(steps) if math.isfinite(steps) else None
