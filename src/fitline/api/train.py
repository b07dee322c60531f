"""`fitline.train`."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fitline.config import Config
from fitline.data import Data, open_table
from fitline.optimize.cost_names import CostName
from fitline.optimize.optimizers import AnyOptimizer
from fitline.optimize.scaling import Kind
from fitline.optimize.schedules import AnySchedule
from fitline.reading import BadRows
from fitline.training import run_on, weights_of

from .run import Run
from .tables import gathered


def train(  # noqa: PLR0913 - every setting, for those who type and those who check types
    data: Data = None,
    y: Any = None,
    *,
    x: Any = None,
    config: Config | None = None,
    header: bool | None = None,
    skip: int | None = None,
    comment: str | None = None,
    delimiter: str | None = None,
    decimal: Literal[".", ","] | None = None,
    thousands: str | None = None,
    encoding: str | None = None,
    date_format: str | None = None,
    na: str | None = None,
    missing: BadRows | None = None,
    bad_rows: BadRows | None = None,
    engine: str | None = None,
    engine_option: str | Sequence[str] | None = None,
    weight: str | None = None,
    weights_are: Literal["counts", "precisions"] | None = None,
    cost: CostName | None = None,
    cost_scale: float | None = None,
    l2: float | None = None,
    l1: float | None = None,
    intercept: bool | None = None,
    scaling: Kind | None = None,
    learning_rate: float | Literal["auto"] | None = None,
    optimizer: AnyOptimizer | Mapping[str, Any] | str | None = None,
    schedule: AnySchedule | Mapping[str, Any] | str | None = None,
    warm_up: int | None = None,
    line_search: bool | None = None,
    batch_size: int | None = None,
    steps: int | None = None,
    tolerance: float | None = None,
    seed: int | None = None,
    holdout: float | None = None,
    patience: int | None = None,
    folds: int | None = None,
    starts: int | None = None,
    theta: Sequence[float] | None = None,
    theta0: float | None = None,
    theta1: float | None = None,
) -> Run:
    """Train a linear model on a table and keep every step.

    `data` is a path, a glob, `-` or several of them; or a mapping of arrays, a pandas or polars
    data frame, an array of the shape (rows, columns); left out, the built-in four houses. `x` and
    `y` name its columns, x perhaps several in a list. Or they are arrays themselves, x of the
    shape (rows,) or (rows, features): `train(x, y)`, `train(x=…, y=…)`.
    The others are the fields of `Config`, which win over `config` and are left out where None.
    Raises DataError and ConfigError, the latter too where memory cannot hold the steps.

    >>> run = train(theta0=0, theta1=100)
    >>> run.model.equation, run.stop_reason.name, len(run.steps)
    ('price = 12,000 + 136 × sqft', 'CONVERGED', 129)
    >>> train([1, 2, 3], [2, 4, 7]).model.equation
    'y = −0.666667 + 2.5 × x'
    """
    source, config = gathered(**locals())
    table = open_table(source, config.x, config.y, config, weights=weights_of(config))
    return Run.of(run_on(table, config))
