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
    """Refuse folds without which there are fewer rows than parameters.

    Unless a penalty determines these, some row may be predicted to be anything. Raises DataError.
    """
    parameters = np.count_nonzero(moments.fit.weights)
    for fold in moments.folds:
        others = fold.training
        if others.observations >= parameters:
            continue
        if lost := {*left_open(others)} - {*left_open(moments)}:
            feature, rows = features[min(lost) - 1], count(others.observations, "row")
            raise DataError(
                f"without one of its {len(moments.folds)} folds, {rows} cannot tell the slope of"
                f" {feature}",
                file=source,
                hint="choose another --seed, as train and compare can"
                if moments.observations > parameters
                else "leave the folds out, which take more rows than parameters",
            )


def lost_slopes(
    moments: Moments,
    features: Sequence[str],
    left_open: Callable[[Moments], Collection[int]] = depend,
) -> list[str]:
    """Name the features that the rows outside of some fold leave open, and all rows do not.

    So it is with a level that one row has alone.
    """
    known = {*left_open(moments)}
    lost = {place for fold in moments.folds for place in {*left_open(fold.training)} - known}
    return [features[place - 1] for place in sorted(lost)]


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
