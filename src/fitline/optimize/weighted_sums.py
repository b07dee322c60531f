"""Exact second moments of weighted rows: Σ w·a·b for every two of (1, x1, …, y).

A product of three numbers is too long for the sums of products of two. So the products w·a are
columns themselves: each is the sum of two float64s, the rounded product and what rounding took
from it (T. Dekker, "A floating-point technique for extending the available precision", 1971). A
row of weight 3 gives the very sums of three such rows.
"""

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

from . import error_free
from .exact_sums import ExactSums, Scratch
from .second_moments import PLACES, SecondMoments, sums_of, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALLEST, LARGEST = 2.0**-900, 2.0**900
"""Between these lies a product of which the error is a float64, with all its digits."""

MOST_OBSERVATIONS = 2**53
"""So many are counted at the most."""

FARTHEST = 1e24
"""Where weights are farther apart, the smallest tell nothing beside the others."""

COPIES = 4
"""Columns for the products of each one: with decimals and other numbers, rounded and the rest."""


class WeightedSums(ExactSums):
    """Add rows of (x1, …, y, w) block by block; `rows` counts those that have a weight.

    Rows of weight 0 are `ignored`. `are_whole` tells whether all weights are whole numbers, such
    as counts.
    """

    def __init__(self, columns: int, scratch: Scratch | None = None) -> None:
        self._places = 2 * columns
        super().__init__(columns, COPIES * self._places, scratch)
        self.ignored = 0
        self.are_whole = True

    @classmethod
    def total(cls, parts: "Sequence[Self]") -> Self:
        """Add up the sums of the parts of a table."""
        total = super().total(parts)
        total.ignored = sum(part.ignored for part in parts)
        total.are_whole = all(part.are_whole for part in parts)
        return total

    @property
    def read(self) -> int:
        """Tell how many rows were added, those without weight among them."""
        return self.rows + self.ignored

    def observations(self, *, counts: bool | None = None) -> int:
        """Tell how many observations the rows are, by their weights where these are counts."""
        are_counts = self.are_counts if counts is None else counts
        return self._whole_weight if are_counts else self.rows

    @property
    def are_counts(self) -> bool:
        """Tell whether weights may count rows, of which there are not too many then."""
        return self.are_whole and self._whole_weight <= MOST_OBSERVATIONS

    @property
    def _whole_weight(self) -> int:
        return super().sums()[-1] if self.rows else 0

    def add(self, rows: Vector) -> None:
        """Add rows, in the shape (columns, rows), as those without weights are added.

        Raises FloatingPointError where a number is not finite, in a row of weight 0 too.
        """
        weights = rows[-1]
        has_weight = weights > 0
        if not np.isfinite(rows[:, ~has_weight]).all():
            raise FloatingPointError
        self.ignored += int((~has_weight).sum())
        self.are_whole = self.are_whole and bool((np.rint(weights) == weights).all())
        super().add(rows[:, has_weight])

    def _sum(self, live: NDArray[np.intp], rest: Vector) -> None:
        weight = len(self.low) - 1
        of_weight = live % len(self.low) == weight
        places, products = [live], [rest]
        pairs = product(np.flatnonzero(of_weight), np.flatnonzero(~of_weight))
        for nth, other in pairs:
            copy = self._copy(is_decimal=live[nth] != weight, place=live[other])
            for more, part in enumerate(_product(rest[nth], rest[other])):
                if part.any():
                    places.append(np.array([copy + more], dtype=np.intp))
                    products.append(part[None])
        super()._sum(np.concatenate(places), np.concatenate(products))

    def _copy(self, *, is_decimal: bool, place: int) -> int:
        """Give the place of the rounded products of a column, before that of the rest.

        They are products with weights that are decimals, as whole numbers of their last place, or
        with others.
        """
        return self._places + 2 * (is_decimal * self._places + int(place))

    def unweighted(self) -> SecondMoments:
        """Give the sums of all rows so far, without their weights, and of w as a column."""
        parted = self._parted()
        count = 1 + self._places
        matrix = [row[:count] for row in parted.matrix[:count]]
        return whole(SecondMoments(matrix, parted.exponents[:count], parted.fives[:count]))

    def sums(self, *, counts: bool | None = None) -> list[int]:
        """Give the sum of each column over all observations, without its fraction."""
        if self.are_counts if counts is None else counts:
            return sums_of(self.moments())
        return super().sums()[:-1]

    def moments(self) -> SecondMoments:
        """Give the weighted sums of all rows so far."""
        parted, plain = self._parted(), self.unweighted()
        units = [
            Fraction(2) ** exponent / 5**five
            for exponent, five in zip(plain.exponents, plain.fives, strict=True)
        ]
        *units, unit = units
        unit = Fraction(1) if self.are_whole else unit
        columns = len(self.low)
        matrix = [[0] * columns for _ in range(columns)]
        for one in range(columns):
            for other in range(one, columns):
                total = self._total(parted, one, other) / (unit * units[one] * units[other])
                matrix[one][other] = matrix[other][one] = int(total)
        return SecondMoments(matrix, plain.exponents[:-1], plain.fives[:-1], unit)

    def _total(self, parted: SecondMoments, one: int, other: int) -> Fraction:
        """Give Σ w·a·b for two of (1, x1, …, y)."""
        total = Fraction(0)
        for place, decimals in self._weighted(one):
            for base, more in self._parts_of(other):
                if value := parted.matrix[place][base]:
                    power = parted.exponents[place] + parted.exponents[base]
                    total += Fraction(value) * Fraction(2) ** power / 10 ** (decimals + more)
        return total

    def _parts_of(self, column: int) -> list[tuple[int, int]]:
        """Give the places of a column in the sums, with the decimals of its numbers there."""
        if column == 0:
            return [(0, 0)]
        return [(column, 0), (column + len(self.low), PLACES)]

    def _weighted(self, column: int) -> list[tuple[int, int]]:
        """Give the places of the products of a column with the weights."""
        if column == 0:
            return self._parts_of(len(self.low))
        return [
            (1 + self._copy(is_decimal=bool(own), place=place - 1) + part, decimals + own)
            for own in (0, PLACES)
            for place, decimals in self._parts_of(column)
            for part in (0, 1)
        ]


def _product(one: Vector, other: Vector) -> tuple[Vector, Vector]:
    """Give the rounded products of two columns, and what rounding took from them.

    Raises OverflowError where these are too large or too small for it.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        rounded, rest = error_free.product(one, other)
    sizes = np.abs(rounded[(one != 0) & (other != 0)])
    if sizes.size and not (sizes.min() > SMALLEST and sizes.max() < LARGEST):
        raise OverflowError
    return rounded, rest
