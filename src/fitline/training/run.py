"""A training that has been run, and `fitline.train`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from fitline import __version__
from fitline.config import Config, resolve
from fitline.data import Data, Table, open_table
from fitline.data.dataframes import gather
from fitline.errors import ConfigError
from fitline.landscape.stationary import Stationary
from fitline.model import LinearModel
from fitline.optimize.cost_names import CostName
from fitline.optimize.iterate import Step, StopReason
from fitline.optimize.moments import Moments
from fitline.optimize.optimizers import AnyOptimizer
from fitline.optimize.scaling import Kind
from fitline.optimize.schedules import AnySchedule
from fitline.reading import BadRows
from fitline.statistics.intervals import Uncertainty

from .held_steps import hold
from .prepare import landscape_of, moments_of, prepare, weights_of
from .starts import Restart, descend_from_all
from .training import Training


@dataclass(frozen=True, eq=False)
class Run:
    """A training and the steps that it took, or those of them that were kept.

    Of several starts it is the run that ended lowest; `restarts` tells of all.
    """

    training: Training = field(repr=False)
    steps: Sequence[Step] = field(repr=False)
    stop_reason: StopReason
    restarts: Sequence[Restart] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Let the landscape learn of a minimum that only this run has found."""
        self.training.learn_from(self.steps)

    @property
    def last(self) -> Step:
        """Give the step where the training ended."""
        return self.steps[-1]

    @property
    def model(self) -> LinearModel:
        """Give the fit, which has intervals where it is the one of least squares.

        Of features that depend on each other nothing is told beside their relation.
        """
        training, model = self.training, self.training.model(self.last.theta)
        is_exact = self.stop_reason is StopReason.CONVERGED and training.landscape.is_quadratic
        is_exact = is_exact and training.landscape.penalty is None
        if not is_exact or training.moments.fit.dependent:
            return model
        return replace(model, uncertainty=Uncertainty.of(training.moments))

    @property
    def cost(self) -> float:
        """Give the cost of the fit, in the units of y squared."""
        return self.last.cost

    @property
    def minimum(self) -> Stationary:
        """Give the global minimum, to compare with."""
        return self.training.landscape.lowest

    @property
    def reached(self) -> Stationary | None:
        """Give the minimum where the training ended, if it came so far."""
        return self.training.landscape.reached(self.last.theta)

    @property
    def excess(self) -> float:
        """Give how far above the minimum's cost the training ended."""
        return self.training.excess(self.last)

    def save(self, path: str | Path) -> None:
        """Write the model with its configuration and the fingerprint of its data, as JSON."""
        training = self.training
        data = data_facts(training.table, training.moments)
        if digest := training.landscape.row_digest:
            data["row_digest"] = digest
        about = {
            "fitline": __version__,
            "ending": self.stop_reason.value,
            "steps": self.last.index,
            "cost": self.cost,
            "data": data,
            "config": asdict(training.resolved),
        }
        self.model.save(path, about)


def data_facts(table: Table, moments: Moments) -> dict[str, Any]:
    """Tell of the table of a saved model or run."""
    return {
        "source": table.source,
        "rows": moments.rows,
        "skipped": table.skipped,
        "fingerprint": moments.fingerprint,
    }


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
    settings = {key: value for key, value in locals().items() if value is not None}
    for name in ("data", "x", "y", "config"):
        settings.pop(name, None)
    if not isinstance(config, Config | None):
        raise ConfigError(
            f"config is of type {type(config).__name__!r}, not a Config",
            hint="write config=fitline.Config(steps=500), or each setting by its name",
        )
    data, names = gather(data, x, y)
    config = resolve({**asdict(config or Config()), **names, **settings})
    weights = weights_of(config)
    source = config.data if data is None else data
    table = open_table(source, config.x, config.y, config, weights=weights)
    moments = moments_of(table, config)
    training = prepare(table, landscape_of(table, moments, config), config)
    if config.starts > 1:
        restarts, training, taken = descend_from_all(training, lambda _: True)
    else:
        restarts, taken = [], hold(training.steps())
    return Run(training, taken, taken[-1].stop_reason or StopReason.INTERRUPTED, restarts)
