"""Measure given parameters and saved models on a table: cost, RMSE, R², the errors of rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .data import Progress, Table
from .data.far_rows import far_rows
from .data.residuals import ToldErrors, mean_errors, told_errors
from .data.terms import identity
from .errors import RangeError
from .formatting import number, theta_text
from .landscapes.landscape import Landscape
from .landscapes.stationary import Stationary
from .model import LinearModel, Saved
from .optimize.costs import Cost
from .optimize.moments import Moments
from .optimize.row_hashes import RowDigest
from .statistics.influence import cooks_distances, leverages
from .statistics.intervals import Uncertainty
from .vector import Vector


@dataclass(frozen=True)
class Told:
    """How well a model of a formula of a column tells the column itself, in its own units.

    Rows whose prediction tells no value are `untold` and left out; None is what is not finite.
    """

    column: str
    rmse: float | None
    r2: float | None
    mae: float | None
    untold: int

    @classmethod
    def of(cls, column: str, errors: ToldErrors) -> "Told":
        """Tell of errors."""
        r2 = 1 - errors.mse / errors.variance if errors.variance else None
        rmse, r2, mae = (
            one if one is not None and math.isfinite(one) else None
            for one in (math.sqrt(errors.mse), r2, errors.mae)
        )
        return cls(column, rmse, r2, mae, errors.untold)


@dataclass(frozen=True, eq=False)
class Unseen:
    """A table of its own on which a training is tested, with its source and the rows left out."""

    source: str
    skipped: int
    moments: Moments


@dataclass(frozen=True, eq=False)
class Point:
    """Parameters in original units of the features `x`, and how well they fit a table.

    `excess` is how far the cost is above the minimum, None where that is not asked for; `rmse` and
    `mae`, the mean absolute error, are in the units of y; `r2` is None where y does not vary.
    `model` tells from which file the parameters are, if from one, and `told` how good that is at
    the column of which y is a formula.
    """

    x: Sequence[str]
    theta: Vector
    cost: float
    excess: float | None
    rmse: float
    r2: float | None
    mae: float | None
    model: Saved | None = None
    told: Told | None = None


PROBABILITIES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""Those of the quantiles of the errors."""


@dataclass(frozen=True)
class Errors:
    """The rows of the largest errors, each with its place and its influence, and all errors.

    The quantiles belong to `PROBABILITIES`. Leverage and Cook's distance are those of the exact
    fit of the table, whatever is evaluated; None is what is not defined.
    """

    worst: Sequence[Mapping[str, Any]]
    quantiles: Sequence[float]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The cost of some points on a table, its minimum if asked for, and its first rows."""

    table: Table
    landscape: Landscape
    points: Sequence[Point]
    minimum: Stationary | None
    rows: Sequence[Mapping[str, Any]]
    """The first rows with their errors y − ŷ, of one point alone."""
    errors: Errors | None = None
    row_digest: str | None = None
    """Of all rows, where a saved model knows its own."""

    @property
    def is_mixed(self) -> bool:
        """Tell whether there are points of different features."""
        return len({tuple(point.x) for point in self.points}) > 1


def evaluate(  # noqa: PLR0913 - what is measured, and what is told of it
    table: Table,
    landscape: Landscape,
    given: Sequence[Sequence[float] | Saved],
    rows: int = 0,
    *,
    worst: int = 0,
    minimum: bool = False,
    by_name: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure parameters and saved models on a table that has been read, and fetch its first rows.

    Of one point alone, these and the `worst` rows are told, so many of each.

    The table's own minimum is what parameters that somebody chose are compared with. A saved model
    was not trained on this table: it is compared so where `minimum` is asked for, and has its mean
    absolute error instead, for which the table is read once more. With `by_name` the table has the
    features of all models, of which each model takes its own. Raises RangeError where one of these
    is too large for a float64.
    """
    models = [one if isinstance(one, Saved) else None for one in given]
    own = [
        np.array(one.model.theta if isinstance(one, Saved) else one, dtype=np.float64)
        for one in given
    ]
    every = range(table.features)
    places = [_places(model.model, table) if model and by_name else every for model in models]
    thetas = [_spread(theta, used, table) for theta, used in zip(own, places, strict=True)]
    names = [[table.columns[place] for place in used] for used in places]
    wanted = minimum or None in models
    if wanted:
        for theta in thetas:
            landscape.learn_from(theta)
    means: Sequence[tuple[float | None, float]]
    digest = None
    if any(model.row_digest for model in models if model):
        digest = RowDigest(are_counts=landscape.moments.are_counts)
    if any(models):
        means = mean_errors(table, thetas, progress, digest)
    else:
        means = [(None, landscape.moments.squared_error(theta)) for theta in thetas]
    columns = _told(table, thetas, models, progress)
    points = [
        Point(
            *(x, typed, *_measured(landscape, theta, squared, model, wanted=wanted), mae),
            *(model, told),
        )
        for x, typed, theta, (mae, squared), model, told in zip(
            names, own, thetas, means, models, columns, strict=True
        )
    ]
    head = table.head(rows) if rows and len(points) == 1 else []
    first = [_row(landscape.cost, thetas[0], np.array(x), y) for *x, y in head]
    errors = _errors(table, landscape, thetas[0], worst, progress) if worst else None
    lowest = landscape.lowest if wanted else None
    told = digest.text if digest else None
    return Evaluation(table, landscape, points, lowest, first, errors, told)


