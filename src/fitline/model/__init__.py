"""The model: a relation between columns, with parameters, and the file that it is saved in."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .groups import AnyModel, GroupModels
    from .line import Line
    from .linear import LinearModel
    from .saved import Saved

__all__ = ["AnyModel", "GroupModels", "Line", "LinearModel", "Saved"]

_HOMES = {
    "AnyModel": "groups",
    "GroupModels": "groups",
    "Line": "line",
    "LinearModel": "linear",
    "Saved": "saved",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: a line that is typed needs no arrays."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
