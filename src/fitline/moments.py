"""What squared error needs of a table: the moments of its rows about a pilot line.

A pilot line is fitted to the head of the table. With u = x − x_c and the pilot's residual
e = (y − y_c) − b·u, the sums Σu, Σe, Σu², Σue, Σe² hold everything that squared error can ask,
and the least-squares line is the pilot plus a small correction, so little cancels.

Every addend v is cut into bins, v = v₁ + v₂ + …, each a multiple of its own grid, so that the
sums of all but the smallest bin are exact in float64 and do not depend on the order of the rows
(J. Demmel and Y. Hida, "Accurate and efficient floating point summation", 2003). The last algebra
is done in exact fractions and rounded once.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from fractions import Fraction
from functools import cached_property

HEAD_ROWS = 2048
"""How many rows the pilot line is fitted to, at the most."""

PILOT_BITS = 20
"""The pilot's slope has so few bits that its product with a binned u is exact."""

GRIDS = {"u": (-16,), "e": (-16,), "uu": (10, -16), "ue": (10, -16), "ee": (10, -16)}
"""The grids of each sum's exact bins, as powers of two of the size that the head gives it."""

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
        """Fit the pilot to the first rows of a table, which may be none."""
        if not head:
            return cls(0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0)
        x, u_size = _centre([row[0] for row in head])
        y, v_size = _centre([row[1] for row in head])
        us, vs = [row[0] - x for row in head], [row[1] - y for row in head]
        uu = math.fsum(u * u for u in us)
        slope = math.fsum(u * v for u, v in zip(us, vs, strict=True)) / uu if uu > 0 else 0.0
        slope = _round_to_bits(slope, PILOT_BITS) if math.isfinite(slope) else 0.0
        es = [v - slope * u for u, v in zip(us, vs, strict=True)]
        offset = _round_to_bits(math.fsum(e / len(es) for e in es), PILOT_BITS)
        return cls(x, y, offset, slope, u_size, v_size, _size([e - offset for e in es], y))

    def grids(self, term: str) -> tuple[float, ...]:
        """Give the grid of each of the term's exact bins, from the coarsest to the finest."""
        sizes = {"u": self.u_size, "e": self.e_size}
        return tuple(
            grid(math.prod(sizes[factor] for factor in term), bits) for bits in GRIDS[term]
        )


def grid(size: float, bits: int) -> float:
    """Give a power of two, so many bits above a size, well inside the range of a float64."""
    exponent = math.frexp(size)[1] if math.isfinite(size) else 1000
    return math.ldexp(1.0, max(-1022, min(970, exponent + bits)))


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
        """Turn the sums about a pilot line into moments; `sums` has the bins of each term.

        Raises OverflowError where the squares do not fit into a float64, and
        ZeroDivisionError where they leave no variation of x.
        """
        if not all(math.isfinite(part) for parts in sums.values() for part in parts):
            raise OverflowError
        u, e, uu, ue, ee = (
            sum(map(Fraction, sums[term]), start=Fraction(0)) / rows for term in GRIDS
        )
        x_variance, covariance, residual = uu - u * u, ue - u * e, ee - e * e
        correction = covariance / x_variance
        slope = Fraction(pilot.slope) + correction
        x_mean = Fraction(pilot.x) + u
        y_mean = Fraction(pilot.y) + Fraction(pilot.offset) + Fraction(pilot.slope) * u + e
        minimum_cost = max(Fraction(0), residual - correction * covariance)
        return cls(
            rows=rows,
            x_min=x_range[0],
            x_max=x_range[1],
            x_mean=float(x_mean),
            y_mean=float(y_mean),
            x_variance=float(x_variance),
            y_variance=float(minimum_cost + slope * slope * x_variance),
            intercept=float(y_mean - slope * x_mean),
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
    def fingerprint(self) -> str:
        """Give a short text that changes when a number of the table changes, not their order."""
        digest = hashlib.sha256("\n".join(map(repr, astuple(self))).encode())
        return f"moments-sha256:{digest.hexdigest()[:32]}"


def _centre(values: Sequence[float]) -> tuple[float, float]:
    """Give the mean, as a multiple of the grid of the size, and the size about it."""
    mean = math.fsum(value / len(values) for value in values)
    size = _size([value - mean for value in values], mean)
    step = grid(size, GRIDS["u"][0])
    return round(mean / step) * step, size


def _round_to_bits(value: float, bits: int) -> float:
    mantissa, exponent = math.frexp(value)
    return math.ldexp(round(math.ldexp(mantissa, bits)), exponent - bits)


def _size(values: Sequence[float], centre: float) -> float:
    """Give the largest magnitude; where all are 0, a small part of the centre's, or 1."""
    return max(map(abs, values)) or abs(centre) * 2.0**-20 or 1.0
