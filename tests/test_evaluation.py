"""How well parameters fit a table, against exact fractions."""

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactly import as_whole, least_squares
from fitline.config import Config
from fitline.data import Reading, open_table
from fitline.evaluation import Point, evaluate
from fitline.model import LinearModel, Saved
from fitline.training import landscape_of

Numbers = list[float]


def measured(
    xs: Numbers, ys: Numbers, *thetas: tuple[float, float], cost: str = "squared"
) -> list[Point]:
    """Evaluate parameters as saved models on a table."""
    table = open_table({"x": xs, "y": ys}, reading=Reading(bad_rows="skip"))
    landscape = landscape_of(table, table.moments(), Config(cost=cost))  # type: ignore[arg-type]
    models = [
        Saved(f"{nth}.json", LinearModel(("x",), "y", np.array(theta)), None, None)
        for nth, theta in enumerate(thetas)
    ]
    return list(evaluate(table, landscape, models).points)


def exactly(xs: Numbers, ys: Numbers, theta: tuple[float, float]) -> tuple[float, ...]:
    """Give the RMSE, R² and mean absolute error in fractions, rounded once."""
    x, y, (a, b) = list(map(Fraction, xs)), list(map(Fraction, ys)), map(Fraction, theta)
    errors = [v - a - b * u for u, v in zip(x, y, strict=True)]
    n, mean = len(y), sum(y) / len(y)
    squares, total = sum(e * e for e in errors), sum((v - mean) ** 2 for v in y)
    r2 = float(1 - squares / total) if total else math.nan
    return math.sqrt(squares / n), r2, float(sum(map(abs, errors)) / n)


WHOLE = st.integers(-(10**6), 10**6).map(float)
CENTS = st.integers(-(10**7), 10**7).map(lambda n: n / 100)
FAR = st.integers(0, 10**4).map(lambda n: 1e9 + n / 8)
CELL = st.one_of(WHOLE, CENTS, FAR)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(CELL, CELL), min_size=2, max_size=15),
    st.lists(st.tuples(CELL, CENTS), min_size=1, max_size=3),
)
def test_a_saved_model_is_measured_as_fractions_do(
    rows: list[tuple[float, float]], thetas: list[tuple[float, float]]
) -> None:
    xs, ys = [x for x, _ in rows], [y for _, y in rows]
    if len(set(xs)) == 1:
        return
    for point, theta in zip(measured(xs, ys, *thetas), thetas, strict=True):
        rmse, r2, mae = exactly(xs, ys, theta)
        assert point.mae == pytest.approx(mae, rel=1e-12)
        assert point.rmse == pytest.approx(rmse, rel=1e-12)
        if len(set(ys)) == 1:
            assert point.r2 is None
        else:
            assert point.r2 == pytest.approx(r2, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("far", "step"), [(1e9, 2.0**-20), (1e15, 0.125), (0.1, 2.0**-50)])
def test_errors_that_are_small_beside_y_keep_their_digits(far: float, step: float) -> None:
    xs = [1.0, 2.0, 3.0, 4.0, 7.0]
    theta = (far / 3, far / 7)
    ys = [theta[0] + theta[1] * x + step * (-1) ** place for place, x in enumerate(xs)]
    (point,) = measured(xs, ys, theta)
    assert point.mae == pytest.approx(exactly(xs, ys, theta)[2], rel=1e-14)


def test_the_excess_of_columns_that_are_all_but_alike_is_rounded_once() -> None:
    rng = np.random.default_rng(3)
    ones = rng.integers(1, 10**6, 12).astype(float)
    others = ones + rng.integers(1, 9, 12) * 1e-6
    ys = rng.integers(-99, 99, 12).astype(float)
    table = open_table({"a": ones, "b": others, "y": ys}, x=["a", "b"], y="y")
    landscape = landscape_of(table, table.moments(), Config())
    whole = [as_whole(column.tolist()) for column in (ones, others, ys)]
    theta, least = least_squares(whole)
    near = [float(value) for value in theta]
    for typed in ([0.0, 0.0, 0.0], [1.5, -3e6, 3e6], near, [near[0] + 1, *near[1:]]):
        start, *slopes = map(Fraction, typed)
        (a, in_a), (b, in_b), (y, in_y) = whole
        errors = [
            Fraction(one, in_y) - start - slopes[0] * u / in_a - slopes[1] * v / in_b
            for u, v, one in zip(a, b, y, strict=True)
        ]
        exact = sum(error * error for error in errors) / len(errors) - least
        assert evaluate(table, landscape, [typed]).points[0].excess == float(exact) > 0


def test_many_rows_lose_no_digits() -> None:
    draw = np.random.default_rng(0)
    xs, ys = draw.normal(1e3, 10, 200_000), draw.normal(1e6, 1, 200_000)
    (point,) = measured(xs.tolist(), ys.tolist(), (0.5, 1000.0))
    right = math.fsum(np.abs(ys.astype(np.longdouble) - 0.5 - 1000 * xs.astype(np.longdouble)))
    assert point.mae == pytest.approx(right / 200_000, rel=1e-14)


def test_the_four_houses() -> None:
    table = open_table("data/houses.csv")
    landscape = landscape_of(table, table.moments(), Config())
    found = evaluate(table, landscape, [(12_000, 136)])
    (point,) = found.points
    assert point.r2 == pytest.approx(0.996551724137931, rel=1e-15)
    assert point.rmse == pytest.approx(math.sqrt(20_000_000), rel=1e-15)
    assert (point.excess, point.mae) == (0, None)
    assert found.minimum is not None
    assert found.minimum.cost == 20_000_000


def test_rows_that_are_left_out_count_in_nothing() -> None:
    (point,) = measured([1, 2, math.nan, 3], [3, 5, 1e6, 8], (1, 2))
    assert (point.mae, point.rmse) == (pytest.approx(1 / 3), pytest.approx(math.sqrt(1 / 3)))


def test_a_robust_cost_leaves_rmse_r2_and_the_mean_absolute_error_what_they_are() -> None:
    xs, ys = [1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0, 50.0]
    (plain,), (robust,) = (measured(xs, ys, (0, 1), cost=c) for c in ("squared", "huber"))
    assert (plain.rmse, plain.r2, plain.mae) == (robust.rmse, robust.r2, robust.mae)
    assert (plain.mae, plain.rmse) == (9.0, pytest.approx(math.sqrt(405)))
    assert robust.cost < plain.cost == pytest.approx(405)


def test_a_saved_model_knows_its_table(tmp_path: Path) -> None:
    model = LinearModel(("x",), "y", np.array([1.0, 2.0]))
    model.save(tmp_path / "alone.json")
    alone = Saved.load(tmp_path / "alone.json")
    assert (alone.source, alone.fingerprint) == (None, None)
    model.save(tmp_path / "told.json", {"data": {"source": "a.csv", "fingerprint": "f"}})
    told = Saved.load(tmp_path / "told.json")
    assert (told.source, told.fingerprint) == ("a.csv", "f")
