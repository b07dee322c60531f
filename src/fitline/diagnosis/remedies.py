"""What helps a run that did not arrive, or took long: each change is tried, then advised.

A penalty means something else in other coordinates, so that these are no remedy beside it.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import ROUND_UP, Context
from typing import Any

from fitline.config import Config
from fitline.optimize.iterate import Step, StopReason
from fitline.optimize.optimizers import Adam, GradientDescent, Momentum
from fitline.optimize.rates import USUAL
from fitline.optimize.schedules import Constant, Exponential, InverseTime
from fitline.training import Run, Training, descend_from_all, prepare, random_starts

STARTS = 20
LONG_STEPS = 20_000
"""For so many steps a run is tried that may be but slow."""

MOST_UPDATES = 100_000
"""A run of more updates than these is not taken once more."""

BETTER = 2.0
"""What helps takes so many times fewer steps, or ends so many times nearer to the minimum."""

DEFAULTS = {field.name: field.default for field in fields(Config)}

Changes = Mapping[str, Any]
"""Settings and their new values; None leaves a setting out."""


@dataclass(frozen=True, eq=False)
class Remedy:
    """Settings to change, and what became of a run with them.

    It converges in so many `steps`, where it converges, `at_lowest` in the global minimum.
    """

    changes: Changes
    steps: int | None
    at_lowest: bool


def remedy(training: Training, run: Run | None = None) -> Remedy | None:
    """Find what leads to the lowest minimum in the fewest steps, or else further than the run.

    None where nothing helps, which a run that took hardly more steps than the best needs not.
    """
    is_robust, helpful = not training.landscape.is_quadratic, []
    for changes in _changes(training, run):
        found = _tried(training, changes, run)
        if found and is_robust and found.at_lowest:
            return found  # runs on a robust cost take long, and what is quickest was tried first
        if found:
            helpful.append(found)
    if all("steps" in found.changes for found in helpful):
        tried = (_tried(training, changes, run) for changes in _other_optimizers(training, run))
        helpful += filter(None, tried)
    return min(helpful, key=_rank, default=None)


def _rank(found: Remedy) -> tuple[bool, float]:
    return not found.at_lowest, math.inf if found.steps is None else found.steps


def _changes(training: Training, run: Run | None) -> Iterator[Changes]:
    """Give what may help, the likeliest first."""
    config, here = training.config, training.landscape
    is_there = run is not None and run.stop_reason is StopReason.CONVERGED
    if run is not None and is_there and run.reached is not run.minimum:
        yield {"tolerance": None} if has_loose_tolerance(run) else {"starts": STARTS}
        return
    is_chosen = config.learning_rate == "auto" or (
        config.learning_rate is None and not here.is_quadratic
    )
    has_best = is_chosen or config.line_search
    best: Changes = {} if has_best else {"learning_rate": "auto"}
    if config.line_search and not here.is_quadratic:
        yield {"line_search": None, "learning_rate": "auto"}
    elif _is_plain(training) and not here.is_quadratic and not is_there:
        yield {"line_search": True}
    if best:
        yield best
    if config.scaling != DEFAULTS["scaling"] and not here.penalty:
        yield {"scaling": DEFAULTS["scaling"], **best}
    if run is not None and run.stop_reason is StopReason.DIVERGED and not run.last.index:
        yield _random_start(config)
    if not is_there:
        yield from _other_ways(training, config, best)
        yield from _more_steps(training, config)


def has_loose_tolerance(run: Run) -> bool:
    """Tell whether a run that has converged is at no minimum, for it need not come so near."""
    is_loose = run.training.config.tolerance > Config.tolerance
    return run.reached is None and (is_loose or run.training.cost.loss.is_convex)


def _other_optimizers(training: Training, run: Run | None) -> Iterator[Changes]:
    """Give optimizers that follow the narrow valley of several features."""
    config, is_there = training.config, run and run.stop_reason is StopReason.CONVERGED
    is_line = training.table.features == 1
    if is_there or is_line or not training.landscape.is_bowl or not _is_plain(training):
        return
    is_to_scale = config.scaling != DEFAULTS["scaling"] and not training.landscape.penalty
    given = {"scaling": DEFAULTS["scaling"]} if is_to_scale else {}
    given |= {"line_search": None} if config.line_search else {}
    auto = {} if config.learning_rate == "auto" else {"learning_rate": "auto"}
    yield {"optimizer": Momentum(), **given, **auto}
    usual = {} if config.learning_rate in {None, USUAL} else {"learning_rate": USUAL}
    yield {"optimizer": Adam(), **given, **usual}


def _is_plain(training: Training) -> bool:
    config, method = training.config, training.method
    changes_rate = config.warm_up or not isinstance(config.rate_schedule, Constant)
    return isinstance(method.optimizer, GradientDescent) and not (changes_rate or method.batches)


def _random_start(config: Config) -> Changes:
    return {"theta": None} if config.theta is not None else {"theta0": None, "theta1": None}


def _other_ways(training: Training, config: Config, best: Changes) -> Iterator[Changes]:
    """Give other schedules, starts and scales for a run that did not arrive."""
    method, here = training.method, training.landscape
    if not config.line_search and isinstance(config.rate_schedule, Constant):
        updates = config.steps * (method.batches.each_epoch if method.batches else 1)
        if (method.batches or method.optimizer.is_normalized) and updates <= MOST_UPDATES:
            yield {"schedule": InverseTime()}
        if training.schedule != config.rate_schedule:
            rate = training.learning_rate
            yield {"learning_rate": rate, "schedule": Exponential(), "steps": 4 * config.steps}
    if here.is_quadratic:
        return
    if random_starts(here, config.seed)[0].tolist() != training.start.tolist():
        yield _random_start(config)
    if here.chosen and here.chosen.source == "given":
        yield {"cost_scale": None}
        if best:
            yield {"cost_scale": None, **best}
    if config.starts < STARTS:
        yield {"starts": STARTS}


def _more_steps(training: Training, config: Config) -> Iterator[Changes]:
    """Give the steps that theory predicts, or many."""
    predicted = training.predicted_steps
    if config.learning_rate == "auto":  # with more steps another rate may be the best
        longer = replace(training, config=replace(config, steps=LONG_STEPS))
        predicted = longer.at_rate(*longer.best_rate).predicted_steps if longer.best_rate else None
    if predicted is None and config.steps < LONG_STEPS and not training.method.batches:
        yield {"steps": LONG_STEPS}
    elif predicted is not None and predicted < LONG_STEPS / 2:
        yield {"steps": _rounded_up(1.01 * predicted)}


def _tried(training: Training, changes: Changes, run: Run | None) -> Remedy | None:
    """Train with these changes, and tell how that ended, if it is better."""
    here = training.landscape
    if "cost_scale" in changes:
        here = here.at_default_scale
    config = replace(training.config, **filled(changes))
    if not training.method.batches:
        config = replace(config, steps=min(config.steps, LONG_STEPS))
    tried = prepare(training.table, here, config).sampled
    last = _last_step(tried)
    at_lowest = tried.landscape.reached(last.theta) is tried.landscape.lowest
    if not _is_better(last, run, at_lowest=at_lowest):
        return None
    if last.stop_reason is not StopReason.CONVERGED:
        return Remedy(changes, None, at_lowest)
    if set(changes) == {"steps"}:
        changes = {"steps": min(config.steps, _rounded_up(1.01 * last.index))}
    return Remedy(changes, last.index, at_lowest)


def _is_better(last: Step, run: Run | None, *, at_lowest: bool) -> bool:
    """Tell whether a run that ended so is worth more than a run; with batches none arrives."""
    if last.stop_reason is not StopReason.CONVERGED:
        if run is None or not run.training.method.batches:
            return False
        return last.stop_reason is StopReason.STEPS and BETTER * last.excess < run.excess
    if run is None or run.stop_reason is not StopReason.CONVERGED:
        return True
    if run.reached is not run.minimum:
        return at_lowest
    return BETTER * last.index < run.last.index


def filled(changes: Changes) -> dict[str, Any]:
    """Give the values of changes, those of what is left out as well."""
    return {key: DEFAULTS[key] if value is None else value for key, value in changes.items()}


def _rounded_up(steps: float) -> int:
    """Give a number of two digits and zeros that is no smaller.

    >>> _rounded_up(128), _rounded_up(7), _rounded_up(1365.2)
    (130, 7, 1400)
    """
    return int(Context(prec=2, rounding=ROUND_UP).create_decimal(math.ceil(steps)))


def _last_step(training: Training) -> Step:
    """Give the last step, that of the lowest of several starts."""
    if training.config.starts > 1:
        *_, (*_, last) = descend_from_all(training, lambda step: step.stop_reason is not None)
        return last
    return training.last_step()
