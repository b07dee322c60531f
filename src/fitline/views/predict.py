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
        cells = [(*row, number(y)) for row, y in zip(shown, self._predictions(), strict=True)]
        sheet = Sheet((*self._names, self.model.y), cells)
        return [Facts([("model", self.model.equation)]), sheet]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        rows = zip(self.rows, self._predictions(), strict=True)
        return {
            "schema": SCHEMA,
            "command": "predict",
            "theta": self.model.theta.tolist(),
            "predictions": [_document(*row, prediction) for row, prediction in rows],
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the features and the predictions."""
        rows = zip(self.typed or self.rows, self._predictions(), strict=True)
        return (*self._names, "prediction"), ((*row, prediction) for row, prediction in rows)

    @property
    def _names(self) -> Sequence[str]:
        return self.model.columns if self.typed else self.model.x

    def _predictions(self) -> list[float]:
        predictions: list[float] = self.model.predict(np.array(self.rows)).tolist()
        return predictions


def json_pieces(theta: Sequence[float], rows: Iterable[Sequence[float]]) -> Iterator[str]:
    """Write the contract's JSON a piece at a time; the prediction is the last of a row."""
    head = {"schema": SCHEMA, "command": "predict", "theta": list(theta)}
    yield json_text(head).removesuffix("}") + ', "predictions": ['
    for place, row in enumerate(rows):
        yield ", " if place else ""
        yield json_text(_document(*row))
    yield "]}\n"


def _document(*row: float) -> dict[str, Any]:
    """Write features and a prediction; several features are a list."""
    *x, prediction = row
    return {"x": x if len(x) > 1 else x[0], "prediction": prediction}
