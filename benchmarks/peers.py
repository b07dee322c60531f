"""Time what fitline does beside its peers, and beside an older checkout of it, as one table.

pip install polars pandas scikit-learn statsmodels scipy, and what else of the peers there is
python benchmarks/peers.py [LINE ...] [--rows 1000000] [--rounds 5] [--old CHECKOUT]

Each cell is a median in seconds, and which part of it fitline takes today; a peer that is not
installed, or has no such thing, is a dash.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import duckdb
from turns import taken

NEW, OLD = "fitline", "fitline before"
MODULES = {
    "DuckDB": "duckdb",
    "Polars": "polars",
    "scikit-learn": "sklearn",
    "statsmodels": "statsmodels",
    "SciPy": "scipy",
}
WABBIT = "Vowpal Wabbit"

DUCKDB = "import duckdb; duckdb.sql(\"select regr_slope(price, sqft) from '{path}'\").fetchall()"
POLARS = """
import polars as pl
pl.{scan}('{path}').select(pl.cov('sqft', 'price') / pl.var('sqft'), pl.mean('price')).collect()
"""
TABLE = """
import numpy, pandas
table = pandas.{read}('{path}')
x, y = table[['sqft']].to_numpy(float), table['price'].to_numpy(float)
x = (x - x.mean()) / x.std()
"""
SKLEARN = "import sklearn.linear_model as models; models.LinearRegression().fit(x, y)"
HUBER = "import sklearn.linear_model as models; models.HuberRegressor(alpha=0).fit(x, y)"
STATSMODELS = "import statsmodels.api as sm; x = sm.add_constant(x); "
LINREGRESS = "import scipy.stats; scipy.stats.linregress(x[:, 0], y)"
LEAST_SQUARES = """
from scipy.optimize import least_squares
design = numpy.column_stack([numpy.ones(len(x)), x])
start, scale = numpy.linalg.lstsq(design, y)[0], 0.1 * y.std()
miss, slope = (lambda theta: design @ theta - y), (lambda theta: design)
least_squares(miss, start, slope, loss='{loss}', f_scale=scale)
"""


@dataclass(frozen=True)
class Line:
    """What fitline is asked, in words in which `{path}` is the table, and what peers run."""

    words: str
    ending: str = ".csv"
    peers: Mapping[str, str] = field(default_factory=dict)

    @property
    def reads(self) -> dict[str, str]:
        """Tell by which functions the peers read the file."""
        kind = "parquet" if self.ending == ".parquet" else "csv"
        return {"scan": f"scan_{kind}", "read": f"read_{kind}"}

    def modules(self, peer: str) -> list[str]:
        """Name what must be installed for a peer."""
        if peer in {"DuckDB", "Polars"}:
            return [MODULES[peer]]
        return [MODULES[peer], "pandas", *(["pyarrow"] if self.ending == ".parquet" else [])]


EXACT = {
    "DuckDB": DUCKDB,
    "Polars": POLARS,
    "scikit-learn": TABLE + SKLEARN,
    "statsmodels": TABLE + STATSMODELS + "sm.OLS(y, x).fit()",
    "SciPy": TABLE + LINREGRESS,
}
LINES = {
    "train": Line("train {path}", peers=EXACT),
    "gz": Line("train {path}", ".csv.gz", EXACT),
    "parquet": Line("train {path}", ".parquet", EXACT),
    "huber": Line(
        "train {path} --cost huber",
        peers={
            "scikit-learn": TABLE + HUBER,
            "statsmodels": TABLE + STATSMODELS + "sm.RLM(y, x).fit()",
            "SciPy": TABLE + LEAST_SQUARES.replace("{loss}", "huber"),
        },
    ),
    "cauchy": Line(
        "train {path} --cost cauchy",
        peers={"SciPy": TABLE + LEAST_SQUARES.replace("{loss}", "cauchy")},
    ),
    "absolute": Line(
        "train {path} --cost absolute",
        peers={"statsmodels": TABLE + STATSMODELS + "sm.QuantReg(y, x).fit()"},
    ),
    "explore": Line("explore {path} -q -o {folder}/page.html"),
    "explore cauchy": Line("explore {path} --cost cauchy -q -o {folder}/page.html"),
    "plot": Line("plot contour {path} -q -o {folder}/picture.png"),
    "plot cauchy": Line("plot contour {path} --cost cauchy -q -o {folder}/picture.png"),
    "four houses": Line("train -q"),
    "rates": Line("rates -q"),
    "predict": Line("predict 1500 --theta0 12000 --theta1 136"),
}


def commands(line: Line, folder: Path, old: str | None) -> dict[str, Sequence[str]]:
    """Give the processes that take turns."""
    path = folder / f"table{line.ending}"
    words = line.words.format(path=path, folder=folder).split()
    fitline = [sys.executable, "-m", "fitline", *words]
    found: dict[str, Sequence[str]] = {NEW: fitline}
    if old:
        env = shutil.which("env") or "/usr/bin/env"
        found[OLD] = [env, f"PYTHONPATH={Path(old).resolve() / 'src'}", *fitline]
    for name, code in line.peers.items():
        if all(map(find_spec, line.modules(name))):
            found[name] = [sys.executable, "-c", code.format(path=path, **line.reads)]
    if line.peers == EXACT and line.ending == ".csv" and (wabbit := shutil.which("vw")):
        found[WABBIT] = [wabbit, "--quiet", "-d", str(folder / "table.vw")]
    return found


def write_tables(folder: Path, rows: int) -> None:
    """Write one table in every format."""
    csv = folder / "table.csv"
    fitline = [sys.executable, "-m", "fitline", "sample", "--quiet", "--outliers", "0.05"]
    taken({"sample": [*fitline, "-o", str(csv), "--rows", str(rows)]}, 0)
    for ending in (".csv.gz", ".parquet"):
        duckdb.execute(f"copy (from '{csv}') to '{folder}/table{ending}'")
    lines = f"select price || ' | sqft:' || sqft from '{csv}'"
    duckdb.execute(f"copy ({lines}) to '{folder}/table.vw' (format csv, header false, quote '')")


def main() -> None:
    """Let the commands of each line take turns, and print a row of medians."""
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("lines", nargs="*", metavar="LINE", help=", ".join(LINES))
    told.add_argument("--rows", type=int, default=1_000_000)
    told.add_argument("--rounds", type=int, default=5)
    told.add_argument("--old", metavar="CHECKOUT")
    given = told.parse_args()
    if unknown := [name for name in given.lines if name not in LINES]:
        told.error(f"there is no line {unknown[0]!r}; there are {', '.join(LINES)}")
    columns = [NEW, *([OLD] if given.old else []), *MODULES, WABBIT]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder, given.rows)
        print(f"| {given.rows:,} rows | {' | '.join(columns)} |")
        print("|---" * (1 + len(columns)) + "|")
        for one in given.lines or LINES:
            runs = taken(commands(LINES[one], folder, given.old), given.rounds)
            medians = {
                name: statistics.median(seconds for seconds, _ in own)
                for name, own in runs.items()
            }
            cells = [
                f"{medians[name]:.2f} ({medians[NEW] / medians[name]:.2f})"
                if name in medians
                else "–"
                for name in columns
            ]
            print(f"| {one} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
