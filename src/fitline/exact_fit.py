"""The exact fit of a table with its statistics, without a walk."""

from dataclasses import asdict
from typing import Any, Literal

from fitline.config import Config, resolve
from fitline.data import Data, Progress, Table, open_table
from fitline.data.dataframes import gather
from fitline.data.residuals import squared_errors
from fitline.errors import ConfigError
from fitline.optimize.moments import Moments
from fitline.results.summary import SummaryResult
from fitline.statistics.inference import RobustErrors
from fitline.statistics.intervals import Uncertainty, require_level
from fitline.training import moments_of, weights_of


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
    data, names = gather(data, x, y)
    config = resolve({**asdict(config or Config()), **names, "holdout": None, "patience": None})
    require_least_squares(config)
    require_level(level)
    if robust_errors not in {None, "hc3"}:
        raise ConfigError(f"robust_errors is {robust_errors!r}, not 'hc3'", column="robust_errors")
    source = config.data if data is None else data
    with open_table(source, config.x, config.y, config, weights=weights_of(config)) as table:
        moments = moments_of(table, config)
        robust = errors_of_rows(table, moments) if robust_errors else None
        return SummaryResult.of(table, moments, level, robust)


def require_least_squares(config: Config, file: str | None = None) -> None:
    """Raise ConfigError where a configuration chooses another cost."""
    if config.cost != "squared":
        raise ConfigError(
            f"cost: summary tells of least squares, not of {config.cost} error",
            file=file,
            column="cost",
            value=config.cost,
            hint="leave `cost` out of the configuration",
        )


def errors_of_rows(
    table: Table, moments: Moments, progress: Progress | None = None
) -> RobustErrors | None:
    """Read a table once more for robust errors; None where there are no degrees of freedom."""
    if (uncertainty := Uncertainty.of(moments)) is None:
        return None
    return RobustErrors(uncertainty, squared_errors(table, moments, uncertainty, progress))
