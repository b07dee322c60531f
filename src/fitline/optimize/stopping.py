"""What a walk stands on when it ends: a minimum, a plateau, or a slope.

A small gradient alone does not tell: far from all rows the ground of Cauchy's cost is level, and
at a corner the gradient is never small. What is a minimum is told by the excess over the known
one where a landscape has but one, and else by the curvature on the spot.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .costs import ROUNDED, RobustCost, SquaredError
from .descent import Step
from .losses import Absolute
from .scaling import Vector

NOISE = 1e-13
"""The part of a cost below which a difference of two costs tells nothing."""

LEVEL = 0.05
"""Where the gradient is no longer than this part of the scale, most rows lie far beyond it."""

BENT = 1e-9
"""A bowl bends upwards by more than this in every direction, where squared error bends by 2."""


@dataclass(frozen=True, eq=False)
class Bowl:
    """The ground of squared error, where each point with a gradient of 0 is the minimum."""

    cost: SquaredError
    ruler: Vector
    tolerance: float

    def is_minimum(self, step: Step) -> bool:
        """Tell whether the gradient is as short as wanted, or as rounding lets it become."""
        rounded = rounding(self.cost, self.ruler, step.theta)
        return step.gradient_norm <= max(self.tolerance, rounded)

    def is_plateau(self, step: Step) -> bool:  # noqa: ARG002 - others need it
        """Give no: a bowl is level at its minimum alone."""
        return False


def rounding(bowl: SquaredError, ruler: Vector, theta: Vector) -> float:
    """Give how long a gradient is made by rounding parameters and rows, at the most."""
    return ROUNDED * (1 + float(np.linalg.norm(np.abs(ruler @ bowl.hessian) @ np.abs(theta))))


@dataclass(frozen=True, eq=False)
class Hills:
    """The ground of a robust cost, in the coordinates that train.

    `unit` is that of the gradients, and `spread` the size of y without its outliers, both in the
    units of y. `tolerance` is of a gradient, and `floor` gives the cost of the lowest minimum.
    """

    cost: RobustCost
    bowl: SquaredError
    ruler: Vector
    unit: float
    spread: float
    tolerance: float
    floor: Callable[[], float]

    @property
    def level(self) -> float:
        """Give the cost at which a walk down to a corner has arrived."""
        return self.floor() + self._allowed + self.cost.noise

    def is_minimum(self, step: Step) -> bool:
        """Tell by the excess over the one minimum, or by that over the bowl that fits here."""
        is_convex, hessian = self.cost.loss.is_convex, self._hessian(step)
        if not is_convex and not _bends_upwards(hessian):
            return False
        if isinstance(self.cost.loss, Absolute):
            return step.cost <= self.level + NOISE * step.cost
        if step.gradient_norm <= rounding(self.bowl, self.ruler, step.theta):
            return True
        gradient = self.ruler @ step.gradient * self.unit
        excess = (
            step.cost - self.floor()
            if is_convex
            else float(gradient @ np.linalg.solve(hessian, gradient)) / 2
        )
        allowed = self._allowed if step.gradient_norm <= self.tolerance else 0.0
        return excess <= allowed + self.cost.noise + NOISE * step.cost

    def is_plateau(self, step: Step) -> bool:
        """Tell whether most rows lie far beyond the scale, on a landscape with hills."""
        if self.cost.loss.is_convex or _bends_upwards(self._hessian(step)):
            return False
        return step.gradient_norm * self.unit <= LEVEL * self.cost.loss.scale

    @property
    def _allowed(self) -> float:
        """Give what a gradient of the tolerance makes of the excess, across the table."""
        return self.tolerance * self.unit * self.spread

    def _hessian(self, step: Step) -> Vector:
        """Give the second derivatives in standardised coordinates."""
        hessian: Vector = self.ruler @ self.cost.hessian(step.theta) @ self.ruler.T * self.unit**2
        return hessian


def _bends_upwards(hessian: Vector) -> bool:
    return bool(np.linalg.eigvalsh(hessian)[0] > BENT)
