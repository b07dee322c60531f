"""The estimator of scikit-learn is the training of fitline, and an estimator like any other."""

import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from inspect import signature
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import fitline
from fitline.config import Config
from fitline.data import engine
from fitline.optimize.optimizers import Adam
from fitline.reading import Reading
from fitline.results.summary import SummaryFacts
from fitline.sklearn import GradientDescentRegressor
from fitline.vector import Vector

NAMES = ["one", "two", "three"]
OTHERS = {"data", "x", "y", "weight", "folds", "theta0", "theta1"}
"""Settings that tell of a table, of cross-validation, and of a start by single parameters."""


def table(rows: int = 200) -> tuple[Vector, Vector]:
    """Give three features that hardly depend on each other, and y with a few outliers."""
    draw = np.random.default_rng(1)
    x = draw.normal(size=(rows, 3)) * [1, 10, 0.1] + [0, 5, -1]
    y = 3 + x @ [1, -2, 30] + draw.standard_t(2, size=rows)
    return x, y


X, Y = table()


@pytest.mark.filterwarnings("default")
def test_all_checks_of_scikit_learn_pass() -> None:
    results = check_estimator(GradientDescentRegressor(), on_skip=None)
    assert {result["status"] for result in results} == {"passed"}, results


def test_the_arguments_are_fields_of_the_configuration_with_its_defaults() -> None:
    others = {field.name for field in fields(Reading)} | OTHERS
    known = {field.name: field.default for field in fields(Config) if field.name not in others}
    known = {name: getattr(value, "name", value) for name, value in known.items()}
    arguments = signature(GradientDescentRegressor).parameters
    assert {name: own.default for name, own in arguments.items()} == {
        **known,
        "learning_rate": "auto",
        "steps": 10_000,
    }


DIABETES = load_diabetes(return_X_y=True)
SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "rate": {"learning_rate": 0.1, "scaling": "minmax"},
    "unscaled": {"scaling": "none", "theta": (1.0, 2.0, 3.0, 4.0)},
    "ridge": {"l2": 0.1},
    "elastic net": {"l2": 0.1, "l1": 0.5, "learning_rate": 0.2},
    "origin": {"intercept": False},
    "adam": {"optimizer": {"name": "adam", "beta1": 0.8}, "learning_rate": 0.3, "warm_up": 3},
    "line search": {"line_search": True},
    "mini-batches": {"batch_size": 32, "steps": 5, "schedule": "inverse_time"},
    "held out": {"holdout": 0.3, "patience": 4, "learning_rate": 0.01, "seed": 4},
    "huber": {"cost": "huber"},
    "huber held out": {"cost": "huber", "holdout": 0.3, "cost_scale": 2.0},
    "absolute": {"cost": "absolute", "steps": 20},
    "starts": {"cost": "cauchy", "starts": 3, "cost_scale": 0.5, "seed": 2},
}
WEIGHTS = {
    "none": (None, None),
    "counts": (np.arange(len(Y)) % 3, None),
    "precisions": (np.arange(len(Y)) % 3 / 2, "precisions"),
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    ("name", "kind"),
    [*zip(SETTINGS, cycle(["none"])), *zip(SETTINGS, cycle(["counts", "precisions"]))],
)
def test_a_fit_is_that_of_train_bit_for_bit(name: str, kind: str) -> None:
    weights, weights_are = WEIGHTS[kind]
    settings = {"steps": 60, **SETTINGS[name], "weights_are": weights_are}
    model = GradientDescentRegressor(**settings).fit(X, Y, sample_weight=weights)
    columns = {**dict(zip(NAMES, X.T, strict=True)), "y": Y}
    columns |= {} if weights is None else {"w": weights}
    named = {"x": NAMES, "y": "y", "weight": None if weights is None else "w"}
    at_0: dict[str, Any] = {} if "starts" in settings else {"theta": (0.0,) * (1 + len(NAMES))}
    run = fitline.train(columns, **named, **{"learning_rate": "auto", **at_0, **settings})

    assert [model.intercept_, *model.coef_] == run.last.theta.tolist()
    assert model.n_iter_ == run.last.index
    assert model.history_["step"].tolist() == [step.index for step in run.steps]
    for key, values in model.history_.items():
        if key != "step":
            expected = [getattr(step, key) for step in run.steps]
            expected = [*map(run.training.excess, run.steps)] if key == "excess" else expected
            np.testing.assert_array_equal(values, expected)
    assert ("validation_cost" in model.history_) == ("holdout" in settings)
    assert model.minimum_.theta.tolist() == run.minimum.theta.tolist()
    assert (model.minimum_.cost, model.excess_) == (run.minimum.cost, run.excess)
    training, curvature = run.training, model.curvature_
    if training.curvature:
        assert curvature.condition_number == training.curvature.condition_number
    if model.statistics_:
        expected = SummaryFacts.of(training.table, training.moments)
        assert [one.standard_error for one in model.statistics_.coefficients] == [
            one.standard_error for one in expected.coefficients
        ]
    is_least_squares = not settings.keys() & {"cost", "l2", "l1"}
    assert (model.statistics_ is not None) == is_least_squares


