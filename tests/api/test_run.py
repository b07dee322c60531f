"""A run as Python users meet it: in one line, in a notebook, as arrays, pictures and a page."""

import html
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import fitline
from fitline import ConfigError, FileError, FitlineError, LinearModel, Run
from fitline.cli import main
from fitline.plots import KINDS

DATA = Path(__file__).parents[2] / "data"
TOWN, TWO = DATA / "town.csv", DATA / "two_neighbourhoods.csv"


@pytest.fixture(scope="module")
def run() -> Run:
    return fitline.train(theta0=0, theta1=100)


@pytest.fixture(scope="module")
def several() -> Run:
    settings = {"x": ["sqft", "beds", "year"], "y": "price", "holdout": 0.2}
    return fitline.train(TOWN, **settings, learning_rate="auto")  # type: ignore[arg-type]


def test_it_is_told_in_one_line(run: Run) -> None:
    told = "<Run price = 12,000 + 136 × sqft: RMSE 4,472.14, R² 0.996552, 128 steps, converged>"
    assert repr(run) == told
    assert repr(fitline.train(steps=1, seed=3)).endswith("1 step, not converged>")
    assert "diverged" in repr(fitline.train(learning_rate=3))


@pytest.mark.parametrize("table", ["run", "several"])
def test_its_history_has_every_step(table: str, request: pytest.FixtureRequest) -> None:
    found: Run = request.getfixturevalue(table)
    history = found.history
    assert {column.shape for column in history.values()} == {(len(found.steps),)}
    thetas = np.stack([history[name] for name in history if name.startswith("theta")], axis=1)
    np.testing.assert_array_equal(thetas, [step.theta for step in found.steps])
    np.testing.assert_array_equal(history["cost"], [step.cost for step in found.steps])
    assert ("validation_cost" in history) == (table == "several")
    pandas, polars = history.to_pandas(), history.to_polars()
    assert isinstance(pandas, pd.DataFrame)
    assert isinstance(polars, pl.DataFrame)
    assert [*pandas.columns] == polars.columns == [*history]
    assert pandas["excess"].tolist() == polars["excess"].to_list() == history["excess"].tolist()


def test_what_is_not_finite_is_nan_in_the_history() -> None:
    assert np.isnan(fitline.train(learning_rate=1e200).history["cost"][-1])


def test_a_notebook_shows_the_table_the_costs_and_the_coefficients(run: Run, several: Run) -> None:
    shown = several._repr_html_()
    assert "<svg" in shown
    text = html.unescape(re.sub(r"<[^>]+>", " ", shown))
    for part in ("town.csv", "held out", "intercept", "beds", "standardized", "converged"):
        assert part in text
    points = re.findall(r"[\d.]+,([\d.]+)", shown.partition('points="')[2].partition('"')[0])
    assert points == sorted(points, key=float), "the excess falls from step to step"
    assert "<svg" in run._repr_html_()


def test_a_notebook_shows_no_picture_where_nothing_is_above_the_minimum() -> None:
    level = fitline.train([1, 2, 3], [5, 5, 5], theta0=5, theta1=0)
    assert "<svg" not in level._repr_html_()


def test_names_do_nothing_in_a_notebook() -> None:
    name = "<script>alert(1)</script>\x1b[31m"
    shown = fitline.train({name: [1, 2, 3], "y": [1, 2, 4]})._repr_html_()
    assert "<script" not in shown
    assert "\x1b" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize("kind", [*KINDS, "nosuch"])
def test_it_is_drawn_in_every_way_or_says_why_not(run: Run, kind: str) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    if kind == "nosuch":
        with pytest.raises(FitlineError, match="there is no picture 'nosuch'"):
            run.plot(kind)
    else:
        figure = run.plot(kind)
        assert isinstance(figure, Figure)
        if kind == "cost":
            assert figure._repr_png_().startswith(b"\x89PNG"), "a notebook shows it"


def test_the_parameters_to_draw_are_named(several: Run) -> None:
    pytest.importorskip("matplotlib")
    axes = several.plot("contour", axes=["beds", "year"], others="fixed").axes[0]
    assert "beds" in axes.get_xlabel()
    assert "year" in axes.get_ylabel()
    assert "beds" in several.plot("added", feature="beds").axes[0].get_xlabel()
    for options in ({"axes": ["beds", "nosuch"]}, {"feature": "nosuch"}):
        with pytest.raises(FitlineError, match="no feature 'nosuch'"):
            several.plot("contour", **options)  # type: ignore[arg-type]
    with pytest.raises(FitlineError, match="line is for one feature"):
        several.plot("line")


