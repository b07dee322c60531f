"""The one loop: from a start downhill, step by step, until every direction goes uphill."""

import math
from collections.abc import Iterable, Iterator
from contextvars import copy_context

import numpy as np

from fitline.vector import Vector

from .costs import Cost
from .iterate import Iterate, Kept, StopReason
from .method import Method
from .optimizers import State
from .stopping import Stopping

DIVERGED_GROWTH = 1e6
"""Descent has diverged when the cost has grown by this factor since the start."""


def descend(
    cost: Cost, method: Method, start: Vector, stopping: Stopping, after: Iterate | None = None
) -> Iterator[Iterate]:
    """Descend from `start`, all parameters together, and give every iterate.

    To resume, give the iterate `after` which to go on; it is given again.
    """
    quiet = copy_context()  # far out, the numbers may overflow; to enter it takes no time
    quiet.run(np.seterr, over="ignore", invalid="ignore")
    here = quiet.run(_look, 0, cost, start, stopping, method.optimizer.init(start))
    limit = DIVERGED_GROWTH * here.cost
    if after is not None:
        here = after._replace(stop_reason=None)
    while True:
        diverged = not math.isfinite(here.cost) or here.cost > limit
        reason = StopReason.DIVERGED if diverged else stopping.reason(here)
        if reason is None:
            further = quiet.run(_step, cost, method, stopping, here)
            if further is not None:
                yield here
                here = further
                continue
            reason = stopping.judged(here, StopReason.STALLED)
        if _is_to_go_back(stopping, here, reason):
            yield here
            here = quiet.run(_look_back, cost, here, stopping)
            reason = StopReason.EARLY
        yield here._replace(stop_reason=reason)
        return


def _is_to_go_back(stopping: Stopping, here: Iterate, reason: StopReason) -> bool:
    """Tell whether a step before the last one is to be kept, where descent ends for good.

    At the limit of the steps it may go on.
    """
    if reason is StopReason.EARLY:
        return True
    if stopping.validation is None or here.kept is None or reason not in GOOD:
        return False
    return stopping.validation.is_better(here.kept, here.theta)


GOOD = {StopReason.CONVERGED, StopReason.STALLED}
"""From here more steps would lead nowhere."""


def _look_back(cost: Cost, here: Iterate, stopping: Stopping) -> Iterate:
    """Give the step that is kept."""
    kept = here.kept or Kept(here.index, here.theta, math.nan)
    return _look(kept.index, cost, kept.theta, stopping, here.state)


def end_of(iterates: Iterable[Iterate]) -> Iterate:
    """Give the last iterate; unlike a list of all, this takes no memory."""
    for iterate in iterates:  # noqa: B007 - the last one is wanted
        pass
    return iterate


def _step(cost: Cost, method: Method, stopping: Stopping, here: Iterate) -> Iterate | None:
    """Take a step; None where it leads nowhere."""
    theta, state = method.step_from(cost, here)
    if theta.tobytes() == here.theta.tobytes() and not _is_rolling(state, here.state):
        return None
    return _look(here.index + 1, cost, theta, stopping, state, here)


def _is_rolling(state: State, before: State) -> bool:
    """Tell whether parameters that stand still may yet move, since the state changes."""
    return any(not np.array_equal(now, then) for now, then in zip(state, before, strict=True))


def _look(
    index: int,
    cost: Cost,
    theta: Vector,
    stopping: Stopping,
    state: State,
    before: Iterate | None = None,
) -> Iterate:
    """Evaluate the cost and its gradient."""
    value, gradient = cost.at(theta)
    standardised = stopping.preconditioner.dot(gradient)
    norm = math.sqrt(standardised.dot(standardised))
    changed = before.sign_changes + bool(before.gradient.dot(gradient) < 0) if before else 0
    if stopping.validation is None:
        return Iterate(index, theta, value, gradient, norm, state, changed)
    kept = stopping.validation.kept(before.kept if before else None, index, theta)
    return Iterate(index, theta, value, gradient, norm, state, changed, None, kept)
