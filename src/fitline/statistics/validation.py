"""How far off least squares is on rows that it has not seen: cross-validation."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fitline.optimize.moments import Moments
from fitline.vector import Vector


def least_squares(moments: Moments) -> Vector:
    """Give the parameters with the least squared error."""
    return moments.fit.theta


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
