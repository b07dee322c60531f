"""Which two of several parameters are drawn, as a process."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitline.data import open_table

TABLE = """a,"b, c",cost,y
1,2,3,3
2,1,9,5
3,5,1,9
4,4,4,10
5,9,8,17
6,2,2,10
"""
SEVERAL = ("t.csv", "--x", "a", "--x", "b, c", "--y", "y")
FITTED = np.linalg.lstsq(
    np.array([[1, 1, 2], [1, 2, 1], [1, 3, 5], [1, 4, 4], [1, 5, 9], [1, 6, 2]], float),
    np.array([3, 5, 9, 10, 17, 10], float),
)[0]


@pytest.fixture
def fit(fitline: Any) -> Any:
    """Run fitline where the table lies."""
    (fitline.folder / "t.csv").write_text(TABLE)
    return fitline


def document(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("features", ["Z,z", "a,Cost"])
def test_cells_keep_names_that_differ_by_case_alone(
    fitline: Any, tmp_path: Path, features: str
) -> None:
    (tmp_path / "t.csv").write_text(f"{features},y\n1,2,3\n2,1,4\n3,3,9\n4,1,2\n")
    words = ["grid", "t.csv", "--x", features, "--y", "y"]
    assert fitline(*words, "-o", "cells.csv").returncode == 0
    assert (tmp_path / "cells.csv").read_text().startswith(f"{features},cost\n")
    done = fitline(*words, "-o", "cells.parquet")
    assert (done.returncode, (tmp_path / "cells.parquet").exists()) == (1, False)
    assert (
        "names that differ by case alone, which fitline does not write to Parquet" in done.stderr
    )


def test_the_cells_of_a_grid_are_named_by_the_features(fit: Any) -> None:
    done = fit("grid", *SEVERAL, "--axes", "b, c=0:1:2,a=3:3:1")
    header, *cells = done.stdout.splitlines()
    assert header == '"b, c",a,cost'
    assert [cell.rsplit(",", 1)[0] for cell in cells] == ["0.0,3.0", "1.0,3.0"]


def test_json_names_the_axes_and_says_what_the_others_do(fit: Any) -> None:
    found = document(fit("grid", *SEVERAL, "--axes", "theta0=0:1:2,a=0:4:3", "--format", "json"))
    assert found["axes"] == [
        {"name": "theta0", "parameter": "theta0", "values": [0, 1]},
        {"name": "a", "parameter": "theta1", "values": [0, 2, 4]},
    ]
    assert (found["others"], np.shape(found["cost"])) == ("best", (2, 3))
    assert "theta0" not in found


def test_with_the_others_fixed_the_cost_is_that_of_evaluate(fit: Any) -> None:
    words = ("--axes", "a=0:4:2,b, c=1:2:2", "--others", "fixed", "--format", "json")
    (low, _), (_, high) = document(fit("grid", *SEVERAL, *words))["cost"]
    points = [f"--theta={FITTED[0]},{a},{b}" for a, b in ((0, 1), (4, 2))]
    expected = document(fit("evaluate", *SEVERAL, *points, "--format", "json"))["points"]
    assert [low, high] == pytest.approx([point["cost"] for point in expected])


def test_left_out_the_features_are_drawn_that_matter_most(fit: Any) -> None:
    words = ("t.csv", "--x", "cost,a", "--x", "b, c", "--y", "y", "--format", "json")
    found = document(fit("grid", *words))
    assert [axis["name"] for axis in found["axes"]] == ["a", "b, c"]


@pytest.mark.parametrize("ending", ["npy", "parquet", "csv"])
def test_a_file_holds_the_cells(ending: str, fit: Any) -> None:
    words = ("t.csv", "--x", "cost,a", "--y", "y", "--axes", "cost=0:1:2,a=0:2:3")
    done = fit("grid", *words, "-o", f"cells.{ending}")
    assert done.returncode == 0, done.stderr
    if ending == "npy":
        assert np.load(fit.folder / "cells.npy").shape == (2, 3, 3)
        return
    names = open_table(str(fit.folder / f"cells.{ending}"), "theta1", "cost").parts[0].columns
    assert list(names) == ["theta1", "theta2", "cost"]


def test_a_path_is_of_all_parameters_and_begins_where_it_is_told(fit: Any) -> None:
    words = ("--path", "--theta", "0,1,2", "--format", "json")
    found = document(fit("landscape", *SEVERAL, *words))
    (path,) = found["paths"]
    assert path[0] == [0, 1, 2]
    assert path[-1] == pytest.approx(FITTED, rel=1e-6)
    assert found["minima"][0]["theta"] == pytest.approx(FITTED)
    assert list(found["window"]) == ["theta1", "theta2"]
    for place, start in ((1, 1), (2, 2)):
        low, high = found["window"][f"theta{place}"]
        assert low < start < high


def test_the_picture_says_what_the_others_do(fit: Any) -> None:
    best = fit("landscape", *SEVERAL, "--axes", "b, c,a").stdout
    assert "plane  θ2 · b, c and θ1 · a, θ0 at its best for each point" in best
    fixed = fit("landscape", *SEVERAL, "--others", "fixed").stdout
    assert "θ0 fixed at the minimum" in fixed
    robust = fit("landscape", *SEVERAL, "--cost", "huber").stdout
    assert "θ0 fixed at the minimum" in robust


def test_along_a_parameter_the_others_are_at_their_best_or_fixed(fit: Any) -> None:
    for others in ("best", "fixed"):
        words = ("--along", "b, c=0:2:3", "--others", others, "--format", "json")
        found = document(fit("landscape", *SEVERAL, *words))
        assert (found["along"], found["others"]) == ("theta2", others)
        assert found["minima"][0]["theta"] == pytest.approx(FITTED)
        assert "best" not in found
    told = fit("landscape", *SEVERAL, "--along", "a").stdout
    assert "The cost along θ1 · a, the others at their best for each point:" in told
    assert "depends on" not in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["grid", "--axes", "q,a"], "--axes: there is no feature 'q'; there are 'a', 'b, c'"),
        (["grid", "--axes", "a"], "--axes is 'a', not two parameters"),
        (["grid", "--axes", "a,a"], "not two parameters"),
        (["grid", "--axes", "a,y"], "there is no feature 'y'"),
        (["grid", "--axes", "a,theta3"], "there is no feature 'theta3'"),
        (["grid", "--axes", "a=0:x:3,theta0"], "--axes a is '0:x:3', not START:STOP:COUNT"),
        (["landscape", "--axes", "a=1,theta0"], "--axes a is '1', not START:STOP:COUNT"),
        (["landscape", "--axes", "a=1:1:1,theta0"], "a range that does not rise"),
        (["grid", "--theta0", "0:1:2"], "--theta0 is for one feature; there are 2"),
        (["landscape", "--path", "--theta1", "5"], "--theta1 is for one feature; there are 2"),
        (["landscape", "--theta", "0,1,2"], "--theta is where a path starts"),
        (["landscape", "--along", "q"], "--along: there is no feature 'q'"),
        (["landscape", "--along", "a", "--axes", "a,theta0"], "are two pictures"),
        (["grid", "--cost", "huber", "--others", "best"], "--others best needs squared error"),
        (["plot", "line", "-o", "p.png"], "line is for one feature; there are 2"),
        (["plot", "cost", "--feature", "a", "-o", "p.png"], "--feature is for added"),
        (["plot", "added", "--feature", "q", "-o", "p.png"], "there is no feature 'q'"),
        (["plot", "added", "--feature", "theta0", "-o", "p.png"], "there is no feature 'theta0'"),
        (["plot", "added", "--cost", "huber", "-o", "p.png"], "added is for least squares"),
    ],
)
def test_what_cannot_be_drawn_is_said(words: list[str], told: str, fit: Any) -> None:
    kinds = words[1:2] if words[0] == "plot" else []
    done = fit(words[0], *kinds, *SEVERAL, *words[1 + len(kinds) :])
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
    assert not Path(fit.folder, "p.png").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["grid", "--axes", "theta0,theta1"], "with one there are only θ0 and θ1"),
        (["landscape", "--others", "fixed"], "with one there are only θ0 and θ1"),
        (["landscape", "--along", "q"], "--along is 'q', neither theta0 nor theta1"),
    ],
)
def test_one_feature_has_no_plane_to_choose(words: list[str], told: str, fit: Any) -> None:
    done = fit(*words)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_feature_that_depends_on_others_is_no_axis(fit: Any) -> None:
    (fit.folder / "twice.csv").write_text("a,m,b,y\n1,2,7,3\n2,4,1,5\n3,6,8,6\n5,10,2,9\n")
    words = ("twice.csv", "--x", "a,m,b", "--y", "y")
    for own in (["--axes", "a,m"], ["--along", "m"]):
        done = fit("landscape", *words, *own)
        assert done.returncode == 2
        assert "θ2 cannot be drawn: its feature depends on the others" in done.stderr
    found = document(fit("grid", *words, "--format", "json"))
    assert {axis["name"] for axis in found["axes"]} == {"a", "b"}
    told = fit("landscape", *words).stdout
    assert "θ0 at its best for each point, dependent features left out" in " ".join(told.split())


def test_a_level_and_a_formula_are_axes_by_their_names(fit: Any) -> None:
    (fit.folder / "t.csv").write_text("k,a,y\nu,1,3\nv,2,5\nu,4,9\nw,3,8\nw,6,11\nu,7,20\n")
    words = ("grid", "t.csv", "--x", "k,a,a^2", "--y", "y", "--format", "json", "--axes")
    for axes, parameters in {"k=w,a^2": [2, 4], "a,k=v": [3, 1]}.items():
        found = document(fit(*words, axes))
        assert [axis["parameter"] for axis in found["axes"]] == [f"theta{p}" for p in parameters]
    refused = fit(*words, "q,a")
    assert refused.returncode == 2
    assert "there is no feature 'q'; there are 'k=v', 'k=w', 'a', 'a^2'" in refused.stderr
    for axes in ("k,a", "a,k"):
        refused = fit(*words, axes)
        assert refused.returncode == 2
        assert "'k' holds text, and has a parameter for each of its levels" in refused.stderr
        assert "name a level, for instance --axes 'k=v,k=w'" in refused.stderr
    words = ("plot", "added", "t.csv", "--x", "k,a", "--y", "y", "-o", "p.png", "--feature")
    assert "name a level, for instance --feature 'k=v'" in fit(*words, "k").stderr


def test_a_page_shows_the_axes_that_were_asked_for(fit: Any) -> None:
    for words, axes in ((("--axes", "theta0,b, c"), "[0, 2]"), ((), "null")):
        assert fit("explore", *SEVERAL, *words, "-o", "p.html").returncode == 0
        assert f'"axes": {axes}' in (fit.folder / "p.html").read_text()
    assert fit("explore", *SEVERAL, "--axes", "a,z", "-o", "p.html").returncode == 2
