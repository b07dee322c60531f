"""Lines without rows, as many as there may be: blank ones, comments, rows of delimiters."""

from collections.abc import Callable
from itertools import product

import pytest

from fitline.data import Reading, delimited, long_lines, open_table, survey
from fitline.data.survey import LONG_GAP, LONGEST_LINE
from fitline.errors import DataError

Write = Callable[..., str]

ROWS = ["x,y", "1,3", "2,5", "3,7"]


@pytest.mark.parametrize(
    ("place", "end", "longest"),
    [*product(range(4), ["\n", "\r\n"], [20_000]), (3, "\r\n", LONGEST_LINE)],
)
def test_a_row_below_more_blank_lines_than_the_engine_reads_is_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch, place: int, end: str, longest: int
) -> None:
    for module in (survey, long_lines):
        monkeypatch.setattr(module, "LONGEST_LINE", longest)
    monkeypatch.setattr(survey, "CHUNK_BYTES", longest // 8)
    blank = longest // len(end) + 1000
    lines = [*ROWS[:place], *[""] * blank, *ROWS[place:], ""]
    path = write(end.join(lines).encode())
    with pytest.raises(DataError) as caught:
        open_table(path, "x", "y", Reading(bad_rows="skip")).moments()
    assert str(caught.value) == f"{path}, line {place + blank + 1}: {LONG_GAP}"


@pytest.mark.usefixtures("short_lines")
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("above", "below"),
    [
        *(("", "\n" * 110_000), ("\n" * 270, "\n" * 270), ("", ",\n" * 270)),
        *(("# a\n" * 270, ""), ("", "# a,b\n" * 270), ("\n# a\n" * 120, " ,\n\n" * 270)),
    ],
)
def test_rows_are_found_and_counted_among_lines_without_any(
    write: Write, monkeypatch: pytest.MonkeyPatch, above: str, below: str, end: str
) -> None:
    path = write((above + "\n".join([*ROWS, ""]) + below).replace("\n", end).encode())
    read_again: list[str] = []
    monkeypatch.setattr(
        delimited.Delimited, "_count_rows", lambda _, file: read_again.append(file.name)
    )
    with open_table(path, "x", "y") as table:
        assert (table.moments().rows, table.skipped) == (3, 0)
    assert not read_again


def test_the_table_is_looked_for_below_the_lines_that_are_skipped(write: Write) -> None:
    path = write("\n".join(["no,row,here"] * 300 + ROWS))
    with open_table(path, "x", "y", Reading(skip=300)) as table:
        assert table.moments().fit.theta.tolist() == [1, 2]


@pytest.mark.parametrize(
    "above",
    [
        *('{"sqft":1,"price":2}', '"a":1,"b', 'junk "a",b', "a,'b", '"a', '"a""b"c,d'),
        *("{'a': 1}", '[{"a": 1}]', ",,,", "# x", '"', '""'),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_stands_in_lines_that_are_skipped_does_not_matter(
    write: Write, above: str, end: str
) -> None:
    path = write(end.join([above, *ROWS, ""]).encode())
    with open_table(path, "x", "y", Reading(skip=1)) as table:
        assert table.moments().fit.theta.tolist() == [1, 2]


@pytest.mark.parametrize("blank", [",", " ,", ""])
def test_a_header_below_many_lines_without_names_is_found(write: Write, blank: str) -> None:
    for marks in ("", "# a\n# b,c\n"):
        path = write(marks + f"{blank}\n" * 150 + "\n".join(ROWS))
        with open_table(path, "x", "y") as table:
            assert table.moments().fit.theta.tolist() == [1, 2]
