"""`fitline predict` with typed parameters, of any number of features, and with typed values."""

import csv
import io
import json
import math
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Fitline = Callable[..., Any]
TOWN = Path(__file__).parents[2] / "data" / "town.csv"


@pytest.mark.parametrize(
    ("typed", "columns", "prediction"),
    [
        ("3 --theta 1,2", "x", 7.0),
        ("3 --theta0 1 --theta1 2", "x", 7.0),
        ("x1=3 x2=4 --theta 1,2,3", "x1,x2", 19.0),
        ("beds=3 sqft=4 --x sqft,beds --theta 1,2,3", "sqft,beds", 18.0),
        ("sqft=4 beds=3 --theta 1,2,3", "sqft,beds", 18.0),
        ("sqft=3 --theta 1,2", "sqft", 7.0),
        ("t=3 t=a=4 --x t,t=a --theta 1,2,3", "t,t=a", 19.0),
        ("beds=3 sqft=4 --x sqft --x beds --theta 1,2,3", "sqft,beds", 18.0),
        ("a,b=3 --x a,b --theta 1,2", '"a,b"', 7.0),
        ("3 --x sqft^2 --theta 1,2", "sqft", 19.0),
        ("sqft=3 --x sqft^2 --theta 1,2", "sqft", 19.0),
        ("sqft^2=3 --x sqft^2 --theta 1,2", "sqft^2", 7.0),
        ("lot-size=3 --x lot-size --theta 1,2", "lot-size", 7.0),
        ("3 --x '`lot-size`' --theta 1,2", "lot-size", 7.0),
        ("a=3 b=2 --x a*b,log(b) --theta 1,2,3", "a,b", 1 + 2 * 6 + 3 * math.log(2)),
    ],
)
def test_values_are_given_to_parameters(
    fitline: Fitline, typed: str, columns: str, prediction: float
) -> None:
    header, row = fitline("predict", *shlex.split(typed), "--format", "csv").stdout.splitlines()
    assert header == f"{columns},prediction"
    assert float(row.rpartition(",")[2]) == prediction


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        (
            "3 4 --theta 1,2,3",
            "the model needs 2 values: 'x1', 'x2'",
            "give each of them: fitline predict x1=1 x2=1 --theta 1,2,3",
        ),
        (
            "3 --x lot-size --theta 1,2",
            "the model needs 2 values: 'lot', 'size'",
            "give each of them: fitline predict lot=1 size=1 --theta 1,2 --x lot-size",
        ),
        (
            "sqft=3 --x sqft,beds --theta 1,2",
            "theta has 2 numbers, and 2 features, 'sqft', 'beds', take 3",
            "write the intercept and a slope for each feature: --theta 0,0,0",
        ),
        (
            "a=1 --x a --x a --theta 1,2,3",
            "the feature 'a' is named twice",
            "name it once",
        ),
        (
            "3 --theta 1,2 --theta0 1 --theta1 2",
            "--theta0 and --theta1, --theta, --model: each names a line",
            "keep one of them",
        ),
        (
            "3",
            "which line is to predict?",
            "add --theta 0,100, or --model FILE.json",
        ),
    ],
)
def test_what_does_not_fit_is_an_error(
    fitline: Fitline, typed: str, message: str, hint: str
) -> None:
    done = fitline("predict", *shlex.split(typed))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [f"error: {message}", f"hint: {hint}"]
    if "fitline predict" in hint:
        words = hint.partition("fitline predict ")[2].partition(", or")[0]
        assert fitline("predict", *shlex.split(words)).returncode == 0


@pytest.mark.parametrize("x", ["*", "sqft^", "foo(a)", "1+2"])
def test_values_need_features_that_need_no_table(fitline: Fitline, x: str) -> None:
    done = fitline("predict", "3", "--x", x, "--theta", "1,2")
    assert done.returncode == 2
    assert done.stderr.startswith("error: --x: ")


def test_a_formula_of_values_needs_one_that_it_has(fitline: Fitline) -> None:
    done = fitline("predict", "beds=-2", "--x", "log(beds)", "--theta", "1,2")
    assert done.returncode == 1
    assert "log(beds) has no value, since beds is −2" in done.stderr


@pytest.mark.parametrize(
    "x", [["--x", "sqft,beds"], ["--x", "[sb][qe]*"], ["--x", "sqft^1", "--x", "b*"]]
)
def test_a_table_has_the_columns_that_are_meant(fitline: Fitline, x: list[str]) -> None:
    done = fitline("predict", str(TOWN), *x, "--theta", "1,2,3")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 400
    for row in rows:
        assert float(row["prediction"]) == 1 + 2 * float(row["sqft"]) + 3 * float(row["beds"])


def test_a_table_has_as_many_features_as_there_are_slopes(fitline: Fitline) -> None:
    done = fitline("predict", str(TOWN), "--x", "b*", "--theta", "1,2,3")
    assert done.returncode == 2
    assert "theta has 3 numbers, and 1 feature, 'beds', takes 2" in done.stderr


def test_a_file_whose_name_looks_like_a_value_is_a_file(fitline: Fitline) -> None:
    folder = fitline.folder / "sqft=7"  # type: ignore[attr-defined]
    folder.mkdir()
    (folder / "t.csv").write_text("sqft,y\n1,2\n2,3\n")
    (fitline.folder / "m.json").write_text(  # type: ignore[attr-defined]
        '{"model": {"x": ["sqft"], "y": "y", "theta": [1, 2]}}'
    )
    done = fitline("predict", "sqft=7/t.csv", "--model", "m.json")
    assert done.stdout == "sqft,y,prediction\n1,2,3.0\n2,3,5.0\n"


def test_a_start_that_is_typed_takes_the_place_of_that_of_the_file(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "c.yaml").write_text("theta0: 0\ntheta1: 100\n")
    words = ("train", "-c", "c.yaml", "--theta", "5,6", "--format", "json")
    assert json.loads(fitline(*words).stdout)["config"]["start"] == [5, 6]


def test_the_advice_to_write_the_intercept_first_works(fitline: Fitline) -> None:
    for more in ((), ("--no-intercept",)):
        done = fitline("evaluate", "--theta", "100", *more)
        typed = done.stderr.split("the intercept goes first: ")[1].split()
        assert fitline("evaluate", *typed, *more).returncode == 0
