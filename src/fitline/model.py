"""The model: a relation between columns, with parameters."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import formatting
from .data import formulas
from .data.arrays import features_of
from .data.columns import PLACE
from .data.terms import ColumnTerm, Inputs, Term, may_be_called
from .errors import ConfigError, DataError, FileError, FitlineError, RangeError
from .escaping import json_text, printable
from .files.atomic import write_text
from .files.json_documents import (
    MOST_BYTES,
    UnfitError,
    boolean,
    mapping,
    number,
    parse,
    require,
    text,
    text_lists,
    texts,
)
from .files.json_documents import count as count_of
from .files.safe_open import read_text
from .formatting import count, quoted, shortened
from .reading import CELL_SETTINGS, Reading
from .statistics.intervals import Interval, Uncertainty
from .vector import Vector

if TYPE_CHECKING:
    from .data.formulas.tree import Formula

SCHEMA = 1
INPUTS = {
    "typed": [text],
    "columns": [text],
    "levels": text_lists,
    "formulas": ([text], None),
    "places": (texts, None),
}
UNCERTAINTY = {
    "degrees_of_freedom": lambda value: count_of(value) and value > 0,
    "residual_standard_error": lambda value: number(value) and value >= 0,
    "centre": [number],
    "offset": [number],
    "forms": [[number]],
}
SHAPE = {
    "model": {
        "x": [text],
        "y": text,
        "theta": [number],
        "units": (texts, None),
        "inputs": (INPUTS, None),
        "told": (text, None),
        "y_is_formula": (boolean, None),
        "intercept": (boolean, None),
        "reading": (mapping, None),
        "uncertainty": (UNCERTAINTY, None),
    },
    "data": ({"source": (text, None), "fingerprint": (text, None)}, None),
    "config": (mapping, None),
}
HINT = "a model is what fitline train --save FILE.json writes"


@dataclass(frozen=True, eq=False)
class LinearModel:
    """A linear model, ŷ = θ0 + θ1·x1 + … + θp·xp.

    `x` names the features and `y` the target; `theta` has the shape (1 + features,), intercept
    first, in the units of the table. `units` names those of columns that are no plain numbers,
    such as dates; `inputs` tell what the features are made of, where they are not just columns.
    Where y is a formula, `told` names the column that it tells, if it tells one. A model that was
    fitted without an `intercept` has θ0 = 0. `reading` tells how cells are written.
    With an `uncertainty`, that of least squares, predictions have intervals.
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

    def __post_init__(self) -> None:
        """Raise DataError unless there is an intercept, and a slope for each feature."""
        try:
            object.__setattr__(self, "theta", np.asarray(self.theta, dtype=np.float64))
        except (TypeError, ValueError):
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
        rows = self.features(x)
        with np.errstate(over="ignore", invalid="ignore"):
            predictions: NDArray[np.float64] = self.theta[0] + rows @ self.theta[1:]
        if (lost := ~np.isfinite(predictions) & ~np.isnan(rows).any(axis=1)).any():
            raise RangeError.of(f"the prediction for {self._told(rows[lost.argmax()])}")
        return predictions

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
            told = self._told(rows[lost.argmax()])
            raise RangeError.of(f"the interval of the prediction for {told}")
        return ends

    def _told(self, row: Vector) -> str:
        pairs = zip(self.x, row, strict=True)
        return ", ".join(f"{name} = {formatting.number(value)}" for name, value in pairs)

    def intervals(self, level: float | None, of_mean: float | None) -> list[Interval]:
        """Give the intervals of these levels, those that are not None.

        Raises ConfigError where one is no probability, and DataError where the model has no
        uncertainty.
        """
        levels = [(level, False), (of_mean, True)]
        wanted = [(one, mean) for one, mean in levels if one is not None]
        for one, _ in wanted:
            if not isinstance(one, float) or not 0 < one < 1:
                raise ConfigError(
                    f"the level is {shortened(repr(one))}, not a number between 0 and 1",
                    value=str(one),
                    hint="95 of 100 are 0.95",
                )
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
        labels = [printable(self._factor(name)) for name in self.x]
        terms = [formatting.number(self.theta[0])] if self.intercept else []
        for label, slope in zip(labels, self.theta[1:], strict=True):
            if terms:
                terms += ["−" if slope < 0 else "+", f"{formatting.number(abs(slope))} × {label}"]
            else:
                terms = [f"{formatting.number(slope)} × {label}"]
        return f"{printable(self.y)} = {' '.join(terms)}"

    def _factor(self, feature: str) -> str:
        """Name a feature in a product."""
        if self.inputs and feature in self.inputs.typed and feature not in self.inputs.columns:
            return formulas.as_factor(feature)
        return formatting.labelled(feature, self.units)

    def save(self, path: str | Path, about: Mapping[str, Any] | None = None) -> None:
        """Write the model as JSON, with what is known `about` it beside it."""
        document = {
            "schema": SCHEMA,
            "model": {
                "x": list(self.x),
                "y": self.y,
                "theta": self.theta.tolist(),
                "units": dict(self.units),
                **({"inputs": asdict(self.inputs)} if self.inputs else {}),
                **({"told": self.told} if self.told else {}),
                **({"y_is_formula": True} if self.y_is_formula else {}),
                **({} if self.intercept else {"intercept": False}),
                **({"reading": self.read_as} if self.read_as else {}),
                **({"uncertainty": _written(self.uncertainty)} if self.uncertainty else {}),
            },
            **(about or {}),
        }
        write_text(path, json_text(document, indent=2) + "\n")

    @classmethod
    def load(cls, path: str | Path) -> "LinearModel":
        """Read what `save` wrote. Raises FileError where the file holds no model."""
        return Saved.load(path).model


