"""A small table has the same numbers, and is refused for the same reason, without the engine."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fitline.cli import main
from fitline.data import Reading, engine, open_table, plain_numbers
from fitline.errors import DataError

CELLS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=64).map(repr),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["-0", "1.", ".5", "+3", "1e400", "1e-400", "1_0", "+-5", "1,5", "1.000,5"]),
    st.sampled_from(["nan", "inf", "NA", "0x1", "1d2", "\u2212", "\u22125", "\u0661", "a", "#4"]),
    st.sampled_from(["", " 7 ", "\t8", "\v9", "1 2", '"3"', '""', "\0", "\r", "4#"]),
)
LINES = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=3, max_size=6)
GOOD = ["1,2", "3,4", "5,7"]


def told(path: str, **reading: Any) -> object:
    """Give all that is read of a table: its sums, its first rows, all its rows; or why not."""
    try:
        with open_table(path, "@1", "@2", Reading(**reading)) as table:
            moments = table.moments()
            rows = table.rows(moments)
            found = (rows.x.tolist(), rows.y.tolist(), table.head(2), table.skipped, table.notes)
            return str(moments), *found
    except DataError as error:
        return error


def both(monkeypatch: pytest.MonkeyPatch, path: str, **reading: Any) -> list[object]:
    """Read a table with the engine alone, and as small tables are read."""
    seen = []
    for most in (-1, 1 << 16):
        monkeypatch.setattr(plain_numbers, "MOST_BYTES", most)
        seen.append(str(told(path, **reading)))
    return seen


@example(
    lines=[["1", "2"], ["3", "5"], ["4", "8"]], delimiter=";", end="\r\n", last="", reading={}
)
@settings(max_examples=30)
@given(
    lines=LINES,
    delimiter=st.sampled_from(",;\t| "),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.sampled_from(["", "\n", "\r\n", "\n\n", " ", ",,"]),
    reading=st.sampled_from([{}, {"bad_rows": "skip", "na": "3"}]),
)
def test_it_is_what_the_engine_reads(
    tmp_path_factory: pytest.TempPathFactory,
    lines: Sequence[Sequence[str]],
    delimiter: str,
    end: str,
    last: str,
    reading: dict[str, str],
) -> None:
    path = tmp_path_factory.getbasetemp() / "plain.csv"
    text = end.join(delimiter.join(cells) for cells in [["a", "b"], *lines]) + last
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        by_engine, read = both(patch, str(path), **reading)
    assert read == by_engine


def test_a_plain_table_needs_no_engine(
    write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "connect", None)
    monkeypatch.setattr(plain_numbers, "MOST_BYTES", 1 << 16)
    path = write("\n".join(["# made by hand", "x,y", *GOOD]))
    command = [sys.executable, "-c", "import fitline, sys; fitline.train(); print(*sys.modules)"]
    assert "duckdb" not in subprocess.check_output(command, text=True).split()
    for words in (["train"], ["train", "--cost", "cauchy"], ["evaluate", "--theta", "1,2"]):
        assert main([words[0], path, *words[1:], "-q"]) == 0
