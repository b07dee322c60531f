"""How far the rows of a table lie from given models, on average."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitline.optimize import error_free
from fitline.optimize.moments import Moments
from fitline.optimize.row_hashes import RowDigest
from fitline.statistics.influence import ALL_LEVERAGE, residuals
from fitline.statistics.intervals import Uncertainty
from fitline.vector import Vector

from . import sql
from .engine import Progress
from .formulas.tree import Formula
from .table import Table
from .terms import ColumnTerm


def mean_errors(
    table: Table,
    thetas: Sequence[Vector],
    progress: Progress | None = None,
    digest: RowDigest | None = None,
) -> list[tuple[float, float]]:
    """Read a table whose moments are known once more: the means of |y − ŷ| and (y − ŷ)² of each.

    Rows with weights count as these say. A digest takes the rows.

    Each theta has the shape (1 + features,). Each y − ŷ is right to its last digits, however many
    of those of y and ŷ are equal. A mean that is too large for a float64 is infinite or NaN.
    """
    sums = [(_Sum(), _Sum()) for _ in thetas]
    whole = _Sum()

    def add(columns: Vector, _: NDArray[np.bool_]) -> None:
        *x, y, weights = columns
        whole.add(weights)
        if digest:
            digest.add(columns[:-1], weights)
        with np.errstate(over="ignore", invalid="ignore"):
            for theta, (absolute, squared) in zip(thetas, sums, strict=True):
                errors = errors_of(np.array(x), y, theta)
                absolute.add(weights * np.abs(errors))
                squared.add(weights * np.square(errors))

    with table.explained():
        table.each_batch(table.weighted_rows(), add, progress)
    total = whole.total
    return [(absolute.total / total, squared.total / total) for absolute, squared in sums]


def squared_errors(
    table: Table, moments: Moments, uncertainty: Uncertainty, progress: Progress | None = None
) -> tuple[Vector, Vector]:
    """Read a table once more: Σ u·uᵀ·(e / (1 − h))² over its rows, as HC3 takes it.

    Of each row u are the forms of the `uncertainty` at its features, h = |u|² is its leverage and
    e its error; the shape is (parameters, parameters). It is NaN where a row has all leverage. A
    weight that counts rows is as many summands; a precision w makes w·e of e and w·h of h. The
    variances of the parameters, of the shape (1 + p,), are summed beside it.
    """
    total, own = np.zeros((len(uncertainty.forms),) * 2), uncertainty.of_parameters.T
    variances = np.zeros(len(own))

    def add(columns: Vector, _: NDArray[np.bool_]) -> None:
        nonlocal total, variances
        columns, weights = columns[:-1], columns[-1]
        turned = uncertainty.turned(columns[:-1])
        times, by = (weights, 1.0) if moments.are_counts else (1.0, weights)
        left = 1 - by * np.square(turned).sum(axis=0)
        left[left < ALL_LEVERAGE] = np.nan
        scaled = turned * (by * residuals(moments, columns) / left)
        total = total + (scaled * times) @ scaled.T
        variances = variances + (np.square(own @ scaled) * times).sum(axis=1)

    with table.explained():
        table.each_batch(table.weighted_rows(), add, progress)
    return total, variances


@dataclass
class ToldErrors:
    """How far a column lies from what a model tells of it, its target being a formula of that.

    The rows whose prediction tells no value are `untold`, and count nowhere else. A mean without
    rows, or too large for a float64, is infinite or NaN.
    """

    rows: int = 0
    untold: int = 0
    weight: float = 0.0
    mean: float = 0.0
    squares: float = 0.0

    def __post_init__(self) -> None:
        self._absolute, self._squared = _Sum(), _Sum()

    def add(self, values: Vector, told: Vector, weights: Vector) -> None:
        """Add rows, with NaN for what is not told."""
        is_told = np.isfinite(told)
        values, told, weights = values[is_told], told[is_told], weights[is_told]
        self.untold += int((~is_told).sum())
        weight = float(weights.sum())
        if not weight:
            return
        errors = values - told
        self._absolute.add(weights * np.abs(errors))
        self._squared.add(weights * np.square(errors))
        # T. Chan, G. Golub and R. LeVeque, "Updating formulae and a pairwise algorithm", 1979.
        mean, before = float((weights * values).sum()) / weight, self.weight
        self.rows += len(values)
        self.weight += weight
        apart, part = mean - self.mean, weight / self.weight
        self.mean += apart * part
        self.squares += float((weights * np.square(values - mean)).sum()) + (
            apart * apart * (before * part)
        )

    @property
    def mae(self) -> float:
        """Give the mean absolute error."""
        return self._absolute.total / self.weight if self.weight else math.nan

    @property
    def mse(self) -> float:
        """Give the mean squared error."""
        return self._squared.total / self.weight if self.weight else math.nan

    @property
    def variance(self) -> float:
        """Give the variance of the column."""
        return self.squares / self.weight if self.weight else math.nan


def told_errors(
    table: Table, formula: Formula, thetas: Sequence[Vector], progress: Progress | None = None
) -> list[ToldErrors]:
    """Read a table whose moments are known once more, and the column that its target tells.

    The target is this formula of the column, which can be undone.
    """
    (source,) = table.terms[-1].sources
    beside = table.with_terms([*table.terms, ColumnTerm(source, source)])
    beside.features = table.features + 1
    columns, errors = ["y", "w"], [ToldErrors() for _ in thetas]
    for theta in thetas:
        terms = [
            f"{sql.number(slope)} * {name}"
            for slope, name in zip(theta[1:].tolist(), beside.names, strict=False)
        ]
        told = formula.inverse_sql(" + ".join([sql.number(float(theta[0])), *terms]))
        columns.append(f"coalesce({told}, cast('nan' as double)) as told{len(columns)}")

    def add(rows: Vector, _: NDArray[np.bool_]) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            for told, sums in zip(rows[2:], errors, strict=True):
                sums.add(rows[0], told, rows[1])

    with table.explained():
        query = f"select {', '.join(columns)} from ({beside.weighted_rows()})"
        table.each_batch(query, add, progress)
    return errors


class _Sum:
    """A sum of many numbers, with what rounding takes from it (W. Kahan, 1965, by A. Neumaier)."""

    def __init__(self) -> None:
        self._lanes = np.zeros((2, 0))

    def add(self, numbers: Vector) -> None:
        """Add the numbers, each in a lane of its own."""
        width = len(numbers)
        if width > self._lanes.shape[1]:
            self._lanes = np.pad(self._lanes, ((0, 0), (0, width - self._lanes.shape[1])))
        total, lost = self._lanes[:, :width]
        total[:], rest = error_free.total(total, numbers)
        lost += rest

    @property
    def total(self) -> float:
        """Give the sum."""
        try:
            return math.fsum(self._lanes.ravel())
        except (OverflowError, ValueError):  # infinities of both signs
            return math.inf


def errors_of(x: Vector, y: Vector, theta: Vector) -> Vector:
    """Give y − θ0 − θ1·x1 − …, in the shape (rows,), right to its last digits.

    x has the shape (features, rows).
    """
    error, lost = y, np.zeros_like(y)
    for values, slope in zip(x, theta[1:].tolist(), strict=True):
        product, beyond = error_free.product(values, slope)
        error, rest = error_free.total(error, -product)
        lost = lost + (rest - beyond)
    error, rest = error_free.total(error, np.full_like(y, -theta[0]))
    errors: Vector = error + (rest + lost)
    return errors
