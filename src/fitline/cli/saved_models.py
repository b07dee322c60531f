"""Saved models, as the commands take them: straight lines."""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from fitline.errors import UsageError

if TYPE_CHECKING:
    from fitline.model import Saved


def load_lines(paths: Sequence[str]) -> "list[Saved]":
    """Read saved models. Raises UsageError where one is no straight line."""
    from fitline.model import Saved

    models = [Saved.load(path) for path in paths]
    for saved in models:
        if len(saved.model.x) != 1:
            raise UsageError(
                f"{saved.file} has {len(saved.model.x)} features, and must have one",
                value=saved.file,
                hint="LinearModel.load(FILE).predict(…) takes several, from Python",
            )
    return models


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
