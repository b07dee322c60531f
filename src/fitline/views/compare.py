"""How several trainings look side by side."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fitline.charts.chart import Chart
from fitline.charts.race import SIGNS, CostCurve, race
from fitline.formatting import number
from fitline.optimize.iterate import StopReason
from fitline.results.compare import CompareResult, RunFacts

from .report import Block, Facts, Line, Picture, Sheet
from .shared import cost_facts, minimum_facts, table_line, written

CHOOSE = (
    "Costs with different penalties cannot be compared; add --folds 5 or --holdout 0.2 to compare"
    " errors on rows that were not fitted."
)

STATUS = {StopReason.STEPS: "step limit"}

LOWEST_PART = 1e-3
"""The picture reaches down to the minimum, or to this part of the highest start."""


@dataclass(frozen=True)
class CompareReport:
    """Trainings on one landscape; the fastest to converge is named."""

    result: CompareResult

    def blocks(self) -> Sequence[Block]:
        """Give the table of all, their costs overlaid, and who was first."""
        result = self.result
        return [
            Facts(
                [
                    ("table", table_line(result.data)),
                    *([] if result.has_penalties else self._landscape()),
                ]
            ),
            self._sheet(),
            Picture(self._race()),
            Line(self._verdict()),
        ]

    def _landscape(self) -> Sequence[tuple[str, str]]:
        """Say what was minimised, and where its minimum is."""
        result = self.result
        place = minimum_facts(result.minimum, result.dependent, result.data)
        return [*cost_facts(result.cost_function), *place]

    def document(self) -> dict[str, Any]:
        """Give the results for programs."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a training."""
        runs = self.result.runs
        thetas = [f"theta{place}" for place in range(len(runs[0].theta))]
        more = ["validation_cost"] if self._is_validated else []
        unseen = ["cross_validated_rmse", "spread"] if self._folded else []
        header = ("name", "ending", "steps", *thetas, "cost", "excess", *more, *unseen, "seconds")
        rows = (
            (
                *(run.name, run.ending.value, run.steps, *run.theta, run.cost, run.excess),
                *([run.validation_cost] if more else []),
                *((found.rmse, found.spread) if (found := run.cross_validation) else ()),
                run.seconds,
            )
            for run in runs
        )
        return header, rows

    @property
    def _is_validated(self) -> bool:
        return any(run.validation_cost is not None for run in self.result.runs)

    def _sheet(self) -> Sheet:
        more = ["validation cost"] if self._is_validated else []
        folded = self._folded
        rows = [
            (
                f"{SIGNS[nth % len(SIGNS)]} {run.name}",
                STATUS.get(run.ending, run.ending.value),
                f"{run.steps:,}",
                *([_rmse(run)] if folded else []),
                number(run.excess, 3),
                *([written(run.validation_cost)] if more else []),
                f"{run.seconds:.3f}",
            )
            for nth, run in enumerate(self.result.runs)
        ]
        unseen = [f"RMSE of {folded} folds"] if folded else []
        steps = f"{self.result.unit}s"
        header = ("run", "status", steps, *unseen, "excess cost", *more, "seconds")
        return Sheet(header, rows, ("seconds", "excess cost"), ("run", "status"))

    @property
    def _folded(self) -> int | None:
        """Give in how many folds the penalties are cross-validated, where that compares them."""
        first = self.result.runs[0].cross_validation
        return first.folds if first else None

    def _race(self) -> Chart:
        runs = self.result.runs
        curves = [CostCurve([*run.costs], [*run.costs.values()]) for run in runs]
        highest = max(curve.costs[0] for curve in curves)
        minima = [run.cost - run.excess for run in runs if math.isfinite(run.cost)]
        floor = max(min(minima, default=0.0), 0.0) or LOWEST_PART * highest or 1.0
        return race(curves, floor, self.result.unit)

    def _verdict(self) -> str:
        """Say which run is best."""
        best, verdict = self.result.winner, self.result.best
        if verdict.criterion != "steps":
            told = f"Best on rows that were not fitted, by {verdict.criterion}: {best.name}."
            if verdict.simplest in {None, best.name}:
                return told
            return f"{told} The largest penalty within one standard error is {verdict.simplest}."
        if self.result.has_penalties:
            return CHOOSE
        if self.result.best.converged:
            return f"{best.name} took the fewest {self.result.unit}s: {best.steps:,}."
        return f"None converged; {best.name} came nearest to the minimum."


def _rmse(run: RunFacts) -> str:
    found = run.cross_validation
    return f"{number(found.rmse)} ± {number(found.spread, 3)}" if found else ""
