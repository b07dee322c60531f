"""A damaged table is read, or refused in a sentence, by whatever reads it."""

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fitline.data import open_table
from fitline.data.predictions import Predictions
from fitline.errors import DataError, FitlineError

ROWS = "select range as x, 1 + 2 * range as y, 'n' || range as n from range(200)"
FILES = {
    "t.parquet": "format parquet, compression snappy",
    "t.csv": "format csv, header",
    "t.csv.gz": "format csv, header, compression gzip",
    "t.jsonl": "format json",
}

USES: dict[str, Callable[[Path], Any]] = {
    "train": lambda path: open_table(str(path), "x", "y").moments(),
    "rows": lambda path: list(predictions(path).rows()),
    "pairs": lambda path: list(predictions(path).pairs()),
    "csv": lambda path: predictions(path).write(path.with_name("out.csv")),
    "parquet": lambda path: predictions(path).write(path.with_name("out.parquet")),
}


def predictions(path: Path) -> Predictions:
    return Predictions(open_table(str(path), "x", to_predict=True), (1.0, 2.0))


def damaged(whole: bytes, rng: random.Random) -> bytes:
    """Change, add or take away a few bytes."""
    place, byte = rng.randrange(len(whole)), rng.choice([b"\0", b'"', b"\x80", b"\xff"])
    taken, put = rng.choice([(1, byte), (0, byte), (20, b"")])
    return whole[:place] + put + whole[place + taken :]


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_table_is_read_or_refused_in_a_sentence(
    tmp_path: Path, name: str, use: str
) -> None:
    path, rng = tmp_path / name, random.Random(use)  # noqa: S311 - no secrets
    duckdb.sql(f"copy ({ROWS}) to '{path}' ({FILES[name]})")
    whole = path.read_bytes()
    for _ in range(5):
        path.write_bytes(damaged(whole, rng))
        with suppress(FitlineError):
            USES[use](path)


@pytest.mark.parametrize("place", [20, 100, 200, 510])
def test_a_damaged_parquet_file_is_named(tmp_path: Path, place: int) -> None:
    path = tmp_path / "t.parquet"
    duckdb.sql(f"copy ({ROWS}) to '{path}' ({FILES['t.parquet']})")
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + b"\xff" + whole[place:])
    with pytest.raises(DataError) as caught:
        USES["parquet"](path)
    assert caught.value.file == str(path)
    assert "\n" not in caught.value.message
    assert not (tmp_path / "out.parquet").exists()
