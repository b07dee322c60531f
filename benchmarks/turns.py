"""Whole processes that take turns, so that a machine that changes its pace does so for all."""

import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence


def run(command: list[str]) -> tuple[float, float]:
    """Give the wall time in seconds and the peak memory in MiB of one process."""
    begun = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=SILENT)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - begun
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_maxrss / 1024


SILENT = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]


def compare(commands: Mapping[str, Sequence[str]], rounds: int) -> None:
    """Let commands take turns, after one round to warm up, and print what each took.

    The ratios are to the first one, of times in the same round.
    """
    taken = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            taken[name].append(run(command))
    first = [seconds for seconds, _ in next(iter(taken.values()))[1:]]
    for name, runs in taken.items():
        seconds = [each for each, _ in runs[1:]]
        ratio = statistics.median(a / b for a, b in zip(seconds, first, strict=True))
        peak = max(memory for _, memory in runs)
        least = min(seconds) / min(first)
        print(
            f"{name:22} median {statistics.median(seconds):6.3f} s, least {min(seconds):6.3f} s,"
            f" ratio {ratio:5.2f}, of the least {least:5.2f}, peak {peak:4.0f} MiB"
        )
