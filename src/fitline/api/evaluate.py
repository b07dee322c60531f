"""`fitline.evaluate`: what parameters and models cost on a table."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from fitline.config import Config, resolve
from fitline.data import FOUR_HOUSES, Data, open_table
from fitline.data.paths import is_label
from fitline.errors import ConfigError
from fitline.evaluation import evaluate as measured
from fitline.model import LinearModel, Saved
from fitline.results.evaluate import EvaluateResult
from fitline.training import Run, landscape_of, moments_of, weights_of
from fitline.vector import reals

from .applied import applied_to, reading_of, require_names
from .tables import opened

Model: TypeAlias = str | Path | LinearModel | Run
"""A model, the run that fitted it, or the file that one was saved in."""


def evaluate(  # noqa: PLR0913 - a table, what is measured on it, and what is told of that
    data: Data = None,
    theta: Sequence[float] | Sequence[Sequence[float]] = (),
    y: Any = None,
    *,
    x: Any = None,
    model: Model | Sequence[Model] = (),
    config: Config | None = None,
    rows: int = 0,
    worst: int = 0,
    minimum: bool = False,
) -> EvaluateResult:
    """Tell what parameters cost on a table, or how well models do, as `fitline evaluate` does.

    `data`, `x` and `y` are those of `train`, `theta` is in the table's units, intercept first, or
    there are several; `config` says how the table is read, and by which cost parameters are
    measured. A `model` takes its own columns by name instead. Of one point the first `rows` are
    told, and the `worst` ones; with `minimum` the table's own stands beside models too. Raises
    DataError, ConfigError, and RangeError where a figure is too large for a float64.

    >>> point = evaluate(theta=[50000, 100]).points[0]
    >>> point.cost, point.rmse
    (1050000000.0, 32403.7034920393)
    """
    for name, count in (("rows", rows), ("worst", worst)):
        if not isinstance(count, int) or count < 0:
            raise ConfigError(f"{name} is {count!r}, not a number of rows", column=name)
    models = [_saved(one) for one in _several(model)]
    points = _points(theta)
    if bool(models) == bool(points):
        raise ConfigError(
            "theta and model: one of them is to be measured",
            hint="write theta=[50000, 100], or model=run.model",
        )
    if models:
        return _of_models(data, models, config, rows, worst, minimum=minimum)
    with opened(data, x, y, config) as (table, own):
        moments = moments_of(table, own)
        landscape = landscape_of(table, moments, own)
        for point in points:
            _require_length(point, table.columns[:-1])
        found = measured(table, landscape, points, rows, worst=worst, minimum=minimum)
        return EvaluateResult.of(found)


def _of_models(
    data: Data,
    models: Sequence[Saved],
    config: Config | None,
    rows: int,
    worst: int,
    *,
    minimum: bool,
) -> EvaluateResult:
    applied = applied_to(None, models)
    targets = {one.model.target for one in models}
    if len(targets) > 1:
        raise ConfigError(f"model: they predict different columns: {', '.join(sorted(targets))}")
    first, *others = map(reading_of, models)
    if config is None and any(other != first for other in others):
        raise ConfigError(
            "model: they read their tables in different ways",
            hint="evaluate them one by one, or say in config how this one is read",
        )
    settings = asdict(config) if config else first
    if not any(one.model.intercept for one in models):
        settings["intercept"] = False
    own = resolve(settings)
    given = own.data if data is None else data
    with open_table(
        _own_table(models) if given is None else given,
        applied.levels,
        targets.pop(),
        own,
        dates=applied.dates,
        weights=weights_of(own),
        like=applied.like,
    ) as table:
        for one in models:
            require_names(table, one.model)
        table.is_to_fit = minimum or own.cost != "squared"
        landscape = landscape_of(table, moments_of(table, own), own)
        found = measured(
            table, landscape, models, rows, worst=worst, minimum=minimum, by_name=True
        )
        return EvaluateResult.of(found)


def _own_table(models: Sequence[Saved]) -> str | None:
    """Find the table that models were trained on, None being the four houses.

    Raises ConfigError where there is none, or not one.
    """
    sources = {one.source for one in models}
    source = sources.pop() if len(sources) == 1 else None
    if source == FOUR_HOUSES:
        return None
    if source is None or is_label(source) or not Path(source).is_file():
        raise ConfigError(
            "model: the table that it was trained on is not known here",
            column="data",
            hint="name a table: fitline.evaluate(table, model=model)",
        )
    return source


def _saved(model: Model) -> Saved:
    if isinstance(model, str | Path):
        saved = Saved.load(model)
        if saved.groups:
            raise ConfigError(
                f"model: {saved.file} has one for each group, and one for all rows is evaluated"
            )
        return saved
    source = None
    if isinstance(model, Run):
        table, model = model.training.table, model.model
        source = table.source if table.files else None
    if not isinstance(model, LinearModel):
        raise ConfigError(f"model is of type {type(model).__name__!r}, not a LinearModel")
    return Saved(model.equation, model, source, None)


def _several(model: Any) -> Sequence[Model]:
    return model if isinstance(model, list | tuple) else [model]


def _points(theta: Sequence[float] | Sequence[Sequence[float]]) -> list[list[float]]:
    """Give one point or several. Raises ConfigError where they are no numbers."""
    try:
        points = np.atleast_2d(reals(theta))
    except (TypeError, ValueError, OverflowError):
        points = np.full((1, 1), np.nan)
    if points.ndim > len(("points", "parameters")) or not np.isfinite(points).all():
        raise ConfigError(f"theta is {theta!r}, not finite numbers", column="theta")
    found: list[list[float]] = points.tolist() if points.size else []
    return found


def _require_length(point: Sequence[float], features: Sequence[str]) -> None:
    if len(point) != 1 + len(features):
        raise ConfigError(
            f"theta has {len(point)} numbers, and must have {1 + len(features)}: the intercept,"
            f" and a slope for {', '.join(features)}",
            column="theta",
        )
