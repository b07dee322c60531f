"""What least squares tells beyond the fit: how precise each parameter is, and the whole."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitline.optimize.moments import Moments
from fitline.vector import Vector

from .distributions import f_tail, t_quantile, t_tail


@dataclass(frozen=True)
class Estimate:
    """A parameter: its least-squares value, and how precise that is.

    `t` is the value in standard errors, `p` the probability of one as far from 0 by chance alone,
    `low` and `high` are the ends of the confidence interval, `standardized` tells by how many
    standard deviations y rises with one of the feature's, `vif` is the variance inflation factor.
    What the data do not determine is NaN.
    """

    theta: float
    standard_error: float
    t: float
    p: float
    low: float
    high: float
    standardized: float
    vif: float


@dataclass(frozen=True)
class Inference:
    """The estimates, the intercept first, and the fit as a whole.

    `freedom` are the degrees of freedom of the residuals, `features` those of the model without
    its intercept; `level` is that of the intervals. Errors are of the classical linear model:
    independent, and of one variance; if `is_robust`, of a variance of their own (HC3; J. MacKinnon
    and H. White, 1985), and F is that of Wald.
    """

    estimates: Sequence[Estimate]
    level: float
    freedom: int
    features: int
    rmse: float
    residual_standard_error: float
    r2: float
    adjusted_r2: float
    f: float
    f_p: float
    is_robust: bool = False

    @classmethod
    def of(
        cls, moments: Moments, level: float = 0.95, robust: "RobustErrors | None" = None
    ) -> "Inference":
        """Take the exact moments of a table, and robust errors if there are any."""
        fit, precision = moments.fit, moments.precision
        errors, f = precision.standard_errors, precision.f
        if robust is not None:
            errors, f = robust.standard_errors, robust.wald(moments)
        freedom = precision.freedom
        width = t_quantile(level, freedom) if freedom else math.nan
        free = {other for place, own in fit.dependent.items() for other in (place, *own)}
        with np.errstate(divide="ignore", invalid="ignore"):
            standardized = fit.theta[1:] * moments.x_deviation / moments.y_deviation
        estimates = []
        for place, theta in enumerate(fit.theta.tolist()):
            is_open = place in free or (place == 0 and not moments.has_intercept)
            error = math.nan if is_open else float(errors[place])
            t = theta / error if error else math.copysign(math.inf, theta) if theta else math.nan
            estimates.append(
                Estimate(
                    theta=math.nan if place in free else theta,
                    standard_error=error,
                    t=t,
                    p=math.nan if math.isnan(t) else t_tail(t, freedom),
                    low=theta - width * error,
                    high=theta + width * error,
                    standardized=math.nan if is_open or not place else standardized[place - 1],
                    vif=math.nan if is_open else float(precision.inflation[place]),
                )
            )
        has_f = not math.isnan(f)
        return cls(
            estimates=estimates,
            level=level,
            freedom=freedom,
            features=precision.features,
            rmse=math.sqrt(fit.floor),
            residual_standard_error=precision.residual_deviation,
            r2=precision.r2,
            adjusted_r2=precision.adjusted_r2,
            f=f,
            f_p=f_tail(f, precision.features, freedom) if has_f else math.nan,
            is_robust=robust is not None,
        )


@dataclass(frozen=True, eq=False)
class RobustErrors:
    """The `squared_errors` of a table: the covariance of what its columns add, one by one.

    The `variances` are those of the parameters, of the shape (1 + p,), added up row by row: from
    the covariance they would be small differences of large numbers where some errors are large.
    """

    squares: Vector
    variances: Vector

    @property
    def standard_errors(self) -> Vector:
        """Give those of the parameters, in the shape (1 + p,)."""
        errors: Vector = np.sqrt(self.variances)
        return errors

    def wald(self, moments: Moments) -> float:
        """Compare all features with none; NaN where that cannot be told."""
        kept = moments.fit.weights > 0
        is_feature = np.flatnonzero(kept) > 0
        effects = moments.precision.effects[kept][is_feature]
        own = self.squares[np.ix_(is_feature, is_feature)]
        scale = np.sqrt(own.diagonal())
        if not len(effects) or not np.isfinite(own).all() or not scale.all():
            return math.nan
        try:
            turned = np.linalg.solve(own / np.outer(scale, scale), effects / scale)
        except np.linalg.LinAlgError:
            return math.nan
        return float(effects / scale @ turned) / len(effects)
