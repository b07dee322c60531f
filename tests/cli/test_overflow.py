"""Infinity and NaN are no results: an error names the value, and a run that diverged has none."""

import csv
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fitline import memory
from fitline.cli import app

BEYOND = "is beyond the largest float64, 1.8e308"
PREDICTION = f"h.csv: the prediction for sqft = 1 {BEYOND}"
REFUSED = {
    "predict 1e308 --theta0 0 --theta1 100": f"the prediction for x = 1e308 {BEYOND}",
    "predict 1 1e308 --model big.json": f"the prediction for sqft = 1e308 {BEYOND}",
    "predict h.csv --theta0 1e308 --theta1 1e308": PREDICTION,
    "predict h.csv --theta0 1e308 --theta1 1e308 -o out.csv": PREDICTION,
    "predict h.csv --theta0 1e308 --theta1 1e308 -o out.parquet": PREDICTION,
    "predict h.csv --theta0 1e308 --theta1 1e308 --format json": PREDICTION,
    "predict h.csv --theta0 1e308 --theta1 1e308 --format table": PREDICTION,
    "grid h.csv --theta0 0:1e308:3 --theta1 0:1:2": f"the cost at θ0 = 5e307, θ1 = 0 {BEYOND}",
    "grid h.csv --theta0 0:0:1 --theta1 0:1e308:3 --cost huber --cost-scale 1e5":
        f"the cost at θ0 = 0, θ1 = 5e307 {BEYOND}",
    "evaluate h.csv --theta 0,1e300": f"the mean squared error at θ0 = 0, θ1 = 1e300 {BEYOND}",
    "evaluate flat.csv --x x,t --y y --theta 0,1e308,1 --l2 1":
        f"the cost at θ0 = 0, θ1 = 1e308, θ2 = 1 {BEYOND}",
    "evaluate h.csv --theta 0,1 --theta 1e300,1":
        f"the mean squared error at θ0 = 1e300, θ1 = 1 {BEYOND}",
    "evaluate h.csv --model big.json": f"the mean squared error at θ0 = 0, θ1 = 1e300 {BEYOND}",
    "landscape h.csv --along theta0 --theta0 0:1 --theta1 1e300":
        f"the cost at θ0 = 0, θ1 = 1e300 {BEYOND}",
    "landscape h.csv --along theta1 --theta0 1e308": f"the best θ1 for θ0 = 1e308 {BEYOND}",
    "landscape h.csv --theta0=-1e308:1e308": "a range too wide for a float64",
    "landscape h.csv --theta0 0:1e308": "the cost at θ0 = 2.5e306, θ1 = ",
    **{
        f"{command} --theta0 1e308 --theta1 0": "error at the start, θ0 = 1e308, θ1 = 0,"
        for command in (
            *("train h.csv", "train h.csv --cost cauchy", "compare h.csv", "rates h.csv"),
            *("explore h.csv -o out.html", "plot cost h.csv -o out.png", "landscape h.csv --path"),
        )
    },
}  # fmt: skip
DIVERGED = "train h.csv --theta0 0 --theta1 0 --learning-rate 1e300"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work beside a small table and a model of huge parameters."""
    monkeypatch.chdir(tmp_path)
    Path("h.csv").write_text("sqft,price\n1,2\n2,3\n3,5\n")
    Path("flat.csv").write_text("x,t,y\n0,B,0.1\n0,A,1.4\n0,A,-0.2\n0,A,-0.8\n")
    model = {"x": ["sqft"], "y": "price", "theta": [0, 1e300]}
    Path("big.json").write_text(json.dumps({"schema": 1, "model": model}))


def call(words: str) -> Any:
    return CliRunner().invoke(app, words.split())


def test_a_column_of_zeros_may_have_a_parameter_of_any_size() -> None:
    told = call("evaluate flat.csv --x x,t --y y --theta 0,1e308,1 --format json").stdout
    (point,) = json.loads(told)["points"]
    exactly = Fraction(345, 400)
    assert (point["cost"], point["excess"]) == (float(exactly), float(exactly - Fraction(97, 150)))


@pytest.mark.parametrize("words", REFUSED)
def test_a_result_beyond_all_numbers_is_refused_by_its_name(words: str) -> None:
    done = call(words)
    assert done.exit_code in {1, 2}, done.exception
    told = done.stderr
    if "--format json" in words:
        error = json.loads(told)["error"]
        told = f"{error['file']}: {error['message']}"
    assert REFUSED[words] in told
    assert done.stdout == ""
    assert sorted(path.name for path in Path().iterdir()) == ["big.json", "flat.csv", "h.csv"]


def test_a_run_that_diverged_has_no_numbers_where_there_are_none() -> None:
    found = json.loads(call(f"{DIVERGED} --format json").stdout)
    assert found["ending"] == "diverged"
    assert found["cost"] is found["excess"] is found["trace"][-1]["cost"] is None
    rows = list(csv.reader(call(f"{DIVERGED} --format csv").stdout.splitlines()))
    assert rows[-1][0] == "1"
    assert rows[-1][3:] == ["", ""]
    assert re.search(r"^cost +overflow$", call(DIVERGED).stdout, re.MULTILINE)


def test_the_files_of_a_run_that_diverged_hold_numbers_only() -> None:
    for name in ("t.csv", "t.jsonl"):
        assert call(f"{DIVERGED} --trace {name} --run {name}-run").exit_code == 4
    assert Path("t.csv").read_text().endswith(",,\n")
    assert json.loads(Path("t.jsonl").read_text().splitlines()[-1])["cost"] is None
    for path in Path().rglob("*"):
        if path.is_file():
            assert not re.search(r"\b(inf|nan|Infinity|NaN)\b", path.read_text()), path
    assert call("show t.csv-run").stdout == call(DIVERGED).stdout


TOO_MUCH = {
    "grid h.csv --theta0 0:1:5000 --theta1 0:1:5000":
        "the cells of a grid of 5,000 by 5,000 take 5 GB of memory, and ",
    "grid h.csv --theta0 0:1:1000000000": "--theta0 has more than 100,000 values",
    "landscape h.csv --theta0 0:1:5000 --theta1 0:1:5000 --format csv": " take 5 GB of memory",
    "train h.csv --starts 1000000000000": "1,000,000,000,000 starts take over 1,000 TB of memory",
    "train h.csv --steps 1000000000000 --explain 1000000000":
        "1,000,000,000 steps that are worked out take 30 TB of memory",
    "train h.csv --seed 9007199254740993":
        "expected a whole number of at least 0 and of at most 9,007,199,254,740,992",
    "sample -o out.csv --rows 1000000000000": "is not in the range 1<=x<=4294967296",
}  # fmt: skip


@pytest.mark.parametrize("words", TOO_MUCH)
def test_what_takes_too_much_is_refused_before_it_is_taken(
    monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(memory, "available", lambda: 10**9)
    done = call(words)
    assert done.exit_code == 2, done.exception
    assert TOO_MUCH[words] in done.stderr
    assert done.stdout == ""


def test_steps_to_show_stop_where_memory_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fitline.training.HELD_AT_ONCE", 512)
    monkeypatch.setattr(memory, "available", lambda: 512 * 1024)
    endless = "train h.csv --steps 1000000000 --every 1 --scaling none --learning-rate 1e-12"
    done = call(endless)
    assert done.exit_code == 2, done.exception
    assert "the 512 steps so far that are to be shown take 1.02 MB of memory" in done.stderr


def test_memory_that_ends_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_left(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("fitline.landscapes.grid.survey", nothing_left)
    done = call("grid h.csv")
    assert done.exit_code == 1
    assert "error: there is not enough memory" in done.stderr


def test_of_several_starts_only_the_steps_that_are_held_take_room(
    fitline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("fitline.training.held_steps.HELD_AT_ONCE", 8)
    monkeypatch.setattr("fitline.cli.running._require_room", asked.append)
    assert fitline("train", "--starts", "2", "--tolerance", "0").returncode == 0
    assert asked == [8, 8]
