"""Saved models on tables that they have not seen, and on their own."""

import csv
import io
import json
import math
import re
import shutil
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fitline.cli import main

Fitline = Callable[..., subprocess.CompletedProcess[str]]

TEST = "sqft,price\n1000,150000\n1500,200000\n2000,300000\n3000,400000\n"
# Beside 12,000 + 136·sqft the errors are 2,000, −16,000, 16,000, −20,000; Var(y) = 92,187,500·100.
RMSE, MAE = math.sqrt(229_000_000), 13_500
R2 = 1 - 229_000_000 / 9_218_750_000

MODELS = [
    ("m", "houses.csv", "sqft"),
    ("one", "town.csv", "sqft"),
    ("three", "town.csv", "beds,kind,sqft"),
    ("log", "town.csv", "log(sqft)"),
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with models and their tables, and another table."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "houses.csv").write_text(
        "sqft,price\n1000,150000\n1500,210000\n2000,290000\n2500,350000\n"
    )
    (folder / "test.csv").write_text(TEST)
    (folder / "town.csv").write_text(TOWN)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, table, x in MODELS:
            words = ["train", table, "--x", x, "--y", "price", "--learning-rate", "auto"]
            assert main([*words, "--save", f"{name}.json", "-q"]) == 0
    return folder


@pytest.fixture
def houses(fitline: Fitline, saved: Path, tmp_path: Path) -> Fitline:
    """Give fitline in a folder with a model, its table, and another table."""
    for name in ("houses.csv", "test.csv", "m.json"):
        shutil.copy2(saved / name, tmp_path)
    return fitline


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


def test_a_saved_model_is_measured_and_not_compared(houses: Fitline) -> None:
    done = houses("evaluate", "test.csv", "--model", "m.json")
    assert (done.returncode, done.stderr) == (0, "")
    told = [line.split(None, 1) for line in done.stdout.splitlines()[-5:]]
    assert told == [
        ["model", "m.json: price = 12,000 + 136 × sqft"],
        ["cost", "229,000,000"],
        ["RMSE", "15,132.7"],
        ["R²", "0.975159"],
        ["MAE", "13,500, the mean absolute error"],
    ]
    assert "minimum" not in done.stdout
    assert "above" not in done.stdout


@pytest.mark.parametrize("asked", [False, True])
def test_programs_are_told_the_minimum_where_they_ask(houses: Fitline, asked: bool) -> None:  # noqa: FBT001
    words = ["evaluate", "test.csv", "--model", "m.json", "--format", "json"]
    found = document(houses(*words, *(["--minimum"] if asked else [])))
    (point,) = found["points"]
    assert list(point) == ["theta", "cost", "excess", "rmse", "r2", "mae", "model"]
    assert (point["rmse"], point["r2"], point["mae"]) == pytest.approx((RMSE, R2, MAE))
    assert (found["minimum"] is not None, point["excess"] is not None) == (asked, asked)
    if asked:
        # Σ Δx·Δy = 281,250,000 and Σ Δx² = 2,187,500.
        assert found["minimum"]["theta"][1] == pytest.approx(900 / 7)
        assert point["cost"] - found["minimum"]["cost"] == pytest.approx(point["excess"])


def test_parameters_keep_their_minimum_beside_a_model(houses: Fitline) -> None:
    words = ["evaluate", "test.csv", "--theta", "0,100", "--model", "m.json", "--model", "m.json"]
    found = document(houses(*words, "--format", "json"))
    assert [point["model"] for point in found["points"]] == [None, "m.json", "m.json"]
    assert all(point["excess"] > 0 and point["mae"] > 0 for point in found["points"])
    assert found["rows"] == []
    table = houses(*words).stdout
    assert "model" in table
    assert table.count("m.json") == 2
    assert "minimum  " in table


def test_parameters_alone_are_told_as_ever_and_more_for_programs(houses: Fitline) -> None:
    words = ["evaluate", "houses.csv", "--theta", "12000,136"]
    (point,) = document(houses(*words, "--format", "json"))["points"]
    assert (point["cost"], point["excess"], point["mae"], point["model"]) == (2e7, 0, None, None)
    assert (point["rmse"], point["r2"]) == pytest.approx((math.sqrt(2e7), 0.996551724137931))
    assert "minimum      20,000,000 at" in houses(*words).stdout


