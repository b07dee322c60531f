"""Spark for tests: whether it is there, and tables in many parts."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

MARKS = [
    pytest.mark.spark,
    pytest.mark.xdist_group("spark"),  # one process has one session
    pytest.mark.usefixtures("spark_is_there"),
]
"""Those of a module of tests that need Spark."""

ROWS = 600
PARTS = (1, 7, 60)


def lacking() -> str | None:
    """Name what is not there."""
    if missing := [name for name in ("pyspark", "pyarrow") if find_spec(name) is None]:
        return f"{' and '.join(missing)}: pip install 'fitline[spark]'"
    return None if shutil.which("java") else "Java 17"


def require_spark() -> None:
    """Skip a test without Spark, or fail it where all must pass."""
    if told := lacking():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"Spark needs {told}")


def header_and_rows() -> tuple[str, list[str]]:
    """Give a table as lines of CSV: numbers, decimals, text, groups, counts and precisions."""
    draw = np.random.default_rng(7)
    kinds, groups = draw.choice(["red", "green", "blue"], ROWS), draw.choice(["n", "s"], ROWS)
    rows = []
    for nth in range(ROWS):
        a, b = draw.normal(), int(draw.integers(0, 50))
        y = 3 + 2 * a - 0.1 * b + 2 * (kinds[nth] == "red") + draw.standard_t(2)
        weight, precision = int(draw.integers(0, 4)), round(draw.uniform(0.5, 1.5), 3)
        rows.append(f"{a!r},{b},{kinds[nth]},{groups[nth]},{weight},{precision},{y!r}")
    return "a,b,kind,g,w,p,y", rows


def write_parts(folder: Path, lines: list[str], parts: int, header: str) -> None:
    """Write a table as so many files of CSV of various sizes, and as many of Parquet."""
    from pyarrow import csv, parquet

    folder.mkdir(parents=True)
    draw = np.random.default_rng(parts)
    cuts = np.sort(draw.choice(np.arange(1, len(lines)), parts - 1, replace=False)).tolist()
    for nth, (first, last) in enumerate(pairwise([0, *cuts, len(lines)])):
        path = folder / f"part{nth:02}.csv"
        path.write_text("\n".join([header, *lines[first:last], ""]))
        parquet.write_table(csv.read_csv(path), path.with_suffix(".parquet"))


def tables(folder: Path) -> Iterator[Path]:
    """Write the table in 1, 7 and 60 parts, and give the folder of these."""
    header, rows = header_and_rows()
    for parts in PARTS:
        write_parts(folder / str(parts), rows, parts, header)
    names, lines = header.split(","), []
    for row in rows:
        cells = [cell if cell[-1].isdigit() else f'"{cell}"' for cell in row.split(",")]
        lines.append(
            "{" + ", ".join(f'"{n}": {c}' for n, c in zip(names, cells, strict=True)) + "}"
        )
    (folder / "1" / "table.jsonl").write_text("\n".join([*lines, ""]))
    yield folder
