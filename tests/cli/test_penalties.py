"""`--l2` and `--l1` on the command line, in saved runs and in pictures."""

import json
import math
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitline import LinearModel
from fitline.results.train import TrainResult
from fitline.views.advice import advice_text

DIABETES = str(Path(__file__).parents[1] / "diabetes.csv")
HOUSES = str(Path(__file__).parents[2] / "data" / "houses.csv")
SEVERAL = ("--x", "bmi,bp,s3,s5", "--y", "progress")

Fitline = Callable[..., Any]


def told(fitline: Fitline, *words: str) -> Any:
    return json.loads(fitline(*words, "--format", "json").stdout)


@pytest.mark.parametrize("penalty", [("--l2", "0.5"), ("--l1", "9"), ("--l2", "0.1", "--l1", "2")])
def test_the_cost_is_made_of_the_error_and_the_penalty(
    fitline: Fitline, penalty: tuple[str, ...]
) -> None:
    result = told(fitline, "train", DIABETES, *SEVERAL, *penalty)
    assert result["cost"] == pytest.approx(result["rmse"] ** 2 + result["penalty"], rel=1e-12)
    assert result["cost"] == pytest.approx(result["minimum"]["cost"], rel=1e-12)
    weights = {name[2:]: float(value) for name, value in zip(*[iter(penalty)] * 2, strict=True)}
    assert {key: result["cost_function"].get(key) for key in weights} == weights
    shown = fitline("train", DIABETES, *SEVERAL, *penalty).stdout
    assert f"penalty      {result['penalty']:.6g} of the cost; RMSE and R²" in shown
    point = told(
        *(fitline, "evaluate", DIABETES, *SEVERAL, *penalty),
        *("--theta", ",".join(map(repr, result["theta"]))),
    )["points"][0]
    assert point["cost"] == pytest.approx(result["cost"], rel=1e-12)
    assert point["rmse"] == pytest.approx(result["rmse"], rel=1e-12)


def test_without_a_penalty_nothing_is_told_of_one(fitline: Fitline) -> None:
    result = told(fitline, "train", "--explain", "1", "--l2", "0", "--l1", "0")
    assert "penalty" not in result
    assert "penalty" not in result["explained"][0]
    assert result["cost_function"] == {"name": "squared", "scale": None}


@pytest.mark.parametrize("penalty", [("--l2", "0.1"), ("--l1", "100000")])
def test_an_update_is_worked_out_with_the_penalty(
    fitline: Fitline, penalty: tuple[str, str]
) -> None:
    result = told(fitline, "train", "--explain", "2", *penalty, "--theta0", "0", "--theta1", "9")
    for update in result["explained"]:
        x = [row["x"] for row in update["rows"]]
        error = [row["error"] for row in update["rows"]]
        sums = [math.fsum(error), math.fsum(np.multiply(error, x))]
        assert update["sums"] == pytest.approx(sums, rel=1e-9)
        slope, weight = update["theta"][1], float(penalty[1])
        pulled = 2 * weight * slope if penalty[0] == "--l2" else weight * np.sign(slope)
        assert update["penalty"] == pytest.approx([0, pulled], rel=1e-9, abs=1e-6)
        gradient = [-2 / 4 * total for total in sums]
        assert update["gradient"] == pytest.approx(np.add(gradient, update["penalty"]), rel=1e-9)
    shown = fitline("train", "--explain", "2", *penalty, "--theta0", "0", "--theta1", "9").stdout
    assert "(the penalty) = " in shown


def test_a_slope_is_held_at_the_crease(fitline: Fitline) -> None:
    words = ("train", "--explain", "1", "--l1", "300000", "--learning-rate", "0.45")
    shown = fitline(*words, "--theta0", "0", "--theta1", "9").stdout
    assert "held at the crease at 0: 0" in shown


