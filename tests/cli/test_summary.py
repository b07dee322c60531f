"""`fitline summary`: what it prints, and what it refuses."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Fitline = Callable[..., Any]
TOWN = str(Path(__file__).parents[2] / "data/town.csv")


def test_the_four_houses_have_these_statistics(fitline: Fitline) -> None:
    found = json.loads(fitline("summary", "--format", "json").stdout)
    intercept, slope = found["coefficients"]
    assert (intercept["name"], slope["name"]) == (None, "sqft")
    assert intercept["standard_error"] == 10392.304845413264
    assert slope["standard_error"] == 5.656854249492381
    assert found["residual_standard_error"] == 6324.555320336759
    assert found["r2"] == 0.996551724137931
    assert (found["degrees_of_freedom"], found["f"]["statistic"]) == (2, 578.0)


def test_a_higher_level_has_wider_intervals_and_the_same_middle(fitline: Fitline) -> None:
    def ends(level: str) -> list[float]:
        done = fitline("summary", "--level", level, "--format", "json")
        last = json.loads(done.stdout)["coefficients"][1]
        return [last["low"], last["high"]]

    (low, high), (lower, higher) = ends("0.8"), ends("0.99")
    assert lower < low < high < higher
    assert low + high == pytest.approx(272, rel=1e-12)
    assert lower + higher == pytest.approx(272, rel=1e-12)


@pytest.mark.parametrize("level", ["0", "1", "-0.5", "95", "nan"])
def test_a_level_lies_between_0_and_1(fitline: Fitline, level: str) -> None:
    done = fitline("summary", "--level", level)
    assert done.returncode == 2
    assert "--level" in done.stderr


def test_every_format_has_the_same_figures(fitline: Fitline) -> None:
    words = ["summary", TOWN, "--x", "sqft,beds,year"]
    found = json.loads(fitline(*words, "--format", "json").stdout)["coefficients"]
    rows = [*csv.DictReader(io.StringIO(fitline(*words, "--format", "csv").stdout))]
    assert [row["name"] for row in rows] == ["intercept", "sqft", "beds", "year"]
    for one, row in zip(found, rows, strict=True):
        assert {key: float(value) for key, value in row.items() if value and key != "name"} == {
            key: value for key, value in one.items() if value is not None and key != "name"
        }
    assert "| sqft | 120.457 | 6.8301 |" in fitline(*words, "--format", "markdown").stdout


def test_what_is_to_be_minded_is_said_with_its_figure(fitline: Fitline, tmp_path: Path) -> None:
    text = fitline("summary", TOWN, "--x", "sqft,sqft^2,m2").stdout
    assert "dependent  m2 = 0.092903 × sqft" in text
    assert (
        "collinear  sqft (VIF 23.74), sqft^2 (VIF 23.74)"
        in fitline("summary", TOWN, "--x", "sqft,sqft^2").stdout
    )
    (tmp_path / "few.csv").write_text("x,y\n1,2\n2,4\n")
    text = fitline("summary", "few.csv").stdout
    assert "there are no more rows than parameters" in text
    assert "std. error" not in text


def test_a_training_may_tell_them_too_and_a_saved_run_again(
    fitline: Fitline, tmp_path: Path
) -> None:
    words = ["train", TOWN, "--x", "sqft,beds", "--y", "price", "--summary"]
    *_, alone = fitline("summary", *words[1:-1]).stdout.split("\n\n")
    printed = fitline(*words, "--steps", "30", "--run", "whole").stdout
    assert printed.endswith(alone)
    assert fitline("show", "whole").stdout == printed
    fitline(*words, "--steps", "3", "--run", "run")
    resumed = fitline("resume", "run", "--steps", "30")
    assert resumed.stdout == printed
    (tmp_path / "run" / "result.json").unlink()
    assert fitline("show", "run").stdout.endswith(alone)


def test_a_robust_cost_has_none(fitline: Fitline) -> None:
    done = fitline("train", "--cost", "huber", "--summary")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--summary is for least squares" in done.stderr


def test_a_robust_cost_of_a_configuration_is_refused(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("cost: cauchy\n")
    done = fitline("summary", "-c", "c.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "c.yaml: cost: summary is for least squares" in done.stderr


def test_a_setting_of_a_walk_is_no_option(fitline: Fitline) -> None:
    done = fitline("summary", "--steps", "3")
    assert done.returncode == 2
    assert "--steps" in done.stderr
