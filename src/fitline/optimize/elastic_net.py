"""Squared error with a penalty on the sizes of parameters, whose landscape has creases.

Where a parameter is 0 the cost has a crease, so that many of the best parameters are exactly 0
(R. Tibshirani, 1996). Elsewhere, and in all directions along a crease, it is a bowl.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fitline.vector import Vector

from .losses import Loss, Squared
from .moments import Moments
from .penalty import Penalty
from .scaling import Scaling
from .squared_error import SquaredError
from .step_size import Backtracking

SWEEPS = 10
"""After so many sweeps it is tried whether the parameters that are 0 are known."""

MOST_SWEEPS = 20_000


@dataclass(frozen=True, eq=False)
class ElasticNet:
    """J(θ) = bowl(θ) + Σ shrinkage·|θ|, where the bowl is squared error, perhaps with a ridge.

    `shrinkage`, 0 for the intercept, and the `minimum` have the shape (1 + features,). `slope` is
    the gradient of the bowl there, which the shrinkage outweighs: where a parameter is not 0 they
    are equal but for the sign.
    """

    loss: ClassVar[Loss] = Squared()
    held_rows: ClassVar[int] = 0
    noise: ClassVar[float] = 0.0  # the excess is no difference of two costs

    bowl: SquaredError
    shrinkage: Vector
    minimum: Vector
    slope: Vector

    @classmethod
    def of(cls, moments: Moments, penalty: Penalty) -> "ElasticNet":
        """Find the minimum of a table's cost, in its own units."""
        standard = Scaling.of("standard", moments)
        shrinkage = np.concatenate([[0.0], penalty.l1 * penalty.scaling.scale])
        ridged = penalty.ridged(moments)
        bowl = SquaredError.of(ridged, standard)
        shrunk = shrinkage / np.concatenate([[1.0], standard.scale])
        minimum = lowest(bowl, shrunk)
        found = cls(bowl, shrunk, minimum, _outweighed(bowl, shrunk, minimum))
        return found._turned(SquaredError.in_original_units(ridged), standard)

    def _turned(self, bowl: SquaredError, scaling: Scaling) -> "ElasticNet":
        """Take the same in the table's units, from the coordinates of a scaling."""
        stretch = np.concatenate([[1.0], scaling.scale])
        minimum = scaling.original(self.minimum)
        return ElasticNet(bowl, self.shrinkage * stretch, minimum, self.slope * stretch)

    def scaled(self, scaling: Scaling) -> "ElasticNet":
        """Take the same table in scaled coordinates, from its own units."""
        stretch = np.concatenate([[1.0], scaling.scale])
        minimum = scaling.scaled(self.minimum)
        bowl = self.bowl.scaled(scaling)
        return ElasticNet(bowl, self.shrinkage / stretch, minimum, self.slope / stretch)

    @property
    def floor(self) -> float:
        """Give the cost at the minimum."""
        return float(self.value(self.minimum))

    def value(self, theta: Vector) -> Vector:
        """Give the cost, in the units of y squared."""
        value: Vector = self.bowl.value(theta) + np.abs(theta) @ self.shrinkage
        return value

    def excess(self, theta: Vector, *_: float) -> float:
        """Give how far the cost is above the minimum, as a sum of what is never negative."""
        beyond = self.bowl.mixing @ (theta - self.minimum)
        creases = self.shrinkage * np.abs(theta) + self.slope * theta
        return float(np.square(beyond) @ self.bowl.weights + np.maximum(creases, 0.0).sum())

    def gradient(self, theta: Vector) -> Vector:
        """Give the direction in which the cost rises fastest; on a crease the shortest of all."""
        return self._steepest(theta, self.bowl.gradient(theta))

    def at(self, theta: Vector) -> tuple[float, Vector]:
        """Give the cost and the gradient at one theta."""
        value, slope = self.bowl.at(theta)
        return value + float(np.abs(theta) @ self.shrinkage), self._steepest(theta, slope)

    def _steepest(self, theta: Vector, slope: Vector) -> Vector:
        on_crease = np.sign(slope) * np.maximum(np.abs(slope) - self.shrinkage, 0.0)
        return np.where(theta == 0, on_crease, slope + self.shrinkage * np.sign(theta))

    def hessian(self, theta: Vector) -> Vector:
        """Give the second derivatives, which are those of the bowl but on a crease."""
        return self.bowl.hessian(theta)

    def line_search(self, first: float) -> Backtracking:
        """Give one by trial."""
        return Backtracking(first)

    def sample(self, rows: int) -> "ElasticNet":  # noqa: ARG002 - there are none
        """Give the whole: no row is in memory."""
        return self


def lowest(bowl: SquaredError, shrinkage: Vector, start: Vector | None = None) -> Vector:
    """Find the minimum in standardised coordinates.

    One parameter after the other is moved to its best (W. Fu, 1998), until it is known which are
    0; for the others the rest is a bowl with a known slope.
    """
    hessian = bowl.hessian(bowl.minimum)
    target = hessian @ bowl.minimum
    theta = np.zeros_like(bowl.minimum) if start is None else start.copy()
    theta[0] = bowl.minimum[0]
    for _ in range(MOST_SWEEPS // SWEEPS):
        for _ in range(SWEEPS):
            _sweep(theta, hessian, target, shrinkage)
        tried = _on_creases(bowl, shrinkage, theta)
        if tried is not None:
            return tried
    return theta


def _sweep(theta: Vector, hessian: Vector, target: Vector, shrinkage: Vector) -> None:
    """Move each slope to its best, the others as they are."""
    for place in range(1, len(theta)):
        bent = hessian[place, place]
        if bent <= 0:  # a feature that does not vary
            continue
        pull = target[place] - hessian[place] @ theta + bent * theta[place]
        theta[place] = np.sign(pull) * max(abs(pull) - shrinkage[place], 0.0) / bent


def _on_creases(bowl: SquaredError, shrinkage: Vector, theta: Vector) -> Vector | None:
    """Find the minimum where the same parameters are 0; None where that is not the lowest."""
    signs = np.sign(theta)
    kept = (signs != 0) & (shrinkage > 0)
    root = bowl.root[1:, kept]
    found = np.zeros_like(theta)
    found[0] = bowl.minimum[0]
    if kept.any():
        turned, triangle = np.linalg.qr(root)
        if np.abs(triangle.diagonal()).min() == 0:
            return None
        pull = np.linalg.solve(triangle.T, (shrinkage * signs)[kept]) / 2
        there = bowl.root[1:] @ bowl.minimum
        found[kept] = np.linalg.solve(triangle, turned.T @ there - pull)
    slopes, largest = np.abs(bowl.gradient(found)), ROUNDED * bowl.moments.y_unit
    outweighed = slopes <= shrinkage * (1 + ROUNDED) + largest
    is_lowest = (np.sign(found) == signs)[kept].all() and outweighed[~kept].all()
    return found if is_lowest else None


ROUNDED = 1e-13
"""A slope may be wrong by this part of what outweighs it, or of the deviation of y."""


def _outweighed(bowl: SquaredError, shrinkage: Vector, minimum: Vector) -> Vector:
    """Give the slope of the bowl at the minimum, which nowhere exceeds the shrinkage."""
    slope = np.clip(bowl.gradient(minimum), -shrinkage, shrinkage)
    return np.where(minimum == 0, slope, -shrinkage * np.sign(minimum))
