"""A plane in the space of the parameters: two of them vary, the others are optimised or fixed.

On a plane squared error is again a completed square, of as few parameters. So its excess is never
a difference of two costs there either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from fitline.optimize.costs import Cost
from fitline.optimize.squared_error import SquaredError
from fitline.vector import Vector

Others = Literal["best", "fixed"]
"""The other parameters are at their best for each point, or stay where they are."""


class Surface(Protocol):
    """What can be drawn: a cost of parameters of the shape (…, axes)."""

    @property
    def held_rows(self) -> int:
        """Give how many rows each value takes, or 0."""
        ...

    def value(self, theta: Vector, /) -> Vector:
        """Give the costs."""
        ...

    def gradient(self, theta: Vector, /) -> Vector:
        """Give the gradients, in the shape of theta."""
        ...


@dataclass(frozen=True, eq=False)
class Plane:
    """The parameters `axes`, by their places in theta, and all of them as they follow from these.

    θ = origin + basis·(point − origin[axes]), with `origin`, a point of the plane, of the shape
    (1 + features,) and `basis` of the shape (1 + features, axes).
    """

    axes: tuple[int, ...]
    origin: Vector
    basis: Vector

    @classmethod
    def fixed(cls, axes: Sequence[int], at: Vector) -> "Plane":
        """Let the other parameters stay as they are at a point."""
        basis = np.zeros((len(at), len(axes)))
        basis[list(axes), range(len(axes))] = 1.0
        return cls(tuple(axes), at, basis)

    def embed(self, points: Vector) -> Vector:
        """Turn points (…, axes) into theta (…, 1 + features)."""
        theta: Vector = self.origin + (points - self.project(self.origin)) @ self.basis.T
        theta[..., self.axes] = points
        return theta

    def project(self, thetas: Vector) -> Vector:
        """Turn theta (…, 1 + features) into points (…, axes)."""
        points: Vector = thetas[..., self.axes]
        return points


@dataclass(frozen=True, eq=False)
class Section:
    """A cost on a plane on which the other parameters are fixed."""

    cost: Cost
    plane: Plane

    @property
    def held_rows(self) -> int:
        """Give how many rows each value takes, or 0."""
        return self.cost.held_rows

    def value(self, points: Vector) -> Vector:
        """Give the costs of points of the shape (…, axes)."""
        return self.cost.value(self.plane.embed(points))

    def gradient(self, points: Vector) -> Vector:
        """Give the gradients along the axes."""
        return self.plane.project(self.cost.gradient(self.plane.embed(points)))


def profile(cost: SquaredError, axes: Sequence[int]) -> tuple[Plane, SquaredError]:
    """Let the other parameters be at their best for each point.

    A parameter whose column depends on others stays as it is; it cannot be an axis.

    With S·Sᵀ the inverse of the square's matrix, the square on the plane is made of the rows of S
    that belong to the axes.
    """
    spread, kept = np.zeros_like(cost.inverse), np.flatnonzero(cost.weights)
    inner = np.ix_(kept, kept)
    spread[inner] = cost.inverse[inner] / np.sqrt(cost.weights[kept])
    rows, places = spread[list(axes)], list(axes)
    mixing = np.eye(len(axes))
    if len(axes) > 1:
        mixing[0, 1] = -(rows[0] @ rows[1]) / (rows[1] @ rows[1])
    upright = mixing @ rows
    weights = 1 / np.square(upright).sum(axis=1)
    basis = spread @ (upright.T * weights) @ mixing
    basis[places] = np.eye(len(axes))
    minimum = cost.minimum[places]
    plane = Plane(tuple(axes), cost.minimum, basis)
    return plane, _square(cost, minimum, mixing, weights, cost.floor)


def section(cost: SquaredError, axes: Sequence[int], at: Vector) -> tuple[Plane, SquaredError]:
    """Let the other parameters stay as they are at a point, whose own axes do not matter."""
    plane, columns = Plane.fixed(axes, at), cost.root[:, list(axes)]
    mixing, upright = np.eye(len(axes)), columns.copy()
    if len(axes) > 1:
        mixing[0, 1] = (columns[:, 0] @ columns[:, 1]) / (columns[:, 0] @ columns[:, 0])
        upright[:, 1] -= mixing[0, 1] * columns[:, 0]
    weights = np.square(upright).sum(axis=0)
    minimum = cost.minimum[list(axes)]
    left = cost.root @ (plane.embed(minimum) - cost.minimum)
    minimum = minimum - np.linalg.solve(mixing, upright.T @ left / weights)
    floor = float(cost.value(plane.embed(minimum)))
    return plane, _square(cost, minimum, mixing, weights, floor)


def _square(
    cost: SquaredError, minimum: Vector, mixing: Vector, weights: Vector, floor: float
) -> SquaredError:
    inverse = 2 * np.eye(len(mixing)) - mixing
    return SquaredError(cost.moments, minimum, mixing, inverse, weights, floor)
