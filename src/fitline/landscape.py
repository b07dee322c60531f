"""The cost over all parameters: a landscape of hills and valleys."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .costs import Cost
from .moments import Moments
from .scaling import Vector

WINDOW_POINTS = 41
"""About how many points a window has along each parameter."""


@dataclass(frozen=True, eq=False)
class Minimum:
    """Where the cost is lowest: theta of the shape (1 + features,), and the cost there."""

    theta: Vector
    cost: float


def minimum(moments: Moments) -> Minimum:
    """Give the exact minimum of squared error, in original units."""
    return Minimum(np.array([moments.intercept, moments.slope]), moments.minimum_cost)


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


def survey(cost: Cost, theta0: Vector, theta1: Vector) -> Grid:
    """Measure the cost at every pair of parameters."""
    points = np.stack(np.meshgrid(theta0, theta1, indexing="ij"), axis=-1)
    with np.errstate(over="ignore"):
        return Grid(theta0, theta1, cost.value(points))


def window(moments: Moments) -> tuple[Vector, Vector]:
    """Choose axes around the minimum, far enough to see the walls of the bowl.

    They reach from a line that falls about as steeply as the data are spread to one that rises
    so, and hold (0, 0) unless the table lies far from the origin. The values are round numbers.
    """
    steepness = moments.y_deviation / moments.x_deviation or abs(moments.slope) or 1.0
    height = math.hypot(moments.y_deviation, steepness * moments.x_mean) or 1.0
    return _round_axis(moments.intercept, height), _round_axis(moments.slope, 2 * steepness)


def _round_axis(centre: float, reach: float) -> Vector:
    """Give about WINDOW_POINTS values that are multiples of 1, 2 or 5 times a power of ten."""
    rough = 2 * reach / (WINDOW_POINTS - 1)
    power = Fraction(10) ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    middle, half = round(Fraction(centre) / step), WINDOW_POINTS // 2
    return np.array([float(place * step) for place in range(middle - half, middle + half + 1)])
