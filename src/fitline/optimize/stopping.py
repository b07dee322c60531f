"""What a run stands on when it ends: a minimum, a plateau, or a slope.

A small gradient alone does not tell: far from all rows the ground of Cauchy's cost is level, and
at a corner the gradient is never small. What is a minimum is told by the excess over the known
one where a landscape has but one, and else by the curvature on the spot.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from fitline.vector import Vector

from .costs import ROUNDED, Cost
from .iterate import Iterate, Kept, StopReason

NOISE = 1e-13
"""The part of a cost below which a difference of two costs tells nothing."""

LEVEL = 0.05
"""Where the gradient is no longer than this part of the scale, most rows lie far beyond it."""

HOVERING = 32.0
"""A gradient is kept from getting short by rounding where it is so many times as long."""

BENT = 1e-9
"""A bowl bends upwards by more than this in every direction, where squared error bends by 2."""


class Ground(Protocol):
    """What lies around the point where descent ends."""

    def is_minimum(self, here: Iterate) -> bool:
        """Tell whether every direction goes uphill, as far as the digits can tell."""
        ...

    def is_level(self, here: Iterate) -> bool:
        """Tell whether more steps would lead nowhere, as far as the digits can tell."""
        ...

    def is_plateau(self, here: Iterate) -> bool:
        """Tell whether the gradient is so small that descent gets lost, though not in a bowl."""
        ...


@dataclass(frozen=True, eq=False)
class Stopping:
    """When to stop: after so many steps, or when the gradient is no longer than `tolerance`.

    `preconditioner`, of the shape (1 + features, 1 + features), turns a gradient into the one
    whose length is compared. Where a cost has a corner at its minimum, whose gradient never gets
    short, descent has arrived at the cost `level`. `ground` tells at the end whether that is a
    minimum. With a `validation` descent ends early too.
    """

    steps: int
    tolerance: float
    preconditioner: Vector
    ground: Ground | None = None
    level: float = -math.inf
    validation: "Validation | None" = None

    def reason(self, here: Iterate) -> StopReason | None:
        """Tell whether descent ends at an iterate, and why."""
        if here.gradient_norm <= self.tolerance or here.cost <= self.level:
            return self.judged(here, StopReason.CONVERGED)
        if self.validation and here.kept and self.validation.is_over(here.index, here.kept):
            return StopReason.EARLY
        return self.judged(here, StopReason.STEPS) if here.index >= self.steps else None

    def judged(self, here: Iterate, reason: StopReason) -> StopReason:
        """Look around where descent ends: it has converged at a minimum, and only there."""
        if self.ground is None:
            return reason
        may_go_on = reason is StopReason.STEPS and not self.ground.is_level(here)
        if not may_go_on and self.ground.is_minimum(here):
            return StopReason.CONVERGED
        is_lost = reason is StopReason.CONVERGED or self.ground.is_plateau(here)
        return StopReason.PLATEAU if is_lost else reason


@dataclass(frozen=True, eq=False)
class Validation:
    """The cost of rows that are held out, in the coordinates that train.

    Descent ends where it has not fallen for `patience` steps.
    """

    cost: Cost
    patience: int

    def kept(self, before: Kept | None, index: int, theta: Vector) -> Kept:
        """Give the better one of the step that is kept and this one; equal ones are no better."""
        cost = float(self.cost.value(theta))
        return before if before and not cost < before.cost else Kept(index, theta, cost)

    def is_over(self, index: int, kept: Kept) -> bool:
        """Tell whether the cost has not fallen for too long."""
        return index - kept.index >= self.patience

    def is_better(self, kept: Kept, theta: Vector) -> bool:
        """Tell whether the step that is kept is better than another one, not by rounding alone."""
        return kept.cost < float(self.cost.value(theta)) * (1 - FLAT)


FLAT = 1e-9
"""Validation costs that differ by no more than this part are the same."""


@dataclass(frozen=True, eq=False)
class Bowl:
    """The ground of squared error, where each point with a gradient of 0 is the minimum."""

    cost: Cost
    preconditioner: Vector
    tolerance: float

    def is_minimum(self, here: Iterate) -> bool:
        """Tell whether the gradient is as short as wanted, or as rounding lets it become."""
        rounded = rounding(self.cost, self.preconditioner, here.theta)
        return here.gradient_norm <= max(self.tolerance, rounded)

    def is_level(self, here: Iterate) -> bool:
        """Tell the same: in a bowl the ground is level at the minimum alone."""
        return self.is_minimum(here)

    def is_plateau(self, here: Iterate) -> bool:  # noqa: ARG002 - others need it
        """Give no: a bowl is level at its minimum alone."""
        return False


def rounding(bowl: Cost, preconditioner: Vector, theta: Vector) -> float:
    """Give how long a gradient is made by rounding parameters and rows, at the most."""
    sizes = np.abs(preconditioner @ bowl.hessian(theta)) @ np.abs(theta)
    return ROUNDED * (1 + math.hypot(*sizes))


@dataclass(frozen=True, eq=False)
class Hills:
    """The ground of a robust cost, in the coordinates that train.

    `independent` turns a gradient into that of features without correlation, in the units of
    `preconditioner`. `unit` is that of the gradients, and `spread` the size of y without its
    outliers, both in the units of y. `tolerance` is of a gradient, and `floor` gives the cost of
    the lowest minimum.
    """

    cost: Cost
    bowl: Cost
    preconditioner: Vector
    independent: Vector
    unit: float
    spread: float
    tolerance: float
    floor: Callable[[], float]

    @property
    def level(self) -> float:
        """Give the cost at which a run down to a corner has arrived."""
        return self.floor() + self._allowed + self.cost.noise

    def is_minimum(self, here: Iterate) -> bool:
        """Tell by the excess over the one minimum, or by that over the bowl that fits here."""
        is_convex, hessian = self.cost.loss.is_convex, self._hessian(here)
        if not is_convex and not _bends_upwards(hessian):
            return False
        if not self.cost.loss.is_smooth:
            return self.is_level(here)
        if here.gradient_norm <= self._rounding(here):
            return True
        gradient = self.independent @ here.gradient * self.unit
        excess = (
            here.cost - self.floor()
            if is_convex
            else float(gradient @ np.linalg.solve(hessian, gradient)) / 2
        )
        allowed = self._allowed if here.gradient_norm <= self.tolerance else 0.0
        return excess <= allowed + self.cost.noise + NOISE * here.cost

    def is_level(self, here: Iterate) -> bool:
        """Tell by the gradient, or at a corner, where that is never short, by the cost."""
        if not self.cost.loss.is_smooth:
            return here.cost <= self.level + NOISE * here.cost
        return here.gradient_norm <= HOVERING * self._rounding(here)

    def _rounding(self, here: Iterate) -> float:
        return rounding(self.bowl, self.preconditioner, here.theta)

    def is_plateau(self, here: Iterate) -> bool:
        """Tell whether most rows lie far beyond the scale, on a landscape with hills."""
        if self.cost.loss.is_convex or _bends_upwards(self._hessian(here)):
            return False
        return here.gradient_norm * self.unit <= LEVEL * self.cost.loss.scale

    @property
    def _allowed(self) -> float:
        """Give what a gradient of the tolerance makes of the excess, across the table."""
        return self.tolerance * self.unit * self.spread

    def _hessian(self, here: Iterate) -> Vector:
        """Give the second derivatives by the parameters of independent features."""
        bent = self.cost.hessian(here.theta)
        hessian: Vector = self.independent @ bent @ self.independent.T * self.unit**2
        return hessian


def _bends_upwards(hessian: Vector) -> bool:
    return bool(np.linalg.eigvalsh(hessian)[0] > BENT)
