"""A model is a line with names, and can be saved."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from fitline import DataError, FileError, LinearModel, RangeError, train
from fitline.data import Reading, open_table
from fitline.data.predictions import Predictions
from fitline.model import Line

MODEL = LinearModel(("sqft",), "price", np.array([50_000.0, 100.0]))


def test_a_model_predicts_the_height_of_its_line() -> None:
    assert MODEL.predict([1500, 0]).tolist() == [200_000, 50_000]


def test_several_features_add_up() -> None:
    model = LinearModel(("a", "b"), "y", np.array([1.0, 2.0, 3.0]))
    assert model.predict([[10, 100]]).tolist() == [321]
    assert model.equation == "y = 1 + 2 × a + 3 × b"


@pytest.mark.parametrize(("theta", "row"), [((1, -2), (0.1,)), ((0.1, 0.2, 0.3), (7, -1e10))])
def test_a_line_that_is_typed_is_the_model_of_a_table(
    theta: tuple[float, ...], row: tuple[float, ...]
) -> None:
    names = ("a", "[b]\x1b")[: len(row)]
    line, model = Line(names, theta), LinearModel(names, "prediction", np.array(theta))
    assert line.equation == model.equation
    assert_allclose(line.predicted([row], ()), model.predicted([row], ()), rtol=1e-15)


@pytest.mark.parametrize(("theta", "row"), [((-1, 1e308), (2,)), ((0, 1e308, -1e308), (2, 2))])
def test_a_line_that_is_typed_gives_nothing_that_is_no_float64(
    theta: tuple[float, ...], row: tuple[float, ...]
) -> None:
    names = ("a", "b")[: len(row)]
    for model in (Line(names, theta), LinearModel(names, "prediction", np.array(theta))):
        with pytest.raises(RangeError, match=r"the prediction for a = 2.* is beyond the largest"):
            model.predicted([row], ())


def test_what_was_saved_is_loaded_to_the_last_digit(tmp_path: Path) -> None:
    model = LinearModel(("Gr Liv Area",), "[bold]", np.array([1 / 3, -1e-300]))
    model.save(tmp_path / "model.json")
    loaded = LinearModel.load(tmp_path / "model.json")
    assert (loaded.x, loaded.y, loaded.theta.tolist()) == (model.x, model.y, model.theta.tolist())


def test_a_saved_run_says_where_it_comes_from(tmp_path: Path) -> None:
    run = train(theta0=0, theta1=100)
    run.save(tmp_path / "model.json")
    document = json.loads((tmp_path / "model.json").read_text())
    assert document["schema"] == 1
    assert document["model"]["theta"] == run.model.theta.tolist()
    assert document["config"]["learning_rate"] == 0.1
    assert document["data"]["rows"] == 4
    assert document["data"]["fingerprint"] == run.training.moments.fingerprint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"model": {"x": ["a"], "y": "b", "theta": [1]}}',
        '{"model": {"x": ["a"], "y": "b", "theta": [1, NaN]}}',
        '{"model": {"x": ["a"], "y": "b", "theta": "ab"}}',
        '{"model": [1]}',
    ],
)
def test_what_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(text)
    with pytest.raises(FileError, match=r"model\.json"):
        LinearModel.load(path)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        LinearModel.load(tmp_path / "none.json")


@pytest.mark.parametrize("theta", [[1.0], [1.0, 2.0, 3.0], 5.0])
def test_a_model_has_an_intercept_and_a_slope_for_each_feature(theta: Any) -> None:
    with pytest.raises(DataError, match=r"must have the shape \(2,\)"):
        LinearModel(("x",), "y", np.array(theta))


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_nothing_is_predicted_from_an_infinite_value(value: float) -> None:
    model = LinearModel(("x",), "y", np.array([1.0, 2.0]))
    with pytest.raises(DataError, match=r"^x is -?inf, not a finite number$"):
        model.predict([1.0, value])


def test_an_equation_shows_names_by_their_escapes() -> None:
    equation = LinearModel(("a\x1b[31m",), "b\u202e", np.array([1.0, 2.0])).equation
    assert equation == r"b\u202e = 1 + 2 × a\x1b[31m"


@pytest.mark.parametrize("theta", [["x", 2], [1j, 2], "ab", {}, [[1], 2]])
def test_parameters_are_numbers(theta: Any) -> None:
    with pytest.raises(DataError, match=r"not numbers|must have the shape"):
        LinearModel(("a",), "y", theta)
    assert LinearModel(("a",), "y", [1, 2]).predict([3]).tolist() == [7.0]


WRITTEN: dict[str, tuple[dict[str, Any], list[str]]] = {
    "day and month": ({"date_format": "%Y-%d-%m"}, ["2024-01-02", "2024-02-02", "2024-03-03"]),
    "points": ({"date_format": "%d.%m.%y"}, ["01.02.24", "02.02.24", "03.03.24"]),
    "marks": ({"decimal": ",", "thousands": "."}, ["1.000", "2.500,5", "4.000"]),
    "gaps": ({"na": "-999,none", "bad_rows": "skip"}, ["1", "-999", "2", "none", "4", "-999.0"]),
}


@pytest.mark.parametrize("case", WRITTEN)
@pytest.mark.parametrize("typed", ["x", ["x", "z"]])
def test_texts_are_read_as_they_were_in_training(
    tmp_path: Path, case: str, typed: str | list[str]
) -> None:
    options, texts = WRITTEN[case]
    table = pd.DataFrame({"x": texts, "z": [0, 3, 1, 5, 2, 4][: len(texts)]})
    path, slopes = tmp_path / "t.csv", [2.0] * len(np.atleast_1d(typed))
    table.to_csv(path, sep=";", index=False)
    reading = Reading(delimiter=";", **options)
    with open_table(str(path), typed, reading=reading, to_predict=True) as file:
        expected = [row[-1] for row in Predictions(file, [1.0, *slopes]).pairs()]
    y = [1, 3, 2, 5, 4, 6][: len(texts)]
    run = train(table.assign(y=y), x=typed, y="y", steps=0, theta=(1.0, *slopes), **options)
    run.save(tmp_path / "run.json")
    run.model.save(tmp_path / "model.json")
    loaded = [LinearModel.load(tmp_path / f"{name}.json") for name in ("run", "model")]
    for model in (run.model, *loaded):
        found = model.predict(table)
        assert len(found) == len(texts)
        assert_allclose(found[~np.isnan(found)], expected, rtol=1e-12)
