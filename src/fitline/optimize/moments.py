"""What squared error needs of a table: the second moments of its columns, and what they tell."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from fitline.vector import Vector

from .algebra import LeastSquares, Precision, least_mean_square, rounded
from .exact_sums import ExactSums
from .second_moments import SecondMoments, as_written

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALLEST, LARGEST = 1e-70, 1e70
"""Between these lie the deviations of x and y, so that squares, slopes and costs, their products
and their quotients, are float64s with all their digits."""

SQUARABLE = 1e150
"""The square of a number no larger than this is a float64, and so are many of them together."""


@dataclass(frozen=True, eq=False)
class Moments:
    """The moments of a table of (x1 … xp, y), each rounded once.

    What is told of x has the shape (features,). Variances are of the population (divided by
    `rows`). `fit` is the exact minimum of the mean squared error.

    Without an intercept all is told of the table together with its mirror image, every row
    (−x1 … −xp, −y): its means are 0, its variances mean squares, and its fit passes through the
    origin. `centred` are then the usual moments.

    Rows may have weights; a row is as many observations where these `are_counts`, and else one.
    Where rows of the table were held out, `held_out` tells of these. Of a table in `folds` there
    are the moments of each, and of all others.
    """

    rows: int
    observations: int
    x_min: Vector
    x_max: Vector
    x_mean: Vector
    x_variance: Vector
    y_mean: float
    y_variance: float
    fit: LeastSquares
    seconds: SecondMoments
    are_counts: bool = False
    centred: "Moments | None" = None
    held_out: "HeldOut | None" = None
    folds: "Sequence[Fold]" = ()

    @classmethod
    def of(
        cls, sums: ExactSums, *, intercept: bool = True, counts: bool | None = None
    ) -> "Moments":
        """Take the sums over all rows of (x1, …, xp, y).

        Weights are counts where they are whole numbers, unless it is said whether they are.

        Raises ArithmeticError where squares of the numbers do not fit into a float64 with all
        their digits.
        """
        seconds = sums.moments()
        features = len(seconds.exponents) - 2
        low, high = sums.low[:features], sums.high[:features]
        centred = None if intercept else cls.of(sums, counts=counts)
        if not intercept:
            seconds, high = _mirrored(seconds), np.maximum(abs(low), abs(high))
            low = -high
        columns = range(1, len(seconds.exponents))
        means = [_mean(seconds, column) for column in columns]
        variances = [variance_of(seconds, column) for column in columns]
        for mean, variance in zip(means, variances, strict=True):
            if mean and variance == 0:
                _require_size(mean)
        fit = LeastSquares.of(seconds)
        if not intercept:
            fit = replace(fit, weights=np.concatenate([[0.0], fit.weights[1:]]))
        if np.abs(fit.theta).max() > SQUARABLE:
            raise OverflowError
        return cls(
            rows=sums.rows,
            observations=sums.observations(counts=counts),
            are_counts=sums.are_counts if counts is None else counts,
            x_min=low,
            x_max=high,
            x_mean=np.array(means[:-1]),
            x_variance=np.array(variances[:-1]),
            y_mean=means[-1],
            y_variance=variances[-1],
            fit=fit,
            seconds=seconds,
            centred=centred,
        )

    @cached_property
    def precision(self) -> Precision:
        """Tell how precise the fit is."""
        return Precision.of(self.seconds, self.observations, intercept=self.has_intercept)

    @property
    def weight(self) -> float:
        """Give the sum of the weights of the rows, each of which is 1 where they have none."""
        return float(self.seconds.weight * self.seconds.unit)

    def squared_error(self, theta: Vector) -> float:
        """Give the mean squared error of parameters in original units, rounded once.

        It is infinite where it is too large for a float64.
        """
        return _rounded(self._mean_square(theta)) if np.isfinite(theta).all() else math.inf

    def excess(self, theta: Vector) -> float:
        """Give how far that is above the least, rounded once; infinite where it is too large.

        Of a column that all but depends on others the least takes no notice.
        """
        if not np.isfinite(theta).all():
            return math.inf
        return max(0.0, _rounded(self._mean_square(theta) - least_mean_square(self.seconds)))

    def _mean_square(self, theta: Vector) -> Fraction:
        seconds = (self.centred or self).seconds
        factors = [
            Fraction(part) * Fraction(2) ** exponent / 5**five
            for part, exponent, five in zip(
                [*theta.tolist(), -1.0], seconds.exponents, seconds.fives, strict=True
            )
        ]
        total = sum(
            factor * sum(value * other for value, other in zip(row, factors, strict=True))
            for factor, row in zip(factors, seconds.matrix, strict=True)
        )
        return Fraction(total, seconds.weight)

    @property
    def mean_errors(self) -> Vector:
        """Give how far the means of x and y, each rounded, lie above the exact ones."""
        seconds, errors = self.seconds, []
        for column, mean in enumerate([*self.x_mean.tolist(), self.y_mean], start=1):
            two, five = seconds.exponents[column], seconds.fives[column]
            whole = Fraction(seconds.matrix[0][column]) * Fraction(2) ** two
            errors.append(float(Fraction(mean) - whole / (seconds.weight * 5**five)))
        return np.array(errors)

    @property
    def has_intercept(self) -> bool:
        """Tell whether there is an intercept to fit."""
        return self.centred is None

    @cached_property
    def x_range(self) -> Vector:
        """Give how far each x reaches, from its least number as it is written to its largest."""
        ends = zip(self.x_min.tolist(), self.x_max.tolist(), strict=True)
        return np.array([float(as_written(high) - as_written(low)) for low, high in ends])

    @cached_property
    def x_deviation(self) -> Vector:
        """Give the standard deviations of x, in the units of x."""
        return np.sqrt(self.x_variance)

    @cached_property
    def y_deviation(self) -> float:
        """Give the standard deviation of y, in the units of y."""
        return math.sqrt(self.y_variance)

    @property
    def y_mean_square(self) -> float:
        """Give the mean of the squares of y, their variance about 0."""
        seconds = self.seconds
        unit = seconds.weight * 25 ** seconds.fives[-1]
        return rounded(seconds.matrix[-1][-1], 2 * seconds.exponents[-1], unit)

    @property
    def y_unit(self) -> float:
        """Give what a difference of two y is measured with: their deviation, unless it is 0."""
        return self.y_deviation or abs(self.y_mean) or 1.0

    @property
    def fingerprint(self) -> str:
        """Give a short text that changes when a number of the table changes, not their order."""
        import hashlib  # which most commands have no need of

        if self.held_out:
            return self.held_out.fingerprint
        if self.centred:
            return self.centred.fingerprint
        among_features = np.triu(self.fit.unit_triangular[1:, 1:], 1)
        numbers = [
            *(self.x_min, self.x_max, self.x_mean, self.y_mean, self.x_variance, self.y_variance),
            *(self.fit.theta, self.fit.floor, among_features[among_features != 0]),
        ]
        weights = [] if self.seconds.weight == self.rows else [repr(self.weight)]
        texts = [repr(self.rows), *weights, *map(repr, np.hstack(numbers).tolist())]
        digest = hashlib.sha256("\n".join(texts).encode())
        return f"moments-sha256:{digest.hexdigest()[:32]}"

    @property
    def parts(self) -> "Sequence[Moments]":
        """Give the moments of the rows held out, or of each fold."""
        return [self.held_out.moments] if self.held_out else [fold.test for fold in self.folds]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The moments of the rows that were held out, and the fingerprint of the whole table."""

    moments: Moments
    fingerprint: str


