"""How far off least squares is on rows that it has not seen: cross-validation."""

import math
import statistics
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from fitline.errors import DataError
from fitline.formatting import count
from fitline.optimize.moments import Moments
from fitline.vector import Vector


def least_squares(moments: Moments) -> Vector:
    """Give the parameters with the least squared error."""
    return moments.fit.theta


def depend(moments: Moments) -> Collection[int]:
    """Give the places in theta of the features whose parameters least squares leaves open."""
    return moments.fit.dependent


def require_fits(
    moments: Moments,
    source: str,
    features: Sequence[str],
    left_open: Callable[[Moments], Collection[int]] = depend,
) -> None:
    """Refuse folds without which the other rows leave open what all rows determine.

    Then some row of the fold may be predicted to be anything. Raises DataError.
    """
    for fold in moments.folds:
        others, folds = fold.training, f"{len(moments.folds)} folds"
        if len(depend(others)) == len(depend(moments)):
            continue
        if lost := {*left_open(others)} - {*left_open(moments)}:
            feature, rows = features[min(lost) - 1], count(others.rows, "row")
            raise DataError(
                f"without one of its {folds}, {rows} cannot tell the slope of {feature}",
                file=source,
                hint=_way_out(moments, others, feature),
            )


def _way_out(moments: Moments, others: Moments, feature: str) -> str:
    """Tell what helps where these rows do not tell the slope of a feature."""
    parameters = np.count_nonzero(moments.fit.weights)
    if moments.rows <= parameters:
        return "leave the folds out, which take more rows than parameters"
    without = "" if others.rows < parameters else f", or do without {feature}"
    return f"choose another --seed, as train and compare can{without}"


@dataclass(frozen=True)
class CrossValidation:
    """Each fold of a table is predicted by the best parameters of all others.

    `rmses` are the errors of the folds, and `spread` their standard deviation; `rmse` is that of
    all rows together, and `r2` the part of the variance of y that such predictions explain, None
    where y does not vary. A fold without rows counts nowhere.
    """

    rmses: Sequence[float]
    rmse: float
    spread: float
    r2: float | None

    @property
    def standard_error(self) -> float:
        """Give that of the mean of the errors of the folds."""
        return self.spread / math.sqrt(len(self.rmses))

    @classmethod
    def of(
        cls, moments: Moments, best: Callable[[Moments], Vector] = least_squares
    ) -> "CrossValidation | None":
        """Take the moments of a table in folds; None where it is in none.

        `best` gives the parameters that fit a table. Raises OverflowError where an error is too
        large for a float64.
        """
        if not moments.folds:
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            errors = [fold.test.squared_error(best(fold.training)) for fold in moments.folds]
        weights = [fold.test.weight for fold in moments.folds]
        squares = (error * weight for error, weight in zip(errors, weights, strict=True))
        mean = math.fsum(squares) / sum(weights)
        if not math.isfinite(mean):
            raise OverflowError
        rmses = [*map(math.sqrt, errors)]
        r2 = 1 - mean / moments.y_variance if moments.y_variance else None
        return cls(rmses, math.sqrt(mean), statistics.stdev(rmses), r2)
