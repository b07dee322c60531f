"""Run fitline once for each line of some modules, and send it signals when it comes there.

Every process is a fork of this one, which has imported all that takes long. What became of each is
printed as JSON.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb  # noqa: F401
import numpy as np  # noqa: F401

import fitline.cli.output
import fitline.data.synthetic
import fitline.results.train
import fitline.views.train  # noqa: F401
from fitline import signals
from fitline.__main__ import main as run_fitline

Point = tuple[str, int]


def trace(modules: list[str], reach: Callable[[Point], None]) -> None:
    """Call `reach` before each line of these modules, once fitline listens to signals."""

    def see(frame: FrameType, event: str, _: Any) -> Any:
        name = frame.f_globals.get("__name__", "")
        if name not in modules:
            return None
        if event == "line" and signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
            reach((name, frame.f_lineno))
        return see

    sys.settrace(see)


def run(words: list[str], modules: list[str], reach: Callable[[Point], None]) -> int:
    """Run fitline in a process and an empty folder of its own; give how it ended."""
    process = os.fork()
    if process == 0:
        shutil.rmtree("work", ignore_errors=True)
        for folder in ("work/here", "work/temporary"):
            Path(folder).mkdir(parents=True)
        os.environ["TMPDIR"], tempfile.tempdir = str(Path("work/temporary").absolute()), None
        for number, name in enumerate(("output", "errors"), start=1):
            os.dup2(os.open(f"work/{name}", os.O_WRONLY | os.O_CREAT), number)
        os.chdir("work/here")
        sys.argv = ["fitline", *words]
        signal.alarm(SECONDS)
        trace(modules, reach)
        run_fitline()
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


SECONDS = 20
"""A process that takes longer has stopped for good."""


def points(words: list[str], modules: list[str]) -> list[Point]:
    """List the lines of these modules that a run comes to."""
    receive, send = os.pipe()
    found = set()

    def reach(point: Point) -> None:
        if point not in found:
            found.add(point)
            os.write(send, f"{point[0]} {point[1]}\n".encode())

    run(words, modules, reach)
    os.close(send)
    with os.fdopen(receive) as stream:
        lines = [line.split() for line in stream]
    return [(name, int(number)) for name, number in lines]


def at(chosen: Point, signums: list[int]) -> Callable[[Point], None]:
    """Give what sends these signals, one after the other, the first time that a line is run."""
    left = [*signums]

    def reach(point: Point) -> None:
        while left and point == chosen:
            os.kill(os.getpid(), left.pop(0))

    return reach


def main(
    words: list[str], modules: list[str], every: int, seconds: float, signums: list[int]
) -> None:
    """Send these signals, at every so many lines, which are one request if so close together."""
    signals.SAME_REQUEST_SECONDS = seconds
    found = []
    for point in points(words, modules)[::every]:
        code = run(words, modules, at(point, signums))
        said = Path("work/errors").read_text()
        here, temporary = (
            sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*"))
            for folder in (Path("work/here"), Path("work/temporary"))
        )
        found.append([f"{point[0]}:{point[1]}", code, said, here, temporary])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    words, modules, every, seconds, *signums = sys.argv[1:]
    main(words.split(), modules.split(), int(every), float(seconds), [*map(int, signums)])
