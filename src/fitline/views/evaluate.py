"""How the cost of given parameters looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from fitline.evaluation import Told
from fitline.formatting import count, number, parameter_names, theta_text
from fitline.results.evaluate import MEASURES, EvaluateResult, PointFacts, RowFacts

from .report import Block, Facts, Line, Sheet
from .shared import cost_facts, cost_text, excess_text, minimum_facts, table_line, written

MEASURED = (("RMSE", "rmse"), ("R²", "r2"), ("MAE", "mae"))

INFLUENCE = {"leverage": "leverage", "Cook's distance": "cooks_distance"}

COMMON = "those that have a value for every feature of every model, the same for all models"


@dataclass(frozen=True)
class EvaluateReport:
    """One point with its rows, or several points side by side."""

    result: EvaluateResult

    def blocks(self) -> Sequence[Block]:
        """Give the rows of one point, or the table of several; then the minimum."""
        result, cost, best = self.result, self.result.cost_function, self.result.minimum
        head = Facts(
            [
                ("table", table_line(result.data)),
                *cost_facts(cost),
                *([("rows", COMMON)] if result.is_mixed else []),
            ]
        )
        truth = minimum_facts(best, result.dependent, result.data) if best else []
        if len(result.points) != 1:
            truth += [
                (point.model, _untold(point.told))
                for point in result.points
                if point.model and point.told and point.told.untold
            ]
            return [head, self._points(), *([Facts(truth)] if truth else [])]
        (point,) = result.points
        if point.model:
            facts = _model_facts(point, result.data.y)
        else:
            facts = [
                ("point", theta_text(point.theta)),
                ("cost", cost_text(point.cost, cost, point.rmse)),
            ]
        if best is not None and point.excess is not None:
            truth.append(("excess cost", excess_text(point.excess, best.cost or 0.0, cost)))
        return [head, *self._rows(), *self._worst(), Facts([*facts, *truth, *self._errors()])]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the points, and their parameters where all are of the same features."""
        points, is_mixed = self.result.points, self.result.is_mixed
        told = [field.name for field in fields(Told)] if any(one.told for one in points) else []
        rows = (
            (
                *([len(point.x)] if is_mixed else point.theta),
                *(getattr(point, name) for name in MEASURES),
                point.model,
                *(getattr(point.told, name, None) for name in told),
            )
            for point in points
        )
        parameters = [f"theta{place}" for place in range(len(points[0].theta))]
        first = ["features"] if is_mixed else parameters
        return (*first, *MEASURES, "model", *(f"told_{name}" for name in told)), rows

    def _points(self) -> Sheet:
        """Set points side by side: saved models by their quality, and all above the minimum."""
        points, beyond = self.result.points, "excess cost"
        names = parameter_names(len(points[0].theta))
        cost = {"cost": [number(point.cost) for point in points]}
        files = {"model": [point.model or "" for point in points]}
        errors = _error_columns(points)
        if self.result.is_mixed:
            features = {"features": [str(len(point.x)) for point in points]}
            columns = files | features | errors | cost
        else:
            thetas = zip(*([*map(number, point.theta)] for point in points), strict=True)
            columns = dict(zip(names, map(list, thetas), strict=True)) | cost
            if any(point.model for point in points):
                columns = files | columns | errors
        if self.result.minimum:
            columns[beyond] = [_written(point.excess) for point in points]
        spare = [beyond] if len(names) == 2 else [beyond, *names]  # noqa: PLR2004 - a line
        if self.result.is_mixed or any(point.told for point in points):
            spare = [beyond, *names, *(name for name in reversed(errors) if "MAE" in name), "cost"]
        spare = [name for name in spare if name in columns]
        return Sheet(list(columns), list(zip(*columns.values(), strict=True)), spare, ("model",))

    def _rows(self) -> Iterable[Block]:
        """Give the first rows, and say how many there are beyond them."""
        data, rows = self.result.data, self.result.rows
        if rows:
            names, *_, last = [*rows[0].cells], *rows[0].record
            header = (*names, data.labels[-1], "prediction", "error", last.replace("_", " "))
            features = names if len(data.x) > 1 else ()
            yield Sheet(header, [*map(_row, rows)], (*features, header[-1]))
        more = data.rows - len(rows)
        if rows and more > 0:
            yield Line(f"… and {count(more, 'more row')}", "dim")

    def _worst(self) -> Iterable[Block]:
        """Give the rows with the largest errors, where they stand and how much they weigh."""
        if not self.result.worst:
            return
        data, (first, *_) = self.result.data, self.result.worst
        files = ["file"] if len({row.record["file"] for row in self.result.worst}) > 1 else []
        units = {
            unit for row in self.result.worst for unit in ("line", "row") if unit in row.record
        }
        features = [*first.cells]
        place = " or ".join(sorted(units))
        header = [*files, place, *features, data.labels[-1], *("prediction", "error"), *INFLUENCE]
        rows = [
            [
                *(row.record[name] for name in files),
                f"{row.record.get('line', row.record.get('row'))}",
                *(cell if isinstance(cell, str) else number(cell) for cell in row.cells.values()),
                *(number(row.record[name]) for name in ("y", "prediction", "error")),
                *(_written(row.record[name]) for name in INFLUENCE.values()),
            ]
            for row in self.result.worst
        ]
        spare = [*INFLUENCE, *(features if len(data.x) > 1 else [])]
        yield Sheet(header, rows, spare, files)

    def _errors(self) -> Iterable[tuple[str, str]]:
        """Say between which errors how many rows lie."""
        if quantiles := {part: number(error) for part, error in self.result.quantiles.items()}:
            low, few, quarter, middle, most, many, high = quantiles.values()
            wide = f"90 % from {few} to {many}, all from {low} to {high}"
            yield "errors", f"median {middle}, half from {quarter} to {most}, {wide}"


def _error_columns(points: Sequence[PointFacts]) -> dict[str, list[str]]:
    """Say of saved models how good they are at y, and at the column that it tells."""
    columns = {label: [_written(getattr(one, name)) for one in points] for label, name in MEASURED}
    for told in {point.told.column for point in points if point.told}:
        for label, name in MEASURED:
            cells = [_written(getattr(point.told, name, None)) for point in points]
            columns[f"{label} of {told}"] = cells
    return columns


def _model_facts(point: PointFacts, y: str) -> list[tuple[str, str]]:
    """Say how good a saved model is on this table."""
    constant = f"none, for {y} is the same in all rows"
    return [
        ("model", f"{point.model}: {point.equation}"),
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
    return f"{count(told.untold, 'row')} left out, whose prediction gives no {told.column}"


def _row(row: RowFacts) -> list[str]:
    """Write a row: the features, of a column of text its level, and how wrong the point is."""
    _, *others = row.record.values()
    cells = [cell if isinstance(cell, str) else number(cell) for cell in row.cells.values()]
    return [*cells, *map(number, others)]


def _written(value: float | None) -> str:
    return "" if value is None else number(value)
