"""The one loop: from a start downhill, step by step, until every direction goes uphill."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from .costs import Cost
from .optimizers import GradientDescent
from .scaling import Vector

DIVERGED_GROWTH = 1e6
"""Descent has diverged when the cost has grown by this factor since the start."""


class Ending(Enum):
    """Why descent ended; the value is the sentence that the user reads."""

    CONVERGED = "converged: from here every direction goes uphill"
    STEPS = "not converged: it took all the steps that it was allowed"
    STALLED = "not converged: the moves became too small to change a number"
    DIVERGED = "diverged: the cost grew without bound"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, eq=False)
class Step:
    """Where descent stands after `index` moves; the step 0 is the start.

    `theta` and `gradient` have the shape (1 + features,); `gradient_norm` is the length of the
    gradient in standardised coordinates, in standard deviations of y; `excess` is how far the cost
    is above the minimum, where that is known. The last step alone has an `ending`.
    """

    index: int
    theta: Vector
    cost: float
    gradient: Vector
    gradient_norm: float
    excess: float | None = None
    ending: Ending | None = None


def descend(
    cost: Cost,
    optimizer: GradientDescent,
    start: Vector,
    *,
    steps: int,
    tolerance: float,
    ruler: Vector,
) -> Iterator[Step]:
    """Walk downhill from `start`, all parameters together, and give every step.

    `ruler`, of the shape (1 + features, 1 + features), turns a gradient into the one whose length
    is compared with `tolerance`.
    """
    theta, state = start, optimizer.init(start)
    step = _look(0, cost, theta, ruler)
    limit = DIVERGED_GROWTH * step.cost
    while True:
        if not np.isfinite(step.cost) or step.cost > limit:
            ending = Ending.DIVERGED
        elif step.gradient_norm <= tolerance:
            ending = Ending.CONVERGED
        elif step.index == steps:
            ending = Ending.STEPS
        else:
            move, state = optimizer.update(step.gradient, state)
            moved = theta + move
            if not np.array_equal(moved, theta):
                yield step
                theta = moved
                step = _look(step.index + 1, cost, theta, ruler)
                continue
            ending = Ending.STALLED
        yield replace(step, ending=ending)
        return


def _look(index: int, cost: Cost, theta: Vector, ruler: Vector) -> Step:
    """Look around from where descent stands; far out, the numbers may overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = cost.gradient(theta)
        norm = float(np.linalg.norm(ruler @ gradient))
        return Step(index, theta, float(cost.value(theta)), gradient, norm)