def test_spreadsheets_and_pages_are_told_the_same(houses: Fitline) -> None:
    words = ["evaluate", "test.csv", "--model", "m.json", "--format"]
    (row,) = csv.DictReader(io.StringIO(houses(*words, "csv").stdout))
    assert list(row)[:4] == ["theta0", "theta1", "cost", "excess"]
    assert (row["excess"], row["model"]) == ("", "m.json")
    numbers = [float(row[name]) for name in ("rmse", "r2", "mae")]
    assert numbers == pytest.approx([RMSE, R2, MAE])
    page = houses(*words, "markdown").stdout
    assert "- **MAE**: 13,500" in page
    assert "minimum" not in page


def test_without_a_table_it_is_the_one_of_the_model(houses: Fitline, tmp_path: Path) -> None:
    words = ["evaluate", "--model", "m.json", "--format", "json"]
    done = houses(*words)
    assert document(done)["data"]["source"] == "houses.csv"
    assert "the one of m.json, houses.csv" in done.stderr
    assert "changed" not in done.stderr
    (tmp_path / "houses.csv").write_text(TEST)
    changed = "houses.csv has changed since m.json was trained on it"
    for done in (houses(*words), houses(*words, "houses.csv")):
        assert document(done)["points"][0]["mae"] == pytest.approx(MAE)
        assert changed in done.stderr
    assert changed not in houses(*words, "test.csv").stderr
    (tmp_path / "houses.csv").unlink()
    done = houses("evaluate", "--model", "m.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "m.json was trained on 'houses.csv', which is no file here" in done.stderr
    assert "fitline evaluate TABLE.csv --model m.json" in done.stderr


ROWS = ["0,0", "0,4", "0,5", "1,1", "1,2", "1,6", "2,9"]
SAME_SUMS = ["0,1", "0,2", "0,6", "1,0", "1,4", "1,5", "2,9"]


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("--cost huber", 1),
        ("--cost cauchy --no-intercept", 1),
        ("--cost absolute --x x,x^2", 1),
        ("--cost huber --holdout 0.3", 5),
        ("--cost huber --bad-rows skip", 1),
        ("--cost huber", 4000),
        ("--cost huber --weight 2", 1),
        ("--cost huber --weight 0.5", 1),
    ],
)
def test_a_robust_model_knows_its_rows_in_any_order_from_those_of_the_same_sums(
    fitline: Fitline, tmp_path: Path, words: str, times: int
) -> None:
    weight = words.partition(" --weight ")[2] or "1"

    def rows(*lines: str) -> None:
        more = ["3,none"] if "skip" in words else []
        weighted = [f"{line},{weight}" for line in [*lines * times, *more]]
        (tmp_path / "t.csv").write_text("\n".join(["x,y,w", *weighted, ""]))

    rows(*ROWS)
    x = "" if "--x" in words else "--x x"
    named = words.replace(f"--weight {weight}", "--weight w")
    settings = f"{named} {x} --y y --cost-scale 1 --learning-rate 0.01 --steps 2 --save m.json"
    assert fitline("train", "t.csv", *settings.split()).returncode in {0, 4}
    evaluate = ["evaluate", "--model", "m.json", "--bad-rows", "skip", "--rows", "0"]
    told = []
    for lines in (ROWS, ROWS[::-1], SAME_SUMS):
        rows(*lines)
        told.append("t.csv has changed since m.json" in fitline(*evaluate).stderr)
    assert told == [False, False, True]
    saved = json.loads((tmp_path / "m.json").read_text())
    del saved["data"]["row_digest"]
    (tmp_path / "m.json").write_text(json.dumps(saved))
    done = fitline(*evaluate)
    assert (done.returncode, "changed" in done.stderr) == (0, False)


def test_the_four_houses_are_taken_for_their_own_models_alone(
    fitline: Fitline, tmp_path: Path
) -> None:
    assert fitline("train", "--save", "built_in.json").returncode == 0
    done = fitline("evaluate", "--model", "built_in.json", "--format", "json")
    assert document(done)["data"]["rows"] == 4
    assert "the built-in four houses" in done.stderr
    saved = json.loads((tmp_path / "built_in.json").read_text())
    del saved["data"]
    (tmp_path / "bare.json").write_text(json.dumps(saved))
    done = fitline("evaluate", "--model", "bare.json")
    assert done.returncode == 2
    assert "does not tell on which table" in done.stderr
    done = fitline("evaluate", "--model", "bare.json", "--model", "built_in.json")
    assert "trained on different tables" in done.stderr


