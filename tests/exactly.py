"""Numbers as exact fractions, for what must be right to the last bit."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from operator import mul


def as_read(value: float) -> Fraction:
    """Give the decimal of six places to which a float64 is the nearest, or else itself."""
    if abs(value) < 10**9:  # where six places are far more than what rounding takes
        millionths = round(value * 10**6)
        if millionths / 10**6 == value:
            return Fraction(millionths, 10**6)
    return Fraction(value)


def as_whole(values: Iterable[float]) -> tuple[list[int], int]:
    """Give numbers, as they are read, in whole parts of 1, and how many such parts make 1."""
    values = [*values]
    read = {value: as_read(value) for value in values}
    parts = lcm(*(one.denominator for one in read.values()))
    whole = {value: one.numerator * (parts // one.denominator) for value, one in read.items()}
    return [whole[value] for value in values], parts


def least_squares(columns: list[tuple[list[int], int]]) -> tuple[list[Fraction], Fraction]:
    """Fit the last of some columns, each in parts of 1: the parameters, the mean squared error."""
    all_columns = [([1] * len(columns[0][0]), 1), *columns]
    matrix = [
        [Fraction(sum(map(mul, one, other)), parts * others) for other, others in all_columns]
        for one, parts in all_columns
    ]
    return solved(matrix)


def solved(matrix: list[list[Fraction]]) -> tuple[list[Fraction], Fraction]:
    """Solve the normal equations by elimination."""
    rows, last = matrix[0][0], len(matrix) - 1
    for place in range(last):
        for below in range(place + 1, last + 1):
            factor = matrix[below][place] / matrix[place][place]
            pairs = zip(matrix[below], matrix[place], strict=True)
            matrix[below] = [a - factor * b for a, b in pairs]
    theta: list[Fraction] = [Fraction(0)] * last
    for place in reversed(range(last)):
        known = sum(matrix[place][k] * theta[k] for k in range(place + 1, last))
        theta[place] = (matrix[place][-1] - known) / matrix[place][place]
    return theta, matrix[-1][-1] / rows
