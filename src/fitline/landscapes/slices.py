"""The cost along one parameter: where it falls, where it rises, and where it is lowest."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from fitline.errors import RangeError
from fitline.formatting import number
from fitline.vector import Vector

from .grid import measured
from .plane import Surface
from .projection import Projection
from .stationary import Stationary
from .window import round_axis, window

PIECES = 800
"""In so many pieces the parameter's range is searched for turns."""

DIGITS_OF_A_FLOAT = 64
"""So many halvings leave nothing between two floats of one range."""


@dataclass(frozen=True)
class Stretch:
    """A part of the parameter's range in which the cost falls or rises throughout."""

    start: float
    stop: float
    direction: Literal["falls", "rises"]


@dataclass(frozen=True, eq=False)
class Slice:
    """The cost while one parameter of a plane varies and the other stays.

    `parameter` is the place on the plane of the one that varies, `fixed` the value of the other,
    if there is one; `values` and `cost` have the shape (points,), in original units. `minima`, of
    points of the plane, are those of the slice, lowest first; there may be none within it.
    """

    parameter: int
    fixed: float | None
    values: Vector
    cost: Vector
    stretches: Sequence[Stretch]
    minima: Sequence[Stationary]


def cut(seen: Projection, parameter: int, fixed: float | None, values: Vector) -> Slice:
    """Cut through a plane, its other parameter being `fixed`.

    Raises RangeError where the cost is too large for a float64.
    """
    cost = measured(seen.cost, points_along(parameter, fixed, values))
    fine = np.linspace(values[0], values[-1], PIECES + 1)
    turns = list(_turns(seen, parameter, fixed, fine))
    ends = [float(values[0]), *turns, float(values[-1])]
    middles = np.array([(start + stop) / 2 for start, stop in pairwise(ends)])
    slopes = _slopes(seen.cost, parameter, fixed, middles)
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
        _minima(seen, points_along(parameter, fixed, np.array(bottoms))),
    )


def range_around(seen: Projection, parameter: int, fixed: float) -> Vector:
    """Choose the values between which a slice is worth seeing."""
    axis = window(seen)[parameter]
    best = _least_squares(seen, parameter, fixed)
    if not math.isfinite(best):
        varied, other = seen.axes[parameter], seen.axes[1 - parameter]
        raise RangeError.of(f"the best θ{varied} for θ{other} = {number(fixed)}")
    if axis[0] < best < axis[-1]:
        return axis
    return round_axis(best, float(axis[-1] - axis[0]) / 2)


def best_for(seen: Projection, parameter: int, fixed: float) -> Stationary | None:
    """Find the best value of a parameter while the other one is `fixed`."""
    found = cut(seen, parameter, fixed, range_around(seen, parameter, fixed)).minima
    return found[0] if found else None


def best_along(seen: Projection, cut: Slice) -> list[Stationary]:
    """Find the best value of the parameter of a slice for a few values of the other one.

    These are the one of the slice, and some of the window; there are none without another one.
    """
    if cut.fixed is None:
        return []
    axis = window(seen)[1 - cut.parameter]
    others = np.unique([cut.fixed, *axis[:: (len(axis) - 1) // 4]])
    found = [best_for(seen, cut.parameter, float(other)) for other in others]
    return [point for point in found if point is not None]


def _least_squares(seen: Projection, parameter: int, fixed: float) -> float:
    """Give the best value of one parameter by squared error, which is where to look."""
    first, second = seen.bowl.minimum.tolist()
    weight, variance = seen.bowl.weights.tolist()
    mean = float(seen.bowl.mixing[0, 1])
    if parameter == 0:
        return float(first + (second - fixed) * mean)
    return float(second + (first - fixed) * mean * weight / (variance + weight * mean**2))


def _turns(
    seen: Projection, parameter: int, fixed: float | None, values: Vector
) -> Iterator[float]:
    """Find where the slope changes its sign: in which piece, by a sample where the rows are many.

    Then halve the piece until nothing is left of it.
    """
    piece = float(values[1] - values[0])
    signs = np.sign(_slopes(seen.drawn, parameter, fixed, values))
    for place in np.flatnonzero((signs[:-1] != signs[1:]) & (signs[:-1] != 0)):
        for beyond in (0, 1, 4, 16) if seen.landscape.is_sampled else (0,):
            ends = values[place] - beyond * piece, values[place + 1] + beyond * piece
            here = np.sign(_slopes(seen.cost, parameter, fixed, np.array(ends)))
            if here[0] == signs[place] != here[1]:
                yield _halved(seen, parameter, fixed, float(ends[0]), float(ends[1]))
                break


def _halved(
    seen: Projection, parameter: int, fixed: float | None, low: float, high: float
) -> float:
    """Narrow down a change of sign between two values to the last digit."""
    sign = np.sign(_slopes(seen.cost, parameter, fixed, np.array([low])))
    for _ in range(DIGITS_OF_A_FLOAT):
        middle = (low + high) / 2
        slope = _slopes(seen.cost, parameter, fixed, np.array([middle]))
        low, high = (middle, high) if np.sign(slope) == sign else (low, middle)
    return high


def _slopes(cost: Surface, parameter: int, fixed: float | None, values: Vector) -> Vector:
    """Give the partial derivatives of the cost."""
    slopes: Vector = cost.gradient(points_along(parameter, fixed, values))[:, parameter]
    return slopes


def points_along(parameter: int, fixed: float | None, values: Vector) -> Vector:
    """Give the point of the plane for each value, in the shape (values, axes)."""
    if fixed is None:
        return values[:, None]
    points = np.full((len(values), 2), fixed)
    points[:, parameter] = values
    return points


def _minima(seen: Projection, thetas: Vector) -> list[Stationary]:
    """Name the bottoms of the slice, the lowest first."""
    costs = seen.cost.value(thetas)
    order = np.argsort(costs, kind="stable")
    return [
        Stationary(thetas[place], float(costs[place]), "local" if rank else "global")
        for rank, place in enumerate(order)
    ]
