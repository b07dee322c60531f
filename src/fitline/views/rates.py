"""How several learning rates look that were tried."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fitline.charts.chart import Chart
from fitline.charts.outcomes import Result, outcomes
from fitline.formatting import count, number
from fitline.optimize.rates import Outcome
from fitline.results.rates import RatesResult, TrialFacts

from .advice import remedy_text
from .report import Block, Facts, Line, Picture, Sheet
from .theory import bounds_text, shape_fact
from .train import settings_facts

SIGNS = {
    Outcome.SLOW: "∙",
    Outcome.CONVERGES: "○",
    Outcome.PLATEAUS: "~",
    Outcome.OSCILLATES: "≈",
    Outcome.DIVERGES: "×",
}
STYLES = dict.fromkeys(Outcome, "bold yellow") | {
    Outcome.CONVERGES: "bold green",
    Outcome.DIVERGES: "bold red",
}
BEST_SIGN = "◆"


@dataclass(frozen=True)
class RatesReport:
    """Learning rates that were tried with a training, and the one to take."""

    result: RatesResult

    def blocks(self) -> Sequence[Block]:
        """Give the settings, what became of each rate, a picture, and the rate to take."""
        before = self.result.before
        tried = f"{count(len(self.result.trials), 'rate')}, each for {self._span()} at the most"
        known = [shape_fact(before)]
        if not before.config.optimizer.is_normalized:
            known.append(("predicted", bounds_text(before, of_rate=False)))
        facts = [*settings_facts(before), *known, ("tried", tried + self._sample())]
        return [
            Facts(facts),
            self._sheet(),
            Picture(self._picture()),
            Line(self._legend()),
            Facts([("take", self._advice())]),
        ]

    def document(self) -> dict[str, Any]:
        """Give the trials, and the rate to take, for programs."""
        take = self.result.to_take
        return self.result.document(self._reason(take) if take else None)

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a rate."""
        documents = [trial.document() for trial in self.result.trials]
        return [*documents[0]], ([*document.values()] for document in documents)

    @property
    def _unit(self) -> str:
        return self.result.before.unit

    def _span(self) -> str:
        return count(self.result.tried_steps, self._unit)

    def _sample(self) -> str:
        if self.result.sampled_rows is None:
            return ""
        rows = self.result.before.data.observations
        return f", on {self.result.sampled_rows:,} of the {rows:,} rows, taken at random"

    def _sheet(self) -> Sheet:
        rows = [
            (
                f"{self._sign(trial)} {number(trial.rate, 12)}",
                what_happens(trial),
                f"{trial.steps:,}",
                number(trial.excess, 3),
            )
            for trial in self.result.trials
        ]
        header = ("rate", "outcome", f"{self._unit}s", "excess cost")
        return Sheet(header, rows, spare=header[3:], left=header[:2])

    def _sign(self, trial: TrialFacts) -> str:
        return BEST_SIGN if trial is self.result.to_take else SIGNS[trial.outcome]

    def _picture(self) -> Chart:
        """Draw how many steps each rate takes, or where none converges how far up it ends."""
        has_arrived = any(trial.outcome is Outcome.CONVERGES for trial in self.result.trials)
        results = [
            Result(
                trial.rate,
                _level(trial, has_arrived=has_arrived),
                self._sign(trial),
                STYLES[trial.outcome],
            )
            for trial in self.result.trials
        ]
        up = f"{self._unit}s" if has_arrived else "excess cost"
        return outcomes(results, ("rate", up))

    def _legend(self) -> str:
        met = {trial.outcome for trial in self.result.trials}
        signs = [f"{sign} {outcome.value}" for outcome, sign in SIGNS.items() if outcome in met]
        return "   ".join(
            [*signs, *([f"{BEST_SIGN} take this one"] if self.result.recommended else [])]
        )

    def _advice(self) -> str:
        take = self.result.to_take
        if take is None:
            return "none of these: all diverge. Try smaller ones with --rates"
        return f"--learning-rate {typed(take.rate)}: {self._reason(take)}"

    def _reason(self, take: TrialFacts) -> str:
        """Say why this is the rate to take."""
        found = self.result.recommended
        theory, remedy = (found.theory, found.remedy) if found else ("", None)
        if take.outcome is Outcome.CONVERGES:
            arrives = f"it converges in {count(take.steps, self._unit)}, the fewest"
            return f"{arrives}; {theory}" if theory else arrives
        lowest = f"none converges in {self._span()}, and this one ends lowest"
        return f"{lowest}. {remedy_text(remedy, self._unit)}" if remedy else lowest


def _level(trial: TrialFacts, *, has_arrived: bool) -> float:
    """Give what a picture shows of a trial: its steps, or its excess."""
    if trial.outcome is Outcome.DIVERGES:
        return math.inf
    return max(1, trial.steps) if has_arrived else trial.excess or math.inf


def what_happens(trial: TrialFacts) -> str:
    """Say what became of a rate."""
    if trial.outcome is Outcome.CONVERGES and trial.oscillates:
        return "oscillates, converges"
    return trial.outcome.value


def typed(rate: float) -> str:
    """Write a rate as it is typed.

    >>> typed(2.96e-07), typed(0.5), typed(100.0)
    ('2.96e-07', '0.5', '100')
    """
    return f"{rate:.15g}"
