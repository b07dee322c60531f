"""The minima of a cost that is not convex, of several features, as far as many starts tell.

Descent starts from fits through random handfuls of rows, as many as there are parameters; half of
them are of rows that lie far from the fit that most rows follow, since they may follow another.
"""

import numpy as np

from fitline.optimize.many_systems import solved
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.robust_spread import robust_fit
from fitline.vector import Vector

from .settling import distinct, is_minimum, settle, thinned

STARTS = 200

MOST_MINIMA = 20
"""Of a large table so many minima of the sample, the lowest, are looked for among all rows."""


def search_from_starts(cost: RobustCost, same: float) -> list[Vector]:
    """Find minima, the lowest first; two that are nearer to each other than `same` are one."""
    sample = thinned(cost)
    found = _minima(sample, _starts(sample), same)
    if sample is cost:
        return found
    return _minima(cost, np.array(found[:MOST_MINIMA]), same)


def _minima(cost: RobustCost, starts: Vector, same: float) -> list[Vector]:
    """Descend from all starts, and leave out where no minimum is, unless that is all there is."""
    settled = settle(cost, starts)
    ranked = distinct(settled[np.argsort(cost.value(settled), kind="stable")], same)
    return [theta for theta in ranked if is_minimum(cost, theta)] or ranked[:1]


def _starts(cost: RobustCost) -> Vector:
    """Give the least-squares fit, the one that most rows follow, and fits through handfuls."""
    design = cost.design
    size, rows = design.shape
    followed = robust_fit(cost.x, cost.y, cost.weights, intercept=cost.has_intercept)
    fits = np.asarray(
        np.linalg.lstsq(design.T, np.stack([cost.y, followed], axis=1))[0].T, np.float64
    )
    far = np.flatnonzero(np.abs(cost.y - followed) > cost.loss.scale)
    draw = np.random.default_rng(0)
    among = [np.arange(rows), far if len(far) >= size else np.arange(rows)]
    handfuls = np.array(
        [draw.choice(among[start % 2], size, replace=False) for start in range(STARTS - len(fits))]
    )
    ends = np.moveaxis(design[:, handfuls], 0, -1)
    return cost.theta_of(np.concatenate([fits, solved(ends, cost.y[handfuls])]))
