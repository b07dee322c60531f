"""The first updates of a training, worked out as by hand, with every number on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from .optimize.costs import Cost
from .optimize.losses import Loss
from .optimize.method import Method, Update
from .optimize.robust_cost import RobustCost
from .optimize.squared_error import SquaredError
from .training import Training
from .vector import Vector

SHOWN_ROWS = 5
"""So many rows are worked out one by one; the sums are over all."""


@dataclass(frozen=True)
class Row:
    """A row at work, in the coordinates that train; `x` has a number for each feature.

    `psi` is what it adds to the sums: its error y − ŷ, or the derivative of a robust loss there,
    times its weight.
    """

    x: list[float]
    y: float
    prediction: float
    error: float
    weight: float
    psi: float


@dataclass(frozen=True, eq=False)
class Part:
    """The rows behind an update: all of the table, or a batch.

    `x`, of the shape (features, rows), and `y` are those of the first rows, in the coordinates
    that train, with their `weights`; `own` has both in the table's units, where they are at hand.
    So many rows have the weight `weight` in the whole table, where each has 1 if they have none.
    """

    cost: Cost
    count: int
    weight: float
    x: Vector
    y: Vector
    weights: Vector
    own: Sequence[tuple[float, ...]] = ()

    @property
    def loss(self) -> Loss | None:
        """Give the loss whose ψ takes the place of twice the error, of a robust cost."""
        return None if self.cost.loss.is_quadratic else self.cost.loss

    @property
    def factor(self) -> int:
        """Give the factor of the sums in the gradient, −(factor/weight)·Σ."""
        return 2 if self.loss is None else 1

    def rows(self, theta: Vector) -> list[Row]:
        """Work out the first rows at some parameters."""
        prediction = theta[0] + theta[1:] @ self.x
        error = self.y - prediction
        psi = self.weights * (error if self.loss is None else self.loss.psi(error))
        columns = (self.x.T, self.y, prediction, error, self.weights, psi)
        return [Row(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


@dataclass(frozen=True, eq=False)
class Explanation:
    """An update, worked out.

    `sequential` is the same update, had every parameter moved before the gradient along the next
    was taken; its gradient is the one that moved the last. `penalty` is what a penalty adds to the
    gradient, None where there is none.
    """

    update: Update
    sequential: Update
    part: Part
    penalty: Vector | None = None

    @property
    def rows(self) -> list[Row]:
        """Give the first rows at the parameters before the update."""
        return self.part.rows(self.update.theta)

    @property
    def sums(self) -> Vector:
        """Give Σ psi, and Σ psi·x for each feature, over all rows."""
        gradient = self.update.gradient - (0.0 if self.penalty is None else self.penalty)
        sums: Vector = -gradient * self.part.weight / self.part.factor
        return sums


def explain(training: Training, updates: int) -> list[Explanation]:
    """Work out the first updates of a training, or all where it ends before."""
    if not updates:
        return []
    with np.errstate(over="ignore", invalid="ignore"):
        return list(islice(_explanations(training), updates))


def _explanations(training: Training) -> Iterator[Explanation]:
    """Descend as a training does, and look at every update on the way."""
    method, whole, heaviness = training.method, _whole(training), _heaviness(training)
    plain = SquaredError.of(training.moments, training.scaling)
    is_penalised = training.landscape.penalty is not None
    for iterate in training.iterates():
        if iterate.stop_reason is not None:
            return
        for update in method.updates(training.cost, iterate):
            part = whole if method.batches is None else _batch(update.cost, heaviness)
            penalty = update.gradient - plain.gradient(update.theta) if is_penalised else None
            yield Explanation(update, _sequential(method, update), part, penalty)


def _sequential(method: Method, update: Update) -> Update:
    """Move one parameter after the other."""
    late, theta = update, update.theta
    for place in range(1, len(theta)):
        theta = np.concatenate([theta[: place - 1], late.end[place - 1 : place], theta[place:]])
        late = method.moved(update, theta)
    return late._replace(end=np.append(theta[:-1], late.end[-1:]))


def _whole(training: Training) -> Part:
    scaling, moments = training.scaling, training.moments
    head = training.table.weighted_head(SHOWN_ROWS)
    rows = np.array(head, dtype=np.float64)
    x, y = (rows[:, :-2] - scaling.shift) / scaling.scale, rows[:, -2] - scaling.y_shift
    own = [row[:-1] for row in head]
    return Part(training.cost, moments.rows, moments.weight, x.T, y, rows[:, -1], own)


def _heaviness(training: Training) -> float:
    """Give what a weight of 1 in mini-batches is in the table, where they are; else 1."""
    batches = training.method.batches
    return 1.0 if batches is None else training.moments.weight / len(batches.cost.y)


def _batch(cost: Cost, heaviness: float) -> Part:
    if not isinstance(cost, RobustCost):
        raise TypeError("a batch holds its rows")
    shown = cost.of_rows(slice(SHOWN_ROWS))
    x, y = shown.x + cost.centre[1:, None], shown.y + cost.centre[0]
    weights = heaviness * shown.weighed(np.ones(len(y)))
    return Part(cost, len(cost.y), heaviness * len(cost.y), x, y, weights)
