"""Which of the learning rates that were tried to take, and what helps where none converges."""

from collections.abc import Sequence
from dataclasses import dataclass

from fitline.optimize.rates import Outcome, Trial, best_of, typeable
from fitline.training import Training

from .remedies import Remedy, remedy


@dataclass(frozen=True, eq=False)
class Recommendation:
    """The rate to take.

    `theory` says why theory recommends it too, and is empty where it does not. Where no rate
    converges on a robust cost, `remedy` is what does.
    """

    trial: Trial
    theory: str = ""
    remedy: Remedy | None = None


def recommend(training: Training, trials: Sequence[Trial]) -> Recommendation | None:
    """Choose the rate to take; None where all diverge."""
    best = best_of(trials)
    if best.outcome is Outcome.DIVERGES:
        return None
    if best.outcome is not Outcome.CONVERGES:
        is_robust = not training.landscape.is_quadratic
        return Recommendation(best, remedy=remedy(training) if is_robust else None)
    known = training.best_rate
    is_sure = training.landscape.is_quadratic and training.method.batches is None
    if known and is_sure and typeable(known[0]) == best.rate:
        fewest = training.at_rate(known[0]).predicted_steps
        if training.at_rate(best.rate).predicted_steps == fewest or training.table.features == 1:
            return Recommendation(best, theory=known[1])
    return Recommendation(best)
