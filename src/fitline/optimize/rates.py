"""Learning rates: what theory says of them, and what each one does when it is tried."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context
from enum import Enum

import numpy as np

from fitline.vector import Vector

from .costs import Cost, Curvature
from .descent import descend, end_of
from .iterate import Iterate, Step, StopReason
from .method import Method
from .optimizers import Optimizer
from .schedules import Exponential
from .stopping import Stopping

DECADES, EACH = 4, (1, 2, 5)
"""Below the largest rate to try lie so many powers of ten, with these rates in each."""

DIGITS = 3
"""A rate that theory knows is tried with so many digits that it can be typed."""

TALLEST = 10.0
"""A step ten times as long as the table is high cannot be meant."""

OSCILLATING = 0.25
"""Descent oscillates when after more than this part of its steps the gradient changed sign."""


USUAL = 0.1
"""The rate for squared error, of which a learner sees every step."""

SHRINKING = (Exponential(decay=0.965), Exponential(decay=0.978))
"""Schedules under which a step across the table shrinks to nothing, the second one more slowly."""

SHRINKS = "from a first step across the table, shrinking; at a fixed rate no run converges"
"""Why one of these was chosen, and no rate alone. Saved runs are known by it, so it stays."""


USUAL_STEPS = 1000
"""So far ahead a rate is chosen where no steps are to be taken."""


def steps_ahead(steps: int) -> int:
    """Give within how many steps a rate is to come far."""
    return steps or USUAL_STEPS


class Outcome(Enum):
    """What becomes of descent at a learning rate."""

    CONVERGES = "converges"
    SLOW = "slow"
    PLATEAUS = "plateaus"
    OSCILLATES = "oscillates"
    DIVERGES = "diverges"


@dataclass(frozen=True, eq=False)
class Trial:
    """A learning rate, tried: the last step, and the outcome."""

    rate: float
    last: Step
    outcome: Outcome

    @property
    def oscillates(self) -> bool:
        """Tell whether the gradient often changed sign, as it may where descent converges."""
        return self.last.oscillation > OSCILLATING


def try_rates(
    cost: Cost, method: Method, start: Vector, stopping: Stopping, rates: Iterable[float]
) -> Iterator[tuple[float, Iterate, Outcome]]:
    """Descend once with each learning rate, from small to large; give where that ended."""
    lowest = math.inf
    for rate in sorted(rates):
        last = end_of(descend(cost, method.at_rate(rate), start, stopping))
        yield rate, last, _outcome(last, lowest)
        lowest = min(lowest, last.cost)


def _outcome(last: Iterate, lowest: float) -> Outcome:
    """Tell what became of descent, beside the lowest end of those with smaller rates.

    One that ends higher than they do is not too slow: it stays above the minimum.
    """
    match last.stop_reason:
        case StopReason.CONVERGED:
            return Outcome.CONVERGES
        case StopReason.STALLED | StopReason.PLATEAU:
            return Outcome.SLOW
        case StopReason.DIVERGED:
            return Outcome.DIVERGES
    if last.sign_changes > OSCILLATING * max(1, last.index):
        return Outcome.OSCILLATES
    return Outcome.PLATEAUS if last.cost > lowest else Outcome.SLOW


def best_of(trials: Sequence[Trial]) -> Trial:
    """Choose the rate that converges in the fewest steps; if none does, that which ends lowest."""
    arrived = [trial for trial in trials if trial.outcome is Outcome.CONVERGES]
    if arrived:
        return min(arrived, key=lambda trial: trial.last.index)
    bounded = [trial for trial in trials if trial.outcome is not Outcome.DIVERGES]
    return min(bounded or trials, key=lambda trial: trial.last.cost)


def calm_rate(optimizer: Optimizer, ends: Vector) -> tuple[float, str]:
    """Give a rate for mini-batches.

    `ends` are those of x in the coordinates that train, in the shape (2, features).
    """
    steepest = 2 * (1 + float(np.square(ends).max(axis=0).sum()))
    rate = _calm(optimizer) / steepest
    return rate, "so small that not even the row with the steepest bend can throw it"


def long_rate(optimizer: Optimizer, bowl: Curvature, scales: float) -> float:
    """Give a rate whose first step crosses a table that is so many scales of the cost high."""
    return typeable(_calm(optimizer) * scales * bowl.largest_stable_rate)


def _calm(optimizer: Optimizer) -> float:
    """Give 1 − β, for a speed that keeps a part β of itself adds up to 1/(1 − β) of a gradient."""
    return 1 - float(getattr(optimizer, "beta", 0.0))


def first_to_arrive(
    cost: Cost, methods: Sequence[Method], start: Vector, stopping: Stopping
) -> int:
    """Try one method after another until one converges; else choose that which ends lowest.

    On a cost with corners, or of a scale that is tiny beside the way to go, those arrive whose
    steps shrink (N. Shor, "Minimization Methods for Non-Differentiable Functions", 1985).
    """
    ends = []
    for place, method in enumerate(methods):
        last = end_of(descend(cost, method, start, stopping))
        if last.stop_reason is StopReason.CONVERGED:
            return place
        ends.append(last.cost)
    return int(np.argmin(ends))


def to_try(largest: float, known: float | None) -> list[float]:
    """Give round rates up to the largest, with the one that theory knows among them, ascending.

    >>> to_try(4, 0.774194)[-5:]
    [0.2, 0.5, 0.774, 1.0, 2.0]
    """
    top = math.floor(math.log10(largest))
    round_rates = {
        float(f"{digit}e{power}") for power in range(top - DECADES, top + 1) for digit in EACH
    }
    near = {rate for rate in round_rates if largest / 10**DECADES <= rate <= largest}
    return sorted(near | ({typeable(known)} if known else set()))


def typeable(rate: float) -> float:
    """Leave out digits, never upwards: a little more than the best rate may be too much."""
    down = Context(prec=DIGITS, rounding=ROUND_DOWN)
    return float(down.create_decimal(f"{rate:.12g}"))


def largest_to_try(optimizer: Optimizer, height: float, curvature: Curvature) -> float:
    """Give a rate that is certainly too large.

    `height` is that of the table, in the unit of the steps, and `curvature` that of squared error.
    """
    return TALLEST * height if optimizer.is_normalized else 4 * curvature.largest_stable_rate
