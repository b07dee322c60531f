"""`Overview`: a part of a landscape from above, with its bands, its cells and the runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitline.vector import Vector

from .grid import Grid, survey
from .projection import Projection
from .window import bands

SURVEYED = 41
"""The bands are chosen by the costs at so many points along each parameter."""


@dataclass(frozen=True, eq=False)
class Overview:
    """A landscape between the ends of two axes, with the runs of trainings.

    The `axes` are values of the two parameters; the `paths` are of whole thetas, of the shape
    (steps, 1 + features).
    """

    seen: Projection
    axes: Sequence[Vector]
    paths: Sequence[Vector] = ()

    def bounds(self, count: int) -> list[float]:
        """Choose bounds that part what is seen into `count` bands."""
        across, up = (np.linspace(axis[0], axis[-1], SURVEYED) for axis in self.axes)
        return bands(self.seen, survey(self.seen.drawn, across, up).cost, count)

    def grid(self) -> Grid:
        """Measure the cost at every pair of values."""
        across, up = self.axes
        return survey(self.seen.cost, across, up)

    @property
    def tracks(self) -> list[Vector]:
        """Give the runs as they are seen, in the shape (steps, axes)."""
        return [self.seen.project(path) for path in self.paths]

    def holds(self, point: Vector) -> bool:
        """Tell whether a point of the plane is in view."""
        axes = zip(point, self.axes, strict=True)
        return all(axis[0] <= value <= axis[-1] for value, axis in axes)
