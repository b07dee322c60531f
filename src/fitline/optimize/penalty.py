"""Penalties on large parameters: λ2·Σ θ'² (ridge) and λ1·Σ |θ'| (lasso), or both (elastic net).

They are added to the mean squared error, J(θ) = MSE + λ2·Σ θ'j² + λ1·Σ |θ'j|, where θ' are the
slopes in the coordinates that train; the intercept is free. In scikit-learn, on standardised
columns, Ridge has alpha = n·λ2 and Lasso alpha = λ1 / 2.

What to use when: ridge where features tell nearly the same, for it shares the effect among them
and keeps all; lasso where few of many features matter, for it sets the others to exactly 0.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from fitline.vector import Vector

from .algebra import LeastSquares
from .moments import Moments
from .scaling import Kind, Scaling

LEAST = (1e-25, 1e-10)


@dataclass(frozen=True, eq=False)
class Penalty:
    """The weights λ2 and λ1, and the coordinates in which the slopes are penalised."""

    l2: float
    l1: float
    kind: Kind
    scaling: Scaling

    @classmethod
    def of(cls, l2: float, l1: float, kind: Kind, moments: Moments) -> "Penalty":
        """Take the coordinates of a kind that suit a table."""
        return cls(l2, l1, kind, Scaling.of(kind, moments))

    def on(self, moments: Moments) -> "Penalty":
        """Give the same penalty on other rows, whose coordinates are their own."""
        return self.of(self.l2, self.l1, self.kind, moments)

    def least(self, moments: Moments) -> tuple[float, float]:
        """Give the least λ2 and λ1 that rounding does not hide beside the squared error.

        In standardised coordinates the one bends each direction, and the other is as steep, in
        units of y, as `LEAST` says.
        """
        varies = moments.x_deviation > 0
        stretches = self.scaling.scale[varies] / moments.x_deviation[varies]
        stretch = float(stretches.min(initial=np.inf))
        l2, l1 = LEAST
        return l2 / stretch / stretch, l1 * moments.y_unit / stretch

    def value(self, theta: Vector) -> float:
        """Give what the penalty adds to the cost of parameters in the table's units."""
        slopes = theta[1:] * self.scaling.scale
        return float(self.l2 * slopes @ slopes + self.l1 * np.abs(slopes).sum())

    def ridged(self, moments: Moments) -> Moments:
        """Give the moments with the rows that λ2 stands for, one for each feature.

        Such a row has √(Σw·λ2)·scale in its feature, and 0 in y and all others; it adds to the
        squared errors, not to n, and its fit is the exact minimum of the penalised cost.
        """
        if not self.l2:
            return moments
        weight = moments.seconds.weight * Fraction(self.l2)
        squares = [weight * Fraction(scale) ** 2 for scale in self.scaling.scale.tolist()]
        seconds = moments.seconds.with_squares([*squares, Fraction(0)])
        fit = LeastSquares.of(seconds)
        if not moments.has_intercept:
            fit = replace(fit, weights=np.concatenate([[0.0], fit.weights[1:]]))
        return replace(moments, seconds=seconds, fit=fit)
