"""The one loop: from a start downhill, step by step, until every direction goes uphill."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol

import numpy as np

from .batches import Batches
from .costs import Cost
from .optimizers import Optimizer, State
from .scaling import Vector
from .schedules import Constant, Schedule
from .step_size import length

DIVERGED_GROWTH = 1e6
"""Descent has diverged when the cost has grown by this factor since the start."""


class Ending(Enum):
    """Why descent ended; the value is the sentence that the user reads."""

    CONVERGED = "converged: from here every direction goes uphill"
    STEPS = "not converged: it took all the steps that it was allowed"
    PLATEAU = "not converged: the ground is level here, and yet this is no minimum"
    STALLED = "not converged: the moves became too small to change a number"
    DIVERGED = "diverged: the cost grew without bound"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, eq=False)
class Way:
    """How moves are made: θ ← θ + learning_rate · factor · unit · direction.

    The optimizer gives the direction and the schedule the factor. `unit` is what a direction of
    length 1 means for an optimizer whose directions have a size of their own. A line search finds
    the length instead. With `batches` a step is an epoch, of one update a batch.
    """

    optimizer: Optimizer
    learning_rate: float
    schedule: Schedule = field(default_factory=Constant)
    unit: float = 1.0
    line_search: bool = False
    batches: Batches | None = None

    def step(self, cost: Cost, step: "Step") -> tuple[Vector, State]:
        """Take a step from where another one ended; give theta and what is remembered."""
        if self.batches is None:
            return self._update(cost, step.theta, step.gradient, step.state, step.index)
        theta, state = step.theta, step.state
        first = step.index * self.batches.each_epoch
        for place, batch in enumerate(self.batches.epoch(step.index)):
            gradient = batch.gradient(theta)
            theta, state = self._update(batch, theta, gradient, state, first + place)
        return theta, state

    def _update(
        self, cost: Cost, theta: Vector, gradient: Vector, state: State, update: int
    ) -> tuple[Vector, State]:
        direction, state = self.optimizer.update(gradient / self.unit, state)
        rate = self.rate(cost, theta, gradient, direction, update)
        return theta + rate * self.unit * direction, state

    def rate(
        self, cost: Cost, theta: Vector, gradient: Vector, direction: Vector, update: int
    ) -> float:
        """Give the rate of an update, counted from 0: by the schedule, or by a line search."""
        rate = self.learning_rate * self.schedule.factor(update)
        return length(cost, theta, gradient, direction, rate) if self.line_search else rate


@dataclass(frozen=True, eq=False)
class Step:
    """Where descent stands after `index` moves; the step 0 is the start.

    `theta` and `gradient` have the shape (1 + features,); `gradient_norm` is the length of the
    gradient in standardised coordinates, in standard deviations of y; `excess` is how far the cost
    is above the minimum, where that is known; `turns` counts the steps so far after which the
    slope faced backwards. `state` is what the optimizer remembers. The last step alone has an
    `ending`.
    """

    index: int
    theta: Vector
    cost: float
    gradient: Vector
    gradient_norm: float
    excess: float | None = None
    ending: Ending | None = None
    state: State = field(default=(), repr=False)
    turns: int = 0

    @property
    def swings(self) -> float:
        """Give the part of the steps after which the slope faced backwards."""
        return self.turns / max(1, self.index)


@dataclass(frozen=True, eq=False)
class Stop:
    """When to stop: after so many steps, or when the gradient is no longer than `tolerance`.

    `ruler`, of the shape (1 + features, 1 + features), turns a gradient into the one whose length
    is compared. Where a cost has a corner at its minimum, whose gradient never gets short, a walk
    has arrived at the cost `level`. `ground` tells at the end whether that is a minimum.
    """

    steps: int
    tolerance: float
    ruler: Vector
    ground: "Ground | None" = None
    level: float = -math.inf

    def ending(self, step: Step) -> Ending | None:
        """Tell whether a walk ends at a step, and why."""
        if step.gradient_norm <= self.tolerance or step.cost <= self.level:
            return self.judged(step, Ending.CONVERGED)
        return self.judged(step, Ending.STEPS) if step.index >= self.steps else None

    def judged(self, step: Step, ending: Ending) -> Ending:
        """Look around where a walk ends: it has converged at a minimum, and only there."""
        if self.ground is None:
            return ending
        if self.ground.is_minimum(step):
            return Ending.CONVERGED
        is_lost = ending is Ending.CONVERGED or self.ground.is_plateau(step)
        return Ending.PLATEAU if is_lost else ending


class Ground(Protocol):
    """What lies around the point where a walk ends."""

    def is_minimum(self, step: Step) -> bool:
        """Tell whether every direction goes uphill, as far as the digits can tell."""
        ...

    def is_plateau(self, step: Step) -> bool:
        """Tell whether the gradient is so small that a walk gets lost, though not in a bowl."""
        ...


def descend(
    cost: Cost, way: Way, start: Vector, stop: Stop, after: Step | None = None
) -> Iterator[Step]:
    """Walk downhill from `start`, all parameters together, and give every step.

    To go on with a walk, give the step `after` which it goes on; that step is given again.
    """
    step = _look(0, cost, start, stop.ruler, way.optimizer.init(start))
    limit = DIVERGED_GROWTH * step.cost
    if after is not None:
        step = replace(after, ending=None)
    while True:
        is_lost = not np.isfinite(step.cost) or step.cost > limit
        ending = Ending.DIVERGED if is_lost else stop.ending(step)
        if ending is None:
            with np.errstate(over="ignore", invalid="ignore"):
                theta, state = way.step(cost, step)
            if not np.array_equal(theta, step.theta) or _is_rolling(state, step.state):
                yield step
                step = _look(step.index + 1, cost, theta, stop.ruler, state, step)
                continue
            ending = stop.judged(step, Ending.STALLED)
        yield replace(step, ending=ending)
        return


def _is_rolling(state: State, before: State) -> bool:
    """Tell whether a walk that stands still may yet move, since what is remembered changes."""
    return any(not np.array_equal(now, then) for now, then in zip(state, before, strict=True))


def _look(
    index: int, cost: Cost, theta: Vector, ruler: Vector, state: State, before: Step | None = None
) -> Step:
    """Look around from where descent stands; far out, the numbers may overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = cost.gradient(theta)
        norm = float(np.linalg.norm(ruler @ gradient))
        value = float(cost.value(theta))
        turns = before.turns + bool(before.gradient @ gradient < 0) if before else 0
        return Step(index, theta, value, gradient, norm, state=state, turns=turns)
