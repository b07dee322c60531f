"""Squared error, the mean of (y − ŷ)²: the cost of least squares.

It needs only the moments of a table. Its landscape is one bowl, a quadratic function, of which the
minimum, the curvature, the lowest point along a line and the steps of plain descent are known in
closed form.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from fitline.vector import Vector

from .costs import Curvature
from .losses import Loss, Squared
from .moments import Moments
from .plain_descent import PlainDescent
from .scaling import Scaling
from .step_size import ExactLineSearch


@dataclass(frozen=True, eq=False)
class SquaredError:
    """Mean squared error as a completed square, J(θ) = floor + Σ weights·(mixing·(θ − minimum))².

    `minimum` and `weights` have the shape (1 + features,), `mixing`, unit upper triangular, and
    its `inverse` (1 + features, 1 + features); `floor` is the cost at the minimum. The weight of a
    column that depends on others is 0.
    """

    loss: ClassVar[Loss] = Squared()
    held_rows: ClassVar[int] = 0
    shrinkage: ClassVar[None] = None
    noise: ClassVar[float] = 0.0  # the excess is no difference of two costs

    moments: Moments
    minimum: Vector
    mixing: Vector
    inverse: Vector
    weights: Vector
    floor: float

    @classmethod
    def of(cls, moments: Moments, scaling: Scaling) -> "SquaredError":
        """Take the moments of a table, in scaled coordinates."""
        fit, scale = moments.fit, scaling.scale
        mean, _ = scaling.spread(moments)
        slopes = fit.theta[1:] * scale
        minimum = np.concatenate([[moments.y_mean - scaling.y_shift - slopes @ mean], slopes])
        ratios = scale[:, None] / scale
        mixing, inverse = fit.unit_triangular.copy(), fit.inverse.copy()
        mixing[1:, 1:] *= ratios
        inverse[1:, 1:] *= ratios
        mixing[0, 1:], inverse[0, 1:] = mean, -mean @ inverse[1:, 1:]
        weights = np.square(np.sqrt(fit.weights) / np.concatenate([[1.0], scale]))
        return cls(moments, minimum, mixing, inverse, weights, fit.floor)

    @classmethod
    def in_original_units(cls, moments: Moments) -> "SquaredError":
        """Take the moments of a table as they are."""
        fit = moments.fit
        return cls(moments, fit.theta, fit.unit_triangular, fit.inverse, fit.weights, fit.floor)

    def value(self, theta: Vector) -> Vector:
        """Give the cost, in the units of y squared."""
        return self.floor + self._above(theta)

    def excess(self, theta: Vector, *_: float) -> float:
        """Give how far the cost is above the minimum; never a difference of two costs."""
        return float(self._above(theta))

    def _above(self, theta: Vector) -> Vector:
        above: Vector = np.square((theta - self.minimum) @ self.mixing.T) @ self.weights
        return above

    def gradient(self, theta: Vector) -> Vector:
        """Give −(2/n) Σ r and −(2/n) Σ r·x, with the residuals r = y − ŷ."""
        slope: Vector = 2 * (((theta - self.minimum) @ self.mixing.T) * self.weights) @ self.mixing
        return slope

    def at(self, theta: Vector) -> tuple[float, Vector]:
        """Give the cost and the gradient at one theta."""
        turned, doubled = self._sides
        beyond = (theta - self.minimum).dot(turned)
        excess = float((beyond * beyond).dot(self.weights))
        gradient: Vector = (beyond * self.weights).dot(doubled)
        return self.floor + excess, gradient

    @cached_property
    def _sides(self) -> tuple[Vector, Vector]:
        return self.mixing.T, 2 * self.mixing

    def second_derivative(self, direction: Vector) -> float:
        """Give the second derivative of the cost along a direction."""
        return 2 * float(np.square(self.mixing @ direction) @ self.weights)

    def hessian(self, theta: Vector) -> Vector:  # noqa: ARG002 - it is the same everywhere
        """Give the second derivatives, 2·mixingᵀ·weights·mixing."""
        hessian: Vector = 2 * self.root.T @ self.root
        return hessian

    def line_search(self, first: float) -> ExactLineSearch:  # noqa: ARG002 - nothing is tried
        """Give the exact one."""
        return ExactLineSearch(self.second_derivative)

    def scaled(self, scaling: Scaling) -> "SquaredError":
        """Take the same table in scaled coordinates."""
        return self.of(self.moments, scaling)

    def sample(self, rows: int) -> "SquaredError":  # noqa: ARG002 - there are none
        """Give the whole: no row is in memory."""
        return self

    @cached_property
    def curvature(self) -> Curvature:
        """Give the eigenvalues of the Hessian, 2·mixingᵀ·weights·mixing."""
        return Curvature(2 * self._stretches[::-1] ** 2)

    def distance(self, one: Vector, other: Vector) -> float:
        """Give how far the predictions of two thetas are apart, the root of the mean square."""
        with np.errstate(over="ignore", invalid="ignore"):  # far out
            return math.hypot(*(self.root @ (one - other)))

    @property
    def uncorrelated(self) -> Vector:
        """Give the matrix that turns the parameters of uncorrelated features into these.

        Those features have mean 0 and variance 1, and there are no more than independent ones; the
        shape is (1 + features, 1 + independent features). Without an intercept it has no column.
        """
        kept = self.weights > 0
        mixing: Vector = self.inverse[:, kept] / np.sqrt(self.weights[kept])
        return mixing

    @property
    def root(self) -> Vector:
        """Give the matrix that turns a difference of parameters into standardised coordinates."""
        root: Vector = np.sqrt(self.weights)[:, None] * self.mixing
        return root

    @cached_property
    def directions(self) -> Vector:
        """Give the eigenvectors in standardised coordinates, as columns, the steepest first.

        Columns that depend on others have no coordinate there.
        """
        return np.asarray(np.linalg.svd(self.root[self.weights > 0])[0], np.float64)

    @cached_property
    def _stretches(self) -> Vector:
        """Give the singular values of the root that are not 0, descending.

        Small ones have but the digits that the largest leaves them; so the smaller half is taken
        from the inverse.
        """
        kept = self.weights > 0
        stretches = np.asarray(np.linalg.svd(self.root[kept], compute_uv=False), np.float64)
        if not self.mixing[np.ix_(kept, ~kept)].any():
            inverse = self.inverse[np.ix_(kept, kept)] / np.sqrt(self.weights[kept])
            half = len(stretches) // 2
            stretches[-half:] = 1 / np.linalg.svd(inverse, compute_uv=False)[half - 1 :: -1]
        return stretches

    def plain_descent(
        self, tolerance: float, preconditioner: Vector, start: Vector
    ) -> PlainDescent:
        """Look ahead of plain descent from a start.

        It is the length of the preconditioned gradient that counts.
        """
        root = self.root[self.weights > 0]
        seen = preconditioner @ root.T @ self.directions
        with np.errstate(over="ignore", invalid="ignore"):
            left = 2 * self.directions.T @ (root @ (start - self.minimum))
            eigenvalues = 2 * self._stretches**2
        return PlainDescent(eigenvalues, left, seen, tolerance)
