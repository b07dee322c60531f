"""Least squares from exact second moments: in integers, rounded once.

The matrix of moments is factored as L·D·Lᵀ in fixed point, with so many bits to spare that what is
rounded at the end is right to the last bit of a float64, whatever the condition of the problem.
The inverse of L says of each column what is left of it when the columns before it are taken away:
of y these are the parameters, of a column of which nothing is left the relation between columns.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

from .second_moments import SecondMoments

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


@dataclass(frozen=True, eq=False)
class Precision:
    """What the moments tell of how precise least squares is, every number rounded once.

    `standard_errors` and `inflation`, the variance inflation factors, have the shape (1 + p,), NaN
    where a column depends on others; `freedom` are the residual degrees of freedom, without which
    there are no errors. `r2` and the statistic `f` of the features together are NaN where y does
    not vary, and `f` is infinite where the fit is perfect. `effects`, of the shape (1 + p,), are
    what each column adds to those before it, as a length: the squares of those of the features sum
    to the sum of squares that these explain.
    """

    freedom: int
    features: int
    residual_deviation: float
    standard_errors: Vector
    inflation: Vector
    r2: float
    adjusted_r2: float
    f: float
    effects: Vector

    @classmethod
    def of(
        cls, moments: SecondMoments, observations: int, *, intercept: bool = True
    ) -> "Precision":
        """Factor the moments; without an intercept those of a table with its mirror image.

        So many observations they are made of, which count for the degrees of freedom.
        """
        return _Factors(moments).precision(observations, intercept=intercept)


def least_mean_square(moments: SecondMoments) -> Fraction:
    """Give the `floor` before it is rounded, with hundreds of digits."""
    return _Factors(moments).least_mean_square


class _Factors:
    """L, its inverse and D as fixed-point numbers, column after column.

    Every column is multiplied with a power of two of its own, so that all are about equally long.
    """

    def __init__(self, moments: SecondMoments) -> None:
        self.weight, self.unit = moments.weight, moments.unit
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
        self.centred = self.left.diagonal()
        for column in range(self.last):
            self._solve(column)
            if self._depends(column):
                self.dependent[column] = self._relation(column)
            else:
                self._take_away(column)
            if column == 0:
                self.centred = self.left.diagonal().copy()
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
        residual = self._residual
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

    @property
    def _residual(self) -> int:
        """Give the sum of the squares of what is left of y."""
        left = int(max(0, self.left[self.last, self.last]))
        return 0 if left >> (2 * self.shifts[self.last] - NOTHING_BITS) == 0 else left

    @property
    def least_mean_square(self) -> Fraction:
        """Give the mean of the squares of what is left of y."""
        last = self.last
        unit = self.weight * self.units[last] ** 2
        return Fraction(4) ** self.exponents[last] * Fraction(self._residual, unit)

    def precision(self, observations: int, *, intercept: bool) -> Precision:
        """Give the errors of the parameters, in the units of the table."""
        last, squares = self.last, self._residual
        features = len([place for place in self.kept if place])
        freedom = observations - features - intercept
        total, about = int(self.centred[last]), observations - intercept
        explained = max(0, total - squares)
        errors, inflation = np.full(last, np.nan), np.full(last, np.nan)
        effects, weight = np.zeros(last), float(self.weight * self.unit)
        for place in self.kept:
            size = math.sqrt(weight * self._mean(self.left[place, place], place))
            effects[place] = size * self._number(self.lower, last, place)
        for place in self.kept if intercept else self.kept[1:]:
            spread = self._spread(place)
            if freedom > 0:
                errors[place] = self._root(squares * spread, freedom, last, place)
            if place:
                inflation[place] = rounded(int(self.centred[place]) * spread, -2 * self.bits)
        return Precision(
            freedom=max(0, freedom),
            features=features,
            residual_deviation=(
                self._root(
                    squares * self.unit.numerator << 2 * self.bits,
                    freedom * self.unit.denominator,
                    last,
                )
                if freedom > 0
                else np.nan
            ),
            standard_errors=errors,
            inflation=inflation,
            r2=explained / total if total else np.nan,
            adjusted_r2=(
                (total * freedom - squares * about) / (total * freedom)
                if total and freedom > 0
                else np.nan
            ),
            f=(
                np.nan
                if not (total and features and freedom > 0)
                else _ratio(explained * freedom, squares * features)
            ),
            effects=effects,
        )

    def _spread(self, place: int) -> int:
        """Give an element of the diagonal of the inverse matrix of moments, in 2^(−2·bits)."""
        weights = self.inverse[self.kept, place]
        return int((weights**2 // self.left.diagonal()[self.kept]).sum())

    def _root(self, square: int, divisor: int, row: int, column: int | None = None) -> float:
        """Give √(square / divisor), where it is in 2^(−2·bits), in the units of the table."""
        root = isqrt((square << 2 * self.bits) // divisor)
        exponent, unit, own = self.exponents[row] - 2 * self.bits, self.units[row], 1
        if column is not None:
            exponent, own = exponent - self.exponents[column], self.units[column]
        return rounded(root * own, exponent, unit)

    def _mean(self, square: int, place: int) -> float:
        return rounded(square, 2 * self.exponents[place], self.weight * self.units[place] ** 2)

    def _turned(self, matrix: Integers) -> Vector:
        places = range(self.last)
        return np.array([[self._number(matrix, row, place) for row in places] for place in places])


def rounded(number: int, exponent: int, divisor: int = 1) -> float:
    """Give number·2^exponent / divisor, rounded once. Raises OverflowError where it is too large.

    >>> rounded(3, -1), rounded(2**60 + 1, 0) == 2.0**60, rounded(1, 0, 3)
    (1.5, True, 0.3333333333333333)
    """
    return (number << max(0, exponent)) / (divisor << max(0, -exponent))


def _ratio(part: int, whole: int) -> float:
    """Divide integers; what is beyond the largest float64, or by 0, is infinite."""
    try:
        return part / whole
    except (OverflowError, ZeroDivisionError):
        return math.inf
