"""A model in a file: what stands in it, reading it and writing it."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from fitline import formatting
from fitline.data import formulas
from fitline.data.columns import PLACE
from fitline.data.terms import Inputs, may_be_called
from fitline.errors import DataError, FileError, FitlineError
from fitline.escaping import json_text
from fitline.files.atomic import write_text
from fitline.files.json_documents import (
    UnfitError,
    boolean,
    mapping,
    number,
    numbers,
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
from fitline.vector import Vector

from .dependence import Dependence
from .groups import AnyModel, GroupModels
from .linear import LinearModel

SCHEMA = 1

MOST_BYTES = 2**26
"""A hundred thousand groups have models of twenty parameters in it."""

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
GROUPS = {
    "by": text,
    "theta": mapping,
    "lacking": (mapping, None),
    "dependent": (mapping, None),
}
DEPENDENT = [{"feature": text, "constant": number, "equals": numbers}]
SHAPE = {
    "schema": (lambda value: value == SCHEMA, None),
    "model": {
        "x": [text],
        "y": text,
        "theta": ([number], None),
        "groups": (GROUPS, None),
        "units": (texts, None),
        "inputs": (INPUTS, None),
        "told": (text, None),
        "y_is_formula": (boolean, None),
        "intercept": (boolean, None),
        "reading": (mapping, None),
        "uncertainty": (UNCERTAINTY, None),
        "dependent": (DEPENDENT, None),
    },
    "data": (dict.fromkeys(("source", "fingerprint", "row_digest"), (text, None)), None),
    "config": (mapping, None),
}
HINT = "a model is what fitline train --save FILE.json writes"


@dataclass(frozen=True, eq=False)
class Saved:
    """A model in a file, and the table that it was trained on, as far as the file tells.

    `config` has the settings of its training, and `row_digest` is known where the cost is robust.
    Where each group of rows has a model, these are the `groups`, and `model` is the first of them.
    """

    file: str
    model: LinearModel
    source: str | None
    fingerprint: str | None
    config: Mapping[str, Any] = field(default_factory=dict)
    row_digest: str | None = None
    groups: GroupModels | None = None

    @classmethod
    def load(cls, path: str | Path) -> "Saved":
        """Read a model and where it comes from. Raises FileError where the file holds none."""
        document = _read(path)
        model, units = document["model"], document["model"].get("units") or {}
        thetas, x = _thetas(path, model), tuple(model["x"])
        intercept = model.get("intercept") is not False
        data, config = document.get("data") or {}, document.get("config") or {}
        told, y_is_formula = _told(path, model), bool(model.get("y_is_formula"))
        inputs, theta = _inputs(path, model), next(iter(thetas.values()))
        line = LinearModel(
            *(x, model["y"], theta, units, inputs, told, y_is_formula, intercept),
            reading=_reading(path, model.get("reading") or config),
            uncertainty=_uncertainty(path, model.get("uncertainty"), len(x)),
            dependent=_dependent(path, x, model.get("dependent")),
        )
        source, fingerprint = data.get("source"), data.get("fingerprint")
        groups = _groups(path, model, line, thetas)
        digest = data.get("row_digest")
        return cls(str(path), line, source, fingerprint, config, digest, groups)

    @property
    def predicting(self) -> AnyModel:
        """Give what predicts rows: the model, or those of groups."""
        return self.groups or self.model

    @property
    def as_typed(self) -> LinearModel:
        """Give the model, in which a group is a column of text beside those of the features."""
        return self.groups.as_typed if self.groups else self.model


def write(model: AnyModel, path: str | Path, about: Mapping[str, Any]) -> None:
    """Write a model as JSON, with what is known `about` it beside it.

    Raises FileError where there are more models than can be read again.
    """
    line = model.common if isinstance(model, GroupModels) else model
    document = {
        "schema": SCHEMA,
        "model": {
            "x": list(line.x),
            "y": line.y,
            **_parameters(model),
            "units": dict(line.units),
            **({"inputs": asdict(line.inputs)} if line.inputs else {}),
            **_named("told", line.told),
            **({"y_is_formula": True} if line.y_is_formula else {}),
            **({} if line.intercept else {"intercept": False}),
            **_named("reading", line.read_as),
            **({"uncertainty": _written(line.uncertainty)} if line.uncertainty else {}),
        },
        **about,
    }
    content = json_text(document, indent=2) + "\n"
    if len(content.encode()) > MOST_BYTES:
        raise FileError(
            f"the models would take more than {MOST_BYTES:,} bytes, and could not be read again",
            str(path),
            hint="fit fewer groups, or leave --save out",
        )
    write_text(path, content)


def _parameters(model: AnyModel) -> dict[str, Any]:
    if isinstance(model, LinearModel):
        return {"theta": model.theta.tolist(), **_named("dependent", _relations(model))}
    lacking = _named("lacking", model.lacking)
    found = {name: told for name, own in model.models.items() if (told := _relations(own))}
    by = {"by": model.by, "theta": model.written}
    return {"groups": {**by, **lacking, **_named("dependent", found)}}


def _relations(model: LinearModel) -> list[dict[str, Any]]:
    return [asdict(one) for one in model.dependent]


def _named(name: str, value: Collection[Any]) -> dict[str, Any]:
    """Give a part of a document, unless there is nothing in it."""
    return {name: value} if value else {}


def _thetas(path: str | Path, model: Mapping[str, Any]) -> dict[str, Vector]:
    """Read the parameters of each group, or of all rows, which have no name.

    Raises FileError where they do not suit the features.
    """
    groups, x = model.get("groups"), model["x"]
    found = groups["theta"] if groups else {"": model["theta"]}
    for name, theta in found.items():
        what = f"theta of {quoted(name)}" if groups else "theta"
        if len(theta) != 1 + len(x) or not x:
            raise FileError(
                f"{what} has {count(len(theta), 'number')} for"
                f" {count(len(x), 'column')} to predict from, not one more",
                file=str(path),
                hint=HINT,
            )
        if theta[0] is None:
            raise FileError(f"holds no model: {what} begins with null", str(path), hint=HINT)
        if theta[0] and model.get("intercept") is False:
            raise FileError(
                f"holds no model: {what} begins with {formatting.number(theta[0])}, and intercept"
                " is false",
                str(path),
                hint=HINT,
            )
    return {name: np.array(theta, dtype=np.float64) for name, theta in found.items()}


def _groups(
    path: str | Path, model: Mapping[str, Any], line: LinearModel, thetas: Mapping[str, Vector]
) -> GroupModels | None:
    """Read the models of groups. Raises FileError where no rows could have such groups."""
    if not (groups := model.get("groups")):
        return None
    if line.uncertainty:
        told = "its uncertainty is that of one model"
        raise FileError(f"holds no model: {told}", str(path), hint=HINT)
    dependent = groups.get("dependent") or {}
    if unknown := {*dependent} - {*thetas}:
        told = f"no group {quoted(min(unknown))} has dependent features"
        raise FileError(f"holds no model: {told}", str(path), hint=HINT)
    models = {
        name: replace(line, theta=theta, dependent=_dependent(path, line.x, dependent.get(name)))
        for name, theta in thetas.items()
    }
    try:
        return GroupModels(groups["by"], models, groups.get("lacking") or {})
    except DataError as error:
        raise FileError(f"holds no model: {error.message}", str(path), hint=HINT) from error


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


def _dependent(
    path: str | Path, x: Sequence[str], written: Sequence[Mapping[str, Any]] | None
) -> list[Dependence]:
    """Read which features depend on others. Raises FileError where these are none of `x`."""
    found = [Dependence(**{name: one[name] for name in DEPENDENT[0]}) for one in written or ()]
    if not {*x} >= {name for one in found for name in (one.feature, *one.equals)}:
        told = "its dependent features are another's"
        raise FileError(f"holds no model: {told}", str(path), hint=HINT)
    return found


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
        _require_parameters(document["model"])
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", file=str(path)) from error
    except UnicodeDecodeError as error:
        raise FileError("holds no model: it is not UTF-8 text", str(path), hint=HINT) from error
    except UnfitError as error:
        raise FileError(f"holds no model: {error}", file=str(path), hint=HINT) from error
    return document


def _require_parameters(model: Mapping[str, Any]) -> None:
    """Raise UnfitError where there are none, or those of one model and of groups too."""
    theta, groups = model.get("theta"), model.get("groups")
    if groups is None:
        require(model, {"theta": [number]}, "model")
    elif theta is not None:
        raise UnfitError("model.theta and model.groups are both there")
    elif not groups["theta"]:
        raise UnfitError("model.groups.theta is empty")
    else:
        shape = {name: [(number, None)] for name in groups["theta"]}
        require(groups["theta"], shape, "model.groups.theta")
        lacking = groups.get("lacking") or {}
        require(lacking, dict.fromkeys(lacking, text_lists), "model.groups.lacking")
        dependent = groups.get("dependent") or {}
        require(dependent, dict.fromkeys(dependent, DEPENDENT), "model.groups.dependent")
