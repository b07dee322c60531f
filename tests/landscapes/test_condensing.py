"""Condensed rows cost what all rows cost, at every place of a picture, to the last digits."""

from dataclasses import replace

import numpy as np
import pytest

from fitline.landscapes.condensing import PLACES, condensed
from fitline.landscapes.condensing import ROWS as FEWEST
from fitline.landscapes.grid import survey
from fitline.optimize.losses import Absolute, Cauchy, Huber, Loss
from fitline.optimize.robust_cost import RobustCost
from fitline.vector import Vector

ROWS, POINTS = 2**15, 11
assert POINTS**2 >= PLACES

SLOPES = {
    "around the line": (0.5, 1.5),
    "far off": (-300.0, 900.0),
    "one alone": (1.0, 1.0),
    "all but one": (1.0, 1.0 + 1e-15),
    "flat": (0.0, 0.0),
}


def cost_of(loss: Loss, *, outliers: float = 5.0, weights: Vector | None = None) -> RobustCost:
    """Give a cost of rows about a line, of which some lie far off."""
    draw = np.random.default_rng(0)
    x = draw.uniform(-10, 10, ROWS)
    y = x + draw.normal(size=ROWS) + np.where(draw.uniform(size=ROWS) < 0.1, outliers, 0)
    return RobustCost(x[None], y, loss, np.array([1e3, 5.0]), weights=weights)


def axes_of(slopes: str) -> tuple[Vector, Vector]:
    """Give heights and slopes whose lines pass by the middle of the rows."""
    return np.linspace(900, 1100, POINTS), np.linspace(*SLOPES[slopes], POINTS)


@pytest.mark.parametrize("slopes", SLOPES)
@pytest.mark.parametrize("outliers", [5.0, 1e3, -1e12])
@pytest.mark.parametrize("weights", [None, np.random.default_rng(1).uniform(0, 2, ROWS)])
def test_condensed_rows_cost_the_same(
    slopes: str, outliers: float, weights: Vector | None
) -> None:
    """The places lie where a line fits and where none does."""
    cost = cost_of(Cauchy(2.0), outliers=outliers, weights=weights)
    across, up = axes_of(slopes)
    whole = cost.value(np.stack(np.meshgrid(across, up, indexing="ij"), axis=-1))
    assert survey(cost, across, up).cost == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("slopes", ["around the line", "one alone", "flat"])
def test_the_rows_of_a_picture_are_condensed_to_few(slopes: str) -> None:
    """Outliers that lie so thinly that nodes would be more stay as they are."""
    cost, (across, up) = cost_of(Cauchy(5.0)), axes_of(slopes)
    thetas = np.stack(np.meshgrid(across, up, indexing="ij"), axis=-1)
    assert condensed(cost, thetas).held_rows < ROWS / 10


@pytest.mark.parametrize("loss", [Huber(1.0), Absolute(1.0), Cauchy(1e-6), Cauchy(1e-300)])
def test_rows_stay_where_nothing_is_gained(loss: Loss) -> None:
    """A loss with corners is no polynomial between them, and needles leave boxes empty."""
    thetas = np.stack(np.meshgrid(*axes_of("far off"), indexing="ij"), axis=-1)
    cost = cost_of(loss)
    assert condensed(cost, thetas) is cost


def test_few_rows_few_places_and_several_features_stay() -> None:
    """Where the effort is larger than what it saves nothing is condensed."""
    cost = cost_of(Cauchy(5.0))
    thetas = np.stack(np.meshgrid(*axes_of("one alone"), indexing="ij"), axis=-1)
    few, two = cost.of_rows(slice(FEWEST - 1)), replace(cost, x=np.vstack([cost.x, cost.x]))
    assert condensed(few, thetas) is few
    assert condensed(two, np.pad(thetas, ((0, 0), (0, 0), (0, 1)))) is two
    assert condensed(cost, thetas.reshape(-1, 2)[: PLACES - 1]) is cost
    assert condensed(cost, np.where(thetas == 1, np.inf, thetas)) is cost
