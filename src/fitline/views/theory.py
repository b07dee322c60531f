"""What theory says of a training, before it and after it."""

import math

from fitline.diagnosis.diagnosis import RateRisk, TooLarge
from fitline.formatting import count, number
from fitline.optimize.iterate import StopReason
from fitline.optimize.rates import SHRINKS
from fitline.results.set_up import SetUp
from fitline.results.train import TrainResult

from .shared import shape_text

NO_FORMULA = "no closed form for the steps"


def rate_warning(found: TooLarge) -> str:
    """Announce a learning rate that is too large, before it is tried."""
    rate, stable = number(found.rate), number(found.stable)
    does = {
        RateRisk.DIVERGES: f"is above the largest stable rate, {stable}: descent diverges",
        RateRisk.OSCILLATES_FOR_EVER: "is the largest stable rate: descent oscillates for ever",
    }
    best = "Train with --learning-rate auto for the best one."
    return f"learning rate {rate} {does[found.risk]}. {best}"


def theory_text(before: SetUp) -> str:
    """Say what the curvature tells about learning rates, without taking a step."""
    steps = before.predicted_steps
    if before.config.line_search:
        return "none: a line search finds the length of each step"
    if before.theory.converges is None:
        return bounds_text(before)
    takes = "does not converge" if steps is None else _about(steps)
    return f"{takes} at rate {number(rate_of(before))}; {bounds_text(before)}"


def rate_of(before: SetUp) -> float:
    """Give the learning rate, which is chosen by now."""
    return float(before.config.learning_rate or 0.0)


def bounds_text(before: SetUp, *, of_rate: bool = True) -> str:
    """Say which rate is the best one, beside this one unless it is not chosen yet."""
    theory, stable = before.theory, before.theory.largest_stable_rate
    if before.updates_each_epoch is not None:
        return "mini-batch gradients are noisy: at a fixed rate they end up around the minimum"
    if before.config.optimizer.is_normalized:
        return "normalised steps; fitline rates tries which rate suits them"
    if before.reason == SHRINKS:
        return "the steps shrink to nothing, so none stays too large"
    if before.curvature is None or stable is None or theory.best_rate is None:
        return "the minimum is a corner, around which a fixed rate oscillates for ever"
    if not before.cost_function.is_squared:
        return f"no rate up to {number(stable)} diverges; {NO_FORMULA}"
    best = _best_text(before, theory.best_rate, theory.best_steps, of_rate=of_rate)
    return f"{best}; largest stable rate {number(stable)}"


def _best_text(before: SetUp, best: float, fewest: float | None, *, of_rate: bool) -> str:
    """Say what the best rate does better than the one that was chosen."""
    steps = before.predicted_steps if of_rate else None
    is_best = of_rate and math.isclose(rate_of(before), best)
    if fewest is None:
        return NO_FORMULA if is_best else f"{number(best)} is a good rate, with {NO_FORMULA}"
    if not before.is_line and fewest > (limit := before.horizon):
        within = f"within {count(limit, 'step')}"
        if is_best:
            return f"no fixed rate comes nearer to the minimum {within}"
        return f"the best rate, {number(best)}, comes nearest to the minimum {within}"
    if is_best:
        return "no fixed rate is better"
    if steps is not None and fewest >= steps:
        return "no rate takes many fewer"
    amount, unit = _about(fewest).rsplit(" ", 1)
    return f"the best rate, {number(best)}, takes {amount if steps else f'{amount} {unit}'}"


def predicted_text(result: TrainResult) -> str | None:
    """Compare the steps that theory predicted with those that were taken."""
    predicted, taken = result.predicted_steps, result.steps
    if result.theory.converges is None:
        return None
    if predicted is None:
        return "does not converge"
    if result.ending is StopReason.CONVERGED:
        return f"{_about(predicted)}, taken {taken:,}"
    return f"{_about(predicted)}, of which {taken:,} were taken"


def _about(steps: float) -> str:
    about = "about " if steps > EXACT_STEPS else ""
    return f"{about}{count(int(steps), 'step')}"


EXACT_STEPS = 1000
"""In more steps than these, rounding may cost or save a few."""


def shape_fact(before: SetUp) -> tuple[str, str]:
    """Say what the landscape looks like.

    A bowl's length over its width is the root of the condition number.
    """
    curvature = before.curvature
    condition = curvature.condition_number if curvature else None
    if not before.cost_function.is_squared or condition is None:
        return "landscape", shape_text(before.landscape)
    return "conditioning", f"condition number {number(condition)} ({bowl_text(condition)})"


def bowl_text(condition: float) -> str:
    """Say how long a bowl is beside its width."""
    longer = math.sqrt(condition)
    return "a round bowl" if longer < ROUND else f"a valley {number(longer, 4)} : 1"


ROUND = 1.05
"""A valley hardly longer than wide is round."""
