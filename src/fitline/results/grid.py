"""The result of `fitline grid`: the cost at every pair of parameters."""

from dataclasses import asdict, dataclass
from typing import Any

from fitline.data import Table
from fitline.landscapes.grid import Grid
from fitline.landscapes.projection import Projection

from . import SCHEMA
from .facts import CostFacts, DataFacts, Point
from .planes import PlaneFacts


@dataclass(frozen=True, eq=False)
class GridResult:
    """The cells of a grid, and the minimum of the landscape."""

    data: DataFacts
    cost_function: CostFacts
    plane: PlaneFacts
    grid: Grid
    minimum: Point

    @classmethod
    def of(cls, table: Table, seen: Projection, grid: Grid) -> "GridResult":
        """Tell of a grid on a plane."""
        landscape = seen.landscape
        return cls(
            DataFacts.of(table, landscape.moments),
            CostFacts.of(landscape),
            PlaneFacts.of(table, seen),
            grid,
            Point.of(landscape.lowest),
        )

    def document(self) -> dict[str, Any]:
        """Give the JSON; `cost` has a list for each value of the first axis."""
        return {
            "schema": SCHEMA,
            "command": "grid",
            "data": asdict(self.data),
            "cost_function": self.cost_function.document(),
            **self._axes(),
            "cost": self.grid.cost.tolist(),
            "minimum": asdict(self.minimum),
        }

    def _axes(self) -> dict[str, Any]:
        values, plane = [self.grid.across.tolist(), self.grid.up.tolist()], self.plane.document()
        if not plane:
            return dict(zip(("theta0", "theta1"), values, strict=True))
        axes = zip(plane["axes"], values, strict=True)
        return {**plane, "axes": [{**axis, "values": own} for axis, own in axes]}
