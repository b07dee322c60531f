"""A table that changes between two readings gives an error, never other numbers."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from fitline import train
from fitline.data import open_table, summing
from fitline.data.predictions import Predictions
from fitline.errors import DataError

Write = Callable[..., str]

PLAIN = "x,y\n" + "".join(f"{x},{1 + 2 * x + x % 3}\n" for x in range(50))
LINES = "".join(f'{{"x": {x}, "y": {1 + 2 * x + x % 3}}}\n' for x in range(50))


def parquet(path: Path) -> None:
    query = "select range as x, 1 + 2 * range + range % 3 as y from range(50)"
    duckdb.sql(f"copy ({query}) to '{path}' (format parquet)")


def shorter(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def longer(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"7,7\n")


def rewritten(path: Path) -> None:
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"7", b"8"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


def replaced(path: Path) -> None:
    other = path.with_suffix(".other")
    other.write_text("a,b\nno,table\n")
    other.replace(path)


CHANGES = [shorter, longer, rewritten, replaced, Path.unlink]


KINDS = ["csv", "csv.gz", "spaces", "jsonl", "parquet"]


@pytest.fixture(params=KINDS)
def path(request: pytest.FixtureRequest, write: Write, tmp_path: Path) -> Path:
    kind = request.param
    if kind == "parquet":
        parquet(tmp_path / "t.parquet")
        return tmp_path / "t.parquet"
    text = {"jsonl": LINES, "spaces": PLAIN.replace(",", "  ")}.get(kind, PLAIN)
    content = gzip.compress(text.encode()) if kind == "csv.gz" else text
    return Path(write(content, f"t.{kind}"))


@pytest.fixture(params=CHANGES)
def change(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    changing: Callable[[Path], None] = request.param
    return changing


def assert_told(error: DataError, path: Path) -> None:
    assert str(error) == f"{path}: the file changed while it was read"
    assert error.hint == "run the command again when nothing writes to it"


READINGS = ["moments", "head", "good rows", "predictions", "pairs"]
COSTS = ["squared", "huber"]


def covered(third: list[str]) -> list[tuple[str, Callable[[Path], object], str]]:
    """Give combinations in which any two meet."""
    return [
        (kind, change, third[(nth + place) % len(third)])
        for nth, kind in enumerate(KINDS)
        for place, change in enumerate(CHANGES)
    ]


def reader(path: Path, reading: str) -> Callable[[], object]:
    """Read a table, or open it to predict, and give what reads it then."""
    if reading in {"predictions", "pairs"}:
        predictions = Predictions(open_table(str(path), "x", to_predict=True), (1.0, 2.0))
        if reading == "pairs":
            return lambda: list(predictions.pairs())
        return lambda: predictions.write(path.with_suffix(".out.csv"))
    table = open_table(str(path), "x", "y")
    moments = table.moments()
    readings: dict[str, Callable[[], object]] = {
        "moments": table.moments,
        "head": lambda: table.head(3),
        "good rows": lambda: table.rows(moments),
    }
    return readings[reading]


@pytest.mark.parametrize(
    ("path", "change", "reading"), covered(READINGS), indirect=["path", "change"]
)
def test_a_table_that_changed_is_not_read(
    path: Path, change: Callable[[Path], None], reading: str
) -> None:
    read = reader(path, reading)
    change(path)
    with pytest.raises(DataError) as caught:
        read()
    assert_told(caught.value, path)
    assert not path.with_suffix(".out.csv").exists()


@pytest.fixture
def after_the_sums(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let something happen as soon as the moments have been read."""
    first: Callable[..., object] = summing._sums  # noqa: SLF001 - between two readings

    def after(change: Callable[[Path], None], path: Path) -> None:
        def sums(*given: object) -> object:
            row = first(*given)
            change(path)
            return row

        monkeypatch.setattr(summing, "_sums", sums)

    return after


@pytest.mark.parametrize(("path", "change", "cost"), covered(COSTS), indirect=["path", "change"])
def test_a_table_that_changes_between_its_readings_gives_no_line(
    path: Path, change: Callable[[Path], None], after_the_sums: Callable[..., None], cost: str
) -> None:
    after_the_sums(change, path)
    with pytest.raises(DataError) as caught:
        train(str(path), x="x", y="y", cost=cost)
    assert_told(caught.value, path)


@pytest.mark.parametrize("bad", ["no,3", "1,2,3", ",5"])
def test_bad_rows_are_not_looked_for_in_another_table(
    write: Write, change: Callable[[Path], None], after_the_sums: Callable[..., None], bad: str
) -> None:
    path = Path(write(f"{PLAIN}{bad}\n" + "9,9\n" * 20))
    after_the_sums(change, path)
    with pytest.raises(DataError) as caught:
        open_table(str(path), "x", "y").moments()
    assert_told(caught.value, path)


def test_reading_alone_changes_no_table(path: Path) -> None:
    """What reading alone does to a file, such as its access time, is no change."""
    table = open_table(str(path), "x", "y")
    first = table.moments()
    os.utime(path, ns=(0, path.stat().st_mtime_ns))
    assert table.moments().fingerprint == first.fingerprint
