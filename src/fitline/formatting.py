"""How numbers are written for people."""

import math
from collections.abc import Iterable, Mapping

SMALLEST_PLAIN = 1e-4
LARGEST_PLAIN = 1e15
"""From here on a float64 no longer holds every integer, so more digits would be invented."""

LETTERS = {1e12: "T", 1e9: "B", 1e6: "M"}

TICK_DIGITS = 12
"""The number of a tick is round, and shown in full."""

LARGEST_WHOLE = 2**53
"""Up to here a float64, and so every program that reads JSON, holds every whole number."""

OVERFLOW = "overflow"


def number(value: float, digits: int = 6) -> str:
    """Write a number with at least `digits` significant digits, all of them true.

    Whole digits are never rounded away; very large and very small numbers take an exponent. What
    is beyond all numbers, where a run diverged, is said to be so.

    >>> number(6050000000.0), number(0.0229247258795502), number(-4617.0), number(3.2e-17, 3)
    ('6,050,000,000', '0.0229247', '−4,617', '3.2e−17')
    """
    if value == 0:
        return "0"
    size = abs(value)
    if not math.isfinite(size):
        return OVERFLOW
    if SMALLEST_PLAIN <= size < LARGEST_PLAIN:
        decimals = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{size:,.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}e{int(exponent)}".replace("-", "−")
    return f"−{text}" if value < 0 else text


def theta_text(theta: Iterable[float]) -> str:
    """Write parameters.

    >>> theta_text([12000.0, 136.0])
    'θ0 = 12,000, θ1 = 136'
    """
    return ", ".join(f"θ{place} = {number(value)}" for place, value in enumerate(theta))


def brief(value: float, digits: int = 4) -> str:
    """Write a number rounded to so many digits, from a million on with a letter.

    >>> brief(6_051_234_567.0), brief(-0.25), brief(3e-7), brief(1_234_500.0, TICK_DIGITS)
    ('6.051B', '−0.25', '3e−7', '1.2345M')
    """
    rounded = float(f"{value:.{digits}g}")
    for size, letter in LETTERS.items():
        if size <= abs(rounded) < 1000 * size:
            return number(rounded / size, digits) + letter
    return number(rounded, digits)


def count(amount: int, noun: str) -> str:
    """Write an amount with its noun.

    >>> count(1, "row"), count(2930, "row")
    ('1 row', '2,930 rows')
    """
    return f"{amount:,} {noun}" if amount == 1 else f"{amount:,} {noun}s"


def labelled(name: str, units: Mapping[str, str]) -> str:
    """Name a column with its unit, if it has one.

    >>> labelled("date", {"date": "days since 1970-01-01"}), labelled("sqft", {})
    ('date (days since 1970-01-01)', 'sqft')
    """
    return f"{name} ({units[name]})" if name in units else name


def quoted(text: str) -> str:
    """Write what a user wrote, in quotes, and not all of it where it is long.

    >>> quoted("sq ft"), len(quoted("x" * 100))
    ("'sq ft'", 42)
    """
    return repr(shortened(text, LONGEST_QUOTED))


def shortened(text: str, longest: int = 200) -> str:
    """Cut a text that is longer than a few lines."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


LONGEST_QUOTED = 40
