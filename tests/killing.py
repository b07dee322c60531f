"""Run fitline in processes that are killed at random moments, and once without.

Every process is a fork of this one, which has imported all that takes long.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import duckdb  # noqa: F401
import numpy as np  # noqa: F401

import fitline.cli.output
import fitline.results.train
import fitline.views.train  # noqa: F401
from fitline import __main__, config
from fitline.runs import writer


def begin(words: list[str], output: str = os.devnull) -> int:
    """Start fitline in a process of its own, and let it print into a file."""
    process = os.fork()
    if process == 0:
        printed = os.open(output, os.O_WRONLY | os.O_CREAT)
        os.dup2(printed, sys.stdout.fileno())
        sys.argv = ["fitline", *words, "--quiet"]
        __main__.main()
    return process


def wait(folder: Path, draw: random.Random) -> None:
    """Wait for a random moment: while a process begins, or some time after it began to train."""
    if draw.random() < 1 / 3:
        time.sleep(draw.uniform(0, 0.25))
        return
    checkpoint, before = folder / "checkpoint.json", time.time()
    while time.time() < before + 1:
        time.sleep(0.002)
        if checkpoint.exists() and checkpoint.stat().st_mtime > before:
            break
    time.sleep(draw.uniform(0, 0.03))


def kill(folder: Path, kills: int, draw: random.Random, words: list[str]) -> None:
    """Train, and go on, until it was killed so often; a run that has ended begins anew."""
    going_on = False
    while kills:
        words_now = ["resume", str(folder)] if going_on else [*words, "--force"]
        process = begin(words_now)
        wait(folder, draw)
        os.kill(process, signal.SIGKILL)
        was_killed = os.WIFSIGNALED(os.waitpid(process, 0)[1])
        going_on = was_killed and (folder / "run.json").exists()
        kills -= was_killed


def main(folder: Path, kills: int, seed: int, words: list[str]) -> None:
    """Be killed so often, end, and do the same again at once; print what was printed."""
    saved = [*words, "--run", str(folder / "run")]
    kill(folder / "run", kills, random.Random(seed), saved)  # noqa: S311 - no secret
    end = ["resume", str(folder / "run")] if (folder / "run" / "run.json").exists() else saved
    whole = [*words, "--trace", str(folder / "whole.csv")]
    for name, last in {"resumed": end, "whole": whole}.items():
        process = begin([*last, "--format", "json"], str(folder / f"{name}.json"))
        os.waitpid(process, 0)


if __name__ == "__main__":
    writer.BETWEEN_SECONDS, writer.SHARE = 0.01, 1
    config.resolve({"steps": 1})  # imports pydantic
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
