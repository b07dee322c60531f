"""`--holdout` and `--patience` on the command line and in saved runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from fitline.data.division import Holdout

Fitline = Callable[..., Any]
DRAW = np.random.default_rng(2)
X = np.round(DRAW.uniform(0, 1, 60), 3)
Y = np.round(np.sin(2 * np.pi * X) + 0.3 * DRAW.normal(size=60), 3)
HELD = Holdout(0.3, 8).of(np.array([X, Y])) == 1
TOWN = Path(__file__).parents[2] / "data" / "town.csv"
CURVE = ",".join(["x", *(f"x^{power}" for power in range(2, 9))])


@pytest.fixture(autouse=True)
def _table(tmp_path: Path) -> None:
    rows = "".join(f"{x:.3f},{y:.3f}\n" for x, y in zip(X, Y, strict=True))
    (tmp_path / "t.csv").write_text(f"x,y\n{rows}")


def test_a_saved_run_holds_every_step_and_is_shown_again(fitline: Fitline, tmp_path: Path) -> None:
    words = ["t.csv", "--x", CURVE, "--y", "y", "--holdout", "0.3", "--seed", "8"]
    words += ["--optimizer", "momentum", "--learning-rate", "auto", "--patience", "50"]
    done = fitline("train", *words, "--run", "run", "--trace", "trace.csv", "--format", "json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["ending"], result["trace"][-1]["step"]) == ("early", result["steps"])
    assert result["validation"]["rows"] == HELD.sum()
    assert result["data"]["rows"] == 60 - HELD.sum()
    history = duckdb.sql(f"select step, validation_cost from '{tmp_path}/run/history.csv'")
    steps, costs = zip(*history.fetchall(), strict=True)
    assert steps == (*range(result["steps"] + 51),)
    assert min(costs) == costs[result["steps"]]
    assert result["validation"]["cost"] == pytest.approx(min(costs), rel=1e-12)
    trace = duckdb.sql(f"select step, validation_cost from '{tmp_path}/trace.csv'").fetchall()
    assert trace == [*zip(steps, costs, strict=True)]
    assert json.loads(fitline("show", "run", "--format", "json").stdout) == result
    assert "validation cost was lowest after" in fitline("show", "run").stdout
    header = fitline("show", "run", "--format", "csv").stdout.splitlines()[0]
    assert header.endswith("cost,gradient_norm,validation_cost")
    fitline("train", *words, "--save", "m.json")
    assert "changed" not in fitline("evaluate", "t.csv", "--model", "m.json").stderr


def test_commands_that_do_not_train_take_all_rows(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("holdout: 0.3\npatience: 3\n")
    for command in (["summary"], ["evaluate", "--theta", "0,1"], ["grid"]):
        done = fitline(*command, "t.csv", "-c", "c.yaml", "--format", "json")
        assert json.loads(done.stdout)["data"]["rows"] == 60


def test_a_run_at_its_step_limit_goes_on_to_the_step_that_is_kept(fitline: Fitline) -> None:
    words = ["t.csv", "--x", CURVE, "--y", "y", "--holdout", "0.3", "--seed", "8"]
    words += ["--optimizer", "momentum", "--learning-rate", "0.1", "--patience", "50"]
    whole = fitline("train", *words, "--format", "json")
    assert json.loads(whole.stdout)["ending"] == "early"
    for steps in ("4", "9"):
        done = fitline("train", *words, "--steps", steps, "--run", f"run{steps}")
        assert "reached the step limit" in done.stdout
        resumed = fitline("resume", f"run{steps}", "--steps", "1000", "--format", "json")
        assert json.loads(resumed.stdout)["theta"] == json.loads(whole.stdout)["theta"]


@pytest.mark.parametrize("held", [("--holdout", "0.3,0.4"), ("--holdout", "0.3", "--seed", "1,2")])
def test_trainings_on_other_rows_are_not_compared(fitline: Fitline, held: tuple[str, ...]) -> None:
    done = fitline("compare", "t.csv", "--x", "x", "--y", "y", *held)
    assert done.returncode == 2


def test_a_comparison_shows_the_cost_of_the_rows_held_out(fitline: Fitline) -> None:
    words = ("t.csv", "--x", "x", "--y", "y", "--holdout", "0.3", "--seed", "8")
    words += ("--optimizer", "momentum,adam")
    runs = json.loads(fitline("compare", *words, "--format", "json").stdout)["runs"]
    for run in runs:
        errors = Y[HELD] - run["theta"][0] - run["theta"][1] * X[HELD]
        assert run["validation_cost"] == pytest.approx(np.mean(errors**2), rel=1e-9)
    assert "validation cost" in fitline("compare", *words).stdout


def test_where_starts_begin_matters_if_they_stop_early(fitline: Fitline) -> None:
    words = (str(TOWN), "--x", "sqft", "--y", "price", "--holdout", "0.2", "--patience", "1")
    done = fitline("train", *words, "--starts", "3", "--seed", "2")
    assert "2 of 3 starts stopped early, so it matters where they begin." in done.stdout
    assert "does not matter" not in done.stdout
