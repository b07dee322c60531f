"""Training: a table and a configuration become a run."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from . import __version__
from .config import Config, resolve
from .costs import Curvature, SquaredError
from .descent import Ending, Step, descend
from .landscape import Minimum, minimum
from .model import LinearModel
from .moments import Moments
from .optimizers import GradientDescent
from .scaling import Scaling, Vector
from .sources import FOUR_HOUSES, Data, Table, open_table

FIRST_STEPS = 5
"""So many steps are shown one by one before they are thinned."""


@dataclass(frozen=True, eq=False)
class Training:
    """All that is known before the first step.

    `config` is resolved: its learning rate is a number and its start is set. `cost` is in the
    coordinates of `scaling`.
    """

    table: Table
    moments: Moments
    config: Config
    scaling: Scaling
    cost: SquaredError

    @property
    def start(self) -> Vector:
        """Give the parameters to start from, in original units."""
        return np.array([self.config.theta0, self.config.theta1], dtype=np.float64)

    @property
    def learning_rate(self) -> float:
        """Give the learning rate, chosen by now."""
        return float(self.config.learning_rate)

    @property
    def curvature(self) -> Curvature:
        """Give the curvature of the landscape, in the coordinates that train."""
        return self.cost.curvature

    @cached_property
    def predicted_steps(self) -> float:
        """Tell how many steps the theory predicts; infinite where the rate is too large."""
        unit = np.linalg.inv(self.scaling.ruler(self.moments))[0, 0]
        return self.cost.steps_until(
            self.config.tolerance * unit, self.scaling.scaled(self.start), self.learning_rate
        )

    def steps(self) -> Iterator[Step]:
        """Walk downhill and give every step, its theta in original units."""
        for step in descend(
            self.cost,
            GradientDescent(self.learning_rate),
            self.scaling.scaled(self.start),
            steps=self.config.steps,
            tolerance=self.config.tolerance,
            ruler=self.scaling.ruler(self.moments),
        ):
            with np.errstate(over="ignore"):
                excess = float(self.cost.excess(step.theta))
            yield replace(step, theta=self.scaling.original(step.theta), excess=excess)

    def model(self, theta: Vector) -> LinearModel:
        """Name the parameters after the table's columns."""
        x, y = self.table.columns
        return LinearModel((x,), y, theta)


@dataclass(frozen=True, eq=False)
class Run:
    """A training and the steps that it took, or those of them that were kept."""

    training: Training = field(repr=False)
    steps: Sequence[Step] = field(repr=False)
    ending: Ending

    @property
    def last(self) -> Step:
        """Give the step where the training ended."""
        return self.steps[-1]

    @property
    def model(self) -> LinearModel:
        """Give what was learned."""
        return self.training.model(self.last.theta)

    @property
    def cost(self) -> float:
        """Give the cost of what was learned, in the units of y squared."""
        return self.last.cost

    @property
    def minimum(self) -> Minimum:
        """Give the exact minimum, to compare with."""
        return minimum(self.training.moments)

    @property
    def excess(self) -> float:
        """Give how far above the minimum's cost the training ended."""
        return self.last.excess or 0.0

    def save(self, path: str | Path) -> None:
        """Write the model with its configuration and the fingerprint of its data, as JSON."""
        training = self.training
        data = {
            "source": training.table.source,
            "rows": training.moments.rows,
            "skipped": training.table.skipped,
            "fingerprint": training.moments.fingerprint,
        }
        about = {
            "fitline": __version__,
            "ending": self.ending.name.lower(),
            "steps": self.last.index,
            "cost": self.cost,
            "data": data,
            "config": asdict(training.config),
        }
        self.model.save(path, about)


def prepare(table: Table, moments: Moments, config: Config) -> Training:
    """Get ready for the first step on a table that has been read."""
    scaling = Scaling.of(config.scaling, moments)
    cost = SquaredError.of(moments, scaling)
    theta0, theta1 = random_start(moments, config.seed)
    x, y = table.columns
    rate = config.learning_rate
    named = None if table.source == FOUR_HOUSES else table.source
    resolved = replace(
        config,
        data=named,
        x=x,
        y=y,
        learning_rate=cost.curvature.best_rate if rate == "auto" else rate,
        theta0=theta0 if config.theta0 is None else config.theta0,
        theta1=theta1 if config.theta1 is None else config.theta1,
    )
    return Training(table, moments, resolved, scaling, cost)


def is_shown(step: Step, every: int | None = None) -> bool:
    """Choose the first steps, then those at powers of two, and the last; or one in `every`."""
    if every is not None:
        return step.index % every == 0 or step.ending is not None
    doubling = step.index <= FIRST_STEPS or step.index & (step.index - 1) == 0
    return doubling or step.ending is not None


def train(data: Data = None, config: Config | None = None, **options: Any) -> Run:
    """Train a line on a table and keep every step.

    `data` is a path, a glob, `-`, several of them, or named arrays; left out, the built-in four
    houses. `options` are the fields of `Config`, and win over `config`. Raises DataError and
    ConfigError.

    >>> run = train(theta0=0, theta1=100)
    >>> run.model.equation, run.ending.name, len(run.steps)
    ('price = 12,000 + 136 × sqft', 'CONVERGED', 129)
    """
    config = resolve({**asdict(config or Config()), **options})
    table = open_table(
        config.data if data is None else data, config.x, config.y, bad_rows=config.bad_rows
    )
    training = prepare(table, table.moments(), config)
    steps = list(training.steps())
    return Run(training, steps, steps[-1].ending or Ending.INTERRUPTED)


def random_start(moments: Moments, seed: int) -> tuple[float, float]:
    """Draw a line across the data: its height at the mean of x and its steepness are random.

    Both are within two standard deviations of y from a flat line through the mean.
    """
    reach = 2 * (moments.y_deviation or abs(moments.y_mean) or 1.0)
    draw = random.Random(seed)  # noqa: S311 - a start is no secret
    height, steepness = draw.uniform(-reach, reach), draw.uniform(-reach, reach)
    slope = steepness / moments.x_deviation
    return float(moments.y_mean + height - slope * moments.x_mean), float(slope)
