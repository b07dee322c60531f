"""`--no-intercept`: a model through the origin, in every command that has one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Fitline = Callable[..., Any]
TOWN = str(Path(__file__).parents[2] / "data" / "town.csv")
NONE = (TOWN, "--x", "sqft,beds", "--y", "price", "--no-intercept")


def fitted(*names: str) -> list[float]:
    table = np.genfromtxt(TOWN, delimiter=",", names=True)
    x = np.column_stack([table[name] for name in names])
    slopes: list[float] = np.linalg.lstsq(x, table["price"])[0].tolist()
    return slopes


def test_no_intercept_is_shown_and_none_is_fitted(fitline: Fitline) -> None:
    shown = fitline("train", *NONE).stdout
    assert ", no intercept\n" in shown
    assert "θ0" not in shown.split("step ")[1]
    assert "intercept " not in shown.split("feature ")[1]
    found = json.loads(fitline("train", *NONE, "--format", "json").stdout)
    assert found["minimum"]["theta"] == [0.0, *map(pytest.approx, fitted("sqft", "beds"))]
    assert found["config"]["intercept"] is False


def test_a_run_without_an_intercept_goes_on_and_is_shown(fitline: Fitline) -> None:
    whole = json.loads(fitline("train", *NONE, "--steps", "9", "--format", "json").stdout)
    fitline("train", *NONE, "--steps", "4", "--run", "run")
    resumed = json.loads(fitline("resume", "run", "--steps", "9", "--format", "json").stdout)
    assert resumed["theta"] == whole["theta"]
    assert json.loads(fitline("show", "run", "--format", "json").stdout) == resumed
    assert fitline("compare", "--run", "run").returncode == 0


def test_a_saved_model_predicts_and_is_evaluated(fitline: Fitline) -> None:
    fitline("train", *NONE, "--learning-rate", "auto", "--save", "m.json")
    shown = fitline("predict", "sqft=1000", "beds=2", "--model", "m.json").stdout
    assert "price = 1" in shown
    done = fitline("evaluate", TOWN, "--model", "m.json", "--format", "json")
    assert "has changed" not in done.stderr
    (point,) = json.loads(done.stdout)["points"]
    assert point["theta"][0] == 0


@pytest.mark.parametrize("command", ["rates", "compare"])
def test_other_commands_that_train_take_it(fitline: Fitline, command: str) -> None:
    assert fitline(command, *NONE).returncode == 0


REFUSED = {
    "train --no-intercept --explain 1": "--explain works out models with an intercept",
    "train --no-intercept --cost cauchy": "cauchy error is fitted with an intercept",
    "compare --no-intercept -o r.html": "the page is for models with an intercept",
    "compare --no-intercept -o r.svg": "there is one parameter, and a picture takes two",
    **{
        f"{command} -c none.yaml": f"fitline {command.split()[0]} is for models with an intercept"
        for command in (
            "landscape",
            "grid",
            "explore -o p.html",
            "plot cost -o c.png",
            "evaluate --theta 0,1",
        )
    },
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_needs_an_intercept_says_so(fitline: Fitline, tmp_path: Path, words: str) -> None:
    (tmp_path / "none.yaml").write_text("intercept: false\n")
    done = fitline(*words.split())
    assert REFUSED[words] in done.stderr
    assert done.returncode in {1, 2}
    assert [path.name for path in tmp_path.iterdir()] == ["none.yaml"]


def test_a_model_file_without_an_intercept_holds_none(fitline: Fitline, tmp_path: Path) -> None:
    model = {"x": ["sqft"], "y": "price", "theta": [5, 1], "intercept": False}
    (tmp_path / "m.json").write_text(json.dumps({"schema": 1, "model": model}))
    done = fitline("predict", "3", "--model", "m.json")
    assert "theta begins with 5, and intercept is false" in done.stderr
