"""How wrong parameters are: the cost of a whole table, its slope and its curvature.

What to use when: squared error, the mean of (y − ŷ)², is the cost of least squares. It needs only
the moments of a table, and its landscape is one bowl with one minimum, which is known exactly. A
robust cost, the mean of one of the losses in losses.py, forgives rows that lie far off; it needs
every row, and its landscape may have several minima.
"""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from fitline.typing import Vector

from .losses import Loss
from .moments import Moments
from .scaling import Scaling


class Cost(Protocol):
    """A cost of parameters theta; batches of the shape (…, 1 + features) give costs (…)."""

    def value(self, theta: Vector) -> Vector:
        """Give the cost, in the units of y squared."""
        ...

    def gradient(self, theta: Vector) -> Vector:
        """Give the direction in which the cost rises fastest, in the shape of theta."""
        ...

    def at(self, theta: Vector) -> tuple[float, Vector]:
        """Give the cost and the gradient at one theta, which share most of the work."""
        ...

    @property
    def noise(self) -> float:
        """Give how much of a cost is rounding, besides a part of it."""
        ...


@dataclass(frozen=True, eq=False)
class Curvature:
    """How steeply the walls of a bowl rise: the eigenvalues of its Hessian, ascending."""

    eigenvalues: Vector

    @property
    def condition_number(self) -> float:
        """Give λmax / λmin: 1 for a round bowl, large for a narrow valley."""
        return float(self.eigenvalues[-1] / self.eigenvalues[0])

    @property
    def largest_stable_rate(self) -> float:
        """Give 2 / λmax; above it plain descent jumps ever higher up the other wall."""
        return float(2 / self.eigenvalues[-1])

    @property
    def best_rate(self) -> float:
        """Give 2 / (λmin + λmax), the fixed rate at which plain descent takes the fewest steps."""
        return float(2 / (self.eigenvalues[0] + self.eigenvalues[-1]))


@dataclass(frozen=True, eq=False)
class SquaredError:
    """Mean squared error as a completed square, J(θ) = floor + Σ weights·(mixing·(θ − minimum))².

    `minimum` and `weights` have the shape (1 + features,), `mixing`, unit upper triangular, and
    its `inverse` (1 + features, 1 + features); `floor` is the cost at the minimum. The weight of a
    column that depends on others is 0.
    """

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
        return cls(minimum, mixing, inverse, weights, fit.floor)

    @classmethod
    def in_original_units(cls, moments: Moments) -> "SquaredError":
        """Take the moments of a table as they are."""
        fit = moments.fit
        return cls(fit.theta, fit.unit_triangular, fit.inverse, fit.weights, fit.floor)

    def value(self, theta: Vector) -> Vector:
        """Give the cost, in the units of y squared."""
        return self.floor + self.excess(theta)

    def excess(self, theta: Vector) -> Vector:
        """Give how far the cost is above the minimum; never a difference of two costs."""
        above: Vector = np.square((theta - self.minimum) @ self.mixing.T) @ self.weights
        return above

    def gradient(self, theta: Vector) -> Vector:
        """Give −(2/n) Σ r and −(2/n) Σ r·x, with the residuals r = y − ŷ."""
        slope: Vector = 2 * (((theta - self.minimum) @ self.mixing.T) * self.weights) @ self.mixing
        return slope

    def at(self, theta: Vector) -> tuple[float, Vector]:
        """Give the cost and the gradient at one theta."""
        beyond = (theta - self.minimum).dot(self._turned)
        excess = float(np.square(beyond).dot(self.weights))
        gradient: Vector = (2 * (beyond * self.weights)).dot(self.mixing)
        return self.floor + excess, gradient

    @cached_property
    def _turned(self) -> Vector:
        return self.mixing.T

    def second_derivative(self, direction: Vector) -> float:
        """Give the second derivative of the cost along a direction."""
        return 2 * float(np.square(self.mixing @ direction) @ self.weights)

    @property
    def noise(self) -> float:
        """Give 0: the excess is no difference of two costs, so all its digits are true."""
        return 0.0

    @property
    def hessian(self) -> Vector:
        """Give the second derivatives, 2·mixingᵀ·weights·mixing."""
        hessian: Vector = 2 * self._root.T @ self._root
        return hessian

    @cached_property
    def curvature(self) -> Curvature:
        """Give the eigenvalues of the Hessian, 2·mixingᵀ·weights·mixing."""
        return Curvature(2 * self._stretches[::-1] ** 2)

    @property
    def _root(self) -> Vector:
        """Give the matrix that turns a difference of parameters into standardised coordinates."""
        root: Vector = np.sqrt(self.weights)[:, None] * self.mixing
        return root

    @cached_property
    def _stretches(self) -> Vector:
        """Give the singular values of the root that are not 0, descending.

        Small ones have but the digits that the largest leaves them; so the smaller half is taken
        from the inverse.
        """
        kept = self.weights > 0
        stretches = np.asarray(np.linalg.svd(self._root[kept], compute_uv=False), np.float64)
        if kept.all():
            inverse, half = self.inverse / np.sqrt(self.weights), len(stretches) // 2
            stretches[-half:] = 1 / np.linalg.svd(inverse, compute_uv=False)[half - 1 :: -1]
        return stretches

    def steps_until(
        self, tolerance: float, preconditioner: Vector, start: Vector, learning_rate: float
    ) -> float:
        """Predict how many steps of plain descent make the gradient this small.

        It is the length of the preconditioned gradient that counts. In the directions of the
        eigenvectors every step multiplies what is left by 1 − η·λ, so that the number of steps is
        known without taking them. It is infinite where the rate is too large.
        """
        root = self._root[self.weights > 0]
        directions = np.linalg.svd(root)[0]
        seen = preconditioner @ root.T @ directions
        with np.errstate(over="ignore", invalid="ignore"):
            left = 2 * directions.T @ (root @ (start - self.minimum))
        if not np.isfinite(left).all():
            return math.inf
        factors = np.abs(1 - 2 * learning_rate * self._stretches**2)

        def arrived(steps: float) -> bool:
            return math.hypot(*(seen @ (left * factors**steps))) <= tolerance

        few, many = 0.0, 1.0
        if arrived(few):
            return few
        if factors[left != 0].max() >= 1:
            return math.inf
        while not arrived(many):
            few, many = many, 2 * many
        while many - few > 1:
            middle = (few + many) // 2
            few, many = (few, middle) if arrived(middle) else (middle, many)
        return many