def test_a_default_fit_converges_to_least_squares_without_a_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "connect", lambda: pytest.fail("a database is opened"))
    model, exact = GradientDescentRegressor().fit(X, Y), LinearRegression().fit(X, Y)
    np.testing.assert_allclose(model.coef_, exact.coef_, rtol=1e-9)
    np.testing.assert_allclose(model.predict(X), exact.predict(X), rtol=1e-9)
    assert model.diagnosis_ is None
    assert model.score(X, Y) == pytest.approx(model.statistics_.r2)


def test_features_that_nearly_depend_on_each_other_are_fitted_by_default() -> None:
    model, exact = GradientDescentRegressor().fit(*DIABETES), LinearRegression().fit(*DIABETES)
    np.testing.assert_allclose(model.coef_, exact.coef_, rtol=1e-6)
    assert model.diagnosis_ is None


def test_a_ridge_is_that_of_standardised_columns() -> None:
    model = make_pipeline(StandardScaler(), GradientDescentRegressor(l2=0.1)).fit(X, Y)
    exact = make_pipeline(StandardScaler(), Ridge(alpha=0.1 * len(Y))).fit(X, Y)
    np.testing.assert_allclose(model.predict(X), exact.predict(X), rtol=1e-9)


UNFINISHED: dict[str, tuple[tuple[Vector, Vector], dict[str, Any]]] = {
    "narrow": (DIABETES, {"steps": 1000}),
    "narrow and diverges": (DIABETES, {"learning_rate": 10.0}),
    "diverges": ((X, Y), {"learning_rate": 10.0}),
    "few steps": ((X, Y), {"learning_rate": 0.1, "steps": 50}),
    "unscaled": ((X, Y), {"scaling": "none", "steps": 50}),
    "robust": ((X, Y), {"cost": "huber", "learning_rate": 1e-3}),
}


@pytest.mark.parametrize("name", UNFINISHED)
def test_what_a_warning_advises_converges_in_so_many_steps(name: str) -> None:
    (x, y), settings = UNFINISHED[name]
    model = GradientDescentRegressor(**settings)
    with pytest.warns(ConvergenceWarning) as caught:
        model.fit(x, y)
    told = str(caught[0].message)
    found = re.search(r"it converges in ([\d,]+) steps with (set_params\(.*\))$", told)
    assert found, told
    eval(f"model.{found[2]}", {"model": model})  # noqa: S307 - typed as it stands
    model.fit(x, y)
    assert model.n_iter_ == int(found[1].replace(",", ""))


def test_a_pickled_estimator_predicts_the_same_and_has_no_rows() -> None:
    x, y = table(20_000)
    model = GradientDescentRegressor().fit(x, y)
    pickled = pickle.dumps(model)
    assert len(pickled) < 20_000
    again = pickle.loads(pickled)  # noqa: S301 - our own
    assert again.predict(X).tolist() == model.predict(X).tolist()
    assert again.statistics_ == model.statistics_


def test_a_clone_has_the_settings_and_no_fit() -> None:
    model = GradientDescentRegressor(optimizer=Adam(), theta=np.zeros(4)).fit(X, Y)
    again = clone(model)
    assert again.get_params()["optimizer"] == Adam()
    with pytest.raises(NotFittedError):
        again.predict(X)


def test_a_grid_search_chooses_settings() -> None:
    grid = {
        "gradientdescentregressor__l2": np.array([1e-3, 10.0]),
        "gradientdescentregressor__seed": np.arange(2),
        "gradientdescentregressor__intercept": np.array([True, False]),
    }
    search = GridSearchCV(make_pipeline(StandardScaler(), GradientDescentRegressor()), grid, cv=3)
    search.fit(X, Y, gradientdescentregressor__sample_weight=np.ones(len(Y)))
    assert search.best_params_["gradientdescentregressor__l2"] == 1e-3
    assert search.best_params_["gradientdescentregressor__intercept"]


