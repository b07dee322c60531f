"""What given parameters cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .landscape import Landscape
from .scaling import Vector
from .sources import Table


@dataclass(frozen=True, eq=False)
class Point:
    """A point of the landscape: theta in original units, its cost, and how far that is above."""

    theta: Vector
    cost: float
    excess: float


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The cost of some points on a table, and the first rows of the table."""

    table: Table
    landscape: Landscape
    points: Sequence[Point]
    rows: Vector
    """x and y of the first rows, in the shape (rows, 2)."""


def evaluate(
    table: Table, landscape: Landscape, thetas: Sequence[Sequence[float]], rows: int = 0
) -> Evaluation:
    """Measure the cost of each theta on a table that has been read, and fetch its first rows."""
    vectors = [np.array(theta, dtype=np.float64) for theta in thetas]
    with np.errstate(over="ignore"):
        points = [
            Point(theta, float(landscape.cost.value(theta)), float(landscape.excess(theta)))
            for theta in vectors
        ]
    head = np.array(table.head(rows) if rows else [], dtype=np.float64).reshape(-1, 2)
    return Evaluation(table, landscape, points, head)
