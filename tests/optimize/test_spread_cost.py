"""A robust cost of rows that lie elsewhere is that of the same rows here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
import pytest
from numpy.testing import assert_allclose

from fitline.data import open_table
from fitline.data.terms import Weights
from fitline.landscapes.stationary import Uncorrelated
from fitline.optimize.losses import LOSSES
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.rows import Rows
from fitline.optimize.scaling import Scaling
from fitline.optimize.spread_cost import SpreadCost
from fitline.vector import Vector

ROBUST = sorted(set(LOSSES) - {"squared"})


@dataclass(frozen=True, eq=False)
class Blocks:
    """Rows in blocks of several sizes."""

    blocks: list[Vector]

    def total(self, function: Callable[[Vector], Vector]) -> Vector:
        return reduce(add, map(function, self.blocks))


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("are_weighted", [True, False])
@pytest.mark.parametrize("name", ROBUST)
def test_sums_over_blocks_are_those_of_all_rows(
    name: str,
    are_weighted: bool,  # noqa: FBT001
    intercept: bool,  # noqa: FBT001
) -> None:
    draw = np.random.default_rng(3)
    x, weights = draw.normal(size=(2, 300)) + 5, draw.uniform(1, 2, 300) ** are_weighted
    y = x[0] - 2 * x[1] + draw.standard_cauchy(300)
    data = {"a": x[0], "b": x[1], "y": y, "w": weights}
    with open_table(data, ["a", "b"], "y", weights=Weights("w", are_counts=False)) as table:
        moments = table.moments(intercept=intercept)
    away = Blocks(np.split(np.vstack([x, y, weights]), [7, 100, 250], axis=1))
    loss = LOSSES[name](1.5)
    here = RobustCost.of(Rows(x, y, weights), loss, moments)
    sample = Rows(x[:, :50], y[:50], weights[:50])
    spread = SpreadCost.over(sample, loss, moments, away)
    scaling = Scaling.of("standard", moments)
    turned = Uncorrelated.of(moments)
    thetas = draw.normal(size=(4, 3))
    if not intercept:
        thetas[:, 0] = 0
    for change in (lambda cost: cost, lambda cost: cost.scaled(scaling), turned.turned):
        one, other = change(here), change(spread)
        for method in ("value", "gradient", "hessian"):
            assert_allclose(getattr(other, method)(thetas), getattr(one, method)(thetas), 1e-11)
        assert_allclose(other.at(thetas[0])[1], one.at(thetas[0])[1], 1e-11)
    assert len(spread.sample(20).y) == 20
    assert spread.held_rows == 300
