"""`fitline.load`: a model that was saved."""

from pathlib import Path

from fitline.errors import ConfigError
from fitline.model import AnyModel, Saved


def load(path: str | Path) -> AnyModel:
    """Load what `Run.save` or `fitline train --save` wrote: a model, or one for each group.

    Raises FileError where the file holds none.
    """
    if not isinstance(path, str | Path):
        raise ConfigError(f"path is of type {type(path).__name__!r}, not the name of a file")
    return Saved.load(path).predicting
