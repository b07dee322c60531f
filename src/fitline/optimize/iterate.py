"""Where descent stands: an iterate in the coordinates that train, a step in the table's units."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from fitline.vector import Vector

from .optimizers import State


class StopReason(Enum):
    """Why descent ended."""

    CONVERGED = "converged"
    STEPS = "steps"
    PLATEAU = "plateau"
    STALLED = "stalled"
    DIVERGED = "diverged"
    EARLY = "early"
    INTERRUPTED = "interrupted"


class Kept(NamedTuple):
    """The step so far of the lowest validation cost, theta in the coordinates that train."""

    index: int  # type: ignore[assignment] # a tuple's own method of this name is not needed
    theta: Vector
    cost: float


class Iterate(NamedTuple):
    """Where descent stands after `index` steps, in the coordinates that train.

    `theta` and `gradient` have the shape (1 + features,). `gradient_norm` is the length of the
    gradient in standardised coordinates, in standard deviations of y. `state` is the optimizer's.
    `sign_changes` counts the steps so far after which the gradient changed sign. Only the last
    iterate has a `stop_reason`; where descent stops early, that is the step that was `kept`.
    """

    index: int  # type: ignore[assignment] # a tuple's own method of this name is not needed
    theta: Vector
    cost: float
    gradient: Vector
    gradient_norm: float
    state: State = ()
    sign_changes: int = 0
    stop_reason: StopReason | None = None
    kept: Kept | None = None


@dataclass(frozen=True, eq=False)
class Step:
    """Where a training stands after `index` steps, in the table's units.

    `theta` has the shape (1 + features,), intercept first; `cost` and `excess`, the cost above the
    minimum, are in the units of y squared, as is `validation_cost`, that of the rows held out;
    `gradient_norm` and `sign_changes` are those of the iterate. Only the last step has a
    `stop_reason`.
    """

    index: int
    theta: Vector
    cost: float
    gradient_norm: float
    excess: float
    sign_changes: int = 0
    stop_reason: StopReason | None = None
    validation_cost: float | None = None

    @property
    def oscillation(self) -> float:
        """Give the part of the steps after which the gradient changed sign."""
        return self.sign_changes / max(1, self.index)
