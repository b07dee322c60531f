"""What squared error needs of a table: the moments of its rows about a pilot line.

A pilot line is fitted to the head of the table. With u = x − x_c and the pilot's residual
e = (y − y_c) − b·u, the sums Σu, Σe, Σu², Σue, Σe² hold everything that squared error can ask,
and the least-squares line is the pilot plus a small correction, so little cancels.

Every addend is cut in two, a multiple of a grid and a small rest, so that the sum of the first is
exact in float64 and depends neither on the order of the rows nor on the number of threads
(J. Demmel and Y. Hida, "Accurate and efficient floating point summation", 2003). The last algebra
is done in exact fractions and rounded once.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

HEAD_ROWS = 2048
"""How many rows the pilot line is fitted to, at the most."""

PILOT_BITS = 20
"""The pilot's slope has so few bits that its product with a cut u is exact."""

TERMS = {"u": -16, "e": -16, "uu": -8, "ue": -8, "ee": -8}
"""What is summed, and each term's grid, as a power of two of the size that the head gives it."""

SORTED_STRETCH = 64.0
"""A table whose head is sorted reaches further than its head; so much is made ready for."""

CERTAINTY = 4.0
"""A pilot's slope must be so many times its standard error."""

SMALLEST, LARGEST = 1e-70, 1e70
"""Between these lie the deviations of x and y, so that squares, slopes and costs, their products
and their quotients, are float64s with all their digits."""

SQUARABLE = 1e150
"""The square of a number no larger than this is a float64, and so are many of them together."""

Row = tuple[float, float]


@dataclass(frozen=True)
class Pilot:
    """A line near the data, through (x, y + offset), with the sizes of x' − x, y' − y and e.

    x and y are multiples of the grids of their sizes, so that taking them away loses nothing; the
    offset is what that leaves of the residuals' mean.
    """

    x: float
    y: float
    offset: float
    slope: float
    u_size: float
    v_size: float
    e_size: float

    @classmethod
    def through(cls, head: Sequence[Row]) -> "Pilot":
        """Fit the pilot to the first rows of a table, which may be none.

        Raises OverflowError where their squares do not fit into a float64.
        """
        if not head:
            return cls(0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0)
        if max(abs(value) for row in head for value in row) > SQUARABLE:
            raise OverflowError
        stretch = SORTED_STRETCH if _is_cut_from_sorted([row[0] for row in head]) else 1.0
        x, u_size = _centre([row[0] for row in head], stretch)
        y, v_size = _centre([row[1] for row in head])
        slope = _slope_of([(row[0] - x, row[1] - y) for row in head])
        es = [row[1] - y - slope * (row[0] - x) for row in head]
        offset = _round_to_bits(_mean(es), PILOT_BITS)
        return cls(x, y, offset, slope, u_size, v_size, _size([e - offset for e in es], y))

    def grid(self, term: str) -> float:
        """Give the grid of a term, of u and v before they are centred too."""
        sizes = {"u": self.u_size, "v": self.v_size, "e": self.e_size}
        return _grid(math.prod(sizes[factor] for factor in term), TERMS.get(term, TERMS["u"]))


