"""How far to go in a direction: by a learning rate, or by looking along the direction.

What to use when: a `FixedRate`, of which theory says what it does. `ExactLineSearch` on a bowl,
whose lowest point along a line is known; `Backtracking` on every other landscape, which tries
lengths until the decrease of the cost is large enough.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from fitline.vector import Vector

from .costs import Cost
from .schedules import Constant, Schedule

ROUNDED = 1e-12
"""A difference of two costs that is no larger than this part of them has lost its digits."""

MOST_TRIALS = 60
"""Halving so often leaves nothing of a length."""


class StepSize(Protocol):
    """The length of each update, as a multiple of the optimizer's direction."""

    def length(
        self, update: int, cost: Cost, theta: Vector, gradient: Vector, direction: Vector
    ) -> float:
        """Give the length of an update, counted from 0."""
        ...

    def at_rate(self, rate: float, schedule: Schedule | None) -> "StepSize":
        """Give the same with another learning rate, and perhaps another schedule."""
        ...


@dataclass(frozen=True, eq=False)
class FixedRate:
    """A learning rate, times the factor of a schedule."""

    rate: float
    schedule: Schedule = Constant()

    def length(
        self,
        update: int,
        cost: Cost,  # noqa: ARG002 - a line search needs these
        theta: Vector,  # noqa: ARG002 - others use it
        gradient: Vector,  # noqa: ARG002 - others use it
        direction: Vector,  # noqa: ARG002 - others use it
    ) -> float:
        """Give the rate at this update."""
        return self.rate * self.schedule.factor(update)

    def at_rate(self, rate: float, schedule: Schedule | None) -> "FixedRate":
        """Take another rate, and perhaps another schedule."""
        return FixedRate(rate, schedule or self.schedule)


@dataclass(frozen=True, eq=False)
class ExactLineSearch:
    """The lowest point along the direction on a bowl: −gᵀd / dᵀHd (A. Cauchy, 1847).

    `second_derivative` gives dᵀHd, that of the cost along a direction d.
    """

    second_derivative: Callable[[Vector], float]

    def length(
        self,
        update: int,  # noqa: ARG002 - others need these
        cost: Cost,  # noqa: ARG002 - others use it
        theta: Vector,  # noqa: ARG002 - others use it
        gradient: Vector,
        direction: Vector,
    ) -> float:
        """Give the length; 0 where no length decreases the cost."""
        slope = float(gradient @ direction)
        return -slope / self.second_derivative(direction) if slope < 0 else 0.0

    def at_rate(self, rate: float, schedule: Schedule | None) -> "ExactLineSearch":  # noqa: ARG002 - others use it
        """Give the same, which needs no rate."""
        return self


@dataclass(frozen=True, eq=False)
class Backtracking:
    """A length that decreases the cost enough (L. Armijo, 1966).

    `first` is tried first, and doubled while that goes lower; a length whose decrease is less than
    the part `decrease` of what the slope promises is halved.
    """

    first: float
    decrease: float = 1e-4

    def length(
        self,
        update: int,  # noqa: ARG002 - a schedule needs it
        cost: Cost,
        theta: Vector,
        gradient: Vector,
        direction: Vector,
    ) -> float:
        """Give the length; 0 where none decreases the cost enough.

        Where two costs differ by rounding alone, the slopes at both ends tell the decrease
        (W. Hager and H. Zhang, 2005).
        """
        slope = float(gradient @ direction)
        if slope >= 0:
            return 0.0
        here = float(cost.value(theta))

        def decrease(length: float) -> float:
            there = theta + length * direction
            found = here - float(cost.value(there))
            if abs(found) > ROUNDED * here + cost.noise:
                return found
            return -length * (slope + float(cost.gradient(there) @ direction)) / 2

        length, reached = self.first, decrease(self.first)
        if reached >= -self.decrease * length * slope:
            for _ in range(MOST_TRIALS):
                further = decrease(2 * length)
                if not further > reached:
                    return length
                length, reached = 2 * length, further
            return length
        for _ in range(MOST_TRIALS):
            length /= 2
            if decrease(length) >= -self.decrease * length * slope:
                return length
        return 0.0

    def at_rate(self, rate: float, schedule: Schedule | None) -> "Backtracking":  # noqa: ARG002 - others use it
        """Try another length first."""
        return replace(self, first=rate)
