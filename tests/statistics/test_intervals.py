"""Intervals of predictions are those of the textbook, and the same by every way to get them."""

import csv
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special

from fitline import ConfigError, DataError, FileError, LinearModel, train
from fitline.cli import main
from fitline.data import open_table
from fitline.data.residuals import squared_errors
from fitline.statistics.inference import RobustErrors
from fitline.statistics.intervals import Uncertainty

TOWN = str(Path(__file__).parents[2] / "data/town.csv")


def table(p: int, rows: int = 40) -> dict[str, Any]:
    draw = np.random.default_rng(p)
    x = draw.normal(size=(p, rows)) * 10.0 ** np.arange(p)[:, None] + 1000
    columns = {f"x{place}": column for place, column in enumerate(x)}
    return {**columns, "y": x.sum(axis=0) + draw.normal(size=rows)}


@pytest.mark.parametrize("p", [1, 2, 5])
@pytest.mark.parametrize("intercept", [True, False])
def test_the_ends_are_those_of_the_textbook(p: int, intercept: bool) -> None:  # noqa: FBT001
    data = table(p)
    names = [name for name in data if name != "y"]
    options = {"x": names, "y": "y", "intercept": intercept}
    run = train(data, **options, theta=train(data, **options, steps=0).minimum.theta.tolist())
    design = np.column_stack([data[name] for name in names])
    design = np.column_stack([np.ones(len(design)), design]) if intercept else design
    q, r = np.linalg.qr(design)
    fitted = q @ (q.T @ data["y"])
    freedom = len(design) - design.shape[1]
    deviation = np.sqrt(np.sum((data["y"] - fitted) ** 2) / freedom)
    leverage = np.sum(np.linalg.solve(r.T, design.T) ** 2, axis=0)
    for level in (0.5, 0.95, 0.999):
        reach = special.stdtrit(freedom, (1 + level) / 2) * deviation
        for of_mean in (True, False):
            half = reach * np.sqrt(leverage + (not of_mean))
            ends = run.model.interval(data, level, of_mean=of_mean)
            assert_allclose(ends[:, 0], fitted - half, rtol=1e-8)
            assert_allclose(ends[:, 1], fitted + half, rtol=1e-8)


def test_every_way_gives_the_same_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = [
        "train",
        TOWN,
        "--x",
        "sqft,beds,neighbourhood",
        "--y",
        "price",
        "--learning-rate",
        "auto",
        "--steps",
        "100000",
        "-q",
    ]
    assert main([*run, "--save", "m.json", "-o", "run.txt"]) == 0
    wanted = ["--model", "m.json", "--interval", "0.9", "--confidence", "0.5", "-q"]
    for name in ("p.csv", "p.json", "p.parquet"):
        assert main(["predict", TOWN, *wanted, "-o", name]) == 0
    names = ["prediction", "low", "high", "mean_low", "mean_high"]
    rows = [*csv.DictReader(Path("p.csv").read_text().splitlines())]
    found = np.array([[float(row[name]) for name in names] for row in rows])
    document = json.loads(Path("p.json").read_text())["predictions"]
    assert_allclose([[row[name] for name in names] for row in document], found, rtol=1e-14)
    parquet = duckdb.sql(f"select {', '.join(names)} from 'p.parquet'").fetchall()
    assert_allclose(parquet, found, rtol=1e-14)
    model, columns = LinearModel.load("m.json"), duckdb.sql(f"from '{TOWN}'").fetchnumpy()
    assert_allclose(model.interval(columns, 0.9), found[:, 1:3], rtol=1e-12)
    assert_allclose(model.interval(columns, 0.5, of_mean=True), found[:, 3:], rtol=1e-12)


@pytest.mark.parametrize(
    "options",
    [
        {"steps": 3},
        {"cost": "huber"},
        {"data": {"sqft": [1, 2], "price": [3, 4]}},
        {"data": {"a": [1, 2, 3], "b": [2, 4, 6], "y": [1, 2, 4]}, "x": ["a", "b"], "y": "y"},
    ],
)
def test_what_is_not_least_squares_has_no_intervals(options: dict[str, Any]) -> None:
    model = train(**options).model
    with pytest.raises(DataError, match="the model has no intervals"):
        model.interval(np.ones((1, len(model.x))))


@pytest.mark.parametrize(
    "uncertainty",
    [
        {"forms": [[1.0]]},
        {"forms": [[1.0, 2.0]] * 2},
        {"forms": [[1.0]] * 3, "offset": [1.0] * 3},
        {"offset": [1.0]},
        {"centre": []},
        {"centre": [1.0, 2.0]},
        {"degrees_of_freedom": 0},
        {"residual_standard_error": -1},
        {"forms": 5},
    ],
)
def test_an_uncertainty_of_another_model_is_refused(
    tmp_path: Path, uncertainty: dict[str, Any]
) -> None:
    train().save(tmp_path / "m.json")
    document = json.loads((tmp_path / "m.json").read_text())
    document["model"]["uncertainty"] |= uncertainty
    (tmp_path / "m.json").write_text(json.dumps(document))
    with pytest.raises(FileError, match="holds no model"):
        LinearModel.load(tmp_path / "m.json")


