"""How the terms of a sum are written, so that it can be worked out from them."""

import math

from fitline.formatting import number

MOST_DIGITS = 12
"""Terms of a sum are written with no more digits than these."""

ROUNDING = 1e-13
"""Sums that are no larger than this part of their terms are nothing."""


def factor(value: float, digits: int = 6) -> str:
    """Write a number that stands behind a sign."""
    return f"({number(value, digits)})" if value < 0 else number(value, digits)


def plus(value: float, digits: int = 6) -> str:
    """Write a number that is added."""
    sign = "−" if value < 0 else "+"
    return f"{sign} {number(abs(value), digits)}"


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see that they differ."""
    for digits in range(6, 13):
        if number(one, digits) != number(other, digits):
            break
    return number(one, digits), number(other, digits)


def settled(value: float, *terms: float) -> float:
    """Give 0 for what is no more than the rounding of the terms of a sum."""
    return value if abs(value) > ROUNDING * max(map(abs, terms)) else 0.0


def digits_for(result: float, *terms: float) -> int:
    """Tell how many digits the terms of a sum need, so that it can be worked out from them."""
    ratio = max(map(abs, terms)) / abs(result) if result else 0.0
    if not 1 < ratio < math.inf:
        return 6
    return min(MOST_DIGITS, 6 + round(math.log10(ratio)))