def test_folds_choose_a_penalty_and_the_largest_within_one_standard_error(
    fitline: Fitline,
) -> None:
    weights = ["0", "0.01", "0.1", "1"]
    words = ("compare", DIABETES, *SEVERAL, "--l2", ",".join(weights), "--folds", "5")
    result = told(fitline, *words)
    alone = [
        told(fitline, "train", DIABETES, *SEVERAL, "--l2", weight, "--folds", "5")
        for weight in weights
    ]
    folded = [run["cross_validation"] for run in result["runs"]]
    assert folded == [run["cross_validation"] for run in alone]
    best = min(folded, key=lambda fold: float(fold["rmse"]))
    most = best["rmse"] + best["spread"] / math.sqrt(5)
    largest = max(place for place, fold in enumerate(folded) if fold["rmse"] <= most)
    assert result["best"] == {
        "name": f"l2 {weights[folded.index(best)]}",
        "converged": True,
        "criterion": "cross-validation",
        "simplest": f"l2 {weights[largest]}",
    }
    shown = fitline(*words).stdout
    assert f"by cross-validation: {result['best']['name']}." in shown
    assert f"within one standard error is {result['best']['simplest']}." in shown


def test_rows_held_out_choose_a_penalty_too(fitline: Fitline) -> None:
    words = ("compare", DIABETES, *SEVERAL, "--l1", "0,5,60")
    result = told(fitline, *words, "--holdout", "0.3")
    costs = {run["name"]: run["validation_cost"] for run in result["runs"]}
    assert result["best"]["name"] == min(costs, key=lambda name: float(costs[name]))
    assert result["best"]["criterion"] == "validation cost"
    assert "add --folds 5 or --holdout 0.2" in fitline(*words).stdout


def test_a_penalised_run_goes_on_and_its_model_has_no_intervals(
    fitline: Fitline, tmp_path: Path
) -> None:
    words = (DIABETES, *SEVERAL, "--l1", "9", "--l2", "0.01")
    whole = told(fitline, "train", *words, "--steps", "40")
    fitline("train", *words, "--steps", "9", "--run", "run")
    assert told(fitline, "resume", "run", "--steps", "40") == whole
    assert told(fitline, "show", "run") == whole
    fitline("train", *words, "--save", "model.json")
    assert LinearModel.load(tmp_path / "model.json").uncertainty is None


@pytest.mark.parametrize(
    ("words", "said"),
    {
        "explore several.csv --x a,2*a --y b --l1 1 -o p.html": "the page has no --l1 alone",
        "plot leverage --l2 1 -o a.png": "without a penalty",
        "plot path --cost huber -o a.png": "path is for least squares, not for huber",
        "landscape several.csv --x a,b --l1 1 --others best": "with --l1 the others are fixed",
        "train --summary --l2 1": "--summary is for least squares",
        "train --l1 1 --line-search": "l1: steps that stop at 0",
    }.items(),
)
def test_what_knows_no_penalty_says_so(
    fitline: Fitline, tmp_path: Path, words: str, said: str
) -> None:
    (tmp_path / "several.csv").write_text("a,b,price\n1,2,3\n2,1,5\n3,5,9\n4,4,1\n")
    done = fitline(*words.split())
    assert done.returncode in {1, 2}
    assert said in done.stderr


