"""Parquet tables, whatever their types."""

import base64
import csv
import gzip
import io
import math
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle, product
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitline.data import Reading, open_table
from fitline.data.arrow_schema import durations
from fitline.data.cell_errors import trouble
from fitline.data.compression import zstd
from fitline.data.predictions import Predictions
from fitline.errors import DataError

Refused = Callable[..., DataError]


def parquet(folder: Path, query: str) -> str:
    path = folder / "t.parquet"
    duckdb.sql(f"copy ({query}) to '{path}' (format parquet)")
    return str(path)


def test_bytes_that_are_text_are_that_text(tmp_path: Path) -> None:
    """Some write text into Parquet without saying that it is text."""
    texts = ["it's", "café", 'a"b\\'] * 2
    table = pl.DataFrame({"g": texts, "x": [1.0, 2, 3, 4, 5, 7], "y": [2.0, 3, 5, 4, 9, 7]})
    found = []
    for kind in (pl.String, pl.Binary):
        path = str(tmp_path / f"{kind}.parquet")
        table.with_columns(pl.col("g").cast(kind)).write_parquet(path)
        predictions = Predictions(open_table(path, "x", to_predict=True), [0.0, 1.0])
        found.append((open_table(path, "g", "y").columns, [*predictions.rows()]))
    assert found[0] == found[1]
    other = parquet(tmp_path, r"select '\xFF\x27'::blob as g, 1 as x")
    (row,) = Predictions(open_table(other, "x", to_predict=True), [0.0, 1.0]).rows()
    assert row[0] == r"\xFF\x27"


@pytest.mark.parametrize(
    "kind",
    [
        *("tinyint", "hugeint", "uint64", "float", "decimal(5, 2)", "decimal(38, 10)"),
        *("varchar", "enum('0', '1', '2')"),
    ],
)
def test_a_column_of_any_type_that_holds_numbers_is_read(tmp_path: Path, kind: str) -> None:
    number = f"range::varchar::{kind}"
    query = f"select 'a' as n, {number} as x, (1 + 2 * range) as y, [1] as l from range(3)"
    moments = open_table(parquet(tmp_path, query), "x", "y").moments()
    assert (moments.rows, *moments.fit.theta) == (3, 1.0, 2.0)


NAN_IN_B = {"b": [1.5, math.nan, 3.0, 4.0], "c": [1.0, 2, 3, 7], "y": [1.0, 9, 3, 5]}
FORMS: list[tuple[Any, str]] = [
    *(("b", "y"), ("c", "b"), (("b", "c"), "y"), ("b^2", "y"), ("c*b^0", "y")),
]


@pytest.mark.parametrize(
    ("statistics", "x", "y", "kind"),
    [
        (statistics, *form, (pl.Float64, pl.Float32)[(nth + place) % 2])
        for nth, statistics in enumerate([True, False, "full"])
        for place, form in enumerate(FORMS)
    ],
)
def test_nan_is_missing_whatever_the_statistics_of_the_file_say(
    tmp_path: Path, statistics: Any, x: Any, y: str, kind: Any
) -> None:
    table = pl.DataFrame(NAN_IN_B, schema=dict.fromkeys(NAN_IN_B, kind))
    path = str(tmp_path / "t.parquet")
    table.write_parquet(path, statistics=statistics)
    with pytest.raises(DataError, match="row 2: b is missing"):
        open_table(path, x, y).moments()
    rest = {name: values[:1] + values[2:] for name, values in NAN_IN_B.items()}
    read = open_table(path, x, y, Reading(missing="skip"))
    assert read.moments().fingerprint == open_table(rest, x, y).moments().fingerprint
    assert (read.skipped, read.missing) == (1, 1)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_no_prediction_is_nan(tmp_path: Path, ending: str) -> None:
    path, out = str(tmp_path / "t.parquet"), tmp_path / f"out.{ending}"
    pl.DataFrame(NAN_IN_B).write_parquet(path)
    with pytest.raises(DataError, match="row 2: b is missing"):
        Predictions(open_table(path, "b", to_predict=True), [0.0, 1.0]).write(str(out))
    skipping = open_table(path, "b", reading=Reading(missing="skip"), to_predict=True)
    Predictions(skipping, [0.0, 1.0]).write(str(out))
    written = pl.read_csv(out) if ending == "csv" else pl.read_parquet(out)
    assert written["prediction"].to_list() == [1.5, 3.0, 4.0]


