"""A name is a name: it means the local file of that name, and its folders are no columns."""

import gzip
import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from itertools import cycle, product
from pathlib import Path

import duckdb
import pytest

from fitline.data import open_table
from fitline.data.arrays import write_arrays
from fitline.data.compression import zstd
from fitline.data.predictions import Predictions
from fitline.data.synthetic import Sample, write_sample
from fitline.errors import DataError
from fitline.runs.history import lengthen, shorten

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has few such names")


def csv_of(rows: Sequence[tuple[int, int]]) -> bytes:
    return "\n".join(["price,c0", *(f"{x},{y}" for x, y in rows), ""]).encode()


def jsonl_of(rows: Sequence[tuple[int, int]]) -> bytes:
    return "".join(json.dumps({"price": x, "c0": y}) + "\n" for x, y in rows).encode()


def parquet_of(rows: Sequence[tuple[int, int]]) -> bytes:
    values = ", ".join(map(str, rows))
    duckdb.sql(f"copy (from (values {values}) as t(price, c0)) to 'made' (format parquet)")
    return Path("made").read_bytes()


CONTENTS: dict[str, Callable[[Sequence[tuple[int, int]]], bytes]] = {
    "csv": csv_of,
    "csv.gz": lambda rows: gzip.compress(csv_of(rows)),
    "csv.zst": lambda rows: zstd().compress(csv_of(rows)),
    "jsonl": jsonl_of,
    "parquet": parquet_of,
}
ROWS = [(x, 1 + 2 * x) for x in range(5)]
OTHER_ROWS = [(x, 7 - x) for x in range(9)]


@cache
def content(kind: str) -> bytes:
    return CONTENTS[kind](ROWS)


SAMPLE = Sample(
    rows=3,
    x=["x"],
    y="y",
    start=[0],
    stop=[1],
    theta=[0, 1],
    noise=0,
    outliers=0,
    seed=7,
)

NAMES = [
    *("~", "~/a", "~root", "file:x", "file:///x", "s3://b/x", "http://127.0.0.1:9/x", "hf://x"),
    *("[ab]", "a*", "a?", "**", "{a,b}", "[!b]", "[", "]", "b\\s", "b\\*", "\\[a]", "\\\\*\\"),
    *("q'q", 'q"q', "two\nlines", "-a", "--help", " ", "a\tb", "$HOME", "%41", "a;b", "a?x=1"),
    *("price=9/h", "c0=7/h", "json=5/h", "line=3/c0=2/b", "year=2024/price=1"),
    *map(os.fsdecode, (b"\xff\xfe", b"\xff[*]", b"\xff/price=3")),
]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("names") / "other"
    path.write_bytes(csv_of(OTHER_ROWS))
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: Path) -> Path:
    """Work in a folder of other tables, which a name taken for a pattern would match."""
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b", "aa", "ab", "bs", "x", "A"):
        os.link(other, name)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("kind", "name", "is_predicted"),
    [  # each name with two kinds of file, the next name with two others
        (kind, name, is_predicted)
        for kind, (name, is_predicted) in zip(
            cycle(CONTENTS), product(NAMES, [False, True]), strict=False
        )
    ],
    ids=ascii,
)
def test_a_name_means_that_file(
    kind: str,
    name: str,
    is_predicted: bool,  # noqa: FBT001
) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(content(kind))
    if not is_predicted:
        moments = open_table(name, "price", "c0").moments()
        assert (moments.rows, *moments.fit.theta) == (5, 1.0, 2.0)
        return
    predictions = Predictions(open_table(name, "price", to_predict=True), (1.0, 10.0))
    rows = [tuple(map(float, row)) for row in predictions.rows()]
    assert rows == [(x, y, 1 + 10 * x) for x, y in ROWS]


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


WRITERS: dict[str, Callable[[Path], object]] = {
    "sample": lambda output: write_sample(SAMPLE, output),
    "arrays": lambda output: write_arrays({"theta0": [1.0], "theta1": [2.0]}, output),
}


@pytest.mark.parametrize(
    ("ending", "first", "name"),
    [
        (*how, name)
        for how, name in zip(cycle(product([".csv", ".parquet"], WRITERS)), NAMES, strict=False)
    ],
    ids=ascii,
)
def test_what_is_written_gets_that_name(folder: Path, name: str, first: str, ending: str) -> None:
    output, before = Path(name + ending), files(folder)
    output.parent.mkdir(parents=True, exist_ok=True)
    table = open_table("a", "price", to_predict=True)
    WRITERS[first](output)
    assert files(folder) == before | {folder / output}
    Predictions(table, (1.0, 10.0)).write(str(output))
    assert files(folder) == before | {folder / output}
    found = open_table(str(output), "price", "prediction").moments()
    assert (found.rows, found.fit.theta[1]) == (9, 10.0)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("run", ["step=9/run", "cost=7/[run]"])
def test_a_history_in_such_a_folder_stays_as_it_is(run: str) -> None:
    Path(run).mkdir(parents=True)
    text, parquet = Path(run, "history.csv"), Path(run, "history.parquet")
    rows = "step,theta0,theta1,cost,gradient_norm,excess\n0,1.0,2.0,3.0,4.0,5.0\n"
    text.write_text(rows)
    columns = rows.split("\n", maxsplit=1)[0].split(",")
    shorten(text, parquet, columns)
    lengthen(parquet, text, columns, 0, len(rows.splitlines()[0]) + 1)
    assert text.read_text() == rows


@pytest.mark.parametrize("name", ["[a].csv", "a*.csv", "a?.csv"])
def test_a_name_like_a_pattern_is_read_beside_any_other(tmp_path: Path, name: str) -> None:
    (tmp_path / "\\x.csv").touch()
    (tmp_path / name).write_text("x,y\n1,3\n2,5\n")
    assert open_table(str(tmp_path / name)).moments().fit.theta.tolist() == [1, 2]


def test_a_file_that_is_called_like_a_table_of_the_lessons_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_table("lesson:houses").moments().rows == 4
    Path("lesson:houses").write_text("sqft,price\n1,2\n2,3\n3,5\n")
    with pytest.raises(DataError, match="a file here, and a table of the lessons"):
        open_table("lesson:houses")
    assert open_table("./lesson:houses").moments().rows == 3
