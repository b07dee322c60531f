"""What theory says of a training, before it and after it."""

import math

from fitline import rates
from fitline.costs import Curvature
from fitline.descent import Ending
from fitline.digits import count, number
from fitline.remedies import remedy
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

_SAFE = "Type --learning-rate auto for the best one."


def advice_text(run: Run) -> str | None:
    """Say what to type instead, where the training did not arrive, or not well."""
    if run.ending is Ending.INTERRUPTED:
        return None
    if run.ending in NOT_THERE and run.training.landscape.name != "squared":
        if found := remedy(run.training):
            return found.value
        if run.ending is Ending.PLATEAU:
            return "most rows lie far beyond the cost's scale. Type a larger --cost-scale."
    if run.ending in {Ending.DIVERGED, Ending.STALLED}:
        return _cut_short(run)
    if run.reached and run.reached.kind == "local" and run.ending is Ending.CONVERGED:
        return _LOCAL
    advice = _other_rate(run)
    return advice if run.ending is Ending.CONVERGED else advice or "type a larger --steps."


NOT_THERE = {Ending.STEPS, Ending.STALLED, Ending.PLATEAU}
"""Endings that another way may avoid."""


def _cut_short(run: Run) -> str:
    """Say what to type instead, where the training could not go on."""
    if run.ending is Ending.STALLED:
        if run.training.reason == rates.SHRINKS:
            return _slower(run.training)
        return (
            "the steps have become too short to move. Type another --schedule, or a larger rate."
        )
    if trouble := _too_large(run.training):
        return f"your rate {trouble}. {_SAFE}"
    if not run.last.index:
        return "the cost of the start is no number. Type a nearer --theta0 and --theta1."
    return "type a smaller --learning-rate."


def _slower(training: Training) -> str:
    """Say how to shrink the steps more slowly, down to nothing once more."""
    rate = f"--learning-rate {training.learning_rate:g} --schedule exponential"
    return f"the steps shrink too soon. Type {rate} --schedule-decay 0.99 --steps 4000."


def _other_rate(run: Run) -> str | None:
    """Say what is wrong with the learning rate, if anything is, in one word and with a remedy."""
    training, has_arrived = run.training, run.ending is Ending.CONVERGED
    curvature, way = training.curvature, training.way
    if trouble := _too_large(training):
        return f"your rate {trouble}. {_SAFE}"
    if way.optimizer.has_own_size or way.batches is not None or curvature is None:
        circles = way.batches is not None or run.last.turns > 0
        if has_arrived or not circles or training.config.schedule.name != "constant":
            return None
        return "type --schedule inverse_time, so that the steps get shorter."
    is_rated = not way.line_search and training.config.schedule.name == "constant"
    known = rates.known_rate(way.optimizer, curvature) if is_rated else None
    if known and (unsuitable := _unsuitable(run, known[0], curvature)):
        return unsuitable
    if curvature.condition_number > NARROW and not has_arrived:
        return "no rate walks such a valley quickly. Type --scaling standard to make it round."
    return None


def _unsuitable(run: Run, best: float, curvature: Curvature) -> str | None:
    """Say what a rate does that is far from the best one."""
    training, rate = run.training, run.training.learning_rate
    stable = rates.largest_stable(training.way.optimizer, curvature)
    if training.landscape.name != "squared" and rate > stable:
        return f"a rate above {number(stable)} may step over. {_SAFE}"
    if run.last.swings > rates.SWINGING:
        return _zig_zag(run, best)
    is_round = curvature.condition_number <= NARROW or run.ending is Ending.CONVERGED
    if is_round and rate < best / CRAWL:
        return f"this rate crawls: it is {number(best / rate, 2)} times too small. {_SAFE}"
    return None


def _zig_zag(run: Run, best: float) -> str:
    """Say that the walk crossed the valley again and again, and what would not."""
    training = run.training
    turned = f"it zig-zags: after {run.last.turns:,} of {run.last.index:,} steps the slope"
    says = f"{turned} faced backwards, from the other wall."
    if training.learning_rate > NEAR_BEST * best:
        return f"{says} {_SAFE}"
    if training.config.scaling != "standard":
        return f"{says} Type --scaling standard to make the valley round."
    if training.config.optimizer.name == "gradient_descent":
        return f"{says} Type --optimizer momentum to roll along the valley."
    return f"{says} Type a smaller --momentum."


NEAR_BEST = 1.01
"""A rate that is hardly larger than the best one is not what makes a walk zig-zag."""

_LOCAL = "this is a local minimum. Type --starts 20 to walk from other places too."
