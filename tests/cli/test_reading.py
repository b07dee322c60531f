"""The options of reading, in every command that reads a table."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Fitline = Callable[..., Any]


def written(folder: Path, text: str, name: str = "t.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize(
    "command",
    [
        "train --steps 3",
        "evaluate --theta 0,1",
        "grid --theta0 0:1:2 --theta1 0:1:2",
        "landscape",
        "rates --rates 0.1,0.5",
        "compare --learning-rate 0.1,0.5 --steps 3",
        "predict --theta0 0 --theta1 2",
    ],
)
def test_every_command_reads_alike(fitline: Fitline, tmp_path: Path, command: str) -> None:
    written(tmp_path, "a title\n1,5:none:2,5\n2,5:9:3,5\n3,5:9:5,5\n!:ends:here\nx:9:1\n")
    options = "--skip 1 --no-header --delimiter : --decimal , --comment ! --bad-rows skip --x @1"
    y = [] if command.startswith("predict") else ["--y", "c3"]
    name, *words = command.split()
    done = fitline(name, "t.csv", *words, *options.split(), *y, "--format", "json")
    assert done.returncode in {0, 4}, done.stderr
    document = json.loads(done.stdout)
    if name == "predict":
        assert [p["prediction"] for p in document["predictions"]] == [3.0, 5.0, 7.0]
    else:
        told = document["data"]
        assert (told["rows"], told["skipped"], told["missing"]) == (3, 1, 0)
        assert (told["x"], told["y"]) == (["c1"], "c3")


@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_a_model_of_dates_takes_no_number_for_one(
    fitline: Fitline, tmp_path: Path, command: str
) -> None:
    written(tmp_path, "day,y\n2024-03-01,120\n2024-03-03,150\n2024-03-08,205\n")
    assert fitline("train", "t.csv", "--save", "m.json").returncode == 0
    written(tmp_path, "day,y\n2024-03-10,1\n20240310,2\n", "new.csv")
    done = fitline(command, "new.csv", "--model", "m.json")
    assert done.returncode == 1
    assert "new.csv, line 3: day is '20240310', not a date" in done.stderr


def test_a_model_remembers_how_its_table_was_read(fitline: Fitline, tmp_path: Path) -> None:
    written(tmp_path, "day;y\n01.02.1970;1,5\n03.02.1970;2,5\nnone;9\n")
    options = "--date-format %d.%m.%Y --decimal , --na none --missing skip"
    assert fitline("train", "t.csv", *options.split(), "--save", "m.json").returncode == 0
    written(tmp_path, "day;note\n05.02.1970;a\nnone;b\n", "new.csv")
    done = fitline("predict", "new.csv", "--model", "m.json")
    day, note, prediction = done.stdout.splitlines()[1].split(",", 2)
    assert (day, note) == ("05.02.1970", "a")
    assert float(prediction.strip('"').replace(",", ".")) == pytest.approx(3.5, rel=1e-9)
    assert "1 row skipped (1 with a missing value)" in done.stderr
    done = fitline("predict", "05.02.1970", "--model", "m.json", "--format", "json")
    (predicted,) = json.loads(done.stdout)["predictions"]
    assert predicted["x"] == 35.0
    assert predicted["prediction"] == pytest.approx(3.5, rel=1e-9)
    done = fitline("evaluate", "--model", "m.json", "--format", "json")
    assert json.loads(done.stdout)["data"]["rows"] == 2


def test_dates_are_named_in_every_output(fitline: Fitline, tmp_path: Path) -> None:
    written(tmp_path, "day,y\n1970-01-02,3\n1970-01-03,5\n")
    label = "day (days since 1970-01-01)"
    assert f"y from {label}" in fitline("train", "t.csv").stdout
    assert label in fitline("evaluate", "t.csv", "--theta", "0,1").stdout
    document = json.loads(fitline("train", "t.csv", "--format", "json").stdout)
    assert document["data"]["units"] == {"day": "days since 1970-01-01"}
    fitline("explore", "t.csv", "-o", "p.html")
    assert label in (tmp_path / "p.html").read_text(encoding="utf-8")


def test_what_is_printed_may_be_typed(fitline: Fitline, tmp_path: Path) -> None:
    written(tmp_path, "x,y\n−1,−3\n−2,−5\n")
    done = fitline("evaluate", "t.csv", "--theta", "−1,2", "--format", "json")
    assert json.loads(done.stdout)["points"][0]["cost"] == 0.0
    done = fitline("evaluate", "t.csv", "--theta0", "−1", "--theta1", "2e−1", "--format", "json")
    assert json.loads(done.stdout)["points"][0]["theta"] == [-1.0, 0.2]
    done = fitline("predict", "−5", "--theta0", "1", "--theta1", "2", "--format", "json")
    assert json.loads(done.stdout)["predictions"] == [{"x": -5.0, "prediction": -9.0}]
    done = fitline("grid", "t.csv", "--theta0", "−1:1:3", "--theta1", "−2:2:2")
    assert done.stdout.splitlines()[1].startswith("-1.0,-2.0,")


def test_a_number_typed_with_an_underscore_is_refused(fitline: Fitline) -> None:
    done = fitline("evaluate", "--theta0", "1_000", "--theta1", "1")
    assert done.returncode == 2
    assert "'1_000' is not a number" in done.stderr


@pytest.mark.parametrize("pattern", ["%Y%Y", "%Y-%m-%d-%d"])
def test_a_date_format_that_cannot_be_is_refused_wherever_it_stands(
    fitline: Fitline, tmp_path: Path, pattern: str
) -> None:
    written(tmp_path, "day,y\n2024-01-01,1\n2024-01-05,2\nsoon,3\n")
    written(tmp_path, f"date_format: '{pattern}'\n", "c.yaml")
    fitline("train", "t.csv", "--bad-rows", "skip", "--save", "m.json")
    model = json.loads((tmp_path / "m.json").read_text())
    model["config"]["date_format"] = pattern
    written(tmp_path, json.dumps(model), "m.json")
    for words in (
        ["train", "t.csv", "--date-format", pattern],
        ["train", "t.csv", "-c", "c.yaml"],
        ["predict", "t.csv", "--model", "m.json"],
        ["predict", "2024-01-05", "--model", "m.json"],
        ["evaluate", "t.csv", "--model", "m.json"],
    ):
        done = fitline(*words)
        assert done.returncode == (1 if "m.json" in words else 2), done.stderr
        assert f"date_format: expected each directive once, got '{pattern}'" in done.stderr
