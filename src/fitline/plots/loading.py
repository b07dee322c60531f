"""Matplotlib, loaded with its own settings, and what draws with it.

By itself it takes those of a matplotlibrc in the working folder, whoever made that.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from .environment import environment

SETTINGS = "matplotlibrc"


@contextmanager
def _as_installed() -> Iterator[None]:
    """Keep the settings of folders and of the environment from what is loaded in this block."""
    found = find_spec("matplotlib")
    home = Path(found.origin or "").parent if found else Path()
    own = {"MATPLOTLIBRC": str(home / "mpl-data" / SETTINGS), "MPLBACKEND": "agg"}
    exists = os.path.exists
    os.path.exists = lambda path: path != SETTINGS and exists(path)
    try:
        with environment(own):
            yield
    finally:
        os.path.exists = exists


with _as_installed():
    import_module("matplotlib")

from .pictures import picture, write_picture  # noqa: E402 - which imports Matplotlib
from .race import write_race  # noqa: E402 - so does this

__all__ = ["picture", "write_picture", "write_race"]
