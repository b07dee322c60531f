"""Batches hold every row once an epoch, in an order that the seed tells."""

import numpy as np
import pytest

from fitline import StopReason, train
from fitline.optimize.batches import Batches
from fitline.optimize.losses import Squared
from fitline.optimize.robust_cost import RobustCost


@pytest.fixture(scope="module")
def batches() -> Batches:
    rows = np.arange(10.0)
    return Batches(RobustCost(rows[None, :], -rows, Squared(), np.zeros(2)), 4, seed=7)


def test_an_epoch_holds_every_row_once_with_its_own_y(batches: Batches) -> None:
    parts = list(batches.epoch(0))
    assert [len(part.y) for part in parts] == [4, 4, 2]
    assert len(parts) == batches.each_epoch
    x = np.concatenate([part.x[0] for part in parts])
    assert sorted(x) == list(range(10))
    assert np.array_equal(np.concatenate([part.y for part in parts]), -x)


def test_every_epoch_has_an_order_of_its_own_and_the_same_one_again(batches: Batches) -> None:
    orders = [np.concatenate([part.y for part in batches.epoch(index)]) for index in (0, 1, 0)]
    assert not np.array_equal(orders[0], orders[1])
    assert np.array_equal(orders[0], orders[2])
    other = Batches(batches.cost, 4, seed=8)
    assert not np.array_equal(orders[0], np.concatenate([part.y for part in other.epoch(0)]))


def test_one_batch_of_all_rows_is_plain_descent() -> None:
    options = {"theta0": 0, "theta1": 100, "steps": 20}
    plain, whole = train(**options), train(batch_size=4, **options)
    for one, other in zip(plain.steps, whole.steps, strict=True):
        assert one.theta == pytest.approx(other.theta, rel=1e-9)


def test_an_epoch_is_the_updates_of_its_batches_by_hand() -> None:
    run = train({"x": [1.0, 2.0], "y": [3.0, 7.0]}, theta0=0, theta1=0, scaling="none",
                batch_size=1, learning_rate=0.1, steps=1)  # fmt: skip
    order = np.random.default_rng([0, 0]).permutation(2)
    theta0 = theta1 = 0.0
    for row in order:
        x, y = (1.0, 3.0) if row == 0 else (2.0, 7.0)
        error = y - theta0 - theta1 * x
        theta0, theta1 = theta0 + 0.1 * 2 * error, theta1 + 0.1 * 2 * error * x
    assert run.last.theta == pytest.approx([theta0, theta1], rel=1e-14)


def test_stochastic_descent_with_a_falling_rate_comes_near_the_minimum() -> None:
    run = train(
        theta0=0, theta1=100, batch_size=1, learning_rate="auto", steps=400,
        schedule={"name": "inverse_time", "decay": 0.05},
    )  # fmt: skip
    assert run.stop_reason is StopReason.STEPS
    assert run.excess < 1e-3 * run.minimum.cost
