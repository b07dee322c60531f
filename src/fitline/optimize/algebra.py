"""Least squares from exact second moments: in integers, rounded once.

The matrix of moments is factored as L·D·Lᵀ in fixed point, with so many bits to spare that what is
rounded at the end is right to the last bit of a float64, whatever the condition of the problem.
The inverse of L says of each column what is left of it when the columns before it are taken away:
of y these are the parameters, of a column of which nothing is left the relation between columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

from .exact_sums import SecondMoments

SPARE_BITS = 512
"""Columns that all but depend on others use up about a hundred of these, each of them."""

NOTHING_BITS = 256
"""A number so many bits smaller than it may be is 0, and what is left of it is truncation."""

DEPENDENT_BITS = 51
"""A column depends on others when what is left of it is so many bits smaller than its parts."""

TELLING_BITS = 46
"""A part that is so many bits smaller than the others does not belong to the relation."""

Integers = NDArray[Any]
"""An array of Python's integers."""

Relation = Mapping[int, float]
"""A column as a sum of others: their places in (1, x1, …, xp), with their weights."""


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """What the moments of (1, x1, …, xp, y) tell of least squares, every number rounded once.

    `theta`, of the shape (1 + p,), has the parameters with the least mean squared error, which is
    the `floor`; a column of `dependent`, which is a sum of columns before it, has the parameter 0.
    Elsewhere the mean is floor + Σ weights·(unit_triangular·(θ − theta))², with `weights` of the
    shape (1 + p,) and `unit_triangular`, upper, of the shape (1 + p, 1 + p); `inverse` is that of
    the latter.
    """

    theta: Vector
    floor: float
    unit_triangular: Vector
    inverse: Vector
    weights: Vector
    dependent: Mapping[int, Relation]

    @classmethod
    def of(cls, moments: SecondMoments) -> "LeastSquares":
        """Factor the moments."""
        return _Factors(moments).rounded()


class _Factors:
    """L, its inverse and D as fixed-point numbers, column after column.

    Every column is multiplied with a power of two of its own, so that all are about equally long.
    """

    def __init__(self, moments: SecondMoments) -> None:
        self.rows = moments.rows
        matrix = np.array(moments.matrix, dtype=object)
        lengths = [int(square).bit_length() for square in matrix.diagonal()]
        self.bits = (max(lengths) + SPARE_BITS + 1) // 2 * 2
        self.shifts = [(self.bits - length) // 2 for length in lengths]
        pairs = zip(moments.exponents, self.shifts, strict=True)
        self.exponents = [exponent - shift for exponent, shift in pairs]
        self.units = [5**five for five in moments.fives]
        self.left = matrix << np.add.outer(self.shifts, self.shifts)
        self.lengths = np.array([isqrt(square) for square in self.left.diagonal()], dtype=object)
        self.lower, self.inverse = np.zeros_like(self.left), np.zeros_like(self.left)
        np.fill_diagonal(self.lower, 1 << self.bits)
        np.fill_diagonal(self.inverse, 1 << self.bits)
        self.kept: list[int] = []
        self.dependent: dict[int, Relation] = {}
        self.last = len(lengths) - 1
        for column in range(self.last):
            self._solve(column)
            if self._depends(column):
                self.dependent[column] = self._relation(column)
            else:
                self._take_away(column)
        self._solve(self.last)

    def _solve(self, column: int) -> None:
        """Find what is left of a column when those before it are taken away."""
        weights = self.lower[column, self.kept] @ self.inverse[self.kept, :column]
        self.inverse[column, :column] = -weights >> self.bits

    def _depends(self, column: int) -> bool:
        """Tell whether a column is a sum of others, but for the rounding of its numbers.

        One that is only nearly constant is not: whole numbers are told apart by all their digits.
        """
        square, size = self.left[column, column], self._size(column)
        is_small = square << 2 * DEPENDENT_BITS <= size * size
        return square == 0 or bool(is_small and self._telling(column)[1:].any())

    def _parts(self, column: int) -> Integers:
        """Give how long the parts are that a column is made of."""
        parts: Integers = abs(self.inverse[column, :column]) * self.lengths[:column] >> self.bits
        return parts

    def _size(self, column: int) -> int:
        return int(self._parts(column).sum() + self.lengths[column])

    def _telling(self, column: int) -> NDArray[np.bool_]:
        """Tell which columns belong to the relation."""
        telling: NDArray[np.bool_] = self._parts(column) << TELLING_BITS > self._size(column)
        return telling

    def _relation(self, column: int) -> Relation:
        telling, weights = np.flatnonzero(self._telling(column)), -self.inverse
        return {other: self._number(weights, column, other) for other in telling.tolist()}

    def _take_away(self, column: int) -> None:
        """Take a column away from all that follow."""
        rest = slice(column + 1, None)
        products, square = self.left[rest, column], self.left[column, column]
        self.lower[rest, column] = (products << self.bits) // square
        self.left[rest, rest] -= np.outer(products, products) // square
        self.kept.append(column)

    def _number(self, matrix: Integers, row: int, column: int) -> float:
        """Round an element of L or of its inverse, in the units of the table."""
        number, nothing = matrix[row, column], 1 << self.bits - NOTHING_BITS
        if abs(number) < nothing:
            return 0.0
        exponent = self.exponents[row] - self.exponents[column] - self.bits
        return rounded(number * self.units[column], exponent, self.units[row])

    def rounded(self) -> LeastSquares:
        """Give all in the units of the table."""
        last, places, theta = self.last, range(self.last), -self.inverse
        residual = max(0, self.left[last, last])
        if residual >> (2 * self.shifts[last] - NOTHING_BITS) == 0:
            residual = 0
        weights = np.zeros(last)
        for place in self.kept:
            weights[place] = self._mean(self.left[place, place], place)
        return LeastSquares(
            theta=np.array([self._number(theta, last, place) for place in places]),
            floor=self._mean(residual, last),
            unit_triangular=self._turned(self.lower),
            inverse=self._turned(self.inverse),
            weights=weights,
            dependent=self.dependent,
        )

    def _mean(self, square: int, place: int) -> float:
        return rounded(square, 2 * self.exponents[place], self.rows * self.units[place] ** 2)

    def _turned(self, matrix: Integers) -> Vector:
        places = range(self.last)
        return np.array([[self._number(matrix, row, place) for row in places] for place in places])


def rounded(number: int, exponent: int, divisor: int = 1) -> float:
    """Give number·2^exponent / divisor, rounded once. Raises OverflowError where it is too large.

    >>> rounded(3, -1), rounded(2**60 + 1, 0) == 2.0**60, rounded(1, 0, 3)
    (1.5, True, 0.3333333333333333)
    """
    return (number << max(0, exponent)) / (divisor << max(0, -exponent))
