"""How large the errors of a table are, judged by the rows that agree with each other.

Lines through random handfuls of rows are tried, and those kept about which the median error is
smallest (P. Rousseeuw, "Least median of squares regression", 1984). Least squares on the half of
the rows that lies nearest, again and again, makes them exact (P. Rousseeuw and K. Van Driessen,
"Computing LTS regression for large data sets", 2006). Nearly half of the rows may be wrong.
"""

from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

CONSISTENT = 1.4826
"""The standard deviation over the median magnitude, for Gaussian errors."""

TRIED_ROWS = 2000
"""Where there are more rows, so many are drawn at random, on which lines are tried."""

TRIED_LINES, REFINED_LINES = 500, 10
"""So many lines are tried, and so many of the best ones are made exact."""

LINE = 2
"""A line has so many parameters."""

ROUNDS, QUICK = 50, 2
"""So often the nearest rows are fitted; of several features first every line a few times, since
hardly one of them meets only rows that agree."""

INLIER = 2.5
"""A row whose error is no larger than so many standard deviations agrees with a line."""


def deviation(y: Vector) -> float:
    """Estimate the standard deviation of numbers so that outliers do not tell; never 0."""
    middle = float(np.median(y))
    spread = CONSISTENT * float(np.median(np.abs(y - middle)))
    return spread or float(np.std(y)) or abs(middle) or 1.0


def robust_spread(x: Vector, y: Vector, *, intercept: bool = True) -> float:
    """Estimate the standard deviation of the errors about the line that most rows follow.

    `x` has the shape (features, rows) and `y` the shape (rows,). Of few rows a line takes so many
    degrees of freedom that a correction is needed (P. Rousseeuw and A. Leroy, 1987).
    """
    ones = _standardised(x, intercept=intercept)
    freedom = max(1, len(y) - len(ones))
    residual = y - _fit(ones, y, intercept=intercept)
    return CONSISTENT * (1 + 5 / freedom) * float(np.median(np.abs(residual)))


def robust_fit(x: Vector, y: Vector, *, intercept: bool = True) -> Vector:
    """Predict y of every row by the line that most rows follow.

    That is at least one row more than the line has parameters, for through so many it always goes.
    """
    return _fit(_standardised(x, intercept=intercept), y, intercept=intercept)


def _fit(ones: Vector, y: Vector, *, intercept: bool) -> Vector:
    height, rows = float(np.median(y)) * intercept, _drawn(len(y))
    few, heights = ones[:, rows], y[rows] - height
    half = min(len(rows), max(len(ones) + 1, (len(rows) + len(ones)) // 2))
    lines = _through_handfuls(few, heights)
    if len(ones) > LINE:
        lines = np.array([_concentrated(few, heights, line, half, QUICK) for line in lines])
    error = np.partition(np.abs(heights - lines @ few), half - 1)[:, half - 1]
    refined: list[Vector] = [
        _concentrated(few, heights, lines[place], half)
        for place in np.argsort(error, kind="stable")[:REFINED_LINES]
    ]
    line = min(refined, key=lambda line: float(np.sum(_nearest(few, heights, line, half)[1])))
    error = np.abs(y - height - line @ ones)
    agrees = error <= INLIER * CONSISTENT * float(np.median(error))
    fit: Vector = height + _least_squares(ones[:, agrees], y[agrees] - height) @ ones
    return fit


def _standardised(x: Vector, *, intercept: bool) -> Vector:
    """Put a row of ones above the features, each of mean 0 and deviation 1.

    Several features are mixed so that none depends on the others; the ones are mixed in. Without
    an intercept there are no ones, and the features keep their means.
    """
    centred = x - x.mean(axis=1, keepdims=True) * intercept
    deviation = np.sqrt(np.square(centred).mean(axis=1, keepdims=True))
    scaled = centred / np.where(deviation, deviation, 1)
    ones = np.concatenate([np.ones((int(intercept), x.shape[1])), scaled])
    return ones if len(ones) <= LINE else _independent(ones)


def _independent(ones: Vector) -> Vector:
    """Mix features into as many as are independent, which have no correlation."""
    triangular = np.linalg.qr(ones.T, mode="r")
    _, size, mixed = np.linalg.svd(triangular)
    kept = size > size[0] * max(ones.shape) * np.finfo(np.float64).eps
    turned: Vector = (mixed[: len(size)][kept] / size[kept, None]) @ ones * np.sqrt(ones.shape[1])
    return turned


def _drawn(rows: int) -> NDArray[np.intp]:
    if rows <= TRIED_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, TRIED_ROWS, replace=False))


def _through_handfuls(ones: Vector, y: Vector) -> Vector:
    """Give the lines through as many rows as they have parameters; there may be none.

    Of several features the shortest is taken where such a handful does not tell.
    """
    size, rows = ones.shape
    handfuls = _handfuls(rows, size)
    ends = np.moveaxis(ones[:, handfuls], 0, -1)
    if size > LINE:
        exact = (np.linalg.pinv(ends) @ y[handfuls][..., None])[..., 0]
    else:
        is_firm = np.abs(np.linalg.det(ends)) > FIRM
        exact = np.linalg.solve(ends[is_firm], y[handfuls[is_firm]][..., None])[..., 0]
    lines: Vector = np.concatenate([exact, _least_squares(ones, y)[None]])
    return lines


@lru_cache(maxsize=8)
def _handfuls(rows: int, size: int) -> NDArray[np.intp]:
    """Draw rows at random, so many at a time, or take all combinations where they are few."""
    if comb(rows, size) <= TRIED_LINES:
        return np.array(list(combinations(range(rows), size)))
    draw = np.random.default_rng(0)
    return np.array([draw.choice(rows, size, replace=False) for _ in range(TRIED_LINES)])


FIRM = 1e-9
"""Rows tell of no line where they lie no farther apart than this."""


def _concentrated(
    ones: Vector, y: Vector, line: Vector, half: int, rounds: int = ROUNDS
) -> Vector:
    """Fit the half of the rows that is nearest, until it stays the same."""
    best = np.inf
    for _ in range(rounds):
        nearest, squares = _nearest(ones, y, line, half)
        whole = squares.sum()
        if not whole < best:
            break
        best = whole
        line = _least_squares(ones[:, nearest], y[nearest])
    return line


def _nearest(ones: Vector, y: Vector, line: Vector, half: int) -> tuple[NDArray[np.intp], Vector]:
    squares = np.square(y - line @ ones)
    nearest = np.argpartition(squares, half - 1)[:half]
    return nearest, squares[nearest]


def _least_squares(ones: Vector, y: Vector) -> Vector:
    return np.asarray(np.linalg.lstsq(ones @ ones.T, ones @ y)[0], dtype=np.float64)
