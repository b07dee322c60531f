"""Robust costs keep their digits, and their slopes are those of their values."""

from fractions import Fraction

import numpy as np
import pytest

from fitline.data import open_table
from fitline.optimize import robust_cost
from fitline.optimize.cost_names import CostName
from fitline.optimize.losses import LOSSES
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.rows import Rows
from fitline.optimize.scaling import Kind, Scaling

KINDS: list[Kind] = ["standard", "minmax", "none"]


@pytest.mark.parametrize("kind", KINDS)
def test_far_from_the_origin_the_residuals_keep_their_digits(kind: Kind) -> None:
    """Milliseconds since 1970: rounding may move the whole line, but no row against another."""
    x, theta = 1.7e12 + 1000 * np.arange(50.0), np.array([-1.7e9, 1e-3])
    y = np.arange(50.0) + np.arange(50) % 3 * 1e-6
    exact = [
        Fraction(b) - Fraction(theta[0]) - Fraction(theta[1]) * Fraction(a)
        for a, b in zip(x, y, strict=True)
    ]
    moments = open_table({"x": x, "y": y}).moments()
    scaling = Scaling.of(kind, moments)
    cost = RobustCost.of(Rows(x[None, :], y), LOSSES["huber"](1e-6), moments).scaled(scaling)
    error = cost.residuals(scaling.scaled(theta)) - np.array(
        [float(residual) for residual in exact]
    )
    assert np.ptp(error) < 1e-13
    assert np.abs(error).max() < 5e-7


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", sorted(LOSSES))
def test_the_slopes_of_a_robust_cost_are_those_of_its_value_in_all_coordinates(
    name: str, kind: Kind
) -> None:
    x, y = np.array([3.0, 4.0, 7.0, 9.0, 12.0]), np.array([5.0, 1.0, 8.0, 2.0, 30.0])
    moments = open_table({"x": x, "y": y}).moments()
    scaling = Scaling.of(kind, moments)
    cost = RobustCost.of(Rows(x[None, :], y), LOSSES[name](3.0), moments).scaled(scaling)
    theta = scaling.scaled(np.array([1.0, 0.7]))
    nudges = 1e-6 * np.eye(2)
    numeric = (cost.value(theta + nudges) - cost.value(theta - nudges)) / 2e-6
    assert cost.gradient(theta) == pytest.approx(numeric, rel=1e-6, abs=1e-6)
    assert cost.gradient(np.stack([theta, theta]))[1] == pytest.approx(cost.gradient(theta))
    bends = (cost.gradient(theta + nudges) - cost.gradient(theta - nudges)) / 2e-6
    assert cost.hessian(theta) == pytest.approx(bends, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("are_weighted", [False, True])
@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_step_over_many_blocks_passes_the_rows_once_and_has_the_same_bits(
    name: CostName, monkeypatch: pytest.MonkeyPatch, *, are_weighted: bool
) -> None:
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(3, 100)), draw.standard_cauchy(100)
    weights = draw.uniform(1, 2, 100) if are_weighted else None
    cost = RobustCost(x, y, LOSSES[name](1.0), np.ones(4), weights=weights)
    theta, widths = np.array([1.0, 2.0, -1.0, 0.5]), list[int]()
    monkeypatch.setattr(robust_cost, "BLOCK", 7)
    own = cost.of_rows
    monkeypatch.setattr(
        RobustCost,
        "of_rows",
        lambda _, rows: widths.append(rows.stop - rows.start) or own(rows),
    )
    value, gradient = cost.at(theta)
    assert len(widths) == -(-100 // 7)
    assert value == float(cost.value(theta))
    assert gradient.tolist() == cost.gradient(theta).tolist()
