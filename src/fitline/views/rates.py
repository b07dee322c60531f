"""How several learning rates look that were tried."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.charts.chart import Chart
from fitline.charts.outcomes import Result, outcomes
from fitline.diagnosis.recommendation import Recommendation
from fitline.formatting import count, number
from fitline.landscape.landscape import DRAWN_ROWS
from fitline.optimize.rates import Outcome, Trial
from fitline.results import CostFacts, DataFacts, RemedyFacts, SetUp
from fitline.training import Training

from .advice import remedy_text
from .report import SCHEMA, Block, Facts, Line, Picture, Sheet
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


@dataclass(frozen=True, eq=False)
class RatesReport:
    """Learning rates that were tried with a training, and the one to take."""

    training: Training
    trials: Sequence[Trial]
    recommendation: Recommendation | None
    """Left out where all rates diverge."""

    def blocks(self) -> Sequence[Block]:
        """Give the settings, what became of each rate, a picture, and the rate to take."""
        training, before = self.training, SetUp.of(self.training)
        tried = f"{count(len(self.trials), 'rate')}, each for {self._span()} at the most"
        known = [shape_fact(before)]
        if not training.config.optimizer.is_normalized:
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
        training, take = self.training, self.recommendation
        config = {**asdict(training.resolved), "start": training.start.tolist()}
        del config["learning_rate"]
        return {
            "schema": SCHEMA,
            "command": "rates",
            "data": asdict(DataFacts.of(training.table, training.moments)),
            "config": {**config, "steps": training.tried_steps},
            "cost_function": CostFacts.of(training.landscape).document(),
            "sampled_rows": DRAWN_ROWS if training.is_sampled else None,
            "trials": [dict(zip(HEADER, _record(trial), strict=True)) for trial in self.trials],
            "recommended": take
            and {
                "rate": take.trial.rate,
                "steps": take.trial.last.index,
                "reason": self._reason(take),
            },
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a rate."""
        return HEADER, map(_record, self.trials)

    @property
    def _unit(self) -> str:
        return self.training.unit

    def _span(self) -> str:
        return count(self.training.tried_steps, self._unit)

    def _sample(self) -> str:
        rows = self.training.moments.rows
        if not self.training.is_sampled:
            return ""
        return f", on {DRAWN_ROWS:,} of the {rows:,} rows, taken at random"

    def _sheet(self) -> Sheet:
        rows = [
            (
                f"{self._sign(trial)} {number(trial.rate, 12)}",
                what_happens(trial),
                f"{trial.last.index:,}",
                number(trial.last.excess or 0.0, 3),
            )
            for trial in self.trials
        ]
        header = ("rate", "outcome", f"{self._unit}s", "excess cost")
        return Sheet(header, rows, spare=header[3:], left=header[:2])

    def _sign(self, trial: Trial) -> str:
        is_best = self.recommendation is not None and trial is self.recommendation.trial
        return BEST_SIGN if is_best else SIGNS[trial.outcome]

    def _picture(self) -> Chart:
        """Draw how many steps each rate takes, or where none converges how far up it ends."""
        has_arrived = any(trial.outcome is Outcome.CONVERGES for trial in self.trials)
        results = [
            Result(
                trial.rate,
                _level(trial, has_arrived=has_arrived),
                self._sign(trial),
                STYLES[trial.outcome],
            )
            for trial in self.trials
        ]
        up = f"{self._unit}s" if has_arrived else "excess cost"
        return outcomes(results, ("rate", up))

    def _legend(self) -> str:
        met = {trial.outcome for trial in self.trials}
        signs = [f"{sign} {outcome.value}" for outcome, sign in SIGNS.items() if outcome in met]
        return "   ".join(
            [*signs, *([f"{BEST_SIGN} take this one"] if self.recommendation else [])]
        )

    def _advice(self) -> str:
        take = self.recommendation
        if take is None:
            return "none of these: all diverge. Try smaller ones with --rates"
        return f"--learning-rate {typed(take.trial.rate)}: {self._reason(take)}"

    def _reason(self, take: Recommendation) -> str:
        """Say why this is the rate to take."""
        if take.trial.outcome is Outcome.CONVERGES:
            arrives = f"it converges in {count(take.trial.last.index, self._unit)}, the fewest"
            return f"{arrives}; {take.theory}" if take.theory else arrives
        lowest = f"none converges in {self._span()}, and this one ends lowest"
        if take.remedy is None:
            return lowest
        return f"{lowest}. {remedy_text(RemedyFacts.of(take.remedy), self._unit)}"


HEADER = ("rate", "fate", "steps", "cost", "excess", "outcome")

FATES = {
    Outcome.SLOW: "crawls",
    Outcome.CONVERGES: "converges",
    Outcome.PLATEAUS: "hovers",
    Outcome.OSCILLATES: "zig_zags",
    Outcome.DIVERGES: "diverges",
}
"""What outcomes are called under the key `fate`, which stays for the programs that read it."""


def _record(trial: Trial) -> tuple[object, ...]:
    last, outcome = trial.last, trial.outcome
    return trial.rate, FATES[outcome], last.index, last.cost, last.excess, outcome.value


def _level(trial: Trial, *, has_arrived: bool) -> float:
    """Give what a picture shows of a trial: its steps, or its excess."""
    if trial.outcome is Outcome.DIVERGES:
        return math.inf
    return max(1, trial.last.index) if has_arrived else trial.last.excess or math.inf


def what_happens(trial: Trial) -> str:
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
