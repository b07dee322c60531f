"""How the cost of given parameters looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from fitline.data import Table
from fitline.data.terms import LevelTerm
from fitline.evaluation import Evaluation, Point, Told
from fitline.formatting import count, number, parameter_names, theta_text
from fitline.results import CostFacts, DataFacts

from .report import SCHEMA, Block, Facts, Line, Sheet
from .shared import cost_facts, cost_text, excess_text, point_document, table_line, written

MEASURES = ("cost", "excess", "rmse", "r2", "mae")
"""What programs are told of a point."""

MEASURED = (("RMSE", "rmse"), ("R²", "r2"), ("MAE", "mae"))

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
            truth += [
                (point.model.file, _untold(point.told))
                for point in self.evaluation.points
                if point.model and point.told and point.told.untold
            ]
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
                    **({"told": asdict(point.told)} if point.told else {}),
                }
                for point in evaluation.points
            ],
            "minimum": point_document(evaluation.minimum) if evaluation.minimum else None,
            "rows": [dict(row) for row in self.evaluation.rows],
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the points, and their parameters where all are of the same features."""
        points, is_mixed = self.evaluation.points, self.evaluation.is_mixed
        told = [field.name for field in fields(Told)] if any(one.told for one in points) else []
        parameters = [] if is_mixed else range(len(self.evaluation.landscape.extent))
        rows = (
            (
                *([len(point.x)] if is_mixed else point.theta.tolist()),
                *(getattr(point, name) for name in MEASURES),
                point.model.file if point.model else None,
                *(getattr(point.told, name, None) for name in told),
            )
            for point in points
        )
        first = ["features"] if is_mixed else [f"theta{place}" for place in parameters]
        return (*first, *MEASURES, "model", *(f"told_{name}" for name in told)), rows

    def _points(self) -> Sheet:
        """Set points side by side: saved models by their quality, and all above the minimum."""
        points, beyond = self.evaluation.points, "excess cost"
        names = parameter_names(len(points[0].theta))
        cost = {"cost": [number(point.cost) for point in points]}
        files = {"model": [point.model.file if point.model else "" for point in points]}
        errors = _error_columns(points)
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
        spare = [beyond] if len(names) == 2 else [beyond, *names]  # noqa: PLR2004 - a line
        if self.evaluation.is_mixed or any(point.told for point in points):
            spare = [beyond, *names, *(name for name in reversed(errors) if "MAE" in name), "cost"]
        spare = [name for name in spare if name in columns]
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


def _error_columns(points: Sequence[Point]) -> dict[str, list[str]]:
    """Say of saved models how good they are at y, and at the column that it tells."""
    columns = {label: [_written(getattr(one, name)) for one in points] for label, name in MEASURED}
    for told in {point.told.column for point in points if point.told}:
        for label, name in MEASURED:
            cells = [_written(getattr(point.told, name, None)) for point in points]
            columns[f"{label} of {told}"] = cells
    return columns


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
        *([(point.told.column, _told_text(point.told))] if point.told else []),
    ]


def _told_text(told: Told) -> str:
    """Say how good a model is at the column of which y is a formula."""
    r2 = f", R² {number(told.r2)}" if told.r2 is not None else ""
    text = f"RMSE {written(told.rmse)}{r2}, MAE {written(told.mae)}"
    return f"{text}; {_untold(told)}" if told.untold else text


def _untold(told: Told) -> str:
    return f"{count(told.untold, 'row')} left out, for which the prediction tells no {told.column}"


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
