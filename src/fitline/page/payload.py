"""What the interactive page is told of a training."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import numpy as np

from fitline import __version__, formatting
from fitline.config import Config
from fitline.errors import UsageError
from fitline.escaping import printable
from fitline.landscapes import landscape as landscapes
from fitline.landscapes.added_variable import taken_away
from fitline.landscapes.grid import survey
from fitline.landscapes.projection import Projection
from fitline.landscapes.window import window
from fitline.model.dependence import Dependence
from fitline.optimize import costs, descent, optimizers, rates, step_size, stopping
from fitline.optimize.cost_names import CostName
from fitline.optimize.losses import LOSSES, Loss, Squared
from fitline.optimize.moments import Moments
from fitline.optimize.optimizers import OPTIMIZERS
from fitline.optimize.scaling import Kind, Scaling
from fitline.optimize.schedules import SCHEDULES
from fitline.optimize.squared_error import SquaredError
from fitline.results import SCHEMA
from fitline.results.facts import DataFacts
from fitline.training import Training, random_starts, thinning
from fitline.training import training as trainings
from fitline.vector import Vector
from fitline.views.shared import dependence_text
from fitline.views.train import stop_texts

from .bundle import Added, CostGrid, Dependent, HeldOut, Lesson, LessonBowl, OwnData
from .presets import presets

DRAWN_POINTS, EMBEDDED_ROWS = 2000, 4000
"""So many rows are drawn for squared error, and embedded for a robust cost or batches, which need
them."""

EMBEDDED_NUMBERS = 40_000
"""Of many features there are fewer rows, so that a page stays small."""

RANDOM_STARTS = 12
"""The first view of a robust cost shows runs from so many random starts."""

GRID_POINTS = 41
"""A table too large to be embedded has its landscape measured at so many points squared."""

SETTINGS = (
    *("scaling", "learning_rate", "optimizer", "schedule", "warm_up", "line_search"),
    *("l2", "l1", "batch_size", "steps", "tolerance", "seed", "holdout"),
)
"""What the page is told of a configuration, besides where to start."""


def lesson_of(
    training: Training,
    runs: Mapping[str, Config] | None = None,
    axes: Sequence[int] | None = None,
) -> Lesson:
    """Tell a page all that it needs to compute a training itself.

    `runs` are shown beside it from the start: their configurations, resolved, by their labels.
    `axes` are the parameters on its map, unless it is to choose them. Raises UsageError where a
    lasso alone is to determine features that depend on others, which the page does not know.
    """
    configs = (training.config, *(runs or {}).values())
    if training.moments.fit.dependent and any(one.l1 and not one.l2 for one in configs):
        raise UsageError(
            "the page has no --l1 alone for features that depend on others", hint="add --l2 0.001"
        )
    landscape, moments, config = training.landscape, training.moments, training.resolved
    loss = landscape.cost.loss
    is_robust, is_line = not landscape.is_quadratic, training.table.features == 1
    most = EMBEDDED_ROWS if is_robust or config.batch_size else DRAWN_POINTS
    most = min(most, EMBEDDED_NUMBERS // training.table.features)
    x, y, weights = training.table.weighted_sample(moments, most, config.seed)
    seen = _axes(training) if is_line else None
    *features, target = map(printable, training.table.labels)
    data = asdict(DataFacts.of(training.table, moments))
    return {
        "schema": SCHEMA,
        "fitline": __version__,
        "source": printable(Path(data["source"]).name),
        "rows": data["rows"],
        "skipped": data["skipped"],
        "weight": printable(data["weight"]["column"]) if data["weight"] else None,
        "x": features,
        "y": target,
        "moments": _moments(moments),
        "held_out": _held_out(training, most),
        "bowls": {kind: _bowl(moments, kind) for kind in get_args(Kind)},
        "dependent": _dependent(training),
        "added": _added(training),
        "cost": {
            "name": landscape.name,
            "title": loss.title,
            "is_quadratic": loss.is_quadratic,
            "is_smooth": loss.is_smooth,
            "is_convex": loss.is_convex,
            "scale": landscape.scale,
            "spread": landscape.spread,
        },
        "points": {
            "x": x.tolist(),
            "y": y.tolist(),
            "weights": weights.tolist() if training.table.weight else None,
            "sampled": moments.rows > most,
        },
        "config": settings_of(config),
        "optimizers": [asdict(record().tuned(None, None, 0)) for record in OPTIMIZERS],
        "schedules": [asdict(record()) for record in SCHEDULES],
        "constants": constants(),
        "stop_reasons": {
            reason.value: text for reason, text in stop_texts(config.tolerance).items()
        },
        "own": own_data(training, most) if is_line else None,
        "runs": [
            {"label": printable(label), "config": settings_of(config)}
            for label, config in (runs or {}).items()
        ],
        "starts": [start.tolist() for start in _starts(training)] if is_robust else [],
        "stationary": [
            {"theta": point.theta.tolist(), "cost": point.cost, "kind": point.kind}
            for point in landscape.stationary
        ],
        "axes": None if axes is None else list(axes),
        "window": {"across": _ends(seen[0]), "up": _ends(seen[1])} if seen else None,
        "grid": _grid(training, seen) if seen and is_robust and moments.rows > most else None,
    }


def constants() -> dict[str, float | str]:
    """Give the limits and tolerances by which Python computes, so that the page does too."""
    return {
        "rounded": costs.ROUNDED,
        "decrease": step_size.Backtracking.decrease,
        "rounded_decrease": step_size.ROUNDED,
        "most_trials": step_size.MOST_TRIALS,
        "noise": stopping.NOISE,
        "plateau": stopping.LEVEL,
        "bent": stopping.BENT,
        "hovering": stopping.HOVERING,
        "fewest_digits": trainings.FEWEST_DIGITS,
        "diverged_growth": descent.DIVERGED_GROWTH,
        "tallest": rates.TALLEST,
        "usual_momentum": optimizers.USUAL_MOMENTUM,
        "momentum_e_folds": optimizers.E_FOLDS,
        "momentum_fewest_steps": optimizers.FEWEST_STEPS,
        "momentum_most_steps": optimizers.MOST_STEPS,
        "near": landscapes.NEAR,
        "first_steps": thinning.FIRST_STEPS,
        "smallest_plain": formatting.SMALLEST_PLAIN,
        "largest_plain": formatting.LARGEST_PLAIN,
        "overflow": formatting.OVERFLOW,
    }


def own_data(training: Training, most: int) -> OwnData:
    """Tell what the page needs to train on other rows than it came with."""
    draw = random.Random(training.config.seed)  # noqa: S311 - a start is no secret
    held_out, rows = training.moments.held_out, None
    if held_out and max(training.moments.rows, held_out.moments.rows) <= most:
        both = training.table.rows(training.moments, held_out=None)
        rows = {"x": both.x[0].tolist(), "y": both.y.tolist()}
    losses: list[type[Loss]] = [Squared, *LOSSES.values()]
    return {
        "rows": rows,
        "presets": presets(),
        "costs": [
            _cost_of(name, loss) for name, loss in zip(get_args(CostName), losses, strict=True)
        ],
        "draws": [[draw.random(), draw.random()] for _ in range(RANDOM_STARTS)],
        "usual_rate": rates.USUAL,
        "shrinking": [asdict(schedule) for schedule in rates.SHRINKING],
    }


def _cost_of(name: CostName, loss: type[Loss]) -> dict[str, Any]:
    scales = {"default_scale": loss.default_scale, "least_scale": loss.least_scale}
    return {
        "name": name,
        "title": loss.title,
        "is_quadratic": loss.is_quadratic,
        "is_smooth": loss.is_smooth,
        "is_convex": loss.is_convex,
        **({} if loss.is_quadratic else scales),
    }


def _moments(moments: Moments) -> dict[str, Any]:
    """Give the moments, with the completed square in original units."""
    fit = moments.fit
    return {
        "rows": moments.rows,
        "observations": moments.observations,
        "are_counts": moments.are_counts,
        "x_min": moments.x_min.tolist(),
        "x_max": moments.x_max.tolist(),
        "x_mean": moments.x_mean.tolist(),
        "x_variance": moments.x_variance.tolist(),
        "y_mean": moments.y_mean,
        "y_variance": moments.y_variance,
        "theta": fit.theta.tolist(),
        "floor": fit.floor,
        "unit_triangular": fit.unit_triangular.tolist(),
        "weights": fit.weights.tolist(),
        "has_intercept": moments.has_intercept,
    }


def _held_out(training: Training, most: int) -> HeldOut | None:
    """Tell of the rows that are not trained on; if they are few they are drawn beside a line.

    A robust cost needs them.
    """
    if (held_out := training.moments.held_out) is None:
        return None
    points: dict[str, Any] | None = None
    is_needed = training.table.features == 1 or not training.landscape.is_quadratic
    if is_needed and held_out.moments.observations <= most:
        rows = training.table.rows(held_out.moments, held_out=True)
        weights = None if rows.weights is None else rows.weights.tolist()
        points = {"x": rows.x.tolist(), "y": rows.y.tolist(), "weights": weights}
    return {
        "rows": held_out.moments.rows,
        "moments": _moments(held_out.moments),
        "points": points,
    }


def _bowl(moments: Moments, kind: Kind) -> LessonBowl:
    """Give the curvature of squared error in the coordinates of a scaling."""
    bowl = SquaredError.of(moments, Scaling.of(kind, moments))
    return {
        "eigenvalues": bowl.curvature.eigenvalues[::-1].tolist(),
        "directions": bowl.directions.tolist(),
    }


def _dependent(training: Training) -> list[Dependent]:
    """Tell of the features that depend on others: which parameters that leaves open."""
    moments = training.moments
    told = map(dependence_text, Dependence.of(training.table.columns, moments.fit.dependent))
    return [
        {"text": printable(text), "open": sorted({place, *relation})}
        for text, (place, relation) in zip(told, moments.fit.dependent.items(), strict=True)
    ]


def _added(training: Training) -> list[Added | None]:
    """Tell what each of several features adds, of squared error, unless there are too many."""
    moments, features = training.moments, training.table.features
    if features == 1 or features**2 > EMBEDDED_NUMBERS or not training.landscape.is_quadratic:
        return []
    open_places = {place for one in _dependent(training) for place in one["open"]}
    added: list[Added | None] = []
    for place in range(1, 1 + features):
        if place in open_places:
            added.append(None)
        else:
            feature, y = taken_away(moments, place)
            added.append({"feature": feature.tolist(), "y": y.tolist()})
    return added


def settings_of(config: Config) -> dict[str, Any]:
    """Give what a page needs of a configuration, which is resolved."""
    settings = asdict(config)
    theta = config.theta or (config.theta0, config.theta1)
    return {**{name: settings[name] for name in SETTINGS}, "theta": list(theta)}


def _starts(training: Training) -> list[Vector]:
    """Give the starts that were asked for, or some."""
    config = training.config
    wanted = config.starts if config.starts > 1 else RANDOM_STARTS
    return random_starts(training.landscape, config.seed, wanted)


def _axes(training: Training) -> Sequence[Vector]:
    """Choose what is seen first of the landscape of one feature."""
    landscape = training.landscape
    return window(Projection.of(landscape), [] if len(landscape.minima) > 1 else [training.start])


def _grid(training: Training, axes: Sequence[Vector]) -> CostGrid:
    """Measure the landscape on all rows."""
    theta0, theta1 = (np.linspace(axis[0], axis[-1], GRID_POINTS) for axis in axes)
    grid = survey(training.landscape.cost, theta0, theta1)
    return {
        "across": grid.across.tolist(),
        "up": grid.up.tolist(),
        "cost": grid.cost.tolist(),
    }


def _ends(axis: Vector) -> list[float]:
    return [float(axis[0]), float(axis[-1])]