def test_whole_numbers_beyond_float_are_rounded_to_the_nearest(tmp_path: Path) -> None:
    query = "select range as x, 9007199254740993::bigint as y from range(2)"
    moments = open_table(parquet(tmp_path, query)).moments()
    assert moments.y_mean == float(9007199254740993)


BAD_CELLS = [None, "", " ", "nan", "-inf", "1e400", "n/a", "1,5", "٣"]


def test_rows_that_cannot_be_used_are_skipped_and_kept(tmp_path: Path) -> None:
    cells = ", ".join("(null, 7)" if cell is None else f"('{cell}', 7)" for cell in BAD_CELLS)
    path = parquet(tmp_path, f"from (values ('1', 3), ('2', 5), {cells}, ('3', 7)) t(x, y)")
    table = open_table(path, reading=Reading(bad_rows="skip"), rejects=tmp_path / "rejects.csv")
    assert (table.moments().fit.theta[1], table.skipped) == (2.0, len(BAD_CELLS))
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as stream:
        kept = list(csv.DictReader(stream))
    assert [int(row["line"]) for row in kept] == [*range(3, 3 + len(BAD_CELLS))]
    assert [row["reason"] for row in kept] == [trouble("x", cell) for cell in BAD_CELLS]


@pytest.mark.parametrize("cell", ["none", "--5"])
def test_a_row_that_cannot_be_used_is_named_by_its_number(
    tmp_path: Path, refused: Refused, cell: str
) -> None:
    path = parquet(tmp_path, f"from (values ('1', 3), ('2', 5), ('{cell}', 7)) t(x, y)")
    error = refused(path)
    assert str(error) == f"{path}, row 3: x is '{cell}', not a number"
    assert (error.line, error.unit, error.column) == (3, "row", "x")


@pytest.mark.parametrize("kind", ["double", "float"])
def test_numbers_that_are_not_finite_are_skipped(tmp_path: Path, kind: str) -> None:
    cells = ", ".join(f"({cell}::{kind}, 7)" for cell in ("'nan'", "'inf'", "'-inf'", "null"))
    path = parquet(tmp_path, f"from (values (1::{kind}, 3), (2, 5), {cells}, (3, 7)) t(x, y)")
    table = open_table(path, reading=Reading(bad_rows="skip"), rejects=tmp_path / "rejects.csv")
    assert (table.moments().fit.theta[1], table.skipped) == (2.0, 4)
    assert len((tmp_path / "rejects.csv").read_text().splitlines()) == 1 + 4


@pytest.mark.parametrize("cell", ["true", "time '10:00'", "[1]", "{a: 1}"])
def test_a_column_of_another_type_is_refused(tmp_path: Path, refused: Refused, cell: str) -> None:
    error = refused(parquet(tmp_path, f"select {cell} as x, range as y from range(3)"))
    assert "not a number" in str(error)


@pytest.mark.parametrize(
    ("cell", "slope"),
    [
        ("date '2020-01-01' + range::integer", 2.0),
        ("timestamp '2020-01-01 06:00:00' + range * interval 12 hours", 4.0),
        ("timestamptz '2020-01-01 06:00:00+02' + range * interval 12 hours", 4.0),
    ],
)
@pytest.mark.parametrize("pattern", [None, "%d.%m.%Y"])
@pytest.mark.parametrize("x", ["x", ["x", "z"]])
def test_a_column_of_dates_is_read_as_days(
    tmp_path: Path, cell: str, slope: float, x: str | list[str], pattern: str | None
) -> None:
    rows = f"select {cell} as x, range % 2 as z, 1 + 2 * range as y from range(3)"
    table = open_table(parquet(tmp_path, rows), x, "y", Reading(date_format=pattern))
    moments = table.moments()
    assert moments.fit.theta[1] == slope
    assert 18_262 <= moments.x_min[0] < 18_263
    assert table.labels[0] == "x (days since 1970-01-01)"


