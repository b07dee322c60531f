"""The cost at every pair of parameters on two axes."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fitline.errors import RangeError, UsageError
from fitline.formatting import theta_text
from fitline.memory import shortage
from fitline.optimize.costs import Cost
from fitline.typing import Vector


@dataclass(frozen=True, eq=False)
class Grid:
    """The cost at every pair of parameters.

    `theta0` and `theta1` are the axes, in original units; `cost` has the shape
    (len(theta0), len(theta1)) and is in the units of y squared.
    """

    theta0: Vector
    theta1: Vector
    cost: Vector

    def cells(self) -> Vector:
        """Give θ0, θ1 and the cost of every cell, in the shape (θ0, θ1, 3)."""
        return np.stack(
            [*np.meshgrid(self.theta0, self.theta1, indexing="ij"), self.cost], axis=-1
        )


def axis(start: str, stop: str, points: int) -> Vector:
    """Give equally spaced values, both ends included, each the float64 nearest to the true one.

    Raises ValueError where an end is no finite number.
    """
    first, last = Fraction(start), Fraction(stop)
    step = (last - first) / max(1, points - 1)
    return np.array([float(first + place * step) for place in range(points)])


BYTES_A_CELL = 200
"""About what a cell takes, with the text that it becomes."""


def survey(cost: Cost, theta0: Vector, theta1: Vector) -> Grid:
    """Measure the cost at every pair of parameters.

    Raises RangeError where it is too large for a float64, and UsageError where the cells do not
    fit into memory.
    """
    if told := shortage(BYTES_A_CELL * len(theta0) * len(theta1)):
        raise UsageError(
            f"the cells of a grid of {len(theta0):,} by {len(theta1):,} {told}",
            hint="choose fewer values: --theta0 START:STOP:100 --theta1 START:STOP:100",
        )
    points = np.stack(np.meshgrid(theta0, theta1, indexing="ij"), axis=-1)
    return Grid(theta0, theta1, measured(cost, points))


def measured(cost: Cost, thetas: Vector) -> Vector:
    """Give the costs of thetas of the shape (…, 2), all of them finite.

    Raises RangeError that names the first one that is not.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        costs = cost.value(thetas)
    if (lost := ~np.isfinite(costs)).any():
        raise RangeError.of(f"the cost at {theta_text(thetas[lost][0])}")
    return costs
