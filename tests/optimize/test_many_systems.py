"""Many systems are solved as one by one, those that do not tell by the shortest solution."""

import numpy as np
import pytest

from fitline.optimize.many_systems import solved


@pytest.mark.parametrize("size", [1, 3, 12])
def test_each_solution_is_the_shortest(size: int) -> None:
    draw = np.random.default_rng(size)
    matrices, rights = draw.normal(size=(40, size, size)), draw.normal(size=(40, size))
    matrices[::4, 0] = 0.0
    matrices[1::4, -1] = matrices[1::4, 0] * 3
    matrices[2::4, 0] *= 1e-14
    for matrix, right, found in zip(matrices, rights, solved(matrices, rights), strict=True):
        expected = np.linalg.pinv(matrix) @ right
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())
    assert solved(matrices[:0], rights[:0]).shape == (0, size)
