"""Robust costs on the command line: which scale it is, how a run ends, and what is advised."""

import json
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest

from fitline.diagnosis import remedies
from fitline.landscapes import many_starts
from fitline.training import rate_choice

NEIGHBOURHOODS = str(Path(__file__).parents[2] / "data" / "two_neighbourhoods.csv")
Fitline = Callable[..., CompletedProcess[str]]
NARROW = "--cost cauchy --cost-scale 50 --steps 100"
LOST = f"{NARROW} --learning-rate 0.1"
LOWEST = "--cost cauchy --theta0 60000 --theta1 90"


@pytest.fixture(autouse=True)
def _tries_tell_rates_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try rates for more steps than in other tests: those that arrive are the matter here."""
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 500)
    monkeypatch.setattr(remedies, "LONG_STEPS", 500)


def told(fitline: Fitline, options: str, fact: str) -> str:
    (said,) = facts(fitline("train", NEIGHBOURHOODS, *shlex.split(options)), fact)
    return said


def facts(done: CompletedProcess[str], *names: str) -> list[str]:
    lines = done.stdout.splitlines()
    return [
        next(line.removeprefix(name).strip() for line in lines if line.startswith(name))
        for name in names
    ]


def test_the_scale_is_told_and_where_it_comes_from(fitline: Fitline) -> None:
    about = "the spread of the residuals of a robust fit"
    assert told(fitline, LOWEST, "scale") == f"15,500: 2.385 × 6,489, {about}"
    assert told(fitline, f"{LOWEST} --cost-scale 50000", "scale") == "50,000, as it was given"


def test_programs_are_told_the_scale_and_its_source(fitline: Fitline) -> None:
    words = ["train", NEIGHBOURHOODS, "--cost", "huber", "--format", "json"]
    found = json.loads(fitline(*words).stdout)
    cost = found["cost_function"]
    assert (cost["name"], cost["source"], cost["factor"]) == ("huber", "errors", 1.345)
    assert cost["scale"] == pytest.approx(cost["factor"] * cost["spread"], rel=5e-3)
    assert found["config"]["cost_scale"] == cost["scale"]


@pytest.mark.parametrize(
    ("options", "ending", "code"),
    [
        ("--cost huber --line-search", "converged", 0),
        ("--cost cauchy --line-search", "converged", 0),
        ("--line-search", "converged", 0),
        ("--cost absolute", "converged", 0),
        ("--cost absolute --line-search", "stalled", 3),
    ],
)
def test_strict_tells_a_minimum_from_all_else(
    fitline: Fitline, options: str, ending: str, code: int
) -> None:
    done = fitline("train", NEIGHBOURHOODS, *options.split(), "--strict", "--format", "json")
    assert (json.loads(done.stdout)["ending"], done.returncode) == (ending, code)


def test_a_plateau_is_named_and_what_leads_away_is_typed(fitline: Fitline) -> None:
    words = [*LOST.split(), "--strict", "--run", "run", "--format", "json"]
    done = fitline("train", NEIGHBOURHOODS, *words)
    assert (json.loads(done.stdout)["ending"], done.returncode) == ("plateau", 3)
    status, advice = facts(fitline("show", "run"), "status", "advice")
    assert status.endswith("on a plateau, not at a minimum")
    assert advice.startswith("Most rows lie far beyond the cost's scale. ")
    assert "it converges in" in advice


def test_rates_and_starts_call_no_plateau_a_minimum(fitline: Fitline) -> None:
    rates = json.loads(
        fitline("rates", NEIGHBOURHOODS, *NARROW.split(), "--format", "json").stdout
    )
    assert {trial["fate"] for trial in rates["trials"]} <= {"crawls", "hovers", "zig_zags"}
    words = [*LOST.split(), "--starts", "5", "--format", "json"]
    found = json.loads(fitline("train", NEIGHBOURHOODS, *words).stdout)
    for start in found["starts"]:
        assert (start["minimum"] is not None) == (start["ending"] == "converged")


ROBUST = ["absolute", "huber", "cauchy"]


@pytest.fixture
def two_planes(tmp_path: Path) -> str:
    """Write 12 rows, 7 along one plane and 5 along another, with b in m and in feet."""
    draw = np.random.default_rng(3)
    a, b = draw.uniform(0, 10, (2, 12))
    y = np.where(np.arange(12) < 7, 10 + 2 * a + 3 * b, 80 - 3 * a + b) + draw.normal(size=12)
    table = np.column_stack([a, b, b / 0.3048, y])
    path = tmp_path / "planes.csv"
    np.savetxt(path, table, "%.17g", ",", header="a,b,feet,y", comments="")
    return str(path)


def json_of(fitline: Fitline, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fitline(*words, "--format", "json").stdout)
    return found


def test_minima_of_several_features_are_said_to_be_found_from_starts(
    fitline: Fitline, two_planes: str
) -> None:
    words = ["train", two_planes, "--x", "a,b", "--cost", "cauchy", "--theta", "23,5,-1"]
    (shape,) = facts(fitline(*words), "landscape")
    relief = json_of(fitline, *words)["landscape"]
    assert shape == f"{relief['minima']} minima found from 200 starts"
    assert relief["minima"] > 1
    assert (relief["saddles"], relief["maxima"], relief["starts"]) == (0, 0, 200)
    one = json_of(fitline, "train", NEIGHBOURHOODS, *LOWEST.split())["landscape"]
    huber = json_of(fitline, *words[:4], "--cost", "huber")["landscape"]
    wide = fitline(*words[:6], "--cost-scale", "50", "--starts", "3")
    assert facts(wide, "landscape") == ["1 minimum found from 200 starts"]
    assert "No other minimum was found" in wide.stdout
    assert "starts" not in one
    assert huber == {"minima": 1, "saddles": 0, "maxima": 0}


@pytest.mark.parametrize("rate", [(), ("--learning-rate", "auto")])
def test_a_schedule_that_is_typed_is_kept(
    fitline: Fitline, monkeypatch: pytest.MonkeyPatch, rate: Sequence[str]
) -> None:
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 50)
    words = ("--cost", "absolute", *rate, "--steps", "300", "--theta", "0,100")
    trained = {
        name: json_of(fitline, "train", *words, *(("--schedule", name) if name else ()))
        for name in ("constant", "inverse_time", "exponential", "")
    }
    kept = {name: found["config"]["schedule"]["name"] for name, found in trained.items()}
    assert kept == {name: name or "exponential" for name in trained}
    several = ",".join(filter(None, trained))
    compared = json_of(fitline, "compare", *words, "--schedule", several)["runs"]
    for run in compared:
        assert run["theta"] == trained[run["name"]]["theta"]


def test_a_local_minimum_of_several_features_is_named_and_left(
    fitline: Fitline, two_planes: str
) -> None:
    words = ["train", two_planes, "--x", "a,b", "--cost", "cauchy", "--theta", "80,-3,1"]
    status, advice = facts(fitline(*words), "status", "advice")
    assert status.startswith("converged")
    assert advice.startswith("This is a local minimum. Train with --starts 20: the lowest of them")
    found = json_of(fitline, *words, "--starts", "6")
    kinds = [found["minima"][start["minimum"]]["kind"] for start in found["starts"]]
    assert kinds[0] == "local"
    assert set(kinds) == {"local", "global"}
    assert found["excess"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("cost", [*ROBUST, "squared"])
def test_features_that_depend_on_each_other_have_a_minimum_that_is_reached(
    fitline: Fitline, two_planes: str, cost: str
) -> None:
    found = json_of(fitline, "train", two_planes, "--x", "a,b,feet", "--cost", cost, "--seed", "1")
    assert found["ending"] == "converged"
    assert (found["diagnosis"] or {}).get("kind") != "local_minimum"
    assert found["excess"] < 1e-6 * found["cost"]
    _, a, b, feet = (one["minimum"] for one in found["coefficients"])
    assert a is not None
    assert b is feet is None


@pytest.mark.parametrize("cost", ROBUST)
def test_every_command_takes_robust_costs_of_several_features(
    fitline: Fitline, two_planes: str, monkeypatch: pytest.MonkeyPatch, cost: str
) -> None:
    monkeypatch.setattr(remedies, "STARTS", 3)
    monkeypatch.setattr(remedies, "LONG_STEPS", 50)
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 50)
    monkeypatch.setattr(many_starts, "STARTS", 40)
    table = [two_planes, "--x", "a,b", "--cost", cost]
    short = [*table, "--steps", "50"]
    best = json_of(fitline, "train", *short)["minimum"]
    evaluated = json_of(fitline, "evaluate", *table, "--theta", "10,2,3")
    assert evaluated["minimum"] == best
    assert evaluated["points"][0]["excess"] > 0
    assert json_of(fitline, "compare", *short, "--learning-rate", "0.1,0.3")["minimum"] == best
    assert json_of(fitline, "rates", *short)["trials"]
    batches = "--batch-size 4 --epochs 30 --theta 20,2,2 --learning-rate 0.1"
    found = json_of(fitline, "train", *table, *batches.split())
    assert found["minimum"] == best
    assert found["excess"] < 0.1 * best["cost"]
