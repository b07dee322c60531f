"""Pictures of rows that have weights: counts are rows repeated, others are precisions."""

from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

pytest.importorskip("matplotlib")

from fitline.config import Config
from fitline.data import open_table
from fitline.plots.pictures import picture
from fitline.plots.scene import Scene
from fitline.plots.style import styled
from fitline.training import landscape_of, prepare, weights_of

Write = Callable[..., str]

RNG = np.random.default_rng(7)
ROWS = np.column_stack([RNG.normal(size=(30, 2)) * [3, 1] + [5, 1], RNG.normal(size=30)])
COUNTS = RNG.integers(1, 5, 30)
PRECISIONS = RNG.uniform(0.5, 4, 30)


@pytest.fixture
def dots(write: Write) -> Callable[..., Any]:
    """Draw rows of (a, b, y) with their weights, and give the places of the points."""

    def dots(kind: str, rows: Any, weights: Any = None) -> Any:
        columns = rows if weights is None else np.column_stack([rows, weights])
        lines = [",".join(map(repr, row)) for row in columns.tolist()]
        path = write("\n".join(["a,b,y" + ("" if weights is None else ",w"), *lines]))
        weight = None if weights is None else "w"
        config = Config(x=("a", "b"), y="y", weight=weight, learning_rate="auto")
        table = open_table(path, config.x, config.y, weights=weights_of(config))
        training = prepare(table, landscape_of(table, table.moments(), config), config)
        with styled():
            axes = picture(kind, Scene(training)).axes[0]
        (drawn,) = (line for line in axes.lines if str(line.get_label()).endswith(" rows"))
        return np.array(drawn.get_data())

    return dots


@pytest.mark.parametrize("kind", ["residuals", "leverage", "added"])
def test_a_row_of_weight_3_is_drawn_as_that_row_three_times(
    dots: Callable[..., Any], kind: str
) -> None:
    repeated = dots(kind, np.repeat(ROWS, COUNTS, axis=0))
    assert_allclose(np.repeat(dots(kind, ROWS, COUNTS), COUNTS, axis=1), repeated, atol=1e-9)


def test_a_row_of_weight_3_lies_in_the_middle_of_three_normal_quantiles(
    dots: Callable[..., Any],
) -> None:
    normal, missed = dots("qq", ROWS, COUNTS)
    every = dots("qq", np.repeat(ROWS, COUNTS, axis=0))
    each = [np.isclose(every[1], one, rtol=1e-9) for one in missed]
    assert sum(map(np.sum, each)) == COUNTS.sum()
    ranks = (np.arange(COUNTS.sum()) + 0.5) / COUNTS.sum()
    expected = [NormalDist().inv_cdf(ranks[own].mean()) for own in each]
    assert_allclose(normal, expected, atol=1e-9)


def test_precisions_weigh_residuals_and_leverages(dots: Callable[..., Any]) -> None:
    design = np.column_stack([np.ones(30), ROWS[:, :2]]) * np.sqrt(PRECISIONS)[:, None]
    y = ROWS[:, 2] * np.sqrt(PRECISIONS)
    hat = design @ np.linalg.pinv(design)
    missed = y - hat @ y
    deviation = np.sqrt(missed @ missed / (30 - 3))
    leverage = np.diag(hat)
    expected = [leverage, missed / (deviation * np.sqrt(1 - leverage))]
    assert_allclose(dots("leverage", ROWS, PRECISIONS), expected, rtol=1e-9)
    in_order = np.sort(missed) / np.sqrt(np.mean(missed**2))
    assert_allclose(dots("qq", ROWS, PRECISIONS)[1], in_order, rtol=1e-9)


def test_of_many_rows_with_weights_a_sample_is_drawn_with_theirs(write: Write) -> None:
    lines = [f"{row},{row % 7},{1 + row % 4}" for row in range(6000)]
    path = write("\n".join(["x,y,w", *lines]))
    config = Config(x="x", y="y", weight="w")
    table = open_table(path, "x", "y", weights=weights_of(config))
    moments = table.moments()
    x, _, weights = table.weighted_sample(moments, 500, 3)
    assert 0 < len(weights) <= 500
    assert (weights == 1 + x[0] % 4).all()
    assert (np.diff(x[0]) > 0).all()
