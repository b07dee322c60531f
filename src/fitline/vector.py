"""The type of vectors and matrices of float64."""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
"""Numbers of float64, in the shape that each use tells; theta has the shape (1 + features,)."""
