"""The result of `fitline evaluate`: points, the minimum, rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.data import Table
from fitline.data.terms import LevelTerm
from fitline.evaluation import PROBABILITIES, Evaluation, Told
from fitline.evaluation import Point as Measured
from fitline.model.dependence import Dependence

from . import SCHEMA
from .facts import CostFacts, DataFacts, Point

MEASURES = ("cost", "excess", "rmse", "r2", "mae")
"""What programs are told of a point."""


@dataclass(frozen=True)
class PointFacts:
    """Parameters of the features `x`, and how well they fit; see `evaluation.Point`.

    `model` is the file from which they are, if from one, and `equation` what that says.
    """

    x: list[str]
    theta: list[float]
    cost: float
    excess: float | None
    rmse: float
    r2: float | None
    mae: float | None
    model: str | None
    equation: str
    told: Told | None

    @classmethod
    def of(cls, point: Measured) -> "PointFacts":
        """Tell of a point."""
        saved = point.model
        return cls(
            list(point.x),
            point.theta.tolist(),
            *(point.cost, point.excess, point.rmse, point.r2, point.mae),
            saved.file if saved else None,
            saved.model.equation if saved else "",
            point.told,
        )

    def document(self, *, names_features: bool) -> dict[str, Any]:
        """Give the JSON."""
        return {
            **({"x": self.x} if names_features else {}),
            "theta": self.theta,
            **{name: getattr(self, name) for name in MEASURES},
            "model": self.model,
            **({"told": asdict(self.told)} if self.told else {}),
        }


@dataclass(frozen=True)
class RowFacts:
    """A row: its columns by their labels, those of text by their levels; y and how wrong it is."""

    cells: Mapping[str, float | str]
    record: Mapping[str, Any]


@dataclass(frozen=True)
class EvaluateResult:
    """Points on a table, the minimum if it was asked for, and the first rows of one point.

    `dependent` features are told beside the minimum, which leaves their parameters open.
    The `worst` rows and the quantiles of the errors are there where they were asked for.
    """

    data: DataFacts
    cost_function: CostFacts
    points: list[PointFacts]
    minimum: Point | None
    dependent: list[Dependence]
    rows: list[RowFacts]
    is_mixed: bool
    worst: list[RowFacts]
    quantiles: dict[float, float]

    @classmethod
    def of(cls, evaluation: Evaluation) -> "EvaluateResult":
        """Tell of an evaluation."""
        table, landscape, errors = evaluation.table, evaluation.landscape, evaluation.errors
        return cls(
            DataFacts.of(table, landscape.moments),
            CostFacts.of(landscape),
            [*map(PointFacts.of, evaluation.points)],
            Point.of(evaluation.minimum) if evaluation.minimum else None,
            Dependence.of(table.columns, landscape.dependent if evaluation.minimum else {}),
            _rows(table, evaluation.rows),
            evaluation.is_mixed,
            _rows(table, errors.worst) if errors else [],
            dict(zip(PROBABILITIES, errors.quantiles, strict=True)) if errors else {},
        )

    def document(self) -> dict[str, Any]:
        """Give the JSON."""
        return {
            "schema": SCHEMA,
            "command": "evaluate",
            "data": asdict(self.data),
            "cost_function": self.cost_function.document(),
            "points": [point.document(names_features=self.is_mixed) for point in self.points],
            "minimum": asdict(self.minimum) if self.minimum else None,
            **({"dependent": [*map(asdict, self.dependent)]} if self.dependent else {}),
            "rows": [dict(row.record) for row in self.rows],
            **({"worst": [dict(row.record) for row in self.worst]} if self.worst else {}),
            **({"quantiles": self._quantiles} if self.quantiles else {}),
        }

    @property
    def _quantiles(self) -> list[dict[str, float]]:
        pairs = self.quantiles.items()
        return [{"probability": probability, "error": error} for probability, error in pairs]


def _rows(table: Table, records: Sequence[Mapping[str, Any]]) -> list[RowFacts]:
    return [RowFacts(_cells(table, record["x"]), record) for record in records]


def _cells(table: Table, x: float | Sequence[float]) -> dict[str, float | str]:
    """Give the columns of a row by their labels, a column of text by its level."""
    values = x if isinstance(x, Sequence) else [x]
    cells: dict[str, tuple[str, float | str]] = {}
    for label, term, value in zip(table.labels, table.terms, values, strict=False):
        if isinstance(term, LevelTerm):
            base, level = (table.levels[term.typed][place] for place in (0, term.level))
            column = term.name.removesuffix(f"={level}")
            if value or term.typed not in cells:
                cells[term.typed] = column, level if value else base
        else:
            cells[term.typed] = label, value
    return dict(cells.values())
