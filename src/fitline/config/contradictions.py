"""Settings that do not go together, whatever the table is."""

from collections.abc import Iterator
from typing import NamedTuple

from fitline.formatting import number
from fitline.optimize.optimizers import GradientDescent
from fitline.optimize.schedules import Constant

from .settings import Config


class Contradiction(NamedTuple):
    """A setting that others do not allow, what is wrong with it, and what would be right."""

    key: str
    message: str
    hint: str


LINE_SEARCH = Contradiction(
    "line_search",
    "a line search finds the length of plain descent's steps on all rows",
    "leave out the other optimizer, the schedule, or the batches",
)
"""What a line search does not go with; of batches that hold all rows only the table tells."""


def contradictions(config: Config) -> Iterator[Contradiction]:
    """Find the settings of a configuration that contradict each other."""
    is_squared = config.cost == "squared"
    if is_squared and config.cost_scale is not None:
        yield Contradiction(
            "cost_scale",
            "squared error has no scale",
            "choose a robust cost, such as huber or cauchy, or leave the scale out",
        )
    if config.l2 or config.l1:
        yield from _of_penalties(config)
    if config.weights_are and config.weight is None:
        yield Contradiction("weights_are", "there are no weights", "add --weight COLUMN")
    if config.patience and config.holdout is None:
        yield Contradiction(
            "patience",
            "there is no validation cost without rows that are held out",
            "add --holdout 0.2, or leave --patience out",
        )
    if config.folds and not is_squared:
        yield Contradiction(
            "folds",
            "cross-validation is of squared error",
            "leave the folds out, or hold out rows: --holdout 0.2",
        )
    if config.folds and config.holdout is not None:
        yield Contradiction("folds", "rows are held out already", "choose --folds or --holdout")
    start = config.theta[0] if config.theta else config.theta0
    if start and not config.intercept:
        yield Contradiction(
            "theta" if config.theta else "theta0",
            f"the model has no intercept, and would start with {number(start)}",
            "start with 0, or leave --no-intercept out",
        )
    if config.line_search and (
        not isinstance(config.optimizer, GradientDescent)
        or not isinstance(config.rate_schedule, Constant)
        or config.warm_up
    ):
        yield LINE_SEARCH


def _of_penalties(config: Config) -> Iterator[Contradiction]:
    """Find what does not go with a penalty."""
    name = "l1" if config.l1 else "l2"
    if config.cost != "squared":
        yield Contradiction(
            name, "a penalty is added to squared error", "leave out --cost, or the penalty"
        )
    if config.batch_size is not None:
        yield Contradiction(
            name, "mini-batches have no penalty", "leave out --batch-size, or the penalty"
        )
    is_plain = isinstance(config.optimizer, GradientDescent) and not config.line_search
    if config.l1 and not is_plain:
        yield Contradiction(
            "l1",
            "steps that stop at 0 are those of gradient descent at a learning rate",
            "leave out the other optimizer or the line search; --l2 goes with all of them",
        )
