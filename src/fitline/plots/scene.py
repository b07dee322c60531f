"""What a picture shows: a training, its runs and its rows, no more of them than can be seen."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from fitline.landscapes.projection import Projection
from fitline.landscapes.stationary import Kind
from fitline.optimize.costs import Curvature
from fitline.optimize.iterate import Step, StopReason
from fitline.optimize.scaling import Scaling
from fitline.training import Training
from fitline.vector import Vector

ROWS = 5000
"""More points than these cannot be told apart; of a larger table so many are drawn."""

STEPS = 1000
"""So many first steps are kept, and about as many of those that follow, of all runs together."""

FEWEST = 50
"""So many of each run, however many there are."""

BLOWN_UP = 20.0
"""A run that diverges is shown until its cost has grown by this factor."""

APART = 0.02
"""Places nearer to each other than this part of the whole look like one."""


@dataclass(frozen=True, eq=False)
class Descent:
    """The steps of a run that a picture needs; the first and the last are among them."""

    steps: Sequence[Step]

    @property
    def last(self) -> Step:
        """Give the step where the run ended."""
        return self.steps[-1]

    @property
    def diverged(self) -> bool:
        """Tell whether the run left every picture."""
        return self.last.stop_reason is StopReason.DIVERGED

    @cached_property
    def seen(self) -> Sequence[Step]:
        """Give the steps before the run leaves the picture, the start at least."""
        if not self.diverged:
            return self.steps
        limit = BLOWN_UP * self.steps[0].cost
        high = (place for place, step in enumerate(self.steps) if not step.cost <= limit)
        return self.steps[: max(1, next(high, 1))]

    @cached_property
    def path(self) -> Vector:
        """Give theta at the steps that are seen, in the shape (steps, 1 + features)."""
        return np.array([step.theta for step in self.seen])


@dataclass(frozen=True, eq=False)
class Scene:
    """A training to draw; its steps are taken, and its rows read, when they are asked for."""

    training: Training
    watch: Callable[[Step], None] = lambda _: None
    """What is called with every step that is taken."""

    plane: Projection | None = None
    """The parameters to draw; left out, the features that matter most."""

    feature: int | None = None
    """The place in theta of the feature to look at; left out, the one that matters most."""

    @cached_property
    def seen(self) -> Projection:
        """Give the landscape as it is drawn."""
        return self.plane or Projection.of(self.training.landscape)

    def track(self, descent: Descent) -> Vector:
        """Give a run as it is drawn, of the shape (steps, 2)."""
        return self.seen.project(descent.path)

    @cached_property
    def descents(self) -> Sequence[Descent]:
        """Descend from every start."""
        starts = self.training.starts
        most = max(FEWEST, STEPS // len(starts))
        return [Descent(keep(self._steps(start), most)) for start in starts]

    def _steps(self, start: Vector) -> Iterator[Step]:
        for step in self.training.starting_at(start).steps():
            self.watch(step)
            yield step

    @cached_property
    def descent(self) -> Descent:
        """Give the run that ended lowest."""
        return min(self.descents, key=lambda descent: np.nan_to_num(descent.last.cost, nan=np.inf))

    def reached(self, descent: Descent) -> Kind | None:
        """Tell in which sort of minimum a run ended, if in any."""
        point = self.training.landscape.reached(descent.last.theta)
        return point.kind if point else None

    @cached_property
    def start(self) -> Vector:
        """Give the parameters from which the run that is shown began."""
        starts = self.training.starts
        return starts[0] if len(starts) == 1 else starts[self.descents.index(self.descent)]

    @cached_property
    def rows(self) -> tuple[Vector, Vector]:
        """Give x (features, rows) and y (rows,) of the rows to draw."""
        x, y, _ = self._weighted_rows
        return x, y

    @property
    def weights(self) -> Vector:
        """Give the weights of these rows, of the shape (rows,)."""
        return self._weighted_rows[-1]

    @cached_property
    def _weighted_rows(self) -> tuple[Vector, Vector, Vector]:
        training = self.training
        return training.table.weighted_sample(training.moments, ROWS, training.config.seed)

    @property
    def is_line(self) -> bool:
        """Tell whether the model is a line, of one feature."""
        return self.training.table.features == 1

    @property
    def is_sampled(self) -> bool:
        """Tell whether the table has more rows than are drawn."""
        return self.training.moments.rows > ROWS

    @property
    def standard_path(self) -> Vector:
        """Give the run in coordinates in which the distances between lines can be compared."""
        return Scaling.of("standard", self.training.moments).scaled(self.descent.path)


def curvature(training: Training) -> Curvature:
    """Give the curvature; raises ValueError for absolute error, which alone has none."""
    if training.curvature is None:
        raise ValueError(f"{training.landscape.name} error has no curvature")
    return training.curvature


def evenly(path: Vector, most: int) -> list[int]:
    """Choose places along a path (steps, 2), evenly by the distance along it, with both ends."""
    distance = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    chosen = np.searchsorted(distance, np.linspace(0.0, distance[-1], most))
    return sorted({0, *chosen[:-1].tolist(), len(path) - 1})


def apart(path: Vector, most: int) -> list[int]:
    """Choose places of a path (steps, 2) that lie far from one another, with both ends.

    Each is the one farthest from those chosen before (T. Gonzalez, 1985), so that a path that
    goes to and fro is not chosen twice.
    """
    chosen = [0, len(path) - 1]
    gaps = np.minimum(*(np.linalg.norm(path - path[place], axis=1) for place in chosen))
    nearest = APART * gaps.max()
    while len(chosen) < most and gaps.max() > nearest:
        chosen.append(int(gaps.argmax()))
        gaps = np.minimum(gaps, np.linalg.norm(path - path[chosen[-1]], axis=1))
    return sorted(set(chosen))


def keep(steps: Iterable[Step], most: int) -> list[Step]:
    """Keep the first steps, then evenly one in so many, and the last; about twice `most`."""
    steps = iter(steps)
    first = list(islice(steps, most))
    later: list[Step] = []
    every = 1
    for step in steps:
        if step.index % every == 0 or step.stop_reason is not None:
            later.append(step)
        if len(later) > most:
            every *= 2
            later = [
                step for step in later if step.index % every == 0 or step.stop_reason is not None
            ]
    return first + later
