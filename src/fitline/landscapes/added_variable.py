"""What one feature tells of y beyond all others: the rows of an added-variable plot."""

import numpy as np

from fitline.optimize.moments import Moments
from fitline.optimize.squared_error import SquaredError
from fitline.vector import Vector

from .plane import profile


def taken_away(moments: Moments, place: int) -> tuple[Vector, Vector]:
    """Give the factors of all features, less their means, by which the others are taken away.

    The first ones leave what is left of the feature at this place in theta; the others are what is
    told of y without it. Both have the shape (features,).
    """
    line, _ = profile(SquaredError.in_original_units(moments), [place])
    return line.basis[1:, 0], line.embed(np.zeros(1))[1:]


def added_variable(moments: Moments, place: int, x: Vector, y: Vector) -> tuple[Vector, Vector]:
    """Give the residuals of a feature and of y, both fitted by the intercept and all others.

    The feature is named by its place in theta; x has the shape (features, rows), y (rows,). The
    line of least squares through them has the slope θ of the feature (R. Frisch and F. Waugh,
    1933).
    """
    feature, without = taken_away(moments, place)
    centred = x - moments.x_mean[:, None]
    return feature @ centred, y - moments.y_mean - without @ centred