def test_the_page_is_that_of_the_command(
    several: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = f"{TOWN} --x sqft,beds,year --y price --holdout 0.2 --learning-rate auto -q"
    assert main(["explore", *words.split(), "--axes", "beds,year", "-o", "c.html"]) == 0
    page = several.explore(axes=["beds", "year"])
    page.save("own.html")
    assert Path("own.html").read_text() == Path("c.html").read_text()
    shown = page._repr_html_()
    assert html.unescape(shown.partition('srcdoc="')[2].partition('"')[0]) == page.html


def test_its_summary_is_that_of_the_exact_fit(run: Run) -> None:
    assert run.summary == fitline.summary().facts
    with pytest.raises(ConfigError, match="summary is for least squares"):
        _ = fitline.train(cost="huber").summary
    with pytest.raises(ConfigError, match="had a penalty"):
        _ = fitline.train(l2=1).summary


PICKLED: dict[str, dict[str, Any]] = {
    "a file": {"data": TOWN, "x": ["sqft", "neighbourhood"], "y": "price"},
    "a frame": {"data": pl.read_csv(TOWN), "x": ["sqft", "neighbourhood"], "y": "price"},
    "arrays": {"data": [[1], [2], [3]], "y": [2, 4, 7]},
    "a formula": {"data": TOWN, "x": "log(sqft)", "y": "log(price)"},
    "a robust cost": {"cost": "huber", "learning_rate": "auto"},
    "several starts": {"data": TWO, "cost": "cauchy", "cost_scale": 50000, "starts": 5},
    "mini-batches": {"batch_size": 2, "steps": 20},
    "rows held out": {"data": TOWN, "x": "sqft", "y": "price", "holdout": 0.2, "patience": 9},
    "folds and a lasso": {
        "data": TOWN,
        "x": ["sqft", "beds"],
        "y": "price",
        "folds": 3,
        "l1": 1,
    },
    "a line search": {"line_search": True},
}


@pytest.mark.parametrize("what", PICKLED)
def test_it_is_pickled_with_all_that_it_shows(what: str) -> None:
    run = fitline.train(**PICKLED[what])
    again = pickle.loads(pickle.dumps(run))  # noqa: S301 - our own
    assert repr(again) == repr(run)
    assert again.result.document() == run.result.document()
    assert [step.theta.tolist() for step in again.steps] == [s.theta.tolist() for s in run.steps]
    new = {"sqft": [1500], "neighbourhood": ["Harbour"], "beds": [3], "x": [3]}
    assert again.model.predict(new).tolist() == run.model.predict(new).tolist()
    if what != "folds and a lasso":  # which the page does not know
        assert again.explore().html == run.explore().html


def test_it_is_saved_over_no_table_and_no_saved_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table = "x,y\n1,1\n2,3\n3,4\n"
    Path("t.csv").write_text(table)
    Path("link.csv").symlink_to("t.csv")
    assert main(["train", "t.csv", "--run", "k", "-q", "-o", "k.txt"]) == 0
    run, kept = fitline.train("t.csv"), Path("k/run.json").read_text()
    for path, said in (("t.csv", "the table itself"), ("link.csv", "the table itself")):
        for save in (run.save, run.explore().save):
            with pytest.raises(FileError, match=said):
                save(path)
    for name in ("run.json", "model.json", "history.csv"):
        for save in (run.save, run.explore().save):
            with pytest.raises(FileError, match="a part of a saved run"):
                save(f"k/{name}")
    assert (Path("t.csv").read_text(), Path("k/run.json").read_text()) == (table, kept)
    run.save("model.json")
    assert isinstance(fitline.load("model.json"), LinearModel)


@pytest.mark.parametrize("rate", [3.0, 1e100, 1e300])
def test_what_diverged_is_not_saved(tmp_path: Path, rate: float) -> None:
    with pytest.raises(FileError, match="a model that diverged is of no use"):
        fitline.train(learning_rate=rate).save(tmp_path / "m.json")
    assert not [*tmp_path.iterdir()]
