"""A step is what its rule says, worked out once more from the rule alone."""

import numpy as np
import pytest

from fitline import train
from fitline.optimize.batches import Batches

NEIGHBOURHOODS = "data/two_neighbourhoods.csv"
RATE, BETA = 0.01, 0.9


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
def test_the_velocity_is_kept_from_batch_to_batch_and_from_epoch_to_epoch(optimizer: str) -> None:
    run = train(NEIGHBOURHOODS, optimizer=optimizer, batch_size=4, learning_rate=RATE, steps=3)
    training = run.training
    batches = training.method.batches
    assert isinstance(batches, Batches)
    theta = training.scaling.scaled(training.start)
    velocity = np.zeros(2)
    for epoch in range(3):
        for batch in batches.epoch(epoch):
            residual = batch.residuals(theta)
            x = batch.x[0] + batch.centre[1]
            gradient = -2 * np.array([residual.mean(), (residual * x).mean()])
            velocity = BETA * velocity + gradient
            ahead = gradient + BETA * velocity if optimizer == "nesterov" else velocity
            theta = theta - RATE * ahead
    *_, last = training.iterates()
    assert last.theta == pytest.approx(theta, rel=1e-12)
