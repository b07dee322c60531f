"""Coordinates in which descent runs: x' = (x − shift) / scale, y' = y − y_shift.

What to use when: `standard` (mean 0, standard deviation 1) makes the bowl round, so that one rate
suits every direction; `minmax` (from 0 to 1) is nearly as good and keeps the shape of odd data;
`none` shows the valley as the table's own units make it, which is mostly too narrow to descend in.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from fitline.vector import Vector

from .moments import Moments

Kind = Literal["standard", "minmax", "none"]


@dataclass(frozen=True, eq=False)
class Scaling:
    """A change of coordinates and back; `shift` and `scale` have the shape (features,).

    Shifting y moves only the intercept; it keeps the digits that a large mean would cost. Where
    there is no intercept nothing is shifted: x is divided by its root mean square, or its largest
    size.
    """

    shift: Vector
    scale: Vector
    y_shift: float

    @classmethod
    def of(cls, kind: Kind, moments: Moments) -> "Scaling":
        """Choose the coordinates for a table."""
        match kind:
            case "standard":
                shift, scale = moments.x_mean, moments.x_deviation
            case "minmax":
                shift, scale = moments.x_min, moments.x_range
                if not moments.has_intercept:
                    shift, scale = np.zeros_like(scale), moments.x_max
            case "none":
                shift, scale = np.zeros_like(moments.x_mean), np.ones_like(moments.x_mean)
                return cls(shift, scale, 0.0)
        return cls(shift, np.where(scale > 0, scale, 1.0), moments.y_mean)

    def spread(self, moments: Moments) -> tuple[Vector, Vector]:
        """Give the means and the standard deviations of the scaled x, in the shape (features,)."""
        return (moments.x_mean - self.shift) / self.scale, moments.x_deviation / self.scale

    def preconditioner(self, moments: Moments) -> Vector:
        """Give the matrix that turns a scaled gradient into one that has no units.

        Multiplied with a gradient it gives the gradient in standardised coordinates, in standard
        deviations of y, whatever the scaling. The shape is (1 + features, 1 + features).
        """
        mean, deviation = self.spread(moments)
        deviation = np.where(deviation > 0, deviation, 1.0)
        matrix = np.diag(np.concatenate([[1.0], 1 / deviation]))
        matrix[1:, 0] = -mean / deviation
        return matrix / moments.y_unit

    def scaled(self, theta: Vector) -> Vector:
        """Turn parameters in original units into scaled ones; the shape is (…, 1 + features)."""
        scaled = np.empty(theta.shape)
        scaled[..., 0] = theta[..., 0] + theta[..., 1:] @ self.shift - self.y_shift
        scaled[..., 1:] = theta[..., 1:] * self.scale
        return scaled

    def original(self, theta: Vector) -> Vector:
        """Turn scaled parameters into original units; the shape is (…, 1 + features)."""
        original = np.empty(theta.shape)
        original[..., 1:] = theta[..., 1:] / self.scale
        original[..., 0] = theta[..., 0] + self.y_shift - original[..., 1:] @ self.shift
        return original
