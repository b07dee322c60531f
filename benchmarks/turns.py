"""Whole processes that take turns, so that a machine that changes its pace does so for all."""

import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence

Run = tuple[float, float]
"""The wall time in seconds and the peak memory in MiB of a process."""


def run(command: Sequence[str]) -> Run:
    """Measure one process."""
    begun = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=SILENT)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - begun
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_maxrss / 1024


SILENT = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]


def taken(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Run]]:
    """Let commands take turns, after one round to warm up, and give the runs of each."""
    runs = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            runs[name].append(run(command))
    return {name: own[1:] for name, own in runs.items()}


def compare(commands: Mapping[str, Sequence[str]], rounds: int) -> None:
    """Let commands take turns, and print what each took.

    The ratios are to the first one, of times in the same round.
    """
    found = taken(commands, rounds)
    first = [seconds for seconds, _ in next(iter(found.values()))]
    for name, runs in found.items():
        seconds = [each for each, _ in runs]
        ratio = statistics.median(a / b for a, b in zip(seconds, first, strict=True))
        peak = max(memory for _, memory in runs)
        least = min(seconds) / min(first)
        print(
            f"{name:22} median {statistics.median(seconds):6.3f} s, least {min(seconds):6.3f} s,"
            f" ratio {ratio:5.2f}, of the least {least:5.2f}, peak {peak:4.0f} MiB"
        )
