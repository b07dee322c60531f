"""The cost at every pair of parameters on two axes."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fitline.errors import RangeError, UsageError
from fitline.formatting import theta_text
from fitline.memory import shortage
from fitline.optimize.robust_cost import RobustCost
from fitline.vector import Vector

from .condensing import condensed
from .plane import Surface


@dataclass(frozen=True, eq=False)
class Grid:
    """The cost at every pair of parameters.

    `across` and `up` are the values of the two, in original units; `cost` has the shape
    (len(across), len(up)) and is in the units of y squared.
    """

    across: Vector
    up: Vector
    cost: Vector

    def cells(self) -> Vector:
        """Give both parameters and the cost of every cell, in the shape (across, up, 3)."""
        return np.stack([*np.meshgrid(self.across, self.up, indexing="ij"), self.cost], axis=-1)


def axis(start: str, stop: str, points: int) -> Vector:
    """Give equally spaced values, both ends included, each the float64 nearest to the true one.

    Raises ValueError where an end is no finite number.
    """
    first, last = Fraction(start), Fraction(stop)
    step = (last - first) / max(1, points - 1)
    return np.array([float(first + place * step) for place in range(points)])


FEWER = "choose fewer values: --theta0 START:STOP:100 --theta1 START:STOP:100"

BYTES_A_CELL = 200
"""About what a cell takes, with the text that it becomes."""


def survey(cost: Surface, across: Vector, up: Vector, hint: str = FEWER) -> Grid:
    """Measure the cost at every pair of parameters.

    Raises RangeError where it is too large for a float64, and UsageError where the cells do not
    fit into memory, with a hint how to choose fewer.
    """
    if told := shortage(BYTES_A_CELL * len(across) * len(up)):
        raise UsageError(
            f"the cells of a grid of {len(across):,} by {len(up):,} {told}", hint=hint
        )
    points = np.stack(np.meshgrid(across, up, indexing="ij"), axis=-1)
    return Grid(across, up, measured(cost, points))


def measured(cost: Surface, thetas: Vector) -> Vector:
    """Give the costs of thetas of the shape (…, axes), all of them finite.

    Raises RangeError that names the first one that is not.
    """
    if isinstance(cost, RobustCost):
        cost = condensed(cost, thetas)
    with np.errstate(over="ignore", invalid="ignore"):
        costs = cost.value(thetas)
    if (lost := ~np.isfinite(costs)).any():
        raise RangeError.of(f"the cost at {theta_text(thetas[lost][0])}")
    return costs
