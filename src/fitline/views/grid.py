"""How a grid of costs looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fitline.digits import number
from fitline.landscape import Grid, minimum
from fitline.moments import Moments
from fitline.sources import Table

from .report import SCHEMA, Block, Facts, Sheet
from .shared import data_document, minimum_document, table_line, theta_text


@dataclass(frozen=True)
class GridReport:
    """The cost at every pair of parameters."""

    table: Table
    moments: Moments
    grid: Grid

    def blocks(self) -> Sequence[Block]:
        """Give a row a cell, and the minimum."""
        best = minimum(self.moments)
        rows = [tuple(map(number, record)) for record in self._cells()]
        return [
            Facts([("table", table_line(self.table, self.moments))]),
            Sheet(("θ0", "θ1", "cost"), rows),
            Facts([("minimum", f"{number(best.cost)} at {theta_text(best.theta)}")]),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON; `cost` has a list for each θ0."""
        return {
            "schema": SCHEMA,
            "command": "grid",
            "data": data_document(self.table, self.moments),
            "theta0": self.grid.theta0.tolist(),
            "theta1": self.grid.theta1.tolist(),
            "cost": self.grid.cost.tolist(),
            "minimum": minimum_document(minimum(self.moments)),
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a cell."""
        return ("theta0", "theta1", "cost"), self._cells()

    def _cells(self) -> Iterable[Sequence[float]]:
        for row in self.grid.cells():
            yield from row.tolist()
