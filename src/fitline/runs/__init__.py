"""Runs saved in a folder, to resume and to show again.

`run.json` says what is trained on what, and how that came about. `history.csv` has a row for every
step; one of more than a million rows becomes `history.parquet` in the end. `checkpoint.json` says
where the run stands, bit for bit. `result.json` is what it came to, and `model.json` the model;
they are there once the run has ended.

Every file but the history is replaced whole. The history only grows, and a checkpoint says how
much of it counts, so that a process may be killed at any moment.
"""

from .manifest import Manifest
from .run_folder import require_free
from .store import SavedRun, begin, reopen
from .writer import RunWriter

__all__ = ["Manifest", "RunWriter", "SavedRun", "begin", "reopen", "require_free"]