@pytest.mark.parametrize("far", [1e6, 1.7e12])
def test_far_from_0_intervals_keep_their_digits(far: float) -> None:
    draw = np.random.default_rng(0)
    x = draw.integers(0, 99, 30).astype(float)
    y = np.round(3 * x + draw.normal(size=30), 3)
    with (
        open_table({"x": x, "y": y}, "x", "y") as near,
        open_table({"x": x + far, "y": y}, "x", "y") as away,
    ):
        moments = [table.moments() for table in (near, away)]
        known = [Uncertainty.of(own) for own in moments]
        assert known[0]
        assert known[1]
        points = np.array([[0.0], [50.5], [200.0]])
        leverages = known[0].leverage(points), known[1].leverage(points + far)
        assert_allclose(leverages[1], leverages[0], rtol=1e-12)
        errors = [
            RobustErrors(*squared_errors(table, own, one))
            for one, table, own in zip(known, (near, away), moments, strict=True)
            if one
        ]
        slopes = [one.standard_errors[1] for one in errors]
        assert_allclose(slopes[1], slopes[0], rtol=1e-9)
        fs = [one.wald(own) for one, own in zip(errors, moments, strict=True)]
        assert_allclose(fs[1], fs[0], rtol=1e-9)


@pytest.mark.parametrize("of_mean", [True, False])
@pytest.mark.parametrize(
    ("wide", "high", "far"),
    [
        (1.0, 1.0, 1e155),
        (1.0, 1.0, -1e307),
        (1.0, 1e-60, 1e308),
        (1e-60, 1.0, 1e100),
        (1e-60, 1e-60, 1e300),
        (1e-60, 1e-60, -1e95),
        (1e60, 1e-60, 1e300),
        (1e60, 1e60, 1e240),
    ],
)
def test_ends_are_float64s_where_squares_on_the_way_are_not(
    wide: float,
    high: float,
    far: float,
    of_mean: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    xs, ys = [wide * x for x in (1, 2, 3, 4)], [high * y for y in (2, 4, 7, 8)]
    fit = train({"x": xs, "y": ys}, x="x", y="y", steps=0).minimum.theta.tolist()
    model = train({"x": xs, "y": ys}, x="x", y="y", theta=fit).model
    x, y, one = [*map(Decimal, xs)], [*map(Decimal, ys)], Decimal(far)
    middle, level = sum(x) / 4, sum(y) / 4
    spread = sum((u - middle) ** 2 for u in x)
    slope = sum((u - middle) * (v - level) for u, v in zip(x, y, strict=True)) / spread
    left = sum((v - level - slope * (u - middle)) ** 2 for u, v in zip(x, y, strict=True))
    square = left / 2 * (Decimal("0.25") + (one - middle) ** 2 / spread + (not of_mean))
    half = Decimal(float(special.stdtrit(2, 0.95))) * square.sqrt()
    truth = [float(level + slope * (one - middle) + sign * half) for sign in (-1, 1)]
    assert_allclose(model.interval({"x": [far]}, 0.9, of_mean=of_mean)[0], truth, rtol=1e-12)
    model.save(tmp_path / "m.json")
    (tmp_path / "t.csv").write_text(f"x\n{far!r}\n")
    words = ["--model", str(tmp_path / "m.json"), "--confidence" if of_mean else "--interval"]
    for place, what in enumerate((repr(far).replace("-", "−"), str(tmp_path / "t.csv"))):
        found = tmp_path / f"{place}.json"
        assert main(["predict", what, *words, "0.9", "-q", "-o", str(found)]) == 0
        (row,) = json.loads(found.read_text())["predictions"]
        assert_allclose([*row.values()][-2:], truth, rtol=1e-12)


@pytest.mark.parametrize("flag", ["--interval", "--confidence"])
@pytest.mark.parametrize("level", ["0", "1", "95", "-1"])
def test_a_level_is_a_probability(
    flag: str, level: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    train().save(tmp_path / "m.json")
    assert main(["predict", "1500", "--model", str(tmp_path / "m.json"), flag, level]) == 2
    assert f"{flag} is {level}, not between 0 and 1" in capsys.readouterr().err


@pytest.mark.parametrize("level", [0, 1, 95, 1.5, -0.5, math.nan, "0.9", True, [0.9]])
@pytest.mark.parametrize("of_mean", [True, False])
def test_a_level_in_python_is_a_probability_too(level: Any, of_mean: bool) -> None:  # noqa: FBT001
    with pytest.raises(ConfigError, match="not a number between 0 and 1"):
        train().model.interval([1500], level, of_mean=of_mean)


def test_ends_that_are_too_large_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    train(theta0=0, theta1=0).save("m.json")
    Path("t.csv").write_text("sqft\n1.25e306\n")
    for words in (["1.25e306"], ["t.csv"], ["t.csv", "-o", "o.csv"], ["t.csv", "-o", "o.parquet"]):
        assert main(["predict", *words, "--model", "m.json", "--interval", "0.9"]) == 1
        said = capsys.readouterr()
        assert "sqft = 1.25e306" in said.err
        assert not said.out
    assert not Path("o.csv").exists()
