"""How a step is made: θ ← θ + length · unit · direction, all parameters together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from fitline.vector import Vector

from .batches import Batches
from .costs import Cost
from .iterate import Iterate
from .optimizers import AnyOptimizer, State
from .schedules import Constant, Schedule
from .step_size import FixedRate, StepSize


class Update(NamedTuple):
    """One move and all that made it, in the coordinates that train.

    Vectors have the shape (1 + features,). `number` counts the updates from 0; `cost` is that of
    the rows behind it. `state` is the optimizer's before, and `new_state` the one after.
    """

    number: int
    cost: Cost
    theta: Vector
    gradient: Vector
    direction: Vector
    length: float
    end: Vector
    state: State
    new_state: State


@dataclass(frozen=True, eq=False)
class Method:
    """An optimizer, which gives the direction, and a step size, which gives the length.

    `unit` is what a direction of length 1 means for an optimizer that normalises its steps. With
    `batches` a step is an epoch, of one update a batch.
    """

    optimizer: AnyOptimizer
    step_size: StepSize
    unit: float = 1.0
    batches: Batches | None = None

    @property
    def is_fixed(self) -> bool:
        """Tell whether every step has the same rate and sees all rows, as theory presumes."""
        match self.step_size:
            case FixedRate(schedule=Constant()):
                return self.batches is None
        return False

    def at_rate(self, rate: float, schedule: Schedule | None = None) -> "Method":
        """Take another learning rate, and perhaps another schedule."""
        return replace(self, step_size=self.step_size.at_rate(rate, schedule))

    def updates(self, cost: Cost, iterate: Iterate) -> Iterator[Update]:
        """Give the updates of the step after an iterate: one, or one a batch."""
        if self.batches is None:
            yield self.last_update(cost, iterate)
            return
        theta, state = iterate.theta, iterate.state
        first = iterate.index * self.batches.each_epoch
        for index, batch in enumerate(self.batches.epoch(iterate.index), first):
            update = self._update(index, batch, theta, batch.gradient(theta), state)
            yield update
            theta, state = update.end, update.new_state

    def last_update(self, cost: Cost, iterate: Iterate) -> Update:
        """Give the update at whose end the step after an iterate ends."""
        if self.batches is None:
            return self._update(
                iterate.index, cost, iterate.theta, iterate.gradient, iterate.state
            )
        for update in self.updates(cost, iterate):  # noqa: B007 - the last one is wanted
            pass
        return update

    def step_from(self, cost: Cost, iterate: Iterate) -> tuple[Vector, State]:
        """Give where the step after an iterate ends, and what the optimizer then remembers."""
        if self.batches is not None:
            last = self.last_update(cost, iterate)
            return last.end, last.new_state
        _, _, end, state = self._move(
            iterate.index, cost, iterate.theta, iterate.gradient, iterate.state
        )
        return end, state

    def moved(self, update: Update, theta: Vector) -> Update:
        """Give the update with the gradient taken at another theta, and of the same length."""
        gradient = update.cost.gradient(theta)
        direction, state = self.optimizer.update(gradient / self.unit, update.state)
        end = theta + update.length * self.unit * direction
        if update.cost.shrinkage is not None:
            end = stopped_at_creases(theta, end, update.length * update.cost.shrinkage)
        return update._replace(
            theta=theta, gradient=gradient, direction=direction, end=end, new_state=state
        )

    def _update(
        self, index: int, cost: Cost, theta: Vector, gradient: Vector, state: State
    ) -> Update:
        direction, length, end, new_state = self._move(index, cost, theta, gradient, state)
        return Update(index, cost, theta, gradient, direction, length, end, state, new_state)

    def _move(
        self, index: int, cost: Cost, theta: Vector, gradient: Vector, state: State
    ) -> tuple[Vector, float, Vector, State]:
        """Give a direction, how far to go, where that ends, and the new state."""
        own = gradient if self.unit == 1 else gradient / self.unit  # which takes a while
        direction, new_state = self.optimizer.update(own, state)
        length = self.step_size.length(index, cost, theta, gradient, direction)
        end = theta + length * self.unit * direction
        if cost.shrinkage is not None:
            end = stopped_at_creases(theta, end, length * cost.shrinkage)
        return direction, length, end, new_state


def stopped_at_creases(theta: Vector, end: Vector, shrinkage: Vector) -> Vector:
    """Stop each parameter at 0 that would cross it, unless the bowl alone carries it beyond.

    That is a proximal step (I. Daubechies, M. Defrise and C. De Mol, 2004): `shrinkage` is what a
    step takes from the size of each parameter, and `end` where it leads along the gradient.
    """
    moved = end + shrinkage * np.sign(theta)
    shrunk = np.sign(moved) * np.maximum(np.abs(moved) - shrinkage, 0.0)
    return np.where(theta == 0, end, shrunk)
