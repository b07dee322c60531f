"""Several trainings on one table, side by side."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import count, product
from typing import Any, Literal

from .config import Config
from .data import Table
from .errors import UsageError
from .landscapes.landscape import Landscape
from .optimize.iterate import Iterate, StopReason
from .reading import WEIGHTS, Reading
from .statistics.validation import CrossValidation
from .training import Run, descend_from_all, is_shown, landscape_of, prepare

DRAWN_STEPS = 200
"""So many steps of a run are kept one by one, and of the later ones those that are shown."""


@dataclass(frozen=True, eq=False)
class Contestant:
    """A training that is compared: its name, its run, and how long it took.

    `unseen` tells how its penalty does on rows that were not fitted, where there are folds.
    """

    name: str
    run: Run = field(repr=False)
    seconds: float
    unseen: CrossValidation | None = None

    @property
    def penalty(self) -> tuple[float, float]:
        """Give λ1 and λ2."""
        config = self.run.training.config
        return config.l1, config.l2


Criterion = Literal["steps", "validation cost", "cross-validation"]


@dataclass(frozen=True)
class Verdict:
    """Which run is best, and by what.

    On one landscape that is the first to converge, else the one nearest to the minimum. Of several
    penalties it is the one that does best on rows that were not fitted, if there are any; by folds
    the `simplest` is the largest penalty that does so but for one standard error.
    """

    best: Contestant
    converged: bool
    criterion: Criterion = "steps"
    simplest: Contestant | None = None


def judge(contestants: Sequence[Contestant]) -> Verdict:
    """Choose the best of some runs."""
    if len({one.penalty for one in contestants}) > 1:
        folded = [(one.unseen, one) for one in contestants if one.unseen]
        if folded:
            lowest, best = min(folded, key=lambda pair: pair[0].rmse)
            most = lowest.rmse + lowest.standard_error
            near = [one for unseen, one in folded if unseen.rmse <= most]
            simplest = max(near, key=lambda one: one.penalty)
            return Verdict(best, _has_converged(best), "cross-validation", simplest)
        costs = [(one.run.last.validation_cost, one) for one in contestants]
        validated = [(cost, one) for cost, one in costs if cost is not None]
        if validated:
            _, best = min(validated, key=lambda pair: pair[0])
            return Verdict(best, _has_converged(best), "validation cost")
    arrived = [*filter(_has_converged, contestants)]
    if arrived:
        return Verdict(min(arrived, key=lambda one: one.run.last.index), converged=True)
    return Verdict(min(contestants, key=lambda one: one.run.excess), converged=False)


def _has_converged(one: Contestant) -> bool:
    return one.run.stop_reason is StopReason.CONVERGED


def combinations(varied: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Combine every value of every setting with those of the others.

    >>> list(combinations({"optimizer": ["adam"], "steps": [1, 2]}))
    [{'optimizer': 'adam', 'steps': 1}, {'optimizer': 'adam', 'steps': 2}]
    """
    for values in product(*varied.values()):
        yield dict(zip(varied, values, strict=True))


def new_name(name: str, taken: Mapping[str, object]) -> str:
    """Give a name that is not taken, with a number if need be."""
    others = (f"{name} ({nth})" for nth in count(2))
    return name if name not in taken else next(other for other in others if other not in taken)


def compete(
    table: Table, landscape: Landscape, configs: Mapping[str, Config]
) -> Iterator[Contestant]:
    """Train with each configuration, on the landscape or on one of another scale or penalty.

    Those that look at the same one share it.
    """
    landscapes: dict[tuple[object, ...], Landscape] = {}
    unseen: dict[tuple[object, ...], CrossValidation | None] = {}
    for name, config in configs.items():
        key = (config.cost, config.cost_scale, config.l2, config.l1, config.scaling)
        if key not in landscapes:
            landscapes[key] = _seen(table, landscape, config)
            unseen[key] = CrossValidation.of(landscapes[key].moments, landscapes[key].best_on)
        training = prepare(table, landscapes[key], config)
        begun = time.perf_counter()
        if config.starts > 1:
            _, training, steps = descend_from_all(training, _is_drawn)
        else:
            steps = list(training.steps(_is_drawn))
        seconds = time.perf_counter() - begun
        run = Run(training, steps, steps[-1].stop_reason or StopReason.STEPS)
        yield Contestant(name, run, seconds, unseen[key])


def _is_drawn(step: Iterate) -> bool:
    return step.index < DRAWN_STEPS or is_shown(step)


def _seen(table: Table, landscape: Landscape, config: Config) -> Landscape:
    """Look at a table as a configuration does; of a robust cost its rows are in memory already."""
    if config.cost != "squared" and config.cost_scale in {None, landscape.scale}:
        return landscape
    return landscape_of(table, landscape.moments, config)


def require_one_reading(configs: Mapping[str, Config]) -> None:
    """Refuse trainings that take other rows or weights from a table."""
    for name in (*(option.name for option in fields(Reading)), *WEIGHTS):
        if len({getattr(config, name) for config in configs.values()}) > 1:
            raise UsageError(
                f"these trainings read the table in different ways: {name} is not the same in all",
                hint=f"give all of them one --{name.replace('_', '-')}",
            )


def require_comparable(configs: Mapping[str, Config]) -> None:
    """Refuse trainings that are not on the same landscape."""
    tables = [{getattr(config, key) for config in configs.values()} for key in ("data", "x", "y")]
    if any(len(named - {None}) > 1 for named in tables):
        raise UsageError(
            "these trainings read different tables",
            hint="name one table on the command line, and leave `data`, `x` and `y` out of the"
            " configurations",
        )
    if len({config.cost for config in configs.values()}) > 1:
        raise UsageError("costs of different kinds cannot be compared", hint="choose one --cost")
    if len({config.intercept for config in configs.values()}) > 1:
        raise UsageError(
            "a model without an intercept has a landscape of its own",
            hint="add --no-intercept to all of them, or to none",
        )
    if len({config.folds and (config.folds, config.seed) for config in configs.values()}) > 1:
        raise UsageError(
            "these trainings are cross-validated in different folds",
            hint="give all of them one --folds and one --seed",
        )
    if len({config.holdout and (config.holdout, config.seed) for config in configs.values()}) > 1:
        raise UsageError(
            "these trainings hold out different rows",
            hint="give all of them one --holdout and one --seed",
        )
