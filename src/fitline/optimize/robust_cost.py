"""A robust cost: the mean of one of the losses in losses.py, which forgive rows that lie far off.

It needs every row, and sums over them a block at a time. Nothing about it has a closed form: its
minima, of which there may be several, are searched for, and so is the length of a step.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

from .costs import ROUNDED
from .losses import Loss
from .moments import Moments
from .rows import Rows, drawn_by
from .scaling import Scaling
from .step_size import Backtracking

BLOCK = 2**17
"""So many residuals are held at once, about as many as a processor keeps at hand."""

MANY_BLOCKS = 8

LINE = 2
"""So many parameters have so few products that there is nothing to save."""

Place = TypeVar("Place")


@dataclass(frozen=True, eq=False)
class RobustCost:
    """The mean loss of rows in memory, J(θ) = (1/n) Σ wᵢ·loss(yᵢ − θ0 − θ1·x1ᵢ − …).

    The rows are held less their `centre`, of the shape (1 + features,), y first, so that a table
    far from the origin keeps its digits: `x` has the shape (features, rows), `y` (rows,). So have
    the `weights`, whose mean is 1 in the whole table; left out, each w is 1. Without an intercept
    θ0 is 0, and so is the gradient along it.
    """

    shrinkage: ClassVar[None] = None

    x: Vector
    y: Vector
    loss: Loss
    centre: Vector
    has_intercept: bool = True
    weights: Vector | None = None

    @classmethod
    def of(cls, rows: Rows, loss: Loss, moments: Moments) -> "RobustCost":
        """Take rows in original units; the mean of their weights becomes 1."""
        centre = np.concatenate([[moments.y_mean], moments.x_mean])
        held, weights = (rows.x - centre[1:, None], rows.y - centre[0]), rows.weights
        if weights is not None:
            weights = weights / weights.max()
            weights /= weights.mean()
        return cls(*held, loss, centre, moments.has_intercept, weights)

    def scaled(self, scaling: Scaling) -> "RobustCost":
        """Take the same rows in scaled coordinates."""
        moved = self.centre - np.concatenate([[scaling.y_shift], scaling.shift])
        moved[1:] /= scaling.scale
        return replace(self, x=self.x / scaling.scale[:, None], centre=moved)

    def mixed(self, mixing: Vector) -> "RobustCost":
        """Take features that are sums of these, for a table whose features have mean 0."""
        x = mixing @ self.x
        return replace(self, x=x, centre=np.zeros(1 + len(x)))

    @property
    def here(self) -> "RobustCost":
        """Give the cost of the rows that are held here, which are all."""
        return self

    def of_rows(self, rows: slice | NDArray[np.intp]) -> "RobustCost":
        """Take some of the rows."""
        weights = None if self.weights is None else self.weights[rows]
        return replace(self, x=self.x[:, rows], y=self.y[rows], weights=weights)

    @property
    def unweighted(self) -> "RobustCost":
        """Take rows without weights, each about as often as its weight says, to search among."""
        if self.weights is None:
            return self
        return replace(self.of_rows(drawn_by(self.weights)), weights=None)

    def sample(self, rows: int) -> "RobustCost":
        """Take so many of the rows, drawn at random but in their order, or all if they are few."""
        if len(self.y) <= rows:
            return self
        whole = self.unweighted
        drawn = np.random.default_rng(0).choice(len(whole.y), rows, replace=False)
        return whole.of_rows(np.sort(drawn))

    @property
    def design(self) -> Vector:
        """Give what the parameters multiply, a row each: ones for the intercept if any, and x."""
        return np.concatenate([np.ones((int(self.has_intercept), len(self.y))), self.x])

    def theta_of(self, parameters: Vector) -> Vector:
        """Turn parameters of the design into theta, whose intercept is 0 where there is none."""
        if self.has_intercept:
            return parameters
        return np.concatenate([np.zeros_like(parameters[..., :1]), parameters], axis=-1)

    @property
    def held_rows(self) -> int:
        """Give how many rows there are."""
        return len(self.y)

    def weighed(self, values: Vector) -> Vector:
        """Multiply values of the rows, of the shape (…, rows), with their weights."""
        return values if self.weights is None else values * self.weights

    @cached_property
    def noise(self) -> float:
        """Give what rounding the rows makes of a cost, which rises by C for each unit of y."""
        return ROUNDED * self.loss.scale * float(self.weighed(np.abs(self.y)).sum() / len(self.y))

    def value(self, theta: Vector) -> Vector:
        """Give the cost, in the units of y squared."""
        if self._is_one_block(theta):
            return self._value(self.residuals(theta))
        return self._mean(theta, _values)

    def gradient(self, theta: Vector) -> Vector:
        """Give −(1/n) Σ w·ψ(r) and −(1/n) Σ w·ψ(r)·x, where ψ is the derivative of the loss."""
        if self._is_one_block(theta):
            return self._gradient(self.residuals(theta))
        return self._uphill(self._mean(theta, _slopes))

    def _uphill(self, slopes: Vector) -> Vector:
        """Turn the means of ψ and ψ·x of centred rows into the gradient."""
        gradient = -slopes
        gradient[..., 0] *= self.has_intercept
        gradient[..., 1:] += self.centre[1:] * gradient[..., :1]
        return gradient

    def at(self, theta: Vector) -> tuple[float, Vector]:
        """Give the cost and the gradient at one theta."""
        if self._is_one_block(theta):
            residuals = self.residuals(theta)
            return float(self._value(residuals)), self._gradient(residuals)

        def summed(rows: RobustCost, residual: Vector) -> Vector:
            return np.concatenate([_values(rows, residual)[:, None], _slopes(rows, residual)], -1)

        value, *slopes = self._mean(theta, summed)
        return float(value), self._uphill(np.array(slopes))

    def _value(self, residuals: Vector) -> Vector:
        mean: Vector = self.weighed(self.loss.value(residuals)).sum() / len(self.y)
        return mean

    def _gradient(self, residuals: Vector) -> Vector:
        psi = self.weighed(self.loss.psi(residuals))
        gradient = np.empty(len(self.centre))
        gradient[0], gradient[1:] = psi.sum(), self.x @ psi
        gradient /= -len(self.y)
        gradient[0] *= self.has_intercept
        gradient[1:] += self.centre[1:] * gradient[0]
        return gradient

    def hessian(self, theta: Vector) -> Vector:
        """Give the second derivatives, in the shape (…, 1 + features, 1 + features).

        Without an intercept nothing moves along it: that derivative is 1, those beside it are 0.
        """

        def summed(rows: RobustCost, residual: Vector) -> Vector:
            ones = np.concatenate([np.ones((1, len(rows.y))), rows.x])
            bent = rows.weighed(rows.loss.second_derivative(residual))
            if residual.ndim > 1 and len(residual) > len(ones) > LINE:
                return _weighted_products(bent, ones)
            hessian: Vector = (ones * bent[..., None, :]) @ ones.T
            return hessian

        moved = np.eye(theta.shape[-1])
        moved[1:, 0] = self.centre[1:]
        with np.errstate(over="ignore"):  # far out nothing bends
            if self._is_one_block(theta):
                mean = summed(self, self.residuals(theta)) / len(self.y)
            else:
                mean = self._mean(theta, summed)
            hessian: Vector = moved @ mean @ moved.T
        if not self.has_intercept:
            hessian[..., 0, :] = hessian[..., :, 0] = 0
            hessian[..., 0, 0] = 1
        return hessian

    def excess(self, _theta: Vector, value: float, lowest: float) -> float:
        """Give how far the cost is above that at the lowest minimum, which had to be searched."""
        return float(np.maximum(0.0, value - lowest))  # NaN where the cost is

    def line_search(self, first: float) -> Backtracking:
        """Give one by trial."""
        return Backtracking(first)

    def residuals(self, theta: Vector) -> Vector:
        """Give y − ŷ of every row, of one theta."""
        slopes = theta[1:]
        height = theta[0] + slopes @ self.centre[1:] - self.centre[0]
        residuals: Vector = self.y - height - slopes @ self.x
        return residuals

    def _is_one_block(self, theta: Vector) -> bool:
        """Tell whether all residuals of one theta may be held at once, as in a step."""
        return theta.ndim == 1 and len(self.y) <= BLOCK

    def _centred(self, theta: Vector) -> Vector:
        """Turn parameters into those of the rows less their centre, in their shape."""
        height = theta[..., :1] + theta[..., 1:] @ self.centre[1:, None] - self.centre[0]
        return np.concatenate([height, theta[..., 1:]], axis=-1)

    def _mean(self, theta: Vector, summed: Callable[["RobustCost", Vector], Vector]) -> Vector:
        """Average over the rows, for every theta, a block of both at a time.

        `summed` turns the rows of a block, and their residuals of the shape (thetas, rows), into
        sums over these rows.
        """
        thetas = self._centred(theta.reshape(-1, theta.shape[-1]))
        width = max(1, BLOCK // len(self.y))
        some = [thetas[first : first + width] for first in range(0, max(1, len(thetas)), width)]
        rows = [slice(first, first + BLOCK) for first in range(0, len(self.y), BLOCK)]

        def block(place: tuple[Vector, slice]) -> Vector:
            few, part = place
            own = self.of_rows(part)
            residual = own.y - few[:, :1]
            residual -= few[:, 1:] @ own.x
            return summed(own, residual)

        sums = _mapped(block, [(few, part) for few in some for part in rows])
        whole = [sum(sums[first : first + len(rows)]) for first in range(0, len(sums), len(rows))]
        mean: Vector = np.concatenate(whole) / len(self.y)
        return mean.reshape(theta.shape[:-1] + mean.shape[1:])


def _values(rows: RobustCost, residual: Vector) -> Vector:
    """Sum the losses, in the shape (thetas,)."""
    return np.asarray(rows.weighed(rows.loss.value(residual)).sum(axis=-1))


def _slopes(rows: RobustCost, residual: Vector) -> Vector:
    """Sum ψ and ψ·x, in the shape (thetas, 1 + features)."""
    psi = rows.weighed(rows.loss.psi(residual))
    return np.concatenate([psi.sum(axis=-1)[:, None], psi @ rows.x.T], axis=-1)


def _weighted_products(weights: Vector, ones: Vector) -> Vector:
    """Sum the products of every two columns over the rows, for many weights of the rows.

    The products are made once for all weights.
    """
    above, below = np.triu_indices(len(ones))
    sums = np.empty((len(weights), len(ones), len(ones)))
    sums[:, above, below] = weights @ (ones[above] * ones[below]).T
    sums[:, below, above] = sums[:, above, below]
    return sums


def _mapped(block: Callable[[Place], Vector], places: Sequence[Place]) -> list[Vector]:
    """Work through blocks, on all processors where there are many; the order stays."""
    if len(places) < MANY_BLOCKS:
        return [block(place) for place in places]
    return list(_threads(os.getpid()).map(block, places))


@cache
def _threads(process: int) -> ThreadPoolExecutor:  # noqa: ARG001 - a fork has other ones
    """Keep threads from cost to cost.

    They do not inherit what the caller lets pass: far out, the numbers may overflow.
    """
    quiet = partial(np.seterr, over="ignore", invalid="ignore")
    return ThreadPoolExecutor(initializer=quiet)
