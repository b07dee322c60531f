"""Saved models on other tables: which column stands for which feature, and what is refused."""

import csv
import gzip
import io
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fitline.cli import main

Fitline = Callable[..., Any]
TABLES = {
    "levels": "age,hood,y\n1,A,2\n2,B,3\n3,A,5\n4,B,5\n",
    "formula": "sqft,y\n1000,3\n1500,4\n2000,6\n2500,7\n",
    "dates": "day,y\n2024-03-01,120\n2024-03-03,150\n2024-03-08,205\n",
    "numbers": "day,y\n2024,1\n2025,3\n2026,5\n",
    "no name": "sqft,y,\n1000,150,1\n1500,210,2\n2000,290,4\n",
}
X = {"levels": "age,hood", "formula": "log(sqft)", "dates": "day", "numbers": "day", "no name": ""}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Train on each table, and give the folders of own.csv and of the model, m.json."""
    folders = {name: tmp_path_factory.mktemp("trained") for name in TABLES}
    for name, folder in folders.items():
        (folder / "own.csv").write_text(TABLES[name])
        words = ("--x", X[name], "--y", "y", "--learning-rate", "auto", "--save", "m.json")
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            assert main(["train", "own.csv", *words]) == 0
    return folders


@pytest.fixture
def saved(trained: dict[str, Path], tmp_path: Path) -> Callable[[str], None]:
    """Copy a table as own.csv, and the model that was trained on it as m.json."""

    def save(name: str) -> None:
        for file in ("own.csv", "m.json"):
            shutil.copy2(trained[name] / file, tmp_path)

    return save


def predicted(done: Any) -> list[float]:
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader(io.StringIO(done.stdout))
    return [float(row["prediction"].replace(",", ".")) for row in rows]


COMMAS = "sqft;y\n1.000;150,5\n1.500;210\n2.000,5;290\n2.500;350\n"
"""A table whose numbers can be read in one way only."""
DOUBTFUL = {
    "new.csv": ("sqft;k\n1.750;a\n", 1750),
    "one.csv": ("sqft\n1.750\n", 1750),
    "points.csv": ("sqft;k\n1750.5;a\n", 1750.5),
    "spaces.csv": ("sqft;k\n1 750;a\n", 1750),
    "number.jsonl": ('{"sqft": 1.750}\n', 1.75),
    "text.jsonl": ('{"sqft": "1.750"}\n', None),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_doubtful_numbers_are_read_as_those_that_a_model_was_trained_on(
    fitline: Fitline, tmp_path: Path, name: str
) -> None:
    text, sqft = DOUBTFUL[name]
    (tmp_path / name).write_text(text)
    (tmp_path / "own.csv").write_text(COMMAS)
    assert fitline("train", "own.csv", "--save", "m.json").returncode == 0
    theta = json.loads((tmp_path / "m.json").read_text())["model"]["theta"]
    done = fitline("predict", name, "--model", "m.json")
    if sqft is None:
        assert (done.returncode, done.stdout) == (1, "")
        assert "since the table of the model has no decimal points" in done.stderr
        done = fitline("predict", name, "--model", "m.json", "--decimal", ",", "--thousands", ".")
    assert predicted(done) == [pytest.approx(theta[0] + theta[1] * (sqft or 1750), rel=1e-15)]
    said = f"note: {name}: '1.750' is read as 1750, as the table of the model writes numbers\n"
    assert (said in done.stderr) == (name in {"new.csv", "one.csv"})


WITH_POINTS = {
    "another file": ("sqft;k;y\n1.750;a;1\n", "'1.750' is read"),
    "another column": ("sqft;k;y\n1.750;1.10;1\n", "numbers are read"),
    "another number": ("sqft;k;y\n1.750;a;1\n2.5;b;2\n", "numbers are read"),
}


@pytest.mark.parametrize("command", ["predict", "evaluate"])
@pytest.mark.parametrize("case", WITH_POINTS)
def test_numbers_that_are_read_unlike_those_of_a_model_are_noted(
    fitline: Fitline, tmp_path: Path, command: str, case: str
) -> None:
    text, said = WITH_POINTS[case]
    (tmp_path / "own.csv").write_text(COMMAS)
    assert fitline("train", "own.csv", "--save", "m.json").returncode == 0
    (tmp_path / "new.csv").write_text(text)
    (tmp_path / "points.csv").write_text("sqft;k;y\n5.67;a;2\n")
    several = ["new.csv", *(["points.csv"] if case == "another file" else [])]
    note = f"note: new.csv: {said} with a decimal point, unlike the table of the model"
    assert note in fitline(command, *several, "--model", "m.json").stderr
    typed = fitline(command, *several, "--model", "m.json", "--decimal", ".").stderr
    assert "unlike" not in typed


@pytest.mark.parametrize("x", ["d", "d/2"])
@pytest.mark.parametrize("typed", [(), ("--x", "d")])
def test_a_column_is_of_dates_to_all_models_or_to_none(
    fitline: Fitline, tmp_path: Path, x: str, typed: tuple[str, ...]
) -> None:
    (tmp_path / "n.csv").write_text("d,y\n1,3\n2,5\n3,6\n5,6\n")
    (tmp_path / "t.csv").write_text("d,y\n2024-05-01,3\n2024-05-03,5\n2024-05-09,6\n")
    for table, name, own in (("n.csv", "n", x), ("t.csv", "t", "d")):
        assert fitline("train", table, "--x", own, "--save", f"{name}.json").returncode == 0
    for models in (["n", "t"], ["t", "n"]):
        words = [word for name in models for word in ("--model", f"{name}.json")]
        done = fitline("evaluate", "t.csv", *words, *typed)
        assert (done.returncode, done.stdout) == (2, "")
    assert fitline("evaluate", "t.csv", *["--model", "t.json"] * 2, *typed).returncode == 0


def test_a_table_to_test_on_is_read_as_the_one_trained_on(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text(COMMAS)
    (tmp_path / "test.csv").write_text("sqft;y\n1.250;181\n2.250;320\n")
    tested = fitline(
        "train", "own.csv", "--test", "test.csv", "--save", "m.json", "--format", "json"
    )
    evaluated = fitline("evaluate", "test.csv", "--model", "m.json", "--format", "json")
    (point,) = json.loads(evaluated.stdout)["points"]
    assert json.loads(tested.stdout)["test"]["rmse"] == point["rmse"] < 10
    both = fitline("evaluate", "--model", "m.json", "own.csv", "--decimal", ".")
    assert "150,5" in both.stderr
    assert both.returncode == 1


@pytest.mark.parametrize("name", TABLES)
def test_a_model_predicts_its_own_table_with_and_without_its_columns_named(
    fitline: Fitline, saved: Callable[[str], None], name: str
) -> None:
    saved(name)
    found = predicted(fitline("predict", "own.csv", "--model", "m.json"))
    assert predicted(fitline("predict", "own.csv", "--model", "m.json", "--x", X[name])) == found
    y = [float(row["y"]) for row in csv.DictReader(io.StringIO(TABLES[name]))]
    assert sum(found) == pytest.approx(sum(y), rel=1e-6)


@pytest.mark.parametrize(
    ("name", "x"), [("levels", "AGE,HOOD"), ("formula", "log(SQFT)"), ("dates", "DAY")]
)
def test_columns_of_other_names_stand_for_those_of_the_model(
    fitline: Fitline, saved: Callable[[str], None], tmp_path: Path, name: str, x: str
) -> None:
    saved(name)
    header, _, rows = TABLES[name].partition("\n")
    (tmp_path / "other.csv").write_text(f"{header.upper()}\n{rows}")
    found = predicted(fitline("predict", "own.csv", "--model", "m.json"))
    assert predicted(fitline("predict", "other.csv", "--model", "m.json", "--x", x)) == found
    measured = fitline("evaluate", "other.csv", "--model", "m.json", "--x", x, "--y", "Y")
    assert measured.returncode == 0, measured.stderr
    assert "--x" in fitline("predict", "other.csv", "--model", "m.json").stderr


REFUSED: dict[str, tuple[str, str, list[str]]] = {
    "not one of the levels": ("levels", "age,hood,y\n1,7,2\n2,1,3\n", ["--x", "age,hood"]),
    "needs 'age', 'hood', and --x names 1": ("levels", TABLES["levels"], ["--x", "age"]),
    "no column can stand for the formula": ("formula", TABLES["formula"], ["--x", "sqft"]),
    "'2024-03-01', not a number": ("numbers", TABLES["dates"], []),
    "not a date": ("dates", TABLES["numbers"], []),
}


@pytest.mark.parametrize("command", ["predict", "evaluate"])
@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_stand_for_a_feature_is_refused(
    fitline: Fitline, saved: Callable[[str], None], tmp_path: Path, command: str, said: str
) -> None:
    name, table, x = REFUSED[said]
    saved(name)
    (tmp_path / "other.csv").write_text(table)
    done = fitline(command, "other.csv", "--model", "m.json", *x)
    assert done.returncode in {1, 2}
    assert said in done.stderr
    assert done.stdout == ""


def test_a_column_without_a_name_is_the_one_that_is_meant(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(",sqft,y\n1,10,2\n2,5,4\n3,7,6\n")
    assert predicted(fitline("predict", "t.csv", "--x", "", "--theta", "0,1")) == [1, 2, 3]


NOTHING = ["save", "config", "run", "output", "rejects", "trace"]


@pytest.mark.parametrize("option", NOTHING)
def test_a_file_that_is_named_by_nothing_is_refused(
    fitline: Fitline, tmp_path: Path, option: str
) -> None:
    done = fitline("train", f"--{option}", "")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--{option} names nothing" in done.stderr
    assert not [*tmp_path.iterdir()]
    assert "--model names nothing" in fitline("predict", "3", "--model", "").stderr


def test_the_tables_of_a_folder_are_named_as_they_are(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    assert "it has no tables" in fitline("train", "t").stderr
    (tmp_path / "t" / "a.jsonl").write_text('{"x": 1, "y": 2}\n{"x": 2, "y": 3}\n')
    assert "for all its tables: 't/*.jsonl'" in fitline("train", "t").stderr
    assert fitline("train", "t/*.jsonl").returncode == 0


def test_a_name_that_cannot_be_typed_is_told_by_its_place(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("a\x1bb,y\n1,2\n2,5\n3,6\n")
    assert "did you mean --x @1?" in fitline("train", "t.csv", "--x", "ab", "--y", "y").stderr
    assert fitline("train", "t.csv", "--x", "@1", "--y", "y").returncode == 0


@pytest.mark.parametrize("ending", ["jsonl", "ndjson", "jsonl.gz", "csv"])
def test_a_delimiter_of_the_model_is_that_of_delimited_text(
    fitline: Fitline, tmp_path: Path, ending: str
) -> None:
    (tmp_path / "h.csv").write_text("x;y\n1;2\n2;3\n3;5\n")
    fitline("train", "h.csv", "--delimiter", ";", "--steps", "0", "--save", "m.json", "-q")
    text = "x;y\n4;5\n" if ending == "csv" else '{"x": 4, "y": 5}\n'
    data = text.encode()
    (tmp_path / f"t.{ending}").write_bytes(gzip.compress(data) if "gz" in ending else data)
    done = fitline("predict", f"t.{ending}", "--model", "m.json", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("x,y,prediction\n4,5,")


def test_residuals_are_given_where_the_table_has_y(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n1,2,10\n2,1,11\n3,5,25\n4,4,24\n5,1,20\n")
    without = {
        "none.csv": "a,b\n1,2\n",
        "case.csv": "a,b,Y\n1,2,3\n",
        "two.csv": "a,b,y,y\n1,2,3,4\n",
    }
    for file, text in without.items():
        (tmp_path / file).write_text(text)
    for name, y in (("m.json", "y"), ("log.json", "log(y)")):
        best = ("--learning-rate", "auto", "--save", name)
        assert fitline("train", "t.csv", "--x", "a,b", "--y", y, *best).returncode == 0
        done = fitline("predict", "t.csv", "--model", name, "--residuals")
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        assert len(rows) == 5
        for row in rows:
            truth = float(row["y"]) if y == "y" else math.log(float(row["y"]))
            expected = truth - float(row["prediction"])
            assert float(row["residual"]) == pytest.approx(expected, abs=1e-12)
        done = fitline("predict", "t.csv", "--model", name, "--residuals", "--format", "json")
        told = [one["residual"] for one in json.loads(done.stdout)["predictions"]]
        assert told == [float(row["residual"]) for row in rows]
        hint = f"hint: leave --residuals out, which needs {y}, or rename a column\n"
        for file in without:
            done = fitline("predict", file, "--model", name, "--residuals")
            assert done.returncode == 1
            assert done.stderr.endswith(hint)


def test_no_option_is_advised_that_predict_has_not(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,y\n1,2\n2,4\n3,7\n")
    (tmp_path / "bad.csv").write_text("x,y\nfoo,2\n7-,4\n")
    assert fitline("train", "t.csv", "--save", "m.json").returncode == 0
    done = fitline("predict", "bad.csv", "--model", "m.json")
    assert done.returncode == 1
    assert "no row is left" in done.stderr
    assert "--y" not in done.stderr


@pytest.mark.parametrize("output", [(), ("-o", "out.csv"), ("-o", "out.parquet")])
def test_rows_are_counted_whose_prediction_tells_no_value(
    fitline: Fitline, tmp_path: Path, output: tuple[str, ...]
) -> None:
    (tmp_path / "t.csv").write_text("x,y\n0,1\n1,2\n1e4,3\n")
    (tmp_path / "new.csv").write_text("x\n1\n1e9\n2\n")
    best = ("--learning-rate", "auto", "--save", "m.json")
    assert fitline("train", "t.csv", "--x", "x", "--y", "log(y)", *best).returncode == 0
    done = fitline("predict", "new.csv", "--model", "m.json", *output)
    assert done.returncode == 0
    told = "note: 1 row for which the prediction of log(y) tells no y, or one beyond the largest"
    assert told in done.stderr


@pytest.mark.parametrize(
    "words", [("a=1", "b=2", "--model", "m.json"), ("t.csv", "--theta", "1,2")]
)
def test_residuals_need_a_table_and_a_model(
    fitline: Fitline, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n1,2,10\n2,1,11\n3,5,25\n4,4,24\n")
    assert fitline("train", "t.csv", "--x", "a,b", "--save", "m.json").returncode == 0
    done = fitline("predict", *words, "--residuals")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--residuals" in done.stderr
