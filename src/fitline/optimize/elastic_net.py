"""Squared error with a penalty on the sizes of parameters, whose landscape has creases.

Where a parameter is 0 the cost has a crease, so that many of the best parameters are exactly 0
(R. Tibshirani, 1996). Elsewhere, and in all directions along a crease, it is a bowl.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fitline.vector import Vector

from .algebra import Relation
from .losses import Loss, Squared
from .moments import Moments
from .penalty import Penalty
from .scaling import Scaling
from .squared_error import SquaredError
from .step_size import Backtracking

MOST_MOVES = 10_000
"""So many at the most; there are hardly more than a few for each parameter."""

FLAT = 1e-13
"""A direction whose wall is lower by this part than the steepest is level but for rounding."""

ROUNDED = 1e-13
"""A slope may be wrong by this part of what outweighs it, or of the deviation of y."""

LEVEL = 1e-9
"""A slope along level directions that is no more than this part of it is rounding."""


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

    def leaves_open(self, column: int, relation: Relation) -> bool:
        """Tell whether a feature can take from those that it depends on at no cost.

        Then their parameters are others in other minima (R. Tibshirani, 2013): each is outweighed
        by nothing, and one that is 0 grows to the side to which the bowl pulls it.
        """
        way = {column: 1.0, **{place: -part for place, part in relation.items() if place}}
        places = [*way]
        pull = -self.slope[places]
        is_even = np.abs(pull) >= self.shrinkage[places] * (1 - LEVEL)
        grows = (pull * [*way.values()])[self.minimum[places] == 0]
        return bool(is_even.all() and ((grows > 0).all() or (grows < 0).all()))

    def sample(self, rows: int) -> "ElasticNet":  # noqa: ARG002 - there are none
        """Give the whole: no row is in memory."""
        return self


def lowest(bowl: SquaredError, shrinkage: Vector, start: Vector | None = None) -> Vector:
    """Find the minimum in standardised coordinates.

    Where it is known which parameters are 0, and the signs of the others, those are the minimum of
    a bowl with a slope. On the way there one that becomes 0 stays so; at the end the one is let go
    whose crease the bowl outweighs by most (H. Lee and others, 2007).
    """
    root, target = bowl.root[1:, 1:], bowl.root[1:, 1:] @ bowl.minimum[1:]
    weights, slopes = shrinkage[1:], np.zeros(len(shrinkage) - 1)
    if start is not None:
        slopes = start[1:].copy()
    signs, let_go = np.sign(slopes), -1
    for _ in range(MOST_MOVES):
        kept = np.flatnonzero(signs)
        if len(kept):
            move, is_bottom = _way_down(
                root[:, kept], target, weights[kept] * signs[kept], slopes[kept]
            )
            crossed = move * signs[kept] < 0
            far = np.full(len(kept), np.inf)
            far[crossed] = -slopes[kept][crossed] / move[crossed]
            nearest = int(np.argmin(far))
            if far[nearest] == 0 and kept[nearest] == let_go:
                break  # it was outweighed but for rounding
            if far[nearest] < 1 or not is_bottom:
                slopes[kept] += min(far[nearest], 1e300) * move
                slopes[kept[nearest]] = signs[kept[nearest]] = 0
                continue
            slopes[kept] += move
        pull = 2 * root.T @ (target - root @ slopes)
        over = np.where(signs == 0, np.abs(pull) - weights * (1 + ROUNDED), 0.0)
        place = int(np.argmax(over))
        if over[place] <= ROUNDED * bowl.moments.y_unit:
            break
        signs[place], let_go = np.sign(pull[place]), place
    return np.concatenate([bowl.minimum[:1], slopes])


def _way_down(root: Vector, target: Vector, slope: Vector, here: Vector) -> tuple[Vector, bool]:
    """Give the move to the bottom of |root·θ − target|² + slope·θ, if there is one.

    Along a level direction the slope leads down for ever: then the move is that direction.
    """
    left, stretches, turned = np.linalg.svd(root, full_matrices=False)
    steep = stretches > FLAT * stretches.max(initial=0.0)
    level = slope - turned[steep].T @ (turned[steep] @ slope)
    if np.linalg.norm(level) > LEVEL * np.linalg.norm(slope):
        return -level, False
    along = turned[steep]
    bottom = (left.T @ target)[steep] / stretches[steep]
    bottom -= along @ slope / (2 * stretches[steep] ** 2)
    move: Vector = along.T @ (bottom - along @ here)
    return move, True


def _outweighed(bowl: SquaredError, shrinkage: Vector, minimum: Vector) -> Vector:
    """Give the slope of the bowl at the minimum, which nowhere exceeds the shrinkage."""
    slope = np.clip(bowl.gradient(minimum), -shrinkage, shrinkage)
    return np.where(minimum == 0, slope, -shrinkage * np.sign(minimum))
