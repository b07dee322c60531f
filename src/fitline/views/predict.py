"""How predictions look."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fitline.escaping import json_text
from fitline.formatting import number
from fitline.model import LinearModel

from .report import SCHEMA, Block, Facts, Sheet


@dataclass(frozen=True)
class PredictReport:
    """Some values of x, and what a model predicts for them; dates are shown as they were typed."""

    model: LinearModel
    values: Sequence[float]
    typed: Sequence[str] = ()

    def blocks(self) -> Sequence[Block]:
        """Give the equation, and a row for each value."""
        xs = self.typed or [number(x) for x in self.values]
        rows = [(x, number(y)) for x, (_, y) in zip(xs, self._pairs(), strict=True)]
        sheet = Sheet((self.model.x[0], self.model.y), rows)
        return [Facts([("model", self.model.equation)]), sheet]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        return {
            "schema": SCHEMA,
            "command": "predict",
            "theta": self.model.theta.tolist(),
            "predictions": [{"x": x, "prediction": prediction} for x, prediction in self._pairs()],
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the values and their predictions."""
        predictions = (prediction for _, prediction in self._pairs())
        return (self.model.x[0], "prediction"), zip(
            self.typed or self.values, predictions, strict=True
        )

    def _pairs(self) -> list[tuple[float, float]]:
        predictions = self.model.predict(list(self.values))
        return list(zip(self.values, predictions.tolist(), strict=True))


def json_pieces(theta: Sequence[float], pairs: Iterable[tuple[float, float]]) -> Iterator[str]:
    """Write the contract's JSON a piece at a time."""
    head = {"schema": SCHEMA, "command": "predict", "theta": list(theta)}
    yield json_text(head).removesuffix("}") + ', "predictions": ['
    for place, (x, prediction) in enumerate(pairs):
        yield ", " if place else ""
        yield json_text({"x": x, "prediction": prediction})
    yield "]}\n"
