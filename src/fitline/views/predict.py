"""How predictions look."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitline.escaping import json_text
from fitline.formatting import number
from fitline.model import LinearModel

from .report import SCHEMA, Block, Facts, Sheet


@dataclass(frozen=True)
class PredictReport:
    """Rows of features, in the shape (rows, features), and what a model predicts for each.

    Where they were `typed`, the values of its columns are shown instead, as they were.
    """

    model: LinearModel
    rows: Sequence[Sequence[float]]
    typed: Sequence[Sequence[str]] = ()

    def blocks(self) -> Sequence[Block]:
        """Give the equation, and a row for each prediction."""
        shown = self.typed or [[number(value) for value in row] for row in self.rows]
        cells = [
            (*row, *("" if y is None else number(y) for y in predicted))
            for row, predicted in zip(shown, self._predicted(), strict=True)
        ]
        sheet = Sheet((*self._names, self.model.y, *self.model.formulas), cells)
        return [Facts([("model", self.model.equation)]), sheet]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        rows = zip(self.rows, self._predicted(), strict=True)
        return {
            "schema": SCHEMA,
            "command": "predict",
            "theta": self.model.theta.tolist(),
            "predictions": [_document(len(row), *row, *predicted) for row, predicted in rows],
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the features and the predictions."""
        rows = zip(self.typed or self.rows, self._predicted(), strict=True)
        told = (f"predicted {column}" for column in self.model.formulas)
        return (*self._names, "prediction", *told), ((*row, *predicted) for row, predicted in rows)

    @property
    def _names(self) -> Sequence[str]:
        return self.model.columns if self.typed else self.model.x

    def _predicted(self) -> list[tuple[float | None, ...]]:
        """Give each prediction, and the column that it tells."""
        formulas = self.model.formulas.values()
        predictions: list[float] = self.model.predict(np.array(self.rows)).tolist()
        return [(y, *(formula.inverse(y) for formula in formulas)) for y in predictions]


def json_pieces(theta: Sequence[float], rows: Iterable[Sequence[float | None]]) -> Iterator[str]:
    """Write the contract's JSON a piece at a time; what is predicted is the last of a row."""
    head = {"schema": SCHEMA, "command": "predict", "theta": list(theta)}
    yield json_text(head).removesuffix("}") + ', "predictions": ['
    for place, row in enumerate(rows):
        yield ", " if place else ""
        yield json_text(_document(len(theta) - 1, *row))
    yield "]}\n"


def _document(features: int, *row: float | None) -> dict[str, Any]:
    """Write features and what is predicted; several features are a list."""
    x, (prediction, *told) = row[:features], row[features:]
    document = {"x": list(x) if features > 1 else x[0], "prediction": prediction}
    return document | ({"column": told[0]} if told else {})