DATES = ("date", "timestamp", "timestamptz")
ODD_DATES = ("0222-09-04 (BC)", "12024-10-06", "infinity", "-infinity")


@pytest.mark.parametrize(
    ("bad", "of", "odd"),
    [
        (bad, *drawn)
        for bad, drawn in zip(
            cycle(["(2)", "(1, 3)", "(1, 2, 3)", "(4)"]), product(DATES, ODD_DATES), strict=False
        )
    ],
)
def test_in_a_column_of_dates_those_alone_are_bad_that_cannot_be_read(
    tmp_path: Path, of: str, odd: str, bad: str
) -> None:
    day = f"case when range in {bad} then '{odd}' else '2024-10-0' || range end"
    path = parquet(tmp_path, f"select ({day})::{of} as x, range as y from range(1, 6)")
    with open_table(path, "x", "y", Reading(bad_rows="skip"), rejects=tmp_path / "r.csv") as table:
        table.moments()
    with (tmp_path / "r.csv").open() as stream:
        kept = list(csv.DictReader(stream))
    assert f"({', '.join(row['line'] for row in kept)})" == bad
    assert all(row["reason"].startswith(f"x is '{odd}") for row in kept)
    assert all("--date-format" not in row["reason"] for row in kept)


def test_dates_of_parquet_stand_beside_those_of_text(tmp_path: Path) -> None:
    day = "date '2020-01-03' + range::integer"
    path = parquet(tmp_path, f"select {day} as x, range as y from range(2)")
    (tmp_path / "t.csv").write_text("x,y\n01.01.2020,7\n02.01.2020,8\n")
    reading = Reading(date_format="%d.%m.%Y")
    with open_table([str(tmp_path / "t.csv"), path], "x", "y", reading) as table:
        assert [x - 18_262 for x, _ in table.head(4)] == [0, 1, 2, 3]


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_file_may_be_compressed_once_more(tmp_path: Path, ending: str) -> None:
    path = Path(parquet(tmp_path, "select range as x, 1 + 2 * range as y from range(9)"))
    compress = {"gz": gzip.compress, "zst": zstd().compress}[ending]
    packed = tmp_path / f"p.parquet.{ending}"
    packed.write_bytes(compress(path.read_bytes()))
    assert open_table(str(packed)).moments().fit.theta.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("name", ['it\'s "q"', "Łódź", "file_row_number", "filename"])
def test_a_column_may_have_any_name(tmp_path: Path, refused: Refused, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    query = f"select range as {quoted}, 1 + 2 * range as y from range(3)"
    assert open_table(parquet(tmp_path, query), name, "y").moments().fit.theta[1] == 2.0
    query = f"select range as {quoted}, nullif(range, 2) as y from range(3)"
    assert refused(parquet(tmp_path, query), name, "y").line == 3


def test_a_table_without_rows_tells_no_line(tmp_path: Path, refused: Refused) -> None:
    error = refused(parquet(tmp_path, "select range as x, range as y from range(0)"))
    assert "0 rows cannot determine a line" in error.message


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, refused: Refused) -> None:
    path = Path(parquet(tmp_path, "select range as x, range as y from range(1000)"))
    path.write_bytes(path.read_bytes()[:-10])
    error = refused(str(path))
    assert error.file == str(path)
    assert "\n" not in error.message


TWIN = "twin0001", "twin0002"
ALIKE = {
    "by case": ("a", "A", "A_1", "y"),
    "by case, turned": ("A", "a", "a_1", "y"),
    "not at all": (TWIN[0], TWIN[0], f"{TWIN[0]}_1", "y"),
    "without a name": ("", "C0", "C1", "y"),
    "after one without a name": ("C0", "", "C1", "y"),
    "with y": ("Y", "x", "C1", "y"),
}


