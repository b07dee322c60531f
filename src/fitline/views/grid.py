"""How a grid of costs looks."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.data import Table
from fitline.formatting import number, theta_text
from fitline.landscape.grid import Grid
from fitline.landscape.projection import Projection
from fitline.results import CostFacts, DataFacts

from .planes import axes_document, columns_of, names_of, plane_facts
from .report import SCHEMA, Block, Facts, Sheet
from .shared import cost_facts, point_document, table_line


@dataclass(frozen=True)
class GridReport:
    """The cost at every pair of parameters."""

    table: Table
    seen: Projection
    grid: Grid

    def blocks(self) -> Sequence[Block]:
        """Give a row a cell, and the minimum."""
        landscape = self.seen.landscape
        best = landscape.lowest
        rows = [tuple(map(number, record)) for record in self._cells()]
        return [
            Facts(
                [
                    ("table", table_line(DataFacts.of(self.table, landscape.moments))),
                    *cost_facts(CostFacts.of(landscape)),
                    *plane_facts(self.table, self.seen),
                ]
            ),
            Sheet((*names_of(self.table, self.seen), "cost"), rows),
            Facts([("minimum", f"{number(best.cost)} at {theta_text(best.theta)}")]),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON; `cost` has a list for each value of the first axis."""
        landscape = self.seen.landscape
        return {
            "schema": SCHEMA,
            "command": "grid",
            "data": asdict(DataFacts.of(self.table, landscape.moments)),
            "cost_function": CostFacts.of(landscape).document(),
            **self._axes(),
            "cost": self.grid.cost.tolist(),
            "minimum": point_document(landscape.lowest),
        }

    def _axes(self) -> dict[str, Any]:
        values = self.grid.across.tolist(), self.grid.up.tolist()
        if self.seen.others is None:
            return {"theta0": values[0], "theta1": values[1]}
        axes = zip(axes_document(self.table, self.seen), values, strict=True)
        return {
            "axes": [{**axis, "values": own} for axis, own in axes],
            "others": self.seen.others,
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a cell."""
        return columns_of(self.table, self.seen), self._cells()

    def _cells(self) -> Iterable[Sequence[float]]:
        for row in self.grid.cells():
            yield from row.tolist()
