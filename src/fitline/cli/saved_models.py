"""Saved models, as the commands take them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from .options import each_of

if TYPE_CHECKING:
    from fitline.data import Table
    from fitline.model import LinearModel, Saved


def with_levels(x: str | Sequence[str], models: "Sequence[Saved]") -> Mapping[str, Sequence[str]]:
    """Give to columns that were typed the levels that models know of them, none to all others."""
    inputs = [saved.model.inputs for saved in models if saved.model.inputs]
    levels = {name: texts for each in inputs for name, texts in each.levels.items()}
    return {name: levels.get(name, ()) for name in each_of(x)}


def require_names(table: "Table", model: "LinearModel") -> None:
    """Raise DataError where a model finds another column at the place of one that it knows."""
    if model.inputs:
        for part in table.parts:
            model.inputs.require_names(part.name, part.columns)


def reading_of(saved: "Saved") -> dict[str, Any]:
    """Give the options with which the table of a saved model was read.

    Raises ConfigError where they are none.
    """
    from fitline.config import resolve
    from fitline.reading import Reading

    options = {
        field.name: saved.config[field.name]
        for field in fields(Reading)
        if saved.config.get(field.name, field.default) != field.default
    }
    resolve(options, file=saved.file)
    return options
