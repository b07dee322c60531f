"""The first updates of a training, worked out as by hand, with every number on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from .optimize.costs import Cost
from .optimize.losses import Loss
from .optimize.method import Update
from .optimize.robust_cost import RobustCost
from .training import Training
from .typing import Vector

SHOWN_ROWS = 5
"""So many rows are worked out one by one; the sums are over all."""


@dataclass(frozen=True)
class Row:
    """A row at work, in the coordinates that train.

    `psi` is what it adds to the sums: its error y − ŷ, or the derivative of a robust loss there.
    """

    x: float
    y: float
    prediction: float
    error: float
    psi: float


@dataclass(frozen=True, eq=False)
class Part:
    """The rows behind an update: all of the table, or a batch.

    `x` and `y` are those of the first rows, in the coordinates that train; `own` has both in the
    table's units, where they are at hand.
    """

    cost: Cost
    count: int
    x: Vector
    y: Vector
    own: Sequence[tuple[float, float]] = ()

    @property
    def loss(self) -> Loss | None:
        """Give the loss whose ψ takes the place of twice the error, of a robust cost."""
        return None if self.cost.loss.is_quadratic else self.cost.loss

    @property
    def factor(self) -> int:
        """Give the factor of the sums in the gradient, −(factor/count)·Σ."""
        return 2 if self.loss is None else 1

    def rows(self, theta: Vector) -> list[Row]:
        """Work out the first rows at some parameters."""
        prediction = theta[0] + theta[1] * self.x
        error = self.y - prediction
        psi = error if self.loss is None else self.loss.psi(error)
        columns = (self.x, self.y, prediction, error, psi)
        return [Row(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


@dataclass(frozen=True, eq=False)
class Explanation:
    """An update, worked out.

    `sequential` is the same update with the gradient taken after θ0 had moved.
    """

    update: Update
    sequential: Update
    part: Part

    @property
    def rows(self) -> list[Row]:
        """Give the first rows at the parameters before the update."""
        return self.part.rows(self.update.theta)

    @property
    def sums(self) -> Vector:
        """Give Σ psi and Σ psi·x over all rows, in the shape of theta."""
        sums: Vector = -self.update.gradient * self.part.count / self.part.factor
        return sums


def explain(training: Training, updates: int) -> list[Explanation]:
    """Work out the first updates of a training, or all where it ends before."""
    if not updates:
        return []
    with np.errstate(over="ignore", invalid="ignore"):
        return list(islice(_explanations(training), updates))


def _explanations(training: Training) -> Iterator[Explanation]:
    """Descend as a training does, and look at every update on the way."""
    method, whole = training.method, _whole(training)
    for iterate in training.iterates():
        if iterate.stop_reason is not None:
            return
        for update in method.updates(training.cost, iterate):
            part = whole if method.batches is None else _batch(update.cost)
            between = np.concatenate([update.end[:1], update.theta[1:]])
            yield Explanation(update, method.moved(update, between), part)


def _whole(training: Training) -> Part:
    scaling, own = training.scaling, [(x, y) for x, y in training.table.head(SHOWN_ROWS)]
    x, y = np.array(own, dtype=np.float64).T
    x, y = (x - scaling.shift[0]) / scaling.scale[0], y - scaling.y_shift
    return Part(training.cost, training.moments.rows, x, y, own)


def _batch(cost: Cost) -> Part:
    if not isinstance(cost, RobustCost):
        raise TypeError("a batch holds its rows")
    shown = cost.of_rows(slice(SHOWN_ROWS))
    return Part(cost, len(cost.y), shown.x[0] + cost.centre[1], shown.y + cost.centre[0])
