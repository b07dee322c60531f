"""Numbers as exact fractions, for what must be right to the last bit."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm


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
