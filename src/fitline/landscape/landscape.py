"""The cost over all parameters: a landscape of hills and valleys."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from fitline.errors import RangeError, UsageError
from fitline.formatting import theta_text
from fitline.memory import shortage
from fitline.optimize.costs import Cost, Curvature, RobustCost, SquaredError
from fitline.optimize.loss_scale import Scale, default_scale
from fitline.optimize.losses import LOSSES, CostName
from fitline.optimize.moments import Moments
from fitline.optimize.scaling import Scaling, Vector
from fitline.optimize.spread import deviation

from .stationary import Stationary, find_stationary

WINDOW_POINTS = 41
"""About how many points a window has along each parameter."""

NEAR = 0.01
"""A walk has reached a minimum when it ends nearer than this part of the spread of y."""

MARGIN = 0.6
"""A window goes beyond what it must show by this part of it, on either side."""

MINIMA_IN_VIEW, SADDLES_IN_VIEW = 5, 3
"""So many of the lowest of each a window must show; a very small scale makes hundreds."""

DRAWN_ROWS = 20_000
"""A picture of a robust cost is drawn from no more rows than these."""


Pair = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Landscape:
    """The cost of a table over all its parameters, in original units.

    `chosen` is the scale of the cost and where it comes from; squared error has none. `extent` has
    the middle and the spread of x, and those of y, for a robust cost without their outliers.
    """

    moments: Moments
    name: CostName
    chosen: Scale | None
    cost: SquaredError | RobustCost
    extent: tuple[Pair, Pair]

    @classmethod
    def of_moments(cls, moments: Moments) -> "Landscape":
        """Take squared error, which needs no more than the moments."""
        cost = SquaredError.in_original_units(moments)
        of_x, of_y = (moments.x_mean, moments.x_deviation), (moments.y_mean, moments.y_unit)
        return cls(moments, "squared", None, cost, (of_x, of_y))

    @classmethod
    def of_rows(
        cls, moments: Moments, name: CostName, scale: float | None, x: Vector, y: Vector
    ) -> "Landscape":
        """Take a robust cost of rows in memory; x and y have the shape (rows,)."""
        loss, features = LOSSES[name], x[None, :]
        chosen = default_scale(loss, features, y)
        if scale not in {None, chosen.value}:
            chosen = Scale(float(scale), "given")
        cost = RobustCost.of(features, y, loss(chosen.value), moments)
        extent = tuple((float(np.median(values)), deviation(values)) for values in (x, y))
        return cls(moments, name, chosen, cost, (extent[0], extent[1]))

    @cached_property
    def at_default_scale(self) -> "Landscape":
        """Take the scale of a robust cost that the data tell."""
        if isinstance(self.cost, SquaredError):
            return self
        chosen = default_scale(LOSSES[self.name], self.cost.x, self.cost.y)
        loss = LOSSES[self.name](chosen.value)
        return replace(self, chosen=chosen, cost=replace(self.cost, loss=loss))

    @property
    def spread(self) -> float:
        """Give how far y reaches, in its units."""
        return self.extent[1][1]

    @property
    def scale(self) -> float | None:
        """Give the C of a robust cost, in the units of y."""
        return self.chosen.value if self.chosen else None

    def scaled(self, scaling: Scaling) -> SquaredError | RobustCost:
        """Give the cost in the coordinates that train."""
        if isinstance(self.cost, SquaredError):
            return SquaredError.of(self.moments, scaling)
        return self.cost.scaled(scaling)

    def curvature(self, scaling: Scaling) -> Curvature | None:
        """Give the curvature of squared error, which no other cost with a curvature exceeds."""
        if self.name == "absolute":
            return None
        return SquaredError.of(self.moments, scaling).curvature

    @cached_property
    def stationary(self) -> Sequence[Stationary]:
        """Give the points where the ground is level: the minima, lowest first, then the others."""
        if isinstance(self.cost, SquaredError):
            return (Stationary(self.cost.minimum, self.cost.floor, "global"),)
        return find_stationary(self.cost, self._standard)

    @property
    def minima(self) -> Sequence[Stationary]:
        """Give the minima, lowest first."""
        return [point for point in self.stationary if point.kind in {"global", "local"}]

    @property
    def saddles(self) -> Sequence[Stationary]:
        """Give the saddles, lowest first."""
        return [point for point in self.stationary if point.kind == "saddle"]

    @property
    def maxima(self) -> Sequence[Stationary]:
        """Give the hilltops, lowest first."""
        return [point for point in self.stationary if point.kind == "maximum"]

    @property
    def lowest(self) -> Stationary:
        """Give the global minimum."""
        return self.stationary[0]

    @cached_property
    def drawn(self) -> SquaredError | RobustCost:
        """Give the cost for pictures, which is that of a random sample where the rows are many."""
        if isinstance(self.cost, SquaredError):
            return self.cost
        return self.cost.sample(DRAWN_ROWS)

    @property
    def is_sampled(self) -> bool:
        """Tell whether pictures show a sample of the rows."""
        return self.drawn is not self.cost

    def excess(self, theta: Vector) -> Vector:
        """Give how far above the global minimum the cost is."""
        if isinstance(self.cost, SquaredError):
            return self.cost.excess(theta)
        return np.maximum(0.0, self.cost.value(theta) - self.lowest.cost)

    def reached(self, theta: Vector) -> Stationary | None:
        """Give the minimum that a walk to `theta` has reached, if it has."""
        here, near = self._standard.scaled(theta), NEAR * self.spread
        if len(self.minima) > 1 and self.scale:
            near = min(near, self.scale / 2)
        for point in self.minima:
            if math.hypot(*(here - self._standard.scaled(point.theta))) <= near:
                return point
        return None

    def scales_from(self, theta: Vector) -> float:
        """Give how many scales of a robust cost it is from a line to a flat one across the table.

        It is no less than the table is high.
        """
        flat = np.array([self.extent[1][0], 0.0])
        way = self._standard.scaled(theta) - self._standard.scaled(flat)
        return max(self.spread, float(np.linalg.norm(way))) / (self.scale or self.spread)

    @cached_property
    def _standard(self) -> Scaling:
        return Scaling.of("standard", self.moments)


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


def window(landscape: Landscape, also: Sequence[Vector] = ()) -> tuple[Vector, Vector]:
    """Choose axes on which to see the landscape, of round values.

    Several minima are shown with the saddles between them, and a single one with the points
    `also`. Where there is but one point to see they reach far enough to see the walls around it:
    from a line that falls about as steeply as the data are spread to one that rises so, and they
    hold (0, 0) unless the table lies far from the origin.
    """
    moments = landscape.moments
    steepness = moments.y_deviation / moments.x_deviation or abs(moments.slope) or 1.0
    height = math.hypot(moments.y_deviation, steepness * moments.x_mean) or 1.0
    walls = np.array([height, 2 * steepness])
    shown = [*landscape.minima[:MINIMA_IN_VIEW], *landscape.saddles[:SADDLES_IN_VIEW]]
    box = np.array([*(point.theta for point in shown), *also])
    low, high = box.min(axis=0), box.max(axis=0)
    span = high - low
    reach = np.maximum((0.5 + MARGIN) * span, NARROWEST * walls) if span.any() else walls
    middle = (low + high) / 2
    return round_axis(middle[0], reach[0]), round_axis(middle[1], reach[1])


NARROWEST = 0.02
"""A window is no narrower than this part of the distance to the walls."""


def bands(landscape: Landscape, cost: Vector, count: int) -> list[float]:
    """Choose bounds that part costs into `count` bands of about equal area.

    A bound lies between each local minimum in view and the lowest pass out of its valley, so that
    every valley shows. The bounds are round numbers, ascending.
    """
    finite = cost[np.isfinite(cost)]
    passes = [point.cost for point in landscape.saddles]
    rims = [
        (point.cost, min((c for c in passes if c > point.cost), default=point.cost))
        for point in landscape.minima[1:MINIMA_IN_VIEW]
    ]
    wanted = [_round_between(low, high) for low, high in rims if high > low]
    for part in range(1, count):
        low, high = np.quantile(finite, [(part - 0.5) / count, (part + 0.5) / count])
        if high > low:
            wanted.append(_round_between(float(low), float(high)))
    rim_bounds, bounds = wanted[: len(rims)], sorted(set(wanted))
    while len(bounds) >= count:
        gaps = [
            math.inf if bound in rim_bounds else after - before
            for before, bound, after in zip(bounds, bounds[1:], bounds[2:], strict=False)
        ]
        del bounds[1 + int(np.argmin(gaps))]
    return bounds


def _round_between(low: float, high: float) -> float:
    """Give the number of fewest digits that lies between two others."""
    middle = (low + high) / 2
    for digits in range(1, 17):
        rounded = float(f"{middle:.{digits}g}")
        if low < rounded < high:
            return rounded
    return middle


def round_axis(centre: float, reach: float) -> Vector:
    """Give about WINDOW_POINTS values that are multiples of 1, 2 or 5 times a power of ten."""
    rough = 2 * reach / (WINDOW_POINTS - 1)
    power = Fraction(10) ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    middle, half = round(Fraction(centre) / step), WINDOW_POINTS // 2
    return np.array([float(place * step) for place in range(middle - half, middle + half + 1)])
