"""`--test`: the fit is measured on another table, from which nothing is learned."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Fitline = Callable[..., Any]
TRAIN = "sqft,hood,price\n1000,a,150\n1500,b,230\n2000,a,280\n2500,b,390\n1200,a,170\n"
TEST = "price,hood,sqft\n160,a,1100\n300,b,2100\n,a,900\n210,a,1400\n"
X, Y = np.array([[1100, 0], [2100, 1], [1400, 0]]), np.array([160, 300, 210])
BEST = ("--x", "sqft,hood", "--y", "price", "--learning-rate", "auto", "--missing", "skip")


@pytest.fixture(autouse=True)
def _tables(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(TRAIN)
    (tmp_path / "test.csv").write_text(TEST)


@pytest.mark.parametrize("cost", ["squared", "huber"])
def test_the_fit_is_measured_on_the_other_table(fitline: Fitline, cost: str) -> None:
    words = ("train.csv", *BEST, "--cost", cost, "--format", "json")
    alone = json.loads(fitline("train", *words).stdout)
    tested = json.loads(fitline("train", *words, "--test", "test.csv").stdout)
    found = tested.pop("test")
    assert tested == alone
    theta = np.array(tested["theta"])
    errors = Y - theta[0] - X @ theta[1:]
    assert found["rmse"] == pytest.approx(np.sqrt(np.mean(errors**2)), rel=1e-12)
    assert found["r2"] == pytest.approx(1 - np.mean(errors**2) / Y.var(), rel=1e-12)
    assert (found["source"], found["rows"], found["skipped"]) == ("test.csv", 3, 1)
    shown = fitline("train", "train.csv", *BEST, "--cost", cost, "--test", "test.csv").stdout
    assert "on 3 rows of test.csv (1 row skipped)" in shown


def test_a_saved_run_is_tested_when_it_goes_on(fitline: Fitline) -> None:
    words = ("train.csv", *BEST, "--test", "test.csv", "--learning-rate", "0.1")
    whole = json.loads(fitline("train", *words, "--steps", "9", "--format", "json").stdout)
    fitline("train", *words, "--steps", "4", "--run", "run")
    resumed = json.loads(fitline("resume", "run", "--steps", "9", "--format", "json").stdout)
    assert resumed["test"] | {"source": "test.csv"} == whole["test"]
    assert json.loads(fitline("show", "run", "--format", "json").stdout) == resumed


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("price,hood\n1,a\n2,b\n", "no column 'sqft'"),
        (TEST.replace(",b,", ",c,"), "hood is 'c', not one of the levels 'a', 'b'"),
        (TEST.replace("1100", "1,1"), "the row is too long"),
    ],
)
def test_a_table_without_the_columns_of_the_model_is_refused_before_the_training(
    fitline: Fitline, tmp_path: Path, table: str, said: str
) -> None:
    (tmp_path / "test.csv").write_text(table)
    words = ("train.csv", *BEST, "--test", "test.csv", "--save", "m.json")
    done = fitline("train", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "test.csv" in done.stderr
    assert not (tmp_path / "m.json").exists()


def test_the_bad_rows_of_both_tables_are_listed(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(TRAIN.replace("1000,", "?,").replace("390", "a"))
    words = (*BEST, "--bad-rows", "skip", "--rejects", "r.csv")
    bad = {"train.csv": [], "test.csv": ["price"], "bad.csv": ["sqft", "price"]}
    for train, test in [
        ("bad.csv", "test.csv"),
        ("test.csv", "bad.csv"),
        ("train.csv", "bad.csv"),
    ]:
        done = fitline("train", train, *words, "--test", test)
        rows = [line.split(",") for line in (tmp_path / "r.csv").read_text().splitlines()[1:]]
        expected = [(name, column) for name in (train, test) for column in bad[name]]
        assert [(name, column) for name, _, column, *_ in rows] == expected
        skipped = "2 rows" if test == "bad.csv" else "1 row"
        assert f"note: {test}: {skipped} skipped" in " ".join(done.stderr.split())


def test_the_bad_rows_of_the_other_table_are_listed_where_it_is_refused(
    fitline: Fitline, tmp_path: Path
) -> None:
    words = ("train.csv", *BEST[:-2], "--test", "test.csv", "--rejects", "r.csv")
    done = fitline("train", *words)
    assert (done.returncode, (tmp_path / "r.csv").read_text().splitlines()[1:]) == (
        1,
        ["test.csv,4,price,,price is missing"],
    )


def test_a_table_with_other_names_is_tested_as_is_advised(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text("area,price\n1000,150\n1500,230\n")
    words = ("train", "train.csv", "--x", "sqft", "--y", "price", "--save", "FILE.json")
    refused = fitline(*words, "--test", "other.csv").stderr.replace("\n", " ")
    assert fitline(*words).returncode == 0
    advised = refused.split("is tested by fitline ")[1].split(", of a model")[0]
    typed = advised.replace("COLUMNS", "area").replace("COLUMN", "price").split()
    assert json.loads(fitline(*typed, "--format", "json").stdout)["data"]["rows"] == 2
    missing = fitline(*words, "--test", "nosuch.csv").stderr
    assert "fitline evaluate" not in missing


def test_standard_input_is_no_second_table(fitline: Fitline) -> None:
    done = fitline("train", "-", "--test", "-", stdin="x,y\n1,2\n2,3\n3,5\n")
    assert done.returncode == 1
    assert done.stderr.endswith(
        "error: standard input can be read once only\nhint: test on a file\n"
    )


def test_the_table_is_not_written_over(fitline: Fitline) -> None:
    done = fitline("train", "train.csv", *BEST, "--test", "test.csv", "-o", "test.csv")
    assert done.returncode == 2


@pytest.mark.parametrize(
    "rows", ["160,a,1100", "160,b,1100\n170,b,1100", "160,a,900\n160,b,1400", "160,b,0\n,a,1"]
)
def test_any_rows_are_enough_to_be_measured_on(
    fitline: Fitline, tmp_path: Path, rows: str
) -> None:
    (tmp_path / "few.csv").write_text(f"price,hood,sqft\n{rows}\n")
    result = json.loads(
        fitline(
            "train",
            "train.csv",
            *BEST,
            "--save",
            "m.json",
            "--test",
            "few.csv",
            "--format",
            "json",
        ).stdout
    )
    used = [row.split(",") for row in rows.splitlines() if not row.startswith(",")]
    theta = result["theta"]
    errors = [
        float(y) - theta[0] - theta[1] * float(sqft) - theta[2] * (hood == "b")
        for y, hood, sqft in used
    ]
    rmse = np.sqrt(np.mean(np.square(errors)))
    assert result["test"]["rmse"] == pytest.approx(rmse, rel=1e-12)
    words = ("evaluate", "few.csv", "--model", "m.json", "--missing", "skip", "--format", "json")
    (point,) = json.loads(fitline(*words).stdout)["points"]
    assert point["rmse"] == pytest.approx(rmse, rel=1e-12)
    assert point["mae"] == pytest.approx(np.mean(np.abs(errors)), rel=1e-12)


def test_no_row_is_too_few_to_be_measured_on(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("price,hood,sqft\n,a,1100\n")
    done = fitline("train", "train.csv", *BEST, "--test", "none.csv")
    assert done.returncode == 1
    assert "none.csv: there is no row to measure (1 row skipped)" in done.stderr


def test_a_run_keeps_the_table_that_it_is_tested_on(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text("a,y\n1,2\n2,4.5\n3,6\n4,8.2\n")
    (tmp_path / "e.csv").write_text("a,y\n1,2\n2,5\n3,6\n")
    words = ("train", "u.csv", "--steps", "3", "--test", "e.csv", "--run", "run")
    assert fitline(*words).returncode == 0
    before = (tmp_path / "e.csv").read_text()
    for again in (("resume", "run", "--steps", "9"), ("show", "run")):
        for name in ("e.csv", "run/../e.csv"):
            done = fitline(*again, "-o", name)
            assert (done.returncode, done.stdout) == (2, "")
            assert f"{name} is named twice" in done.stderr
    assert (tmp_path / "e.csv").read_text() == before
    (tmp_path / "e.csv").unlink()
    os.mkfifo(tmp_path / "e.csv")
    done = fitline("resume", "run", "--steps", "9")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the table to test on came from a pipe, which cannot be read again" in done.stderr
