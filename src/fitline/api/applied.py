"""Saved models, and the columns of a table that they are applied to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from fitline.errors import UsageError
from fitline.formatting import count, listed, quoted
from fitline.reading import ENGINE_SETTINGS, WEIGHTS, Reading

if TYPE_CHECKING:
    from fitline.data import Table
    from fitline.model import LinearModel, Saved


@dataclass(frozen=True)
class Applied:
    """The columns that models are applied to: what they know of each, and which hold dates.

    Their own tables were read `like` this, where that is the same.
    """

    levels: Mapping[str, Sequence[str]]
    dates: Sequence[str]
    like: "Reading | None"


def applied_to(x: str | Sequence[str] | None, models: "Sequence[Saved]") -> Applied:
    """Tell of the columns that were typed what models know of their features, in that order.

    Where none is typed, these are the models' own. Raises UsageError where a column cannot stand
    for a feature, or holds something else to another model.
    """
    known: dict[str, Sequence[str]] = {}
    dates: list[str] = []
    numbers: set[str] = set()
    for saved in models:
        model = saved.model
        names = list(model.known) if x is None else _names(x, model)
        features = model.known.items() if x is None else _known(model, names)
        for name, (typed, levels) in zip(names, features, strict=False):
            if known.setdefault(name, levels) != levels:
                raise UsageError(
                    f"{saved.file} knows other levels of {quoted(typed)} than the models before"
                    " it",
                    hint="apply them one by one",
                )
            if typed in model.dates:
                dates.append(name)
            elif not levels:
                numbers.add(name)
        if x is None:
            dates += model.units
            numbers |= {*model.columns} - {*model.dates}
        if both := numbers & {*dates}:
            raise UsageError(
                f"{quoted(min(both))} holds dates to one of the models, and numbers to another",
                hint="apply them one by one",
            )
    like = {
        replace(saved.model.reading, encoding=saved.config.get("encoding")) for saved in models
    }
    return Applied(known, dates, like.pop() if len(like) == 1 else None)


def _names(x: str | Sequence[str], model: "LinearModel") -> list[str]:
    """Part lists at their commas, unless that is the name of a feature."""
    from fitline.data.selection import split

    texts = [x] if isinstance(x, str) else x or []
    return [name for text in texts for name in ([text] if text in model.typed else split(text))]


def _known(model: "LinearModel", names: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """Give the features that columns of these names stand for, with their levels.

    Raises UsageError where these are not as many, or where a feature is computed.
    """
    if model.inputs is None:
        is_whole = len(names) == len(model.typed)
        return [(typed, ()) for typed in (model.typed if is_whole else names)]
    from fitline.data.formulas import is_formula

    known, computed = model.known, model.inputs.formulas
    needed = f"the model needs {listed(model.typed)}"
    if len(names) != len(model.typed):
        raise UsageError(
            f"{needed}, and --x names {count(len(names), 'column')}",
            hint="name as many, in this order, or leave --x out",
        )
    for name, typed in zip(names, model.typed, strict=True):
        if typed in computed and not is_formula((), name):
            raise UsageError(
                f"{needed}, and no column can stand for the formula {quoted(typed)}",
                hint="rename the columns of the table, and leave --x out",
            )
    return [(typed, known[typed]) for typed in model.typed]


def require_names(table: "Table", model: "LinearModel") -> None:
    """Raise DataError where a model finds another column at the place of one that it knows."""
    if model.inputs:
        for part in table.parts:
            model.inputs.require_names(part.name, part.columns)


def reading_of(saved: "Saved", *, weights: bool = False) -> dict[str, Any]:
    """Give the options with which the table of a saved model was read, perhaps its `weights` too.

    Another table may have another encoding, and be read by another engine. Raises ConfigError
    where they are none.
    """
    from fitline.config import resolve

    written = saved.config or saved.model.read_as
    options = {
        option.name: written[option.name]
        for option in fields(Reading)
        if written.get(option.name, option.default) != option.default
    }
    if weights:
        options |= {name: written[name] for name in WEIGHTS if written.get(name) is not None}
    resolve(options, file=saved.file)
    of_others = {"encoding", *ENGINE_SETTINGS}
    return {name: value for name, value in options.items() if name not in of_others}
