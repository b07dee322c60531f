"""`fitline landscape` as a process."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Fitline = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
NEIGHBOURHOODS = str(ROOT / "data/two_neighbourhoods.csv")
HILLS = (NEIGHBOURHOODS, "--cost", "cauchy", "--cost-scale", "50000")


def document(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_json_names_the_minima_and_the_saddles(fitline: Fitline) -> None:
    found = document(fitline("landscape", *HILLS, "--format", "json"))
    assert list(found)[:7] == ["schema", "command", "data", "cost", "window", "minima", "saddles"]
    assert (found["schema"], found["command"]) == (1, "landscape")
    scale = {"source": "given", "factor": None, "spread": None}
    assert found["cost"] == {"name": "cauchy", "scale": 50_000, **scale}
    assert [point["kind"] for point in found["minima"]] == ["global", "local"]
    assert found["minima"][0]["theta"] == pytest.approx([75026.3343745, 85.7317993747], rel=1e-11)
    assert found["minima"][1]["cost"] == pytest.approx(4531783839.27, rel=1e-11)
    assert found["saddles"][0]["theta"] == pytest.approx([-4617, 246.3], rel=5e-4)
    for point in found["minima"] + found["saddles"]:
        for place in (0, 1):
            low, high = found["window"][f"theta{place}"]
            assert low < point["theta"][place] < high


def test_squared_error_has_one_minimum(fitline: Fitline) -> None:
    found = document(fitline("landscape", "--format", "json"))
    assert found["minima"] == [{"theta": [12000, 136], "cost": 20_000_000, "kind": "global"}]
    assert found["saddles"] == []
    assert found["cost"] == {"name": "squared", "scale": None}


def test_a_window_can_be_chosen(fitline: Fitline) -> None:
    words = ["--theta0", "-5:10:3", "--theta1", "0:200"]
    found = document(fitline("landscape", *words, "--format", "json"))
    assert found["window"] == {"theta0": [-5, 10], "theta1": [0, 200]}
    done = fitline(
        "landscape", "--theta0", "0:50000:3", "--theta1", "100:130:2", "-o", "cells.csv"
    )
    assert done.returncode == 0
    assert done.stdout == ""


def test_csv_gives_the_cells_that_grid_gives(fitline: Fitline) -> None:
    words = ["--theta0", "0:50000:3", "--theta1", "100:130:2", "--format", "csv"]
    assert fitline("landscape", *words).stdout == fitline("grid", *words).stdout


def test_the_path_is_that_of_the_training(fitline: Fitline) -> None:
    words = ["--theta0", "0", "--theta1", "100", "--format", "json"]
    (path,) = document(fitline("landscape", "--path", *words))["paths"]
    steps = list(csv.reader(io.StringIO(fitline("train", *words[:4], "--format", "csv").stdout)))
    assert path[1] == [2400.0, pytest.approx(107.2)]
    assert len(path) == int(steps[-1][0]) + 1
    assert path[-1] == [float(steps[-1][1]), float(steps[-1][2])]


def test_a_path_that_runs_in_other_coordinates_than_those_drawn_says_so(fitline: Fitline) -> None:
    words = ["landscape", "--theta0", "0", "--theta1", "100", "--path"]
    scaled, plain = fitline(*words).stdout, fitline(*words, "--scaling", "none").stdout
    assert "descent runs in scaled coordinates (standard), where this is a round bowl" in scaled
    assert "table's units" not in plain + fitline("landscape").stdout
    found = document(fitline(*words, "--scaling", "minmax", "--format", "json"))
    assert found["scaling"] == "minmax"


def test_several_starts_give_several_paths(fitline: Fitline) -> None:
    found = document(fitline("landscape", *HILLS, "--path", "--starts", "3", "--format", "json"))
    assert len(found["paths"]) == 3


def test_along_a_parameter_the_cost_falls_to_its_best_value_and_rises(fitline: Fitline) -> None:
    words = ["--along", "theta1", "--theta0", "0", "--format", "json"]
    found = document(fitline("landscape", *words))
    best = (1000 * 150 + 1500 * 210 + 2000 * 290 + 2500 * 350) * 1000 / 13_500_000  # Σxy / Σx²
    assert [stretch["direction"] for stretch in found["stretches"]] == ["falls", "rises"]
    assert found["stretches"][0]["to"] == found["stretches"][1]["from"] == pytest.approx(best)
    assert found["minima"][0]["theta"] == [0, pytest.approx(best, rel=1e-14)]
    assert found["fixed"] == {"theta0": 0}


def test_the_best_slope_depends_on_the_intercept(fitline: Fitline) -> None:
    found = document(fitline("landscape", "--along", "theta1", "--format", "json"))
    for point in found["best"]:
        intercept, slope = point["theta"]
        by_hand = 136 + (12_000 - intercept) * 7000 / 13_500_000  # Σx / Σx²
        assert slope == pytest.approx(by_hand, rel=1e-12)
    assert len(found["best"]) > 3


def test_a_cut_through_two_valleys_has_two_minima(fitline: Fitline) -> None:
    found = document(fitline("landscape", *HILLS, "--along", "theta1", "--format", "json"))
    directions = [stretch["direction"] for stretch in found["stretches"]]
    assert directions == ["falls", "rises", "falls", "rises"]
    assert [point["kind"] for point in found["minima"]] == ["global", "local"]
    assert found["minima"][0]["theta"][1] == pytest.approx(85.7317993747, rel=1e-10)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--theta0", "5"], "a single value says where to start or what to keep"),
        (["--theta0", "a"], "--theta0 is 'a', neither a value nor a range"),
        (["--theta0", "5:5"], "--theta0 is '5:5', a range that does not rise"),
        (["--theta0", "5:1"], "a range that does not rise"),
        (["--theta0", "0:nan"], "not START:STOP:COUNT"),
        (["--path", "--along", "theta0"], "--path and --along are two pictures"),
        (
            ["--along", "theta0", "--theta0", "5"],
            "--theta0 is a range and --theta1 a single value",
        ),
        (["--theta0=-1e308:1e308"], "a range too wide for a float64"),
        (["--cost", "cauchy", "--cost-scale", "1e-300"], "is not of the size of the errors"),
        (["--cost", "huber", "--cost-scale", "1e300"], "is not of the size of the errors"),
        (["--cost-scale", "5"], "squared error has no scale"),
        (["--cost", "huber", "--cost-scale", "0"], "--cost-scale: expected a number above 0"),
    ],
)
def test_what_makes_no_picture_is_said(fitline: Fitline, words: list[str], told: str) -> None:
    done = fitline("landscape", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_markdown_holds_the_picture_in_a_block_of_code(fitline: Fitline) -> None:
    text = fitline("landscape", "--format", "markdown").stdout
    assert text.count("```") == 2
    assert "- **◆ global minimum**: 20,000,000 at θ0 = 12,000, θ1 = 136" in text


@pytest.mark.parametrize("more", [(), ("--format", "markdown"), ("--path",)])
def test_a_window_of_one_cost_is_said_to_be_one(fitline: Fitline, more: tuple[str, ...]) -> None:
    window = ("--theta0", "12000:12000.00001", "--theta1", "136:136.00000001")
    done = fitline("landscape", *window, *more)
    assert done.returncode == 0, done.stderr
    assert "the same everywhere here, to the last digit" in done.stdout
