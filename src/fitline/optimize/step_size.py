"""How far to go in a direction, found by looking along it instead of told by a rate.

What to use when: `exact` on a bowl, whose lowest point along a line is known; `backtracking` on
every other landscape, which tries lengths until the fall is worth the way.
"""

from .costs import Cost, SquaredError
from .scaling import Vector

WORTH = 1e-4
"""The part of the fall that the slope promises with which a length is content."""

ROUNDED = 1e-12
"""A difference of two costs that is no larger than this part of them has lost its digits."""

MOST_TRIALS = 60
"""Halving so often leaves nothing of a length."""


def length(cost: Cost, theta: Vector, gradient: Vector, direction: Vector, first: float) -> float:
    """Give how far to go; 0 where no length goes down. `first` is the length to try first."""
    slope = float(gradient @ direction)
    if slope >= 0:
        return 0.0
    if isinstance(cost, SquaredError):
        return -slope / cost.bend(direction)
    return _backtracked(cost, theta, direction, slope, first)


def _backtracked(
    cost: Cost, theta: Vector, direction: Vector, slope: float, first: float
) -> float:
    """Double a length that is worth its way while that goes lower, and halve one that is not.

    The measure is that of L. Armijo (1966). Where two costs differ by rounding alone, the slopes
    at both ends tell the fall (W. Hager and H. Zhang, 2005).
    """
    here = float(cost.value(theta))

    def fall(far: float) -> float:
        there = theta + far * direction
        fallen = here - float(cost.value(there))
        if abs(fallen) > ROUNDED * here + cost.noise:
            return fallen
        return -far * (slope + float(cost.gradient(there) @ direction)) / 2

    far, deep = first, fall(first)
    if deep >= -WORTH * first * slope:
        for _ in range(MOST_TRIALS):
            deeper = fall(2 * far)
            if not deeper > deep:
                return far
            far, deep = 2 * far, deeper
        return far
    for _ in range(MOST_TRIALS):
        far /= 2
        if fall(far) >= -WORTH * far * slope:
            return far
    return 0.0
