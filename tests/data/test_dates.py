"""Python and the engine read the same dates, or both read none."""

import csv
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fitline.data import Reading, open_table
from fitline.data.dates import Dates, dates_of
from fitline.data.engine import Engine
from fitline.data.sql import text
from fitline.errors import ConfigError, DataError

FORMATS = [
    *("%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%y%m%d", "%d %B %Y", "%a, %d %b %Y", "%A %d.%m.%Y"),
    *("%Y-%j", "%Y%j", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S.%f", "%Y%m%d%H%M%S%f"),
    *("%d.%m.%Y %I:%M %p", "%Y-%m-%dT%H:%M%z", "%z %Y-%m-%d", "%H%M %d.%m.%Y", "%Y", "%m.%Y"),
    *("100%% %d.%m.%Y", "[%d|%m|%Y]"),
]
ODD = ["epoch", "infinity", "-infinity", "now", "today", "", " ", "Z", "0000-01-01", "1.2.24"]


def texts_of(pattern: str, draw: random.Random) -> list[str]:
    """Write dates, and what is nearly one."""
    found = []
    for _ in range(60):
        day = datetime(1, 1, 1, tzinfo=UTC) + timedelta(seconds=draw.randrange(315_000_000_000))
        right = day.strftime(pattern.replace("%Y", f"{day.year:04}"))
        found += [right, right.lower(), right.replace("0", ""), right.replace(" ", "  ")]
        place = draw.randrange(len(right))
        for mark in ("", "0", "3", "9", " ", "-", "Z", "x"):
            found.append(right[:place] + mark + right[place + 1 :])
            found.append(right[:place] + mark + right[place:])
    zones = ["+01", "+0130", "+01:30", "-00", "+25:00", "+23:59", "+24:00", "Z", "z", ""]
    found += ["2024-05-01T10:00" + zone for zone in zones]
    found += [
        f"{day}-{month}-{year}" for day in (0, 29, 366) for month in (2, 13) for year in (4, 0)
    ]
    found += [f"{year}-{day}" for year in (2023, 2024) for day in ("366", "060", "60", "0")]
    return [*dict.fromkeys([*found, *ODD])]


@pytest.mark.parametrize("pattern", [None, *FORMATS])
def test_what_the_engine_reads_is_what_python_reads(pattern: str | None) -> None:
    dates = dates_of(Reading(date_format=pattern)) or Dates()
    texts = texts_of(pattern or "%Y-%m-%dT%H:%M:%S", random.Random(7))  # noqa: S311 - a date is no secret
    with Engine() as engine:
        cells = ", ".join(f"({nth}, {text(each)})" for nth, each in enumerate(texts))
        query = f"select {dates.sql('c')} from (values {cells}) v(n, c) order by n"
        found = [value for (value,) in engine.fetch(query)]
    read = [dates.read(each.strip(" \t\n\v\f\r")) for each in texts]
    assert dict(zip(texts, found, strict=True)) == dict(zip(texts, read, strict=True))
    assert sum(value is not None for value in read) > 40


DIGITS = [20240131, 20240201, 20240229, 20240301]
KINDS = ["csv", "jsonl", "texts.jsonl", "parquet", "texts"]


def table_of_digits(kind: str, folder: Path) -> Any:
    """Write days as digits, and a feature and y beside them."""
    days = list(map(str, DIGITS)) if "texts" in kind else DIGITS
    columns = {"d": days, "v": [1, 2, 5, 3], "y": [0, 1, 29, 30]}
    if kind == "texts":
        return columns
    path, rows = folder / f"t.{kind}", [*zip(*columns.values(), strict=True)]
    if kind == "parquet":
        duckdb.sql(f"copy (from (values {str(rows)[1:-1]}) t(d, v, y)) to '{path}'")
    elif kind == "csv":
        path.write_text("\n".join(["d,v,y", *(f"{d},{v},{y}" for d, v, y in rows)]))
    else:
        path.write_text("\n".join(json.dumps(dict(zip("dvy", row, strict=True))) for row in rows))
    return str(path)


@pytest.mark.parametrize("x", [["d"], ["d", "v"], ["v", "d"], ["v", "d", "v^2"]], ids=",".join)
@pytest.mark.parametrize("kind", KINDS)
def test_digits_are_dates_where_a_format_says_so_among_other_features(
    tmp_path: Path, kind: str, x: list[str]
) -> None:
    data = table_of_digits(kind, tmp_path)
    with open_table(data, x, "y", Reading(date_format="%Y%m%d")) as table:
        theta = dict(zip(["", *x], table.moments().fit.theta.tolist(), strict=True))
        assert [*table.units] == ["d"]
        assert theta["d"] == pytest.approx(1)
    with open_table(data, "v", "y", Reading(date_format="%Y%m%d")) as table:
        assert not table.units


NO_DATES = [
    *(("%d.%m.%Y", cell) for cell in ("01.03.24", "01.03.0000", "epoch", "1.3.224")),
    *(("%Y%m%d", cell) for cell in ("240513", "2024120", "epoch")),
    *(("%d/%m/%y", cell) for cell in ("01/03/4", "epoch")),
    *(("%Y-%m-%dT%H:%M%z", cell) for cell in ("2024-05-01t10:00Z", "2024-05-01T10:00+25:00")),
    *(("%Y-%j", cell) for cell in ("2023-366", "24-060")),
]
NO_ISO_DATES = ["0000-01-01", "24-02-02", "2024-1-1", "epoch"]


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize(
    ("pattern", "cell", "place"),
    [
        *((*case, (1, 15)[nth % 2]) for nth, case in enumerate(NO_DATES)),
        *((None, cell, place) for cell in NO_ISO_DATES for place in (1, 15)),
    ],
)
def test_what_is_no_date_is_refused_with_its_line_and_listed(
    tmp_path: Path, pattern: str | None, cell: str, place: int
) -> None:
    days = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(20)]
    rows = [day.strftime(pattern or "%Y-%m-%d") for day in days]
    rows[place] = cell
    table, rejects = tmp_path / "t.csv", tmp_path / "r.csv"
    table.write_text("\n".join(["x,y", *(f"{row},{nth}" for nth, row in enumerate(rows))]))
    reading = Reading(date_format=pattern, bad_rows="skip")
    with open_table(str(table), "x", "y", reading, rejects=rejects) as opened:
        assert (opened.moments().rows, opened.skipped) == (19, 1)
    with rejects.open(newline="", encoding="utf-8") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["line"], row["value"]) == (str(place + 2), cell)
    assert row["reason"] == f"x is '{cell}', not a date"


