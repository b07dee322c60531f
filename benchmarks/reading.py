"""Time `fitline` beside a bare DuckDB process on the same table, as ratios within one run.

python benchmarks/reading.py [MILLIONS_OF_ROWS] [ROUNDS]
"""

import sys
import tempfile
from pathlib import Path

import duckdb
from turns import compare

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
        size = path.stat().st_size / 1e6
        print(f"{millions} million rows, {size:.0f} MB, {rounds} rounds")
        compare(commands, rounds)


if __name__ == "__main__":
    main()
