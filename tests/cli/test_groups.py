"""`--by`: each group of rows has a fit of its own, from one reading."""

import csv
import html
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from markdown_it import MarkdownIt

from fitline import memory, train
from fitline.data import grouping, open_table
from fitline.data.grouping import Grouping, NewNameError
from fitline.errors import DataError
from fitline.results.summary import SummaryResult

Fitline = Callable[..., Any]

TOWN = Path(__file__).parents[2] / "data" / "town.csv"
PLAIN = ("--x", "sqft,beds", "--y", "price")
COLUMNS: dict[str, Any] = {"x": "sqft,beds", "y": "price"}


def told(fitline: Fitline, *words: str) -> Any:
    done = fitline(*words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@cache
def alone(group: str) -> pl.DataFrame:
    """Give the rows of one neighbourhood of the town."""
    return pl.read_csv(TOWN).filter(neighbourhood=group)


@pytest.mark.parametrize("more", [{}, {"intercept": False}, {"weight": "year"}])
def test_a_group_is_fitted_as_a_table_of_its_rows(fitline: Fitline, more: dict[str, Any]) -> None:
    words = {"intercept": ["--no-intercept"], "weight": ["--weight", "year"]}
    options = [word for name in more for word in words[name]]
    found = told(fitline, "summary", str(TOWN), *PLAIN, *options, "--by", "neighbourhood")
    assert (found["by"], found["data"]["rows"]) == ("neighbourhood", 400)
    assert sum(one["rows"] for one in found["groups"]) == 400
    for one in found["groups"]:
        training = train(alone(one["group"]), **COLUMNS, **more, steps=0).training
        own = SummaryResult.of(training.table, training.moments, 0.95).document()
        coefficients = own["coefficients"]
        skipped = one["theta"][1:] if "intercept" in more else one["theta"]
        assert skipped == [each["theta"] for each in coefficients]
        errors = one["standard_errors"][-len(coefficients) :]
        assert errors == [each["standard_error"] for each in coefficients]
        assert (one["rows"], one["r2"]) == (own["rows"], pytest.approx(own["r2"], rel=1e-13))
        assert one["rmse"] == pytest.approx(own["rmse"], rel=1e-13)


@pytest.mark.parametrize("more", [{}, {"l2": 0.1}, {"learning_rate": "auto"}])
def test_a_group_is_trained_as_a_table_of_its_rows(fitline: Fitline, more: dict[str, Any]) -> None:
    words = [f"--{name.replace('_', '-')}={value}" for name, value in more.items()]
    found = told(fitline, "train", str(TOWN), *PLAIN, *words, "--by", "neighbourhood")
    for one in found["groups"]:
        own = train(rows := alone(one["group"]), **COLUMNS, **more)
        assert one["theta"] == own.last.theta.tolist()
        assert (one["steps"], one["ending"]) == (own.last.index, own.stop_reason.value)
        design = np.column_stack([np.ones(len(rows)), rows["sqft"], rows["beds"]])
        errors = rows["price"].to_numpy() - design @ own.last.theta
        assert one["rmse"] == pytest.approx(np.sqrt(np.mean(errors**2)), rel=1e-13)


ROWS = [
    *(("b", 1.0, 3.0), (" b ", 2.0, 5.5), ("10", 1.0, 2.0), ("b", 3.0, 7.0), ("2", 1.0, 1.0)),
    *(("10", 2.0, 4.0), ("2", 1.0, 4.0), ("lone", 3.0, 3.0), ("10", 4.0, 8.5)),
]


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.parquet"])
def test_groups_are_sorted_and_those_without_a_line_say_so(
    fitline: Fitline, tmp_path: Path, name: str
) -> None:
    table = pl.DataFrame(ROWS, schema=["g", "x", "y"], orient="row")
    write = {"csv": table.write_csv, "jsonl": table.write_ndjson, "parquet": table.write_parquet}
    write[name.partition(".")[2]](tmp_path / name)
    words = ("summary", name, "--x", "x", "--y", "y", "--by", "g")
    groups = told(fitline, *words)["groups"]
    assert [(one["group"], one["rows"]) for one in groups] == [
        *(("2", 2), ("10", 3), ("b", 3), ("lone", 1))
    ]
    assert [one["problem"] for one in groups] == [
        *("x is 1 in all its rows", None, None, "1 row cannot determine a line")
    ]
    shown = fitline(*words).stdout
    assert "groups  4 groups by g" in shown
    assert "1 row cannot determine a line" in shown
    header, *rows = csv.reader(io.StringIO(fitline(*words, "--format", "csv").stdout))
    assert header[:4] == ["g", "rows", "theta0", "theta1"]
    assert [row[0] for row in rows] == ["2", "10", "b", "lone"]


@pytest.mark.parametrize("missing", ["", "NA", "?"])
def test_a_row_without_a_group_is_a_bad_row(
    fitline: Fitline, tmp_path: Path, missing: str
) -> None:
    rows = ["a,1,2", "a,2,3", f"{missing},9,9", "b,1,5", "b,2,3", "a,3,5"]
    (tmp_path / "t.csv").write_text("\n".join(["g,x,y", *rows]))
    words = ("summary", "t.csv", "--x", "x", "--y", "y", "--by", "g")
    done = fitline(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "t.csv, line 4: g is missing" in done.stderr
    groups = told(fitline, *words, "--missing", "skip")["groups"]
    assert [(one["group"], one["rows"]) for one in groups] == [("a", 3), ("b", 2)]


ALIKE = ["9", "9.0", "+9", "9e0", "09"]
NAMES = {
    "csv": ("g,x,y", "{name},{x},{y}"),
    "jsonl": ("", '{{"g": "{name}", "x": {x}, "y": {y}}}'),
}


@pytest.mark.parametrize("ending", NAMES)
@pytest.mark.parametrize("na", ["9", "9.0", "9,9.0"])
@pytest.mark.parametrize("others", [["a", "b"], []])
def test_a_name_is_missing_by_its_text_alone(
    fitline: Fitline, tmp_path: Path, ending: str, na: str, others: list[str]
) -> None:
    head, row = NAMES[ending]
    names = [name for name in [*others, *ALIKE] for _ in range(2)]
    rows = [row.format(name=name, x=x, y=x * x) for x, name in enumerate(names, start=100)]
    (tmp_path / f"t.{ending}").write_text("\n".join([head, *rows]).lstrip())
    words = ("summary", f"t.{ending}", "--x", "x", "--y", "y", "--by", "g", "--na", na)
    assert fitline(*words).returncode == 1
    found = told(fitline, *words, "--missing", "skip")
    left = {*others, *ALIKE} - {*na.split(",")}
    assert {one["group"]: one["rows"] for one in found["groups"]} == dict.fromkeys(left, 2)
    assert found["data"]["skipped"] == len(names) - 2 * len(left)


def test_numbers_of_json_are_names_by_all_their_digits(fitline: Fitline, tmp_path: Path) -> None:
    names = ["0.12345678901234567890", "0.12345678901234567891", "1e-400", "0.0", "-0", "1.0", "1"]
    rows = [f'{{"g": {name}, "x": {x}, "y": 1}}' for name in names for x in (1, 2)]
    (tmp_path / "t.jsonl").write_text("\n".join(rows))
    found = told(fitline, "summary", "t.jsonl", "--x", "x", "--y", "y", "--by", "g")
    assert {one["group"]: one["rows"] for one in found["groups"]} == dict.fromkeys(names, 2)


def test_a_name_that_was_not_there_before_is_no_other(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("g,x,y\na,1,1\na,2,2\nb,1,5\nb,2,3\n")
    with open_table(str(tmp_path / "t.csv"), "x", "y", by="g") as table:
        assert table.grouping
        whole = Grouping.of(table.parts, table.grouping.term, is_whole=True)
    for found, error in ((whole, DataError), (table.grouping, NewNameError)):
        assert found.places_of(found.keys).tolist() == found.places.tolist()
        with pytest.raises(error):
            found.places_of(found.keys + 2.0**40)


@pytest.mark.parametrize("late", [["b,1,5", "b,2,3"], ["a ,3,5", "b,1,1"], [",1,2"], ["b,x,2"]])
def test_names_that_the_first_rows_do_not_have_are_found(
    fitline: Fitline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: list[str]
) -> None:
    (tmp_path / "t.csv").write_text("\n".join(["g,x,y", "a,1,2", "a,2,4", *late]))
    words = ("summary", "t.csv", "--x", "x", "--y", "y", "--by", "g", "--bad-rows", "skip")
    known = fitline(*words)
    monkeypatch.setattr(grouping, "LOOK_ROWS", 2)
    found = fitline(*words)
    assert (found.stdout, found.stderr) == (known.stdout, known.stderr)
    assert known.returncode == 0


def test_bad_rows_belong_to_no_group(fitline: Fitline, tmp_path: Path) -> None:
    rows = ["a,1,2", "a,x,3", "a,2,4", "c,?,1", "b,1,5", "b,2", "b,2,3", '"a ",3,5']
    (tmp_path / "t.csv").write_text("\n".join(["g,x,y", *rows]))
    words = ("--x", "x", "--y", "y", "--by", "g", "--bad-rows", "skip")
    found = told(fitline, "summary", "t.csv", *words)
    assert found["data"]["skipped"] == 3
    assert [(one["group"], one["rows"]) for one in found["groups"]] == [
        *(("a", 3), ("b", 2), ("c", 0))
    ]


def test_many_groups_of_many_rows_are_told_apart(fitline: Fitline, tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    groups, x = draw.integers(0, 300, 60_000), draw.integers(0, 1000, 60_000)
    names = np.array([f"group {place}" for place in range(300)])
    table = pl.DataFrame({"g": names[groups], "x": x, "y": 2 * x + groups})
    table.write_csv(tmp_path / "t.csv")
    found = told(fitline, "summary", "t.csv", "--x", "x", "--y", "y", "--by", "g")["groups"]
    assert len(found) == 300
    for one in found:
        place = int(one["group"].removeprefix("group "))
        assert (one["rows"], one["theta"]) == ((groups == place).sum(), [place, 2])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("train --cost huber", "--cost is for one fit"),
        ("train --batch-size 5", "--batch-size is for one fit"),
        ("train --run r", "--run is for one fit"),
        ("train --explain 1", "--explain is for one fit"),
        ("summary --folds 3", "--folds is for one fit"),
        ("summary --robust-errors hc3", "--robust-errors is for one fit"),
        ("summary --level 0.9", "--level is for one fit"),
        ("summary --by nowhere", "no column 'nowhere'"),
        ("summary --by pric", "name one of these with --by"),
        ("summary --by yea", "did you mean --by year?"),
        ("summary --by sqft", "sqft tells groups apart, and is a feature, y or a weight already"),
    ],
)
def test_what_does_not_go_with_groups_is_said(fitline: Fitline, words: str, said: str) -> None:
    command, *options = words.split()
    by = () if "--by" in options else ("--by", "neighbourhood")
    done = fitline(command, str(TOWN), *PLAIN, *options, *by)
    assert (done.returncode in {1, 2}, done.stdout) == (True, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--steps", "3"), 0),
        (("--steps", "3", "--strict"), 3),
        (("--strict",), 0),
        (("--learning-rate", "9"), 4),
    ],
)
def test_the_worst_ending_is_that_of_the_command(
    fitline: Fitline, words: tuple[str, ...], code: int
) -> None:
    done = fitline("train", str(TOWN), *PLAIN, "--by", "neighbourhood", *words)
    assert done.returncode == code
    assert "Station" in done.stdout


def test_parameters_that_a_group_does_not_determine_are_any(
    fitline: Fitline, tmp_path: Path
) -> None:
    rows = ["a,1,2,3", "a,2,4,5", "a,3,6,8", "b,1,5,2", "b,2,1,6", "b,3,3,7", "b,4,4,9"]
    (tmp_path / "t.csv").write_text("\n".join(["g,u,v,y", *rows]))
    words = ("summary", "t.csv", "--x", "u,v", "--y", "y", "--by", "g")
    first, second = told(fitline, *words)["groups"]
    assert [value is None for value in first["theta"]] == [False, True, True]
    assert [value is None for value in first["standard_errors"]] == [False, True, True]
    assert "columns depend on each other" in fitline(*words).stdout
    assert None not in second["theta"]
    assert fitline(*words).stdout.count("any") == 2


def test_levels_that_no_used_row_has_are_no_features_of_groups(
    fitline: Fitline, tmp_path: Path
) -> None:
    rows = ["a,u,1,2", "a,v,2,5", "a,u,3,4", "b,v,1,4", "b,u,2,2", "b,v,4,9", "a,lost,?,1"]
    (tmp_path / "t.csv").write_text("\n".join(["g,t,x,y", *rows]))
    words = ("summary", "t.csv", "--x", "t,x", "--y", "y", "--by", "g", "--missing", "skip")
    assert told(fitline, *words)["data"]["x"] == ["t=v", "x"]
    assert "t holds text: 'v' is compared with 'u'" in fitline(*words).stderr


@pytest.mark.parametrize("command", ["summary", "train"])
@pytest.mark.parametrize("rows", ["", ",1,1\n,3,2\n", "NA,1,2\n"])
def test_where_no_row_has_a_group_none_is_left(
    fitline: Fitline, tmp_path: Path, command: str, rows: str
) -> None:
    (tmp_path / "t.csv").write_text(f"g,x,y\n{rows}")
    words = (command, "t.csv", "--x", "x", "--y", "y", "--by", "g", "--bad-rows", "skip")
    done = fitline(*words, "--rejects", "r.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("error: t.csv: there is no row to measure\n")


def test_the_errors_of_a_group_are_those_of_its_exact_fit(
    fitline: Fitline, tmp_path: Path
) -> None:
    rows = ["1700000000,0", "1700000001,1000000", "1700000002,2000000", "1700000003,3000000.5"]
    (tmp_path / "t.csv").write_text("\n".join(["x,y,g", *(f"{row},a" for row in rows)]))
    words = ("summary", "t.csv", "--x", "x", "--y", "y")
    (found,), alone = told(fitline, *words, "--by", "g")["groups"], told(fitline, *words)
    assert (found["rmse"], found["r2"]) == (alone["rmse"], alone["r2"])


def test_sums_of_many_groups_that_do_not_fit_into_memory_are_refused(
    fitline: Fitline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "LITTLE", 0)
    monkeypatch.setattr(memory, "available", lambda: 1000)
    done = fitline("summary", str(TOWN), *PLAIN, "--by", "year")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.search(r"the sums of its \d+ parts take .* of memory", done.stderr)


@pytest.mark.parametrize("name", ["a|b", "\\|", "*b*", "_i_", "a&amp;b", "~~s~~", "[x](y)"])
def test_names_of_groups_are_no_markup(fitline: Fitline, tmp_path: Path, name: str) -> None:
    (tmp_path / "t.csv").write_text(f'g,x,y\n"{name}",1,2\n"{name}",2,3\n')
    words = ("summary", "t.csv", "--x", "x", "--y", "y", "--by", "g", "--format", "markdown")
    shown = fitline(*words).stdout
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    cells = re.findall("<td[^>]*>(.*?)</td>", reader.render(shown))
    assert html.unescape(cells[0]) == name
    assert len(cells) == 6
