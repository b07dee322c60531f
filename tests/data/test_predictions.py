"""A table with its predictions: every good row, every column, whole or not at all."""

import csv
import math
import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations, cycle, pairwise, product
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitline.data import Reading, open_table
from fitline.data.csv_text import csv_lines
from fitline.data.predictions import Predictions
from fitline.errors import DataError, FitlineError

Write = Callable[..., str]

THETA = (1.0, 2.0)


def predicted(
    path: str, x: str | None = "x", rejects: Path | None = None, **reading: Any
) -> list[list[Any]]:
    table = open_table(path, x, reading=Reading(**reading), rejects=rejects, to_predict=True)
    predictions = Predictions(table, THETA)
    names, rows = predictions.header, predictions.rows()
    return [names, *map(list, rows)]


def written(path: str, output: Path) -> list[list[str]]:
    Predictions(open_table(path, "x", to_predict=True), THETA).write(output)
    with output.open(newline="", encoding="utf-8") as stream:
        return list(csv.reader(stream))


TABLES: list[tuple[str | bytes, list[list[Any]]]] = [
    ("x\n3\n-1.5\n", [["x", "prediction"], ["3", 7.0], ["-1.5", -2.0]]),
    ("n,x\na,3\nb,4\n", [["n", "x", "prediction"], ["a", "3", 7.0], ["b", "4", 9.0]]),
    ("id,x\n007, 3.00 \n", [["id", "x", "prediction"], ["007", " 3.00 ", 7.0]]),
    ('" n", x \n a ,3\n', [["n", "x", "prediction"], [" a ", "3", 7.0]]),
    ('n,x\n"a ""q"",\nb",3\n', [["n", "x", "prediction"], ['a "q",\nb', "3", 7.0]]),
    ("n,x\nŁódź 🙂,3\n", [["n", "x", "prediction"], ["Łódź 🙂", "3", 7.0]]),
    ("N,n,x\na,b,3\n", [["N", "n", "x", "prediction"], ["a", "b", "3", 7.0]]),
    ("x,X\n3,9\n", [["x", "X", "prediction"], ["3", "9", 7.0]]),
    ("n,x,n\na,3,b\n", [["n", "x", "n", "prediction"], ["a", "3", "b", 7.0]]),
    ("n,,x\na,b,3\n", [["n", "", "x", "prediction"], ["a", "b", "3", 7.0]]),
    (
        "Prediction,x\na,3\n",
        [["Prediction", "x", "prediction"], ["a", "3", 7.0]],
    ),
]
IDS = [
    "one column",
    "two",
    "as it was written",
    "blanks",
    "quotes",
    "UTF-8",
    "case",
    "case of x",
    "twice",
]
IDS += ["no name", "Prediction"]


@pytest.mark.parametrize(("text", "expected"), TABLES, ids=IDS)
def test_every_row_and_every_column_is_kept(
    write: Write, text: str | bytes, expected: list[list[Any]]
) -> None:
    assert predicted(write(text)) == expected


@pytest.mark.parametrize(("text", "expected"), TABLES, ids=IDS)
def test_a_file_holds_what_is_streamed(
    write: Write, tmp_path: Path, text: str | bytes, expected: list[list[Any]]
) -> None:
    as_text = [[str(cell) for cell in row] for row in expected]
    assert written(write(text), tmp_path / "predicted.csv") == as_text


def test_files_with_other_columns_are_joined_by_name(write: Write) -> None:
    write("n,x\na,3\n", "1.csv")
    pattern = write("x,m\n4,b\n", "2.csv").replace("2.csv", "[12].csv")
    assert predicted(pattern) == [
        ["n", "x", "m", "prediction"],
        ["a", "3", None, 7.0],
        [None, "4", "b", 9.0],
    ]


@pytest.mark.parametrize("bad", ["no,q", "nan,q", "3", "3,q,4"])
def test_a_bad_row_refuses_the_whole_table_or_is_skipped(
    write: Write, tmp_path: Path, bad: str
) -> None:
    path = write(f"x,n\n3,a\n{bad}\n4,b\n")
    with pytest.raises(DataError) as caught:
        predicted(path)
    assert caught.value.line == 3
    rejects = tmp_path / "rejects.csv"
    assert predicted(path, bad_rows="skip", rejects=rejects)[1:] == [
        ["3", "a", 7.0],
        ["4", "b", 9.0],
    ]
    assert len(rejects.read_text().splitlines()) == 2


