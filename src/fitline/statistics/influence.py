"""How much single rows weigh in the exact fit of a table."""

import numpy as np

from fitline.optimize.moments import Moments
from fitline.vector import Vector

from .intervals import Uncertainty

ALL_LEVERAGE = 1e-12
"""With so little left to it, a row tells its own prediction."""


def residuals(moments: Moments, columns: Vector) -> Vector:
    """Give y − ŷ of the exact fit for rows of (x1, …, y), of the shape (columns, rows).

    About the means no digits are lost, however far they are from 0.
    """
    slopes, lost = moments.fit.theta[1:], moments.mean_errors
    rounded = lost[-1] - slopes @ lost[:-1]
    x, y = columns[:-1] - moments.x_mean[:, None], columns[-1] - moments.y_mean
    found: Vector = y - slopes @ x + rounded
    return found


def leverages(
    moments: Moments, uncertainty: Uncertainty, columns: Vector, weights: Vector
) -> Vector:
    """Give the leverage of rows of (x1, …, y), of the shape (columns, rows), with their weights.

    Of a row that counts for several it is that of one of them.
    """
    leverage = uncertainty.leverage(columns[:-1].T)
    return leverage if moments.are_counts else weights * leverage


def cooks_distances(
    moments: Moments, uncertainty: Uncertainty, columns: Vector, weights: Vector
) -> Vector:
    """Give Cook's distance of rows of (x1, …, y), of the shape (columns, rows).

    That is how far all predictions move when the fit does without the row: the mean square of
    their moves, in residual variances, times rows / parameters (R. Cook, 1977). It is NaN where a
    row has all leverage, and where the fit misses nothing.
    """
    leverage = leverages(moments, uncertainty, columns, weights)
    left = np.where(leverage < 1 - ALL_LEVERAGE, 1 - leverage, np.nan)
    errors = residuals(moments, columns) / (uncertainty.deviation or np.nan)
    errors *= 1.0 if moments.are_counts else np.sqrt(weights)
    distances: Vector = np.square(errors / left) * leverage / len(uncertainty.forms)
    return distances
