"""`fitline.summary`: what the command tells, from Python."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fitline import Config, ConfigError, DataError, summary
from fitline.cli import main

TOWN = str(Path(__file__).parents[1] / "data" / "town.csv")
COLUMNS: Any = {"x": ["sqft", "beds"], "y": "price"}


@pytest.mark.parametrize(
    ("settings", "more", "words"),
    [
        ({}, {}, ""),
        ({}, {"level": 0.9, "robust_errors": "hc3"}, "--level 0.9 --robust-errors hc3"),
        ({"folds": 5, "intercept": False}, {}, "--folds 5 --no-intercept"),
        ({"weight": "year"}, {}, "--weight year"),
    ],
)
@pytest.mark.parametrize("read", [str, pl.read_csv])
def test_it_tells_what_the_command_does(
    capsys: pytest.CaptureFixture[str],
    read: Callable[[str], Any],
    settings: dict[str, Any],
    more: dict[str, Any],
    words: str,
) -> None:
    options = ["--x", "sqft,beds", "--y", "price", "--format", "json", *words.split()]
    assert main(["summary", TOWN, *options]) == 0
    known = json.loads(capsys.readouterr().out)
    found = summary(read(TOWN), config=Config(**settings), **COLUMNS, **more).document()
    assert json.loads(json.dumps({**found, "data": None})) == {**known, "data": None}


def test_what_is_said_of_a_training_does_not_matter() -> None:
    training = Config(holdout=0.3, patience=5, l2=5.0, optimizer={"name": "adam"}, seed=3)
    assert summary(TOWN, config=training, **COLUMNS) == summary(TOWN, **COLUMNS)


def test_what_is_no_exact_fit_is_refused() -> None:
    with pytest.raises(ConfigError, match="summary is for least squares, not for huber error"):
        summary(config=Config(cost="huber"))
    levels: list[Any] = [0.0, 1.0, 95.0, "0.95", None]
    for level in levels:
        with pytest.raises(ConfigError, match="not a number between 0 and 1"):
            summary(level=level)
    other: Any = "hc2"
    with pytest.raises(ConfigError, match="robust_errors is 'hc2', not 'hc3'"):
        summary(robust_errors=other)
    with pytest.raises(DataError, match="it has 'sqft', 'price'"):
        summary(x="sqfeet", y="price")
