"""Time the fit of many features beside pandas with scikit-learn, as ratios within one run.

pip install pandas scikit-learn
python benchmarks/features.py [FEATURES] [ROWS] [ROUNDS]
"""

import sys
import tempfile
from pathlib import Path

import duckdb
from turns import compare

PEER = """
import pandas, sklearn.linear_model
table = pandas.read_csv('{path}')
fit = sklearn.linear_model.LinearRegression().fit(table.drop(columns='y'), table['y'])
print(fit.intercept_, fit.coef_)
"""


def rows_of(features: int, rows: int, path: Path) -> str:
    """Give the query that writes a table, each number with its own digits."""
    names = [f"x{nth}" for nth in range(1, features + 1)]
    cells = [
        f"round((hash(place + {nth} * 1000003) % 2000000)::double / 1e4 - 100, 4) as {name}"
        for nth, name in enumerate(names)
    ]
    noise = "round((hash(place) % 10000)::double / 1e3, 3)"
    table = f"select {', '.join(cells)}, place from range({rows}) rows(place)"
    sums = " + ".join(f"{nth} * {name}" for nth, name in enumerate(names, start=1))
    listed = ", ".join(names)
    return f"copy (select {listed}, round({sums} + {noise}, 3) as y from ({table})) to '{path}'"


def main() -> None:
    """Make a table, let the commands take turns, and print what each took."""
    given = [int(word) for word in sys.argv[1:]]
    features, rows, rounds = (given + [10, 1_000_000, 7][len(given) :])[:3]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        duckdb.execute(rows_of(features, rows, path))
        fitline = str(Path(sys.executable).parent / "fitline")
        size = path.stat().st_size / 1e6
        print(f"{rows:,} rows of {features} features, {size:.0f} MB, {rounds} rounds")
        compare(
            {
                "pandas + scikit-learn": [sys.executable, "-c", PEER.format(path=path)],
                "fitline train": [fitline, "train", str(path), "--x", "*", "--y", "y"],
            },
            rounds,
        )


if __name__ == "__main__":
    main()
