"""Several trainings on one table, side by side."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from .config import Config
from .data import Table
from .landscape.landscape import Landscape
from .optimize.descent import Ending
from .training import Run, is_shown, lowest, prepare, scout

DRAWN_STEPS = 200
"""So many steps of a walk are kept one by one, and of the later ones those that are shown."""


@dataclass(frozen=True, eq=False)
class Contestant:
    """A training that is compared: its name, its run, and how long it took."""

    name: str
    run: Run = field(repr=False)
    seconds: float


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
        if config.starts > 1:
            training = training.starting_at(lowest(list(scout(training))).start)
        begun = time.perf_counter()
        steps = [step for step in training.steps() if step.index < DRAWN_STEPS or is_shown(step)]
        seconds = time.perf_counter() - begun
        yield Contestant(name, Run(training, steps, steps[-1].ending or Ending.STEPS), seconds)
