"""What there is to say of each setting, for options, pages and messages."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from itertools import pairwise
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from fitline.formatting import enumerated

from .settings import PREFIXES, RECORDS, Config

METAVARS = {float: "NUMBER", int: "N", str: "TEXT", bool: ""}
SHORT = 12
"""Choices that are longer than this are told in the text instead."""


@dataclass(frozen=True)
class Setting:
    """A field of the configuration, or of several of its records.

    `name` is that of the option, with `_`; `key` and, for a setting of records, `part` are those
    of a configuration. A value is one of the `choices`, or of the type `kind`, or with `several` a
    list of these.
    """

    name: str
    key: str
    part: str | None
    owners: tuple[type, ...]
    kind: type | None
    choices: tuple[str, ...]
    metavar: str
    several: bool = False

    @classmethod
    def of(cls, name: str, key: str, part: str | None, *owners: type) -> "Setting":
        """Look at the annotation of a field, which is the same in all of its owners."""
        kind: type | None = None
        several = False
        choices: list[str] = []
        metavars: list[str] = []
        for member, about in _members(hints(owners[0])[part or key]):
            if get_origin(member) is Literal:
                choices += get_args(member)
            elif is_dataclass(member):
                choices.append(getattr(member, "name", ""))
            elif get_origin(member) is tuple:
                kind, several = get_args(member)[0], True
                metavars += [m for m in about if isinstance(m, str)]
            else:
                kind = member
                metavars += [next((m for m in about if isinstance(m, str)), METAVARS[member])]
        metavar = "|".join([*metavars, *choices])
        metavar = metavar if len(metavar) <= SHORT else "NAME"
        return cls(name, key, part, owners, kind, tuple(choices), metavar, several)

    @property
    def text(self) -> str:
        """Say what it is, and of what, if not of the configuration itself."""
        told: dict[str, list[str]] = {}
        for owner in self.owners:
            told.setdefault(descriptions(owner)[self.part or self.key], []).append(owner.__name__)
        if self.part is None:
            return next(iter(told))
        return " ".join(f"{enumerated(names)}'s {text}" for text, names in told.items())

    @property
    def default(self) -> str:
        """Tell what it is when it is left out; nothing where its text says so."""
        told: dict[str, list[str]] = {}
        for owner in self.owners:
            value = next(f.default for f in fields(owner) if f.name == (self.part or self.key))
            shown = "" if value is None else str(getattr(value, "name", value)).removesuffix(".0")
            told.setdefault(shown, []).append(owner.__name__)
        if len(told) == 1:
            return next(iter(told))
        return ", ".join(f"{value} for {enumerated(names)}" for value, names in told.items())


@cache
def hints(record: type) -> dict[str, Any]:
    """Give the types of the fields of a record, with what is annotated."""
    return get_type_hints(record, include_extras=True)


@cache
def settings() -> dict[str, Setting]:
    """Give all settings by the names of their options; those of records stand after these."""
    found = {}
    for field in fields(Config):
        key = field.name
        found[key] = Setting.of(key, key, None, Config)
        owners: dict[str, list[type]] = {}
        for record in RECORDS.get(key, ()):
            for part in fields(record):
                if part.name != "name":
                    owners.setdefault(part.name, []).append(record)
        for part_name, records in owners.items():
            name = PREFIXES[key] + part_name
            found[name] = Setting.of(name, key, part_name, *records)
    return found


@cache
def descriptions(record: type) -> dict[str, str]:
    """Read the texts below the fields of a record, and of those that it inherits from."""
    found: dict[str, str] = {}
    for owner in reversed([kind for kind in record.__mro__ if is_dataclass(kind)]):
        (tree,) = ast.parse(inspect.getsource(owner)).body
        body = tree.body if isinstance(tree, ast.ClassDef) else []
        for field, below in pairwise(body):
            match field, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    found[name] = inspect.cleandoc(text)
    return found


def _members(hint: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Give the types that a value may have, None apart, each with what is annotated."""
    if get_origin(hint) is Annotated and get_origin(hint.__origin__) in {Union, UnionType}:
        yield from _members(hint.__origin__)
    elif get_origin(hint) is Annotated:
        yield hint.__origin__, hint.__metadata__
    elif get_origin(hint) in {Union, UnionType}:
        for member in get_args(hint):
            yield from _members(member)
    elif hint is not NoneType:
        yield hint, ()
