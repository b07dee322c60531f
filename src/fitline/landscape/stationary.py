"""Where the landscape of a robust cost is level: its minima, its saddles and its local maxima.

A convex cost has one minimum. Of any other all level points are found where there is one feature,
and with several features the minima to which descent from many starts leads. All this is done in
coordinates in which the features are standardised and, if they are several, not correlated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from fitline.optimize.costs import Cost
from fitline.optimize.losses import Absolute
from fitline.optimize.moments import Moments
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.scaling import Scaling
from fitline.optimize.squared_error import SquaredError
from fitline.vector import Vector

from .exhaustive import search_everywhere
from .least_absolute import least_absolute
from .many_starts import STARTS, search_from_starts
from .settling import distinct, is_minimum, least_squares, settle

Kind = Literal["global", "local", "saddle", "maximum"]
ORDER: Sequence[Kind] = ("global", "local", "saddle", "maximum")

TAIL = 0.005
"""Which part of the rows, at either end of y, says nothing about where a line may lie."""

SAME = 1e-6
"""Two points nearer to each other than this part of the table's height are one."""


@dataclass(frozen=True, eq=False)
class Stationary:
    """A point from which no direction goes downhill at first, theta of the shape (1 + features,).

    `kind` is global or local for a minimum; `cost` is in the units of y squared.
    """

    theta: Vector
    cost: float
    kind: Kind


@dataclass(frozen=True, eq=False)
class Uncorrelated:
    """Coordinates in which the features have mean 0, variance 1 and no correlation.

    Features that depend on others are left out: their parameters are 0 in the table's units. One
    feature needs no more than `scaling`, the standard one. `mixing`, of the shape
    (1 + features, 1 + independent features), turns parameters into those of that scaling.
    """

    scaling: Scaling
    mixing: Vector

    @classmethod
    def of(cls, moments: Moments) -> "Uncorrelated":
        """Choose the coordinates for a table."""
        scaling = Scaling.of("standard", moments)
        is_line = len(moments.x_mean) == 1
        mixing = np.eye(2) if is_line else SquaredError.of(moments, scaling).uncorrelated
        if not moments.has_intercept and not is_line:
            mixing = np.column_stack([np.zeros(len(mixing)), mixing])
        return cls(scaling, mixing)

    def turned(self, cost: RobustCost) -> RobustCost:
        """Take a cost in original units into these coordinates."""
        standard = cost.scaled(self.scaling)
        x = self.mixing[1:, 1:].T @ standard.x
        return replace(standard, x=x, centre=np.zeros(1 + len(x)))

    def original(self, theta: Vector) -> Vector:
        """Turn parameters into original units."""
        return self.scaling.original(self.mixing @ theta)


def searched_starts(cost: Cost, moments: Moments) -> int | None:
    """Tell from how many starts minima are sought; None where nothing is missed."""
    features = len(moments.x_mean) - len(moments.fit.dependent)
    is_line = features == 1 and moments.has_intercept
    return None if cost.loss.is_convex or is_line else STARTS


def find_stationary(cost: RobustCost, moments: Moments) -> tuple[Stationary, ...]:
    """Find the level points of a cost in original units; the minima come first, lowest first."""
    coordinates = Uncorrelated.of(moments)
    turned = coordinates.turned(cost)
    low, high = (float(np.quantile(turned.y, part)) for part in (TAIL, 1 - TAIL))
    same = SAME * (high - low or 1.0)
    if isinstance(cost.loss, Absolute):
        found = [least_absolute(turned, high - low or 1.0)]
    elif cost.loss.is_convex:
        found = list(settle(turned, least_squares(turned)[None]))
    elif searched_starts(cost, moments):
        found = search_from_starts(turned, same)
    else:
        found = search_everywhere(turned, (low, high), same)
    points = [_classified(turned, theta) for theta in distinct(found, same)]
    points.sort(key=lambda point: (ORDER.index(point.kind), point.cost))
    lowest = [replace(point, kind="global") for point in points[:1]]
    return tuple(
        replace(point, theta=coordinates.original(point.theta)) for point in lowest + points[1:]
    )


def _classified(cost: RobustCost, theta: Vector) -> Stationary:
    return Stationary(theta, float(cost.value(theta)), _kind(cost, theta))


def _kind(cost: RobustCost, theta: Vector) -> Kind:
    """Tell a minimum from a saddle and a maximum by the second derivatives."""
    if cost.loss.is_convex or is_minimum(cost, theta):
        return "local"
    return "saddle" if np.linalg.eigvalsh(cost.hessian(theta))[-1] > 0 else "maximum"