@dataclass(frozen=True, eq=False)
class Fold:
    """The moments of a part of a table, to test on, and of all others, to train on."""

    training: Moments
    test: Moments


def _rounded(number: Fraction) -> float:
    """Round a number, one too large for a float64 to infinity."""
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _mirrored(moments: SecondMoments) -> SecondMoments:
    """Add the mirror image of every row: what is odd in it sums to 0."""
    (weight, *_), *below = moments.matrix
    matrix = [[weight, *[0] * len(below)], *([0, *row[1:]] for row in below)]
    return replace(moments, matrix=matrix)


def _mean(moments: SecondMoments, column: int) -> float:
    unit = moments.weight * 5 ** moments.fives[column]
    return rounded(moments.matrix[0][column], moments.exponents[column], unit)


def variance_of(moments: SecondMoments, column: int) -> float:
    """Give the variance. Raises OverflowError where it is none that can be computed with."""
    matrix, weight = moments.matrix, moments.weight
    square = weight * matrix[column][column] - matrix[0][column] ** 2
    unit = (weight * 5 ** moments.fives[column]) ** 2
    found = rounded(square, 2 * moments.exponents[column], unit)
    if square:
        _require_size(math.sqrt(found))  # which is 0 where the square is too small for a float
    return found


def _require_size(number: float) -> None:
    """Raise OverflowError unless a number can be computed with."""
    if not SMALLEST <= abs(number) <= LARGEST:
        raise OverflowError
