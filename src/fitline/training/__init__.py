"""From a table and a configuration to a run."""

from .held_steps import HELD_AT_ONCE, hold, up_to_the_last
from .prepare import landscape_of, moments_of, prepare, weights_of
from .run import Run, data_facts, run_on
from .starts import Restart, descend_from_all, random_starts
from .thinning import is_shown, is_shown_at, shown_rule
from .training import Training

__all__ = [
    "HELD_AT_ONCE",
    "Restart",
    "Run",
    "Training",
    "data_facts",
    "descend_from_all",
    "hold",
    "is_shown",
    "is_shown_at",
    "landscape_of",
    "moments_of",
    "prepare",
    "random_starts",
    "run_on",
    "shown_rule",
    "up_to_the_last",
    "weights_of",
]
