"""The result of `fitline compare`: several trainings, and which of them is best."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.comparison import Contestant, judge
from fitline.config import Config
from fitline.data import Table
from fitline.landscape.landscape import Landscape
from fitline.optimize.iterate import StopReason

from . import SCHEMA
from .facts import CostFacts, DataFacts, Point


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
        )

    def document(self) -> dict[str, Any]:
        """Give the JSON, without the costs on the way."""
        document = asdict(self) | {"ending": self.ending.value}
        del document["costs"]
        if self.validation_cost is None:
            del document["validation_cost"]
        return document


@dataclass(frozen=True)
class Best:
    """The run that converged first, or the one nearest to the minimum where none converged."""

    name: str
    converged: bool


@dataclass(frozen=True)
class CompareResult:
    """Trainings on one table, whose steps are of this `unit`; the best is one of the runs."""

    data: DataFacts
    cost_function: CostFacts
    minimum: Point
    runs: list[RunFacts]
    best: Best
    unit: str

    @classmethod
    def of(
        cls, table: Table, landscape: Landscape, contestants: Sequence[Contestant]
    ) -> "CompareResult":
        """Judge the trainings."""
        verdict = judge(contestants)
        return cls(
            DataFacts.of(table, landscape.moments),
            CostFacts.of(landscape),
            Point.of(landscape.lowest),
            [*map(RunFacts.of, contestants)],
            Best(verdict.best.name, verdict.converged),
            contestants[0].run.training.unit,
        )

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
            "runs": [run.document() for run in self.runs],
            "best": asdict(self.best),
        }
