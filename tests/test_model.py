"""A model is a line with names, and can be saved."""

import json
from pathlib import Path

import numpy as np
import pytest

from fitline import FileError, LinearModel, train

MODEL = LinearModel(("sqft",), "price", np.array([50_000.0, 100.0]))


def test_a_model_predicts_the_height_of_its_line() -> None:
    assert MODEL.predict([1500, 0]).tolist() == [200_000, 50_000]


def test_several_features_add_up() -> None:
    model = LinearModel(("a", "b"), "y", np.array([1.0, 2.0, 3.0]))
    assert model.predict([[10, 100]]).tolist() == [321]
    assert model.equation == "y = 1 + 2 × a + 3 × b"


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
