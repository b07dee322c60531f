"""How a grid of costs looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fitline.formatting import number
from fitline.results.grid import GridResult

from .planes import columns_of, names_of, plane_facts
from .report import Block, Facts, Sheet
from .shared import cost_facts, place_text, table_line


@dataclass(frozen=True)
class GridReport:
    """The cost at every pair of parameters."""

    result: GridResult

    def blocks(self) -> Sequence[Block]:
        """Give a row a cell, and the minimum."""
        result = self.result
        rows = [tuple(map(number, record)) for record in self._cells()]
        return [
            Facts(
                [
                    ("table", table_line(result.data)),
                    *cost_facts(result.cost_function),
                    *plane_facts(result.plane),
                ]
            ),
            Sheet((*names_of(result.plane), "cost"), rows),
            Facts([("minimum", place_text(result.minimum))]),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a cell."""
        return columns_of(self.result.plane), self._cells()

    def _cells(self) -> Iterable[Sequence[float]]:
        for row in self.result.grid.cells():
            yield from row.tolist()
