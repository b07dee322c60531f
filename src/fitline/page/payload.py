"""What the interactive page is told of a training."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fitline import __version__, formatting
from fitline.config import Config
from fitline.escaping import printable
from fitline.landscape import landscape as landscapes
from fitline.landscape.grid import survey
from fitline.landscape.projection import Projection
from fitline.landscape.window import window
from fitline.optimize import costs, descent, rates, step_size, stopping
from fitline.optimize.moments import Moments
from fitline.optimize.optimizers import OPTIMIZERS
from fitline.optimize.schedules import SCHEDULES
from fitline.results import DataFacts
from fitline.training import Training, random_starts, thinning
from fitline.training import training as trainings
from fitline.typing import Vector
from fitline.views.report import SCHEMA
from fitline.views.train import STOP_TEXTS

from .bundle import CostGrid, Lesson

DRAWN_POINTS, EMBEDDED_ROWS = 2000, 4000
"""So many rows are drawn for squared error, and embedded for a robust cost, which needs them."""

RANDOM_STARTS = 12
"""The first view of a robust cost shows runs from so many random starts."""

GRID_POINTS = 41
"""A table too large to be embedded has its landscape measured at so many points squared."""

SETTINGS = (
    *("scaling", "learning_rate", "optimizer", "schedule", "warm_up", "line_search"),
    *("batch_size", "steps", "tolerance", "seed", "theta0", "theta1"),
)
"""What the page is told of a configuration."""


def lesson_of(training: Training, runs: Mapping[str, Config] | None = None) -> Lesson:
    """Tell a page all that it needs to compute a training itself.

    `runs` are shown beside it from the start: their configurations, resolved, by their labels.
    """
    landscape, moments, config = training.landscape, training.moments, training.resolved
    is_robust = not landscape.is_quadratic
    most = EMBEDDED_ROWS if is_robust else DRAWN_POINTS
    (x,), y = training.table.sample(moments, most, config.seed)
    also = [] if len(landscape.minima) > 1 else [training.start]
    axes = window(Projection.of(landscape), also)
    data = asdict(DataFacts.of(training.table, moments))
    return {
        "schema": SCHEMA,
        "fitline": __version__,
        "source": printable(Path(data["source"]).name),
        "rows": data["rows"],
        "skipped": data["skipped"],
        "x": printable(training.table.labels[0]),
        "y": printable(training.table.labels[1]),
        "moments": _moments(moments),
        "cost": {
            "name": landscape.name,
            "scale": landscape.scale,
            "spread": landscape.spread,
        },
        "points": {"x": x.tolist(), "y": y.tolist(), "sampled": moments.rows > most},
        "config": settings_of(config),
        "optimizers": [asdict(record()) for record in OPTIMIZERS],
        "schedules": [asdict(record()) for record in SCHEDULES],
        "constants": constants(),
        "stop_reasons": {reason.value: text for reason, text in STOP_TEXTS.items()},
        "runs": [
            {"label": printable(label), "config": settings_of(config)}
            for label, config in (runs or {}).items()
        ],
        "starts": [start.tolist() for start in _starts(training)] if is_robust else [],
        "stationary": [
            {"theta": point.theta.tolist(), "cost": point.cost, "kind": point.kind}
            for point in landscape.stationary
        ],
        "window": {"theta0": _ends(axes[0]), "theta1": _ends(axes[1])},
        "grid": _grid(training, axes) if is_robust and moments.rows > most else None,
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
        "fewest_digits": trainings.FEWEST_DIGITS,
        "diverged_growth": descent.DIVERGED_GROWTH,
        "tallest": rates.TALLEST,
        "near": landscapes.NEAR,
        "first_steps": thinning.FIRST_STEPS,
        "smallest_plain": formatting.SMALLEST_PLAIN,
        "largest_plain": formatting.LARGEST_PLAIN,
        "overflow": formatting.OVERFLOW,
    }


def _moments(moments: Moments) -> dict[str, float]:
    """Give what a page needs of the moments of one feature."""
    intercept, slope = moments.fit.theta.tolist()
    (low,), (high,) = moments.x_min.tolist(), moments.x_max.tolist()
    (mean,), (variance,) = moments.x_mean.tolist(), moments.x_variance.tolist()
    return {
        "rows": moments.rows,
        "x_min": low,
        "x_max": high,
        "x_mean": mean,
        "x_variance": variance,
        "y_mean": moments.y_mean,
        "y_variance": moments.y_variance,
        "intercept": intercept,
        "slope": slope,
        "minimum_cost": moments.fit.floor,
    }


def settings_of(config: Config) -> dict[str, Any]:
    """Give what a page needs of a configuration, which is resolved."""
    settings = asdict(config)
    return {name: settings[name] for name in SETTINGS}


def _starts(training: Training) -> list[Vector]:
    """Give the starts that were asked for, or some."""
    config = training.config
    wanted = config.starts if config.starts > 1 else RANDOM_STARTS
    return random_starts(training.landscape, config.seed, wanted)


def _grid(training: Training, axes: Sequence[Vector]) -> CostGrid:
    """Measure the landscape on all rows."""
    theta0, theta1 = (np.linspace(axis[0], axis[-1], GRID_POINTS) for axis in axes)
    grid = survey(training.landscape.cost, theta0, theta1)
    return {
        "theta0": grid.across.tolist(),
        "theta1": grid.up.tolist(),
        "cost": grid.cost.tolist(),
    }


def _ends(axis: Vector) -> list[float]:
    return [float(axis[0]), float(axis[-1])]