@pytest.mark.parametrize("case", ALIKE)
def test_columns_are_called_as_in_the_file_however_alike_they_are(
    tmp_path: Path, case: str
) -> None:
    names, path = ALIKE[case], tmp_path / "t.parquet"
    columns = [[1.0, 2, 3], [5.0, 4, 7], [2.0, 7, 1], [3.0, 5, 4]]
    own = (TWIN[0], TWIN[1], *names[2:]) if len({*names}) < len(names) else names
    pl.DataFrame(dict(zip(own, columns, strict=True))).write_parquet(path)
    path.write_bytes(path.read_bytes().replace(*map(str.encode, TWIN[::-1])))
    for place, name in enumerate(names[:-1]):
        typed = name if name and names.count(name) == 1 else f"@{place + 1}"
        table = open_table(str(path), typed, "y")
        rows = table.rows(table.moments())
        assert [*rows.x.tolist(), rows.y.tolist()] == [columns[place], columns[-1]]
    out = tmp_path / "out.csv"
    Predictions(open_table(str(path), "@3", to_predict=True), [0.0, 1.0]).write(str(out))
    assert next(csv.reader(out.read_text().splitlines())) == [*names, "prediction"]


@pytest.mark.parametrize("cell", ["{'u': 1}", "['a']", "map {'a': 1}"])
def test_a_cell_of_several_values_is_no_level(tmp_path: Path, cell: str) -> None:
    query = f"select {cell} as x, range as y from range(3)"
    with pytest.raises(DataError, match=r"x is .*, not a number"):
        open_table(parquet(tmp_path, query), "x", "y").moments()


def test_the_marks_of_texts_are_those_that_were_named(tmp_path: Path) -> None:
    query = "select unnest(['1,5', '2,5', '1.004,25']) as x, unnest([1, 2.5, 4]) as y"
    reading = Reading(decimal=",", thousands=".")
    table = open_table(parquet(tmp_path, query), "x", "y", reading)
    rows = table.rows(table.moments())
    assert (*rows.x.tolist(), rows.y.tolist()) == ([1.5, 2.5, 1004.25], [1, 2.5, 4])


@pytest.mark.parametrize("microseconds", [-(10**17), -5 * 10**18, 10**18])
def test_moments_far_from_our_time_are_no_levels(
    tmp_path: Path, refused: Refused, microseconds: int
) -> None:
    path = tmp_path / "t.parquet"
    moments = f"make_timestamp({microseconds} + range * 10000000000000000)"
    duckdb.sql(f"copy (select {moments} as t, range as y from range(6)) to '{path}'")
    error = refused(str(path), "t", "y")
    assert all("not a date" in detail for detail in error.details[:3])


@pytest.mark.parametrize(
    ("kind", "x", "marks"),
    [
        (kind, x, {"decimal": ","} | ({"thousands": "."} if (nth + place) % 2 else {}))
        for nth, kind in enumerate(["double", "decimal(6, 2)", "integer"])
        for place, x in enumerate(["x", "log(x)"])
    ],
)
def test_a_row_is_listed_for_its_text_and_not_for_a_number_beside_it(
    tmp_path: Path, marks: dict[str, Any], kind: str, x: str
) -> None:
    rows = "(values ('1', 1.5), ('2', 2.5), ('NA', 3.5), ('3,5', 4.5), ('4x', 5.25))"
    path = parquet(tmp_path, f"select x, y::{kind} as y from {rows} v(x, y)")
    rejects = tmp_path / "r.csv"
    reading = Reading(bad_rows="skip", **marks)
    with open_table(path, x, "y", reading, rejects=rejects) as table:
        assert (table.moments().rows, table.skipped, table.missing) == (3, 2, 1)
    with rejects.open(newline="") as stream:
        found = [(row["line"], row["column"], row["value"]) for row in csv.DictReader(stream)]
    assert found == [("3", "x", "NA"), ("5", "x", "4x")]


