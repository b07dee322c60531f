"""Runs that are kept in a folder, to go on with and to show again.

`run.json` says what is trained on what, and how that came about. `history.csv` has a row for every
step; one of more than a million rows becomes `history.parquet` in the end. `checkpoint.json` says
where the walk stands, to the bit. `result.json` and `shown.json` are what `fitline train` printed,
for programs and for people, and `model.json` is what it learned; they are there once the run has
ended.

Every file but the history is replaced whole. The history only grows, and a checkpoint says how
much of it counts, so that a process may be killed at any moment.
"""

from .folder import require_free
from .keeper import Keeper
from .record import Record
from .run import KeptRun, begin, reopen

__all__ = ["Keeper", "KeptRun", "Record", "begin", "reopen", "require_free"]
