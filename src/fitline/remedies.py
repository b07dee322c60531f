"""What helps a walk that did not arrive at a minimum of a robust cost: tried, then advised."""

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

from .config import Config
from .descent import Ending, Step
from .landscape import Landscape
from .optimizers import GradientDescent
from .rates import SHRINKS
from .schedules import Constant
from .training import Training, lowest, prepare, random_starts, scout


class Remedy(Enum):
    """What to change of a command; the value is the advice."""

    LINE_SEARCH = "Type --line-search, which arrives."
    NO_LINE_SEARCH = "Leave --line-search out, which gets stuck in corners."
    AUTO = "Type --learning-rate auto, which arrives."
    ELSEWHERE = "Leave --theta0 and --theta1 out, to start among the rows."
    SCALE = "Leave --cost-scale out, for a scale that the data tell."
    SCALE_AND_RATE = "Leave --cost-scale and --learning-rate out, for ones that the data tell."
    STARTS = "Type --starts 20, of which some arrive."


def remedy(training: Training) -> Remedy | None:
    """Find what leads to the lowest minimum, or else to another; None where nothing does."""
    helpful = None
    for one, landscape, config in _remedies(training):
        tried = prepare(training.table, landscape, config).sampled
        last = _walked(tried)
        if last.ending is Ending.CONVERGED:
            if tried.landscape.reached(last.theta) is tried.landscape.lowest:
                return one
            helpful = helpful or one
    return helpful


def _remedies(training: Training) -> Iterator[tuple[Remedy, Landscape, Config]]:
    """Give what may help, the quickest first, with the landscape and the configuration."""
    here, way, config = training.landscape, training.way, as_typed(training)
    is_plain = isinstance(way.optimizer, GradientDescent) and config.schedule.name == "constant"
    searched = replace(config, line_search=not way.line_search)
    if way.line_search:
        yield Remedy.NO_LINE_SEARCH, here, replace(searched, learning_rate="auto")
    elif is_plain and not (config.warm_up or way.batches):
        yield Remedy.LINE_SEARCH, here, searched
    chosen = replace(config, learning_rate="auto")
    if chosen != config and not way.line_search:
        yield Remedy.AUTO, here, chosen
    if random_starts(here, config.seed)[0].tolist() != training.start.tolist():
        yield Remedy.ELSEWHERE, here, replace(config, theta0=None, theta1=None)
    if here.chosen and here.chosen.source == "given":
        scaled = here.with_default_scale()
        yield Remedy.SCALE, scaled, replace(config, cost_scale=None)
        yield Remedy.SCALE_AND_RATE, scaled, replace(chosen, cost_scale=None)
    if config.starts < STARTS:
        yield Remedy.STARTS, here, replace(config, starts=STARTS)


STARTS = 20


def as_typed(training: Training) -> Config:
    """Give the configuration before a rate was chosen."""
    config = training.config
    if training.reason == SHRINKS:
        config = replace(config, schedule=Constant())
    return replace(config, learning_rate="auto") if training.reason else config


def _walked(training: Training) -> Step:
    """Give the end of the walk, or of the one of several that ends lowest."""
    if training.config.starts > 1:
        return lowest(list(scout(training))).last
    *_, last = training.steps()
    return last
