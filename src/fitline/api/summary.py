"""`fitline.summary`: the exact fit of a table with its statistics, without a walk."""

from dataclasses import replace
from typing import Any, Literal

from fitline.config import Config
from fitline.data import Data
from fitline.errors import ConfigError
from fitline.exact_fit import errors_of_rows, require_least_squares
from fitline.results.summary import SummaryResult
from fitline.statistics.intervals import require_level
from fitline.training import moments_of

from .tables import opened


def summary(
    data: Data = None,
    y: Any = None,
    *,
    x: Any = None,
    config: Config | None = None,
    level: float = 0.95,
    robust_errors: Literal["hc3"] | None = None,
) -> SummaryResult:
    """Fit a table exactly, and tell how far to trust it, as `fitline summary` does.

    `data`, `x` and `y` are those of `train`, and `config` says how the table is read, with which
    weights and in how many folds; what it says of a training does not matter. Confidence intervals
    have this `level`; with HC3 the standard errors hold where errors differ in variance. Raises
    DataError and ConfigError.

    >>> facts = summary().facts
    >>> facts.coefficients[1].theta, facts.coefficients[1].standard_error
    (136.0, 5.656854249492381)
    """
    require_level(level)
    if robust_errors is not None and robust_errors != "hc3":
        raise ConfigError(f"robust_errors is {robust_errors!r}, not 'hc3'", column="robust_errors")
    if isinstance(config, Config):
        config = replace(config, holdout=None, patience=None)
    with opened(data, x, y, config) as (table, own):
        require_least_squares(own)
        moments = moments_of(table, own)
        robust = errors_of_rows(table, moments) if robust_errors else None
        return SummaryResult.of(table, moments, level, robust)