def test_a_day_half_needs_the_hours_of_a_clock() -> None:
    with pytest.raises(ConfigError, match="%p beside the hours of a clock, %I"):
        dates_of(Reading(date_format="%d.%m.%Y %H:%M %p"))


def test_a_billionth_of_a_second_counts(write: Callable[..., str], tmp_path: Path) -> None:
    times = ["1970-01-01T00:00:00.0000004", "1969-12-31 23:59:59.999999600Z", "1970-01-01"]
    path = write("\n".join(["t,y", *(f"{time},1" for time in times)]))
    days = [400 / 86_400e9, -400 / 86_400e9, 0]
    with open_table(path, "t", "y") as table:
        assert [x for x, _ in table.head(3)] == pytest.approx(days, rel=1e-15)
    assert [Dates().read(time) for time in times] == pytest.approx(days, rel=1e-15)
    whole = tmp_path / "t.parquet"
    duckdb.sql("select make_timestamp_ns(r * 400) as t, 1 as y from range(3) q(r)").write_parquet(
        str(whole)
    )
    with open_table(str(whole), "t", "y") as table:
        assert [x for x, _ in table.head(3)] == pytest.approx([0, *[n * days[0] for n in (1, 2)]])


DATES = ["20240228", "20240301", "20240305", "20240402"]
MIXED = {"one is no date": [*DATES[:3], "20240230"], "one is 0": ["0", *DATES]}
NO_DATES = {
    **MIXED,
    "none of the first cells is one": ["0"] * 100 + DATES,
    "all have a decimal": [f"{date}.0" for date in DATES],
    "all are other numbers": ["3", "1450", "20", "870"],
}


@pytest.mark.parametrize("why", NO_DATES)
@pytest.mark.parametrize("beside", [False, True])
def test_numbers_that_are_no_dates_of_the_format_are_said_to_be_numbers_or_refused(
    write: Callable[..., str], why: str, *, beside: bool
) -> None:
    cells = NO_DATES[why]
    rows = [f"{cell},202403{10 + place % 20},{place}" for place, cell in enumerate(cells)]
    table = write("\n".join(["day,other,y", *rows, ""]))
    x = ["day", "other"] if beside else ["day"]
    with open_table(table, x, "y", Reading(date_format="%Y%m%d")) as opened:
        if why in MIXED and not beside:
            with pytest.raises(DataError, match="not a date"):
                opened.moments()
            return
    assert "'day' is read as numbers, not as dates such as 20240310" in opened.notes
    assert opened.units == ({"other": "days since 1970-01-01"} if beside else {})


def test_no_such_dates_are_missed_beside_others_that_no_number_looks_like(
    write: Callable[..., str],
) -> None:
    reading = Reading(date_format="%d.%m.%Y")
    table = write("d,n,y\n1.2.2024,3,0\n3.2.2024,4,1\n4.2.2024,9,1\n")
    assert not [n for n in open_table(table, ["d", "n"], "y", reading).notes if "numbers" in n]
    (note,) = open_table(table, "n", "y", reading).notes
    assert note == "'n' is read as numbers, not as dates such as 10.03.2024"
    known = {"n": ()}
    assert not open_table(table, known, "y", reading).notes, "a model knows what it is"
