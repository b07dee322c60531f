"""Several random starts, and which minimum each one leads to."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fitline.landscapes.landscape import Landscape
from fitline.landscapes.stationary import Stationary
from fitline.optimize.iterate import Iterate, Step
from fitline.vector import Vector

from .held_steps import hold, require_room

if TYPE_CHECKING:
    from .training import Training


@dataclass(frozen=True, eq=False)
class Restart:
    """Where descent from one of several starts ended, and which minimum that is."""

    start: Vector
    last: Step
    minimum: Stationary | None


def descend_from_all(
    training: "Training",
    is_kept: Callable[[Iterate], bool],
    told: Callable[[int], None] = lambda _: None,
    checked: Callable[[int], None] = require_room,
) -> "tuple[Sequence[Restart], Training, Sequence[Step]]":
    """Descend from every start; give where each ended, and the training that ended lowest.

    Of that one the steps to keep are given too. Of several that end equally low, but for the
    rounding, the first one is taken. `told` is called with the number of starts done, `checked`
    with that of the steps held of one of them.
    """
    ends: list[tuple[Vector, Step]] = []
    chosen, lowest = training, math.inf
    kept: Sequence[Step] = []
    for start in training.starts:
        one = training.starting_at(start)
        steps = hold(one.steps(is_kept), checked)
        last = steps[-1]
        one.learn_from(steps)
        ends.append((start, last))
        if not kept or last.cost < lowest * (1 - ALIKE):
            chosen, kept, lowest = one, steps, last.cost
            lowest = math.inf if math.isnan(lowest) else lowest
        told(len(ends))
    reached = training.landscape.reached
    restarts = [Restart(start, last, reached(last.theta)) for start, last in ends]
    return restarts, chosen, kept


ALIKE = 1e-12
"""Costs that differ by no more than this part differ by rounding alone."""


def random_starts(landscape: Landscape, seed: int, starts: int = 1) -> list[Vector]:
    """Draw planes across the data: their heights at the middle and their steepness are random.

    Both are within two standard deviations of y from a flat plane through the mean, the steepness
    in all directions together; of a robust cost, all of these are taken without the outliers.
    """
    *features, (y_middle, y_spread) = landscape.extent
    reach = 2 * y_spread
    draw = random.Random(seed)  # noqa: S311 - a start is no secret
    drawn = []
    for _ in range(starts):
        intercept, slopes = y_middle + draw.uniform(-reach, reach), []
        for x_middle, x_spread in features:
            steepness = draw.uniform(-reach, reach) / math.sqrt(len(features))
            slopes.append(steepness / (x_spread or abs(x_middle) or 1.0))
            intercept -= slopes[-1] * x_middle
        drawn.append(np.array([intercept * landscape.moments.has_intercept, *slopes]))
    return drawn
