"""The result of `fitline predict`: rows, and what a model predicts for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitline.escaping import json_text
from fitline.model import LinearModel

from . import SCHEMA

Predicted = tuple[float | None, ...]
"""A prediction, and what it tells of the column of which y is a formula, if that is one."""


@dataclass(frozen=True, eq=False)
class PredictResult:
    """Rows of features, in the shape (rows, features), and what a model predicts for each.

    Where they were `typed`, there are the values of its columns too, as they were.
    """

    model: LinearModel
    rows: Sequence[Sequence[float]]
    predicted: Sequence[Predicted]
    typed: Sequence[Sequence[str]] = ()

    @classmethod
    def of(
        cls,
        model: LinearModel,
        rows: Sequence[Sequence[float]],
        typed: Sequence[Sequence[str]] = (),
    ) -> "PredictResult":
        """Predict."""
        formulas = model.formulas.values()
        predictions: list[float] = model.predict(np.array(rows)).tolist()
        told = [(y, *(formula.inverse(y) for formula in formulas)) for y in predictions]
        return cls(model, rows, told, typed)

    def document(self) -> dict[str, Any]:
        """Give the JSON."""
        rows = zip(self.rows, self.predicted, strict=True)
        return {
            **_head(self.model.theta.tolist()),
            "predictions": [_document(len(row), *row, *predicted) for row, predicted in rows],
        }


def json_pieces(theta: Sequence[float], rows: Iterable[Sequence[float | None]]) -> Iterator[str]:
    """Write the JSON a piece at a time; what is predicted is the last of a row."""
    yield json_text(_head(theta)).removesuffix("}") + ', "predictions": ['
    for place, row in enumerate(rows):
        yield ", " if place else ""
        yield json_text(_document(len(theta) - 1, *row))
    yield "]}\n"


def _head(theta: Sequence[float]) -> dict[str, Any]:
    return {"schema": SCHEMA, "command": "predict", "theta": list(theta)}


def _document(features: int, *row: float | None) -> dict[str, Any]:
    """Write features and what is predicted; several features are a list."""
    x, (prediction, *told) = row[:features], row[features:]
    document = {"x": list(x) if features > 1 else x[0], "prediction": prediction}
    return document | ({"column": told[0]} if told else {})
