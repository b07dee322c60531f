"""The result of `fitline predict`: rows, and what a model predicts for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitline.escaping import json_text
from fitline.model import AnyModel, GroupModels, LinearModel
from fitline.statistics.intervals import Interval

from . import SCHEMA

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

    model: AnyModel
    rows: Sequence[Sequence[float]]
    predicted: Sequence[Predicted]
    typed: Sequence[Sequence[str]] = ()
    intervals: Sequence[Interval] = ()
    with_residuals: bool = False

    @classmethod
    def of(
        cls,
        model: AnyModel,
        rows: Sequence[Sequence[float]],
        typed: Sequence[Sequence[str]] = (),
        intervals: Sequence[Interval] = (),
        residuals: Sequence[float] | None = None,
    ) -> "PredictResult":
        """Predict, and tell the residuals of rows that have y."""
        formulas, width = model.formulas.values(), len(model.x) + isinstance(model, GroupModels)
        x = np.array(rows, dtype=np.float64).reshape(len(rows), width)
        if isinstance(model, GroupModels):
            predictions = model.predict_rows(x)
            ends = np.empty((len(x), 0))
        else:
            predictions = model.predict(x)
            ends = model.ends(intervals, x, predictions)
        missed = [()] * len(rows) if residuals is None else [(one,) for one in residuals]
        told = [
            (y, *(formula.inverse(y) for formula in formulas), *own, *residual)
            for y, own, residual in zip(predictions.tolist(), ends.tolist(), missed, strict=True)
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
        return self.model.by if isinstance(self.model, GroupModels) else None

    @property
    def groups(self) -> list[str]:
        """Name the group of each row, where there are groups."""
        model = self.model
        if not isinstance(model, GroupModels):
            return []
        return [model.names[int(place)] for place, *_ in self.rows]

    @property
    def equation(self) -> str:
        """Write the line of all rows; nothing where they are of several groups."""
        if isinstance(self.model, LinearModel):
            return self.model.equation
        found = set(self.groups)
        return self.model.models[found.pop()].equation if len(found) == 1 else ""

    def document(self) -> dict[str, Any]:
        """Give the JSON."""
        rows = zip(self.rows, self.predicted, strict=True)
        predictions = [_document(self.model, self.names, (*row, *told)) for row, told in rows]
        return {**_head(self.model), "predictions": predictions}


def names(model: AnyModel, intervals: Sequence[Interval], *, with_residuals: bool) -> list[str]:
    """Name what is predicted of a row, in JSON."""
    told = ["column"] if model.formulas else []
    ends = (name for one in intervals for name in one.names)
    return ["prediction", *told, *ends, *(["residual"] if with_residuals else [])]


def json_pieces(
    model: AnyModel,
    intervals: Sequence[Interval],
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


def _head(model: AnyModel) -> dict[str, Any]:
    head: dict[str, Any] = {"schema": SCHEMA, "command": "predict"}
    if isinstance(model, LinearModel):
        return {**head, "theta": model.theta.tolist()}
    return {**head, "theta": None, "by": model.by, "groups": model.written}


def _document(
    model: AnyModel, named: Sequence[str], row: Sequence[float | None]
) -> dict[str, Any]:
    """Write features and what is predicted; several features are a list."""
    group = {}
    if isinstance(model, GroupModels):
        place, *row = row
        group = {"group": model.names[int(place or 0)]}
    x, predicted = row[: -len(named)], row[-len(named) :]
    told = dict(zip(named, predicted, strict=True))
    return {**group, "x": list(x) if len(x) > 1 else x[0], **told}
