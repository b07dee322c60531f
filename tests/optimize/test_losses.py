"""Every loss obeys its definition, and one law table holds for all."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitline.optimize.losses import LOSSES, Absolute, Cauchy, Huber

NAMES = sorted(LOSSES)
residuals = st.floats(-1e3, 1e3)
scales = st.floats(1e-2, 1e2)


@given(r=residuals, c=scales)
def test_the_losses_are_these(r: float, c: float) -> None:
    at = np.array(r)
    huber = r * r if abs(r) <= c else c * (2 * abs(r) - c)
    assert Absolute(c).value(at) == pytest.approx(c * abs(r))
    assert Huber(c).value(at) == pytest.approx(huber)
    assert Cauchy(c).value(at) == pytest.approx(c * c * math.log1p((r / c) ** 2), rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
@given(r=residuals, c=scales)
def test_psi_is_the_derivative_of_the_value(name: str, r: float, c: float) -> None:
    loss, step = LOSSES[name](c), 1e-6 * c
    at = np.array([r - step, r, r + step])
    below, _, above = loss.value(at)
    if name == "absolute" and abs(r) <= step:
        return
    slope = (above - below) / (2 * step)
    size = 1e-9 * max(abs(above), abs(below)) / step
    assert loss.psi(at)[1] == pytest.approx(slope, rel=1e-5, abs=size + 1e-5 * c)


@pytest.mark.parametrize("name", NAMES)
@given(r=residuals, c=scales)
def test_the_second_derivative_is_that_of_psi_and_at_most_that_of_a_square(
    name: str, r: float, c: float
) -> None:
    loss, step = LOSSES[name](c), 1e-6 * c
    at = np.array([r - step, r, r + step])
    assert (loss.second_derivative(at) <= 2).all()
    corner = 0.0 if name == "absolute" else c if name == "huber" else math.inf
    if abs(abs(r) - corner) > 2 * step:
        below, _, above = loss.psi(at)
        difference = (above - below) / (2 * step)
        assert loss.second_derivative(at)[1] == pytest.approx(difference, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("name", NAMES)
@given(r=residuals, c=scales)
def test_a_loss_is_even_and_never_below_0(name: str, r: float, c: float) -> None:
    loss = LOSSES[name](c)
    assert loss.value(np.array(r)) == loss.value(np.array(-r)) >= 0
    assert loss.value(np.array(0.0)) == 0


@pytest.mark.parametrize("name", ["huber", "cauchy"])
def test_a_large_scale_gives_squared_error(name: str) -> None:
    r = np.linspace(-5, 5, 11)
    assert LOSSES[name](1e8).value(r) == pytest.approx(r * r)
