"""Run fitline: `fitline`, or `python -m fitline`."""

import os

from .signals import interrupt_at_end, was_interrupted

INTERRUPTED_EXIT = 130


def main() -> None:
    """Run the command line, which may be interrupted as soon as it is imported."""
    interrupt_at_end()
    try:
        from .cli import main as run
    except BaseException:
        if was_interrupted():
            os._exit(INTERRUPTED_EXIT)
        raise
    run()


if __name__ == "__main__":
    main()