def test_a_parquet_file_keeps_types_and_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    duckdb.sql(f"copy (select 'a' as n, range as x from range(3)) to '{path}' (format parquet)")
    output = tmp_path / "out.parquet"
    Predictions(open_table(str(path), "x", to_predict=True), THETA).write(output)
    rows = duckdb.execute(f"from '{output}'").fetchall()
    assert rows == [("a", 0, 1.0), ("a", 1, 3.0), ("a", 2, 5.0)]


def test_a_table_with_predictions_already_is_refused(write: Write) -> None:
    with pytest.raises(DataError, match="has a column 'prediction' already"):
        predicted(write("x,prediction\n1,2\n"))


HOPELESS = ["x,n\n3,a\nno,b\n", 'x,n\n3,a\n4,"b\n', "x,prediction\n3,a\n", "x,n\n3,a\nq"]


@pytest.mark.parametrize(
    ("text", "name"),
    [*((text, "predicted.csv") for text in HOPELESS), (HOPELESS[0], "predicted.parquet")],
)
def test_what_cannot_be_predicted_leaves_the_old_file(
    write: Write, tmp_path: Path, text: str, name: str
) -> None:
    (tmp_path / "out").mkdir()
    output = Path(write("what was there before", f"out/{name}"))
    with pytest.raises(FitlineError):
        Predictions(open_table(write(text), "x", to_predict=True), THETA).write(output)
    assert output.read_text() == "what was there before"
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("text", HOPELESS[:2])
def test_nothing_half_written_stays(write: Write, tmp_path: Path, text: str) -> None:
    (tmp_path / "out").mkdir()
    output = tmp_path / "out" / "predicted.csv"
    with pytest.raises(FitlineError):
        Predictions(open_table(write(text), "x", to_predict=True), THETA).write(output)
    assert list(output.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(write: Write, tmp_path: Path) -> None:
    with pytest.raises(FitlineError, match="cannot be written"):
        written(write("x\n3\n"), tmp_path / "no" / "predicted.csv")


def test_predictions_may_replace_the_table_itself(write: Write) -> None:
    path = write("x\n3\n")
    assert written(path, Path(path)) == [["x", "prediction"], ["3", "7.0"]]


FLOATS = st.floats(-1e100, 1e100) | st.sampled_from([-0.0, 5e-324, 1e-300, 1 / 3, 2.0**53 + 2])


@settings(max_examples=15)
@given(st.lists(st.tuples(*[FLOATS] * 5), min_size=1, max_size=4), st.sampled_from([int, float]))
def test_a_row_of_a_group_is_predicted_to_the_bit_as_by_its_parameters_alone(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[float, ...]], kind: type
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path, output = str(folder / "groups.csv"), folder / "groups.parquet"
    cells = [[kind(x % 1000 if kind is int else x) for x in one[3:]] for one in drawn]
    rows = [f"{a!r},{b!r},n'{nth}" for nth, (a, b) in enumerate(cells)]
    Path(path).write_text("\n".join(["a,b,g", *rows]))
    thetas = np.array([one[:3] for one in drawn])

    def found(theta: Any, **more: Any) -> list[bytes]:
        table = open_table(path, ["a", "b"], to_predict=True, **more)
        predictions = Predictions(table, theta)
        streamed = [row[-1] for row in predictions.rows()]
        predictions.write(output)
        written = duckdb.execute(f"select prediction from '{output}'").fetchall()
        assert [(one,) for one in streamed] == written
        return [np.float64(one).tobytes() for one in streamed]

    alone = [found(theta)[nth] for nth, theta in enumerate(thetas)]
    assert found(thetas, by={"g": [f"n'{nth}" for nth in range(len(drawn))]}) == alone


@pytest.mark.parametrize("theta", [(float("nan"), 2.0), (float("inf"), 2.0), (1.0, -float("inf"))])
def test_a_line_that_is_not_finite_is_refused(write: Write, theta: tuple[float, float]) -> None:
    with pytest.raises(FitlineError):
        Predictions(open_table(write("x\n3\n"), to_predict=True), theta)


def test_a_row_that_is_no_text_is_refused_and_counted_when_skipped(write: Write) -> None:
    path = write(b"n,x\na,3\ncaf\xe9,4\nb,5\n")
    with pytest.raises(FitlineError) as caught:
        Predictions(open_table(path, "x", to_predict=True), THETA).rows()
    assert str(caught.value) == f"{path}, line 3: the row is not UTF-8 text"
    table = open_table(path, "x", to_predict=True, reading=Reading(bad_rows="skip"))
    assert [row[1] for row in Predictions(table, THETA).rows()] == ["3", "5"]
    assert table.skipped == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_quoted_cells_that_stand_in_columns_are_written_as_they_are(
    write: Write, tmp_path: Path, delimiter: str
) -> None:
    rows = [["name", "x"], ["a, b; c", "3"], ['d  ""e""', "4"], ["f\n  g", "5"]]
    lines = [f'"{name}"{delimiter}   "{x}"' for name, x in rows]
    path = write("\n".join([*lines, f'   "h"{delimiter}6\n']))
    expected = [["a, b; c", "3"], ['d  "e"', "4"], ["f\n  g", "5"], ["h", "6"]]
    assert [row[:2] for row in written(path, tmp_path / "out.csv")[1:]] == expected


def parquet_of(path: str, output: Path, **reading: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
    table = open_table(path, "x", reading=Reading(**reading), to_predict=True)
    Predictions(table, THETA).write(output)
    found = duckdb.execute(f"from '{output}'")
    return [str(column[1]) for column in found.description or []], found.fetchall()


FILLER = "1,1.5,7,a,0.5,NA\n" * 15


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize(
    ("row", "kinds", "cells"),
    [
        (
            "3,2.5,8,b,1,5",
            "BIGINT DOUBLE BIGINT VARCHAR DOUBLE BIGINT",
            (3, 2.5, 8, "b", 1.0, 5),
        ),
        (
            "2.5,1,,b,,",
            "DOUBLE DOUBLE BIGINT VARCHAR DOUBLE VARCHAR",
            (2.5, 1.0, None, "b", None, None),
        ),
        (
            "3,1e3,007,,1,",
            "BIGINT DOUBLE VARCHAR VARCHAR DOUBLE VARCHAR",
            (3, 1000.0, "007", None, 1.0, None),
        ),
        (
            "3,1,1.0,,1,",
            "BIGINT DOUBLE DOUBLE VARCHAR DOUBLE VARCHAR",
            (3, 1.0, 1.0, None, 1.0, None),
        ),
        (
            "3,?,1_0,x,-1,",
            "BIGINT DOUBLE VARCHAR VARCHAR DOUBLE VARCHAR",
            (3, None, "1_0", "x", -1.0, None),
        ),
        (
            "3,none,8,x,1,",
            "BIGINT VARCHAR BIGINT VARCHAR DOUBLE VARCHAR",
            (3, "none", 8, "x", 1.0, None),
        ),
        (
            " 3, 2.5 , 8 ,b,1,",
            "BIGINT DOUBLE BIGINT VARCHAR DOUBLE VARCHAR",
            (3, 2.5, 8, "b", 1.0, None),
        ),
        (
            "3,1,9999999999999999999,b,1,",
            "BIGINT DOUBLE VARCHAR VARCHAR DOUBLE VARCHAR",
            (3, 1.0, "9" * 19, "b", 1.0, None),
        ),
    ],
    ids=["numbers", "gaps", "a code", "a fraction", "digits apart", "text", "spaces", "large"],
)
def test_columns_of_numbers_stay_numbers_in_parquet_and_no_cell_is_lost(
    write: Write, tmp_path: Path, row: str, kinds: str, cells: tuple[Any, ...]
) -> None:
    path = write(f"x,fraction,whole,text,half,gap\n{FILLER}{row}\n")
    found, rows = parquet_of(path, tmp_path / "out.parquet")
    assert found == [*kinds.split(), "DOUBLE"]
    assert rows[-1] == (*cells, 1 + 2 * cells[0])
    assert len(rows) == 16
    assert rows[0][:2] == (1, "1.5" if "none" in row else 1.5)


WHOLE_OR_NOT: dict[str, dict[str, tuple[str, object]]] = {
    "whole": {cell: ("BIGINT", int(cell) if cell else None) for cell in ("0", "-7", " 12 ", "")},
    "without a fraction": {
        **{cell: ("VARCHAR", cell) for cell in ("007", "-07", "00", "0x10", "1 000", "9" * 19)},
        "+5": ("DOUBLE", 5.0),
        "n": ("VARCHAR", "n"),
    },
    "with a fraction": {"1e2": ("DOUBLE", 100.0), "3.": ("DOUBLE", 3.0)},
    "with a large E": {"2E2": ("DOUBLE", 200.0)},
    "digits apart": {"1_0": ("VARCHAR", "1_0")},
}
"""Last cells of columns, each with what it is in Parquet."""


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize("case", WHOLE_OR_NOT)
def test_a_whole_number_is_one_only_as_it_is_written_alone(
    write: Write, tmp_path: Path, case: str
) -> None:
    cells = WHOLE_OR_NOT[case]
    header = ",".join(["x", *(f"price.e{nth}" for nth in range(len(cells)))])
    path = write(f"{header}\n" + f"1{',7' * len(cells)}\n" * 15 + ",".join(["3", *cells]))
    kinds, rows = parquet_of(path, tmp_path / "out.parquet")
    assert kinds == ["BIGINT", *(kind for kind, _ in cells.values()), "DOUBLE"]
    assert rows[-1] == (3, *(kept for _, kept in cells.values()), 7.0)
    assert len(rows) == 16


NUMBERS = st.one_of(
    st.from_regex(r"[+-]?[0-9]{1,20}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(2**63), 2**64).map(str),
    st.sampled_from(["", "nan", "inf", "-Infinity", "1e400", "1e-400", "2e-310", "007", "n"]),
)


KINDS_OF_TEXT = st.sampled_from(["csv", "jsonl"])


@settings(max_examples=20)
@given(st.lists(NUMBERS, min_size=1, max_size=4), st.sampled_from([0, 150]), KINDS_OF_TEXT)
def test_a_number_in_parquet_is_the_one_that_was_written(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], before: int, kind: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    filled = ["0.5"] * before + cells
    path = folder / f"numbers.{kind}"
    if kind == "csv":
        path.write_text("x,n\n" + "".join(f"1,{cell}\n" for cell in filled))
    else:
        path.write_text("".join(f'{{"x": 1, "n": "{cell}"}}\n' for cell in filled))
    kinds, rows = parquet_of(str(path), folder / "numbers.parquet")
    for cell, (_, kept, _) in zip(filled, rows, strict=True):
        if isinstance(kept, str) or kept is None:
            assert kept == cell or (kept is None and cell in {"", "nan"})
        else:
            assert Decimal(repr(kept)) == Decimal(cell)
    if before and all(map(_is_kept, cells)):
        assert kinds[1] == "DOUBLE"


def _is_kept(cell: str) -> bool:
    """Tell whether a number is none with zeros before it, and has the digits of a float64."""
    if not re.fullmatch(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE].*)?", cell):
        return False
    kept = float(cell)
    return math.isfinite(kept) and Decimal(repr(kept)) == Decimal(cell)


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_numbers_are_numbers_in_parquet_however_they_are_written(
    write: Write, tmp_path: Path, kind: str
) -> None:
    cells = ["1e20", "1E16", "1.1814694142195632e-08", "1.1814694142195632e-8", "5e-324", "-0.0"]
    cells += ["1.7976931348623157e308", "123456789012345680000", "0.10000000000000001e1"]
    lines = {
        "csv": ["x,n", *(f"1,{cell}" for cell in cells)],
        "jsonl": [f'{{"x": 1, "n": {cell}}}' for cell in cells],
    }
    path = write("\n".join(lines[kind]) + "\n", f"table.{kind}")
    kinds, rows = parquet_of(path, tmp_path / "out.parquet")
    lost = cells.pop()  # one digit more than a float64 has
    assert kinds[1] == "VARCHAR"
    assert [Decimal(row[1]) for row in rows] == [*map(Decimal, cells), Decimal(lost)]
    path = write("\n".join(lines[kind][:-1]) + "\n", f"table.{kind}")
    kinds, rows = parquet_of(path, tmp_path / "out.parquet")
    assert kinds[1] == "DOUBLE"
    assert [row[1] for row in rows] == [*map(float, cells)]


OWN = [
    "'12' as code",
    "'infinity'::date as day",
    "timestamp_ns '2024-01-01 12:00:00.123456789' as moment",
    "timestamptz '2024-01-01 12:00:00+00' as instant",
    "time '12:30:00.5' as hour",
    "true as has_garden",
    "'\\x00\\xFF'::blob as photo",
    "[1, null, 3] as rooms",
    "{'a': 'it''s', 'b': [1.5]} as address",
    "12.30::decimal(9, 2) as rent",
    "5::utinyint as floor",
    "'nan'::float as odd",
    "uuid '00000000-0000-0000-0000-000000000001' as id",
]
"""Columns of Parquet."""


@pytest.mark.parametrize("x", ["1 as x", "true as x", "date '2024-01-01' as x", "'1' as x"])
@pytest.mark.parametrize("bad", ["", " union all by name select null as x"])
def test_parquet_stays_what_it_is(tmp_path: Path, x: str, bad: str) -> None:
    path, output = tmp_path / "in.parquet", tmp_path / "out.parquet"
    duckdb.sql(f"copy (select {', '.join([x, *OWN])} {bad}) to '{path}' (format parquet)")
    table = open_table(
        str(path),
        {"x": ["false", "true"] if "true" in x else []},
        reading=Reading(bad_rows="skip") if bad else None,
        to_predict=True,
        dates=["x"] if "date" in x else [],
    )
    Predictions(table, THETA).write(output)
    before, after = (duckdb.sql(f"from '{file}' where x is not null") for file in (path, output))
    assert after.columns == [*before.columns, "prediction"]
    assert after.types[:-1] == before.types
    texts = [row[:-1] for row in after.select("columns(*)::varchar").fetchall()]
    assert texts == before.select("columns(*)::varchar").fetchall()


WIDE_DECIMALS = """
UEFSMRUAFRwVHCwVAhUAFQYVBhwAAAACAAAAAgEBAAAAAAAAABUAFTYVNiwVAhUAFQYVBhwAAAACAAAA
AgEAAAABas6Qrf9V6zQjeZVW6JCgOhQVBBk8NQAYBnNjaGVtYRUEABUEJQIYAXgAFQ4VKhUCGAFuJQoV
BBVkLFwVBBVkAAAAFgIZHBksJgAcFQQZJQYAGRgBeBUAFgIWQhZCJghJHBUAFQAVAgA8KQYZJgACAAAA
JgAcFQ4ZJQYAGRgBbhUAFgIWXBZcJkpJHBUAFQAVAgA8KQYZJgACAAAAFp4BFgImCBaeAQAoIHBhcnF1
ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGSwcAAAcAAAAwQAAAFBBUjE=
"""
"""A Parquet file by Arrow in Base64: a row of x = 1 and n, a decimal of 50 digits."""


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_decimals_of_more_digits_than_are_kept_are_refused(tmp_path: Path, ending: str) -> None:
    path, output = tmp_path / "t.parquet", tmp_path / f"out.{ending}"
    path.write_bytes(b64decode(WIDE_DECIMALS))
    predictions = Predictions(open_table(str(path), "x", to_predict=True), THETA)
    for call in (predictions.rows, lambda: predictions.write(output)):
        with pytest.raises(DataError, match="'n' holds decimals of 50 digits") as caught:
            call()
        assert caught.value.column == "n"
    assert not output.exists()
    assert list(predictions.pairs()) == [(1.0, 3.0)]


def test_a_column_of_more_digits_than_are_kept_is_no_feature_and_no_group(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(b64decode(WIDE_DECIMALS))
    for x, own in (("n", {"to_predict": True}), ("x", {"to_predict": True, "by": "n"})):
        with pytest.raises(DataError, match="'n' holds decimals of 50 digits"):
            open_table(str(path), x, **own)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("x,a,A", "two columns have names that differ by case alone"),
        ("x,a,a", "two columns have one name"),
        ("x,,A", "a column has no name"),
    ],
)
def test_names_that_are_not_written_to_parquet_are_refused_there_alone(
    write: Write, tmp_path: Path, header: str, told: str
) -> None:
    predictions = Predictions(open_table(write(f"{header}\n1,2,3\n"), "x", to_predict=True), THETA)
    with pytest.raises(DataError, match=f"{told}, which fitline does not write to Parquet"):
        predictions.write(tmp_path / "out.parquet")
    predictions.write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().startswith(f"{header},prediction\n1,2,3,3.0")
    assert not (tmp_path / "out.parquet").exists()


def test_files_that_do_not_agree_about_a_column_make_it_text(tmp_path: Path) -> None:
    for name, z in {"a": "date '2024-01-01'", "b": "true", "c": "null::date"}.items():
        made = f"select 1 as x, {z} as z, date '2024-01-01' as {name}"
        duckdb.sql(f"copy ({made}) to '{tmp_path / name}.parquet'")
    files = [str(tmp_path / f"{name}.parquet") for name in "abc"]
    Predictions(open_table(files, "x", to_predict=True), THETA).write(tmp_path / "out.parquet")
    found = duckdb.sql(f"from '{tmp_path / 'out.parquet'}'")
    assert list(map(str, found.types)) == ["INTEGER", "VARCHAR", *["DATE"] * 3, "DOUBLE"]
    assert [row[1] for row in found.fetchall()] == ["2024-01-01", "true", None]


def test_a_key_that_appears_late_is_a_column(write: Write) -> None:
    early, late = '{"x": 1}\n' * 1000, '[]\n{"x": 2, "late": "here"}\n'
    path = write(early + late, "table.jsonl")
    header, *rows = predicted(path, bad_rows="skip")
    assert header == ["x", "late", "prediction"]
    assert rows[-1] == ["2", "here", 5.0]


LATER: dict[str, tuple[list[str], str, list[object]]] = {
    "a whole number": (["5"], "BIGINT", [5]),
    "a fraction": (["0.5"], "DOUBLE", [0.5]),
    "more and more": (["5", "-", "0.5", "1e3"], "DOUBLE", [5.0, None, 0.5, 1000.0]),
    "a text after a number": (["5", "?", "a"], "VARCHAR", ["5", "?", "a"]),
    "a number after a text": (["a", "5"], "VARCHAR", ["a", "5"]),
    "a code": (["5", "007"], "VARCHAR", ["5", "007"]),
    "words for nothing": (["NA", "-"], "VARCHAR", ["NA", "-"]),
    "nothing": ([], "VARCHAR", []),
}
"""What stands below many empty cells of a column, and what it is in Parquet."""

SPARSE = {
    "csv": ("x,y\n", "1,\n", "%s,%s\n"),
    "tsv": ("x\ty\n", "1\t\n", "%s\t%s\n"),
    "null.jsonl": ("", '{"x": 1, "y": null}\n', '{"x": "%s", "y": "%s"}\n'),
    "late.jsonl": ("", '{"x": 1}\n', '{"x": "%s", "y": "%s"}\n'),
}
"""How tables begin, their rows with an empty cell, and those with one that is filled."""


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize(
    ("last", "later", "ending"),
    [
        (last, *drawn)
        for last, drawn in zip(
            cycle(["no bad row", "a bad row", "another file"]),
            product(LATER, SPARSE),
            strict=False,
        )
    ],
)
def test_empty_cells_before_them_make_no_text_of_numbers(
    write: Write, tmp_path: Path, later: str, ending: str, last: str
) -> None:
    cells, kind, kept = LATER[later]
    first, empty, row = SPARSE[ending]
    above, below = first + 150 * empty, "".join(row % ("1", cell) for cell in cells)
    if last == "a bad row" or not cells:
        below += row % ("no", "text")
    if last == "another file":
        write(first + below, f"2.{ending}")
    path = write(above if last == "another file" else above + below, f"1.{ending}")
    pattern = path.replace(f"1.{ending}", f"[12].{ending}")
    kinds, rows = parquet_of(pattern, tmp_path / "out.parquet", bad_rows="skip")
    assert kinds == ["BIGINT", kind, "DOUBLE"]
    assert [y for _, y, _ in rows] == [None] * 150 + kept


def test_features_that_begin_with_many_empty_cells_are_numbers(
    write: Write, tmp_path: Path
) -> None:
    path = write("x\n" + "NA\n" * 150 + "3\n")
    kinds, rows = parquet_of(path, tmp_path / "out.parquet", bad_rows="skip")
    assert (kinds, rows) == (["BIGINT", "DOUBLE"], [(3, 7.0)])


def test_decimal_commas_are_numbers_in_parquet(write: Write, tmp_path: Path) -> None:
    path = write("x;z\n1,5;1.150,25\n2,5;3\n")
    kinds, rows = parquet_of(path, tmp_path / "out.parquet")
    assert kinds == ["DOUBLE"] * 3
    assert rows == [(1.5, 1150.25, 4.0), (2.5, 3.0, 6.0)]


@pytest.mark.parametrize("output", ["out.csv", ""])
@pytest.mark.parametrize("told", [{}, {"decimal": ",", "thousands": "."}])
def test_a_table_of_decimal_commas_gets_predictions_that_are_read_as_its_numbers(
    write: Write, tmp_path: Path, output: str, told: dict[str, Any]
) -> None:
    tables = [write("x;z\n1,5;1.000,5\n2;2.000,25\n", "t.csv"), str(tmp_path / "t.parquet")]
    duckdb.sql(
        "copy (select 0.125 as x, 1.234 as z, 7::float as w, 2.50::decimal(9, 2) as d, 'v1.2' t)"
        f" to '{tables[1]}'"
    )
    reading = Reading(**told)
    with open_table(tables, "x", reading=reading, to_predict=True) as table:
        predictions = Predictions(table, THETA)
        path = tmp_path / (output or "streamed.csv")
        if output:
            predictions.write(path)
        else:
            rows = [predictions.header, *predictions.rows()]
            path.write_text("".join(csv_lines(rows)), encoding="utf-8")
    cells = [*csv.reader(path.read_text(encoding="utf-8").splitlines())]
    assert cells[1:] == [
        ["1,5", "1.000,5", "", "", "", "4,0"],
        ["2", "2.000,25", "", "", "", "5,0"],
        ["0,125", "1,234", "7,0", "2,50", "v1.2", "1,25"],
    ]
    again = Reading(decimal=",", thousands=".")
    with open_table(str(path), "prediction", "z", again) as table:
        assert table.head(3) == [(4.0, 1000.5), (5.0, 2000.25), (1.25, 1.234)]


def test_numbers_of_json_beside_decimal_commas_are_written_with_these_or_refused(
    write: Write,
) -> None:
    tables = [write("x;z\n1,5;1.000,5\n", "t.csv"), write('{"x": 2, "z": 1.234}', "t.jsonl")]
    with pytest.raises(DataError, match=r"t\.jsonl: its numbers have decimal points"):
        predicted(tables)  # type: ignore[arg-type]
    told = predicted(tables, decimal=",", thousands=".")  # type: ignore[arg-type]
    assert told[1:] == [["1,5", "1.000,5", "4,0"], ["2", "1,234", "5,0"]]


def test_a_row_left_out_stays_out_of_parquet(write: Write, tmp_path: Path) -> None:
    path = write("x,n\n1,5\nno,6\n,7\n2,8\n")
    kinds, rows = parquet_of(path, tmp_path / "out.parquet", bad_rows="skip")
    assert (kinds, rows) == (["BIGINT", "BIGINT", "DOUBLE"], [(1, 5, 3.0), (2, 8, 5.0)])


def test_times_are_those_of_greenwich_wherever_one_is(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    noon = "timestamptz '2024-01-01 12:00:00+00'"
    duckdb.sql(f"copy (select 3 as x, {noon} as t) to '{path}' (format parquet)")
    words = ["-m", "fitline", "predict", str(path), "--x", "x", "--theta0", "1", "--theta1", "2"]
    env = {**os.environ, "TZ": "America/New_York"}
    done = subprocess.run([sys.executable, *words], env=env, capture_output=True, check=True)
    assert done.stdout == b"x,t,prediction\n3,2024-01-01 12:00:00+00,7.0\n"


@pytest.mark.parametrize("bad", ["", "5,z,\n", "5,z,no\n"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_with_y_has_residuals_and_rows_without_it_are_bad(
    write: Write, tmp_path: Path, ending: str, bad: str
) -> None:
    path, output = write(f"x,n,y\n3,a,10\n{bad}-1.5,b,2.25\n"), tmp_path / f"out.{ending}"

    def residuals(**reading: str) -> list[tuple[Any, ...]]:
        read = Reading(**reading)  # type: ignore[arg-type]
        with open_table(path, "x", "y", read, to_predict=True) as table:
            predictions = Predictions(table, THETA)
            assert predictions.header == ["x", "n", "y", "prediction", "residual"]
            streamed = [tuple(map(float, row[-2:])) for row in predictions.rows()]
            predictions.write(output)
        told = "prediction::double, residual::double"
        assert duckdb.sql(f"select {told} from '{output}'").fetchall() == streamed
        return streamed

    expected = [(7.0, 3.0), (-2.0, 4.25)]
    if not bad:
        assert residuals() == expected
        return
    with pytest.raises(DataError) as caught:
        residuals()
    assert (caught.value.line, caught.value.column) == (3, "y")
    assert residuals(bad_rows="skip") == expected


NUMBERS_OF_PARQUET = {
    "tiny": ("tinyint", ["1", "-7"]),
    "int": ("integer", ["16777217", "3"]),
    "bigint": ("bigint", ["1234567890123456789", "-2"]),
    "unsigned": ("ubigint", ["18446744073709551615", "4"]),
    "float": ("float", ["1.5", "-2.25"]),
    "double": ("double", ["0.1", "1e22"]),
    "short decimal": ("decimal(10, 2)", ["1.10", "-3.45"]),
    "long decimal": ("decimal(18, 4)", ["1.1234", "3.7777"]),
    "whole decimal": ("decimal(38, 0)", ["7", "12345678901234567890123456789"]),
    "fine decimal": ("decimal(38, 30)", ["1.100000000000000000000000000001", "2"]),
}


@pytest.fixture(scope="module")
def files_of_numbers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Write a file for each of these types."""
    folder, files = tmp_path_factory.mktemp("numbers"), {}
    for name, (kind, texts) in NUMBERS_OF_PARQUET.items():
        files[name] = str(folder / f"{name}.parquet")
        rows = ", ".join(f"('{text}'::{kind}, '{text}'::{kind}, {text})" for text in texts)
        duckdb.sql(f"from (values {rows}) t(x, other, y)").write_parquet(files[name])
    return files


PAIRS = [*combinations(NUMBERS_OF_PARQUET, 2)]


@pytest.mark.parametrize(
    ("pair", "ending"),
    [  # in CSV every cell is a text, whatever the type in the other file
        *((pair, "parquet") for pair in PAIRS),
        *((pair, "csv") for pair in pairwise([*NUMBERS_OF_PARQUET, "tiny"])),
    ],
)
def test_no_cell_changes_where_files_have_other_types(
    tmp_path: Path, files_of_numbers: dict[str, str], pair: tuple[str, str], ending: str
) -> None:
    output = tmp_path / f"out.{ending}"
    paths = [files_of_numbers[name] for name in pair]
    cells = [Decimal(text) for name in pair for text in NUMBERS_OF_PARQUET[name][1]]
    with open_table(paths, "x", "y", to_predict=True) as table:
        predictions = Predictions(table, (0.0, 1.0))
        predictions.write(output)
        found = [[*predictions.rows()]] if ending == "csv" else []
    if ending == "csv":
        with output.open(newline="") as stream:
            found.append([tuple(row) for row in csv.reader(stream)][1:])
    else:
        columns = "x::varchar, other::varchar, y, prediction, residual"
        found.append(duckdb.sql(f"select {columns} from '{output}'").fetchall())
    for rows in found:
        assert [Decimal(str(x)) for x, *_ in rows] == cells
        assert [Decimal(str(other)) for _, other, *_ in rows] == cells
        assert [float(told) for *_, told, _ in rows] == [float(cell) for cell in cells]
        assert [float(missed) for *_, missed in rows] == [0.0] * 4
