"""How the fits of groups look: a row each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fitline.formatting import count, number
from fitline.optimize.iterate import StopReason
from fitline.results.groups import GroupFacts, GroupsResult

from .report import Block, Facts, Sheet
from .shared import table_line

STATUS = {StopReason.STEPS: "step limit"}


@dataclass(frozen=True)
class GroupsReport:
    """A row for each group: its rows, its parameters, and how good the fit is."""

    result: GroupsResult

    def blocks(self) -> Sequence[Block]:
        """Give what people read."""
        result = self.result
        told = f"{count(len(result.groups), 'group')} by {result.by}"
        return [Facts([("table", table_line(result.data)), ("groups", told)]), self._sheet()]

    @property
    def _parameters(self) -> list[str]:
        return ["intercept", *self.result.data.x]

    @property
    def _is_trained(self) -> bool:
        return self.result.command == "train"

    def _sheet(self) -> Sheet:
        more = ["steps", "status"] if self._is_trained else []
        note = [] if more or not any(map(_status, self.result.groups)) else ["status"]
        header = [self.result.by, "rows", *self._parameters, "RMSE", "R²", *more, *note]
        rows = [self._cells(one, len(header)) for one in self.result.groups]
        return Sheet(header, rows, spare=["RMSE", "steps", "R²"], left=[self.result.by, "status"])

    def _cells(self, one: GroupFacts, width: int) -> list[str]:
        theta = one.theta or []
        cells = [one.group, f"{one.rows:,}"]
        free = "" if one.ending is StopReason.DIVERGED else "any"
        cells += [free if value is None else number(value) for value in theta]
        cells += [""] * (len(self._parameters) - len(theta))
        cells += ["" if value is None else number(value) for value in (one.rmse, one.r2)]
        if self._is_trained:
            cells.append("" if one.steps is None else f"{one.steps:,}")
        return [*cells, _status(one)][:width]

    def document(self) -> dict[str, Any]:
        """Give the results for programs."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a group."""
        places = range(len(self._parameters))
        errors = [] if self._is_trained else [f"standard_error{place}" for place in places]
        more = ["steps", "ending"] if self._is_trained else []
        thetas = [f"theta{place}" for place in places]
        header = [self.result.by, "rows", *thetas, *errors, "rmse", "r2", *more, "problem"]
        return header, [self._record(one) for one in self.result.groups]

    def _record(self, one: GroupFacts) -> list[object]:
        nothing = [None] * len(self._parameters)
        theta, errors = one.theta or nothing, one.standard_errors or nothing
        ending = one.ending.value if one.ending else None
        own = [one.steps, ending] if self._is_trained else []
        told = [] if self._is_trained else errors
        return [one.group, one.rows, *theta, *told, one.rmse, one.r2, *own, one.problem]


def _status(one: GroupFacts) -> str:
    """Say why there is no line, or no single one, or how a training ended."""
    if one.problem:
        return one.problem
    if one.ending:
        return STATUS.get(one.ending, one.ending.name.lower())
    return "columns depend on each other" if one.theta and None in one.theta else ""
