"""Saved models, as the commands take them."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fitline.model import Saved


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
