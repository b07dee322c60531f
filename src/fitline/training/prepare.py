"""From a table and a configuration to a training: all that is known before the first step."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_UP, Context

import numpy as np

from fitline.config import Config
from fitline.config.contradictions import LINE_SEARCH
from fitline.data import Progress, Table
from fitline.data.cluster import Cluster
from fitline.data.division import Folds, Holdout
from fitline.data.held_rows import held_by_workers, row_digest
from fitline.data.terms import Weights
from fitline.errors import ConfigError, RangeError
from fitline.formatting import listed, number, theta_text
from fitline.landscapes.landscape import DRAWN_ROWS, Landscape
from fitline.memory import shortage
from fitline.optimize import rates
from fitline.optimize.batches import Batches
from fitline.optimize.costs import Cost
from fitline.optimize.losses import LOSSES, Loss, Squared
from fitline.optimize.method import Method
from fitline.optimize.moments import Moments
from fitline.optimize.penalty import Penalty
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.robust_spread import deviation
from fitline.optimize.rows import Rows
from fitline.optimize.scaling import Scaling
from fitline.optimize.schedules import Schedule, WarmUp
from fitline.optimize.squared_error import SquaredError
from fitline.optimize.step_size import FixedRate, StepSize
from fitline.statistics.validation import require_fits
from fitline.vector import Vector

from .rate_choice import at_chosen_rate
from .starts import random_starts
from .training import Training


def moments_of(table: Table, config: Config, progress: Progress | None = None) -> Moments:
    """Read a table once; what is to be held out, and its folds, have moments of their own.

    Raises DataError where it holds no line.
    """
    division: Holdout | Folds | None = None
    if config.holdout is not None:
        division = Holdout(config.holdout, config.seed)
    elif config.folds is not None:
        division = Folds(config.folds, config.seed)
    return table.moments(progress, intercept=config.intercept, division=division)


def weights_of(config: Config) -> Weights | None:
    """Tell which column has the weights of the rows, and what they are, where they have some."""
    if config.weight is None:
        return None
    are_counts = None if config.weights_are is None else config.weights_are == "counts"
    return Weights(config.weight, are_counts)


def landscape_of(
    table: Table, moments: Moments, config: Config, progress: Progress | None = None
) -> Landscape:
    """Look at a table whose moments have been read; a robust cost reads the rows as well.

    Raises ConfigError where a scale is not of their size, and DataError where the rows do not fit
    into memory, or those outside of a fold determine no fit.
    """
    if config.cost == "squared":
        landscape = Landscape.of_moments(moments, penalty_of(config, moments))
        features = table.columns[:-1]
        require_fits(moments, table.source, features, lambda rows: landscape.on(rows).dependent)
        return landscape
    is_whole = config.holdout is None and config.batch_size is None
    if table.cluster and moments.rows > DRAWN_ROWS and is_whole:
        return _landscape_of_sample(table, table.cluster, moments, config)
    rows, held_out = table.rows(moments, progress), None
    if moments.held_out:
        held_out = table.rows(moments.held_out.moments, progress, held_out=True)
    if config.cost_scale is not None:
        _require_scale(config.cost_scale, LOSSES[config.cost], deviation(rows.y, rows.weights))
    with table.arithmetic():
        return Landscape.of_rows(moments, config.cost, config.cost_scale, rows, held_out)


def _landscape_of_sample(
    table: Table, cluster: Cluster, moments: Moments, config: Config
) -> Landscape:
    """Look at a robust cost of rows on a cluster, which stay there."""
    *columns, weights = table.weighted_sample(moments, DRAWN_ROWS, config.seed)
    rows = Rows.of(np.vstack([*columns, weights]), are_counts=moments.are_counts)
    if config.cost_scale is not None:
        _require_scale(config.cost_scale, LOSSES[config.cost], deviation(rows.y, rows.weights))
    away, digest = held_by_workers(table, cluster), row_digest(table, moments)
    with table.arithmetic():
        return Landscape.of_sample(
            moments, config.cost, config.cost_scale, rows, away, digest.text
        )


def penalty_of(config: Config, moments: Moments) -> Penalty | None:
    """Give the penalty that was asked for, on slopes in the coordinates that train."""
    if not config.l2 and not config.l1:
        return None
    penalty = Penalty.of(config.l2, config.l1, config.scaling, moments)
    for name, least in zip(("l2", "l1"), penalty.least(moments), strict=True):
        weight = getattr(config, name)
        if 0 < weight < least:
            raise ConfigError(
                f"{name}: {number(weight)} is so small that rounding hides what it adds",
                column=name,
                value=str(weight),
                hint=f"choose {_typeable(least, ROUND_UP)} or more, or 0",
            )
    return penalty


SCALES = (1e-4, 1e6)
"""A scale lies between these parts of the spread of y; no other one tells anything."""


def _require_scale(scale: float, loss: type[Loss], spread: float) -> None:
    """Refuse a scale beside which all errors are large, or all are small."""
    low, high = min(SCALES[0], loss.least_scale) * spread, SCALES[1] * spread
    if not low <= scale <= high:
        raise ConfigError(
            f"cost_scale: {number(scale)} is not of the size of the errors",
            column="cost_scale",
            value=str(scale),
            hint=f"choose one between {_typeable(low, ROUND_UP)} and"
            f" {_typeable(high, ROUND_DOWN)}, or leave it out",
        )


def _typeable(bound: float, rounding: str) -> str:
    """Write a bound with two digits, rounded to the side that is allowed, as it can be typed."""
    rounded = Context(prec=2, rounding=rounding).create_decimal(repr(bound))
    return f"{float(rounded):g}"


BYTES_A_START = 3000
"""About what a start takes, with the run from it."""


def prepare(table: Table, landscape: Landscape, config: Config) -> Training:
    """Get ready for the first step.

    Raises RangeError where the cost at the start is too large for a float64.
    """
    moments = landscape.moments
    scaling = Scaling.of(config.scaling, moments)
    if told := config.starts > 1 and shortage(BYTES_A_START * config.starts):
        raise ConfigError(
            f"starts: {config.starts:,} starts {told}",
            column="starts",
            value=str(config.starts),
            hint="choose fewer: --starts 1000",
        )
    starts = random_starts(landscape, config.seed, config.starts)
    starts[0] = _start(config, table.columns[:-1], starts[0])
    cost = landscape.cost.scaled(scaling)
    is_chosen = config.learning_rate in {None, "auto"}
    rate = rates.USUAL if is_chosen else float(config.learning_rate or 0.0)
    method = _method(table, landscape, scaling, cost, config, rate)
    training = Training(
        table,
        landscape,
        config,
        scaling,
        cost,
        method,
        rate,
        start=starts[0],
        starts=starts,
        schedule=config.rate_schedule,
    )
    _require_cost(training)
    return at_chosen_rate(training) if is_chosen else training


def _start(config: Config, features: Sequence[str], drawn: Vector) -> Vector:
    """Give the start that was asked for, or the one that was drawn.

    Raises ConfigError where it has other parameters than the model.
    """
    own, theta = {"theta0": config.theta0, "theta1": config.theta1}, config.theta
    named = [name for name, value in own.items() if value is not None]
    if named and (theta is not None or len(features) > 1):
        told = "theta gives the whole start" if theta else f"there are {len(features)} features"
        raise ConfigError(
            f"{named[0]}: {told}",
            column=named[0],
            value=str(own[named[0]]),
            hint=f"name all parameters at once: --theta {','.join(['0'] * len(drawn))}",
        )
    if theta is not None and len(theta) != len(drawn):
        raise ConfigError(
            f"theta: expected {len(drawn)} numbers, the intercept and a slope for"
            f" {listed(features)}; got {len(theta)}",
            column="theta",
            value=",".join(map(str, theta)),
        )
    if theta is None and not named:
        return drawn
    given = own.values() if theta is None else theta
    pairs = zip(given, drawn, strict=True)
    return np.array([there if asked is None else asked for asked, there in pairs])


def _require_cost(training: Training) -> None:
    """Refuse a start so far out that nothing can be said of its cost."""
    with np.errstate(over="ignore", invalid="ignore"):
        start = training.scaling.scaled(training.start)
        squared = training.bowl.value(start)
    if not np.isfinite(squared):
        raise RangeError.of(f"the squared error at the start, {theta_text(training.start)},")


def _method(
    table: Table,
    landscape: Landscape,
    scaling: Scaling,
    cost: Cost,
    config: Config,
    rate: float,
) -> Method:
    """Put together how a step is made; mini-batches of squared error need the rows as well."""
    moments = landscape.moments
    batches = None
    if config.batch_size is not None and config.batch_size < moments.observations:
        rows = cost
        if not isinstance(rows, RobustCost):
            rows = RobustCost.of(table.rows(moments), Squared(), moments).scaled(scaling)
        batches = Batches(rows, config.batch_size, config.seed)
    step_size = _step_size(cost, config, rate, has_batches=batches is not None)
    is_sized = config.optimizer.is_normalized and config.scaling != "none"
    curvature = cost.curvature if isinstance(cost, SquaredError) and batches is None else None
    given = None if config.learning_rate == "auto" else rate
    optimizer = config.optimizer.tuned(curvature, given, config.steps)
    return Method(optimizer, step_size, moments.y_unit if is_sized else 1.0, batches)


def _step_size(cost: Cost, config: Config, rate: float, *, has_batches: bool) -> StepSize:
    """Choose a learning rate with its schedule, or a line search."""
    schedule: Schedule = config.rate_schedule
    if config.warm_up:
        schedule = WarmUp(config.warm_up, schedule)
    if not config.line_search:
        return FixedRate(rate, schedule)
    if has_batches:
        key, message, hint = LINE_SEARCH
        raise ConfigError(f"{key}: {message}", column=key, hint=hint)
    return cost.line_search(rate)
