"""A robust cost of rows that lie on other machines, of which a sample is here.

What needs but sums over the rows asks those machines, a job each time; what looks at single rows,
such as a search for minima, looks at the sample.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np

from fitline.vector import Vector

from .losses import Loss
from .moments import Moments
from .robust_cost import BLOCK, RobustCost
from .rows import Rows
from .scaling import Scaling


class Away(Protocol):
    """Rows (x1, …, y, w) that other machines hold."""

    def total(self, function: Callable[[Vector], Vector]) -> Vector:
        """Add up what a function gives of blocks of them, of the shape (columns, rows)."""
        ...


@dataclass(frozen=True, eq=False)
class Frame:
    """How rows as they are become those of a cost: x ← turn·(x − shift), and y less its own.

    `turn` has the shape (features, columns of x), `shift` has that of y first.
    """

    turn: Vector
    shift: Vector
    loss: Loss
    centre: Vector

    def of(self, block: Vector) -> RobustCost:
        """Take rows (x1, …, y, w), of the shape (columns, rows)."""
        *x, y, weights = block
        held = self.turn @ (np.array(x) - self.shift[1:, None]), y - self.shift[0]
        return RobustCost(*held, self.loss, self.centre, weights=weights)


@dataclass(frozen=True, eq=False, kw_only=True)
class SpreadCost(RobustCost):
    """The mean loss of rows that are `away`, so many; `x` and `y` are those of a sample.

    The sum of the weights is `weight`.
    """

    away: Away
    rows: int
    weight: float
    turn: Vector
    shift: Vector

    @classmethod
    def over(cls, sample: Rows, loss: Loss, moments: Moments, away: Away) -> "SpreadCost":
        """Take rows in original units, of which there is a sample and the moments."""
        here = RobustCost.of(sample, loss, moments)
        return cls(
            *(here.x, here.y, loss, here.centre, here.has_intercept, here.weights),
            away=away,
            rows=moments.observations,
            weight=moments.weight,
            turn=np.eye(len(here.x)),
            shift=here.centre,
        )

    def scaled(self, scaling: Scaling) -> "SpreadCost":
        """Take the same rows in scaled coordinates."""
        here = self.here.scaled(scaling)
        turn = self.turn / scaling.scale[:, None]
        return replace(self, x=here.x, centre=here.centre, turn=turn)

    def mixed(self, mixing: Vector) -> "SpreadCost":
        """Take features that are sums of these, for a table whose features have mean 0."""
        here = self.here.mixed(mixing)
        return replace(self, x=here.x, centre=here.centre, turn=mixing @ self.turn)

    @property
    def here(self) -> RobustCost:
        """Give the cost of the sample."""
        return RobustCost(self.x, self.y, self.loss, self.centre, self.has_intercept, self.weights)

    def sample(self, rows: int) -> RobustCost:
        """Take rows of the sample."""
        return self.here.sample(rows)

    @property
    def held_rows(self) -> int:
        """Give how many rows there are."""
        return self.rows

    def _is_one_block(self, theta: Vector) -> bool:  # noqa: ARG002 - others need it
        return False

    def _mean(self, theta: Vector, summed: Callable[[RobustCost, Vector], Vector]) -> Vector:
        """Average over the rows, for every theta, by one job."""
        thetas = self._centred(theta.reshape(-1, theta.shape[-1]))
        frame = Frame(self.turn, self.shift, self.loss, self.centre)
        mean: Vector = self.away.total(partial(_summed, frame, thetas, summed)) / self.weight
        return mean.reshape(theta.shape[:-1] + mean.shape[1:])


def _summed(
    frame: Frame,
    thetas: Vector,
    summed: Callable[[RobustCost, Vector], Vector],
    block: Vector,
) -> Vector:
    """Sum over the rows of a block for every theta, for some of these at a time."""
    rows = frame.of(block)
    width = max(1, BLOCK // max(1, len(rows.y)))
    sums = []
    for first in range(0, len(thetas), width):
        few = thetas[first : first + width]
        with np.errstate(over="ignore", invalid="ignore"):
            sums.append(summed(rows, rows.y - few[:, :1] - few[:, 1:] @ rows.x))
    return np.concatenate(sums)
