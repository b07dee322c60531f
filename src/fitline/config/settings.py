"""The settings of a training: what each one means, may be, and is when it is left out."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fitline.bounds import Bounds
from fitline.formatting import LARGEST_WHOLE
from fitline.optimize.cost_names import CostName
from fitline.optimize.optimizers import OPTIMIZERS, AnyOptimizer, GradientDescent
from fitline.optimize.schedules import SCHEDULES, AnySchedule, Constant
from fitline.reading import Reading

LARGEST_PENALTY = 1e50
"""Larger ones leave no digits of a slope."""

Column = Annotated[str, "COLUMN"]
Columns = Annotated[tuple[str, ...], Bounds(min_length=1)]
Theta = Annotated[tuple[float, ...], Bounds(min_length=2), "NUMBERS"]
Count = Annotated[int, Bounds(ge=1, le=LARGEST_WHOLE)]
Whole = Annotated[int, Bounds(ge=0, le=LARGEST_WHOLE)]


class ByName:
    """Mark a union of records that are told apart by their `name`."""

    def __get_pydantic_core_schema__(self, union: Any, handler: Any) -> Any:
        """Let pydantic look at the name first, so that its errors are about the record meant."""
        from pydantic import Discriminator

        return handler.generate_schema(Annotated[union, Discriminator("name")])


@dataclass(frozen=True, kw_only=True)
class Config(Reading):
    """What a training is told; what is left out is chosen from the table."""

    data: str | None = None
    """The table: a path from this file's folder, or a glob. Left out: the built-in four houses."""
    x: Column | Columns | None = None
    """A column to predict from: its name, @3, or a pattern such as 'area_*'; may be given several
    times. Left out: sqft, or the first of two columns."""
    y: Column | None = None
    """The column to predict. Left out: price, or the second of two columns."""
    weight: Column | None = None
    """A column of weights of 0 or more: how often a row counts in the cost. Left out: once."""
    weights_are: Literal["counts", "precisions"] | None = None
    """Counts of equal rows, or relative precisions, which leave the degrees of freedom alone.
    Left out: counts where all are whole numbers."""
    cost: CostName = "squared"
    """Mean squared error, or a robust cost."""
    cost_scale: Annotated[float, Bounds(gt=0), "C"] | None = None
    """Errors above C, in the units of y, are down-weighted. Left out: estimated from the data."""
    l2: Annotated[float, Bounds(ge=0, le=LARGEST_PENALTY), "λ"] = 0.0
    """Ridge: add λ times the sum of the squared slopes to the cost, in the coordinates that
    train."""
    l1: Annotated[float, Bounds(ge=0, le=LARGEST_PENALTY), "λ"] = 0.0
    """Lasso: add λ times the sum of the absolute slopes, which sets some of them to 0."""
    intercept: bool = True
    """Fit an intercept; without one the model passes through the origin."""
    scaling: Literal["standard", "minmax", "none"] = "standard"
    """The coordinates to train in: mean 0 and deviation 1, from 0 to 1, or as they are."""
    learning_rate: Annotated[float, Bounds(gt=0), "RATE"] | Literal["auto"] | None = None
    """The learning rate; auto is the best one. Left out: 0.1, and for a robust cost auto."""
    optimizer: Annotated[AnyOptimizer, ByName()] = GradientDescent()
    """How a gradient becomes a move."""
    schedule: Annotated[AnySchedule, ByName()] | None = None
    """How the rate changes. Left out: constant."""
    warm_up: Whole = 0
    """Updates over which the learning rate grows to its full size."""
    line_search: bool = False
    """Search for the lowest point along each step of plain descent."""
    batch_size: Count | None = None
    """Rows per mini-batch. Left out: all rows."""
    steps: Whole = 1000
    """Most steps, or epochs, to take."""
    tolerance: Annotated[float, Bounds(ge=0)] = 1e-12
    """Stop when the gradient norm, in standardised units, is at most this."""
    seed: Whole = 0
    """Random seed."""
    holdout: Annotated[float, Bounds(gt=0, lt=1), "PART"] | None = None
    """Hold out this part of the rows for validation, such as 0.2. Left out: none."""
    patience: Count | None = None
    """Stop when the validation cost has not fallen for so many steps, and keep the best one; at
    the step limit the last one is kept. Left out: never."""
    folds: Annotated[int, Bounds(ge=2, le=1000)] | None = None
    """Cross-validate the exact fit in so many folds. Left out: not."""
    starts: Count = 1
    """Random starts; the lowest run counts."""
    theta: Theta | None = None
    """Where to start, the intercept first, such as 0,100,5. Left out: random."""
    theta0: float | None = None
    """The intercept to start from. Left out: random."""
    theta1: float | None = None
    """The slope to start from. Left out: random."""

    @property
    def rate_schedule(self) -> AnySchedule:
        """Give the schedule of the learning rate, which is constant where it was left out."""
        return self.schedule or Constant()


RECORDS: dict[str, tuple[Any, ...]] = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES}
"""Settings that are chosen by name, and have settings of their own."""

PREFIXES = {"optimizer": "", "schedule": "schedule_"}
"""How the options of those begin."""
