"""Numbers as exact fractions, for what must be right to the last bit."""

from fractions import Fraction


def as_read(value: float) -> Fraction:
    """Give the decimal of six places to which a float64 is the nearest, or else itself."""
    decimal = Fraction(round(Fraction(value) * 10**6), 10**6)
    is_read = abs(decimal) < 10**9 and float(decimal) == value
    return decimal if is_read else Fraction(value)
