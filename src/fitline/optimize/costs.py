"""What a cost answers for itself, so that nobody need ask which one it is.

A cost is the mean of a loss over the rows of a table. What to use when: `SquaredError` (in
squared_error.py) while the errors are small and many; it is a bowl of which the moments of a table
tell everything. `RobustCost` (in robust_cost.py) where some rows lie far off; it needs every row,
and its landscape may have several minima.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fitline.vector import Vector

from .losses import Loss
from .scaling import Scaling

if TYPE_CHECKING:
    from .step_size import StepSize

ROUNDED = 16 * float(np.finfo(np.float64).eps)
"""A number that is made of several others may be wrong by this part of them."""


class Cost(Protocol):
    """A cost of parameters theta; batches of the shape (…, 1 + features) give costs (…)."""

    @property
    def loss(self) -> Loss:
        """Give the loss of one residual."""
        ...

    @property
    def held_rows(self) -> int:
        """Give how many rows are in memory, all of which each value takes, or else 0."""
        ...

    @property
    def noise(self) -> float:
        """Give how much of a cost is rounding, besides a part of it."""
        ...

    @property
    def shrinkage(self) -> Vector | None:
        """Give how steep the creases are where a parameter is 0; None without creases."""
        ...

    def value(self, theta: Vector) -> Vector:
        """Give the cost, in the units of y squared."""
        ...

    def gradient(self, theta: Vector) -> Vector:
        """Give the direction in which the cost rises fastest, in the shape of theta."""
        ...

    def at(self, theta: Vector) -> tuple[float, Vector]:
        """Give the cost and the gradient at one theta, which share most of the work."""
        ...

    def hessian(self, theta: Vector) -> Vector:
        """Give the second derivatives at one theta."""
        ...

    def excess(self, theta: Vector, value: float, lowest: float, /) -> float:
        """Give how far the cost at one theta, its `value`, is above that at the lowest minimum."""
        ...

    def line_search(self, first: float) -> "StepSize":
        """Give the line search that suits it; a search by trial tries the length `first` first."""
        ...

    def scaled(self, scaling: Scaling) -> "Cost":
        """Turn a cost in original units into one in scaled coordinates."""
        ...

    def sample(self, rows: int) -> "Cost":
        """Take so many of the rows in memory, drawn at random, or all if they are few."""
        ...


@dataclass(frozen=True, eq=False)
class Curvature:
    """How steeply the walls of a bowl rise: the eigenvalues of its Hessian, ascending."""

    eigenvalues: Vector

    @property
    def condition_number(self) -> float:
        """Give λmax / λmin: 1 for a round bowl, large for a narrow valley."""
        return float(self.eigenvalues[-1] / self.eigenvalues[0])

    @property
    def largest_stable_rate(self) -> float:
        """Give 2 / λmax; above it plain descent jumps ever higher up the other wall."""
        return float(2 / self.eigenvalues[-1])

    @property
    def is_level(self) -> bool:
        """Tell whether λmin is lost beside λmax in rounding."""
        return bool(2 / (self.eigenvalues[0] + self.eigenvalues[-1]) >= 2 / self.eigenvalues[-1])

    @property
    def best_rate(self) -> float:
        """Give 2 / (λmin + λmax), in the long run the best fixed rate of plain descent.

        Where λmin is lost beside λmax it is 1 / λmax, which does not oscillate.
        """
        if self.is_level:
            return self.largest_stable_rate / 2
        return float(2 / (self.eigenvalues[0] + self.eigenvalues[-1]))
