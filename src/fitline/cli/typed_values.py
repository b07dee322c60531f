"""What is typed for `fitline predict`: parameters, and values of one column or of each by name."""

import math
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from fitline.errors import UsageError
from fitline.formatting import listed, quoted

from .options import each_of, plain, require_parameters

if TYPE_CHECKING:
    from fitline.data.cells import Numbers, Values
    from fitline.data.dates import Dates
    from fitline.model import Line, LinearModel

Cells = Mapping[str, Sequence[object]]
Typed = Sequence[Sequence[str]]


def typed_model(
    theta: list[float], x: str | Sequence[str] | None, data: list[str]
) -> "Line | LinearModel | None":
    """Give the model of parameters; without --x its features are what values are given for.

    Where these have no names, they are x, or x1, x2 and so on. It is None where only a table tells
    what --x means, a pattern or a formula. Raises UsageError where the `data` are values, and the
    parameters not as many as the features.
    """
    slopes = len(theta) - 1
    with_values = [text.partition("=")[0] for text in data]
    unnamed = [f"x{place}" for place in range(1, slopes + 1)] if slopes > 1 else ["x"]
    names = named_features(data, x) or unnamed
    if not are_values(data) and (len(names) != slopes or _formulas(names, with_values)):
        return None
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"the feature {quoted(twice)} is named twice", hint="name it once")
    if formulas := _formulas(names, with_values):
        return _model_of_formulas(theta, names, formulas)
    from fitline.model import Line

    require_parameters(names, theta)
    return Line(tuple(names), tuple(theta))


def named_features(data: Sequence[str], x: str | Sequence[str] | None) -> list[str]:
    """Give the features that are named: those of --x, else those that have values by name."""
    from fitline.data.selection import split

    with_values = [text.partition("=")[0] for text in data]
    if x is None and are_values(data) and all("=" in text for text in data):
        return [*dict.fromkeys(with_values)]
    return [
        name for text in each_of(x) for name in ([text] if text in with_values else split(text))
    ]


def model_of(theta: list[float], names: Sequence[str], **known: Any) -> "LinearModel":
    """Give a model. Raises UsageError where the parameters are not as many as the features."""
    import numpy as np

    from fitline.model import LinearModel

    require_parameters(names, theta)
    return LinearModel(tuple(names), "prediction", np.array(theta), **known)


def _formulas(names: Sequence[str], with_values: Sequence[str]) -> tuple[str, ...]:
    """Give the formulas; what has a value of its own is none."""
    from fitline.data.formulas import is_formula

    return tuple(name for name in names if is_formula(with_values, name))


def _model_of_formulas(
    theta: list[float], names: Sequence[str], formulas: tuple[str, ...]
) -> "LinearModel":
    """Give a model with the columns of formulas. Raises ConfigError where a formula is none."""
    from fitline.data.formulas import columns_in
    from fitline.data.terms import Inputs

    each = [columns_in(name) if name in formulas else [name] for name in names]
    columns = dict.fromkeys(chain.from_iterable(each))
    inputs = Inputs(tuple(names), tuple(columns), {}, formulas)
    inputs.terms()
    return model_of(theta, names, inputs=inputs)


def typed_cells(
    data: list[str], line: "Line | LinearModel", again: str, numbers: "Numbers", dates: "Dates"
) -> tuple[Cells, Typed] | None:
    """Take what was typed for cells of columns, if all of it is; give the rows as typed as well.

    They are values of the only column, or one of each column by its name. `again` are the words
    that name the line.
    """
    columns, examples = line.columns, _examples(line, dates)
    named = [_parted(text, line) for text in data]
    if all(name in columns for name, _ in named) and not any(map(os.path.exists, data)):
        typed = [[dict(named).get(name, "") for name in columns]]
        if len(named) != len(columns) or len(dict(named)) < len(columns):
            raise _each_once(examples, again, [name for name, _ in named])
    elif _is_misspelt(line, data):
        raise _unknown(examples, again, dict(named))
    else:
        readings: list[Values] = [dates if name in line.dates else numbers for name in columns]
        if not any(NUMBER.fullmatch(text) or _is_read(text, readings) for text in data):
            return None
        if len(columns) > 1:
            raise _unnamed(examples, again, len(data))
        typed = [[text] for text in data]
    levels, na = line.inputs.levels if line.inputs else {}, line.reading.na_texts
    cells: dict[str, Sequence[object]] = {}
    for name, texts in zip(columns, zip(*typed, strict=True), strict=True):
        if name in levels:
            cells[name] = [_level(name, text, na) for text in texts]
        else:
            own = dates if name in line.dates else numbers
            cells[name] = [_value(name, text, own, na) for text in texts]
    is_plain = not levels and not line.units
    return cells, [] if is_plain and not line.inputs else typed


def _is_read(text: str, readings: "Sequence[Values]") -> bool:
    return any(reading.read(text) is not None for reading in readings)


def _parted(text: str, line: "Line | LinearModel") -> tuple[str, str]:
    """Part NAME=VALUE, where there may be an = in the name of a column.

    A column that is typed by its place has its name as well, where no other one is called so.
    """
    places = line.inputs.places if line.inputs else {}
    called = [places.get(column, column) for column in line.columns]
    pairs = zip(called, line.columns, strict=True)
    columns = {name: column for name, column in pairs if called.count(name) == 1}
    columns |= {column: column for column in line.columns}
    names = [name for name in columns if text.startswith(f"{name}=")]
    name = max(names, key=len) if names else text.partition("=")[0]
    return columns.get(name, name), text[len(name) + 1 :]


