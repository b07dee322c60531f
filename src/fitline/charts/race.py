"""Several runs' costs, step by step, overlaid."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .axis import Axis
from .chart import Chart, Line

STYLES = (
    "bright_yellow",
    "bright_cyan",
    "bright_magenta",
    "bright_green",
    "bright_red",
    "bright_blue",
)

SIGNS = "abcdefghijklmnopqrstuvwxyz"
"""Each run has a letter, so that it can be followed without colour."""

HEIGHT = 14

DIVERGED = 10.0
"""A run that climbs so many times higher than the start has left the picture."""


@dataclass(frozen=True)
class CostCurve:
    """The costs of some steps of a run, by their index."""

    steps: Sequence[int]
    costs: Sequence[float]


def race(curves: Sequence[CostCurve], floor: float, unit: str = "step") -> Chart:
    """Draw runs on logarithmic axes, the start at step 1; the floor is the lowest cost shown."""
    start = max(curve.costs[0] for curve in curves)
    costs = [cost for curve in curves for cost in curve.costs if np.isfinite(cost)]
    highest = max(min(max(costs, default=0.0), DIVERGED * start), 10 * floor)
    last = max(curve.steps[-1] for curve in curves)
    lines = [
        Line(
            curve.steps,
            np.nan_to_num(curve.costs, nan=np.inf, posinf=np.inf),
            STYLES[nth % len(STYLES)],
            SIGNS[nth % len(SIGNS)],
            nth / len(curves),
        )
        for nth, curve in enumerate(curves)
    ]
    return Chart(
        Axis(unit, 1.0, max(10.0, last), is_logarithmic=True),
        Axis("cost", floor, highest, is_logarithmic=True),
        lines,
        HEIGHT,
    )
