"""Round values along an axis, in a terminal and on a slide."""

import math
from fractions import Fraction

FACTORS = tuple(map(Fraction, ("0.1", "0.2", "0.5", "1", "2", "5", "10")))


def ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """Give at most so many multiples of 1, 2 or 5 times a power of ten, as many as possible.

    >>> ticks(-3, 12, 4), ticks(0.2, 2.6, 9, whole=True)
    ([0.0, 5.0, 10.0], [1.0, 2.0])
    """
    bottom, top = (Fraction(str(float(end))) for end in (low, high))
    power = Fraction(10) ** math.floor(math.log10(top - bottom))
    for step in (factor * power for factor in FACTORS):
        first, last = math.ceil(bottom / step), math.floor(top / step)
        if last - first < most and not (whole and step.denominator > 1):
            return [float(place * step) for place in range(first, last + 1)]
    return []


def logarithmic_ticks(low: float, high: float, most: int) -> list[float]:
    """Give 1, 2 and 5 times the powers of ten, or where those are too many or few, other values.

    >>> logarithmic_ticks(3, 40, 4), logarithmic_ticks(3, 4e3, 4), logarithmic_ticks(22, 44, 3)
    ([5.0, 10.0, 20.0], [10.0, 100.0, 1000.0], [30.0, 40.0])
    """
    ends = math.log10(low), math.log10(high)
    exponents = range(math.floor(ends[0]), math.floor(ends[1]) + 1)
    values = [times * 10.0**exponent for exponent in exponents for times in (1, 2, 5)]
    values = [value for value in values if low <= value <= high]
    if 2 <= len(values) <= most:  # noqa: PLR2004 - one value alone does not tell the scale
        return values
    if high < 10 * low:
        return ticks(low, high, most)
    return [10.0**exponent for exponent in ticks(*ends, most, whole=True)]
