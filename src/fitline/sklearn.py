"""A linear model by gradient descent for scikit-learn; it needs the extra `sklearn`."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import cache
from typing import Any, Literal, Self

import numpy as np

try:
    from sklearn.base import BaseEstimator, RegressorMixin
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
    from threadpoolctl import ThreadpoolController
except ImportError as error:
    raise ImportError(
        "fitline.sklearn needs scikit-learn 1.6 or later: pip install 'fitline[sklearn]'"
    ) from error

from .config import Config, resolve, settings
from .data.array_table import WEIGHT, ArrayTable
from .diagnosis.diagnosis import diagnose
from .diagnosis.remedies import Remedy, filled
from .errors import FitlineError, RangeError
from .formatting import count, number
from .optimize.cost_names import CostName
from .optimize.iterate import StopReason
from .optimize.optimizers import AnyOptimizer
from .optimize.scaling import Kind
from .optimize.schedules import AnySchedule
from .results.diagnosis import DiagnosisFacts, RemedyFacts
from .results.set_up import CurvatureFacts
from .results.summary import SummaryFacts
from .training import Run, run_on
from .vector import Vector

SOURCE = "X"
"""What messages call the table."""

UNFINISHED = {
    StopReason.STEPS: "reached the step limit",
    StopReason.PLATEAU: "ended on a plateau, at no minimum",
    StopReason.STALLED: "stalled",
    StopReason.DIVERGED: "diverged",
}
"""Endings at which a fit need not be a minimum."""


class GradientDescentRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc] # has no types
    """Fit a linear model by gradient descent, and tell how near to the exact minimum it ended.

    The arguments are fields of `fitline.Config`. Other defaults are the learning rate and the
    steps, so that a fit converges, and the start, at 0, so that what no row determines stays 0.
    The fit is that of `fitline.train`, bit for bit. After `fit`, `coef_` has the shape
    (features,), and `history_` has the arrays `step`, `theta` (intercept first), `cost`,
    `gradient_norm` and `excess`, and with rows held out `validation_cost`, one row for each step.
    `minimum_` is the exact minimum with its `theta` and `cost`, and `excess_` how far above that
    cost the fit is. `curvature_` is None where the slope of the cost jumps, `diagnosis_` where
    nothing went wrong, and `statistics_`, those of least squares, with any other cost or a
    penalty. A fit that did not converge raises a ConvergenceWarning that says how far above the
    minimum it ended, and what helps, where that is known.

    >>> model = GradientDescentRegressor().fit([[1], [2], [3]], [2, 4, 7])
    >>> model.coef_.round(6), round(model.intercept_, 6)
    (array([2.5]), -0.666667)
    """

    def __init__(  # noqa: PLR0913 - every setting, as scikit-learn wants it
        self,
        *,
        cost: CostName = "squared",
        cost_scale: float | None = None,
        l2: float = 0.0,
        l1: float = 0.0,
        intercept: bool = True,
        scaling: Kind = "standard",
        learning_rate: float | Literal["auto"] | None = "auto",
        optimizer: AnyOptimizer | Mapping[str, Any] | str = "gradient_descent",
        schedule: AnySchedule | Mapping[str, Any] | str | None = None,
        warm_up: int = 0,
        line_search: bool = False,
        batch_size: int | None = None,
        steps: int = 10_000,
        tolerance: float = 1e-12,
        seed: int = 0,
        holdout: float | None = None,
        patience: int | None = None,
        starts: int = 1,
        theta: Sequence[float] | None = None,
        weights_are: Literal["counts", "precisions"] | None = None,
    ) -> None:
        self.cost = cost
        self.cost_scale = cost_scale
        self.l2 = l2
        self.l1 = l1
        self.intercept = intercept
        self.scaling = scaling
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.schedule = schedule
        self.warm_up = warm_up
        self.line_search = line_search
        self.batch_size = batch_size
        self.steps = steps
        self.tolerance = tolerance
        self.seed = seed
        self.holdout = holdout
        self.patience = patience
        self.starts = starts
        self.theta = theta
        self.weights_are = weights_are

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803 - its name
        """Descend from a start to the minimum.

        Each `sample_weight` counts rows where all are whole numbers, and else is a relative
        precision, unless `weights_are` says what they are. Raises ValueError where a setting is
        wrong, or where the rows tell no line.
        """
        with _value_errors():
            config = self._config(is_weighted=sample_weight is not None)
        X, y = validate_data(  # noqa: N806 - its name
            self, X, y, dtype=np.float64, y_numeric=True, ensure_min_samples=1 + config.intercept
        )
        y, weights = y.astype(np.float64, copy=False), None
        if sample_weight is not None:
            kind = {"dtype": np.float64, "ensure_non_negative": True}
            weights = _check_sample_weight(sample_weight, X, **kind)
        x = getattr(self, "feature_names_in_", [f"x{place}" for place in range(X.shape[1])])
        if config.theta is None and config.starts == 1:
            config = replace(config, theta=(0.0,) * (1 + len(x)))
        with _value_errors():
            table = ArrayTable.of(
                X, y, weights, [*x, "y"], source=SOURCE, parallel=_without_threads_of_blas
            )
            self._take(run_on(table, config))
        return self

    def predict(self, X: Any) -> Vector:  # noqa: N803 - its name
        """Predict y, in the shape (rows,), from X in the shape (rows, features)."""
        check_is_fitted(self)
        rows = validate_data(self, X, reset=False, dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            predicted: Vector = rows @ self.coef_ + self.intercept_
        if (lost := np.flatnonzero(~np.isfinite(predicted))).size:
            with _value_errors():
                raise RangeError.of(f"the prediction for row {lost[0] + 1}", SOURCE)
        return predicted

    def _config(self, *, is_weighted: bool) -> Config:
        """Check the settings; what numbers of NumPy there are become Python's."""
        settings = {
            name: value.tolist() if isinstance(value, np.ndarray | np.generic) else value
            for name, value in self.get_params(deep=False).items()
        }
        if not is_weighted:
            settings["weights_are"] = None
        return resolve({**settings, "weight": WEIGHT if is_weighted else None})

    def _take(self, run: Run) -> None:
        """Keep what is to be known of a run, and nothing of its table."""
        training, landscape = run.training, run.training.landscape
        if not np.isfinite(run.last.theta).all():
            steps = count(run.last.index, training.unit)
            raise RangeError.of(f"a coefficient of the fit, which diverged after {steps},")
        self.intercept_, self.coef_ = float(run.last.theta[0]), run.last.theta[1:]
        self.n_iter_ = run.last.index
        self.history_ = _history(run)
        self.minimum_, self.excess_ = run.minimum, run.excess
        self.curvature_ = CurvatureFacts.of(training.curvature)
        is_least_squares = landscape.is_quadratic and landscape.penalty is None
        self.statistics_ = (
            SummaryFacts.of(training.table, training.moments) if is_least_squares else None
        )
        found = diagnose(run)
        self.diagnosis_ = DiagnosisFacts.of(found)
        if told := UNFINISHED.get(run.stop_reason):
            steps = count(run.last.index, training.unit)
            advice = _advice(found.remedy) if found and found.remedy else ""
            warnings.warn(
                f"descent {told} after {steps}{_above(run)}{advice}",
                ConvergenceWarning,
                stacklevel=3,
            )


