"""How the cost of given parameters looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitline.costs import SquaredError
from fitline.digits import count, number
from fitline.evaluation import Evaluation

from .report import SCHEMA, Block, Facts, Line, Sheet
from .shared import (
    cost_document,
    cost_facts,
    cost_text,
    data_document,
    excess_text,
    point_document,
    table_line,
    theta_text,
)


@dataclass(frozen=True)
class EvaluateReport:
    """One point with its rows, or several points side by side."""

    evaluation: Evaluation

    def blocks(self) -> Sequence[Block]:
        """Give the rows of one point, or the table of several; then the minimum."""
        table, landscape = self.evaluation.table, self.evaluation.landscape
        head = Facts([("table", table_line(table, landscape.moments)), *cost_facts(landscape)])
        best = landscape.lowest
        truth = ("minimum", f"{number(best.cost)} at {theta_text(best.theta)}")
        if len(self.evaluation.points) != 1:
            return [head, self._points(), Facts([truth])]
        (point,) = self.evaluation.points
        costs = [
            ("point", theta_text(point.theta)),
            ("cost", cost_text(point.cost, landscape)),
            truth,
            ("above it", excess_text(point.excess, best.cost, landscape)),
        ]
        return [head, *self._rows(), Facts(costs)]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        evaluation = self.evaluation
        return {
            "schema": SCHEMA,
            "command": "evaluate",
            "data": data_document(evaluation.table, evaluation.landscape.moments),
            "cost_function": cost_document(evaluation.landscape),
            "points": [
                {"theta": point.theta.tolist(), "cost": point.cost, "excess": point.excess}
                for point in evaluation.points
            ],
            "minimum": point_document(evaluation.landscape.lowest),
            "rows": self._row_records(),
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the points."""
        points = self.evaluation.points
        rows = ((*point.theta.tolist(), point.cost, point.excess) for point in points)
        return ("theta0", "theta1", "cost", "excess"), rows

    def _points(self) -> Sheet:
        rows = [
            (*map(number, point.theta), number(point.cost), number(point.excess))
            for point in self.evaluation.points
        ]
        return Sheet(("θ0", "θ1", "cost", "above the minimum"), rows, ("above the minimum",))

    def _rows(self) -> Iterable[Block]:
        """Give the first rows, and say how many there are beyond them."""
        x, y = self.evaluation.table.labels
        records = self._row_records()
        if records:
            *_, last = records[0]
            header = (x, y, "prediction", "error", last.replace("_", " "))
            rows = [tuple(map(number, record.values())) for record in records]
            yield Sheet(header, rows, header[-1:])
        more = self.evaluation.landscape.moments.rows - len(records)
        if records and more:
            yield Line(f"… and {count(more, 'more row')}", "dim")

    def _row_records(self) -> list[dict[str, float]]:
        """Give the first rows of the table with their errors, y − ŷ, where there is one point."""
        if len(self.evaluation.points) != 1:
            return []
        intercept, slope = self.evaluation.points[0].theta.tolist()
        cost = self.evaluation.landscape.cost
        records = []
        for x, y in self.evaluation.rows.tolist():
            prediction = intercept + slope * x
            error = y - prediction
            wrong = (
                {"squared_error": error * error}
                if isinstance(cost, SquaredError)
                else {"loss": float(cost.loss.value(np.array(error)))}
            )
            records.append({"x": x, "y": y, "prediction": prediction, "error": error, **wrong})
        return records
