"""What fitline advises is typed here, and must lead to a better ending."""

import json
import re
import shlex
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from fitline.cli import app
from fitline.diagnosis import remedies
from fitline.landscapes import exhaustive
from fitline.results.train import TrainResult
from fitline.training import rate_choice
from fitline.views.advice import advice_text

Train = Callable[[Sequence[str]], dict[str, Any]]

TABLES = {
    "houses": ([1000, 1500, 2000, 2500], [150000, 210000, 290000, 350000]),
    "line": (np.arange(30.0), 2 * np.arange(30.0) + 1),
    "far off": (np.arange(1.0, 17), [*range(1, 16), 1000]),
}

CASES = [
    "houses --learning-rate 0.01 --steps 1500",
    "houses --learning-rate 0.9",
    "houses --learning-rate 1 --steps 100",
    "houses --learning-rate 1.2",
    "houses --learning-rate 0.7 --scaling minmax",
    "houses --learning-rate 1e-7 --scaling none --steps 100",
    "houses --scaling none",
    "houses --scaling minmax --steps 10",
    "houses --scaling none --line-search --steps 100",
    "houses --steps 2",
    "houses --tolerance 0.3",
    "houses --tolerance 0.3 --starts 5 --learning-rate 0.9",
    "several --x a,b --y y --tolerance 0.1",
    "far off --cost huber --tolerance 0.01",
    "houses --schedule exponential --steps 100",
    "houses --schedule step --schedule-every 2 --steps 100",
    "houses --theta0 1e150 --theta1 1e150 --steps 100",
    "houses --l2 0.1 --scaling minmax --steps 5",
    "houses --l2 0.1 --l1 9 --scaling minmax --learning-rate 1e-4 --steps 200",
    "several --x a,b --y y --l2 0.001 --scaling minmax --learning-rate 1e-4",
    "several --x a,b --y y --l1 1 --steps 20 --learning-rate 0.001",
    "houses --optimizer momentum --steps 5",
    "houses --optimizer momentum --learning-rate 5",
    "houses --optimizer nesterov --learning-rate 0.001 --steps 100",
    "houses --optimizer adam --steps 3",
    "houses --optimizer adam --learning-rate 1e-4 --steps 500",
    "houses --optimizer rmsprop --steps 400",
    "houses --batch-size 1 --steps 50",
    "houses --batch-size 2 --learning-rate 3 --steps 100",
    "houses --cost huber --learning-rate 1e-4 --steps 100",
    "line --cost huber --learning-rate 0.1 --steps 100",
    "line --cost huber --learning-rate 0.1 --optimizer momentum",
    "line --cost cauchy --cost-scale 0.01 --learning-rate 0.1 --theta0 40 --theta1 -2 --steps 200",
    "far off --cost cauchy --theta0 1e4 --theta1 0 --steps 500",
    "two --cost absolute --line-search",
    "two --cost absolute --learning-rate 0.1",
    "two --cost cauchy --cost-scale 50000 --theta0 0 --theta1 300",
]
QUIET = [
    "houses",
    "houses --learning-rate auto",
    "houses --tolerance 1e-6",
    "houses --learning-rate 0.5",
    "houses --line-search",
    "houses --optimizer momentum --learning-rate auto",
    "houses --optimizer nesterov --learning-rate auto",
    "houses --optimizer adam --learning-rate auto",
    "houses --optimizer adam",
    "houses --cost huber",
    "houses --cost huber --learning-rate 0.5",
    "houses --cost huber --line-search",
    "houses --cost absolute",
    "line",
    "line --cost huber",
    "line --cost cauchy",
    "far off --cost huber",
]


@pytest.fixture(scope="module")
def train(tmp_path_factory: pytest.TempPathFactory) -> Train:
    """Train with options, and give the result."""
    folder = tmp_path_factory.mktemp("tables")
    paths = {"two": "data/two_neighbourhoods.csv"}
    draw = np.random.default_rng(5).normal(size=(40, 3)) * [3, 1, 20] + [50, 3, 0]
    paths["several"] = str(folder / "several.csv")
    np.savetxt(paths["several"], draw, "%.17g", ",", header="a,b,y", comments="")
    for name, (x, y) in TABLES.items():
        paths[name] = str(folder / f"{name}.csv")
        np.savetxt(paths[name], np.transpose([x, y]), "%.17g", ",", header="x,y", comments="")

    def train(words: Sequence[str]) -> dict[str, Any]:
        typed = ["train", paths[words[0]], *words[1:], "--format", "json"]
        result: dict[str, Any] = json.loads(CliRunner().invoke(app, typed).stdout)
        return result

    return train


@pytest.fixture(autouse=True)
def _tries_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try nothing for 20,000 steps, no rate for 1000, and search no grid of 201 by 201 points."""
    monkeypatch.setattr(remedies, "LONG_STEPS", 1500)
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 500)
    monkeypatch.setattr(exhaustive, "MOST_POINTS", 61)


def advice_on(document: dict[str, Any]) -> str | None:
    """Give the advice on a run, if there is any."""
    result = TrainResult.from_document(document)
    return advice_text(result.diagnosis, result.unit) if result.diagnosis else None


def words_of(case: str) -> list[str]:
    name = next(name for name in ("two", "several", *TABLES) if case.startswith(name))
    return [name, *shlex.split(case.removeprefix(name))]


def changed(words: Sequence[str], advice: str) -> list[str]:
    """Follow an advice: leave options out, and type others in the place of what they were."""
    left = re.search(r"[Ll]eave (.*?) out", advice)
    typed = re.search(r"[Tt]rain with (.*?):", advice)
    new = shlex.split(typed[1]) if typed else []
    gone = {word for word in [*new, *(left[1].split() if left else [])] if word.startswith("--")}
    kept: list[str] = []
    is_gone = False
    for word in words:
        if word.startswith("--"):
            is_gone = word in gone
        if not is_gone:
            kept.append(word)
    return [*kept, *new]


@pytest.mark.parametrize("case", CASES)
def test_what_is_advised_ends_better_when_it_is_typed(train: Train, case: str) -> None:
    words = words_of(case)
    before = train(words)
    advice = advice_on(before)
    assert advice, before["ending"]
    after = train(changed(words, advice))
    if "it ends nearer" in advice:
        assert 2 * after["excess"] < (before["excess"] or np.inf)
        return
    assert after["ending"] == "converged"
    told = re.search(r"converges in ([\d,]+) (step|epoch)", advice)
    assert told
    assert after["steps"] == int(told[1].replace(",", ""))
    if before["ending"] == "converged" and before["excess"] <= 1e-9 * before["cost"]:
        assert 2 * after["steps"] < before["steps"]
    else:
        assert after["excess"] <= 1e-9 * after["cost"] + 1e-12


@pytest.mark.parametrize("case", QUIET)
def test_a_run_that_went_well_needs_no_advice(train: Train, case: str) -> None:
    result = train(words_of(case))
    assert result["ending"] == "converged"
    assert advice_on(result) is None
