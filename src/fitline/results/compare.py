"""The result of `fitline compare`: several trainings, and which of them is best."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.comparison import Contestant, Criterion, judge
from fitline.config import Config
from fitline.data import Table
from fitline.model.dependence import Dependence
from fitline.optimize.iterate import StopReason

from . import SCHEMA
from .facts import CostFacts, DataFacts, Point, finite
from .summary import CrossValidationFacts


@dataclass(frozen=True)
class RunFacts:
    """A training that was compared; `costs` are those of the steps that are drawn."""

    name: str
    config: Config
    ending: StopReason
    steps: int
    theta: list[float]
    cost: float
    excess: float
    seconds: float
    costs: dict[int, float]
    validation_cost: float | None
    cross_validation: CrossValidationFacts | None = None

    @classmethod
    def of(cls, one: Contestant) -> "RunFacts":
        """Tell of a training."""
        run = one.run
        return cls(
            one.name,
            run.training.resolved,
            run.stop_reason,
            run.last.index,
            run.model.theta.tolist(),
            run.cost,
            run.excess,
            one.seconds,
            {step.index: step.cost for step in run.steps},
            run.last.validation_cost,
            CrossValidationFacts.told(one.unseen) if one.unseen else None,
        )

    def document(self) -> dict[str, Any]:
        """Give the JSON, without the costs on the way."""
        document = asdict(self) | {"ending": self.ending.value}
        document["theta"] = [*map(finite, self.theta)]
        document |= {"cost": finite(self.cost), "excess": finite(self.excess)}
        del document["costs"]
        for name in ("validation_cost", "cross_validation"):
            if document[name] is None:
                del document[name]
        return document


@dataclass(frozen=True)
class Best:
    """The run that is best by a criterion; `simplest` is the one-standard-error choice."""

    name: str
    converged: bool
    criterion: Criterion = "steps"
    simplest: str | None = None

    def document(self) -> dict[str, Any]:
        """Give the JSON; only folds have a simplest choice."""
        document = asdict(self)
        return {key: value for key, value in document.items() if value is not None}


@dataclass(frozen=True)
class CompareResult:
    """Trainings on one table, whose steps are of this `unit`; the best is one of the runs.

    The cost function, its minimum and the features that leave this open are those of the best.
    """

    data: DataFacts
    cost_function: CostFacts
    minimum: Point
    dependent: list[Dependence]
    runs: list[RunFacts]
    best: Best
    unit: str

    @classmethod
    def of(cls, table: Table, contestants: Sequence[Contestant]) -> "CompareResult":
        """Judge the trainings."""
        verdict = judge(contestants)
        landscape = verdict.best.run.training.landscape
        return cls(
            DataFacts.of(table, landscape.moments),
            CostFacts.of(landscape),
            Point.of(landscape.lowest),
            Dependence.of(table.columns, landscape.dependent),
            [*map(RunFacts.of, contestants)],
            Best(
                verdict.best.name,
                verdict.converged,
                verdict.criterion,
                verdict.simplest.name if verdict.simplest else None,
            ),
            contestants[0].run.training.unit,
        )

    @property
    def has_penalties(self) -> bool:
        """Tell whether the penalties are different ones, and so are the costs."""
        return len({(run.config.l2, run.config.l1) for run in self.runs}) > 1

    @property
    def winner(self) -> RunFacts:
        """Give the run that is best."""
        return next(run for run in self.runs if run.name == self.best.name)

    def document(self) -> dict[str, Any]:
        """Give the JSON."""
        return {
            "schema": SCHEMA,
            "command": "compare",
            "data": asdict(self.data),
            "cost_function": self.cost_function.document(),
            "minimum": asdict(self.minimum),
            **({"dependent": [*map(asdict, self.dependent)]} if self.dependent else {}),
            "runs": [run.document() for run in self.runs],
            "best": self.best.document(),
        }
