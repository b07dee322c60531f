"""`fitline predict` with typed parameters, of any number of features, and with typed values."""

import csv
import io
import json
import math
import re
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
            "values of several columns need their names: 'x1', 'x2'",
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


ISO = "day,x,y\n2024-03-01,1,120\n2024-03-03,5,150\n2024-03-08,2,205\n2024-03-09,2,215\n"
GERMAN = "day,x,y\n01.03.24,1,120\n03.03.24,5,150\n08.03.24,2,205\n09.03.24,2,215\n"
COMMAS = "lev;x;y\nA;1,5;2\nB;2,5;3\nA;3,5;4,5\nB;4;7\n"
TWINS = "a,a,y\n1,2,3\n2,3,5\n3,5,8\n4,4,9\n"
TRAINED = {
    "dates": (ISO, "--x day,x --y y"),
    "a date behind": (ISO, "--x x,day --y y"),
    "german": (GERMAN, "--x day,x --y y --date-format %d.%m.%y"),
    "commas": (COMMAS, "--x lev,x --y y --decimal ,"),
    "points": (COMMAS, "--x lev,x --y y"),
    "comma": (COMMAS, "--x x --y y --decimal ,"),
    "twin": (TWINS, "--x @2 --y y"),
    "twins": (TWINS, "--x @1,@2 --y y"),
}


@pytest.fixture
def trained(fitline: Fitline, tmp_path: Path) -> Callable[[str], None]:
    """Train a model, and save it as m.json."""

    def trained(name: str) -> None:
        table, options = TRAINED[name]
        (tmp_path / "t.csv").write_text(table)
        words = ("--learning-rate", "auto", "--save", "m.json", *options.split())
        assert fitline("train", "t.csv", *words).returncode == 0

    return trained


@pytest.mark.parametrize(
    ("name", "typed", "message", "values"),
    [
        ("dates", "2024-03-10", "needs 2 values: 'day', 'x'", "day=2024-03-10 x=1"),
        ("dates", "2024-03-10 4", "need their names: 'day', 'x'", "day=2024-03-10 x=1"),
        ("dates", "day=2024-03-10", "'x' has no value", "day=2024-03-10 x=1"),
        ("dates", "x=4", "'day' has no value", "day=2024-03-10 x=1"),
        ("a date behind", "2024-03-10", "needs 2 values: 'x', 'day'", "x=1 day=2024-03-10"),
        ("german", "10.03.24 4", "need their names: 'day', 'x'", "day=10.03.24 x=1"),
        ("commas", "A 1", "need their names: 'lev', 'x'", "lev=A x=1"),
        ("commas", "A 1 2", "needs 2 values: 'lev', 'x'", "lev=A x=1"),
        ("twins", "3 5", "need their names: '@1', '@2'", "@1=1 @2=1"),
    ],
)
def test_each_column_is_given_a_value_that_it_may_have(
    fitline: Fitline,
    trained: Callable[[str], None],
    name: str,
    typed: str,
    message: str,
    values: str,
) -> None:
    trained(name)
    error, hint = fitline("predict", *typed.split(), "--model", "m.json").stderr.splitlines()
    assert error.endswith(message)
    assert hint == f"hint: give each of them: fitline predict {values} --model m.json"
    assert fitline("predict", *values.split(), "--model", "m.json").returncode == 0


@pytest.mark.parametrize(
    ("name", "typed", "hint"),
    [
        ("comma", "1.5", "write 1,5: the decimal mark is ,"),
        ("comma", "1.500,5", "write 1500,5: the decimal mark is ,"),
        ("comma", "1.5 zz", "write 1,5: the decimal mark is ,"),
        ("comma", "2 zz", "write a number like 1500,5; values and tables cannot be mixed"),
        ("commas", "lev=A x=1.5", "write 1,5: the decimal mark is ,"),
        ("points", "lev=A x=1,5", "write 1.5"),
        ("points", "lev=A x=1,500", "write 1.5 or 1500"),
        ("points", "lev=A x=1'500", "write 1500"),
        ("points", "lev=A x=1_500", "write 1500"),
        (
            "points",
            "lev=A x=1e999",
            "write a number like 1500.5; values and tables cannot be mixed",
        ),
    ],
)
def test_a_number_is_advised_as_the_model_reads_it(
    fitline: Fitline, trained: Callable[[str], None], name: str, typed: str, hint: str
) -> None:
    trained(name)
    done = fitline("predict", *typed.split(" "), "--model", "m.json")
    assert (done.returncode, done.stderr.splitlines()[1:]) == (2, [f"hint: {hint}"])
    level = [word for word in typed.split() if word.startswith("lev")]
    number = hint.removeprefix("write ").removeprefix("a number like ").split(" or ")[0]
    words = [*level, f"x={re.split('[:;]', number)[0]}"]
    assert fitline("predict", *words, "--model", "m.json").returncode == 0


@pytest.mark.parametrize("value", ["a=3", "@2=3", "3"])
def test_a_column_of_a_place_has_its_name_where_no_other_is_called_so(
    fitline: Fitline, trained: Callable[[str], None], value: str
) -> None:
    trained("twin")
    done = fitline("predict", value, "--model", "m.json", "--format", "csv")
    assert done.stdout.startswith("@2,prediction\n3,5.3")
    trained("twins")
    assert fitline("predict", "a=3", "@1=2", "--model", "m.json").returncode == 2
