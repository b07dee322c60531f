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
from fitline.training import Run, Training

from .report import SCHEMA, Block, Facts, Sheet
from .shared import (
    cost_text,
    data_document,
    excess_text,
    minimum_document,
    table_line,
    theta_text,
)


@dataclass(frozen=True)
class TrainReport:
    """A run; its `steps` are the ones to show."""

    run: Run

    def blocks(self) -> Sequence[Block]:
        """Give the set-up, the steps, and what was learned."""
        return [set_up(self.run.training), step_sheet(self.run.steps), summary(self.run)]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        run, training = self.run, self.run.training
        curvature = training.curvature
        return {
            "schema": SCHEMA,
            "command": "train",
            "fitline": __version__,
            "data": data_document(training.table, training.moments),
            "config": {**asdict(training.config), "start": training.start.tolist()},
            "ending": run.ending.name.lower(),
            "steps": run.last.index,
            "theta": run.model.theta.tolist(),
            "cost": run.cost,
            "minimum": minimum_document(run.minimum),
            "excess": run.excess,
            "curvature": {
                "condition_number": curvature.condition_number,
                "largest_stable_rate": curvature.largest_stable_rate,
                "best_rate": curvature.best_rate,
            },
            "predicted_steps": _whole(training.predicted_steps),
            "trace": [step_record(step) for step in run.steps],
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the steps that are shown."""
        records = [flat_step_record(step) for step in self.run.steps]
        return list(records[0]), (list(record.values()) for record in records)


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
    rate, stable = training.learning_rate, training.curvature.largest_stable_rate
    if math.isfinite(training.predicted_steps):
        return None
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
    return Facts(
        [
            ("table", table_line(training.table, training.moments)),
            ("way", f"gradient descent, scaling {config.scaling}, learning rate {rate}"),
            ("start", f"{theta_text(training.start)}, seed {config.seed}"),
        ]
    )


def step_sheet(steps: Sequence[Step]) -> Sheet:
    """Tabulate the steps; each fall is from the row above."""
    falls = [""] + [_fall(above, below) for above, below in pairwise(steps)]
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


def _fall(above: Step, below: Step) -> str:
    """Take the difference of the excesses, for that of the costs would lose its digits."""
    fall = (above.excess or 0.0) - (below.excess or 0.0)
    return number(fall, 4) if math.isfinite(fall) else ""


def summary(run: Run) -> Facts:
    """Say what was learned, beside the truth."""
    minimum = run.minimum
    facts = [
        ("learned" if run.ending is Ending.CONVERGED else "reached", run.model.equation),
        ("cost", cost_text(run.cost)),
        ("minimum", f"{number(minimum.cost)} at {theta_text(minimum.theta)}"),
        ("above it", excess_text(run.excess, minimum.cost)),
        ("ended", f"after {count(run.last.index, 'step')}, {run.ending.value}"),
        ("theory", theory_text(run.training)),
        ("shape", shape_text(run.training.curvature)),
    ]
    if advice := advice_text(run):
        facts.append(("advice", advice))
    return Facts(facts, {"learned": "bold", "ended": ENDING_STYLES[run.ending]})


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
    about = "about " if steps > EXACT_STEPS else ""
    takes = (
        f"takes {about}{count(int(steps), 'step')}" if math.isfinite(steps) else "never arrives"
    )
    best, stable = number(curvature.best_rate), number(curvature.largest_stable_rate)
    beyond = "with hardly more" if best == stable else f"above {stable}"
    return f"rate {number(rate)} {takes}; {best} is the best rate, {beyond} it diverges"


EXACT_STEPS = 1000
"""In more steps than these, rounding may cost or save a few."""


def shape_text(curvature: Curvature) -> str:
    """Say how narrow the valley is: its length over its width is the root of the condition."""
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
    """Say what to type instead, where the training did not arrive."""
    training = run.training
    rate, curvature = training.learning_rate, training.curvature
    if run.ending in {Ending.CONVERGED, Ending.INTERRUPTED}:
        return None
    if trouble := _too_large(training):
        return f"your rate {trouble}. {_SAFE}"
    if run.ending is Ending.STALLED:
        return "a float64 holds no more digits. Type a larger --tolerance, such as 1e-12."
    if curvature.condition_number > NARROW:
        return "no rate walks such a valley quickly. Type --scaling standard to make it round."
    if rate < curvature.best_rate / CRAWL:
        return f"this rate crawls. {_SAFE}"
    return "type a larger --steps."


def _whole(steps: float) -> int | None:
    return int(steps) if math.isfinite(steps) else None
