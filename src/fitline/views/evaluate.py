"""How the cost of given parameters looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.data import Table
from fitline.data.terms import LevelTerm
from fitline.evaluation import Evaluation, Point
from fitline.formatting import count, number, parameter_names, theta_text
from fitline.results import CostFacts, DataFacts

from .report import SCHEMA, Block, Facts, Line, Sheet
from .shared import cost_facts, cost_text, excess_text, point_document, table_line

MEASURES = ("cost", "excess", "rmse", "r2", "mae")
"""What programs are told of a point."""

COMMON = "those that have a value for every feature of every model, the same for all models"


@dataclass(frozen=True)
class EvaluateReport:
    """One point with its rows, or several points side by side."""

    evaluation: Evaluation

    def blocks(self) -> Sequence[Block]:
        """Give the rows of one point, or the table of several; then the minimum."""
        table, landscape = self.evaluation.table, self.evaluation.landscape
        head = Facts(
            [
                ("table", table_line(DataFacts.of(table, landscape.moments))),
                *cost_facts(CostFacts.of(landscape)),
                *([("rows", COMMON)] if self.evaluation.is_mixed else []),
            ]
        )
        best = self.evaluation.minimum
        truth = [("minimum", f"{number(best.cost)} at {theta_text(best.theta)}")] if best else []
        if len(self.evaluation.points) != 1:
            return [head, self._points(), *([Facts(truth)] if truth else [])]
        (point,) = self.evaluation.points
        facts = (
            _model_facts(point, self.evaluation)
            if point.model
            else [
                ("point", theta_text(point.theta)),
                ("cost", cost_text(point.cost, CostFacts.of(landscape))),
            ]
        )
        if best is not None and point.excess is not None:
            truth.append(
                ("excess cost", excess_text(point.excess, best.cost, CostFacts.of(landscape)))
            )
        return [head, *self._rows(), Facts([*facts, *truth])]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        evaluation = self.evaluation
        return {
            "schema": SCHEMA,
            "command": "evaluate",
            "data": asdict(DataFacts.of(evaluation.table, evaluation.landscape.moments)),
            "cost_function": CostFacts.of(evaluation.landscape).document(),
            "points": [
                {
                    **({"x": list(point.x)} if evaluation.is_mixed else {}),
                    "theta": point.theta.tolist(),
                    **{name: getattr(point, name) for name in MEASURES},
                    "model": point.model.file if point.model else None,
                }
                for point in evaluation.points
            ],
            "minimum": point_document(evaluation.minimum) if evaluation.minimum else None,
            "rows": [dict(row) for row in self.evaluation.rows],
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the points, and their parameters where all are of the same features."""
        points, is_mixed = self.evaluation.points, self.evaluation.is_mixed
        parameters = [] if is_mixed else range(len(self.evaluation.landscape.extent))
        rows = (
            (
                *([len(point.x)] if is_mixed else point.theta.tolist()),
                *(getattr(point, name) for name in MEASURES),
                point.model.file if point.model else None,
            )
            for point in points
        )
        first = ["features"] if is_mixed else [f"theta{place}" for place in parameters]
        return (*first, *MEASURES, "model"), rows

    def _points(self) -> Sheet:
        """Set points side by side: saved models by their quality, and all above the minimum."""
        points, beyond = self.evaluation.points, "excess cost"
        names = parameter_names(len(points[0].theta))
        cost = {"cost": [number(point.cost) for point in points]}
        files = {"model": [point.model.file if point.model else "" for point in points]}
        errors = {
            label: [_written(getattr(point, name)) for point in points]
            for label, name in (("RMSE", "rmse"), ("R²", "r2"), ("MAE", "mae"))
        }
        if self.evaluation.is_mixed:
            features = {"features": [str(len(point.x)) for point in points]}
            columns = files | features | errors | cost
        else:
            thetas = zip(*([*map(number, point.theta)] for point in points), strict=True)
            columns = dict(zip(names, map(list, thetas), strict=True)) | cost
            if any(point.model for point in points):
                columns = files | columns | errors
        if self.evaluation.minimum:
            columns[beyond] = [_written(point.excess) for point in points]
        spare = (beyond,) if len(names) == 2 else (beyond, *names)  # noqa: PLR2004 - a line
        return Sheet(list(columns), list(zip(*columns.values(), strict=True)), spare, ("model",))

    def _rows(self) -> Iterable[Block]:
        """Give the first rows, and say how many there are beyond them."""
        table, records = self.evaluation.table, self.evaluation.rows
        if records:
            *_, last = records[0]
            names = list(_cells(table, records[0]))
            header = (*names, table.labels[-1], "prediction", "error", last.replace("_", " "))
            features = names if table.features > 1 else ()
            rows = [[*_cells(table, record).values(), *_errors(record)] for record in records]
            yield Sheet(header, rows, (*features, header[-1]))
        more = self.evaluation.landscape.moments.rows - len(records)
        if records and more:
            yield Line(f"… and {count(more, 'more row')}", "dim")


def _model_facts(point: Point, evaluation: Evaluation) -> list[tuple[str, str]]:
    """Say how good a saved model is on this table."""
    model = point.model
    constant = f"none, for {evaluation.table.columns[-1]} is the same in all rows"
    return [
        ("model", f"{model.file}: {model.model.equation}" if model else ""),
        ("cost", number(point.cost)),
        ("RMSE", number(point.rmse)),
        ("R²", constant if point.r2 is None else number(point.r2)),
        ("MAE", f"{_written(point.mae)}, the mean absolute error"),
    ]


def _cells(table: Table, record: Mapping[str, Any]) -> dict[str, str]:
    """Write the features of a row, of a column of text its level, by their labels."""
    x = record["x"] if table.features > 1 else [record["x"]]
    cells: dict[str, tuple[str, str]] = {}
    for label, term, value in zip(table.labels, table.terms, x, strict=False):
        if isinstance(term, LevelTerm):
            base, level = (table.levels[term.typed][place] for place in (0, term.level))
            column = term.name.removesuffix(f"={level}")
            if value or term.typed not in cells:
                cells[term.typed] = column, level if value else base
        else:
            cells[term.typed] = label, number(value)
    return dict(cells.values())


def _errors(record: Mapping[str, Any]) -> list[str]:
    _, *others = record.values()
    return [*map(number, others)]


def _written(value: float | None) -> str:
    return "" if value is None else number(value)