@dataclass(frozen=True, eq=False)
class Saved:
    """A model in a file, and the table that it was trained on, as far as the file tells.

    `config` has the settings of its training.
    """

    file: str
    model: LinearModel
    source: str | None
    fingerprint: str | None
    config: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | Path) -> "Saved":
        """Read a model and where it comes from. Raises FileError where the file holds none."""
        document = _read(path)
        model, units = document["model"], document["model"].get("units") or {}
        x, theta = tuple(model["x"]), np.array(model["theta"], dtype=np.float64)
        if len(theta) != 1 + len(x) or not x:
            raise FileError(
                f"theta has {count(len(theta), 'number')} for"
                f" {count(len(x), 'column')} to predict from, not one more",
                file=str(path),
                hint=HINT,
            )
        intercept = model.get("intercept") is not False
        if theta[0] and not intercept:
            raise FileError(
                f"holds no model: theta begins with {formatting.number(theta[0])}, and intercept"
                " is false",
                str(path),
                hint=HINT,
            )
        data, config = document.get("data") or {}, document.get("config") or {}
        told, y_is_formula = _told(path, model), bool(model.get("y_is_formula"))
        inputs = _inputs(path, model)
        line = LinearModel(
            *(x, model["y"], theta, units, inputs, told, y_is_formula, intercept),
            reading=_reading(path, model.get("reading") or config),
            uncertainty=_uncertainty(path, model.get("uncertainty"), len(x)),
        )
        return cls(str(path), line, data.get("source"), data.get("fingerprint"), config)


def _reading(path: str | Path, written: Mapping[str, Any]) -> Reading:
    """Read how the cells of the table are written; some models tell it by their configuration.

    Raises FileError where no table is written so.
    """
    found: dict[str, Any] = {name: written.get(name) for name in CELL_SETTINGS}
    try:
        require(found, dict.fromkeys(CELL_SETTINGS, (text, None)))
        reading = Reading(**found)
        _ = reading.marks, reading.date_pattern, reading.na_texts
    except (UnfitError, FitlineError) as error:
        raise FileError(f"holds no model: {error}", str(path), hint=HINT) from error
    return reading


def _written(uncertainty: Uncertainty) -> dict[str, Any]:
    return {
        "degrees_of_freedom": uncertainty.freedom,
        "residual_standard_error": uncertainty.deviation,
        "centre": uncertainty.centre.tolist(),
        "offset": uncertainty.offset.tolist(),
        "forms": uncertainty.forms.tolist(),
    }


def _uncertainty(
    path: str | Path, written: Mapping[str, Any] | None, features: int
) -> Uncertainty | None:
    """Read how far predictions may be off. Raises FileError where it is of other parameters."""
    if written is None:
        return None
    centre, offset, forms = (written[name] for name in ("centre", "offset", "forms"))
    lengths = {len(form) for form in (centre, *forms)}
    if lengths != {features} or len(forms) != len(offset) or len(forms) > 1 + features:
        raise FileError("holds no model: its uncertainty is another's", str(path), hint=HINT)
    arrays = (np.array(own, dtype=np.float64) for own in (centre, offset, forms))
    freedom, deviation = written["degrees_of_freedom"], written["residual_standard_error"]
    return Uncertainty(freedom, float(deviation), *arrays)


def _inputs(path: str | Path, model: Mapping[str, Any]) -> Inputs | None:
    """Read what the features of a model are made of.

    Raises FileError where that makes other features.
    """
    found = model.get("inputs")
    if found is None:
        return None
    levels = {name: tuple(texts) for name, texts in found["levels"].items()}
    computed = tuple(found.get("formulas") or ())
    needed, places = tuple(found["columns"]), found.get("places") or {}
    inputs = Inputs(tuple(found["typed"]), needed, levels, computed, places)
    try:
        terms = inputs.terms()
    except FitlineError as error:
        raise FileError(f"holds no model: {error.message}", str(path), hint=HINT) from error
    others = [
        name
        for term, name in zip(terms, model["x"], strict=False)
        if not may_be_called(term, name) and not PLACE.fullmatch(term.typed)
    ]
    is_whole = len(terms) == len(model["x"]) and len(set(inputs.typed)) == len(inputs.typed)
    if others or not is_whole:
        raise FileError("holds no model: its inputs make other features", str(path), hint=HINT)
    return inputs


def _told(path: str | Path, model: Mapping[str, Any]) -> str:
    """Read which column y tells.

    Raises FileError where y is no formula of it that can be undone.
    """
    told: str = model.get("told") or ""
    with suppress(FitlineError):
        y = formulas.FormulaText(model["y"])
        if not told or formulas.parse("", (told,), y, "y").is_invertible:
            return told
    message = f"holds no model: {shortened(model['y'])} does not tell {quoted(told)}"
    raise FileError(message, str(path), hint=HINT)


def _read(path: str | Path) -> dict[str, Any]:
    """Read what `LinearModel.save` wrote."""
    try:
        document: dict[str, Any] = parse(read_text(path, MOST_BYTES))
        require(document, SHAPE)
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", file=str(path)) from error
    except UnicodeDecodeError as error:
        raise FileError("holds no model: it is not UTF-8 text", str(path), hint=HINT) from error
    except UnfitError as error:
        raise FileError(f"holds no model: {error}", file=str(path), hint=HINT) from error
    return document
