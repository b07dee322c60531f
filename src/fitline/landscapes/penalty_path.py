"""How the best slopes shrink as the weight of a penalty grows."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from fitline.errors import DataError
from fitline.optimize.elastic_net import lowest
from fitline.optimize.moments import Moments
from fitline.optimize.penalty import Penalty
from fitline.optimize.scaling import Scaling
from fitline.optimize.squared_error import SquaredError
from fitline.vector import Vector

POINTS = 240

LASSO_PART = 1e-4
"""A lasso path begins at this part of the weight at which every slope is 0."""

RIDGE_REACH = 100.0
"""A ridge path reaches from the flattest to the steepest direction, and beyond by this factor."""


NOTHING_TOLD = "no feature tells anything of y, so every slope is 0 whatever the penalty"


@dataclass(frozen=True, eq=False)
class PenaltyPath:
    """The slopes at the minimum for each weight λ of a penalty.

    `weights` ascend, in the shape (points,); `slopes`, in the coordinates that train, have the
    shape (features, points). `chosen` is the weight that was asked for.
    """

    name: Literal["l1", "l2"]
    weights: Vector
    slopes: Vector
    chosen: float | None


def penalty_path(moments: Moments, penalty: Penalty) -> PenaltyPath:
    """Follow the slopes along λ1, and λ2 as it is; along λ2 where that alone is asked for.

    Raises DataError where there is nothing to follow.
    """
    is_ridge = bool(penalty.l2) and not penalty.l1
    return _ridge(moments, penalty) if is_ridge else _lasso(moments, penalty)


def _ridge(moments: Moments, penalty: Penalty) -> PenaltyPath:
    """Shrink every direction by its curvature, c / (c + λ)."""
    bowl = SquaredError.of(moments, penalty.scaling)
    _, stretches, directions = np.linalg.svd(bowl.root[1:, 1:])
    curvatures = stretches**2
    bent = curvatures[curvatures > 0]
    if not len(bent):
        raise DataError(NOTHING_TOLD)
    ends = bent[-1] / RIDGE_REACH, bent[0] * RIDGE_REACH
    weights = _from_to(*ends, penalty.l2)
    kept = curvatures / (curvatures + weights[:, None])
    slopes = directions.T @ (kept * (directions @ bowl.minimum[1:])).T
    return PenaltyPath("l2", weights, slopes, penalty.l2 or None)


def _lasso(moments: Moments, penalty: Penalty) -> PenaltyPath:
    """Begin where every slope is 0, and follow the minimum as the weight falls."""
    standard = Scaling.of("standard", moments)
    bowl = SquaredError.of(replace(penalty, l1=0.0).ridged(moments), standard)
    stretch = penalty.scaling.scale / standard.scale
    flat = np.concatenate([bowl.minimum[:1], np.zeros(len(stretch))])
    largest = float((np.abs(bowl.gradient(flat)[1:]) / stretch).max())
    if not largest:
        raise DataError(NOTHING_TOLD)
    weights = _from_to(LASSO_PART * largest, largest, penalty.l1)
    theta, found = flat, []
    for weight in weights[::-1]:
        theta = lowest(bowl, np.concatenate([[0.0], weight * stretch]), theta)
        found.append(theta[1:] * stretch)
    return PenaltyPath("l1", weights, np.array(found[::-1]).T, penalty.l1 or None)


def _from_to(low: float, high: float, chosen: float) -> Vector:
    """Space weights evenly by their logarithm; the one that was chosen is among them."""
    ends = [low, high, *([chosen] if chosen else [])]
    weights = np.geomspace(min(ends), max(ends), POINTS)
    return np.unique(np.append(weights, chosen)) if chosen else weights
