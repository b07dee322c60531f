"""The type of vectors and matrices of float64."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
"""Numbers of float64, in the shape that each use tells; theta has the shape (1 + features,)."""


def reals(values: Any) -> Vector:
    """Take numbers as an array. Raises TypeError, ValueError or OverflowError for others.

    Complex numbers are others, of which NumPy would take the real part.
    """
    if np.iscomplexobj(found := np.asarray(values)):
        raise TypeError("complex numbers")
    return np.asarray(found, dtype=np.float64)
