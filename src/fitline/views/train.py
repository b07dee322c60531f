"""How a training looks."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from fitline import __version__
from fitline.costs import Curvature
from fitline.descent import Ending, Step
from fitline.digits import count, number
from fitline.training import Arrival, Run, Training

from .report import SCHEMA, Block, Facts, Line, Sheet
from .shared import (
    KIND_NAMES,
    cost_name,
    cost_text,
    data_document,
    excess_text,
    noise,
    point_document,
    points_document,
    relief_text,
    table_line,
    theta_text,
)


@dataclass(frozen=True)
class TrainReport:
    """A run; its `steps` are the ones to show."""

    run: Run

    def blocks(self) -> Sequence[Block]:
        """Give the set-up, the steps, what was learned, and what became of other starts."""
        blocks: list[Block] = [
            set_up(self.run.training),
            step_sheet(self.run.steps, noise(self.run.training.landscape)),
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
            "ending": run.ending.name.lower(),
            "steps": run.last.index,
            "theta": run.model.theta.tolist(),
            "cost": run.cost,
            "minimum": point_document(run.minimum),
            "excess": run.excess,
            "curvature": _curvature_document(training.curvature),
            "predicted_steps": None if predicted is None else _whole(predicted),
            "trace": [step_record(step) for step in run.steps],
        }
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


def rate_warning(training: Training) -> str | None:
    """Announce a learning rate that is too large, before it is tried."""
    trouble = _too_large(training)
    return f"the learning rate {trouble}. {_SAFE}" if trouble else None


def _too_large(training: Training) -> str | None:
    """Say what a rate that never arrives does, with the numbers."""
    curvature, predicted = training.curvature, training.predicted_steps
    if curvature is None or predicted is None or math.isfinite(predicted):
        return None
    rate, stable = training.learning_rate, curvature.largest_stable_rate
    if rate > stable:
        return (
            f"{number(rate)} is above the largest stable one, {number(stable)}:"
            " each step lands higher up the other wall"
        )
    return f"{number(rate)} is the largest stable one: it swings from wall to wall for ever"


def set_up(training: Training) -> Facts:
    """Say what is about to happen."""
    config = training.config
    rate = number(training.learning_rate)
    robust = training.landscape.name != "squared"
    way = f"gradient descent{f' on {cost_name(training.landscape)}' if robust else ''}"
    of_several = f", the lowest of {config.starts:,} starts" if config.starts > 1 else ""
    return Facts(
        [
            ("table", table_line(training.table, training.moments)),
            ("way", f"{way}, scaling {config.scaling}, learning rate {rate}"),
            ("start", f"{theta_text(training.start)}, seed {config.seed}{of_several}"),
        ]
    )


def step_sheet(steps: Sequence[Step], noise: float = 0.0) -> Sheet:
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
    return Sheet(
        ("step", "θ0", "θ1", "cost", "fell by", "gradient"), rows, ("gradient", "fell by")
    )


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
        ("ended", f"after {count(run.last.index, 'step')}, {run.ending.value}"),
        ("theory", theory_text(run.training)),
        ("shape", shape_text(run.training)),
    ]
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
        Sheet(("minimum", "θ0", "θ1", "cost", "starts"), rows),
        Line(_fates(run.arrivals, len(minima))),
    ]


def _fates(arrivals: Sequence[Arrival], minima: int) -> str:
    """Say in a sentence what several starts teach."""
    local = sum(a.minimum is not None and a.minimum.kind == "local" for a in arrivals)
    starts = count(len(arrivals), "start")
    if local:
        return (
            f"{local:,} of {starts} ended in a local minimum: from there every direction goes"
            " uphill, and yet it is not the lowest point. The walk that ended lowest is kept."
        )
    if minima > 1:
        return f"None of {starts} ended in a local minimum, though there are some."
    return f"There is one minimum, so it does not matter where the {starts} begin."


ENDING_STYLES = {
    Ending.CONVERGED: "green",
    Ending.STEPS: "yellow",
    Ending.STALLED: "yellow",
    Ending.DIVERGED: "bold red",
    Ending.INTERRUPTED: "yellow",
}


def theory_text(training: Training) -> str:
    """Say what the curvature tells about learning rates, without taking a step."""
    curvature, rate, steps = training.curvature, training.learning_rate, training.predicted_steps
    if curvature is None:
        return "at the minimum lies a corner, about which a fixed rate swings for ever"
    best, stable = number(curvature.best_rate), number(curvature.largest_stable_rate)
    if steps is None:
        return f"every rate up to {stable} goes downhill at each step; no rule counts the steps"
    about = "about " if steps > EXACT_STEPS else ""
    takes = (
        f"takes {about}{count(int(steps), 'step')}" if math.isfinite(steps) else "never arrives"
    )
    beyond = "with hardly more" if best == stable else f"above {stable}"
    return f"rate {number(rate)} {takes}; {best} is the best rate, {beyond} it diverges"


EXACT_STEPS = 1000
"""In more steps than these, rounding may cost or save a few."""


def shape_text(training: Training) -> str:
    """Say what the landscape looks like.

    A bowl's length over its width is the root of the condition number.
    """
    landscape, curvature = training.landscape, training.curvature
    if landscape.name != "squared" or curvature is None:
        return relief_text(landscape)
    condition = curvature.condition_number
    longer = math.sqrt(condition)
    shape = (
        "a round bowl" if longer < ROUND else f"a valley {number(longer, 2)} times as long as wide"
    )
    return f"{shape} (condition number {number(condition)})"


ROUND = 1.05
"""A valley hardly longer than wide is round."""

CRAWL = 10.0
"""A rate this many times smaller than the best one crawls."""

NARROW = 100.0
"""From this condition number on, no rate walks a valley quickly."""

_SAFE = "Type --learning-rate auto for the best one."


def advice_text(run: Run) -> str | None:
    """Say what to type instead, where the training did not arrive, or not at the best place."""
    if run.ending is Ending.INTERRUPTED:
        return None
    if run.ending is Ending.CONVERGED:
        return _LOCAL if run.reached and run.reached.kind == "local" else None
    if run.ending is Ending.STALLED:
        return "a float64 holds no more digits. Type a larger --tolerance, such as 1e-12."
    return _other_rate(run.training) or "type a larger --steps."


def _other_rate(training: Training) -> str | None:
    """Say what is wrong with the learning rate, if anything is."""
    rate, curvature = training.learning_rate, training.curvature
    if trouble := _too_large(training):
        return f"your rate {trouble}. {_SAFE}"
    if curvature is None:
        return (
            "type a smaller --learning-rate to swing less, or --cost huber, which has no corner."
        )
    if training.landscape.name != "squared" and rate > curvature.largest_stable_rate:
        return f"a rate above {number(curvature.largest_stable_rate)} may step over. {_SAFE}"
    if curvature.condition_number > NARROW:
        return "no rate walks such a valley quickly. Type --scaling standard to make it round."
    if rate < curvature.best_rate / CRAWL:
        return f"this rate crawls. {_SAFE}"
    return None


_LOCAL = "this is a local minimum. Type --starts 20 to walk from other places too."


def _whole(steps: float) -> int | None:
    return int(steps) if math.isfinite(steps) else None