def test_y_may_be_transformed() -> None:
    y = np.exp(Y / 20)
    model = TransformedTargetRegressor(
        GradientDescentRegressor(), func=np.log, inverse_func=np.exp
    ).fit(X, y)
    exact = np.exp(LinearRegression().fit(X, np.log(y)).predict(X))
    np.testing.assert_allclose(model.predict(X), exact, rtol=1e-9)


FRAMES: dict[str, Callable[..., Any]] = {
    "pandas": lambda x: pd.DataFrame(x, columns=NAMES),
    "polars": lambda x: pl.DataFrame(x, schema=NAMES),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_gives_the_names_of_its_columns(kind: str) -> None:
    frame = FRAMES[kind](X)
    model = GradientDescentRegressor().fit(frame, Y)
    assert model.feature_names_in_.tolist() == NAMES
    assert [one.name for one in model.statistics_.coefficients] == [None, *NAMES]
    assert model.coef_.tolist() == GradientDescentRegressor().fit(X, Y).coef_.tolist()
    np.testing.assert_allclose(model.predict(frame), X @ model.coef_ + model.intercept_)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[["two", "one", "three"]])
    scaler = StandardScaler().set_output(transform=kind)
    piped = make_pipeline(scaler, GradientDescentRegressor()).fit(frame, Y)
    assert piped[-1].feature_names_in_.tolist() == NAMES


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "rate": ({"learning_rate": "fast"}, "learning_rate: expected .* 'auto', got 'fast'"),
    "cost": ({"cost": "square"}, "cost: expected .*, got 'square'"),
    "optimizer": ({"optimizer": "adm"}, "optimizer: expected .* got 'adm'"),
    "start": ({"theta": [1.0, 2.0]}, "theta: expected 4 numbers"),
    "together": ({"patience": 3}, "patience: there is no validation cost"),
    "scale": ({"cost": "huber", "cost_scale": 1e90}, "cost_scale: 1e90 is not of the size"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_told_when_it_is_used(name: str) -> None:
    settings, told = WRONG[name]
    model = GradientDescentRegressor(**settings)
    with pytest.raises(ValueError, match=told):
        model.fit(X, Y)


def test_what_weights_are_does_not_matter_without_weights() -> None:
    model = GradientDescentRegressor(weights_are="precisions").fit(X, Y)
    assert model.coef_.tolist() == GradientDescentRegressor().fit(X, Y).coef_.tolist()


def test_a_table_without_a_line_is_told() -> None:
    with pytest.raises(ValueError, match="x0 is 5 in all 3 rows, so no slope is better"):
        GradientDescentRegressor().fit([[5], [5], [5]], [1, 2, 3])
    with pytest.raises(ValueError, match="X: sample_weight reaches from"):
        GradientDescentRegressor().fit([[5], [6], [7]], [1, 2, 3], [1e-30, 1, 1])


def test_what_no_float64_holds_is_refused() -> None:
    model = GradientDescentRegressor().fit([[1], [2], [3]], [100, 200, 310])
    with pytest.raises(ValueError, match="the prediction for row 2 is beyond the largest"):
        model.predict([[1.0], [1e308]])
    with pytest.raises(ValueError, match="which diverged after 1 step, is beyond the largest"):
        GradientDescentRegressor(learning_rate=1e308).fit([[1], [2], [3]], [100, 200, 310])


def test_what_no_row_determines_stays_0() -> None:
    x = np.column_stack([X, np.ones(len(X)), 2 * X[:, 0]])
    fits = [GradientDescentRegressor(seed=seed).fit(x, Y).coef_ for seed in (0, 1)]
    assert fits[0].tolist() == fits[1].tolist()
    assert fits[0][3] == 0
    model = GradientDescentRegressor().fit(x, Y)
    np.testing.assert_allclose(model.predict(x), LinearRegression().fit(x, Y).predict(x))


def run_python(code: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_only_the_estimator_imports_scikit_learn() -> None:
    code = "import sys, fitline; fitline.train(); print('sklearn' in sys.modules)"
    assert run_python(code).stdout == "False\n"


def test_without_scikit_learn_the_import_says_what_to_install() -> None:
    code = "import sys; sys.modules['sklearn'] = None; import fitline.sklearn"
    done = run_python(code)
    assert done.stderr.splitlines()[-1].endswith("pip install 'fitline[sklearn]'")
    assert "ImportError" in done.stderr.splitlines()[-1]
