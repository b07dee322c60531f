"""The cost along one parameter: where it falls, where it rises, and where it is lowest."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from fitline.errors import RangeError
from fitline.formatting import number
from fitline.optimize.costs import Cost
from fitline.typing import Vector

from .grid import measured
from .landscape import Landscape
from .stationary import Stationary
from .window import round_axis, window

PIECES = 800
"""In so many pieces the parameter's range is searched for turns."""

DIGITS_OF_A_FLOAT = 64
"""So many halvings leave nothing between two floats of one range."""


@dataclass(frozen=True)
class Stretch:
    """A part of the parameter's range in which the cost goes one method."""

    start: float
    stop: float
    direction: Literal["falls", "rises"]


@dataclass(frozen=True, eq=False)
class Slice:
    """The cost while one parameter varies and the other stays.

    `parameter` is the place in theta of the one that varies, `fixed` the value of the other;
    `values` and `cost` have the shape (points,), in original units. `minima` are those of the
    slice, lowest first; there may be none within it.
    """

    parameter: int
    fixed: float
    values: Vector
    cost: Vector
    stretches: Sequence[Stretch]
    minima: Sequence[Stationary]


def cut(landscape: Landscape, parameter: int, fixed: float, values: Vector) -> Slice:
    """Cut through the landscape, the other parameter being `fixed`.

    Raises RangeError where the cost is too large for a float64.
    """
    cost = measured(landscape.cost, _points(parameter, fixed, values))
    fine = np.linspace(values[0], values[-1], PIECES + 1)
    turns = list(_turns(landscape, parameter, fixed, fine))
    ends = [float(values[0]), *turns, float(values[-1])]
    middles = np.array([(start + stop) / 2 for start, stop in pairwise(ends)])
    slopes = _slopes(landscape.cost, parameter, fixed, middles)
    stretches = [
        Stretch(start, stop, "falls" if slope < 0 else "rises")
        for (start, stop), slope in zip(pairwise(ends), slopes, strict=True)
    ]
    bottoms = [
        before.stop
        for before, after in pairwise(stretches)
        if (before.direction, after.direction) == ("falls", "rises")
    ]
    return Slice(
        parameter,
        fixed,
        values,
        cost,
        stretches,
        _minima(landscape, _points(parameter, fixed, np.array(bottoms))),
    )


def range_around(landscape: Landscape, parameter: int, fixed: float) -> Vector:
    """Choose the values between which a slice is worth seeing."""
    axis = window(landscape)[parameter]
    best = _least_squares(landscape, parameter, fixed)
    if not math.isfinite(best):
        raise RangeError.of(f"the best θ{parameter} for θ{1 - parameter} = {number(fixed)}")
    if axis[0] < best < axis[-1]:
        return axis
    return round_axis(best, float(axis[-1] - axis[0]) / 2)


def best_for(landscape: Landscape, parameter: int, fixed: float) -> Stationary | None:
    """Find the best value of a parameter while the other one is `fixed`."""
    found = cut(landscape, parameter, fixed, range_around(landscape, parameter, fixed)).minima
    return found[0] if found else None


def _least_squares(landscape: Landscape, parameter: int, fixed: float) -> float:
    """Give the best value of one parameter by squared error, which is where to look."""
    moments = landscape.moments
    intercept, slope = moments.fit.theta.tolist()
    mean, variance = float(moments.x_mean[0]), float(moments.x_variance[0])
    if parameter == 0:
        return float(intercept + (slope - fixed) * mean)
    return float(slope + (intercept - fixed) * mean / (variance + mean**2))


def _turns(landscape: Landscape, parameter: int, fixed: float, values: Vector) -> Iterator[float]:
    """Find where the slope changes its sign: in which piece, by a sample where the rows are many.

    Then halve the piece until nothing is left of it.
    """
    piece = float(values[1] - values[0])
    signs = np.sign(_slopes(landscape.drawn, parameter, fixed, values))
    for place in np.flatnonzero((signs[:-1] != signs[1:]) & (signs[:-1] != 0)):
        for beyond in (0, 1, 4, 16) if landscape.is_sampled else (0,):
            ends = values[place] - beyond * piece, values[place + 1] + beyond * piece
            here = np.sign(_slopes(landscape.cost, parameter, fixed, np.array(ends)))
            if here[0] == signs[place] != here[1]:
                yield _halved(landscape, parameter, fixed, float(ends[0]), float(ends[1]))
                break


def _halved(landscape: Landscape, parameter: int, fixed: float, low: float, high: float) -> float:
    """Narrow down a change of sign between two values to the last digit."""
    sign = np.sign(_slopes(landscape.cost, parameter, fixed, np.array([low])))
    for _ in range(DIGITS_OF_A_FLOAT):
        middle = (low + high) / 2
        slope = _slopes(landscape.cost, parameter, fixed, np.array([middle]))
        low, high = (middle, high) if np.sign(slope) == sign else (low, middle)
    return high


def _slopes(cost: Cost, parameter: int, fixed: float, values: Vector) -> Vector:
    """Give the partial derivatives of the cost."""
    slopes: Vector = cost.gradient(_points(parameter, fixed, values))[:, parameter]
    return slopes


def _points(parameter: int, fixed: float, values: Vector) -> Vector:
    """Give theta for each value, in the shape (values, 2)."""
    points = np.full((len(values), 2), fixed)
    points[:, parameter] = values
    return points


def _minima(landscape: Landscape, thetas: Vector) -> list[Stationary]:
    """Name the bottoms of the slice, the lowest first."""
    costs = landscape.cost.value(thetas)
    order = np.argsort(costs, kind="stable")
    return [
        Stationary(thetas[place], float(costs[place]), "local" if rank else "global")
        for rank, place in enumerate(order)
    ]
