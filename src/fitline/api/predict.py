"""`fitline.predict`: what a model says of rows."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fitline.data import open_table
from fitline.data.paths import paths_of
from fitline.data.predictions import Predictions
from fitline.errors import ConfigError, DataError
from fitline.model import AnyModel, GroupModels, LinearModel, Saved
from fitline.reading import Reading
from fitline.results.predict import PredictResult
from fitline.training import Run
from fitline.vector import Vector

from .applied import applied_to, reading_of, require_names


def predict(
    model: str | Path | AnyModel | Run,
    data: Any,
    *,
    interval: float | None = None,
    confidence: float | None = None,
) -> PredictResult:
    """Predict y for every row of a table, as `fitline predict` does.

    `model` is one, one for each group of rows, the run that fitted it, or the file that it was
    saved in. `data` is what the model's own `predict` takes, or a path, a glob or several of them.
    `interval` and `confidence` are the levels of intervals of the next y, and of the mean of many.
    Raises DataError where a row has no value of a feature, whatever the model's table did with
    such rows, and where the model has no intervals.

    >>> line = LinearModel(("sqft",), "price", [50000, 100])
    >>> predict(line, [1500, 2000]).predictions
    [200000.0, 250000.0]
    """
    saved = _saved(model)
    if saved.groups and (interval, confidence) != (None, None):
        raise ConfigError("intervals are of one model, and there is one for each group")
    predicting, intervals = saved.predicting, saved.model.intervals(interval, confidence)
    if isinstance(data, Iterator) and not hasattr(data, "__arrow_c_stream__"):
        data = [*data]  # which can be read once only
    paths = paths_of(data)
    if paths is None:
        rows = predicting.features(data)
        _require_values(rows, [*([saved.groups.by] if saved.groups else []), *predicting.x])
        return PredictResult.of(predicting, rows.tolist(), (), intervals)
    # Else a prediction would not stand at the place of its row.
    reading = {**reading_of(saved), "missing": "fail", "bad_rows": "fail"}
    applied, groups = applied_to(None, [saved]), saved.groups
    with open_table(
        paths,
        applied.levels,
        reading=Reading(**reading),
        to_predict=True,
        dates=applied.dates,
        by={groups.by: groups.names} if groups else None,
        like=applied.like,
    ) as table:
        if groups:
            table.leave_out_of_groups(groups.untold)
        require_names(table, saved.model)
        found = Predictions(table, predicting.theta, predicting.formulas, intervals)
        width, pairs = table.features + bool(groups), [*found.pairs()]
    x, predicted = [row[:width] for row in pairs], [row[width:] for row in pairs]
    return PredictResult(predicting, x, predicted, intervals=intervals)


def _require_values(rows: Vector, names: Sequence[str]) -> None:
    """Raise DataError where a value is missing."""
    for row, place in np.argwhere(np.isnan(rows)).tolist():
        reason = f"{names[place]} is missing"
        raise DataError(reason, line=row + 1, column=names[place], unit="row")


def _saved(model: str | Path | AnyModel | Run) -> Saved:
    match model:
        case str() | Path():
            return Saved.load(model)
        case Run():
            return Saved("", model.model, None, None)
        case GroupModels():
            return Saved("", model.common, None, None, groups=model)
        case LinearModel():
            return Saved("", model, None, None)
    raise ConfigError(f"model is of type {type(model).__name__!r}, not a LinearModel")
