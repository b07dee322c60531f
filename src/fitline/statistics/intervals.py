"""How far predictions of a least-squares fit may be off."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from fitline.errors import ConfigError
from fitline.formatting import shortened
from fitline.vector import Vector

from .distributions import t_quantile

if TYPE_CHECKING:
    from fitline.optimize.moments import Moments

FAR = 2.0**900
"""The unit of distances from the middle of a table of which squares are beyond the largest
float64."""


def require_level(level: float) -> None:
    """Raise ConfigError unless an interval may have this level."""
    if not isinstance(level, float) or not 0 < level < 1:
        raise ConfigError(
            f"the level is {shortened(repr(level))}, not a number between 0 and 1",
            value=str(level),
            hint="95 of 100 are 0.95",
        )


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """What the errors of predictions need of a fit.

    `deviation` is the residual standard error with its degrees of `freedom`. The leverage of a
    point x is |offset + forms·(x − centre)|², with `forms` of the shape (parameters, p): near the
    `centre` no digits cancel, however far it is from 0.
    """

    freedom: int
    deviation: float
    centre: Vector
    offset: Vector
    forms: Vector

    @classmethod
    def of(cls, moments: "Moments") -> "Uncertainty | None":
        """Take the moments of a table; None where no degrees of freedom are left."""
        fit, precision = moments.fit, moments.precision
        if not precision.freedom:
            return None
        kept = fit.weights > 0
        scale = np.sqrt(moments.weight * fit.weights[kept])
        forms = fit.inverse.T[kept] / scale[:, None]
        offset = forms[:, 1:] @ moments.mean_errors[:-1]
        if moments.has_intercept:
            offset[0] += forms[0, 0]
        own = precision.freedom, precision.residual_deviation
        return cls(*own, moments.x_mean, offset, forms[:, 1:])

    @property
    def of_parameters(self) -> Vector:
        """Give the matrix that turns what rows are turned into into what they add to parameters.

        The shape is (parameters, 1 + p).
        """
        return np.column_stack([self.offset - self.forms @ self.centre, self.forms])

    def turned(self, x: Vector, unit: float = 1.0) -> Vector:
        """Turn features, of the shape (p, rows), into what has the leverage as its square.

        It is told in a unit, a power of two.
        """
        apart = (x - self.centre[:, None]) / unit
        turned: Vector = self.offset[:, None] / unit + self.forms @ apart
        return turned

    def leverage(self, x: Vector, unit: float = 1.0) -> Vector:
        """Give the leverage of rows of features, of the shape (rows, features), in unit²."""
        leverage: Vector = np.square(self.turned(x.T, unit)).sum(axis=0)
        return leverage


@dataclass(frozen=True, eq=False)
class Interval:
    """An interval around predictions: of the next y, or of the mean of many at the same point."""

    uncertainty: Uncertainty
    level: float
    of_mean: bool = False

    @property
    def names(self) -> tuple[str, str]:
        """Name its ends."""
        return ("mean_low", "mean_high") if self.of_mean else ("low", "high")

    @cached_property
    def reach(self) -> float:
        """Give half its width where the root is 1, in the units of y."""
        quantile = t_quantile(self.level, self.uncertainty.freedom)
        return quantile * self.uncertainty.deviation

    @property
    def own(self) -> float:
        """Give the part of a single y in the square of the root, beside the leverage."""
        return 0.0 if self.of_mean else 1.0

    def ends(self, x: Vector, predictions: Vector) -> Vector:
        """Give the ends for rows of features, of the shape (rows, features), as (rows, 2)."""
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            half = self._half(x)
            is_far = ~np.isfinite(half)
            half[is_far] = self._half(x[is_far], FAR)
            ends: Vector = np.column_stack([predictions - half, predictions + half])
        return ends

    def _half(self, x: Vector, unit: float = 1.0) -> Vector:
        """Give half its width, computed in a unit in which squares are float64s."""
        squares = self.own / unit / unit + self.uncertainty.leverage(x, unit)
        half: Vector = self.reach * np.sqrt(squares) * unit
        return half
