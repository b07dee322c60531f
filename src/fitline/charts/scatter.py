"""The rows of a table as points, with a line through them, or beside their predictions."""

import numpy as np

from fitline.vector import Vector

from .axis import Axis
from .chart import Chart, Function, Points

POINT_STYLE, LINE_STYLE = "bright_cyan", "bright_yellow"

POINT, FEW = "○", 60
"""So few points are drawn with a sign of their own, more of them as dots."""


def scatter(x: Vector, y: Vector, theta: Vector, names: tuple[str, str], height: int) -> Chart:
    """Draw points x, y of the shape (points,), and the line θ0 + θ1·x as far as it is in view."""
    across, up = Axis.around(names[0], x), Axis.around(names[1], y)

    def line(x: Vector) -> Vector:
        y = theta[0] + theta[1] * x
        return np.where((up.low <= y) & (y <= up.high), y, np.nan)

    sign = POINT if len(x) <= FEW else ""
    return Chart(across, up, [Function(line, LINE_STYLE), Points(x, y, POINT_STYLE, sign)], height)


def agreement(y: Vector, predictions: Vector, name: str, height: int) -> Chart:
    """Draw what is predicted over what is true, with the diagonal on which both agree."""
    across = Axis.around(name, y)
    up = Axis(f"predicted {name}", across.low, across.high)
    seen = np.where((up.low <= predictions) & (predictions <= up.high), predictions, np.nan)
    sign = POINT if len(y) <= FEW else ""
    diagonal = Function(lambda values: values, LINE_STYLE)
    return Chart(across, up, [diagonal, Points(y, seen, POINT_STYLE, sign)], height)