ROUNDED = 16 * float(np.finfo(np.float64).eps)
"""A number that is made of several others may be wrong by this part of them."""

BLOCK = 2**17
"""So many residuals are held at once, about as many as a processor keeps at hand."""

MANY_BLOCKS = 8

Place = TypeVar("Place")


@dataclass(frozen=True, eq=False)
class RobustCost:
    """The mean loss of rows in memory, J(θ) = (1/n) Σ loss(yᵢ − θ0 − θ1·x1ᵢ − …).

    The rows are held less their `centre`, of the shape (1 + features,), y first, so that a table
    far from the origin keeps its digits: `x` has the shape (features, rows), `y` (rows,).
    """

    x: Vector
    y: Vector
    loss: Loss
    centre: Vector

    @classmethod
    def of(cls, x: Vector, y: Vector, loss: Loss, moments: Moments) -> "RobustCost":
        """Take rows in original units."""
        centre = np.concatenate([[moments.y_mean], moments.x_mean])
        return cls(x - centre[1:, None], y - centre[0], loss, centre)

    def scaled(self, scaling: Scaling) -> "RobustCost":
        """Take the same rows in scaled coordinates."""
        moved = self.centre - np.concatenate([[scaling.y_shift], scaling.shift])
        moved[1:] /= scaling.scale
        return replace(self, x=self.x / scaling.scale[:, None], centre=moved)

    def of_rows(self, rows: slice | NDArray[np.intp]) -> "RobustCost":
        """Take some of the rows."""
        return replace(self, x=self.x[:, rows], y=self.y[rows])

    def sample(self, rows: int) -> "RobustCost":
        """Take so many of the rows, drawn at random but in their order, or all if they are few."""
        if len(self.y) <= rows:
            return self
        drawn = np.random.default_rng(0).choice(len(self.y), rows, replace=False)
        return self.of_rows(np.sort(drawn))

    @cached_property
    def noise(self) -> float:
        """Give what rounding the rows makes of a cost, which rises by C for each unit of y."""
        return ROUNDED * self.loss.scale * float(np.abs(self.y).mean())

    def value(self, theta: Vector) -> Vector:
        """Give the cost, in the units of y squared."""
        if self._is_one_block(theta):
            return self._value(self.residuals(theta))
        return self._mean(theta, lambda residual, _: np.sum(self.loss.value(residual), axis=-1))

    def gradient(self, theta: Vector) -> Vector:
        """Give −(1/n) Σ ψ(r) and −(1/n) Σ ψ(r)·x, where ψ is the derivative of the loss."""
        if self._is_one_block(theta):
            return self._gradient(self.residuals(theta))

        def summed(residual: Vector, x: Vector) -> Vector:
            psi = self.loss.psi(residual)
            return np.concatenate([psi.sum(axis=-1)[:, None], psi @ x.T], axis=-1)

        gradient = -self._mean(theta, summed)
        gradient[..., 1:] += self.centre[1:] * gradient[..., :1]
        return gradient

    def at(self, theta: Vector) -> tuple[float, Vector]:
        """Give the cost and the gradient at one theta."""
        if not self._is_one_block(theta):
            return float(self.value(theta)), self.gradient(theta)
        residuals = self.residuals(theta)
        return float(self._value(residuals)), self._gradient(residuals)

    def _value(self, residuals: Vector) -> Vector:
        mean: Vector = self.loss.value(residuals).sum() / len(self.y)
        return mean

    def _gradient(self, residuals: Vector) -> Vector:
        psi = self.loss.psi(residuals)
        gradient = np.empty(len(self.centre))
        gradient[0], gradient[1:] = psi.sum(), self.x @ psi
        gradient /= -len(self.y)
        gradient[1:] += self.centre[1:] * gradient[0]
        return gradient

    def hessian(self, theta: Vector) -> Vector:
        """Give the second derivatives, in the shape (…, 1 + features, 1 + features)."""

        def summed(residual: Vector, x: Vector) -> Vector:
            ones = np.concatenate([np.ones((1, x.shape[1])), x])
            bent: Vector = (ones * self.loss.second_derivative(residual)[..., None, :]) @ ones.T
            return bent

        moved = np.eye(theta.shape[-1])
        moved[1:, 0] = self.centre[1:]
        with np.errstate(over="ignore"):  # far out nothing bends
            if self._is_one_block(theta):
                mean = summed(self.residuals(theta), self.x) / len(self.y)
            else:
                mean = self._mean(theta, summed)
            hessian: Vector = moved @ mean @ moved.T
        return hessian

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

    def _mean(self, theta: Vector, summed: Callable[[Vector, Vector], Vector]) -> Vector:
        """Average over the rows, for every theta, a block of both at a time.

        `summed` turns the residuals of a block, of the shape (thetas, rows), and its x into sums
        over its rows.
        """
        thetas = self._centred(theta.reshape(-1, theta.shape[-1]))
        width = max(1, BLOCK // len(self.y))
        some = [thetas[first : first + width] for first in range(0, max(1, len(thetas)), width)]
        rows = [slice(first, first + BLOCK) for first in range(0, len(self.y), BLOCK)]

        def block(place: tuple[Vector, slice]) -> Vector:
            few, part = place
            x = self.x[:, part]
            return summed(self.y[part] - few[:, :1] - few[:, 1:] @ x, x)

        sums = _mapped(block, [(few, part) for few in some for part in rows])
        whole = [sum(sums[first : first + len(rows)]) for first in range(0, len(sums), len(rows))]
        mean: Vector = np.concatenate(whole) / len(self.y)
        return mean.reshape(theta.shape[:-1] + mean.shape[1:])


def _mapped(block: Callable[[Place], Vector], places: Sequence[Place]) -> list[Vector]:
    """Work through blocks, on all processors where there are many; the order stays."""
    if len(places) < MANY_BLOCKS:
        return [block(place) for place in places]
    # Threads do not inherit what the caller lets pass: far out, the numbers may overflow.
    quiet = partial(np.seterr, over="ignore", invalid="ignore")
    with ThreadPoolExecutor(initializer=quiet) as threads:
        return list(threads.map(block, places))
