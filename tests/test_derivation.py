"""The first steps by hand are the steps that are taken, and their numbers those of a textbook."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from fitline import train
from fitline.config import resolve
from fitline.data import open_table
from fitline.derivation import Explanation, explain
from fitline.optimize.optimizers import OPTIMIZERS
from fitline.results.train import TrainResult
from fitline.training import Training, landscape_of, prepare
from fitline.views.report import as_markdown
from fitline.views.train import TrainReport

HOUSES = [(1000, 150_000), (1500, 210_000), (2000, 290_000), (2500, 350_000)]
HILLS = {"data": "data/two_neighbourhoods.csv", "cost": "cauchy", "cost_scale": 50_000}


def prepared(**options: Any) -> Training:
    config = resolve({"theta0": 0, "theta1": 100, **options})
    table = open_table(config.data)
    return prepare(table, landscape_of(table, table.moments(), config), config)


def explained(updates: int = 1, **options: Any) -> list[Explanation]:
    return explain(prepared(**options), updates)


def slopes(
    rows: list[tuple[Fraction, Fraction]], theta: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction]:
    """Give the sums of the errors and of the errors times x."""
    errors = [y - theta[0] - theta[1] * x for x, y in rows]
    return sum(errors, Fraction(0)), sum(
        (e * x for e, (x, _) in zip(errors, rows, strict=True)), Fraction(0)
    )


@pytest.mark.parametrize(
    ("scaling", "rate", "shift", "scale", "y_shift"),
    [("minmax", Fraction(1, 10), 1000, 1500, 250_000), ("none", Fraction(1, 10**7), 0, 1, 0)],
)
def test_two_steps_are_those_of_exact_fractions(
    scaling: str, rate: Fraction, shift: int, scale: int, y_shift: int
) -> None:
    rows = [(Fraction(x - shift, scale), Fraction(y - y_shift)) for x, y in HOUSES]
    theta = (Fraction(0) + 100 * shift - y_shift, Fraction(100 * scale))
    for one in explained(2, scaling=scaling, learning_rate=float(rate)):
        sums = slopes(rows, theta)
        assert one.update.theta == pytest.approx([*map(float, theta)], rel=1e-13)
        assert [(*row.x, row.y) for row in one.rows] == [(float(x), float(y)) for x, y in rows]
        assert [row.error for row in one.rows] == pytest.approx(
            [float(y - theta[0] - theta[1] * x) for x, y in rows], rel=1e-13
        )
        assert one.sums == pytest.approx([*map(float, sums)], rel=1e-13)
        assert one.update.gradient == pytest.approx([-float(s) / 2 for s in sums], rel=1e-13)
        new = (theta[0] + rate * sums[0] / 2, theta[1] + rate * sums[1] / 2)
        assert one.update.end == pytest.approx([*map(float, new)], rel=1e-13)
        _, late = slopes(rows, (new[0], theta[1]))
        assert one.sequential.gradient[1] == pytest.approx(-float(late) / 2, rel=1e-13)
        assert one.sequential.end[1] == pytest.approx(float(theta[1] + rate * late / 2), rel=1e-13)
        theta = new


def test_in_standard_coordinates_the_first_step_is_the_lessons() -> None:
    (one,) = explained()
    deviation = 312_500**0.5
    assert [row.prediction for row in one.rows] == pytest.approx(
        [-150_000, -100_000, -50_000, 0], abs=1e-9
    )
    assert [row.error for row in one.rows] == pytest.approx([50_000, 60_000, 90_000, 100_000])
    assert one.sums == pytest.approx([300_000, 45_000_000 / deviation])
    assert one.update.gradient == pytest.approx([-150_000, -22_500_000 / deviation])
    assert one.update.end == pytest.approx([-60_000, 107.2 * deviation])


def test_the_mean_of_a_standardised_x_lets_the_order_not_matter() -> None:
    (one,) = explained()
    assert one.sequential.gradient[1] == one.update.gradient[1]


WAYS: list[dict[str, Any]] = [
    *({"optimizer": optimizer.name} for optimizer in OPTIMIZERS),
    {"scaling": "minmax"},
    {"scaling": "none", "learning_rate": 1e-7},
    {"line_search": True, "scaling": "minmax"},
    {"schedule": "exponential", "warm_up": 2},
    HILLS,
    {**HILLS, "cost": "huber", "optimizer": "adam", "learning_rate": 0.1},
    {**HILLS, "cost": "absolute", "line_search": True},
]


@pytest.mark.parametrize("options", WAYS, ids=str)
def test_what_is_explained_is_what_is_done(options: dict[str, Any]) -> None:
    training = prepared(**options, steps=3)
    moves = pairwise(training.iterates())
    for one, (before, after) in zip(explain(training, 3), moves, strict=True):
        assert one.update.theta.tolist() == before.theta.tolist()
        assert one.update.end.tolist() == after.theta.tolist()


@pytest.mark.parametrize("optimizer", [optimizer.name for optimizer in OPTIMIZERS])
def test_the_updates_of_an_epoch_lead_to_its_end(optimizer: str) -> None:
    training = prepared(batch_size=3, optimizer=optimizer, steps=2)
    steps, updates = list(training.iterates()), explain(training, 4)
    assert [one.part.count for one in updates] == [3, 1, 3, 1]
    assert [one.update.number for one in updates] == [0, 1, 2, 3]
    assert updates[1].update.end.tolist() == steps[1].theta.tolist()
    assert updates[3].update.end.tolist() == steps[2].theta.tolist()


def test_the_sums_are_over_rows_that_are_not_shown() -> None:
    x = np.arange(100.0)
    training = prepare_arrays(x, 3 * x + np.cos(x))
    (one,) = explain(training, 1)
    errors = 3 * x + np.cos(x) - 100 * x
    assert (len(one.rows), one.part.count) == (5, 100)
    assert one.sums == pytest.approx([errors.sum(), errors @ x], rel=1e-12)


def prepare_arrays(x: np.ndarray, y: np.ndarray) -> Training:
    config = resolve({"theta0": 0, "theta1": 100, "scaling": "none", "learning_rate": 1e-5})
    table = open_table({"x": x, "y": y})
    return prepare(table, landscape_of(table, table.moments(), config), config)


def test_a_robust_row_counts_by_the_psi_of_its_loss() -> None:
    (one,) = explained(**{**HILLS, "cost": "absolute"}, scaling="none", learning_rate=1e-7)
    assert {abs(row.psi) for row in one.rows} == {50_000}
    assert [np.sign(row.psi) for row in one.rows] == [np.sign(row.error) for row in one.rows]
    assert one.part.factor == 1


def test_no_more_steps_are_explained_than_are_taken() -> None:
    assert len(explained(5, learning_rate=0.5)) == 1
    assert explained(0) == []
    run = train(theta0=12_000, theta1=136)
    assert explain(run.training, 3) == []


TREES = {
    "girth": [8.3, 8.6, 8.8, 10.5, 10.7, 10.8, 11.0],
    "height": [70, 65, 63, 72, 81, 83, 66],
    "year": [3, 1, 4, 1, 5, 9, 2],
    "volume": [10.3, 10.3, 10.2, 16.4, 18.8, 19.7, 15.6],
}


def trees(features: int = 3, **options: Any) -> Training:
    names = tuple(list(TREES)[:features])
    theta = tuple(float(place) for place in range(1 + features))
    config = resolve({"x": names, "y": "volume", "theta": theta, **options})
    table = open_table(TREES, list(names), "volume")
    return prepare(table, landscape_of(table, table.moments(), config), config)


def scaled_rows(training: Training) -> np.ndarray:
    """Give 1, x1', x2', … and y' of every row."""
    scaling = training.scaling
    *x, y = np.array([TREES[name] for name in training.table.columns], dtype=np.float64)
    x = [(c - s) / w for c, s, w in zip(x, scaling.shift, scaling.scale, strict=True)]
    return np.array([np.ones(len(y)), *x, y - scaling.y_shift])


