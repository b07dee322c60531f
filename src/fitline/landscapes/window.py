"""Choose which part of a landscape to show, and in which bands of cost."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from fitline.vector import Vector

from .projection import Projection

WINDOW_POINTS = 41
"""About how many points a window has along each parameter."""

MARGIN = 0.6
"""A window goes beyond what it must show by this part of it, on either side."""

MINIMA_IN_VIEW, SADDLES_IN_VIEW = 5, 3
"""So many of the lowest of each a window must show; a very small scale makes hundreds."""


def window(seen: Projection, also: Sequence[Vector] = ()) -> list[Vector]:
    """Choose axes on which to see the landscape, of round values.

    Several minima are shown with the saddles between them, and a single one with the points
    `also`. Where there is but one point to see they reach far enough to see the walls around it:
    from a line that falls about as steeply as the data are spread to one that rises so, and they
    hold (0, 0) unless the table lies far from the origin. `also` are whole thetas.
    """
    walls = _walls(seen)
    shown = [*seen.minima[:MINIMA_IN_VIEW], *seen.saddles[:SADDLES_IN_VIEW]]
    box = np.array([*(point.theta for point in shown), *map(seen.project, also)])
    low, high = box.min(axis=0), box.max(axis=0)
    span = high - low
    reach = np.maximum((0.5 + MARGIN) * span, NARROWEST * walls) if span.any() else walls
    middle = (low + high) / 2
    return [round_axis(centre, half) for centre, half in zip(middle, reach, strict=True)]


def _walls(seen: Projection) -> Vector:
    """Give how far a window reaches to either side of the only point to see."""
    bowl, deviation = seen.bowl, seen.landscape.moments.y_deviation
    steepness = deviation / math.sqrt(bowl.weights[-1]) or abs(bowl.minimum[-1]) or 1.0
    walls = [steepness]
    if len(seen.axes) > 1:
        height = deviation / math.sqrt(bowl.weights[0])
        walls.insert(0, math.hypot(height, steepness * bowl.mixing[0, 1]) or 1.0)
    return np.array(
        [2 * wall if axis else wall for wall, axis in zip(walls, seen.axes, strict=True)]
    )


NARROWEST = 0.02
"""A window is no narrower than this part of the distance to the walls."""


def bands(seen: Projection, cost: Vector, count: int) -> list[float]:
    """Choose bounds that part costs into `count` bands of about equal area.

    A bound lies between each local minimum in view and the lowest pass out of its valley, so that
    every valley shows. The bounds are round numbers, ascending.
    """
    finite = cost[np.isfinite(cost)]
    passes = [point.cost for point in seen.saddles]
    rims = [
        (point.cost, min((c for c in passes if c > point.cost), default=point.cost))
        for point in seen.minima[1:MINIMA_IN_VIEW]
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
    """Give about WINDOW_POINTS values that are multiples of 1, 2 or 5 times a power of ten.

    They are as far apart as float64s tell, however short the reach is.
    """
    rough = max(2 * reach / (WINDOW_POINTS - 1), math.ulp(centre))
    power = Fraction(10) ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    middle, half = round(Fraction(centre) / step), WINDOW_POINTS // 2
    return np.array([float(place * step) for place in range(middle - half, middle + half + 1)])
