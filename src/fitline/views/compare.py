"""How several trainings look side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fitline.charts.race import SIGNS, Race, Walk
from fitline.comparison import Contestant
from fitline.data import Table
from fitline.formatting import number, theta_text
from fitline.landscape.landscape import Landscape

from .report import SCHEMA, Block, Facts, Line, Picture, Sheet
from .shared import cost_document, cost_facts, data_document, point_document, table_line
from .theory import unit_of

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
                    ("table", table_line(self.table, self.landscape.moments)),
                    *cost_facts(self.landscape),
                    ("minimum", f"{number(best.cost)} at {theta_text(best.theta)}"),
                ]
            ),
            self._sheet(),
            Picture(self._race()),
            Line(self._verdict()),
        ]

    def document(self) -> dict[str, Any]:
        """Give the results for programs."""
        from dataclasses import asdict

        return {
            "schema": SCHEMA,
            "command": "compare",
            "data": data_document(self.table, self.landscape.moments),
            "cost_function": cost_document(self.landscape),
            "minimum": point_document(self.landscape.lowest),
            "runs": [
                {
                    "name": one.name,
                    "config": asdict(one.run.training.config),
                    "ending": one.run.ending.name.lower(),
                    "steps": one.run.last.index,
                    "theta": one.run.model.theta.tolist(),
                    "cost": one.run.cost,
                    "excess": one.run.excess,
                    "seconds": one.seconds,
                }
                for one in self.contestants
            ],
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a training."""
        header = ("name", "ending", "steps", "theta0", "theta1", "cost", "excess", "seconds")
        rows = (
            (
                one.name,
                one.run.ending.name.lower(),
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
                one.run.ending.name.lower(),
                f"{one.run.last.index:,}",
                number(one.run.excess, 3),
                f"{one.seconds:.3f}",
            )
            for nth, one in enumerate(self.contestants)
        ]
        header = ("walk", "ended", f"{self._unit}s", "above the minimum", "seconds")
        return Sheet(header, rows, ("seconds", "above the minimum"), ("walk", "ended"))

    @property
    def _unit(self) -> str:
        return unit_of(self.contestants[0].run)

    def _race(self) -> Race:
        walks = [
            Walk([s.index for s in one.run.steps], [s.cost for s in one.run.steps])
            for one in self.contestants
        ]
        highest = max(walk.costs[0] for walk in walks)
        floor = self.landscape.lowest.cost or LOWEST_PART * highest or 1.0
        return Race(walks, floor, self._unit)

    def _verdict(self) -> str:
        """Say who arrived first."""
        arrived = [one for one in self.contestants if one.run.ending.name == "CONVERGED"]
        if not arrived:
            nearest = min(self.contestants, key=lambda one: one.run.excess)
            return f"None converged; {nearest.name} came nearest to the minimum."
        first = min(arrived, key=lambda one: one.run.last.index)
        return f"{first.name} took the fewest {self._unit}s: {first.run.last.index:,}."
