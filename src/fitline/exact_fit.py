"""What the exact fit of a table asks for beside its moments."""

from fitline.config import Config
from fitline.data import Progress, Table
from fitline.data.residuals import squared_errors
from fitline.errors import ConfigError
from fitline.optimize.moments import Moments
from fitline.statistics.inference import RobustErrors
from fitline.statistics.intervals import Uncertainty


def require_least_squares(config: Config, file: str | None = None) -> None:
    """Raise ConfigError where a configuration chooses another cost."""
    if config.cost != "squared":
        raise ConfigError(
            f"cost: summary is for least squares, not for {config.cost} error",
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
    return RobustErrors(*squared_errors(table, moments, uncertainty, progress))
