"""Which learning rate a training takes where none is given: by theory, or else by trying."""

from dataclasses import replace

import numpy as np

from fitline.optimize import rates
from fitline.optimize.step_size import FixedRate

from .training import Training

TRIED_STEPS = 1000
"""For so many steps a learning rate is tried before it is chosen."""


def at_chosen_rate(training: Training) -> Training:
    """Choose a learning rate by theory, or else by trying."""
    config, method = training.config, training.method
    is_quadratic, is_usual = training.landscape.is_quadratic, config.learning_rate is None
    known = training.best_rate
    if not isinstance(method.step_size, FixedRate) or (is_quadratic and is_usual):
        # A line search takes a rate for no more than the first length to try.
        return training.at_rate(rates.USUAL if is_usual or not known else known[0])
    if known and method.batches is not None:
        moments, scaling = training.moments, training.scaling
        ends = (np.array([moments.x_min, moments.x_max]) - scaling.shift) / scaling.scale
        return training.at_rate(*rates.calm_rate(method.optimizer, ends))
    is_free = method.is_fixed and config.schedule is None
    if is_free and not is_quadratic and not config.optimizer.is_normalized:
        return _first_to_arrive(training, known)
    return training.at_rate(*known) if known else training.at_rate(*_best_tried(training))


def _first_to_arrive(training: Training, known: tuple[float, str] | None) -> Training:
    """Try the fixed rate that theory knows, and then first steps across the table that shrink."""
    seen, optimizer = training.sampled, training.method.optimizer
    start = seen.scaling.scaled(seen.start)
    stopping = replace(seen.stopping, steps=TRIED_STEPS)
    long = rates.long_rate(optimizer, seen.bowl.curvature, seen.landscape.scales_from(seen.start))
    tried = [training.at_rate(*known)] if known else []
    tried += [training.at_rate(long, rates.SHRINKS, schedule) for schedule in rates.SHRINKING]
    methods = [one.method for one in tried]
    return tried[rates.first_to_arrive(seen.cost, methods, start, stopping)]


def _best_tried(training: Training) -> tuple[float, str]:
    """Try rates, with as many steps for every --steps: a resumed run has the same one."""
    whole = replace(training.sampled, method=replace(training.method, batches=None))
    whole = replace(whole, config=replace(whole.config, steps=TRIED_STEPS))
    trials = list(whole.try_rates())
    return rates.best_of(trials).rate, f"the best of {len(trials)} that were tried"