@pytest.mark.parametrize("options", [{}, {"scaling": "minmax"}, {"scaling": "none"}], ids=str)
def test_a_step_of_several_features_is_that_of_its_rows(options: dict[str, Any]) -> None:
    training = trees(**options, learning_rate=1e-4)
    *ones_x, y = scaled_rows(training)
    x = np.array(ones_x)
    (one,) = explain(training, 1)
    theta = one.update.theta
    error = y - theta @ x
    assert [row.x for row in one.rows] == [pytest.approx(row) for row in x[1:, :5].T.tolist()]
    assert [row.error for row in one.rows] == pytest.approx(error[:5].tolist())
    assert one.sums == pytest.approx(x @ error)
    assert one.update.end == pytest.approx(theta + 1e-4 * 2 / len(y) * x @ error)


@pytest.mark.parametrize("cost", ["squared", "huber"])
def test_a_sequential_update_moves_one_parameter_after_the_other(cost: str) -> None:
    training = trees(scaling="none", learning_rate=1e-4, cost=cost)
    (one,) = explain(training, 1)
    theta = one.update.theta.copy()
    for place in range(len(theta)):
        theta[place] -= 1e-4 * training.cost.gradient(theta)[place]
    assert one.sequential.end == pytest.approx(theta, rel=1e-12)


@pytest.mark.parametrize(
    "options", [way for way in WAYS if way.get("cost") != "absolute"], ids=str
)
def test_what_is_explained_of_several_features_is_what_is_done(options: dict[str, Any]) -> None:
    own = {key: options[key] for key in options if key != "data"}
    training = trees(**own, steps=3)
    moves = pairwise(training.iterates())
    for one, (before, after) in zip(explain(training, 3), moves, strict=True):
        assert one.update.theta.tolist() == before.theta.tolist()
        assert one.update.end.tolist() == after.theta.tolist()


def test_the_rows_of_a_batch_of_several_features_are_those_of_the_table() -> None:
    training = trees(batch_size=3, scaling="none", learning_rate=1e-6)
    rows = {tuple(row) for row in zip(*TREES.values(), strict=True)}
    for one in explain(training, 3):
        shown = {tuple(round(value, 9) for value in (*row.x, row.y)) for row in one.rows}
        assert shown <= rows


@pytest.mark.parametrize("options", [{}, {"cost": "cauchy", "scaling": "none"}])
def test_an_update_beyond_all_numbers_is_worked_out(options: dict[str, Any]) -> None:
    run = train([1.0, 2, 3, 4], [2.0, 4, 5, 9], learning_rate=1e308, **options)
    result = TrainResult.of_run(run, explain(run.training, 2))
    assert "overflow" in as_markdown(TrainReport(result))


def test_columns_called_as_those_that_are_worked_out_stand_beside_them() -> None:
    data = {"error": [1.0, 2, 3], "prediction": [3.0, 5, 8]}
    config = resolve({"x": ("error",), "y": "prediction", "scaling": "none", "theta": (0, 0)})
    table = open_table(data, config.x, config.y)
    training = prepare(table, landscape_of(table, table.moments(), config), config)
    run = train(data, x="error", y="prediction", scaling="none", theta=(0, 0), steps=1)
    result = TrainResult.of_run(run, explain(training, 1))
    shown = as_markdown(TrainReport(result))
    assert "| error | prediction | prediction | error | error × x |" in shown
    assert "| 2 | 5 | 0 | 5 | 10 |" in shown
