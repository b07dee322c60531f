"""The files of a saved run, by their names, and whether one is meant."""

import os
from pathlib import Path

RUN, CHECKPOINT, RESULT = "run.json", "checkpoint.json", "result.json"
"""The first tells the folder of a saved run, which may come from others: no link is followed."""

HISTORY, LONG_HISTORY, MODEL = "history.csv", "history.parquet", "model.json"

FILES = (RESULT, MODEL, CHECKPOINT, HISTORY, LONG_HISTORY, RUN)
"""In the order in which they are removed, so that what is left is a run at every moment."""


def parts_of(run: str | Path) -> list[str]:
    """Name all files that the folder of a run may have."""
    return [str(Path(run) / name) for name in FILES]


def is_run(folder: Path) -> bool:
    """Tell whether a folder is that of a saved run, whatever stands there by its file's name."""
    return os.path.lexists(folder / RUN)


def is_part_of_a_run(name: str | Path) -> bool:
    """Tell whether a file belongs to a saved run that is there."""
    path = Path(os.path.realpath(name))
    return path.name in FILES and is_run(path.parent)