def _without_threads_of_blas() -> AbstractContextManager[object]:
    """Keep BLAS to one thread."""
    limit: AbstractContextManager[object] = _pools().limit(limits=1, user_api="blas")
    return limit


@cache
def _pools() -> ThreadpoolController:
    """Find the libraries that have threads of their own, which takes a while."""
    return ThreadpoolController()


@contextmanager
def _value_errors() -> Iterator[None]:
    """Raise what is wrong with settings or data as scikit-learn does."""
    try:
        yield
    except FitlineError as error:
        raise ValueError(str(error)) from error


def _history(run: Run) -> dict[str, Vector]:
    """Give what the steps were, by their names."""
    excess = run.training.excess
    history = {
        "step": np.array([step.index for step in run.steps]),
        "theta": np.array([step.theta for step in run.steps]),
        "cost": np.array([step.cost for step in run.steps]),
        "gradient_norm": np.array([step.gradient_norm for step in run.steps]),
        "excess": np.array([excess(step) for step in run.steps]),
    }
    if run.last.validation_cost is not None:
        history["validation_cost"] = np.array([step.validation_cost for step in run.steps])
    return history


def _above(run: Run) -> str:
    """Say how far above the minimum a run ended."""
    if not (np.isfinite(run.excess) and run.minimum.cost):
        return ""
    return f", {number(100 * run.excess / run.minimum.cost, 2)} % above the minimum cost"


def _advice(remedy: Remedy) -> str:
    """Say what to set instead, and how descent ends then."""
    known, given = filled(remedy.changes), RemedyFacts.of(remedy).settings
    settings = {key: known[key] if value is None else value for key, value in given.items()}
    typed = ", ".join(f"{key}={value!r}" for key, value in settings.items())
    does = "ends nearer to the minimum"
    if remedy.steps is not None:
        does = f"converges in {count(remedy.steps, 'step')}"
    return f"; it {does} with set_params({typed})"


def _parameters() -> str:
    """Describe the arguments as the configuration does."""
    texts = {name: " ".join(own.text.split()) for name, own in settings().items()}
    texts |= {"theta": "Where to start, the intercept first. Left out: at 0."}
    names = GradientDescentRegressor._get_param_names()  # noqa: SLF001 - without an estimator
    return "\n".join(f"    :param {name}: {texts[name]}" for name in names if name in texts)


GradientDescentRegressor.__doc__ = f"{GradientDescentRegressor.__doc__}\n{_parameters()}\n"
