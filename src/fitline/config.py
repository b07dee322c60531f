"""The configuration of a training: its type, its defaults, its file, its JSON schema."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from annotated_types import Ge, Gt, Le

from .data import Reading
from .errors import ConfigError
from .formatting import LARGEST_WHOLE, shortened
from .optimize.optimizers import OPTIMIZERS, AnyOptimizer, GradientDescent
from .optimize.schedules import SCHEDULES, AnySchedule, Constant

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, kw_only=True)
class Config(Reading):
    """What a training is told; what is left out is chosen from the table."""

    data: str | None = None
    """The table: a path from this file's folder, or a glob. Left out: the built-in four houses."""
    x: str | None = None
    """The column to predict from. Left out: sqft, or the first of two columns."""
    y: str | None = None
    """The column to predict. Left out: price, or the second of two columns."""
    cost: Literal["squared", "absolute", "huber", "cauchy"] = "squared"
    """How wrong a line is: the mean of the squared errors, or of one that forgives outliers."""
    cost_scale: Annotated[float, Gt(0)] | None = None
    """Which errors a robust cost takes for large, in the units of y. Left out: from the data."""
    scaling: Literal["standard", "minmax", "none"] = "standard"
    """The coordinates to train in: mean 0 and deviation 1, from 0 to 1, or as they are."""
    learning_rate: Annotated[float, Gt(0)] | Literal["auto"] | None = None
    """How far to step; auto is the best rate. Left out: 0.1, and for a robust cost auto."""
    optimizer: AnyOptimizer = GradientDescent()
    """How a gradient becomes a move: a name, or a name with its settings."""
    schedule: AnySchedule = Constant()
    """How the learning rate changes: a name, or a name with its settings."""
    warm_up: Annotated[int, Ge(0), Le(LARGEST_WHOLE)] = 0
    """Over how many updates the learning rate grows to its full size."""
    line_search: bool = False
    """Whether to look for the lowest point along each step of plain descent."""
    batch_size: Annotated[int, Ge(1), Le(LARGEST_WHOLE)] | None = None
    """From how many rows each update is made; an epoch has seen all. Left out: from all rows."""
    steps: Annotated[int, Ge(0), Le(LARGEST_WHOLE)] = 1000
    """How many steps to take at the most; with batches, how many epochs."""
    tolerance: Annotated[float, Ge(0)] = 1e-12
    """Stop when the gradient, in standardised units, is no longer than this."""
    seed: Annotated[int, Ge(0), Le(LARGEST_WHOLE)] = 0
    """The number from which the random starts are drawn."""
    starts: Annotated[int, Ge(1), Le(LARGEST_WHOLE)] = 1
    """From how many starts to walk; the walk that ends lowest is kept."""
    theta0: float | None = None
    """The intercept to start from, in the table's units. Left out: random."""
    theta1: float | None = None
    """The slope to start from, in the table's units. Left out: random."""


def load(path: str | Path) -> dict[str, Any]:
    """Read from a YAML file the values that it sets, unchecked.

    A relative `data` is looked for from the file's own folder. Raises ConfigError where the file
    cannot be read or is no mapping.
    """
    from .files.yaml_file import read_yaml

    values = read_yaml(path)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(
            f"expected lines such as `learning_rate: 0.1`, got {_shown(values)}", file=str(path)
        )
    if isinstance(values.get("data"), str):
        values["data"] = os.path.normpath(Path(path).parent / values["data"])
    return values


RECORDS = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES}
"""Settings that are chosen by name, and have settings of their own."""


def resolve(
    values: Mapping[str, Any], *, file: str | None = None, flags: Mapping[str, Any] | None = None
) -> Config:
    """Check values, from a file or from Python, and complete them with the defaults.

    `flags` come from the command line, and win. Raises ConfigError that names everything that is
    wrong, one line each.
    """
    flags = flags or {}
    merged = {**values, **flags}
    for key in RECORDS.keys() & merged.keys():
        merged[key] = _record_values(values.get(key), flags.get(key))
    if not merged:
        return Config()
    from pydantic import ValidationError

    try:
        config: Config = _adapter(Config).validate_python(merged)
    except ValidationError:
        raise _refusal(list(_problems(merged, file, flags))) from None
    if _holds_more(config, merged):
        raise _refusal(list(_problems(merged, file, flags)))
    return config


def _holds_more(config: Config, values: Mapping[str, Any]) -> bool:
    """Tell whether there is something wrong that was overlooked.

    Python takes True for 1, which nobody means, and choices may have settings that they ignore.
    """
    kept = asdict(config)
    return any(
        isinstance(value, bool) != isinstance(kept[key], bool)
        or (isinstance(value, Mapping) and not value.keys() <= kept[key].keys())
        for key, value in values.items()
    )


def _record_values(value: Any, flag: Any) -> Any:
    """Write a choice out as its name and its settings; flags win over values of the same name."""
    value, flag = ({"name": v} if isinstance(v, str) else v for v in (value, flag))
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if not isinstance(flag, Mapping):
        return value
    if isinstance(value, Mapping) and flag.get("name", value.get("name")) == value.get("name"):
        return {**value, **flag}
    return flag


def _problems(
    merged: Mapping[str, Any], file: str | None, flags: Mapping[str, Any]
) -> Iterator["_Problem"]:
    """Find everything that is wrong, in the order in which it was written."""
    known = {field.name for field in fields(Config)}
    for key, value in merged.items():
        place = None if key in flags else file
        if key in RECORDS:
            yield from _record_problems(key, value, place, flags.get(key))
        elif key not in known or not _fits(Config, key, value):
            yield _Problem.of(key, value, place, key in flags)


