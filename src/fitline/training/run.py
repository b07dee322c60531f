"""A training that has been run."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from fitline import __version__
from fitline.config import Config
from fitline.data import Table
from fitline.landscapes.stationary import Stationary
from fitline.model import LinearModel
from fitline.optimize.iterate import Step, StopReason
from fitline.optimize.moments import Moments
from fitline.statistics.intervals import Uncertainty

from .held_steps import hold
from .prepare import landscape_of, moments_of, prepare
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


def run_on(table: Table, config: Config) -> Run:
    """Read a table, train on it, and keep every step. Raises DataError and ConfigError."""
    moments = moments_of(table, config)
    training = prepare(table, landscape_of(table, moments, config), config)
    if config.starts > 1:
        restarts, training, taken = descend_from_all(training, lambda _: True)
    else:
        restarts, taken = [], hold(training.steps())
    return Run(training, taken, taken[-1].stop_reason or StopReason.INTERRUPTED, restarts)
