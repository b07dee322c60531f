"""`diagnose`: why a training went wrong, by thresholds, and a rate that is too large."""

from dataclasses import dataclass
from enum import Enum

from fitline.optimize.costs import ROUNDED
from fitline.optimize.iterate import StopReason
from fitline.optimize.rates import OSCILLATING
from fitline.training import Run, Training

from .remedies import Remedy, has_loose_tolerance, remedy

SLOW = 10.0
"""A learning rate this many times smaller than the best one is slow."""

ILL_CONDITIONED = 100.0
"""From this condition number on, no fixed rate converges quickly."""


class Kind(Enum):
    """What went wrong."""

    INFINITE_START = "infinite_start"
    DIVERGED = "diverged"
    LOCAL_MINIMUM = "local_minimum"
    LOOSE_TOLERANCE = "loose_tolerance"
    PLATEAU = "plateau"
    STALLED = "stalled"
    OSCILLATES = "oscillates"
    ILL_CONDITIONED = "ill_conditioned"
    SLOW = "slow"
    STEP_LIMIT = "step_limit"


@dataclass(frozen=True)
class Diagnosis:
    """What went wrong, and what helps, as far as something was found that does.

    Of an oscillation `sign_changes` counts the steps after which the gradient changed sign, of
    so many `steps`; of a slow rate, `ratio` tells how many times smaller than the best it is.
    """

    kind: Kind
    steps: int
    sign_changes: int
    ratio: float | None = None
    remedy: Remedy | None = None


def diagnose(run: Run) -> Diagnosis | None:
    """Find what went wrong, and try what may help; None where nothing did, or nobody can tell."""
    arrived = run.stop_reason is StopReason.CONVERGED and run.reached is run.minimum
    ratio = _slowness(run.training)
    kind = _kind(run, ratio)
    if run.stop_reason in {StopReason.INTERRUPTED, StopReason.EARLY} or kind is None:
        return None
    found = remedy(run.training, run)
    if arrived and found is None:
        return None
    if kind is Kind.OSCILLATES and run.training.table.features > 1 and _is_but_slow(run, found):
        kind = Kind.ILL_CONDITIONED if _is_narrow(run.training) else Kind.STEP_LIMIT
    return Diagnosis(
        kind,
        run.last.index,
        run.last.sign_changes,
        ratio if kind is Kind.SLOW else None,
        found,
    )


def _kind(run: Run, ratio: float | None) -> Kind | None:
    match run.stop_reason:
        case StopReason.DIVERGED:
            return Kind.DIVERGED if run.last.index else Kind.INFINITE_START
        case StopReason.PLATEAU:
            return Kind.PLATEAU
        case StopReason.STALLED:
            return Kind.STALLED
    converged = run.stop_reason is StopReason.CONVERGED
    if converged and run.reached is not run.minimum:
        return Kind.LOOSE_TOLERANCE if has_loose_tolerance(run) else Kind.LOCAL_MINIMUM
    return _rate_trouble(run, ratio) or (None if converged else Kind.STEP_LIMIT)


def _rate_trouble(run: Run, ratio: float | None) -> Kind | None:
    """Tell what a fixed rate does that does not suit a bowl."""
    curvature, method = run.training.curvature, run.training.method
    if curvature is None or not method.is_fixed or method.optimizer.is_normalized:
        return None
    if run.last.oscillation > OSCILLATING:
        return Kind.OSCILLATES
    if _is_narrow(run.training) and run.stop_reason is not StopReason.CONVERGED:
        return Kind.ILL_CONDITIONED
    return Kind.SLOW if ratio is not None and ratio > SLOW else None


def _is_narrow(training: Training) -> bool:
    curvature = training.curvature
    return curvature is not None and curvature.condition_number > ILL_CONDITIONED


def _is_but_slow(run: Run, found: Remedy | None) -> bool:
    """Tell whether a run that oscillates has the best rate, or needs but more steps."""
    if run.stop_reason is not StopReason.STEPS:
        return False
    known = run.training.best_rate if run.training.landscape.is_quadratic else None
    has_best = known is not None and run.training.learning_rate <= known[0] * (1 + ROUNDED)
    return has_best or (found is not None and set(found.changes) == {"steps"})


def _slowness(training: Training) -> float | None:
    """Tell how many times smaller than the best known one the rate is."""
    known = training.best_rate
    return known[0] / training.learning_rate if known else None


class RateRisk(Enum):
    """What a learning rate does that never converges."""

    DIVERGES = "diverges"
    OSCILLATES_FOR_EVER = "oscillates"


@dataclass(frozen=True)
class TooLarge:
    """A learning rate that is not below the largest stable one."""

    rate: float
    stable: float
    risk: RateRisk


def too_large(training: Training) -> TooLarge | None:
    """Tell before the first step whether a fixed rate is too large; None where it is not."""
    stable, rate = training.largest_stable_rate, training.learning_rate
    if not training.landscape.is_quadratic or not training.method.is_fixed or rate < stable:
        return None
    risk = RateRisk.DIVERGES if rate > stable else RateRisk.OSCILLATES_FOR_EVER
    return TooLarge(rate, stable, risk)
