"""Where the landscape of a robust cost is level: its minima, its saddles and its local maxima.

A convex cost has one minimum. Of any other all level points are found where there is one feature,
and with several features the minima to which descent from many starts leads. All this is done in
coordinates in which the features are standardised and, if they are several, not correlated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
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
from .settling import distinct, is_minimum, least_squares, settle, sharpened

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
        return cost.scaled(self.scaling).mixed(self.mixing[1:, 1:].T)

    def original(self, theta: Vector) -> Vector:
        """Turn parameters into original units."""
        return self.scaling.original(self.mixing @ theta)


def searched_starts(cost: Cost, moments: Moments) -> int | None:
    """Tell from how many starts minima are sought; None where they are sought everywhere."""
    features = len(moments.x_mean) - len(moments.fit.dependent)
    is_line = features == 1 and moments.has_intercept
    return None if cost.loss.is_convex or is_line else STARTS


@dataclass(eq=False)
class Search:
    """The level points of a robust cost, the minima first and the lowest of them foremost.

    Where they are sought from so many `starts` some may be missed, perhaps the lowest: minima that
    prove it can be added. `found` are the points in `coordinates`.
    """

    cost: RobustCost
    coordinates: Uncorrelated
    starts: int | None
    found: list[Vector]

    @classmethod
    def of(cls, cost: RobustCost, moments: Moments) -> "Search":
        """Search the landscape of a cost in original units."""
        coordinates, starts = Uncorrelated.of(moments), searched_starts(cost, moments)
        whole = coordinates.turned(cost)
        turned = whole.here
        (low, high), same = _reach(turned), _same(turned)
        if isinstance(cost.loss, Absolute):
            found = [least_absolute(turned, high - low or 1.0)]
        elif cost.loss.is_convex:
            found = list(settle(turned, least_squares(turned)[None]))
        elif starts:
            found = search_from_starts(turned, same)
        else:
            found, starts = search_everywhere(turned, (low, high), same)
        if turned is not whole and cost.loss.is_smooth:
            found = _settled(whole, turned, found)
        return cls(cost, coordinates, starts, distinct(found, same))

    def add(self, theta: Vector) -> None:
        """Add the minimum to which a place leads, in original units, unless it is known."""
        turned = self.coordinates.turned(self.cost)
        predicted = turned.here.y - self.cost.here.residuals(theta)
        design = turned.here.design
        fit: Vector = np.asarray(np.linalg.lstsq(design.T, predicted)[0], np.float64)
        place = turned.theta_of(fit)
        found = distinct([*self.found, *settle(turned, place[None])], _same(turned))
        if self.starts and len(found) > len(self.found):
            self.found, self.starts = found, self.starts + 1
            self.__dict__.pop("points", None)

    @cached_property
    def points(self) -> Sequence[Stationary]:
        """Give the points in original units."""
        turned = self.coordinates.turned(self.cost)
        points = [_classified(turned, theta) for theta in self.found]
        points.sort(key=lambda point: (ORDER.index(point.kind), point.cost))
        lowest = [replace(point, kind="global") for point in points[:1]]
        return tuple(
            replace(point, theta=self.coordinates.original(point.theta))
            for point in lowest + points[1:]
        )


def _settled(whole: RobustCost, sample: RobustCost, found: Sequence[Vector]) -> list[Vector]:
    """Go on to the minima of all rows from those of a sample, and leave its other level points."""
    pits = [theta for theta in found if sample.loss.is_convex or is_minimum(sample, theta)]
    others = [theta for theta in found if not any(theta is pit for pit in pits)]
    return [*sharpened(whole, np.array(pits)), *others] if pits else others


def _reach(cost: RobustCost) -> tuple[float, float]:
    """Tell from where to where y goes, without a few at either end."""
    low, high = (float(np.quantile(cost.y, part)) for part in (TAIL, 1 - TAIL))
    return low, high


def _same(cost: RobustCost) -> float:
    """Tell how near to each other two points are one."""
    low, high = _reach(cost.here)
    return SAME * (high - low or 1.0)


def _classified(cost: RobustCost, theta: Vector) -> Stationary:
    return Stationary(theta, float(cost.value(theta)), _kind(cost, theta))


def _kind(cost: RobustCost, theta: Vector) -> Kind:
    """Tell a minimum from a saddle and a maximum by the second derivatives."""
    if cost.loss.is_convex or is_minimum(cost, theta):
        return "local"
    return "saddle" if np.linalg.eigvalsh(cost.hessian(theta))[-1] > 0 else "maximum"
