"""A curve over one parameter, with the stretches where it falls and rises told apart."""

from collections.abc import Callable, Sequence

import numpy as np

from fitline.landscapes.slices import Stretch
from fitline.vector import Vector

from .axis import Axis
from .chart import Chart, Function, Points
from .dots import ACROSS
from .frame import WIDEST

STYLES = {"falls": "bright_cyan", "rises": "bright_yellow"}
SIGNS = {"falls": "↘", "rises": "↗"}


def curve(
    level: Callable[[Vector], Vector],
    across: Axis,
    stretches: Sequence[Stretch],
    marks: Sequence[tuple[float, str]] = (),
) -> Chart:
    """Draw the cost over one parameter; `level` gives it for values of the shape (points,).

    `marks` are values of the parameter, with a sign for each.
    """
    levels = level(np.linspace(across.low, across.high, ACROSS * WIDEST))
    low, high = float(levels.min()), float(levels.max())

    def direction(value: float) -> tuple[str, str]:
        here = next((s for s in stretches if value < s.stop), stretches[-1]).direction
        return SIGNS[here], STYLES[here]

    return Chart(
        across,
        Axis("cost", low, high if high > low else low + 1),
        [
            *(Function(level, STYLES[s.direction], s.start, s.stop) for s in stretches),
            *(Points([x], level(np.array([x])), "bold", sign) for x, sign in marks),
        ],
        strip=direction,
    )
