"""Sums and products of float64s, each with what rounding takes from it."""

import numpy as np

from fitline.vector import Vector

SPLITTER = 2.0**27 + 1
"""Multiplied with it, a float64 falls into two halves (G. Veltkamp, 1968)."""


def product(a: Vector, b: Vector | float) -> tuple[Vector, Vector]:
    """Give the rounded product and the rest, for that of halves is exact.

    T. Dekker, "A floating-point technique for extending the available precision", 1971.
    """
    rounded = a * b
    (high, low), (above, below) = _halves(a), _halves(b)
    return rounded, ((high * above - rounded) + high * below + low * above) + low * below


def total(a: Vector, b: Vector) -> tuple[Vector, Vector]:
    """Give the rounded sum and the rest.

    D. Knuth, "The Art of Computer Programming", volume 2, section 4.2.2.
    """
    rounded = a + b
    part = rounded - a
    return rounded, (a - (rounded - part)) + (b - part)


def _halves(numbers: Vector | float) -> tuple[Vector, Vector]:
    large = SPLITTER * np.asarray(numbers)
    high: Vector = large - (large - numbers)
    return high, numbers - high
