"""The result of `fitline predict`: rows, and what a model predicts for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard, Union, cast

from fitline.escaping import json_text

from . import SCHEMA

if TYPE_CHECKING:
    from fitline.model import GroupModels, Line, LinearModel
    from fitline.statistics.intervals import Interval

Model: TypeAlias = Union["LinearModel", "GroupModels", "Line"]

Predicted = tuple[float | None, ...]
"""A prediction, what it tells of the column of which y is a formula, if it is one, the ends of
intervals, and the residual, if there is one."""


@dataclass(frozen=True, eq=False)
class PredictResult:
    """Rows of features, in the shape (rows, features), and what a model predicts for each.

    Of models of groups the place of a row's own goes before its features. Where they were `typed`,
    there are the values of its columns too, as they were. `intervals` have their ends behind what
    is predicted, and residuals are the last `with_residuals`.
    """

    model: Model
    rows: Sequence[Sequence[float]]
    predicted: Sequence[Predicted]
    typed: Sequence[Sequence[str]] = ()
    intervals: "Sequence[Interval]" = ()
    with_residuals: bool = False

    @classmethod
    def of(
        cls,
        model: Model,
        rows: Sequence[Sequence[float]],
        typed: Sequence[Sequence[str]] = (),
        intervals: "Sequence[Interval]" = (),
        residuals: Sequence[float] | None = None,
    ) -> "PredictResult":
        """Predict, and tell the residuals of rows that have y."""
        formulas, predicted = model.formulas.values(), model.predicted(rows, intervals)
        missed = [()] * len(rows) if residuals is None else [(one,) for one in residuals]
        told = [
            (y, *(formula.inverse(y) for formula in formulas), *ends, *residual)
            for (y, *ends), residual in zip(predicted, missed, strict=True)
        ]
        return cls(model, rows, told, typed, intervals, residuals is not None)

    @property
    def predictions(self) -> list[float | None]:
        """Give what is predicted of each row, without what that tells."""
        return [one[0] for one in self.predicted]

    @property
    def names(self) -> list[str]:
        """Name what is predicted, in JSON."""
        return names(self.model, self.intervals, with_residuals=self.with_residuals)

    @property
    def by(self) -> str | None:
        """Name the column that tells groups apart, if there are some."""
        return self.model.by if _has_groups(self.model) else None

    @property
    def groups(self) -> list[str]:
        """Name the group of each row, where there are groups."""
        model = self.model
        return [model.names[int(place)] for place, *_ in self.rows] if _has_groups(model) else []

    @property
    def equation(self) -> str:
        """Write the line of all rows; nothing where they are of several groups."""
        model, found = self.model, {*self.groups}
        if _has_groups(model):
            return model.models[found.pop()].equation if len(found) == 1 else ""
        return cast("LinearModel | Line", model).equation

    def document(self) -> dict[str, Any]:
        """Give the JSON."""
        rows = zip(self.rows, self.predicted, strict=True)
        predictions = [_document(self.model, self.names, (*row, *told)) for row, told in rows]
        return {**_head(self.model), "predictions": predictions}


def _has_groups(model: Model) -> TypeGuard["GroupModels"]:
    return hasattr(model, "by")


def names(model: Model, intervals: "Sequence[Interval]", *, with_residuals: bool) -> list[str]:
    """Name what is predicted of a row, in JSON."""
    told = ["column"] if model.formulas else []
    ends = (name for one in intervals for name in one.names)
    return ["prediction", *told, *ends, *(["residual"] if with_residuals else [])]


def json_pieces(
    model: Model,
    intervals: "Sequence[Interval]",
    rows: Iterable[Sequence[float | None]],
    *,
    with_residuals: bool,
) -> Iterator[str]:
    """Write the JSON a piece at a time; what is predicted is the last of a row."""
    named = names(model, intervals, with_residuals=with_residuals)
    yield json_text(_head(model)).removesuffix("}") + ', "predictions": ['
    for place, row in enumerate(rows):
        yield ", " if place else ""
        yield json_text(_document(model, named, row))
    yield "]}\n"


def _head(model: Model) -> dict[str, Any]:
    head: dict[str, Any] = {"schema": SCHEMA, "command": "predict"}
    if _has_groups(model):
        return {**head, "theta": None, "by": model.by, "groups": model.written}
    return {**head, "theta": [*map(float, model.theta)]}


def _document(model: Model, named: Sequence[str], row: Sequence[float | None]) -> dict[str, Any]:
    """Write features and what is predicted; several features are a list."""
    group = {}
    if _has_groups(model):
        place, *row = row
        group = {"group": model.names[int(place or 0)]}
    x, predicted = row[: -len(named)], row[-len(named) :]
    told = dict(zip(named, predicted, strict=True))
    return {**group, "x": list(x) if len(x) > 1 else x[0], **told}
