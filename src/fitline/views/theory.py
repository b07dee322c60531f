"""What theory says of a training, before it and after it."""

import math
from dataclasses import fields, is_dataclass

from fitline.formatting import count, number
from fitline.optimize import rates
from fitline.optimize.descent import Ending
from fitline.remedies import Remedy, remedy
from fitline.training import Run, Training

from .shared import relief_text


def rate_warning(training: Training) -> str | None:
    """Announce a learning rate that is too large, before it is tried."""
    trouble = _too_large(training)
    return f"the learning rate {trouble}. {_SAFE}" if trouble else None


def _too_large(training: Training) -> str | None:
    """Say what a rate that never arrives does, with the numbers."""
    way, landscape = training.way, training.landscape
    stable = rates.largest_stable(way.optimizer, training.curvature)
    rate = way.learning_rate
    changes = training.config.warm_up or training.config.schedule.name != "constant"
    if landscape.name != "squared" or way.line_search or way.batches or changes or rate < stable:
        return None
    if rate > stable:
        return (
            f"{number(rate)} is above the largest stable one, {number(stable)}:"
            " each step lands higher up the other wall"
        )
    return f"{number(rate)} is the largest stable one: it swings from wall to wall for ever"


def theory_text(training: Training) -> str:
    """Say what the curvature tells about learning rates, without taking a step."""
    steps, way = training.predicted_steps, training.way
    if way.line_search:
        return "the length of each step is found by looking along it, so that none is too large"
    if steps is None:
        return bounds_text(training)
    takes = f"takes {_about(steps)}" if math.isfinite(steps) else "never arrives"
    return f"rate {number(way.learning_rate)} {takes}; {bounds_text(training, steps)}"


def bounds_text(training: Training, steps: float = math.inf) -> str:
    """Say which rate is the best one, beside one that takes so many steps, and which too large."""
    curvature, way = training.curvature, training.way
    if way.batches is not None:
        return (
            "each batch leads downhill but roughly: at a fixed rate it ends circling the minimum"
        )
    if way.optimizer.has_own_size:
        return "steps have a size of their own; fitline rates tells which rate suits them"
    if training.reason == rates.SHRINKS:
        return "the steps shrink to nothing on the way, so that none stays too large"
    if curvature is None:
        return "at the minimum lies a corner, about which a fixed rate swings for ever"
    stable = rates.largest_stable(way.optimizer, curvature)
    if training.landscape.name != "squared":
        return f"no rate up to {number(stable)} diverges; no rule counts the steps"
    known = rates.known_rate(way.optimizer, curvature)
    best = known[0] if known else stable
    beyond = "with hardly more" if number(best) == number(stable) else f"above {number(stable)}"
    return f"{_best_text(training, best, steps)}; {beyond} it diverges"


def _best_text(training: Training, best: float, steps: float) -> str:
    """Say what the best rate does better than one that takes so many steps."""
    fewest = training.at_rate(best).predicted_steps
    if fewest is None:
        return f"{number(best)} is a good rate, though no rule counts the steps"
    if math.isclose(training.learning_rate, best):
        return "no fixed rate is better"
    if fewest >= steps:
        return "no rate takes many fewer"
    amount, unit = _about(fewest).rsplit(" ", 1)
    takes = amount if math.isfinite(steps) else f"{amount} {unit}"
    return f"the best rate, {number(best)}, takes {takes}"


def predicted_text(run: Run) -> str | None:
    """Compare the steps that theory predicted with those that were taken."""
    predicted, taken = run.training.predicted_steps, run.last.index
    if predicted is None:
        return None
    if not math.isfinite(predicted):
        return "that it never arrives"
    if run.ending is Ending.CONVERGED:
        return f"{_about(predicted)}, and it took {taken:,}"
    return f"{_about(predicted)}, of which it took {taken:,}"


def _about(steps: float) -> str:
    about = "about " if steps > EXACT_STEPS else ""
    return f"{about}{count(int(steps), 'step')}"


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


def advice_text(run: Run) -> str | None:
    """Say what to type instead, where the training did not arrive, or took long; all was tried."""
    says = _diagnosis(run)
    is_there = run.ending is Ending.CONVERGED and run.reached is run.minimum
    if run.ending is Ending.INTERRUPTED or (is_there and not says):
        return None
    if found := remedy(run.training, run):
        return f"{says} {remedy_text(found, unit_of(run))}".lstrip()
    return None if is_there else says or None


def remedy_text(found: Remedy, unit: str) -> str:
    """Say what to type, and how a walk ends then."""
    left = [_flag(key) for key, value in found.changes.items() if value is None]
    typed = [_typed(key, value) for key, value in found.changes.items() if value is not None]
    does = [f"leave {' and '.join(left)} out"] if left else []
    does += [f"type {' '.join(typed)}"] if typed else []
    says = " and ".join(does)
    return f"{says[0].upper()}{says[1:]}: {_outcome(found, unit)}."


def _outcome(found: Remedy, unit: str) -> str:
    if found.steps is None:
        return "it ends nearer to the minimum"
    one = "the lowest of them converges" if "starts" in found.changes else "it converges"
    return f"{one} in {count(found.steps, unit)}"


def _flag(key: str) -> str:
    return f"--{key.replace('_', '-')}"


def _typed(key: str, value: object) -> str:
    """Write a setting as it is typed, with the settings of its own that are not the usual ones."""
    if not is_dataclass(value):
        return _flag(key) if value is True else f"{_flag(key)} {value}"
    own = [
        f"{_flag(key)}-{field.name} {getattr(value, field.name)}"
        for field in fields(value)
        if field.name != "name" and getattr(value, field.name) != field.default
    ]
    return " ".join([f"{_flag(key)} {getattr(value, 'name', '')}", *own])


def unit_of(run: Run) -> str:
    """Give the field's word for a step."""
    return "step" if run.training.way.batches is None else "epoch"


def _diagnosis(run: Run) -> str:
    """Say in a sentence what went wrong, as far as nothing else says it; else nothing."""
    if run.ending is Ending.DIVERGED:
        return "" if run.last.index else "The cost of the start is no number."
    if run.ending is Ending.CONVERGED and run.reached is not run.minimum:
        return "This is a local minimum."
    return TROUBLES.get(run.ending) or _rate_trouble(run)


TROUBLES = {
    Ending.PLATEAU: "Most rows lie far beyond the cost's scale.",
    Ending.STALLED: "The steps have become too short to move.",
}


def _rate_trouble(run: Run) -> str:
    """Say what a fixed rate does that does not suit a bowl."""
    training, way, curvature = run.training, run.training.way, run.training.curvature
    is_fixed = training.config.schedule.name == "constant" and not (way.line_search or way.batches)
    if curvature is None or not is_fixed or way.optimizer.has_own_size:
        return ""
    known, rate = rates.known_rate(way.optimizer, curvature), training.learning_rate
    if run.last.swings > rates.SWINGING:
        turned = f"{run.last.turns:,} of {run.last.index:,} steps"
        return f"It zig-zags: after {turned} the slope faced backwards, from the other wall."
    if curvature.condition_number > NARROW and run.ending is not Ending.CONVERGED:
        return "No rate walks such a valley quickly."
    if known and rate < known[0] / CRAWL:
        return f"This rate crawls: it is {number(known[0] / rate, 2)} times too small."
    return ""


_SAFE = "Type --learning-rate auto for the best one."
