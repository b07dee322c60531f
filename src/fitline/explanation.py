"""The first updates of a training, worked out as by hand, with every number on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from .optimize.costs import Cost, RobustCost, SquaredError
from .optimize.descent import Way
from .optimize.losses import Loss, Squared
from .optimize.optimizers import State
from .optimize.scaling import Vector
from .training import Training

SHOWN_ROWS = 5
"""So many rows are worked out one by one; the sums are over all."""


@dataclass(frozen=True, eq=False)
class Update:
    """A move and all that made it, in the coordinates that train; vectors are (1 + features,).

    `index` counts the updates from 0. `state` is what the optimizer remembered before, and
    `new_state` what it remembers then.
    """

    index: int
    theta: Vector
    state: State
    gradient: Vector
    direction: Vector
    new_state: State
    rate: float
    unit: float

    @property
    def end(self) -> Vector:
        """Give where it leads: θ + rate · unit · direction."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.theta + self.rate * self.unit * self.direction


@dataclass(frozen=True)
class Row:
    """A row at work, in the coordinates that train.

    `pull` is what it adds to the sums: its error y − ŷ, or the slope of a robust loss there.
    """

    x: float
    y: float
    prediction: float
    error: float
    pull: float


@dataclass(frozen=True, eq=False)
class Part:
    """The rows behind an update: all of the table, or a batch.

    `x` and `y` are those of the first rows, in the coordinates that train; `own` has both in the
    table's units, where they are at hand.
    """

    cost: SquaredError | RobustCost
    count: int
    x: Vector
    y: Vector
    own: Sequence[tuple[float, float]] = ()

    @property
    def loss(self) -> Loss | None:
        """Give the loss whose slope takes the place of twice the error, of a robust cost."""
        if isinstance(self.cost, SquaredError) or isinstance(self.cost.loss, Squared):
            return None
        return self.cost.loss

    @property
    def factor(self) -> int:
        """Give the factor of the sums in the gradient, −(factor/count)·Σ."""
        return 2 if self.loss is None else 1

    def rows(self, theta: Vector) -> list[Row]:
        """Work out the first rows at some parameters."""
        prediction = theta[0] + theta[1] * self.x
        error = self.y - prediction
        pull = error if self.loss is None else self.loss.slope(error)
        columns = (self.x, self.y, prediction, error, pull)
        return [Row(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


@dataclass(frozen=True, eq=False)
class Explanation:
    """An update, worked out.

    `apart` is the same update with the gradient taken after θ0 had moved.
    """

    update: Update
    apart: Update
    part: Part

    @property
    def rows(self) -> list[Row]:
        """Give the first rows at the parameters before the update."""
        return self.part.rows(self.update.theta)

    @property
    def sums(self) -> Vector:
        """Give Σ pull and Σ pull·x over all rows, in the shape of theta."""
        sums: Vector = -self.update.gradient * self.part.count / self.part.factor
        return sums


def explain(training: Training, updates: int) -> list[Explanation]:
    """Work out the first updates of a training, or all where it ends before."""
    if not updates:
        return []
    with np.errstate(over="ignore", invalid="ignore"):
        return list(islice(_explanations(training), updates))


def _explanations(training: Training) -> Iterator[Explanation]:
    """Walk as a training does, and look at every update on the way."""
    way, whole = training.way, _whole(training)
    each_epoch = way.batches.each_epoch if way.batches else 1
    for step in training.walk():
        if step.ending is not None:
            return
        theta, state = step.theta, step.state
        parts = map(_batch, way.batches.epoch(step.index)) if way.batches else [whole]
        for index, part in enumerate(parts, step.index * each_epoch):
            update = _update(way, part.cost, theta, state, index)
            yield Explanation(update, _apart(way, part.cost, update), part)
            theta, state = update.end, update.new_state


def _whole(training: Training) -> Part:
    scaling, own = training.scaling, training.table.head(SHOWN_ROWS)
    x, y = np.array(own, dtype=np.float64).T
    x, y = (x - scaling.shift[0]) / scaling.scale[0], y - scaling.y_shift
    return Part(training.cost, training.moments.rows, x, y, own)


def _batch(cost: RobustCost) -> Part:
    shown = cost.of_rows(slice(SHOWN_ROWS))
    return Part(cost, len(cost.y), shown.x[0] + cost.centre[1], shown.y + cost.centre[0])


def _update(way: Way, cost: Cost, theta: Vector, state: State, index: int) -> Update:
    gradient = cost.gradient(theta)
    direction, new_state = way.optimizer.update(gradient / way.unit, state)
    rate = way.rate(cost, theta, gradient, direction, index)
    return Update(index, theta, state, gradient, direction, new_state, rate, way.unit)


def _apart(way: Way, cost: Cost, update: Update) -> Update:
    """Take the gradient once θ0 has moved, and go as far by it."""
    between = np.concatenate([update.end[:1], update.theta[1:]])
    gradient = cost.gradient(between)
    direction, new_state = way.optimizer.update(gradient / way.unit, update.state)
    return replace(
        update, theta=between, gradient=gradient, direction=direction, new_state=new_state
    )
