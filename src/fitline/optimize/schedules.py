"""How a learning rate changes while a training goes on.

What to use when: `constant`, while plain descent goes down a bowl. One that falls, where a fixed
rate would circle the minimum: with mini-batches, with adaptive optimizers, on a cost with
corners. `inverse_time` falls slowly enough to arrive from any distance, `exponential` and `step`
faster, `cosine` to nothing at a given step. A warm-up keeps the first steps short.

Each gives a factor of the learning rate, by the number of updates made before.
"""

import math
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, get_args

from fitline.bounds import Bounds
from fitline.formatting import LARGEST_WHOLE

Count = Annotated[int, Bounds(ge=1, le=LARGEST_WHOLE)]


class Schedule(Protocol):
    """A factor of the learning rate for each update."""

    @property
    def name(self) -> str:
        """Give the name by which it is chosen."""
        ...

    def factor(self, update: int) -> float:
        """Give the factor for an update, counted from 0."""
        ...


@dataclass(frozen=True)
class Constant:
    """Leave the rate as it is."""

    name: Literal["constant"] = "constant"

    def factor(self, update: int) -> float:  # noqa: ARG002 - the others need it
        """Give 1."""
        return 1.0


@dataclass(frozen=True)
class StepDecay:
    """Cut the rate every so often: dropᵏ after k·every updates."""

    name: Literal["step"] = "step"
    every: Count = 100
    """interval: updates between two cuts."""
    drop: Annotated[float, Bounds(gt=0, le=1)] = 0.5
    """factor: what a cut leaves of the rate."""

    def factor(self, update: int) -> float:
        """Give drop to the power of the cuts so far.

        >>> [StepDecay(every=2).factor(update) for update in range(5)]
        [1.0, 1.0, 0.5, 0.5, 0.25]
        """
        return float(self.drop ** (update // self.every))


@dataclass(frozen=True)
class Exponential:
    """Shrink the rate by the same part each time: decayᵗ."""

    name: Literal["exponential"] = "exponential"
    decay: Annotated[float, Bounds(gt=0, le=1)] = 0.99
    """factor: what each update leaves of the rate."""

    def factor(self, update: int) -> float:
        """Give decay to the power of t."""
        return float(self.decay**update)


@dataclass(frozen=True)
class InverseTime:
    """Shrink the rate as 1 / (1 + decay·t) (H. Robbins and S. Monro, 1951)."""

    name: Literal["inverse_time"] = "inverse_time"
    decay: Annotated[float, Bounds(ge=0)] = 0.01
    """decay: after 1/decay updates the rate is halved."""

    def factor(self, update: int) -> float:
        """Give 1 / (1 + decay·t)."""
        return 1 / (1 + self.decay * update)


@dataclass(frozen=True)
class Cosine:
    """Let the rate fall like half a cosine wave to `floor` (I. Loshchilov and F. Hutter, 2017)."""

    name: Literal["cosine"] = "cosine"
    over: Count = 1000
    """length: updates until the rate is at its floor."""
    floor: Annotated[float, Bounds(ge=0, le=1)] = 0.0
    """floor: the part of the rate that is left then."""

    def factor(self, update: int) -> float:
        """Give floor + (1 − floor)·(1 + cos(π·t/over)) / 2.

        >>> Cosine(over=2).factor(0), Cosine(over=2).factor(2)
        (1.0, 0.0)
        """
        part = min(update, self.over) / self.over
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * part)) / 2


@dataclass(frozen=True)
class WarmUp:
    """Begin with short steps: the rate grows in equal parts over `updates`, then `then` rules."""

    updates: int
    then: Schedule

    @property
    def name(self) -> str:
        """Give the name of what rules afterwards."""
        return self.then.name

    def factor(self, update: int) -> float:
        """Give the factor, which reaches that of `then` at the last update of the warm-up.

        >>> [WarmUp(4, Constant()).factor(update) for update in range(5)]
        [0.25, 0.5, 0.75, 1.0, 1.0]
        """
        return self.then.factor(update) * min(1.0, (update + 1) / max(1, self.updates))


AnySchedule = Constant | StepDecay | Exponential | InverseTime | Cosine

SCHEDULES: tuple[type[AnySchedule], ...] = get_args(AnySchedule)