WAITS: Any = {
    "y": [1.0, 2.0, 5.0],
    "n": [[1], [2], [3]],
    "wait": [1_000_000, 2_000_000, 5_000_000],
    "more": [1, 2, 3],
}
"""Beside a column whose cells hold several values."""

UNITS: dict[Any, str] = {"ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}


@pytest.mark.parametrize("unit", UNITS)
def test_durations_are_no_numbers(tmp_path: Path, refused: Refused, unit: Any) -> None:
    path, other = str(tmp_path / "d.parquet"), str(tmp_path / "o.parquet")
    table = pl.DataFrame(WAITS).with_columns(pl.col("wait").cast(pl.Duration(unit)))
    table.write_parquet(path)
    table.with_columns(pl.col("wait").cast(pl.Int64)).write_parquet(other)
    told = f"'wait' holds durations in {UNITS[unit]}"
    for x, y in (("wait", "y"), ("y", "wait"), ("sqrt(wait)", "y")):
        assert told in refused(path, x, y).message
    with pytest.raises(DataError, match=told):
        open_table(path, "more", "y", by="wait")
    with open_table(path, "y", to_predict=True) as one:
        rows = [(row[2], row[-1]) for row in Predictions(one, [0.0, 2.0]).rows()]
    assert rows == [(wait, 2 * y) for wait, y in zip(WAITS["wait"], WAITS["y"], strict=True)]
    with (
        open_table([path, other], "y", to_predict=True) as both,
        pytest.raises(DataError, match=told),
    ):
        [*Predictions(both, [0.0, 2.0]).rows()]


@settings(max_examples=50)
@given(st.data())
def test_a_damaged_schema_tells_of_no_durations_or_of_some(data: st.DataObject) -> None:
    stream = io.BytesIO()
    pl.DataFrame({"wait": [timedelta(1)], "y": [1.0]}).write_parquet(stream)
    (schema,) = re.findall(rb"ARROW:schema.{2,4}?([A-Za-z0-9+/=]{40,})", stream.getvalue())
    assert durations(schema) == {0: "microseconds"}
    damaged = bytearray(base64.b64decode(schema))
    for _ in range(data.draw(st.integers(1, 9))):
        damaged[data.draw(st.integers(8, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    found = durations(base64.b64encode(damaged[: data.draw(st.integers(0, len(damaged)))]))
    assert {*found.values()} <= {"seconds", *UNITS.values()}


INT96 = (
    "UEFSMRUAFTwVPCwVBBUAFQYVBhwAAAACAAAABAEVzVsHAAAAAJeKJQDnAwAAAAAAAIw9JQAVABUsFSwsFQQVABUGFQYc"
    "AAAAAgAAAAQBAAAAAAAA8D8AAAAAAAAAQBUEGTw1ABgGc2NoZW1hFQQAFQYlAhgBdAAVCiUCGAF5ABYEGRwZLCYAHBUG"
    "GSUGABkYAXQVABYEFmIWYiYISRwVABUAFQIAPCkGGSYABAAAACYAHBUKGSUGABkYAXkVABYEFlIWUiZqSRwVABUAFQIA"
    "PCkGGSYABAAAABa0ARYEJggWtAEAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRksHAAAHAAAALEAAABQ"
    "QVIx"
)
"""A Parquet file by Arrow in Base64: y = 1 and 2, and t of INT96, at 789 and 999 nanoseconds."""


def test_it_is_said_where_times_lose_nanoseconds(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(base64.b64decode(INT96))
    note = f"{path}: in 't' the times of INT96 are read to the microsecond"
    with open_table(str(path), "t", "y") as table:
        assert note in table.notes
    with open_table(str(path), "y", to_predict=True) as table:
        assert table.notes == [note]
        assert [t for t, *_ in Predictions(table, [0.0, 1.0]).rows()] == [
            "2024-01-01 00:00:00.123456",
            "1970-01-01 00:00:00",
        ]
