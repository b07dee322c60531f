"""Time `fitline` beside a bare DuckDB process on the same table, as ratios within one run.

    python benchmarks/reading.py [MILLIONS_OF_ROWS] [ROUNDS]

The commands take turns, so that a machine that changes its pace changes it for all of them.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROWS = """
copy (
    select x as sqft, round(12000 + 136 * x + (hash(place) % 80000)::double - 40000, 2) as price
    from (
        select place, round(500 + (hash(place + 7) % 35000) / 10.0, 1) as x
        from range({rows}) rows(place)
    )
) to '{path}' (header)
"""
BARE = """
import duckdb
query = "select regr_slope(price, sqft), regr_intercept(price, sqft) from '{path}'"
print(duckdb.execute(query).fetchall())
"""


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


def main() -> None:
    """Make a table, let the commands take turns, and print what each took."""
    millions, rounds = ([int(word) for word in sys.argv[1:]] + [10, 9][len(sys.argv) - 1 :])[:2]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        duckdb.execute(ROWS.format(rows=millions * 1_000_000, path=path))
        fitline = str(Path(sys.executable).parent / "fitline")
        axes = ["--theta0", "0:50000:1001", "--theta1", "100:150:1001"]
        commands = {
            "bare DuckDB": [sys.executable, "-c", BARE.format(path=path)],
            "fitline train": [fitline, "train", str(path)],
            "fitline evaluate": [fitline, "evaluate", str(path), "--theta", "0,100"],
            "fitline grid": [fitline, "grid", str(path), *axes, "-o", f"{folder}/grid.csv"],
        }
        taken = {name: [] for name in commands}
        for _ in range(rounds + 1):
            for name, command in commands.items():
                taken[name].append(run(command))
        size = path.stat().st_size / 1e6
    print(f"{millions} million rows, {size:.0f} MB, {rounds} rounds; ratios are to bare DuckDB")
    bare = [seconds for seconds, _ in taken["bare DuckDB"][1:]]
    for name, runs in taken.items():
        seconds = [each for each, _ in runs[1:]]
        ratio = statistics.median(a / b for a, b in zip(seconds, bare, strict=True))
        peak = max(memory for _, memory in runs)
        least = min(seconds) / min(bare)
        print(
            f"{name:18} median {statistics.median(seconds):6.3f} s, least {min(seconds):6.3f} s,"
            f" ratio {ratio:5.2f}, of the least {least:5.2f}, peak {peak:4.0f} MiB"
        )


if __name__ == "__main__":
    main()
