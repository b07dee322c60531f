"""A model in a file: what stands in it, reading it and writing it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fitline import formatting
from fitline.data import formulas
from fitline.data.columns import PLACE
from fitline.data.terms import Inputs, may_be_called
from fitline.errors import FileError, FitlineError
from fitline.escaping import json_text
from fitline.files.atomic import write_text
from fitline.files.json_documents import (
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
from fitline.files.json_documents import count as count_of
from fitline.files.safe_open import read_text
from fitline.formatting import count, quoted, shortened
from fitline.reading import CELL_SETTINGS, Reading
from fitline.statistics.intervals import Uncertainty

from .linear import LinearModel

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
    "schema": (lambda value: value == SCHEMA, None),
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
    "data": (dict.fromkeys(("source", "fingerprint", "row_digest"), (text, None)), None),
    "config": (mapping, None),
}
HINT = "a model is what fitline train --save FILE.json writes"


@dataclass(frozen=True, eq=False)
class Saved:
    """A model in a file, and the table that it was trained on, as far as the file tells.

    `config` has the settings of its training, and `row_digest` is known where the cost is robust.
    """

    file: str
    model: LinearModel
    source: str | None
    fingerprint: str | None
    config: Mapping[str, Any] = field(default_factory=dict)
    row_digest: str | None = None

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
        source, fingerprint = data.get("source"), data.get("fingerprint")
        return cls(str(path), line, source, fingerprint, config, data.get("row_digest"))


def write(model: LinearModel, path: str | Path, about: Mapping[str, Any]) -> None:
    """Write a model as JSON, with what is known `about` it beside it."""
    document = {
        "schema": SCHEMA,
        "model": {
            "x": list(model.x),
            "y": model.y,
            "theta": model.theta.tolist(),
            "units": dict(model.units),
            **({"inputs": asdict(model.inputs)} if model.inputs else {}),
            **({"told": model.told} if model.told else {}),
            **({"y_is_formula": True} if model.y_is_formula else {}),
            **({} if model.intercept else {"intercept": False}),
            **({"reading": model.read_as} if model.read_as else {}),
            **({"uncertainty": _written(model.uncertainty)} if model.uncertainty else {}),
        },
        **about,
    }
    write_text(path, json_text(document, indent=2) + "\n")


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
