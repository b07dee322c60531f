"""Run fitline: `fitline`, or `python -m fitline`."""

import gc
import os
import sys
from contextlib import suppress

from .signals import end_at_signals


def main() -> None:
    """Run the command line in a process of its own, which a signal may end from the start."""
    end_at_signals()
    # Matrices are small or come block by block; threads for them cost more than they gain.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Nothing here makes cycles worth collecting, and looking for them is a tenth of the start.
    gc.disable()
    from .cli import main as run
    from .cli.streams import open_streams

    open_streams()
    _leave(run())


def _leave(code: int) -> None:
    """End at once: all that Python would still tidy up is memory, which ends with the process."""
    from .errors import FileError

    if staging := sys.modules.get("fitline.data.spooling"):
        staging.remove_staged()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError, FileError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
