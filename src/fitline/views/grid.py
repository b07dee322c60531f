"""How a grid of costs looks."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.data import Table
from fitline.formatting import number, theta_text
from fitline.landscape.grid import Grid
from fitline.landscape.landscape import Landscape
from fitline.results import CostFacts, DataFacts

from .report import SCHEMA, Block, Facts, Sheet
from .shared import cost_facts, point_document, table_line


@dataclass(frozen=True)
class GridReport:
    """The cost at every pair of parameters."""

    table: Table
    landscape: Landscape
    grid: Grid

    def blocks(self) -> Sequence[Block]:
        """Give a row a cell, and the minimum."""
        best = self.landscape.lowest
        moments = self.landscape.moments
        rows = [tuple(map(number, record)) for record in self._cells()]
        return [
            Facts(
                [
                    ("table", table_line(DataFacts.of(self.table, moments))),
                    *cost_facts(CostFacts.of(self.landscape)),
                ]
            ),
            Sheet(("θ0", "θ1", "cost"), rows),
            Facts([("minimum", f"{number(best.cost)} at {theta_text(best.theta)}")]),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON; `cost` has a list for each θ0."""
        return {
            "schema": SCHEMA,
            "command": "grid",
            "data": asdict(DataFacts.of(self.table, self.landscape.moments)),
            "cost_function": CostFacts.of(self.landscape).document(),
            "theta0": self.grid.theta0.tolist(),
            "theta1": self.grid.theta1.tolist(),
            "cost": self.grid.cost.tolist(),
            "minimum": point_document(self.landscape.lowest),
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a cell."""
        return ("theta0", "theta1", "cost"), self._cells()

    def _cells(self) -> Iterable[Sequence[float]]:
        for row in self.grid.cells():
            yield from row.tolist()
