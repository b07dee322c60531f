"""What the commands of a lesson print and compute, which are run in this process."""

import io
import json
import shlex
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

from . import exit_codes

if TYPE_CHECKING:
    from fitline.lessons import Answer


def run(command: str) -> int:
    """Run a command of fitline as it is typed, and give its exit code."""
    from . import main

    sys.stdout.flush()
    try:
        _, *words = shlex.split(command)
    except ValueError as error:  # a quotation that does not end
        print(f"error: {error}", file=sys.stderr)
        return exit_codes.USAGE
    return main(words)


def computed(answer: "Answer") -> float:
    """Compute the answer of a question."""
    value: float = value_at(document(answer.command), answer.key.split("."))
    return value


def document(command: str) -> Any:
    """Give what a command tells programs."""
    with redirect_stdout(io.StringIO()) as caught, redirect_stderr(io.StringIO()):
        run(f"{command} --format json")
    return json.loads(caught.getvalue())


def value_at(document: Any, path: Sequence[str]) -> Any:
    """Give the value at a path of keys and places.

    >>> value_at({"rows": [{"error": 2}, {"error": -3}]}, ["rows", "1", "error"])
    -3
    """
    if not path:
        return document
    key = int(path[0]) if isinstance(document, list) else path[0]
    return value_at(document[key], path[1:])
