"""How numbers are written for people."""

import math
from collections.abc import Container, Iterable, Mapping, Sequence

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
        text = scientific(size, digits)
    return f"−{text}" if value < 0 else text


def scientific(value: float, digits: int = 4) -> str:
    """Write a number with its exponent.

    >>> scientific(6_051_234_567.0), scientific(4.1e-16)
    ('6.051e9', '4.1e−16')
    """
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    shown = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{shown}e{int(exponent)}".replace("-", "−")


def theta_text(theta: Iterable[float], undetermined: Container[int] = ()) -> str:
    """Write parameters; of those at `undetermined` places any value is as good.

    >>> theta_text([12000.0, 136.0]), theta_text([12000.0, 136.0], {1})
    ('θ0 = 12,000, θ1 = 136', 'θ0 = 12,000, θ1 = any')
    """
    written = ["any" if place in undetermined else number(one) for place, one in enumerate(theta)]
    shown = [f"θ{place} = {text}" for place, text in enumerate(written)]
    if len(shown) > MOST_SHOWN:
        shown[MOST_SHOWN - 2 : -1] = ["…"]
    return ", ".join(shown)


def parameter_names(parameters: int) -> list[str]:
    """Name so many parameters.

    >>> parameter_names(3)
    ['θ0', 'θ1', 'θ2']
    """
    return [f"θ{place}" for place in range(parameters)]


MOST_SHOWN = 8
"""Of more parameters than these a sentence shows the first ones and the last."""


def sum_text(constant: float, terms: Iterable[tuple[float, str]]) -> str:
    """Write a sum of columns, each with its factor.

    >>> sum_text(-12.0, [(-136.5, "sqft")]), sum_text(0.0, [(1.0, "beds"), (2.0, "baths")])
    ('−12 − 136.5 × sqft', 'beds + 2 × baths')
    """
    written = [(constant, number(abs(constant)))] if constant else []
    for factor, name in terms:
        size = abs(factor)
        written.append((factor, name if size == 1 else f"{number(size)} × {name}"))
    signs = ["−" if value < 0 else "+" for value, _ in written]
    text = " ".join(f"{sign} {part}" for sign, (_, part) in zip(signs, written, strict=True))
    return text.replace("− ", "−", 1) if text.startswith("−") else text.removeprefix("+ ") or "0"


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


LISTED = 12
"""How many names a sentence lists."""


def listed(names: Sequence[str]) -> str:
    """List names, and say how many more there are.

    >>> listed(["sqft", "beds"])
    "'sqft', 'beds'"
    """
    shown = ", ".join(map(quoted, names[:LISTED]))
    more = len(names) - LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def enumerated(names: Sequence[str]) -> str:
    """Write names in a sentence, and say how many more there are.

    >>> enumerated(["sqft"]), enumerated(["sqft", "beds", "year"])
    ('sqft', 'sqft, beds and year')
    """
    if len(names) > MOST_SHOWN:
        names = [*names[: MOST_SHOWN - 1], f"{len(names) - MOST_SHOWN + 1} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def shortened(text: str, longest: int = 200) -> str:
    """Cut a text that is longer than a few lines."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


LONGEST_QUOTED = 40
