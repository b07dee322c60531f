"""Every optimizer obeys the same laws; a new one is a new row."""

import numpy as np
import pytest

from fitline.optimizers import GradientDescent

OPTIMIZERS = {"gradient descent": GradientDescent(0.25)}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_zero_gradient_is_left_alone(name: str) -> None:
    optimizer = OPTIMIZERS[name]
    move, _ = optimizer.update(np.zeros(2), optimizer.init(np.ones(2)))
    assert not move.any()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_bowl_is_walked_down(name: str) -> None:
    optimizer, theta = OPTIMIZERS[name], np.array([3.0, -2.0])
    state = optimizer.init(theta)
    for _ in range(50):
        move, state = optimizer.update(2 * theta, state)
        theta = theta + move
    assert np.abs(theta).max() < 1e-9


def test_plain_descent_steps_against_the_gradient() -> None:
    move, _ = GradientDescent(0.5).update(np.array([4.0, -2.0]), ())
    assert move.tolist() == [-2.0, 1.0]
