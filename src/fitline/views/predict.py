"""How predictions look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fitline.formatting import count, number
from fitline.results.predict import PredictResult

from .report import Block, Facts, Sheet


@dataclass(frozen=True)
class PredictReport:
    """What a model predicts for some rows, which are shown as they were typed, if they were."""

    result: PredictResult

    def blocks(self) -> Sequence[Block]:
        """Give the equation, and a row for each prediction."""
        result, model = self.result, self.result.model
        shown = result.typed or self._shown
        cells = [
            (*row, *("" if y is None else number(y) for y in predicted))
            for row, predicted in zip(shown, result.predicted, strict=True)
        ]
        ends = [
            f"{number(100 * one.level)} % {name.replace('_', ' ')}"
            for one in result.intervals
            for name in one.names
        ]
        header = (*self._names, model.y, *model.formulas, *ends, *self._residual)
        told = [] if result.by is None else [f"{count(len(model.theta), 'group')} by {result.by}"]
        facts = [*(("groups", text) for text in told), ("model", result.equation)]
        return [Facts([fact for fact in facts if fact[1]]), Sheet(header, cells, left=self._left)]

    @property
    def _shown(self) -> list[list[str]]:
        """Write the features of each row, and its group before them."""
        result = self.result
        rows = [[number(value) for value in row] for row in result.rows]
        if result.by is None:
            return rows
        return [[name, *row[1:]] for name, row in zip(result.groups, rows, strict=True)]

    @property
    def _left(self) -> Sequence[str]:
        by = self.result.by
        return [] if by is None or self.result.typed else [by]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the features and the predictions."""
        result = self.result
        rows = zip(result.typed or result.rows, result.predicted, strict=True)
        told = [f"predicted {column}" for column in result.model.formulas]
        ends = [name for one in result.intervals for name in one.names]
        header = (*self._names, "prediction", *told, *ends, *self._residual)
        return header, ((*row, *predicted) for row, predicted in rows)

    @property
    def _residual(self) -> Sequence[str]:
        return ["residual"] if self.result.with_residuals else []

    @property
    def _names(self) -> Sequence[str]:
        result = self.result
        if result.typed:
            return result.model.columns
        return (*([] if result.by is None else [result.by]), *result.model.x)
