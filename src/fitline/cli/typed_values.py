"""What is typed for `fitline predict`: parameters, and values of one column or of each by name."""

import math
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from fitline.errors import UsageError
from fitline.formatting import listed, quoted

from .options import each_of, require_parameters

if TYPE_CHECKING:
    from fitline.data.cells import Numbers, Values
    from fitline.data.dates import Dates
    from fitline.data.terms import Inputs
    from fitline.model import LinearModel

Rows = tuple[Sequence[Sequence[float]], Sequence[Sequence[str]]]


def typed_model(
    theta: list[float], x: str | Sequence[str] | None, data: list[str]
) -> "LinearModel | None":
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
    return model_of(theta, names, _inputs(names, with_values))


def named_features(data: Sequence[str], x: str | Sequence[str] | None) -> list[str]:
    """Give the features that are named: those of --x, else those that have values by name."""
    from fitline.data.selection import split

    with_values = [text.partition("=")[0] for text in data]
    if x is None and are_values(data) and all("=" in text for text in data):
        return [*dict.fromkeys(with_values)]
    return [
        name for text in each_of(x) for name in ([text] if text in with_values else split(text))
    ]


def model_of(
    theta: list[float], names: Sequence[str], inputs: "Inputs | None" = None
) -> "LinearModel":
    """Give a model. Raises UsageError where the parameters are not as many as the features."""
    import numpy as np

    from fitline.model import LinearModel

    require_parameters(names, theta)
    return LinearModel(tuple(names), "prediction", np.array(theta), inputs=inputs)


def _formulas(names: Sequence[str], with_values: Sequence[str]) -> tuple[str, ...]:
    """Give the formulas; what has a value of its own is none."""
    from fitline.data.formulas import is_formula

    return tuple(name for name in names if is_formula(with_values, name))


def _inputs(names: Sequence[str], with_values: Sequence[str]) -> "Inputs | None":
    """Find the columns of formulas. Raises ConfigError where a formula is none."""
    from fitline.data.formulas import columns_in
    from fitline.data.terms import Inputs

    formulas = _formulas(names, with_values)
    if not formulas:
        return None
    each = [columns_in(name) if name in formulas else [name] for name in names]
    columns = dict.fromkeys(chain.from_iterable(each))
    inputs = Inputs(tuple(names), tuple(columns), {}, formulas)
    inputs.terms()
    return inputs


def typed_rows(
    data: list[str], line: "LinearModel", again: str, numbers: "Numbers", dates: "Dates"
) -> Rows | None:
    """Take what was typed for rows of features, if all of it is; give them as typed as well.

    They are values of the only column, or one of each column by its name. `again` are the words
    that name the line.
    """
    columns = line.columns
    named = [_parted(text, columns) for text in data]
    if all(name in columns for name, _ in named) and not any(map(os.path.exists, data)):
        typed = [[dict(named).get(name, "") for name in columns]]
        if len(named) != len(columns) or len(dict(named)) < len(columns):
            raise _each_once(line, again, [name for name, _ in named])
    elif _is_misspelt(columns, data):
        raise _unknown(line, again, dict(named))
    else:
        reading: Values = dates if columns[0] in line.dates else numbers
        read = [reading.read(text) for text in data]
        if all(v is None and not NUMBER.fullmatch(t) for v, t in zip(read, data, strict=True)):
            return None
        if len(columns) > 1:
            raise _each_once(line, again, [])
        typed = [[text] for text in data]
    levels, na = line.inputs.levels if line.inputs else {}, line.reading.na_texts
    cells: dict[str, list[object]] = {}
    for name, texts in zip(columns, zip(*typed, strict=True), strict=True):
        if name in levels:
            cells[name] = [_level(name, text, na) for text in texts]
        else:
            own: Values = dates if name in line.dates else numbers
            cells[name] = [_value(name, text, own, na) for text in texts]
    is_plain = not levels and not line.units
    return line.features(cells).tolist(), [] if is_plain and not line.inputs else typed


