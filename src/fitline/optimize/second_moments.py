"""The second moments of the columns of a table, as integers in units of their own.

A float64 that is the nearest one to a decimal of a few places counts as that decimal, which it was
read from: as a whole number of millionths.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

PLACES = 6
"""So many places has a decimal after the point, at the most."""

MILLIONTHS = 10.0**PLACES

DECIMALS = 1e15
"""So large may it be as a whole number of its last place; then no other one is as near."""


@dataclass(frozen=True)
class SecondMoments:
    """Σ w·a·b for every two of (1, x1, …, y), in the units 2^exponent / 5^five of both.

    The weights w of the rows are in a `unit` of their own; without weights each is 1.
    """

    matrix: Sequence[Sequence[int]]
    exponents: Sequence[int]
    fives: Sequence[int]
    unit: Fraction = Fraction(1)

    @property
    def weight(self) -> int:
        """Give the sum of the weights in their unit, without weights the number of rows."""
        return self.matrix[0][0]

    def with_squares(self, squares: Sequence[Fraction]) -> "SecondMoments":
        """Add these to the sums of squares of (x1, …, y), in the table's units.

        They are halves of halves, as floats and their products are, so that finer units of the
        columns hold them exactly.
        """
        matrix, exponents = [[*row] for row in self.matrix], [*self.exponents]
        for column, square in enumerate(squares, start=1):
            added = square * 25 ** self.fives[column] / Fraction(4) ** exponents[column]
            finer = (added.denominator.bit_length() // 2) if added else 0
            exponents[column] -= finer
            for other, row in enumerate(matrix):
                row[column] <<= finer
                matrix[column][other] <<= finer
            matrix[column][column] += int(added * 4**finer)
        return replace(self, matrix=matrix, exponents=exponents)


def as_written(number: float) -> Fraction:
    """Give the decimal of a few places that a number is the nearest float64 to, or else itself.

    >>> as_written(0.1), as_written(0.1 + 2**-53) == 0.1 + 2**-53
    (Fraction(1, 10), True)
    """
    whole = round(number * MILLIONTHS) if abs(number) * MILLIONTHS < DECIMALS else 0
    return Fraction(whole, 10**PLACES) if whole / MILLIONTHS == number else Fraction(number)


def sums_of(moments: SecondMoments) -> list[int]:
    """Give the sum of each column but the ones, without its fraction."""
    columns = zip(moments.matrix[0], moments.exponents, moments.fives, strict=True)
    _, *sums = (
        (value << power if power > 0 else value >> -power) // 5**five
        for value, power, five in columns
    )
    return sums


def whole(parted: SecondMoments) -> SecondMoments:
    """Add to each column its decimals, k·10^-6 = k·2^-6·5^-6."""
    count = len(parted.exponents) // 2
    places, exponents, fives = [0], [parted.exponents[0]], [0]
    factors = [1] * len(parted.exponents)
    for column in range(1, 1 + count):
        of_decimals = parted.exponents[column + count] - PLACES
        has_decimals = parted.matrix[column + count][column + count] > 0
        has_others = parted.matrix[column][column] > 0
        own = parted.exponents[column]
        fives.append(PLACES if has_decimals else 0)
        both = [*([of_decimals] if has_decimals else []), *([own] if has_others else [])]
        exponents.append(min(both, default=own))
        if has_others:
            factors[column] = 5 ** fives[-1] << (own - exponents[-1])
        if has_decimals:
            factors[column + count] = 1 << (of_decimals - exponents[-1])
    places = [0, *range(1, 1 + count), *range(1, 1 + count)]
    matrix = [[0] * len(exponents) for _ in exponents]
    for place, row, factor in zip(places, parted.matrix, factors, strict=True):
        for other, value, another in zip(places, row, factors, strict=True):
            matrix[place][other] += value * factor * another
    return SecondMoments(matrix, exponents, fives)


def added(one: SecondMoments, other: SecondMoments) -> SecondMoments:
    """Add moments whose numbers may be in other units."""
    exponents = [min(pair) for pair in zip(one.exponents, other.exponents, strict=True)]
    matrix = [[0] * len(exponents) for _ in exponents]
    for part in (one, other):
        shifts = [own - unit for own, unit in zip(part.exponents, exponents, strict=True)]
        for row, sums, shift in zip(matrix, part.matrix, shifts, strict=True):
            for place, (value, more) in enumerate(zip(sums, shifts, strict=True)):
                row[place] += value << (shift + more)
    return SecondMoments(matrix, exponents, one.fives)