def test_a_summary_has_no_penalty_from_a_configuration(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("l2: 5\n")
    assert fitline("summary", "-c", "c.yaml").stdout == fitline("summary").stdout


@pytest.mark.parametrize("size", [(1e-60, 1e-60), (1.0, 1.0), (1e65, 1e65), (1e-60, 1e65)])
@pytest.mark.parametrize("penalty", ["--l2 1e-30", "--l2 1e50", "--l1 1e50", "--l1 1 --l2 1e-9"])
@pytest.mark.parametrize("more", ["", "--scaling none --learning-rate auto"])
def test_extreme_penalties_and_tables_give_an_answer_without_a_complaint(
    fitline: Fitline, tmp_path: Path, size: tuple[float, float], penalty: str, more: str
) -> None:
    draw = np.random.default_rng(3).normal(size=(12, 3)) * [size[0], size[0], size[1]]
    rows = "\n".join(",".join(map(repr, row)) for row in draw.tolist())
    (tmp_path / "t.csv").write_text(f"a,b,y\n{rows}\n")
    words = ("train", "t.csv", "--x", "a,b", "--y", "y", "--steps", "20")
    done = fitline(*words, *penalty.split(), *more.split(), "--format", "json")
    assert done.returncode in {0, 1, 2, 4}
    assert "Warning" not in done.stderr
    if done.returncode in {0, 4}:
        json.loads(done.stdout, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "words",
    [
        *("--l2 1e-26", "--l1 1e-12", "--l2 0.1 --l1 1e-12", "--l2 1e-28 --scaling minmax"),
        *("--l1 1e-9 --scaling none", "--l2 1e-28 --scaling none"),
    ],
)
def test_a_penalty_that_rounding_hides_is_refused_with_the_least_one(
    fitline: Fitline, words: str
) -> None:
    table = ("train", DIABETES, *SEVERAL, "--steps", "5", "--learning-rate", "auto")
    done = fitline(*table, *words.split())
    assert done.returncode == 2
    advised = re.search(r"choose (\S+) or more, or 0", done.stderr)
    name = re.search(r"error: (?:--)?(l[12]):", done.stderr)
    assert advised
    assert name
    assert fitline(*table, *words.split(), f"--{name[1]}", advised[1]).returncode == 0


@pytest.mark.parametrize("penalty", ["1e15", "1e16", "1e17", "1e18", "1e40"])
@pytest.mark.parametrize("x", ["sqft", "bmi,s5"])
def test_a_chosen_rate_is_below_the_largest_stable_one(
    fitline: Fitline, penalty: str, x: str
) -> None:
    table = (HOUSES,) if x == "sqft" else (DIABETES, "--x", x, "--y", "progress")
    words = ("train", *table, "--l2", penalty, "--learning-rate", "auto", "--steps", "100")
    result = told(fitline, *words)
    assert result["config"]["learning_rate"] < result["curvature"]["largest_stable_rate"]
    found = TrainResult.from_document(result)
    assert found.diagnosis
    assert "Train with --learning-rate auto" not in advice_text(found.diagnosis, found.unit)


@pytest.mark.parametrize("penalty", [("--l2", "1"), ("--l1", "1"), ("--l2", "1", "--l1", "1")])
def test_a_penalty_determines_what_dependent_features_leave_open(
    fitline: Fitline, tmp_path: Path, penalty: tuple[str, ...]
) -> None:
    (tmp_path / "d.csv").write_text("a,b,y\n1,2,3\n2,4,5\n3,6,8\n4,8,9\n")
    words = ("train", "d.csv", "--x", "a,b", "--y", "y", "--scaling", "none")
    assert len(told(fitline, *words)["dependent"]) == 1
    result = told(fitline, *words, *penalty)
    assert result["dependent"] == []
    minimum = [one["minimum"] for one in result["coefficients"]]
    assert minimum == result["minimum"]["theta"]


@pytest.mark.parametrize(
    ("b", "is_open"),
    [("2,4,6,8", True), ("9,6,3,0", True), ("2,4,6,8.5", False), ("1,5,2,7", False)],
)
def test_features_that_replace_each_other_at_no_cost_are_told(
    fitline: Fitline,
    tmp_path: Path,
    b: str,
    is_open: bool,  # noqa: FBT001 - what is expected
) -> None:
    rows = zip("1234", b.split(","), "3589", strict=True)
    (tmp_path / "d.csv").write_text("a,b,y\n" + "\n".join(map(",".join, rows)))
    words = ("train", "d.csv", "--x", "a,b", "--y", "y", "--l1", "0.1")
    result = told(fitline, *words)
    assert len(result["dependent"]) == is_open
    assert [one["minimum"] is None for one in result["coefficients"][1:]] == [is_open, is_open]


def test_features_that_could_only_shrink_below_0_replace_no_other(
    fitline: Fitline, tmp_path: Path
) -> None:
    """The slopes of a, b and c = 2a − b are equally steep, and yet c alone is the minimum."""
    rows = ["3,2,4,4.5", "-1,-2,0,-0.5", "-1,0,-2,-2", "-1,0,-2,-2"]
    (tmp_path / "t.csv").write_text("\n".join(["a,b,c,y", *rows]))
    words = ("--x", "a,b,c", "--y", "y", "--scaling", "none", "--l1", "1")
    result = told(fitline, "train", "t.csv", *words, "--learning-rate", "auto")
    assert result["minimum"]["theta"] == pytest.approx([0, 0, 0, 1], abs=1e-12)
    assert result["dependent"] == []


def test_rows_of_the_step_table_never_rise_to_the_minimum(fitline: Fitline) -> None:
    result = told(fitline, "train", DIABETES, *SEVERAL, "--l1", "9", "--every", "1")
    excesses = [step["excess"] for step in result["trace"]]
    assert all(later <= earlier for earlier, later in pairwise(excesses))
