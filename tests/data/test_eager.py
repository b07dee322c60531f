"""A large file is surveyed while it is read, and gives what a small one gives."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fitline.data import Reading, delimited, open_table, table_file
from fitline.data.table_file import File
from fitline.errors import DataError

PLAIN = "x,y\n1,3\n2,5\n3,7\n"


def outcome(path: str, **reading: Any) -> Any:
    """Give what a reading tells, or why there is none."""
    with open_table(path, "x", "y", Reading(**reading)) as table:
        try:
            moments = table.moments()
        except DataError as error:
            return str(error), error.line
        return moments.rows, table.skipped, table.missing, moments.fit.theta.tolist()


@pytest.mark.usefixtures("short_lines")
@pytest.mark.parametrize(
    "rows",
    [
        "",
        "1_000,2001\n",
        "+-5,11\n",
        "4,a\n",
        "4,\n",
        "4\n",
        '"4\n",9\n',
        '4,"9\n',
        "\n\n4,9\n\n",
        "3,7\n" * 100 + f"4,{'9' * 110_000}\n",
        "3,7\n" * 100 + f'4,9,"{"x" * 110_000}"\n',
        "\n" * 110_000 + "4,9\n",
        "4,9\n" + "\n" * 110_000,
    ],
    ids=lambda rows: repr(rows[-110_010:][:20]),
)
@pytest.mark.parametrize("bad_rows", ["fail", "skip"])
def test_what_is_read_eagerly_is_what_is_read_with_care(
    write: Callable[..., str], monkeypatch: pytest.MonkeyPatch, rows: str, bad_rows: str
) -> None:
    path = write(PLAIN + rows)
    try:
        expected = outcome(path, bad_rows=bad_rows)
    except DataError as error:
        expected = str(error), error.line
    waiting: list[bool] = []

    def can_wait(file: File) -> bool:
        waiting.append(file.is_surveyed)
        return True

    monkeypatch.setattr(delimited, "can_wait", can_wait)
    assert outcome(path, bad_rows=bad_rows) == expected
    assert waiting == [False]


@pytest.mark.parametrize(
    ("lines", "size", "can_wait"), [(200, 0, True), (200, 10**6, False), (50, 0, False)]
)
def test_only_a_large_file_with_ordinary_lines_can_wait(
    write: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    lines: int,
    size: int,
    can_wait: bool,  # noqa: FBT001 - what is expected
) -> None:
    monkeypatch.setattr(table_file, "SMALL", size)
    path = Path(write("x,y\n" + "1,2\n2,3\n" * (lines // 2)))
    with open_table(path, "x", "y") as table:
        (part,) = table.parts
        assert isinstance(part, delimited.Delimited)
        assert part.is_surveyed is not can_wait
