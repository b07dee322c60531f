"""Robust costs on the command line: which scale it is, how a run ends, and what is advised."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

NEIGHBOURHOODS = str(Path(__file__).parents[2] / "data" / "two_neighbourhoods.csv")
Fitline = Callable[..., CompletedProcess[str]]
NARROW = "--cost cauchy --cost-scale 50 --steps 100"
LOST = f"{NARROW} --learning-rate 0.1"


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
    assert told(fitline, "--cost cauchy", "scale") == f"15,500: 2.385 × 6,489, {about}"
    assert told(fitline, "--cost cauchy --cost-scale 50000", "scale") == "50,000, as it was given"


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
