"""`--folds` on the command line and in saved runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fitline.data import open_table
from fitline.data.division import Folds
from fitline.formatting import number
from fitline.results.summary import CrossValidationFacts

TOWN = Path(__file__).parents[2] / "data" / "town.csv"


@pytest.mark.parametrize("command", ["summary", "train --learning-rate auto"])
def test_it_is_told_beside_the_fit(
    fitline: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    words = (*command.split(), str(TOWN), "--x", "sqft,beds", "--y", "price", "--folds", "5")
    document = json.loads(fitline(*words, "--format", "json").stdout)
    with open_table(str(TOWN), ["sqft", "beds"], "price") as table:
        facts = CrossValidationFacts.of(table.moments(division=Folds(5, 0)))
    assert facts is not None
    assert document["cross_validation"]["rmses"] == facts.rmses
    told = [line for line in fitline(*words).stdout.splitlines() if line.startswith("5 folds")]
    assert len(told) == 1
    assert f"RMSE {number(facts.rmse)} ± {number(facts.spread, 3)}, R² " in told[0]


def test_a_run_in_folds_goes_on(fitline: Callable[..., Any]) -> None:
    words = (str(TOWN), "--x", "sqft,beds", "--y", "price", "--folds", "5", "--format", "json")
    whole = json.loads(fitline("train", *words, "--steps", "9").stdout)
    fitline("train", *words, "--steps", "4", "--run", "run")
    resumed = json.loads(fitline("resume", "run", "--steps", "9", "--format", "json").stdout)
    assert resumed["cross_validation"] == whole["cross_validation"]
    assert json.loads(fitline("show", "run", "--format", "json").stdout) == resumed
