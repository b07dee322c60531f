"""Several trainings on one table, side by side."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from .config import Config
from .data import Table
from .landscape.landscape import Landscape
from .optimize.iterate import Iterate, StopReason
from .training import Run, descend_from_all, is_shown, prepare

DRAWN_STEPS = 200
"""So many steps of a run are kept one by one, and of the later ones those that are shown."""


@dataclass(frozen=True, eq=False)
class Contestant:
    """A training that is compared: its name, its run, and how long it took."""

    name: str
    run: Run = field(repr=False)
    seconds: float


@dataclass(frozen=True)
class Verdict:
    """Which run is best: the first to converge, else the one nearest to the minimum."""

    best: Contestant
    converged: bool


def judge(contestants: Sequence[Contestant]) -> Verdict:
    """Choose the best of some runs."""
    arrived = [one for one in contestants if one.run.stop_reason is StopReason.CONVERGED]
    if arrived:
        return Verdict(min(arrived, key=lambda one: one.run.last.index), converged=True)
    return Verdict(min(contestants, key=lambda one: one.run.excess), converged=False)


def combinations(varied: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Combine every value of every setting with those of the others.

    >>> list(combinations({"optimizer": ["adam"], "steps": [1, 2]}))
    [{'optimizer': 'adam', 'steps': 1}, {'optimizer': 'adam', 'steps': 2}]
    """
    for values in product(*varied.values()):
        yield dict(zip(varied, values, strict=True))


def compete(
    table: Table, configs: Mapping[str, Config], look: Callable[[Config], Landscape]
) -> Iterator[Contestant]:
    """Train with each configuration.

    `look` gives the landscape for a configuration; those that look at the same one share it.
    """
    landscapes: dict[tuple[object, ...], Landscape] = {}
    for name, config in configs.items():
        key = (config.cost, config.cost_scale)
        if key not in landscapes:
            landscapes[key] = look(config)
        training = prepare(table, landscapes[key], config)
        begun = time.perf_counter()
        if config.starts > 1:
            _, training, steps = descend_from_all(training, _is_drawn)
        else:
            steps = list(training.steps(_is_drawn))
        seconds = time.perf_counter() - begun
        yield Contestant(
            name, Run(training, steps, steps[-1].stop_reason or StopReason.STEPS), seconds
        )


def _is_drawn(step: Iterate) -> bool:
    return step.index < DRAWN_STEPS or is_shown(step)