@dataclass(frozen=True)
class Moments:
    """The moments of a table of (x, y), each correct to the last digits of a float64.

    Variances and the covariance are of the population (divided by `rows`). `intercept` and
    `slope` are the exact minimum of the mean squared error, `minimum_cost` its value there,
    in the units of y squared.
    """

    rows: int
    x_min: float
    x_max: float
    x_mean: float
    y_mean: float
    x_variance: float
    y_variance: float
    intercept: float
    slope: float
    minimum_cost: float

    @classmethod
    def about(
        cls, pilot: Pilot, rows: int, x_range: Row, sums: Mapping[str, Iterable[float]]
    ) -> "Moments":
        """Turn the sums about a pilot line into moments; `sums` has the two parts of each term.

        Raises ArithmeticError where squares of the numbers do not fit into a float64 with all
        their digits.
        """
        if not all(math.isfinite(part) for parts in sums.values() for part in parts):
            raise OverflowError
        u, e, uu, ue, ee = (
            sum(map(Fraction, sums[term]), start=Fraction(0)) / rows for term in TERMS
        )
        x_variance, covariance, residual = uu - u * u, ue - u * e, ee - e * e
        correction = covariance / x_variance
        slope = Fraction(pilot.slope) + correction
        x_mean = Fraction(pilot.x) + u
        y_mean = Fraction(pilot.y) + Fraction(pilot.offset) + Fraction(pilot.slope) * u + e
        minimum_cost = max(Fraction(0), residual - correction * covariance)
        y_variance = minimum_cost + slope * slope * x_variance
        intercept = y_mean - slope * x_mean
        for variance in (x_variance, y_variance or y_mean**2):
            _require_between(SMALLEST, variance, LARGEST)
        for number in (slope, intercept):
            _require_between(0.0, number**2, SQUARABLE)
        return cls(
            rows=rows,
            x_min=x_range[0],
            x_max=x_range[1],
            x_mean=float(x_mean),
            y_mean=float(y_mean),
            x_variance=float(x_variance),
            y_variance=float(y_variance),
            intercept=float(intercept),
            slope=float(slope),
            minimum_cost=float(minimum_cost),
        )

    @cached_property
    def x_deviation(self) -> float:
        """Give the standard deviation of x, in the units of x."""
        return math.sqrt(self.x_variance)

    @cached_property
    def y_deviation(self) -> float:
        """Give the standard deviation of y, in the units of y."""
        return math.sqrt(self.y_variance)

    @property
    def y_unit(self) -> float:
        """Give what a difference of two y is measured with: their deviation, unless it is 0."""
        return self.y_deviation or abs(self.y_mean) or 1.0

    @property
    def fingerprint(self) -> str:
        """Give a short text that changes when a number of the table changes, not their order."""
        digest = hashlib.sha256("\n".join(map(repr, astuple(self))).encode())
        return f"moments-sha256:{digest.hexdigest()[:32]}"


def _require_between(least: float, square: Fraction, most: float) -> None:
    """Raise OverflowError unless a number, given by its square, lies between these, or is 0."""
    if square and not Fraction(least) ** 2 <= square <= Fraction(most) ** 2:
        raise OverflowError


def _is_cut_from_sorted(xs: Sequence[float]) -> bool:
    """Tell whether a head is full and in order, and so most likely the end of a longer table."""
    steps = [after - before for before, after in pairwise(xs)]
    in_order = all(step >= 0 for step in steps) or all(step <= 0 for step in steps)
    return len(xs) == HEAD_ROWS and in_order


def _centre(values: Sequence[float], stretch: float = 1.0) -> tuple[float, float]:
    """Give the mean, as a multiple of the grid of the size, and the size about it."""
    mean = _mean(values)
    size = stretch * _size([value - mean for value in values], mean)
    step = _grid(size, TERMS["u"])
    return round(mean / step) * step, size


def _slope_of(centred: Sequence[Row]) -> float:
    """Give the slope through the origin, or 0 where the head cannot tell it from none.

    A slope that is only noise would blow up the residuals of all that lies beyond the head.
    """
    uu = math.fsum(u * u for u, _ in centred)
    uv = math.fsum(u * v for u, v in centred)
    slope = uv / uu if uu > 0 else 0.0
    residuals = [v - slope * u for u, v in centred]
    noise = math.fsum(residual * residual for residual in residuals) / len(centred)
    certain = slope * uv > CERTAINTY**2 * noise
    return _round_to_bits(slope, PILOT_BITS) if certain and math.isfinite(slope) else 0.0


def _mean(values: Sequence[float]) -> float:
    return math.fsum(value / len(values) for value in values)


def _grid(size: float, bits: int) -> float:
    """Give a power of two, so many bits above a size, well inside the range of a float64."""
    exponent = math.frexp(size)[1] if math.isfinite(size) else 1000
    return math.ldexp(1.0, max(-1022, min(970, exponent + bits)))


def _round_to_bits(value: float, bits: int) -> float:
    mantissa, exponent = math.frexp(value)
    return math.ldexp(round(math.ldexp(mantissa, bits)), exponent - bits)


def _size(values: Sequence[float], centre: float) -> float:
    """Give the largest magnitude; where all are 0, a small part of the centre's, or 1."""
    return max(map(abs, values)) or abs(centre) * 2.0**-20 or 1.0
