"""What is known of a training before its first step."""

import math
from dataclasses import dataclass
from typing import Annotated

from fitline.bounds import Bounds
from fitline.config import Config
from fitline.model.dependence import Dependence
from fitline.optimize.costs import Curvature
from fitline.optimize.rates import steps_ahead
from fitline.training import Training

from .facts import CostFacts, DataFacts, Magnitude, StationaryCounts, finite


@dataclass(frozen=True)
class CurvatureFacts:
    """The curvature in the coordinates that train."""

    condition_number: Annotated[float, Bounds(ge=1)] | None
    largest_stable_rate: Magnitude | None
    best_rate: Magnitude | None

    @classmethod
    def of(cls, curvature: Curvature | None) -> "CurvatureFacts | None":
        """Tell of a curvature."""
        if curvature is None:
            return None
        rates = curvature.largest_stable_rate, curvature.best_rate
        return cls(curvature.condition_number, *rates)


@dataclass(frozen=True)
class Theory:
    """What theory says of the learning rate; None where it says nothing.

    `converges` tells whether descent does at this rate; a `best_rate` takes `best_steps`.
    """

    converges: bool | None
    best_rate: Magnitude | None
    best_steps: Magnitude | None
    largest_stable_rate: Magnitude | None

    @classmethod
    def of(cls, training: Training) -> "Theory":
        """Tell what is known before the first step."""
        predicted, known = training.predicted_steps, training.best_rate
        steps = training.at_rate(known[0]).predicted_steps if known else None
        return cls(
            None if predicted is None else math.isfinite(predicted),
            known[0] if known else None,
            steps if steps is None else finite(steps),
            finite(training.largest_stable_rate),
        )


@dataclass(frozen=True)
class SetUp:
    """What is known of a training before its first step."""

    data: DataFacts
    config: Config
    start: list[float]
    cost_function: CostFacts
    curvature: CurvatureFacts | None
    reason: str | None
    predicted_steps: int | None
    theory: Theory
    landscape: StationaryCounts
    dependent: list[Dependence]

    @classmethod
    def of(cls, training: Training) -> "SetUp":
        """Tell of a training."""
        predicted = training.predicted_steps
        return SetUp(
            DataFacts.of(training.table, training.moments),
            training.resolved,
            training.start.tolist(),
            CostFacts.of(training.landscape),
            CurvatureFacts.of(training.curvature),
            training.reason or None,
            None if predicted is None or math.isinf(predicted) else int(predicted),
            Theory.of(training),
            StationaryCounts.of(training.landscape),
            list(training.dependent),
        )

    @property
    def hidden(self) -> int:
        """Give how many parameters come before those that are fitted: an intercept that is 0."""
        return 0 if self.config.intercept else 1

    @property
    def is_line(self) -> bool:
        """Tell whether there is one feature."""
        return len(self.data.x) == 1

    @property
    def updates_each_epoch(self) -> int | None:
        """Give how many mini-batches an epoch has; None where each step sees all rows."""
        size, rows = self.config.batch_size, self.data.observations
        return None if size is None or size >= rows else -(-rows // size)

    @property
    def horizon(self) -> int:
        """Tell within how many steps a rate is to come far."""
        return steps_ahead(self.config.steps)

    @property
    def unit(self) -> str:
        """Give the field's word for a step."""
        return "step" if self.updates_each_epoch is None else "epoch"
