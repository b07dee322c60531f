"""How several trainings look side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.charts.chart import Chart
from fitline.charts.race import SIGNS, CostCurve, race
from fitline.comparison import Contestant, judge
from fitline.data import Table
from fitline.formatting import number, theta_text
from fitline.landscape.landscape import Landscape
from fitline.optimize.iterate import StopReason
from fitline.results import CostFacts, DataFacts

from .report import SCHEMA, Block, Facts, Line, Picture, Sheet
from .shared import cost_facts, point_document, table_line

STATUS = {StopReason.STEPS: "step limit"}

LOWEST_PART = 1e-3
"""The picture reaches down to the minimum, or to this part of the highest start."""


@dataclass(frozen=True, eq=False)
class CompareReport:
    """Trainings on one landscape; the fastest to converge is named."""

    table: Table
    landscape: Landscape
    contestants: Sequence[Contestant]

    def blocks(self) -> Sequence[Block]:
        """Give the table of all, their costs overlaid, and who was first."""
        best = self.landscape.lowest
        return [
            Facts(
                [
                    ("table", table_line(DataFacts.of(self.table, self.landscape.moments))),
                    *cost_facts(CostFacts.of(self.landscape)),
                    ("minimum", f"{number(best.cost)} at {theta_text(best.theta)}"),
                ]
            ),
            self._sheet(),
            Picture(self._race()),
            Line(self._verdict()),
        ]

    def document(self) -> dict[str, Any]:
        """Give the results for programs."""
        verdict = judge(self.contestants)
        return {
            "schema": SCHEMA,
            "command": "compare",
            "data": asdict(DataFacts.of(self.table, self.landscape.moments)),
            "cost_function": CostFacts.of(self.landscape).document(),
            "minimum": point_document(self.landscape.lowest),
            "runs": [
                {
                    "name": one.name,
                    "config": asdict(one.run.training.resolved),
                    "ending": one.run.stop_reason.value,
                    "steps": one.run.last.index,
                    "theta": one.run.model.theta.tolist(),
                    "cost": one.run.cost,
                    "excess": one.run.excess,
                    "seconds": one.seconds,
                }
                for one in self.contestants
            ],
            "best": {"name": verdict.best.name, "converged": verdict.converged},
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a training."""
        thetas = [f"theta{place}" for place in range(len(self.landscape.extent))]
        header = ("name", "ending", "steps", *thetas, "cost", "excess", "seconds")
        rows = (
            (
                one.name,
                one.run.stop_reason.value,
                one.run.last.index,
                *one.run.model.theta.tolist(),
                one.run.cost,
                one.run.excess,
                one.seconds,
            )
            for one in self.contestants
        )
        return header, rows

    def _sheet(self) -> Sheet:
        rows = [
            (
                f"{SIGNS[nth % len(SIGNS)]} {one.name}",
                STATUS.get(one.run.stop_reason, one.run.stop_reason.value),
                f"{one.run.last.index:,}",
                number(one.run.excess, 3),
                f"{one.seconds:.3f}",
            )
            for nth, one in enumerate(self.contestants)
        ]
        header = ("run", "status", f"{self._unit}s", "excess cost", "seconds")
        return Sheet(header, rows, ("seconds", "excess cost"), ("run", "status"))

    @property
    def _unit(self) -> str:
        return self.contestants[0].run.training.unit

    def _race(self) -> Chart:
        curves = [
            CostCurve([s.index for s in one.run.steps], [s.cost for s in one.run.steps])
            for one in self.contestants
        ]
        highest = max(curve.costs[0] for curve in curves)
        floor = self.landscape.lowest.cost or LOWEST_PART * highest or 1.0
        return race(curves, floor, self._unit)

    def _verdict(self) -> str:
        """Say which run is best."""
        verdict = judge(self.contestants)
        name, steps = verdict.best.name, verdict.best.run.last.index
        if verdict.converged:
            return f"{name} took the fewest {self._unit}s: {steps:,}."
        return f"None converged; {name} came nearest to the minimum."
