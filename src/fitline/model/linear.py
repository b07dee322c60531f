"""The model: a relation between columns, with parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitline import formatting
from fitline.data import formulas
from fitline.data.arrays import features_of
from fitline.data.terms import ColumnTerm, Inputs, Term
from fitline.errors import DataError, FileError, RangeError
from fitline.formatting import quoted, shortened
from fitline.reading import CELL_SETTINGS, Reading
from fitline.statistics.intervals import Interval, Uncertainty, require_level
from fitline.vector import Vector, reals

from .dependence import Dependence
from .line import equation, features_text

if TYPE_CHECKING:
    from fitline.data.formulas.tree import Formula

FIELDS: Mapping[str, tuple[Any, str]] = {
    "x": (tuple | list, "the names of features"),
    "y": (str, "the name of a column"),
    "units": (Mapping, "a dict of units"),
    "inputs": (Inputs | None, "the inputs of features"),
    "told": (str, "the name of a column"),
    "reading": (Reading, "a Reading"),
    "uncertainty": (Uncertainty | None, "an Uncertainty"),
}
"""Of which type a field of a model is, and what that is called."""


@dataclass(frozen=True, eq=False)
class LinearModel:
    """A linear model, ŷ = θ0 + θ1·x1 + … + θp·xp.

    `x` names the features and `y` the target; `theta` has the shape (1 + features,), intercept
    first, in the units of the table. `units` names those of columns that are no plain numbers,
    such as dates; `inputs` tell what the features are made of, where they are not just columns.
    Where y is a formula, `told` names the column that it tells, if it tells one. A model that was
    fitted without an `intercept` has θ0 = 0. `reading` tells how cells are written. A slope is NaN
    where the feature was 0 in all rows; only such rows are predicted.
    With an `uncertainty`, that of least squares, predictions have intervals. Features that were
    `dependent` on others in all rows leave predictions open for rows in which they are not: these
    depend on where the descent began.
    """

    x: tuple[str, ...]
    y: str
    theta: NDArray[np.float64]
    units: Mapping[str, str] = field(default_factory=dict)
    inputs: Inputs | None = None
    told: str = ""
    y_is_formula: bool = False
    intercept: bool = True
    reading: Reading = field(default_factory=Reading)
    uncertainty: Uncertainty | None = None
    dependent: Sequence[Dependence] = ()

    def __post_init__(self) -> None:
        """Raise DataError unless there is an intercept, and a slope for each feature."""
        for name, (kind, wanted) in FIELDS.items():
            if not isinstance(value := getattr(self, name), kind):
                raise DataError(f"{name} is {shortened(repr(value))}, not {wanted}")
        if not all(isinstance(name, str) for name in self.x):
            raise DataError(f"x is {shortened(repr(self.x))}, not {FIELDS['x'][1]}")
        try:
            object.__setattr__(self, "theta", reals(self.theta))
        except (TypeError, ValueError, OverflowError):
            raise DataError(f"theta is {shortened(str(self.theta))}, not numbers") from None
        if np.shape(self.theta) != (1 + len(self.x),):
            raise DataError(
                f"theta has the shape {np.shape(self.theta)}, and must have the shape"
                f" ({1 + len(self.x)},): an intercept, and a slope for each feature"
            )

    @property
    def typed(self) -> tuple[str, ...]:
        """Give what would be typed for the features."""
        return self.inputs.typed if self.inputs else self.x

    @property
    def known(self) -> Mapping[str, Sequence[str]]:
        """Give the levels of what would be typed, none of what is no text."""
        if self.inputs:
            return self.inputs.known
        return dict.fromkeys(map(formulas.ColumnText, self.x), ())

    @property
    def target(self) -> str:
        """Give what is predicted, as a formula or as a column."""
        return (formulas.FormulaText if self.y_is_formula else formulas.ColumnText)(self.y)

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns that the features are made of."""
        return self.inputs.columns if self.inputs else self.x

    @property
    def terms(self) -> Sequence[Term]:
        """Give the features as terms of columns."""
        return self.inputs.terms() if self.inputs else [ColumnTerm(name, name) for name in self.x]

    @property
    def dates(self) -> Sequence[str]:
        """Give the columns that hold dates, as features are called and as they are typed."""
        typed = [term.typed for term, x in zip(self.terms, self.x, strict=True) if x in self.units]
        return [*self.units, *typed]

    @property
    def read_as(self) -> Mapping[str, str]:
        """Give the settings by which cells are read, those alone that were chosen."""
        read = {name: getattr(self.reading, name) for name in CELL_SETTINGS}
        return {name: value for name, value in read.items() if value is not None}

    @cached_property
    def formulas(self) -> "Mapping[str, Formula]":
        """Give the formula that y is of the column `told`, by its name, if there is one."""
        if not self.told:
            return {}
        return {self.told: formulas.parse("", (self.told,), formulas.FormulaText(self.y), "y")}

    def features(self, x: Any) -> NDArray[np.float64]:
        """Give the features of what `predict` takes, in the shape (rows, features)."""
        rows = features_of(x, self.x, self.dates, self.inputs, self.reading)
        for name, values in zip(self.x, rows.T, strict=True):
            if np.isinf(values).any():
                raise DataError(f"{name} is {values[np.isinf(values)][0]}, not a finite number")
        return rows

    def predict(self, x: Any) -> NDArray[np.float64]:
        """Predict y for every row of x, in the shape (rows,); where x is missing it is NaN.

        x is an array of the shape (rows,) or (rows, features), or has the columns by name: a
        mapping of arrays, a data frame, a structured array. Raises DataError where it fits not,
        and RangeError where a prediction is too large for a float64.

        >>> model = LinearModel(("sqft",), "price", np.array([50000.0, 100.0]))
        >>> model.predict([1500]), model.predict({"price": [0], "sqft": [1500]})
        (array([200000.]), array([200000.]))
        """
        if np.isinf(self.theta).any() or np.isnan(self.theta[0]):
            raise DataError(f"theta is {self.theta.tolist()}, not finite numbers")
        rows, slopes = self.features(x), self.theta[1:]
        for place in np.flatnonzero(np.isnan(slopes)).tolist():
            if len(told := np.flatnonzero(rows[:, place])):
                value = formatting.number(rows[told[0], place])
                raise DataError(f"{self.x[place]} is {value}, and was 0 in all rows of the fit")
        with np.errstate(over="ignore", invalid="ignore"):
            predictions: NDArray[np.float64] = self.theta[0] + rows @ np.nan_to_num(slopes)
        if (lost := ~np.isfinite(predictions) & ~np.isnan(rows).any(axis=1)).any():
            row = features_text(self.x, rows[lost.argmax()])
            raise RangeError.of(f"the prediction for {row}")
        return predictions

    def predicted(
        self, rows: Sequence[Sequence[float]], intervals: Sequence[Interval]
    ) -> list[list[float]]:
        """Give the prediction for every row of features, and the ends of intervals behind it."""
        x = np.array(rows, dtype=np.float64).reshape(len(rows), len(self.x))
        predictions = self.predict(x)
        told = np.column_stack([predictions, self.ends(intervals, x, predictions)])
        found: list[list[float]] = told.tolist()
        return found

    def interval(
        self, x: Any, level: float = 0.95, *, of_mean: bool = False
    ) -> NDArray[np.float64]:
        """Give the ends of an interval for every row of x, in the shape (rows, 2).

        It covers the next y with the probability `level`, or, `of_mean`, the mean of many y at the
        same x. Raises DataError where the model has no uncertainty.
        """
        intervals = self.intervals(*((None, level) if of_mean else (level, None)))
        return self.ends(intervals, self.features(x), self.predict(x))

    def ends(
        self, intervals: Sequence[Interval], rows: Vector, predictions: Vector
    ) -> NDArray[np.float64]:
        """Give the ends of intervals for rows of features, in the shape (rows, 2·intervals).

        Raises RangeError where one of them is too large for a float64.
        """
        found = [one.ends(rows, predictions) for one in intervals]
        ends = np.hstack([np.empty((len(rows), 0)), *found])
        if (lost := ~np.isfinite(ends).all(axis=1) & np.isfinite(predictions)).any():
            row = features_text(self.x, rows[lost.argmax()])
            raise RangeError.of(f"the interval of the prediction for {row}")
        return ends

    def intervals(self, level: float | None, of_mean: float | None) -> list[Interval]:
        """Give the intervals of these levels, those that are not None.

        Raises ConfigError where one is no probability, and DataError where the model has no
        uncertainty.
        """
        levels = [(level, False), (of_mean, True)]
        wanted = [(one, mean) for one, mean in levels if one is not None]
        for one, _ in wanted:
            require_level(one)
        if self.uncertainty is None and wanted:
            raise DataError(
                "the model has no intervals: it is no least-squares fit that has converged, has no"
                " degrees of freedom, or features that depend on each other",
                hint="train with squared error until it converges, on more rows than parameters"
                " and on independent features, and save the model anew",
            )
        return [Interval(self.uncertainty, one, mean) for one, mean in wanted if self.uncertainty]

    @property
    def equation(self) -> str:
        """Write the line in the table's own words.

        >>> LinearModel(("sqft",), "price", np.array([12000.0, -136.5])).equation
        'price = 12,000 − 136.5 × sqft'
        """
        factors = [self._factor(name) for name in self.x]
        return equation(self.y, self.theta.tolist(), factors, intercept=self.intercept)

    def _factor(self, feature: str) -> str:
        """Name a feature in a product."""
        if self.inputs and feature in self.inputs.typed and feature not in self.inputs.columns:
            return formulas.as_factor(feature)
        return formatting.labelled(feature, self.units)

    def save(self, path: str | Path, about: Mapping[str, Any] | None = None) -> None:
        """Write the model as JSON, with what is known `about` it beside it."""
        from .saved import write

        write(self, path, about or {})

    @classmethod
    def load(cls, path: str | Path) -> "LinearModel":
        """Read what `save` wrote. Raises FileError where the file does not hold one model."""
        from .saved import Saved

        saved = Saved.load(path)
        if saved.groups:
            raise FileError(
                f"holds a model for each group by {quoted(saved.groups.by)}, not one for all rows",
                str(path),
                hint="load them with fitline.GroupModels.load",
            )
        return saved.model
