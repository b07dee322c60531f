"""A training: a table, a cost, a method and a start; and the steps that follow from them."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from fitline.config import Config
from fitline.data import FOUR_HOUSES, Table
from fitline.landscapes.landscape import DRAWN_ROWS, Landscape
from fitline.model import LinearModel
from fitline.model.dependence import Dependence
from fitline.optimize import rates
from fitline.optimize.costs import Cost, Curvature
from fitline.optimize.descent import descend, end_of
from fitline.optimize.iterate import Iterate, Step, StopReason
from fitline.optimize.method import Method
from fitline.optimize.moments import Moments
from fitline.optimize.optimizers import GradientDescent
from fitline.optimize.plain_descent import PlainDescent
from fitline.optimize.scaling import Scaling
from fitline.optimize.schedules import AnySchedule
from fitline.optimize.squared_error import SquaredError
from fitline.optimize.stopping import Bowl, Hills, Stopping, Validation
from fitline.vector import Vector

FEWEST_DIGITS = 1e-3
"""A robust cost whose scale is a smaller part of the spread of y has no digits for it."""

TRIED_UPDATES = 5000
"""With mini-batches a learning rate is tried for hardly more updates than these."""


WHATEVER_RATE = ("stopping", "bowl", "best_rate", "_ahead")
"""What is found out once about a training, and is the same at any learning rate."""


@dataclass(frozen=True, eq=False)
class Training:
    """All that is known before the first step.

    `config` is what was asked for. `cost` is that of the landscape in the coordinates of
    `scaling`. `start` has the shape (1 + features,), in the table's units; so has each of
    `starts`, from which the start was chosen where they are several.
    """

    table: Table
    landscape: Landscape
    config: Config
    scaling: Scaling
    cost: Cost
    method: Method
    learning_rate: float
    start: Vector
    starts: Sequence[Vector]
    schedule: AnySchedule
    reason: str = ""
    """Why the learning rate is this one, where it was chosen."""

    @property
    def moments(self) -> Moments:
        """Give the moments of the table."""
        return self.landscape.moments

    @property
    def unit(self) -> str:
        """Give the field's word for a step, which is an epoch with mini-batches."""
        return "step" if self.method.batches is None else "epoch"

    @property
    def resolved(self) -> Config:
        """Give the configuration in which all that was left out is set."""
        *x, y = self.table.typed
        theta, is_line = tuple(self.start.tolist()), self.table.features == 1
        return replace(
            self.config,
            data=None if self.table.source == FOUR_HOUSES else self.table.source,
            x=x[0] if len(x) == 1 else tuple(x),
            y=y,
            cost_scale=self.landscape.scale,
            learning_rate=self.learning_rate,
            optimizer=self.method.optimizer,
            schedule=self.schedule,
            theta=None if is_line else theta,
            theta0=theta[0] if is_line else None,
            theta1=theta[1] if is_line else None,
        )

    @cached_property
    def stopping(self) -> Stopping:
        """Tell when descent ends."""
        stopping, held_out = self._stopping, self.landscape.validation
        if held_out is None or self.config.patience is None:
            return stopping
        validation = Validation(held_out.scaled(self.scaling), self.config.patience)
        return replace(stopping, validation=validation)

    @property
    def _stopping(self) -> Stopping:
        """Tell when descent ends by what it knows of the rows that it sees."""
        landscape, config = self.landscape, self.config
        preconditioner = self.scaling.preconditioner(self.moments)
        if landscape.is_quadratic:
            ground = Bowl(self.cost, preconditioner, config.tolerance)
            return Stopping(config.steps, config.tolerance, preconditioner, ground)
        unit = self.moments.y_unit
        size = np.clip(self.cost.loss.scale, FEWEST_DIGITS * landscape.spread, unit)
        tolerance = config.tolerance * float(size) / unit
        hills = Hills(
            self.cost,
            self.bowl,
            preconditioner,
            self._independent,
            unit,
            landscape.spread,
            tolerance,
            floor=landscape.floor,
        )
        level = -math.inf if self.cost.loss.is_smooth else hills.level
        return Stopping(config.steps, tolerance, preconditioner, hills, level)

    @property
    def _independent(self) -> Vector:
        """Give the matrix that turns a gradient into that of uncorrelated features, without units.

        One feature needs but the usual one.
        """
        *features, _ = self.table.columns
        if len(features) == 1:
            return self.scaling.preconditioner(self.moments)
        return self.bowl.uncorrelated.T / self.moments.y_unit

    @cached_property
    def bowl(self) -> SquaredError:
        """Give squared error in the coordinates that train: no other cost bends more."""
        return SquaredError.of(self.landscape.ridged, self.scaling)

    @property
    def curvature(self) -> Curvature | None:
        """Give the curvature, of a robust cost an upper bound; None where its slope jumps."""
        return self.bowl.curvature if self.cost.loss.is_smooth else None

    @cached_property
    def best_rate(self) -> tuple[float, str] | None:
        """Give the learning rate that theory recommends, and why; None where it has none.

        With several features it depends on the start and on the number of steps.
        """
        if self._ahead and self.table.features > 1:
            return self._ahead.best_rate(rates.steps_ahead(self.config.steps))
        return self.method.optimizer.best_rate(self.curvature) if self.curvature else None

    @property
    def largest_stable_rate(self) -> float:
        """Give the learning rate above which descent diverges; infinite where theory has none."""
        if self.curvature is None:
            return math.inf
        return self.method.optimizer.largest_stable_rate(self.curvature)

    @cached_property
    def predicted_steps(self) -> float | None:
        """Give how many steps theory predicts, infinite where the rate is too large."""
        return self._ahead.steps_until_converged(self.learning_rate) if self._ahead else None

    @cached_property
    def _ahead(self) -> PlainDescent | None:
        """Look ahead, as far as plain descent on squared error at a fixed rate allows."""
        is_plain = isinstance(self.method.optimizer, GradientDescent) and self.method.is_fixed
        if not self.landscape.is_bowl or not is_plain:
            return None
        start, stopping = self.scaling.scaled(self.start), self.stopping
        return self.bowl.plain_descent(stopping.tolerance, stopping.preconditioner, start)

    def steps(self, is_wanted: Callable[[Iterate], bool] = lambda _: True) -> Iterator[Step]:
        """Descend and give every step, or those that are wanted."""
        return map(self.step_of, filter(is_wanted, self.iterates()))

    def iterates(self, after: Iterate | None = None) -> Iterator[Iterate]:
        """Descend and give every iterate.

        To resume, give the iterate `after` which to go on; it is given again.
        """
        start = self.scaling.scaled(self.start)
        return descend(self.cost, self.method, start, self.stopping, after)

    def last_step(self) -> Step:
        """Descend to the end, and give the last step."""
        return self.step_of(end_of(self.iterates()))

    def step_of(self, iterate: Iterate) -> Step:
        """Turn an iterate into the table's units."""
        with np.errstate(over="ignore", invalid="ignore"):
            theta = self.scaling.original(iterate.theta)
            excess = self.cost.excess(iterate.theta, iterate.cost, self.landscape.lowest.cost)
            held_out = self.landscape.validation
            validation_cost = None if held_out is None else float(held_out.value(theta))
        return Step(
            iterate.index,
            theta,
            iterate.cost,
            iterate.gradient_norm,
            math.inf if math.isnan(excess) else excess,
            iterate.sign_changes,
            iterate.stop_reason,
            validation_cost,
        )

    def excess(self, step: Step) -> float:
        """Give how far a step is above the minimum; of squared error it was told by the step."""
        if self.landscape.searched_starts is None:
            return step.excess
        return self.cost.excess(step.theta, step.cost, self.landscape.lowest.cost)

    def learn_from(self, steps: Sequence[Step]) -> None:
        """Let the landscape learn from the lowest of some steps, and from a last in a minimum."""
        last = steps[-1]
        is_minimum = last.stop_reason is StopReason.CONVERGED
        lowest = min(steps, key=lambda step: math.inf if math.isnan(step.cost) else step.cost)
        for step in (last, lowest):
            self.landscape.learn_from(step.theta, is_minimum=is_minimum and step is last)

    @cached_property
    def sampled(self) -> "Training":
        """Give this training on a random sample, where the rows are held and many."""
        seen, batches = self.landscape.sampled, self.method.batches
        if not self.landscape.is_sampled and not batches:
            return self
        if batches is not None:
            batches = replace(batches, cost=batches.cost.sample(DRAWN_ROWS))
        method = replace(self.method, batches=batches)
        return replace(self, landscape=seen, cost=seen.cost.scaled(self.scaling), method=method)

    @property
    def is_sampled(self) -> bool:
        """Tell whether this is a training on a sample."""
        cost = self.method.batches.cost if self.method.batches else self.cost
        return 0 < cost.held_rows < self.moments.observations

    @property
    def tried_steps(self) -> int:
        """Tell for how many steps, or epochs, a learning rate is tried at the most."""
        batches = self.method.batches
        epochs = 1 + TRIED_UPDATES // batches.each_epoch if batches else self.config.steps
        return min(self.config.steps, epochs)

    @property
    def rates_to_try(self) -> list[float]:
        """Give learning rates from very small ones to one that is certainly too large."""
        width = max(1.0, float(self.scaling.spread(self.moments)[1].max()))
        height = self.moments.y_unit / width / self.method.unit
        largest = rates.largest_to_try(self.method.optimizer, height, self.bowl.curvature)
        return rates.to_try(largest, self.best_rate[0] if self.best_rate else None)

    def try_rates(self, chosen: Sequence[float] = ()) -> Iterator[rates.Trial]:
        """Descend once with each of some learning rates, or with those to try."""
        stopping = replace(self._stopping, steps=self.tried_steps)
        start, to_try = self.scaling.scaled(self.start), chosen or self.rates_to_try
        for rate, last, outcome in rates.try_rates(
            self.cost, self.method, start, stopping, to_try
        ):
            yield rates.Trial(rate, self.step_of(last), outcome)

    def at_rate(
        self, rate: float, reason: str = "", schedule: AnySchedule | None = None
    ) -> "Training":
        """Take another learning rate, and perhaps another schedule."""
        method, known = self.method.at_rate(rate, schedule), schedule or self.schedule
        other = replace(self, method=method, learning_rate=rate, schedule=known, reason=reason)
        if schedule is None:
            found = self.__dict__
            other.__dict__.update({name: found[name] for name in WHATEVER_RATE if name in found})
        return other

    def starting_at(self, start: Vector) -> "Training":
        """Begin elsewhere, at parameters in the table's units."""
        return replace(self, start=start)

    def model(self, theta: Vector) -> LinearModel:
        """Name the parameters after the table's columns."""
        *x, y = self.table.columns
        table = self.table
        told = table.units, table.inputs, table.told_for_sure, table.y_is_formula
        read = self.config.intercept, table.read_as
        return LinearModel(tuple(x), y, theta, *told, *read, dependent=self.dependent)

    @property
    def dependent(self) -> Sequence[Dependence]:
        """Tell of the features that depend on others, whose parameters no minimum determines."""
        return Dependence.of(self.table.columns, self.landscape.dependent)
