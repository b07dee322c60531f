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


def test_one_row_tells_a_line_through_the_origin(fitline: Fitline) -> None:
    (fitline.folder / "t.csv").write_text("x,y,k\n2,3,a\n4,5,b\n")  # type: ignore[attr-defined]
    words = ("-", "--x", "x", "--y", "y", "--no-intercept", "--format", "json")
    for command in ("train", "summary"):
        found = json.loads(fitline(command, *words, stdin="x,y\n2,3\n").stdout)
        if command == "train":
            assert found["minimum"] == {"theta": [0.0, 1.5], "cost": 0.0}
            assert found["r2"] == pytest.approx(1.0)
            continue
        (slope,) = found["coefficients"]
        assert (slope["theta"], slope["standard_error"], slope["p"]) == (1.5, None, None)
        assert (found["degrees_of_freedom"], found["residual_standard_error"]) == (0, None)
        assert (found["rmse"], found["r2"], found["adjusted_r2"]) == (0.0, 1.0, None)
        assert found["f"] == {"statistic": None, "p": None}
        grouped = json.loads(fitline(command, "t.csv", *words[1:], "--by", "k").stdout)
        assert [group["theta"] for group in grouped["groups"]] == [[0.0, 1.5], [0.0, 1.25]]


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


COMMANDS = [
    "rates --steps 50",
    "compare",
    "compare --learning-rate 0.1,0.2 -o race.html",
    "compare --learning-rate 0.1,0.2 -o race.svg",
    "train --cost huber --steps 50",
    "train --cost cauchy --starts 3 --steps 50",
    "train --optimizer adam --batch-size 20 --epochs 2 --explain 2",
    "grid",
    "landscape --path",
    "landscape --along beds --cost absolute",
    "plot contour -o map.svg",
    "explore -o page.html",
    "evaluate --theta 0,100,5000 --worst 2",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_it(fitline: Fitline, command: str) -> None:
    done = fitline(*command.split(), *NONE)
    assert done.returncode == 0, done.stderr


def test_the_landscape_is_that_of_the_slopes_alone(fitline: Fitline) -> None:
    grid = json.loads(fitline("grid", *NONE, "--format", "json").stdout)
    assert [axis["name"] for axis in grid["axes"]] == ["sqft", "beds"]
    table = np.genfromtxt(TOWN, delimiter=",", names=True)
    slopes = [axis["values"][3] for axis in grid["axes"]]
    errors = table["price"] - slopes[0] * table["sqft"] - slopes[1] * table["beds"]
    assert grid["cost"][3][3] == pytest.approx(np.mean(errors**2), rel=1e-12)
    shown = fitline("landscape", *NONE).stdout
    assert "plane  θ1 · sqft and θ2 · beds\n" in shown
    along = fitline("landscape", "--along", "theta1", "--no-intercept").stdout
    assert "lowest here  33,333,333 at θ0 = 0, θ1 = 142.222" in along


@pytest.mark.parametrize(
    ("data", "scaling", "cost"),
    [
        *(((), "standard", "squared"), ((), "minmax", "huber"), ((), "none", "squared")),
        *((NONE[:-1], "standard", "huber"), (NONE[:-1], "minmax", "squared")),
        (NONE[:-1], "none", "huber"),
    ],
)
def test_updates_are_worked_out_without_the_intercept(
    fitline: Fitline, data: tuple[str, ...], scaling: str, cost: str
) -> None:
    words = ("--scaling", scaling, "--cost", cost, "--explain", "1", "--learning-rate", "auto")
    done = fitline("train", *data, *words, "--no-intercept", "--steps", "20")
    assert done.returncode == 0, done.stderr
    by_hand = done.stdout.split("by hand")[1].split("step ")[0]
    assert "θ0" not in by_hand
    assert "new θ1" in by_hand
    assert ("moved one after the other" in by_hand) == bool(data)


def test_a_model_without_an_intercept_is_measured_as_it_was_trained(fitline: Fitline) -> None:
    words = ("--learning-rate", "auto", "--save", "m.json", "--format", "json")
    trained = json.loads(fitline("train", *NONE, *words).stdout)
    (point,) = json.loads(
        fitline("evaluate", TOWN, "--model", "m.json", "--format", "json").stdout
    )["points"]
    assert point["r2"] == pytest.approx(trained["r2"], rel=1e-12)


@pytest.mark.parametrize(
    "options", [(), ("--weight", "w"), ("--cost", "huber")], ids=["plain", "weighted", "huber"]
)
@pytest.mark.parametrize("table", ["own.csv", "other.csv"])
def test_the_r2_of_a_model_is_the_same_beside_others(
    fitline: Fitline, options: tuple[str, ...], table: str
) -> None:
    folder: Path = fitline.folder  # type: ignore[attr-defined]
    (folder / "own.csv").write_text("x,y,w\n1,10,2\n2,11,1\n3,12.5,1\n4,13,3\n")
    (folder / "other.csv").write_text("x,y,w\n2,11,2\n3,14,1\n9,0.1,3\n")
    words = ("own.csv", "--x", "x", "--y", "y", *options, "-q")
    fitline("train", *words, "--no-intercept", "--save", "n.json")
    fitline("train", *words, "--save", "i.json")
    weight = options if "--weight" in options else ()
    found: dict[str, set[float]] = {"n.json": set(), "i.json": set()}
    for models in (("n.json",), ("i.json",), ("n.json", "i.json"), ("i.json", "n.json")):
        named = [word for model in models for word in ("--model", model)]
        done = fitline("evaluate", table, *named, *weight, "--format", "json")
        for point in json.loads(done.stdout)["points"]:
            found[point["model"]].add(point["r2"])
    x, y, w = np.loadtxt(folder / table, delimiter=",", skiprows=1, unpack=True)
    w = w if weight else np.ones(len(w))
    about = {"n.json": 0.0, "i.json": (w @ y) / w.sum()}
    for name, (r2,) in found.items():
        intercept, slope = json.loads((folder / name).read_text())["model"]["theta"]
        missed, spread = y - intercept - slope * x, y - about[name]
        assert r2 == pytest.approx(1 - (w @ missed**2) / (w @ spread**2), rel=1e-12)


def test_a_model_with_an_intercept_is_measured_beside_no_minimum_without_one(
    fitline: Fitline,
) -> None:
    fitline("train", "--learning-rate", "auto", "--save", "with.json")
    fitline("train", "--no-intercept", "--learning-rate", "auto", "--save", "without.json")
    for more in ([], ["--minimum"], ["--model", "without.json"]):
        done = fitline("evaluate", "--model", "with.json", *more, "--no-intercept")
        assert (done.returncode, done.stdout) == (2, "")
        assert "with.json has an intercept" in done.stderr
    both = ("--model", "with.json", "--model", "without.json", "--minimum", "--format", "json")
    points = json.loads(fitline("evaluate", *both).stdout)["points"]
    assert [round(point["cost"]) for point in points] == [20_000_000, 33_333_333]
    assert [round(point["excess"]) for point in points] == [0, 13_333_333]


def test_a_slope_alone_is_evaluated_where_there_is_no_intercept(fitline: Fitline) -> None:
    done = fitline("evaluate", "--no-intercept", "--theta1", "100", "--format", "json")
    (point,) = json.loads(done.stdout)["points"]
    assert (point["theta"], point["cost"]) == ([0, 100], 6_050_000_000)


REFUSED = {
    "compare --no-intercept -o r.svg": "there is one parameter, and a picture takes two",
    "grid -c none.yaml": "there is one parameter, and a picture takes two",
    "landscape --no-intercept --along theta0": "θ0 cannot be drawn: the model has no intercept",
    "landscape --no-intercept --along theta1 --theta1 5": "along theta1, --theta1 is a range",
    f"grid {' '.join(NONE)} --axes theta0,beds": "the model has no intercept",
    "train --no-intercept --theta 5,1": "the model has no intercept, and would start with 5",
    "evaluate --no-intercept --theta 5,1": "the model has no intercept, and theta begins with 5",
    "evaluate -c none.yaml --theta0 5 --theta1 1": "no intercept, and theta begins with 5",
    "evaluate --no-intercept --cost huber --theta 5,1": "no intercept, and theta begins with 5",
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
