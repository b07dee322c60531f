"""Where plain descent on squared error gets, known before its first step.

Along an eigenvector of the Hessian every step multiplies what is left by 1 − η·λ, so that any
number of steps at any fixed rate is known without taking them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fitline.vector import Vector

COARSE, FINE, ZOOMS = 64, 17, 8
"""A rate is sought on a grid of so many, and then so many times around the best on a finer one."""

NEAREST = 1e-15
"""The last rate of the grid is below the largest stable one by this part of it."""


@dataclass(frozen=True, eq=False)
class PlainDescent:
    """Plain descent from one start, in the coordinates of the eigenvectors.

    `eigenvalues`, descending, and `left`, what is left to go, have the shape (directions,); the
    squares of half of `left` add up to the excess. `seen`, of the shape (1 + features,
    directions), turns `left` into the gradient whose length is compared with `tolerance`.
    """

    eigenvalues: Vector
    left: Vector
    seen: Vector
    tolerance: float

    def steps_until_converged(self, rate: float) -> float:
        """Give how many steps make the gradient short enough, infinite at too large a rate."""
        with np.errstate(over="ignore", invalid="ignore"):
            factors = np.abs(1 - rate * self.eigenvalues)
        if not np.isfinite(self.left).all():
            return math.inf

        def arrived(steps: float) -> bool:
            return math.hypot(*(self.seen @ (self.left * factors**steps))) <= self.tolerance

        few, many = 0.0, 1.0
        if arrived(few):
            return few
        if factors[self.left != 0].max() >= 1:
            return math.inf
        while not arrived(many):
            few, many = many, 2 * many
            if math.isinf(many):
                return math.inf
        while few < (middle := (few + many) // 2) < many:  # beyond 2⁵³ no float lies between
            few, many = (few, middle) if arrived(middle) else (middle, many)
        return many

    def best_rate(self, limit: int) -> tuple[float, str]:
        """Give the rate that takes the fewest steps, and say so.

        Where none arrives within the limit, it is the one that comes nearest to the minimum.
        """
        rate = self._fastest(limit)
        if self._norms(np.array([rate]), limit)[0] > self.tolerance:
            nearest = _lowest(lambda rates: self._excesses(rates, limit), self._rates)
            return nearest, f"predicted to come nearest to the minimum within {limit:,} steps"
        few, many = 0, limit
        while few + 1 < many:
            middle = (few + many) // 2
            tried = self._fastest(middle)
            if self._norms(np.array([tried]), middle)[0] <= self.tolerance:
                many, rate = middle, tried
            else:
                few = middle
        return rate, "predicted to take the fewest steps from this start"

    def _fastest(self, steps: int) -> float:
        """Give the rate that makes the gradient shortest in so many steps."""
        return _lowest(lambda rates: self._norms(rates, steps), self._rates)

    def _rates(self, below: Vector) -> Vector:
        """Give the rates that are by these parts below the largest stable one."""
        rates: Vector = (1 - below) * 2 / self.eigenvalues[0]
        return rates

    def _norms(self, rates: Vector, steps: int) -> Vector:
        with np.errstate(over="ignore", invalid="ignore"):  # in a valley too narrow for any rate
            norms: Vector = np.linalg.norm(self._ahead(rates, steps) @ self.seen.T, axis=1)
        return norms

    def _excesses(self, rates: Vector, steps: int) -> Vector:
        with np.errstate(over="ignore", invalid="ignore"):
            excesses: Vector = np.square(self._ahead(rates, steps) / 2).sum(axis=1)
        return excesses

    def _ahead(self, rates: Vector, steps: int) -> Vector:
        """Give what is left after so many steps, in the shape (rates, directions)."""
        left: Vector = self.left * np.abs(1 - rates[:, None] * self.eigenvalues) ** steps
        return left


def _lowest(height: Callable[[Vector], Vector], rates_of: Callable[[Vector], Vector]) -> float:
    """Find the rate with the lowest height, which falls and then rises.

    No rate below 1/λmax is worth a try, since a larger one is better in every direction.
    """
    below = np.geomspace(0.5, NEAREST, COARSE)
    for _ in range(ZOOMS):
        best = int(np.argmin(height(rates_of(below))))
        ends = below[max(best - 1, 0)], below[min(best + 1, len(below) - 1)]
        below = np.geomspace(*ends, FINE)
    rates = rates_of(below)
    return float(rates[np.argmin(height(rates))])
