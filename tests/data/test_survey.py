"""What is found by looking at every byte of a text once, and rows too long for the engine."""

import gzip
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fitline.data import Reading, open_table, survey
from fitline.data.compression import zstd
from fitline.errors import DataError

Write = Callable[..., str]

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "csv": bytes,
    "csv.gz": lambda text: gzip.compress(text, 1),
    "csv.zst": lambda text: bytes(zstd().compress(text)),
}
ROWS = [f"{row},{2 * row + 1}" for row in range(3000)]


@example(b"aa\n\n\n\n\na\n\n", b"\r\n", 3)
@example(b"a" * 20 + b"\n", b"\r\n", 9)
@example(b"a" * 20 + b"\n", b"\r\n", 7)
@given(
    st.text('a_+-"\n\n', max_size=60).map(str.encode),
    st.sampled_from([b"\n", b"\r", b"\r\n"]),
    st.integers(1, 9),
)
def test_a_survey_finds_every_long_line_and_every_odd_mark(
    text: bytes, end: bytes, chunk: int
) -> None:
    text = text.replace(b"\n", end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey, "CHUNK_BYTES", chunk)
        patch.setattr(survey, "LONGEST_LINE", 20)
        found = survey.survey(io.BytesIO(text))
    filled = re.findall(rb"[\r\n]*[^\r\n]+(?:\r\n|\r|\n)?", text)
    assert found.lines == len(filled)
    longest = max((len(line.rstrip(b"\r\n")) for line in filled), default=0)
    assert found.has_long_line == (longest > 20)
    last = max(text.rfind(b"_"), text.rfind(b"+-"))
    assert (found.last_odd >= 0) == (last >= 0)
    assert found.last_odd >= last
    assert found.has_quotes == (b'"' in text)


def test_lines_are_counted_alike_in_small_and_large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "SMALL", 10)
    monkeypatch.setattr(survey, "CHUNK_BYTES", 7)
    for end in (b"\n", b"\r", b"\r\n"):
        text = end.join([b"x,y", *(b"%d,5" % row for row in range(40)), b"", b""])
        assert survey.survey(io.BytesIO(text)).lines == 41


TABLES: dict[str, str] = {
    "t.csv": "x,y\n1,3\n2,5\n3,7\n4,9\n",
    "lines.csv": 'x,n,y\n1,"a\nb",3\n2,,5\n\n3,,7\n4,"c\n\n",9\n',
    "bad.csv": "x,y\n1,3\nno,5\n3,7\n4,9\n",
    "t.jsonl": "".join(f'{{"x": {x}, "y": {1 + 2 * x}}}\n' for x in range(1, 5)),
}


@pytest.mark.parametrize("lost", [1, 2, 4])
@pytest.mark.parametrize("name", TABLES)
def test_a_row_that_the_engine_loses_is_missed(
    write: Write, monkeypatch: pytest.MonkeyPatch, name: str, lost: int
) -> None:
    table = open_table(write(TABLES[name], name), "x", "y", Reading(bad_rows="skip"))
    (part,) = table.parts
    assert table.moments().rows + table.skipped == 4
    select = type(part).select

    def losing(*arguments: Any) -> str:
        return f"{select(*arguments)} limit {4 - lost}"

    monkeypatch.setattr(type(part), "select", losing)
    with pytest.raises(DataError, match=f"counts differ: 4 and {4 - lost}"):
        table.moments()


@pytest.mark.parametrize(
    ("ending", "place", "long", "size"),
    [
        *(("csv", 0, "{},1", 4_300_000), ("csv", 1500, '1,"{}"', 2_100_000)),
        *(("csv", 1500, "1,2,{}", 2_100_000), ("csv", 3000, "{},1", 2_100_000)),
        *(("csv.gz", 1500, "{},1", 2_100_000), ("csv.zst", 3000, '"{}",1', 2_100_000)),
    ],
)
def test_a_row_longer_than_the_engine_reads_is_refused(
    write: Write, ending: str, place: int, long: str, size: int
) -> None:
    rows = ROWS.copy()
    rows.insert(place, long.format("x" * size))
    path = write(PACKED[ending]("\n".join(["x,y", *rows, ""]).encode()), f"t.{ending}")
    with pytest.raises(DataError) as caught:
        open_table(path, reading=Reading(bad_rows="skip"))
    assert str(caught.value) == (
        f"{path}, line {place + 2}: the line is longer than two million bytes"
    )


@pytest.mark.parametrize("size", [15_000_000, 33_000_000, 34_000_000])
def test_a_long_line_of_json_is_read_or_refused(write: Write, size: int) -> None:
    rows = [f'{{"x": {row}, "y": {2 * row + 1}}}' for row in range(300)]
    rows.insert(150, f'{{"x": 5, "z": "{"x" * size}", "y": 11}}')
    path = write("\n".join(rows), "t.jsonl")
    table = open_table(path, "x", "y", Reading(decimal="."))  # then no text is looked at for marks
    try:
        moments = table.moments()
    except DataError as error:
        assert error.message == "the line is longer than 16 million bytes"  # noqa: PT017 - or none
        assert error.line == 151  # noqa: PT017
    else:
        assert (moments.rows, moments.fit.theta[1]) == (301, 2.0)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("odd", ["1_000", "+-5"])
def test_odd_numbers_are_found_whatever_ends_a_line(
    write: Write, refused: Callable[..., DataError], end: str, odd: str
) -> None:
    error = refused(write(end.join(["x_1,y", "1,2", f"{odd},3", "4,5", ""])))
    assert (error.line, error.value) == (3, odd)


@pytest.mark.usefixtures("short_lines")
@pytest.mark.parametrize(("place", "bad_rows"), [(1500, "fail"), (3000, "skip")])
def test_a_row_of_many_lines_that_is_longer_than_the_buffers_is_refused(
    write: Write, place: int, bad_rows: Any
) -> None:
    rows = [f"{row},a" for row in ROWS]
    rows.insert(place, '1,2,"' + 5 * ("x" * 50_000 + "\n") + '"')
    path = write("\n".join(["x,y,t", *rows, ""]))
    with pytest.raises(DataError) as caught:
        open_table(path, "x", "y", Reading(bad_rows=bad_rows)).moments()
    assert (caught.value.message, caught.value.line) == (survey.LONG_LINE, place + 2)