def _parted(text: str, columns: Sequence[str]) -> tuple[str, str]:
    """Part NAME=VALUE, where there may be an = in the name of a column."""
    names = [name for name in columns if text.startswith(f"{name}=")]
    name = max(names, key=len) if names else text.partition("=")[0]
    return name, text[len(name) + 1 :]


def _each_once(line: "LinearModel", again: str, named: Sequence[str]) -> UsageError:
    """Say that each column must have a value."""
    columns = line.columns
    twice = [name for name in named if named.count(name) > 1]
    missing = [name for name in columns if name not in named]
    told = f"{twice[0]} has two values" if twice else _without_value(missing)
    return UsageError(
        told if named else f"the model needs {len(columns)} values: {listed(columns)}",
        hint=_each_of(line, again),
    )


def _is_misspelt(columns: Sequence[str], data: Sequence[str]) -> bool:
    """Tell whether all are values by names, one of which at least is that of a column, or near."""
    names = [text.partition("=")[0] for text in data if "=" in text]
    if len(names) < len(data) or any(map(os.path.exists, data)):
        return False
    return any(name in columns or _meant(columns, name) for name in names)


def _unknown(line: "LinearModel", again: str, values: Mapping[str, str]) -> UsageError:
    """Say which names are of no column, and which may be meant."""
    unknown = [name for name in values if name not in line.columns]
    left = [name for name in line.columns if name not in values]
    meant = {name: _meant(left, name) for name in unknown}
    missing = [name for name in left if name not in meant.values()]
    told = f"the model has no column {' and no '.join(map(quoted, unknown))}"
    likely = {name: values[old] for old, name in meant.items() if name}
    if not missing and likely:
        mended = " ".join(shlex.quote(f"{name}={value}") for name, value in likely.items())
        return UsageError(told, hint=f"did you mean {mended}?")
    known = likely | {name: values[name] for name in line.columns if name in values}
    told = f"{told}, and {_without_value(missing)}" if missing else told
    return UsageError(told, hint=_each_of(line, again, known))


def _meant(columns: Sequence[str], name: str) -> str | None:
    """Give the column that is likely meant."""
    from difflib import get_close_matches

    near = get_close_matches(name.casefold(), [column.casefold() for column in columns], 1)
    return next((column for column in columns if [column.casefold()] == near), None)


def _without_value(missing: Sequence[str]) -> str:
    return f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no value"


def _each_of(line: "LinearModel", again: str, known: Mapping[str, str] | None = None) -> str:
    """Show how each column is given a value, with those that are known."""
    levels = line.inputs.levels if line.inputs else {}
    examples = {name: levels[name][0] if name in levels else "1" for name in line.columns}
    values = {**examples, **(known or {})}
    example = " ".join(shlex.quote(f"{name}={value}") for name, value in values.items())
    return f"give each of them: fitline predict {example} {again}"


def _level(name: str, text: str, na: tuple[str, ...]) -> str:
    from fitline.data.cells import Parsing

    if Parsing(na=na).is_missing(text):
        raise UsageError(f"{name} is missing", value=text, hint="name one of its levels")
    return text


def _value(name: str, text: str, reading: "Values", na: tuple[str, ...]) -> float:
    from fitline.data.cells import Parsing
    from fitline.data.dates import Dates

    if na and Parsing(reading, na).is_missing(text):
        raise UsageError(
            f"{name} is missing: {text!r} means so", value=text, hint="give it another value"
        )
    value = reading.read(text)
    if value is None or not math.isfinite(value):
        noun = "number" if value is None else "finite number"
        hint = "write 1500 without separators; values and tables cannot be mixed"
        if isinstance(reading, Dates):
            noun, hint = "date", f"write a date like {reading.example}"
        raise UsageError(f"{text!r} is no {noun}", value=text, hint=hint)
    return value


def are_values(data: Sequence[str]) -> bool:
    """Tell values from tables."""
    values = [text.rpartition("=")[2] for text in data]
    return all(map(NUMBER.fullmatch, values)) and not any(map(os.path.exists, data))


NUMBER = re.compile(r"[-+−]?[.,'\d]*\d[.,'\d]*(e[-+]?\d+)?")
"""What is meant for a number, though it may be written in another way."""