def _each_once(examples: Mapping[str, str], again: str, named: Sequence[str]) -> UsageError:
    """Say that each column must have a value."""
    twice = [name for name in named if named.count(name) > 1]
    missing = [name for name in examples if name not in named]
    told = f"{twice[0]} has two values" if twice else _without_value(missing)
    return UsageError(told, hint=_each_of(examples, again))


def _unnamed(examples: Mapping[str, str], again: str, values: int) -> UsageError:
    """Say that values of several columns take names."""
    columns = listed([*examples])
    told = f"the model needs {len(examples)} values: {columns}"
    if values == len(examples):
        told = f"values of several columns need their names: {columns}"
    return UsageError(told, hint=_each_of(examples, again))


def _is_misspelt(line: "Line | LinearModel", data: Sequence[str]) -> bool:
    """Tell whether all are values by names, one of which at least is that of a column, or near."""
    names = [_parted(text, line)[0] for text in data if "=" in text]
    if len(names) < len(data) or any(map(os.path.exists, data)):
        return False
    return any(name in line.columns or _meant(line.columns, name) for name in names)


def _unknown(examples: Mapping[str, str], again: str, values: Mapping[str, str]) -> UsageError:
    """Say which names are of no column, and which may be meant."""
    unknown = [name for name in values if name not in examples]
    left = [name for name in examples if name not in values]
    meant = {name: _meant(left, name) for name in unknown}
    missing = [name for name in left if name not in meant.values()]
    told = f"the model has no column {' and no '.join(map(quoted, unknown))}"
    likely = {name: values[old] for old, name in meant.items() if name}
    if not missing and likely:
        mended = " ".join(shlex.quote(f"{name}={value}") for name, value in likely.items())
        return UsageError(told, hint=f"did you mean {mended}?")
    known = likely | {name: values[name] for name in examples if name in values}
    told = f"{told}, and {_without_value(missing)}" if missing else told
    return UsageError(told, hint=_each_of(examples, again, known))


def _meant(columns: Sequence[str], name: str) -> str | None:
    """Give the column that is likely meant."""
    from difflib import get_close_matches

    near = get_close_matches(name.casefold(), [column.casefold() for column in columns], 1)
    return next((column for column in columns if [column.casefold()] == near), None)


def _without_value(missing: Sequence[str]) -> str:
    return f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no value"


def _examples(line: "Line | LinearModel", dates: "Dates") -> dict[str, str]:
    """Give a value that each column may have: the base of its levels, a date, or a number."""
    levels = line.inputs.levels if line.inputs else {}
    plain = {name: dates.example if name in line.dates else "1" for name in line.columns}
    return {name: levels[name][0] if name in levels else one for name, one in plain.items()}


def _each_of(
    examples: Mapping[str, str], again: str, known: Mapping[str, str] | None = None
) -> str:
    """Show how each column is given a value, with those that are known."""
    values = {**examples, **(known or {})}
    example = " ".join(shlex.quote(f"{name}={value}") for name, value in values.items())
    return f"give each of them: fitline predict {example} {again}"


def _level(name: str, text: str, na: tuple[str, ...]) -> str:
    from fitline.data.cells import Parsing

    if Parsing(na=na).is_missing(text):
        raise UsageError(f"{name} is missing", value=text, hint="give it one of its values")
    return text


def _value(name: str, text: str, reading: "Numbers | Dates", na: tuple[str, ...]) -> float:
    from fitline.data.cells import Numbers, Parsing

    if na and Parsing(reading, na).is_missing(text):
        raise UsageError(
            f"{name} is missing: {text!r} means so", value=text, hint="give it another value"
        )
    value = reading.read(text)
    if value is None or not math.isfinite(value):
        if isinstance(reading, Numbers):
            noun = "number" if value is None else "finite number"
            hint = _number_hint(text, reading)
        else:
            noun, hint = "date", f"write a date like {reading.example}"
        raise UsageError(f"{text!r} is no {noun}", value=text, hint=hint)
    return value


def _number_hint(text: str, numbers: "Numbers") -> str:
    """Say how a number is written, which may be meant though it is written in another way."""
    from fitline.data.cells import NOTATIONS

    read = (other.read(text) for other in NOTATIONS)
    meant = dict.fromkeys(one for one in read if one is not None and math.isfinite(one))
    written = [plain(one).replace(".", numbers.decimal) for one in meant or (1500.5,)]
    if not meant:
        return f"write a number like {written[0]}; values and tables cannot be mixed"
    mark = f": the decimal mark is {numbers.decimal}" if numbers.decimal != "." else ""
    return f"write {' or '.join(written)}{mark}"


def are_values(data: Sequence[str]) -> bool:
    """Tell values from tables."""
    values = [text.rpartition("=")[2] for text in data]
    return all(map(NUMBER.fullmatch, values)) and not any(map(os.path.exists, data))


NUMBER = re.compile(r"[-+−]?[.,'\d]*\d[.,'\d]*(e[-+]?\d+)?")
"""What is meant for a number, though it may be written in another way."""
