"""The fit of least absolute error: a linear programme, whose minimum passes through some rows.

A line is found by golden section. With several features, or weights, the errors are first rounded
off, as by Huber's loss, ever less (K. Madsen and H. Nielsen, "A finite smoothing algorithm for
linear l1 estimation", 1993); from the rows that are then nearest, as many as there are parameters,
one is exchanged for another until no exchange goes lower (P. Bloomfield and W. Steiger, "Least
absolute deviations curve-fitting", 1980). The error of a row of weight w is that of the row times
w.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fitline.optimize.costs import ROUNDED
from fitline.optimize.losses import Huber
from fitline.optimize.robust_cost import RobustCost
from fitline.vector import Vector

from .settling import least_squares, settle, thinned

DECADES = 8
"""So many times the errors are rounded off ten times less."""

SHAKEN = 1e-11
"""Every y is moved by about so small a part of the median error; then no row is met by chance."""

SLACK = 1e-9
"""What rounding may make of a subgradient that is 1."""

EXCHANGES = 10_000
FEW = 1000
"""So many rows are looked at first, the nearest."""


def least_absolute(cost: RobustCost, height: float) -> Vector:
    """Find the fit of least absolute error; `height` is that of the table."""
    if not cost.y.any():
        return np.zeros(1 + len(cost.x))
    if len(cost.x) == 1 and cost.weights is None:
        return _line(cost, height)
    apart = _merged(cost)
    return _exchanged(apart, _smoothed(apart, height))


def _merged(cost: RobustCost) -> RobustCost:
    """Take equal rows for one that weighs as much: a fit that meets one of them meets all."""
    columns = np.vstack([cost.x, cost.y])
    order = np.lexsort(columns)
    is_new = np.append(True, np.any(np.diff(columns[:, order], axis=1), axis=0))
    if is_new.all():
        return cost
    weights = np.add.reduceat(cost.weighed(np.ones(len(order)))[order], np.flatnonzero(is_new))
    return replace(cost.of_rows(order[is_new]), weights=weights / weights.mean())


def _smoothed(cost: RobustCost, height: float) -> Vector:
    """Come near to the minimum, on a sample first."""
    sample = thinned(cost)
    theta = least_squares(cost)
    for decade in range(DECADES):
        scale = height / 10.0**decade
        few = sample if scale > height / math.sqrt(len(sample.y)) else cost
        theta = settle(replace(few, loss=Huber(scale)), theta[None])[0]
        if np.count_nonzero(np.abs(cost.residuals(theta)) <= scale) <= 2 * len(theta):
            break
    return theta


def _exchanged(cost: RobustCost, theta: Vector) -> Vector:
    """Exchange rows that the fit passes through until every exchange goes uphill.

    Each row's y is moved a little, so that no more rows than parameters lie on a fit; at the end
    the true y tell where it is.
    """
    error = np.abs(cost.residuals(theta))
    shaken = max(SHAKEN * float(np.median(error)), ROUNDED * float(np.abs(cost.y).mean()))
    y = cost.y + shaken * np.random.default_rng(0).uniform(0.5, 1.5, len(cost.y))
    met = _independent(cost.design, error + shaken)
    design, y = cost.weighed(cost.design), cost.weighed(y)
    for _ in range(EXCHANGES):
        corner = design[:, met].T
        residual = y - np.linalg.solve(corner, y[met]) @ design
        residual[met] = 0
        pull = np.linalg.solve(corner.T, design @ np.sign(residual))
        left = int(np.argmax(np.abs(pull)))
        if abs(pull[left]) <= 1 + SLACK:
            break
        edge = np.zeros(len(met))
        edge[left] = np.sign(pull[left])
        change = np.linalg.solve(corner, edge) @ design
        change[met] = 0
        met[left] = _lowest_along(residual, change, abs(float(pull[left])) - 1)
    fit = np.asarray(np.linalg.solve(cost.design[:, met].T, cost.y[met]), np.float64)
    return cost.theta_of(fit)


def _independent(design: Vector, error: Vector) -> NDArray[np.intp]:
    """Choose as many rows as there are parameters, near ones that do not depend on each other."""
    for few in (FEW, len(error)):
        rows = _lowest(error, few)
        left, chosen = design[:, rows] / error[rows], []
        for _ in range(len(design)):
            length = np.linalg.norm(left, axis=0)
            place = int(np.argmax(length))
            chosen.append(rows[place])
            if length[place] * error[rows[place]] < SLACK:
                break
            direction = left[:, place] / length[place]
            left -= np.outer(direction, direction @ left)
        else:
            break
    return np.array(chosen)


def _lowest_along(residual: Vector, change: Vector, fall: float) -> int:
    """Give the row at which the cost stops falling, when predictions change so.

    At first it falls by `fall`; behind each row that is met it falls by twice its change less.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        way = np.where(residual * change > 0, residual / change, np.inf)
    for few in (FEW, len(way)):
        nearest = _lowest(way, few)
        order = nearest[np.argsort(way[nearest], kind="stable")]
        stops = np.flatnonzero(2 * np.cumsum(np.abs(change[order])) >= fall)
        if len(stops):
            break
    return int(order[stops[0]])


def _lowest(values: Vector, few: int) -> NDArray[np.intp]:
    """Give the places of the lowest values, in whatever order, or all if they are few."""
    if len(values) <= few:
        return np.arange(len(values))
    return np.argpartition(values, few - 1)[:few]


def _line(cost: RobustCost, height: float) -> Vector:
    """Find the line of least absolute error: the best height is a median, for every slope, or 0.

    What is left is convex in the slope alone (golden section; J. Kiefer, 1953).
    """

    def best(slope: float) -> Vector:
        height = np.median(cost.y - slope * cost.x[0]) if cost.has_intercept else 0.0
        return np.array([float(height), slope])

    def level(slope: float) -> float:
        return float(cost.value(best(slope)))

    steepest = height
    while level(2 * steepest) < level(steepest) or level(-2 * steepest) < level(-steepest):
        steepest *= 2
    return best(_lowest_between(level, -2 * steepest, 2 * steepest))


def _lowest_between(level: Callable[[float], float], low: float, high: float) -> float:
    """Narrow down the minimum of a convex function to the last digits."""
    golden = (math.sqrt(5) - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = level(left), level(right)
    while low < left < right < high:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = level(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = level(right)
    return left if at_left <= at_right else right
