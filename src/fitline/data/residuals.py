"""How far the rows of a table lie from given models, on average."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fitline.optimize import error_free
from fitline.optimize.moments import Moments, variance_of
from fitline.optimize.row_hashes import RowDigest
from fitline.optimize.weighted_sums import WeightedSums
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
    found = table.over(_errors, thetas, RowDigest.like(digest), progress=progress)
    total = _Sum.of([weights for weights, _, _ in found]).total
    for _, _, own in found:
        if digest and own:
            digest.add_up(own)
    return [
        (_Sum.of(absolute).total / total, _Sum.of(squared).total / total)
        for absolute, squared in (
            zip(*pairs, strict=True) for pairs in zip(*(sums for _, sums, _ in found), strict=True)
        )
    ]


def _errors(
    table: Table, thetas: Sequence[Vector], digest: RowDigest | None, progress: Progress | None
) -> "tuple[_Sum, list[tuple[_Sum, _Sum]], RowDigest | None]":
    """Sum the weights of a table, |y − ŷ| and (y − ŷ)² of each theta, and hash its rows."""
    whole, sums = _Sum(), [(_Sum(), _Sum()) for _ in thetas]

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
    return whole, sums, digest


def squared_errors(
    table: Table, moments: Moments, uncertainty: Uncertainty, progress: Progress | None = None
) -> tuple[Vector, Vector]:
    """Read a table once more: Σ u·uᵀ·(e / (1 − h))² over its rows, as HC3 takes it.

    Of each row u are the forms of the `uncertainty` at its features, h = |u|² is its leverage and
    e its error; the shape is (parameters, parameters). It is NaN where a row has all leverage. A
    weight that counts rows is as many summands; a precision w makes w·e of e and w·h of h. The
    variances of the parameters, of the shape (1 + p,), are summed beside it.
    """
    found = table.over(_squared_errors, moments, uncertainty, progress=progress)
    total, variances = (sum(each[1:], each[0]) for each in zip(*found, strict=True))
    return total, variances


def _squared_errors(
    table: Table, moments: Moments, uncertainty: Uncertainty, progress: Progress | None
) -> tuple[Vector, Vector]:
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


class ToldErrors:
    """How far a column lies from what a model tells of it, its target being a formula of that.

    The rows whose prediction tells no value are `untold`, and count nowhere else. A mean without
    rows, or too large for a float64, is infinite or NaN.
    """

    def __init__(self) -> None:
        self.untold, self.is_too_large = 0, False
        self.columns = WeightedSums(2)
        self.weight, self.absolute, self.squared = _Sum(), _Sum(), _Sum()

    @classmethod
    def of(cls, parts: "Sequence[ToldErrors]") -> "ToldErrors":
        """Add up those of the pieces of a table."""
        whole = cls()
        whole.untold = sum(part.untold for part in parts)
        whole.is_too_large = any(part.is_too_large for part in parts)
        whole.columns = WeightedSums.total([part.columns for part in parts])
        whole.weight = _Sum.of([part.weight for part in parts])
        whole.absolute = _Sum.of([part.absolute for part in parts])
        whole.squared = _Sum.of([part.squared for part in parts])
        return whole

    def add(self, values: Vector, told: Vector, weights: Vector) -> None:
        """Add rows, with NaN for what is not told."""
        is_told = np.isfinite(told)
        values, told, weights = values[is_told], told[is_told], weights[is_told]
        self.untold += int((~is_told).sum())
        errors = values - told
        try:
            self.columns.add(np.array([values, weights]))
        except OverflowError:
            self.is_too_large = True
        self.weight.add(weights)
        self.absolute.add(weights * np.abs(errors))
        self.squared.add(weights * np.square(errors))

    @property
    def mae(self) -> float:
        """Give the mean absolute error."""
        return self._mean(self.absolute)

    @property
    def mse(self) -> float:
        """Give the mean squared error."""
        return self._mean(self.squared)

    def _mean(self, errors: "_Sum") -> float:
        weight = self.weight.total
        return errors.total / weight if weight else math.nan

    @property
    def variance(self) -> float:
        """Give the variance of the column."""
        if self.is_too_large:
            return math.inf
        try:
            return variance_of(self.columns.moments(), 1) if self.columns.rows else math.nan
        except OverflowError:
            return math.inf


def told_errors(
    table: Table, formula: Formula, thetas: Sequence[Vector], progress: Progress | None = None
) -> list[ToldErrors]:
    """Read a table whose moments are known once more, and the column that its target tells.

    The target is this formula of the column, which can be undone.
    """
    (source,) = table.terms[-1].sources
    beside = table.with_terms([*table.terms, ColumnTerm(source, source)])
    beside.features = table.features + 1
    found = beside.over(_told_errors, formula, thetas, progress=progress)
    return [ToldErrors.of(own) for own in zip(*found, strict=True)]


def _told_errors(
    table: Table, formula: Formula, thetas: Sequence[Vector], progress: Progress | None
) -> list[ToldErrors]:
    columns, errors = ["y", "w"], [ToldErrors() for _ in thetas]
    for theta in thetas:
        terms = [
            f"{sql.number(slope)} * {name}"
            for slope, name in zip(theta[1:].tolist(), table.names, strict=False)
        ]
        told = formula.inverse_sql(" + ".join([sql.number(float(theta[0])), *terms]))
        columns.append(f"coalesce({told}, cast('nan' as double)) as told{len(columns)}")

    def add(rows: Vector, _: NDArray[np.bool_]) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            for told, sums in zip(rows[2:], errors, strict=True):
                sums.add(rows[0], told, rows[1])

    with table.explained():
        query = f"select {', '.join(columns)} from ({table.weighted_rows()})"
        table.each_batch(query, add, progress)
    return errors


class _Sum:
    """A sum of many numbers, with what rounding takes from it (W. Kahan, 1965, by A. Neumaier)."""

    def __init__(self) -> None:
        self._lanes = np.zeros((2, 0))

    @classmethod
    def of(cls, parts: "Sequence[_Sum]") -> "_Sum":
        """Add up sums, each with what rounding takes from it."""
        if len(parts) == 1:
            return parts[0]
        whole = cls()
        with np.errstate(over="ignore", invalid="ignore"):
            for part in parts:
                whole.add(np.array([total := part.total, part.beyond(total)]))
        return whole

    def beyond(self, total: float) -> float:
        """Give what rounding took from the sum."""
        return math.fsum([*self._lanes.ravel(), -total]) if math.isfinite(total) else 0.0

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
