"""Learning rates: what theory says of them, and what each one does when it is tried."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Context
from enum import Enum

import numpy as np

from .costs import Cost, Curvature
from .descent import Ending, Step, Stop, Way, descend
from .optimizers import GradientDescent, Momentum, Nesterov, Optimizer
from .scaling import Vector
from .schedules import Exponential

DECADES, EACH = 4, (1, 2, 5)
"""Below the largest rate to try lie so many powers of ten, with these rates in each."""

DIGITS = 3
"""A rate that theory knows is tried with so many digits that it can be typed."""

TALLEST = 10.0
"""A step ten times as long as the table is high cannot be meant."""

SWINGING = 0.25
"""A walk zig-zags when more than this part of its steps turns back."""


USUAL = 0.1
"""The rate for squared error, of which a learner sees every step."""

SHRINKING = (Exponential(decay=0.965), Exponential(decay=0.978))
"""Schedules under which a step across the table shrinks to nothing, the second one more slowly."""

SHRINKS = "from a first step across the table, shrinking; at a fixed rate no walk arrives"


class Fate(Enum):
    """What becomes of a walk at a learning rate; the value is the word for it."""

    CONVERGES = "converges"
    CRAWLS = "crawls"
    HOVERS = "hovers"
    ZIG_ZAGS = "zig-zags"
    DIVERGES = "diverges"


@dataclass(frozen=True, eq=False)
class Trial:
    """A learning rate, tried: the step with which the walk ended, and what became of it."""

    rate: float
    last: Step
    fate: Fate

    @property
    def swings(self) -> bool:
        """Tell whether many of its steps turned back, which one that converges may do too."""
        return self.last.swings > SWINGING


def known_rate(optimizer: Optimizer, curvature: Curvature | None) -> tuple[float, str] | None:
    """Give the rate that theory recommends, and why; None where it recommends none."""
    if curvature is None:
        return None
    low, high = curvature.eigenvalues[0], curvature.eigenvalues[-1]
    match optimizer:
        case GradientDescent():
            return curvature.best_rate, "2/(λmin + λmax), the best fixed rate in this bowl"
        case Momentum(momentum=kept):
            polyak = 4 / (math.sqrt(low) + math.sqrt(high)) ** 2
            most = (1 + math.sqrt(kept)) ** 2 / high
            return float(min(polyak, most)), "4/(√λmin + √λmax)², Polyak's rate in this bowl"
        case Nesterov():
            return float(1 / high), "1/λmax, Nesterov's rate in this bowl"
    return None


def largest_stable(optimizer: Optimizer, curvature: Curvature | None) -> float:
    """Give the rate above which a bowl is left, infinite where theory knows none."""
    if curvature is None:
        return math.inf
    match optimizer:
        case GradientDescent():
            return curvature.largest_stable_rate
        case Momentum(momentum=kept):
            return (1 + kept) * curvature.largest_stable_rate
        case Nesterov(momentum=kept):
            return (1 + kept) / (1 + 2 * kept) * curvature.largest_stable_rate
    return math.inf


def try_rates(
    cost: Cost, way: Way, start: Vector, stop: Stop, rates: Iterable[float]
) -> Iterator[Trial]:
    """Walk once with each learning rate, from small to large."""
    lowest = math.inf
    for rate in sorted(rates):
        for step in descend(cost, replace(way, learning_rate=rate), start, stop):
            if step.ending is not None:
                yield Trial(rate, step, _fate(step, lowest))
                lowest = min(lowest, step.cost)


def _fate(last: Step, lowest: float) -> Fate:
    """Tell what became of a walk, beside the lowest end of those with smaller rates.

    One that ends higher than they do is not too slow: it hovers above the minimum.
    """
    if last.ending is Ending.CONVERGED:
        return Fate.CONVERGES
    if last.ending in {Ending.STALLED, Ending.PLATEAU}:
        return Fate.CRAWLS
    if last.ending is Ending.DIVERGED:
        return Fate.DIVERGES
    if last.swings > SWINGING:
        return Fate.ZIG_ZAGS
    return Fate.HOVERS if last.cost > lowest else Fate.CRAWLS


def best_of(trials: Sequence[Trial]) -> Trial:
    """Choose the rate that converges in the fewest steps; if none does, that which ends lowest."""
    arrived = [trial for trial in trials if trial.fate is Fate.CONVERGES]
    if arrived:
        return min(arrived, key=lambda trial: trial.last.index)
    bounded = [trial for trial in trials if trial.fate is not Fate.DIVERGES]
    return min(bounded or trials, key=lambda trial: trial.last.cost)


def calm_rate(optimizer: Optimizer, ends: Vector) -> tuple[float, str]:
    """Give a rate for mini-batches, by the `ends` of x in the coordinates that train."""
    steepest = 2 * (1 + float(np.square(ends).max()))
    rate = _calm(optimizer) / steepest
    return rate, "so small that not even the row with the steepest bend can throw it"


def long_rate(optimizer: Optimizer, bowl: Curvature, scales: float) -> float:
    """Give a rate whose first step crosses a table that is so many scales of the cost high."""
    return typeable(_calm(optimizer) * scales * bowl.largest_stable_rate)


def _calm(optimizer: Optimizer) -> float:
    """Give 1 − β, for a speed that keeps a part β of itself adds up to 1/(1 − β) of a gradient."""
    return 1 - float(getattr(optimizer, "momentum", 0.0))


def first_to_arrive(cost: Cost, ways: Sequence[Way], start: Vector, stop: Stop) -> int:
    """Walk in one way after another until a walk converges; else choose that which ends lowest.

    On a cost with corners, or of a scale that is tiny beside the way to go, those arrive whose
    steps shrink (N. Shor, "Minimization Methods for Non-Differentiable Functions", 1985).
    """
    ends = []
    for place, way in enumerate(ways):
        *_, last = descend(cost, way, start, stop)
        if last.ending is Ending.CONVERGED:
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
    return TALLEST * height if optimizer.has_own_size else 4 * curvature.largest_stable_rate