@pytest.mark.parametrize("label", ["2 files", "standard input", "b\ufffd.csv"])
def test_what_tables_are_called_is_no_file(fitline: Fitline, tmp_path: Path, label: str) -> None:
    assert fitline("train", "--save", "m.json").returncode == 0
    saved = json.loads((tmp_path / "m.json").read_text())
    saved["data"]["source"] = label
    (tmp_path / "m.json").write_text(json.dumps(saved))
    (tmp_path / label).write_text(TEST)
    done = fitline("evaluate", "--model", "m.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"was trained on {label!r}, which is no file here" in done.stderr


def test_other_columns_are_taken_as_told_and_noted(houses: Fitline, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(TEST.replace("sqft", "area"))
    done = houses("evaluate", "other.csv", "--model", "m.json")
    assert done.returncode == 1
    assert "no column 'sqft'; it has 'area', 'price'" in done.stderr
    done = houses("evaluate", "other.csv", "--model", "m.json", "--x", "area", "--format", "json")
    assert document(done)["points"][0]["mae"] == pytest.approx(MAE)
    assert "'price' from 'sqft', and is applied to 'price' from 'area'" in done.stderr.replace(
        "to predict ", ""
    )
    assert houses("train", "other.csv", "--save", "area.json").returncode in {0, 3}
    done = houses("evaluate", "test.csv", "--model", "m.json", "--model", "area.json")
    assert done.returncode == 1
    assert "no column 'area'" in done.stderr


TOWN = """sqft,beds,kind,price
1000,2,brick,150000
1500,3,wood,200000
2000,3,brick,300000
3000,5,wood,400000
1200,1,brick,190000
1700,4,wood,210000
"""


@pytest.fixture
def town(fitline: Fitline, saved: Path, tmp_path: Path) -> Fitline:
    """Give fitline in a folder with models of different features."""
    for name in ("town.csv", "one.json", "three.json", "log.json"):
        shutil.copy2(saved / name, tmp_path)
    return fitline


MIXED = ("--model", "one.json", "--model", "three.json", "--model", "log.json")


def test_models_of_different_features_are_each_measured_on_their_own(town: Fitline) -> None:
    found = document(town("evaluate", "town.csv", *MIXED, "--format", "json"))
    three = ["beds", "kind=wood", "sqft"]
    assert [point["x"] for point in found["points"]] == [["sqft"], three, ["log(sqft)"]]
    for point in found["points"]:
        words = ["evaluate", "town.csv", "--model", point["model"], "--format", "json"]
        (alone,) = document(town(*words))["points"]
        assert {key: point[key] for key in alone} == alone
    done = town("evaluate", "town.csv", *MIXED)
    table = done.stdout
    assert "changed" not in done.stderr
    assert "rows   those that have a value for every feature of every model" in table
    header, *models = [line.split() for line in table.splitlines()[3:]]
    assert header == ["model", "features", "RMSE", "R²", "MAE", "cost"]
    assert [model[:2] for model in models] == [
        ["one.json", "1"],
        ["three.json", "3"],
        ["log.json", "1"],
    ]
    (row, *_) = csv.DictReader(
        io.StringIO(town("evaluate", "town.csv", *MIXED, "--format", "csv").stdout)
    )
    assert (row["features"], row["model"]) == ("1", "one.json")
    assert "theta0" not in row


def test_a_row_counts_where_every_model_can_use_it(town: Fitline, tmp_path: Path) -> None:
    (tmp_path / "gaps.csv").write_text(TOWN + "1100,,brick,1\n1100,2,,1\n")
    words = [*MIXED, "--format", "json"]
    assert town("evaluate", "gaps.csv", *words).returncode == 1
    found = document(town("evaluate", "gaps.csv", *words, "--missing", "skip"))
    assert (found["data"]["rows"], found["data"]["missing"]) == (6, 2)
    assert found["points"] == document(town("evaluate", "town.csv", *words))["points"]


def test_features_in_another_order_are_found_by_name(town: Fitline, tmp_path: Path) -> None:
    saved = json.loads((tmp_path / "three.json").read_text())["model"]
    saved["x"], saved["inputs"]["typed"] = ["sqft", "kind=wood", "beds"], ["sqft", "kind", "beds"]
    saved["theta"][1], saved["theta"][3] = saved["theta"][3], saved["theta"][1]
    (tmp_path / "turned.json").write_text(json.dumps({"model": saved}))
    words = ["--model", "three.json", "--model", "turned.json", "--format", "json"]
    one, other = document(town("evaluate", "town.csv", *words))["points"]
    assert other["rmse"] == pytest.approx(one["rmse"])
    assert (one["x"][0], other["x"][0]) == ("beds", "sqft")


def test_models_that_cannot_be_compared_are_named(town: Fitline, tmp_path: Path) -> None:
    (tmp_path / "stone.csv").write_text(TOWN.replace("brick", "stone"))
    words = ["train", "stone.csv", "--learning-rate", "auto", "-q", "--x"]
    assert town(*words, "kind,sqft", "--y", "price", "--save", "stone.json").returncode == 0
    assert town(*words, "sqft", "--y", "log(price)", "--save", "y.json").returncode == 0
    done = town("evaluate", "town.csv", "--model", "three.json", "--model", "stone.json")
    assert done.returncode == 2
    assert "stone.json knows other levels of 'kind' than the models before it" in done.stderr
    done = town("evaluate", "town.csv", "--model", "one.json", "--model", "y.json")
    assert done.returncode == 2
    assert "one.json predicts 'price'; y.json predicts 'log(price)'" in done.stderr


def test_rows_show_a_column_of_text_as_it_is(town: Fitline) -> None:
    words = ["evaluate", "town.csv", "--model", "three.json", "--rows", "2"]
    header, *rows = [line.split() for line in town(*words).stdout.splitlines()[2:5]]
    assert header[:4] == ["beds", "kind", "sqft", "price"]
    assert [row[:4] for row in rows] == [
        ["2", "brick", "1,000", "150,000"],
        ["3", "wood", "1,500", "200,000"],
    ]
    found = document(town(*words, "--format", "json"))
    assert [row["x"] for row in found["rows"]] == [[2, 0, 1000], [3, 1, 1500]]


TWINS = "a,a,kind,y\n1,2,u,3\n2,1,v,5\n3,4,u,4\n4,4,v,9\n"


def test_columns_of_one_name_are_found_by_their_places(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "twins.csv").write_text(TWINS)
    models = {"both": "@1,@2", "one": "@1", "two": "@2", "all": "log(@1),@2,kind"}
    for name, x in models.items():
        words = ["train", "twins.csv", "--x", x, "--y", "y", "--learning-rate", "auto"]
        assert fitline(*words, "--save", f"{name}.json", "-q").returncode == 0
        saved = json.loads((tmp_path / f"{name}.json").read_text())
        done = fitline("evaluate", "twins.csv", "--model", f"{name}.json", "--format", "json")
        assert document(done)["points"][0]["cost"] == pytest.approx(saved["cost"])
        assert done.stderr == ""
        assert fitline("predict", "twins.csv", "--model", f"{name}.json").returncode == 0
    words = [word for name in ("one", "two", "both") for word in ("--model", f"{name}.json")]
    found = document(fitline("evaluate", "twins.csv", *words, "--format", "json"))["points"]
    assert [point["x"] for point in found] == [["a @1"], ["a @2"], ["a @1", "a @2"]]
    assert len({point["cost"] for point in found}) == 3
    values = fitline("predict", "@2=2", "@1=1", "--model", "both.json", "--format", "csv").stdout
    (row,) = csv.DictReader(io.StringIO(values))
    (first, *_) = csv.DictReader(
        io.StringIO(fitline("predict", "twins.csv", "--model", "both.json").stdout)
    )
    assert float(row["prediction"]) == pytest.approx(float(first["prediction"]))


def test_a_date_whose_column_has_a_twin_is_predicted_from(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "days.csv").write_text("d,d,y\n2020-01-01,1,3\n2020-01-03,5,7\n2020-01-02,2,5\n")
    words = ["train", "days.csv", "--x", "@1", "--y", "y", "--learning-rate", "auto", "-q"]
    assert fitline(*words, "--save", "d.json").returncode == 0
    for value in ("2020-01-04", "@1=2020-01-04"):
        done = fitline("predict", value, "--model", "d.json", "--format", "json")
        assert document(done)["predictions"][0]["prediction"] == pytest.approx(9)


PRICES = [150_000, 200_000, 300_000, 400_000, 190_000, 210_000]


def test_the_column_that_y_is_a_formula_of_is_measured_too(town: Fitline) -> None:
    words = ["train", "town.csv", "--learning-rate", "auto", "--y", "log(price)", "-q"]
    for name, x in (("m", "sqft,kind"), ("n", "sqft")):
        assert town(*words, "--x", x, "--save", f"{name}.json").returncode == 0
    words = ["evaluate", "town.csv", "--model", "m.json"]
    (point,) = document(town(*words, "--format", "json"))["points"]
    predicted = document(town("predict", "town.csv", "--model", "m.json", "--format", "json"))
    errors = [
        price - row["column"] for price, row in zip(PRICES, predicted["predictions"], strict=True)
    ]
    mse, mean = sum(error**2 for error in errors) / 6, sum(PRICES) / 6
    variance = sum((price - mean) ** 2 for price in PRICES) / 6
    assert point["told"] == {
        "column": "price",
        "rmse": pytest.approx(math.sqrt(mse)),
        "r2": pytest.approx(1 - mse / variance),
        "mae": pytest.approx(sum(map(abs, errors)) / 6),
        "untold": 0,
    }
    assert point["rmse"] < 1
    assert "price  RMSE" in town(*words).stdout
    both = [*words, "--model", "n.json"]
    assert "RMSE of price" in town(*both).stdout
    (row, _) = csv.DictReader(io.StringIO(town(*both, "--format", "csv").stdout))
    assert (row["told_column"], float(row["told_rmse"])) == ("price", point["told"]["rmse"])


@pytest.mark.parametrize("bad", ["900,Flat", "900,x,Flat", "900,1,2,3,4"])
def test_bad_rows_are_no_part_of_the_column_that_y_tells(
    town: Fitline, tmp_path: Path, bad: str
) -> None:
    words = ["train", "town.csv", "--learning-rate", "auto", "--y", "log(price)", "--x", "sqft"]
    assert town(*words, "--save", "m.json").returncode == 0
    (tmp_path / "bad.csv").write_text(f"{(tmp_path / 'town.csv').read_text()}{bad}\n")
    words = ["--bad-rows", "skip", "--model", "m.json", "--format", "json"]
    bad_points, points = (document(town("evaluate", f, *words)) for f in ("bad.csv", "town.csv"))
    assert (bad_points["data"]["skipped"], points["data"]["skipped"]) == (1, 0)
    assert bad_points["points"] == points["points"]


def test_rows_whose_prediction_tells_no_value_are_counted_and_left_out(town: Fitline) -> None:
    words = ["train", "town.csv", "--x", "sqft", "--y", "sqrt(price)", "--steps", "1", "-q"]
    town(*words, "--theta", "-1100,1", "--learning-rate", "1e-9", "--save", "root.json")
    words = ["evaluate", "town.csv", "--model", "root.json"]
    (point,) = document(town(*words, "--format", "json"))["points"]
    # No root is negative, so less than 1,100 square feet tell nothing.
    assert point["told"]["untold"] == 1
    errors = [price - (sqft - 1100) ** 2 for sqft, price in SOLD]
    assert point["told"]["mae"] == pytest.approx(sum(map(abs, errors)) / 5, rel=1e-4)
    assert "1 row left out, whose prediction gives no price" in town(*words).stdout
    table = town(*words, "--model", "root.json").stdout
    assert "root.json  1 row left out, whose prediction gives no price" in table


SOLD = [(1500, 200_000), (2000, 300_000), (3000, 400_000), (1200, 190_000), (1700, 210_000)]


def test_a_prediction_of_a_formula_that_no_float64_holds_is_told_as_none(town: Fitline) -> None:
    words = ["train", "town.csv", "--x", "sqft", "--y", "log(price)", "--steps", "1", "-q"]
    town(*words, "--theta", "500,0.01", "--learning-rate", "1e-9", "--save", "high.json")
    words = ["evaluate", "town.csv", "--model", "high.json"]
    (point,) = document(town(*words, "--format", "json"))["points"]
    assert (point["told"]["rmse"], point["told"]["r2"]) == (None, None)


def test_where_y_does_not_vary_there_is_no_r2(houses: Fitline, tmp_path: Path) -> None:
    (tmp_path / "flat.csv").write_text("sqft,price\n1,0.1\n2,0.1\n3,0.1\n")
    words = ["evaluate", "flat.csv", "--model", "m.json"]
    assert document(houses(*words, "--format", "json"))["points"][0]["r2"] is None
    assert "R²     none, for price is the same in all rows" in houses(*words).stdout


def test_a_table_from_standard_input_is_measured_too(houses: Fitline) -> None:
    done = houses("evaluate", "-", "--model", "m.json", "--format", "json", stdin=TEST)
    assert document(done)["points"][0]["mae"] == pytest.approx(MAE)


def test_the_worst_rows_are_shown_where_they_stand(houses: Fitline) -> None:
    words = ["evaluate", "test.csv", "--model", "m.json", "--worst", "2"]
    done = houses(*words)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["5", "3,000", "400,000", "420,000", "−20,000"] in [line[:5] for line in lines]
    errors = next(line for line in done.stdout.splitlines() if line.startswith("errors"))
    assert errors.split(None, 1)[1].startswith("median −7,000, half from −17,000 to 5,500")
    found = document(houses(*words, "--format", "json"))
    assert [row["line"] for row in found["worst"]] == [5, 3]
    assert [row["error"] for row in found["worst"]] == [-20_000, -16_000]
    assert found["rows"] == []
    assert found["quantiles"][0] == {"probability": 0.0, "error": -20_000}


@pytest.mark.parametrize("worst", [(), ("--worst", "3")])
def test_rows_are_counted_below_the_first_ones(houses: Fitline, worst: tuple[str, ...]) -> None:
    done = houses("evaluate", "--theta", "0,100", "--rows", "3", *worst)
    assert "… and 1 more row\n" in done.stdout


def test_the_worst_rows_are_those_of_one_point(houses: Fitline) -> None:
    done = houses("evaluate", "test.csv", *("--model", "m.json") * 2, "--worst", "1")
    assert done.returncode == 2
    assert "--worst shows the rows of one point" in done.stderr


@pytest.mark.parametrize("name", ["b.parquet", "b.jsonl"])
def test_the_worst_rows_of_files_with_and_without_lines_are_shown(
    fitline: Fitline, tmp_path: Path, name: str
) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n2,5\n")
    duckdb.sql("select range as x, 2 * range as y from range(4)").write_parquet(
        str(tmp_path / "b.parquet")
    )
    (tmp_path / "b.jsonl").write_text('{"x":0,"y":0}\n{"x":1,"y":2}\n{"x":2,"y":4}\n')
    done = fitline("evaluate", "a.csv", name, "--theta", "0,2", "--worst", "9")
    assert done.returncode == 0, done.stderr
    place = "line or row" if name == "b.parquet" else "line"
    assert re.match(rf"file +{place} ", done.stdout.split("\n\n")[1])


@pytest.mark.parametrize("theta", ["0,0", "12.5,-3e-9", "1e6,1"])
def test_a_cost_is_exact_where_the_columns_hardly_vary(
    fitline: Fitline, tmp_path: Path, theta: str
) -> None:
    x = [1000000000618, 1000000000416, 1000000000349, 1000000000975, 1000000000283]
    y = [12.5, -200.25, 310.125, -44.5, 90.75]
    lines = [f"{a},{b}" for a, b in zip(x, y, strict=True)]
    (tmp_path / "t.csv").write_text("\n".join(["x,y", *lines]))
    words = ("evaluate", "t.csv", "--x", "x", "--y", "y", "--theta", theta, "--format", "json")
    (point,) = json.loads(fitline(*words).stdout)["points"]
    intercept, slope = (Fraction(float(part)) for part in theta.split(","))
    squares = [(Fraction(b) - intercept - slope * a) ** 2 for a, b in zip(x, y, strict=True)]
    assert point["cost"] == float(sum(squares) / 5)