def _fits(record: type, key: str, value: object) -> bool:
    """Tell whether a value may stand in a field."""
    from pydantic import TypeAdapter, ValidationError

    hint = get_type_hints(record, include_extras=True)[key]
    if isinstance(value, bool) != (hint is bool):
        return False
    try:
        TypeAdapter(hint, config={"allow_inf_nan": False}).validate_python(value)
    except ValidationError:
        return False
    return True


def _record_problems(key: str, value: Any, file: str | None, flag: Any) -> Iterator["_Problem"]:
    """Find what is wrong with a choice and its settings."""
    records = {record.name: record for record in RECORDS[key]}
    name = value.get("name") if isinstance(value, Mapping) else value
    if not isinstance(name, str) or name not in records:
        names = " or ".join(map(repr, records))
        flagged = f"--{key}" if flag is not None else key
        yield _Problem(file, key, value, f"{flagged}: expected {names}, got {_shown(name)}", None)
        return
    record = records[name]
    known = [field.name for field in fields(record)]
    for part, own in value.items():
        flagged = f"--{_flag_of(key, part)}" if flag and part in flag else f"{key}.{part}"
        if part not in known:
            others = [r.name for r in RECORDS[key] if part in {f.name for f in fields(r)}]
            has = (
                f"it is a setting of {' and '.join(others)}"
                if others
                else f"it has {', '.join(known)}"
            )
            yield _Problem(file, key, own, f"{flagged}: {name} has no {part}", has)
        elif part != "name" and not _fits(record, part, own):
            schema = _adapter(record).json_schema()["properties"][part]
            expected = " or ".join(_expected(schema, own))
            message = f"{flagged}: expected {expected}, got {_shown(own)}"
            yield _Problem(file, key, own, message, None)


def _flag_of(key: str, part: str) -> str:
    return part if key == "optimizer" else f"{key}-{part}"


def schema() -> str:
    """Write the JSON schema by which editors complete and check a configuration."""
    title = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    document = _adapter(Config).json_schema()
    own = document["properties"]
    table = {key: own[key] for key in ("data", "x", "y")}
    # What is inherited has lost its description.
    table |= _adapter(Reading).json_schema()["properties"]
    document["properties"] = {
        **table,
        **{key: part for key, part in own.items() if key not in table},
    }
    for key, records in RECORDS.items():
        names = {"enum": [record.name for record in records]}
        document["properties"][key]["anyOf"].append(names)
    return json.dumps({**title, **document}, indent=2) + "\n"


@cache
def _adapter(record: type) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(record)


@dataclass(frozen=True)
class _Problem:
    """One wrong value, and what may be meant."""

    file: str | None
    key: str
    value: object
    message: str
    hint: str | None

    @classmethod
    def of(cls, key: str, value: object, file: str | None, is_flag: bool) -> "_Problem":  # noqa: FBT001 - one of four facts
        name = f"--{key.replace('_', '-')}" if is_flag else str(key)
        place = None if is_flag else file
        known = [field.name for field in fields(Config)]
        if key in known:
            properties = _adapter(Config).json_schema()["properties"]
            expected = " or ".join(_expected(properties[key], value))
            return cls(
                place, key, value, f"{name}: expected {expected}, got {_shown(value)}", None
            )
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(known)}"
        return cls(place, key, value, f"{name}: there is no such key", hint)


def _refusal(problems: Sequence[_Problem]) -> ConfigError:
    first = problems[0]
    if len(problems) == 1:
        return ConfigError(
            first.message, first.file, None, first.key, _written(first.value), first.hint
        )
    lines = tuple(
        f"{f'{problem.file}: ' if problem.file else ''}{problem.message}"
        f"{f' ({problem.hint})' if problem.hint else ''}"
        for problem in problems
    )
    message = f"{len(problems)} values are wrong:"
    return ConfigError(message, column=first.key, value=_written(first.value), details=lines)


def _expected(schema: Mapping[str, Any], value: object) -> Iterator[str]:
    """Say in words what a JSON schema asks for, and `value` does not give."""
    is_huge = isinstance(value, int) and value > LARGEST_WHOLE
    for part in schema.get("anyOf", [schema]):
        if "enum" in part:
            yield " or ".join(map(repr, part["enum"]))
        elif "const" in part:
            yield repr(part["const"])
        elif part["type"] in NOUNS:
            told = {key: part[key] for key in BOUNDS if key in part}
            if told.get("maximum") == LARGEST_WHOLE and not is_huge:
                del told["maximum"]
            bounds = [f"{BOUNDS[key]} {bound:,}" for key, bound in told.items()]
            yield " ".join([NOUNS[part["type"]], " and ".join(bounds)]).rstrip()


NOUNS = {
    "number": "a number",
    "integer": "a whole number",
    "string": "a text",
    "boolean": "true or false",
}
BOUNDS = {
    "exclusiveMinimum": "above",
    "minimum": "of at least",
    "exclusiveMaximum": "below",
    "maximum": "of at most",
}


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return shortened(repr(value) if isinstance(value, str) else _written(value), 60)


def _written(value: object) -> str:
    try:
        return str(value)
    except (ValueError, RecursionError):  # thousands of digits, or of levels
        return "what is too large to be shown"
