"""From values, of a file or from Python, to a configuration; or to all that is wrong in them."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from numbers import Complex, Real
from pathlib import Path
from typing import Any

from fitline.data.lesson_tables import is_lesson_table
from fitline.errors import ConfigError
from fitline.formatting import LARGEST_WHOLE, shortened

from .contradictions import Contradiction, contradictions
from .fields import hints, settings
from .json_schema import adapter
from .settings import PREFIXES, RECORDS, Config


def load(path: str | Path) -> dict[str, Any]:
    """Read from a YAML file the values that it sets, unchecked.

    A relative `data` is looked for from the file's own folder. Raises ConfigError where the file
    cannot be read or is no mapping.
    """
    from fitline.files.yaml_file import read_yaml

    values = read_yaml(path)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(
            f"expected lines such as `learning_rate: 0.1`, got {_shown(values)}", file=str(path)
        )
    if isinstance(values.get("data"), str) and not is_lesson_table(values["data"]):
        values["data"] = os.path.normpath(Path(path).parent / values["data"])
    return values


def resolve(
    values: Mapping[str, Any], *, file: str | None = None, flags: Mapping[str, Any] | None = None
) -> Config:
    """Check values, from a file or from Python, and complete them with the defaults.

    `flags` come from the command line, and win. Raises ConfigError that names everything that is
    wrong, one line each.
    """
    flags = flags or {}
    merged = {str(key): value for key, value in {**values, **flags}.items()}
    for key in RECORDS.keys() & merged.keys():
        merged[key] = _record_values(key, values.get(key), flags.get(key))
    if not merged:
        return Config()
    from pydantic import ValidationError

    try:
        config: Config = adapter(Config).validate_python(_guarded(merged))
    except ValidationError as error:
        places = [wrong["loc"] for wrong in error.errors(include_url=False)]
        raise _refusal([*_Written(merged, file, flags).problems(places)]) from None
    if found := [*contradictions(config)]:
        raise _refusal([*_Written(merged, file, flags).contradictions(found)])
    return config


def _record_values(key: str, value: Any, flag: Any) -> Any:
    """Write a choice out as its name and its settings; flags win over values of the same name.

    Settings without a name are those of the first record that has them all.
    """
    value, flag = ({"name": v} if isinstance(v, str) else v for v in (value, flag))
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    chosen = flag if isinstance(flag, Mapping) else value
    if not isinstance(chosen, Mapping):
        return chosen
    if isinstance(value, Mapping) and chosen.get("name", value.get("name")) == value.get("name"):
        chosen = {**value, **chosen}
    having = (record.name for record in RECORDS[key] if chosen.keys() <= _parts(record))
    return chosen if "name" in chosen else {"name": next(having, None), **chosen}


def _parts(record: type) -> set[str]:
    return {field.name for field in fields(record)}


@dataclass(frozen=True)
class _Unfit:
    """What pydantic would take for something else: True for 1, or 1 for True."""

    value: object


def _guarded(values: Mapping[str, Any], record: type = Config) -> dict[str, Any]:
    """Give the values, those that are unfit so that nothing takes them.

    Complex numbers of NumPy would lose a part.
    """
    guarded = dict(values)
    for key, hint in hints(record).items():
        value = values.get(key)
        if key in values and isinstance(value, bool) != (hint is bool):
            guarded[key] = _Unfit(value) if hint is bool or isinstance(value, bool) else value
        parts = value if isinstance(value, list | tuple) else ()
        if any(isinstance(part, bool) for part in parts) or any(map(_is_complex, [value, *parts])):
            guarded[key] = _Unfit(value)
        if isinstance(value, Mapping) and (kind := _record(key, value.get("name"))):
            guarded[key] = _guarded(value, kind)
    return guarded


def _is_complex(value: object) -> bool:
    return isinstance(value, Complex) and not isinstance(value, Real)


def _record(key: str, name: object) -> Any:
    return next((record for record in RECORDS.get(key, ()) if record.name == name), None)


@dataclass(frozen=True)
class _Problem:
    """One wrong value, and what may be meant."""

    file: str | None
    key: str
    value: object
    message: str
    hint: str | None = None


@dataclass(frozen=True)
class _Written:
    """What was written, in a file and as flags."""

    values: Mapping[str, Any]
    file: str | None
    flags: Mapping[str, Any]

    def problems(self, places: Iterable[tuple[Any, ...]]) -> Iterator[_Problem]:
        """Tell what is wrong in these places, in the order in which it was written."""
        order = {key: place for place, key in enumerate(self.values)}
        # Between a choice and its setting, pydantic names the record.
        paths = {(key, *place[1:2]) if key in RECORDS else (key,): None for key, *place in places}
        for key, *part in sorted(paths, key=lambda path: (order[path[0]], self._order(*path))):
            yield self._part(key, part[0]) if part else self._whole(key)

    def _order(self, key: str, part: str | None = None) -> int:
        """Tell where in a choice a setting was written."""
        return [*self.values[key]].index(part) if part is not None else -1

    def contradictions(self, found: Iterable[Contradiction]) -> Iterator[_Problem]:
        """Tell which values others do not allow."""
        for key, message, hint in found:
            name, file = self._place(key)
            yield _Problem(file, key, self.values.get(key), f"{name}: {message}", hint)

    def _place(self, key: str) -> tuple[str, str | None]:
        """Name a setting as it was written, and the file where it was."""
        if key in self.flags:
            return f"--{key.replace('_', '-')}", None
        return key, self.file

    def _whole(self, key: str) -> _Problem:
        """Tell what is wrong with a value, or with a choice as a whole."""
        value, known = self.values[key], [field.name for field in fields(Config)]
        name, file = self._place(key)
        if key not in known:
            hint = _owner(key) or _meant(name, known) or f"the keys are {', '.join(known)}"
            return _Problem(file, key, value, f"{name}: there is no such key", hint)
        given = value
        if key in RECORDS:
            given = value.get("name") if isinstance(value, Mapping) else value
            expected = " or ".join(repr(record.name) for record in RECORDS[key])
        else:
            expected = _expected(Config, key, value)
        told = f"{name}: expected {expected}, got {_shown(given)}"
        return _Problem(file, key, value, told, _meant(given, settings()[key].choices))

    def _part(self, key: str, part: str) -> _Problem:
        """Tell what is wrong with a setting of a choice."""
        name, value = self.values[key]["name"], self.values[key][part]
        record, flag = _record(key, name), self.flags.get(key)
        if record is None:
            raise AssertionError("an unknown choice has no settings")
        is_flag = isinstance(flag, Mapping) and part in flag
        place = f"--{PREFIXES[key]}{part}".replace("_", "-") if is_flag else f"{key}.{part}"
        file = None if key in self.flags else self.file
        if part in _parts(record):
            told = f"{place}: expected {_expected(record, part, value)}, got {_shown(value)}"
            return _Problem(file, key, value, told)
        others = " and ".join(other.name for other in RECORDS[key] if part in _parts(other))
        known = ", ".join(field.name for field in fields(record))
        hint = f"it is a setting of {others}" if others else f"it has {known}"
        return _Problem(file, key, value, f"{place}: {name} has no {part}", hint)


def _owner(key: str) -> str | None:
    """Say under which key a setting of a choice stands."""
    named = (one for one in settings().values() if one.part and key in {one.part, one.name})
    found = next(named, None)
    if found is None:
        return None
    name = getattr(found.owners[0], "name", "")
    return f"write it below its {found.key}: {found.key}: {{name: {name}, {found.part}: …}}"


def _meant(given: object, known: Sequence[str]) -> str | None:
    """Propose what is near to what was given."""
    from difflib import get_close_matches

    near = get_close_matches(given, known, 1) if isinstance(given, str) else ()
    return f"did you mean {near[0]}?" if near else None


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


def _expected(record: type, key: str, value: object) -> str:
    """Say in words what a field asks for, and `value` does not give."""
    schema = _properties(record)[key]
    parts = [_in_words(part, value) for part in schema.get("anyOf", [schema])]
    return " or ".join(filter(None, parts))


@cache
def _properties(record: type) -> Mapping[str, Any]:
    """Give the schemas of a record's fields."""
    properties: Mapping[str, Any] = adapter(record).json_schema()["properties"]
    return properties


def _in_words(part: Mapping[str, Any], value: object) -> str | None:
    if "enum" in part:
        return " or ".join(map(repr, part["enum"]))
    if "const" in part:
        return repr(part["const"])
    if part["type"] == "array":
        nouns = {"string": "texts", "number": "numbers"}[part["items"]["type"]]
        return f"a list of {'' if part['minItems'] == 1 else 'two or more '}{nouns}"
    if part["type"] not in NOUNS:
        return None
    is_huge = isinstance(value, int) and value > LARGEST_WHOLE
    bounds = [
        f"{word} {part[key]:,}"
        for key, word in BOUNDS.items()
        if key in part and (part[key] != LARGEST_WHOLE or is_huge)
    ]
    return " ".join([NOUNS[part["type"]], " and ".join(bounds)]).rstrip()


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
        return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    except (ValueError, RecursionError):  # thousands of digits, or of levels
        return "what is too large to be shown"
