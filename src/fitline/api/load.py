"""`fitline.load`: a model that was saved."""

from pathlib import Path

from fitline.model import AnyModel, Saved


def load(path: str | Path) -> AnyModel:
    """Load what `Run.save` or `fitline train --save` wrote: a model, or one for each group.

    Raises FileError where the file holds none.
    """
    return Saved.load(path).predicting
