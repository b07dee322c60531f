"""Where rows come from: files, globs, standard input, arrays, and the built-in four houses."""

from importlib import import_module
from typing import TYPE_CHECKING

from fitline.reading import BadRows, Reading

if TYPE_CHECKING:
    from .engine import Progress
    from .opening import FOUR_HOUSES, Data, open_table
    from .table import Table

__all__ = ["FOUR_HOUSES", "BadRows", "Data", "Progress", "Reading", "Table", "open_table"]

_HOMES = {
    "Progress": "engine",
    "Table": "table",
    **dict.fromkeys(("FOUR_HOUSES", "Data", "open_table"), "opening"),
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: cells that are typed need no engine."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
