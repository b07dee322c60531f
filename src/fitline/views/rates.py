"""How several learning rates look that were tried."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from fitline.charts.outcomes import Outcome, Outcomes
from fitline.formatting import brief, count, number
from fitline.landscape.landscape import DRAWN_ROWS
from fitline.optimize import rates
from fitline.optimize.rates import Fate, Trial, best_of
from fitline.remedies import Remedy, remedy
from fitline.training import Training

from .report import SCHEMA, Block, Facts, Line, Picture, Sheet
from .shared import cost_document, data_document
from .theory import bounds_text, remedy_text, shape_text
from .train import settings_facts

SIGNS = {
    Fate.CRAWLS: "∙",
    Fate.CONVERGES: "○",
    Fate.HOVERS: "~",
    Fate.ZIG_ZAGS: "≈",
    Fate.DIVERGES: "×",
}
STYLES = dict.fromkeys(Fate, "bold yellow") | {
    Fate.CONVERGES: "bold green",
    Fate.DIVERGES: "bold red",
}
BEST_SIGN = "◆"


@dataclass(frozen=True, eq=False)
class RatesReport:
    """Learning rates that were tried with a training, and the one to take."""

    training: Training
    trials: Sequence[Trial]

    @property
    def best(self) -> Trial | None:
        """Give the trial whose rate is to be taken; there is none where all diverge."""
        best = best_of(self.trials)
        return None if best.fate is Fate.DIVERGES else best

    def blocks(self) -> Sequence[Block]:
        """Give the settings, what became of each rate, a picture, and the rate to take."""
        training = self.training
        tried = f"{count(len(self.trials), 'rate')}, each for {self._span()} at the most"
        known = [("shape", shape_text(training))]
        if not training.config.optimizer.has_own_size:
            known.append(("theory", bounds_text(training)))
        facts = [*settings_facts(training), *known, ("tried", tried + self._sample())]
        return [
            Facts(facts),
            self._sheet(),
            Picture(self._picture()),
            Line(self._legend()),
            Facts([("take", self._advice())]),
        ]

    def document(self) -> dict[str, Any]:
        """Give the trials, and the rate to take, for programs."""
        training, best = self.training, self.best
        config = {**asdict(training.config), "start": training.start.tolist()}
        del config["learning_rate"]
        return {
            "schema": SCHEMA,
            "command": "rates",
            "data": data_document(training.table, training.moments),
            "config": {**config, "steps": training.tried_steps},
            "cost_function": cost_document(training.landscape),
            "sampled_rows": DRAWN_ROWS if training.is_sampled else None,
            "trials": [dict(zip(HEADER, _record(trial), strict=True)) for trial in self.trials],
            "recommended": best
            and {"rate": best.rate, "steps": best.last.index, "reason": self._reason(best)},
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give a row a rate."""
        return HEADER, map(_record, self.trials)

    @cached_property
    def _remedy(self) -> Remedy | None:
        """Give what arrives on a robust cost where no rate does."""
        is_robust = self.training.landscape.name != "squared"
        return remedy(self.training) if is_robust else None

    @property
    def _unit(self) -> str:
        return "step" if self.training.way.batches is None else "epoch"

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
                f"{BEST_SIGN if trial is self.best else SIGNS[trial.fate]} {brief(trial.rate)}",
                what_happens(trial),
                f"{trial.last.index:,}",
                number(trial.last.excess or 0.0, 3),
            )
            for trial in self.trials
        ]
        header = ("rate", "what happens", f"{self._unit}s", "above the minimum")
        return Sheet(header, rows, spare=header[3:], left=header[:2])

    def _picture(self) -> Outcomes:
        """Draw how many steps each rate takes, or where none converges how far up it ends."""
        has_arrived = any(trial.fate is Fate.CONVERGES for trial in self.trials)
        outcomes = [
            Outcome(
                trial.rate,
                _level(trial, has_arrived=has_arrived),
                BEST_SIGN if trial is self.best else SIGNS[trial.fate],
                STYLES[trial.fate],
            )
            for trial in self.trials
        ]
        up = f"{self._unit}s" if has_arrived else "above the minimum"
        return Outcomes(outcomes, ("rate", up))

    def _legend(self) -> str:
        met = {trial.fate for trial in self.trials}
        signs = [f"{sign} {fate.value}" for fate, sign in SIGNS.items() if fate in met]
        return "   ".join([*signs, *([f"{BEST_SIGN} take this one"] if self.best else [])])

    def _advice(self) -> str:
        best = self.best
        if best is None:
            return "none of these: all diverge. Try smaller ones with --rates"
        return f"--learning-rate {typed(best.rate)}: {self._reason(best)}"

    def _reason(self, best: Trial) -> str:
        """Say why this is the rate to take."""
        if best.fate is not Fate.CONVERGES:
            lowest = f"none converges in {self._span()}, and this one ends lowest"
            if self._remedy:
                return f"{lowest}. {remedy_text(self._remedy, self._unit)}"
            return lowest
        arrives = f"it converges in {count(best.last.index, self._unit)}, the fewest"
        training = self.training
        known = rates.known_rate(training.config.optimizer, training.curvature)
        is_sure = training.landscape.name == "squared" and training.way.batches is None
        if known and is_sure and rates.typeable(known[0]) == best.rate:
            return f"{arrives}; {known[1]}"
        return arrives


HEADER = ("rate", "fate", "steps", "cost", "excess")


def _record(trial: Trial) -> tuple[object, ...]:
    fate = trial.fate.name.lower()
    return trial.rate, fate, trial.last.index, trial.last.cost, trial.last.excess


def _level(trial: Trial, *, has_arrived: bool) -> float | None:
    """Give what a picture shows of a trial: its steps, or its excess."""
    if trial.fate is Fate.DIVERGES:
        return None
    return max(1, trial.last.index) if has_arrived else trial.last.excess or None


def what_happens(trial: Trial) -> str:
    """Say what became of a rate."""
    if trial.fate is Fate.CONVERGES and trial.swings:
        return "zig-zags, converges"
    return trial.fate.value


def typed(rate: float) -> str:
    """Write a rate as it is typed.

    >>> typed(2.96e-07), typed(0.5), typed(100.0)
    ('2.96e-07', '0.5', '100')
    """
    return f"{rate:.15g}"