def _errors(
    table: Table, landscape: Landscape, theta: Vector, worst: int, progress: Progress | None
) -> Errors:
    """Find the rows of the largest errors, and how much they weigh."""
    moments = landscape.moments
    found = far_rows(table, moments, theta, worst, PROBABILITIES, progress)
    shares = distances = np.full(len(found.places), np.nan)
    if uncertainty := Uncertainty.of(moments):
        rows_found = found.columns, found.weights
        shares = np.minimum(leverages(moments, uncertainty, *rows_found), 1)
        distances = cooks_distances(moments, uncertainty, *rows_found)
    rows = []
    for place, (*x, y), *influence in zip(
        found.places, found.columns.T.tolist(), shares.tolist(), distances.tolist(), strict=True
    ):
        leverage, distance = (one if math.isfinite(one) else None for one in influence)
        row = _row(landscape.cost, theta, np.array(x), y)
        own = {"leverage": leverage, "cooks_distance": distance}
        rows.append({"file": place.file, place.unit: place.line, **row, **own})
    return Errors(rows, found.quantiles.tolist())


def _places(model: LinearModel, table: Table) -> list[int]:
    """Find the features of a model in a table that has all of them."""
    terms = list(map(identity, table.terms))
    return [terms.index(identity(term)) for term in model.terms]


def _spread(theta: Vector, places: Sequence[int], table: Table) -> Vector:
    """Give the parameters for all features of a table, 0 for those that are not at the places."""
    spread = np.zeros(1 + table.features)
    spread[[0, *(1 + place for place in places)]] = theta
    return spread


def _told(
    table: Table,
    thetas: Sequence[Vector],
    models: Sequence[Saved | None],
    progress: Progress | None,
) -> list[Told | None]:
    """Measure the models at the column of which y is a formula, where y is one that tells it."""
    telling = [one.model for one in models if one and one.model.told]
    told = next(
        (one for one in telling if (one.told, one.y) == (table.told, table.columns[-1])), None
    )
    if told is None:
        return [None] * len(models)
    errors = told_errors(table, told.formulas[told.told], thetas, progress)
    return [
        Told.of(told.told, one) if model else None
        for model, one in zip(models, errors, strict=True)
    ]


def _row(cost: Cost, theta: Vector, x: Vector, y: float) -> dict[str, Any]:
    """Give a row, what is predicted for it, and how wrong that is; several features are a list."""
    with np.errstate(over="ignore", invalid="ignore"):
        prediction = float(theta[0] + theta[1:] @ x)
    error = y - prediction
    row = {"y": y, "prediction": prediction, "error": error}
    if cost.loss.is_quadratic:
        row["squared_error"] = error * error
    else:
        row["loss"] = float(cost.loss.value(np.array(error)))
    if not all(map(math.isfinite, row.values())):
        raise RangeError.of(f"the error at x = {', '.join(map(number, x))}")
    return {"x": x.tolist() if len(x) > 1 else float(x[0]), **row}


def _measured(
    landscape: Landscape, theta: Vector, squared: float, model: Saved | None, *, wanted: bool
) -> tuple[float, float | None, float, float | None]:
    """Give the cost, the excess if `wanted`, the RMSE and R² of a point; R² = 1 − MSE / Var(y).

    That is about the mean of this very table, and of a model without an intercept about 0.
    """
    is_through_origin = model is not None and not model.model.intercept
    moments = landscape.moments
    variance = moments.y_mean_square if is_through_origin else moments.y_variance
    with np.errstate(over="ignore", invalid="ignore"):
        is_plain = landscape.is_quadratic and landscape.penalty is None
        cost = squared if is_plain else float(landscape.cost.value(theta))
        above = landscape.moments.excess if is_plain else landscape.excess
        excess = above(theta) if wanted else None
    r2 = 1 - squared / variance if variance else None
    measured = {"mean squared error": squared, "cost": cost, "R²": r2, "excess": excess}
    for name, value in measured.items():
        if not math.isfinite(value or 0.0):
            raise RangeError.of(f"the {name} at {theta_text(theta)}")
    return cost, excess, math.sqrt(squared), r2
