"""A large compressed file is checked beside the query, and refused as a small one is."""

import gzip
import json
from collections.abc import Callable
from itertools import cycle, product
from pathlib import Path

import pytest

from fitline.cli import main
from fitline.data import compression, open_table, table_file
from fitline.errors import DataError

ROWS = [(row, row * row % 97, f"group {row % 3}") for row in range(400)]
CSV = "x,y,g\n" + "".join(f"{x},{y},{g}\n" for x, y, g in ROWS)
TEXTS = {
    "csv": CSV,
    "jsonl": "".join(json.dumps({"x": x, "y": y, "g": g}) + "\n" for x, y, g in ROWS),
    "utf-16.csv": "\ufeff" + CSV,
    "odd.csv": CSV.replace("\n7,", "\n0_7,"),
    "bad.csv": CSV.replace("\n7,", "\nseven,"),
}
PACKED = {"gz": gzip.compress, "zst": lambda text: compression.zstd().compress(text)}
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "none": lambda whole: whole,
    "cut short": lambda whole: whole[:-40],
    "cut short in the checksum": lambda whole: whole[:-2],
    "cut short at the start": lambda whole: whole[:25],
    "another checksum": lambda whole: whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:],
    "followed by garbage": lambda whole: whole + b"garbage",
    "followed by zeros": lambda whole: whole + bytes(8),
} | {
    f"a byte changed at {part:.2f} of it": lambda whole, part=part: (
        whole[: (place := int(part * len(whole)))]
        + bytes([whole[place] ^ 0x55])
        + whole[place + 1 :]
    )
    for part in (0.01, 0.05, 0.3, 0.6, 0.9)
}
READINGS: dict[str, Callable[[str], object]] = {
    "moments": lambda path: open_table(path, "x", "y").moments().fit.theta.tolist(),
    "levels": lambda path: open_table(path, ["x", "g"], "y").moments().fit.theta.tolist(),
    "groups": lambda path: main(["train", path, "--x", "x", "--y", "y", "--by", "g"]),
    "to predict": lambda path: open_table(path, "x", to_predict=True).names,
}


def told(path: str, read: Callable[[str], object]) -> str:
    """Give what a table tells, or why it is refused."""
    try:
        return str(read(path))
    except DataError as error:
        return f"{error}; {error.hint}"


CASES = [
    *product(["csv"], PACKED, READINGS),
    *((text, *each) for text, each in zip(cycle([*TEXTS][1:]), product(PACKED, READINGS))),
]
"""Each way to read a text of each kind of packing, and each other text in two of the ways."""


@pytest.mark.parametrize(("text", "packed", "reading"), CASES)
def test_large_files_are_refused_as_small_ones_are(
    text: str,
    packed: str,
    reading: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Small ones are read to their end before anything else is done with them."""
    encoding = "utf-16-le" if "utf-16" in text else "utf-8"
    path = tmp_path / f"table.{text}.{packed}"
    whole = PACKED[packed](TEXTS[text].encode(encoding))
    for damage, damaged in DAMAGES.items():
        path.write_bytes(damaged(whole))
        said = []
        for small in (1 << 23, 0):
            monkeypatch.setattr(table_file, "SMALL_PACKED", small)
            said.append((told(str(path), READINGS[reading]), *capsys.readouterr()))
        assert said[0] == said[1], damage


def test_a_large_file_is_not_read_before_the_query(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it takes to look at all of it is spent while the engine works."""
    monkeypatch.setattr(table_file, "SMALL_PACKED", 0)
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(CSV.encode()))
    table = open_table(str(path), "x", "y")
    assert not any(file.is_surveyed for file in table.files)
    assert table.moments().rows == len(ROWS)
    assert all(file.is_surveyed for file in table.files)
