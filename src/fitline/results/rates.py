"""The result of `fitline rates`: learning rates that were tried, and the one to take."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fitline.diagnosis.recommendation import Recommendation
from fitline.landscapes.landscape import DRAWN_ROWS
from fitline.optimize.rates import Outcome, Trial
from fitline.training import Training

from . import SCHEMA
from .diagnosis import RemedyFacts
from .set_up import SetUp

FATES = {
    Outcome.SLOW: "crawls",
    Outcome.CONVERGES: "converges",
    Outcome.PLATEAUS: "hovers",
    Outcome.OSCILLATES: "zig_zags",
    Outcome.DIVERGES: "diverges",
}
"""What outcomes are called under the key `fate`, which stays for the programs that read it."""


@dataclass(frozen=True)
class TrialFacts:
    """A rate that was tried; it may oscillate and yet converge."""

    rate: float
    steps: int
    cost: float
    excess: float
    outcome: Outcome
    oscillates: bool

    @classmethod
    def of(cls, trial: Trial) -> "TrialFacts":
        """Tell of a trial."""
        last = trial.last
        facts = trial.rate, last.index, last.cost, last.excess, trial.outcome
        return cls(*facts, trial.oscillates)

    def document(self) -> dict[str, Any]:
        """Give the JSON, which is a row of the CSV too."""
        return {
            "rate": self.rate,
            "fate": FATES[self.outcome],
            "steps": self.steps,
            "cost": self.cost,
            "excess": self.excess,
            "outcome": self.outcome.value,
        }


@dataclass(frozen=True)
class RecommendedFacts:
    """The trial whose rate to take, at this `place`; see `diagnosis.recommendation`."""

    place: int
    theory: str
    remedy: RemedyFacts | None


@dataclass(frozen=True)
class RatesResult:
    """Rates that were tried with a training, and the one to take, unless all diverge.

    The rows were `sampled_rows` where they were not all.
    """

    before: SetUp
    tried_steps: int
    sampled_rows: int | None
    trials: list[TrialFacts]
    recommended: RecommendedFacts | None

    @classmethod
    def of(
        cls, training: Training, trials: Sequence[Trial], take: Recommendation | None
    ) -> "RatesResult":
        """Tell of trials."""
        recommended = None
        if take:
            remedy = RemedyFacts.of(take.remedy) if take.remedy else None
            recommended = RecommendedFacts([*trials].index(take.trial), take.theory, remedy)
        return cls(
            SetUp.of(training),
            training.tried_steps,
            DRAWN_ROWS if training.is_sampled else None,
            [*map(TrialFacts.of, trials)],
            recommended,
        )

    @property
    def to_take(self) -> TrialFacts | None:
        """Give the trial whose rate to take."""
        return self.trials[self.recommended.place] if self.recommended else None

    def document(self, reason: str | None) -> dict[str, Any]:
        """Give the JSON, with a sentence why to take the rate."""
        before, take = self.before, self.to_take
        config = {**asdict(before.config), "start": before.start}
        del config["learning_rate"]
        return {
            "schema": SCHEMA,
            "command": "rates",
            "data": asdict(before.data),
            "config": {**config, "steps": self.tried_steps},
            "cost_function": before.cost_function.document(),
            "sampled_rows": self.sampled_rows,
            "trials": [trial.document() for trial in self.trials],
            "recommended": take and {"rate": take.rate, "steps": take.steps, "reason": reason},
        }
