"""How large the errors of a table are, judged by the rows that agree with each other.

Lines through random handfuls of rows are tried, and those kept about which the median error is
smallest (P. Rousseeuw, "Least median of squares regression", 1984). Least squares on the half of
the rows that lies nearest, again and again, makes them exact (P. Rousseeuw and K. Van Driessen,
"Computing LTS regression for large data sets", 2006). Nearly half of the rows may be wrong. Where
these have weights, all medians, halves and fits are weighted.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector

from .many_systems import solved
from .rows import drawn_by

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


WAY_DIGITS = 9
"""So many digits of the way from one number to the next tell."""


def median(values: Vector, weights: Vector | None = None) -> float:
    """Give the middle of numbers, or a part of the way between the two that lie around it.

    Half of the weight of each number is below it. Rounding makes no part of a way.
    """
    if weights is None:
        return float(np.median(values))
    order = np.argsort(values, kind="stable")
    ends, places = np.cumsum(weights[order]), np.arange(len(order))
    place = round(float(np.interp(ends[-1] / 2, ends - weights[order] / 2, places)), WAY_DIGITS)
    return float(np.interp(place, places, values[order]))


def deviation(y: Vector, weights: Vector | None = None) -> float:
    """Estimate the standard deviation of numbers so that outliers do not tell; never 0."""
    middle = median(y, weights)
    spread = CONSISTENT * median(np.abs(y - middle), weights)
    return spread or _plain_deviation(y, middle, weights) or abs(middle) or 1.0


def _plain_deviation(y: Vector, middle: float, weights: Vector | None) -> float:
    """Give the standard deviation, 0 where all numbers are the one in the middle."""
    if weights is None:
        return float(np.std(y))
    apart = y - middle
    apart -= np.average(apart, weights=weights)
    return float(np.sqrt(np.average(np.square(apart), weights=weights)))


def robust_spread(
    x: Vector, y: Vector, weights: Vector | None = None, *, intercept: bool = True
) -> float:
    """Estimate the standard deviation of the errors about the line that most rows follow.

    `x` has the shape (features, rows), `y` and `weights` the shape (rows,). Of few rows a line
    takes so many degrees of freedom that a correction is needed (P. Rousseeuw and A. Leroy, 1987).
    """
    ones = _standardised(x, intercept=intercept)
    freedom = max(1, len(y) - len(ones))
    error = np.abs(y - _fit(ones, y, weights, intercept=intercept))
    return CONSISTENT * (1 + 5 / freedom) * _middle(error, weights, len(ones))


def robust_fit(
    x: Vector, y: Vector, weights: Vector | None = None, *, intercept: bool = True
) -> Vector:
    """Predict y of every row by the line that most rows follow.

    That is at least one row more than the line has parameters, for through so many it always goes.
    """
    return _fit(_standardised(x, intercept=intercept), y, weights, intercept=intercept)


@dataclass(frozen=True, eq=False)
class _Half:
    """How many of the rows are about a half, `fewest` at least, or of what weight."""

    rows: int
    fewest: int
    weights: Vector | None

    @classmethod
    def of(cls, rows: int, parameters: int, weights: Vector | None) -> "_Half":
        """Take one row more than a line has parameters, or half of those that it leaves free."""
        fewest = min(rows, parameters + 1)
        return cls(max(fewest, (rows + parameters) // 2), fewest, weights)

    def smallest(self, sizes: Vector) -> NDArray[np.intp]:
        """Give the places of the smallest sizes, in whatever order."""
        if self.weights is None:
            return np.argpartition(sizes, self.rows - 1)[: self.rows]
        order = np.argsort(sizes, kind="stable")
        ends = np.cumsum(self.weights[order])
        last = np.searchsorted(ends, ends[-1] * (self.rows - 0.5) / len(sizes))
        return order[: max(self.fewest, 1 + int(last))]

    def reach(self, sizes: Vector) -> Vector:
        """Give the largest of the smallest sizes, of the shape (lines, rows), for each line."""
        if self.weights is None:
            return np.asarray(np.partition(sizes, self.rows - 1)[:, self.rows - 1])
        return np.array([each[self.smallest(each)].max() for each in sizes])

    def shares(self, sizes: Vector) -> Vector:
        """Give the weight of each row in the half of its line, in the shape (lines, rows)."""
        shares = np.zeros(sizes.shape)
        if self.weights is None:
            nearest = np.argpartition(sizes, self.rows - 1, axis=1)[:, : self.rows]
            np.put_along_axis(shares, nearest, 1.0, axis=1)
        else:
            for own, each in zip(shares, sizes, strict=True):
                nearest = self.smallest(each)
                own[nearest] = self.weights[nearest]
        return shares

    def weight(self, rows: NDArray[np.intp]) -> Vector | None:
        """Give the weights of some rows, if they have any."""
        return None if self.weights is None else self.weights[rows]


def _fit(ones: Vector, y: Vector, weights: Vector | None, *, intercept: bool) -> Vector:
    height, rows = median(y, weights) * intercept, _drawn(len(y), weights)
    few, heights = ones[:, rows], y[rows] - height
    half = _Half.of(len(rows), len(ones), weights if len(rows) == len(y) else None)
    lines = _through_handfuls(few, heights)
    if len(ones) > LINE:
        lines = _all_concentrated(few, heights, lines, half)
    error = half.reach(np.abs(heights - lines @ few))
    refined: list[Vector] = [
        _concentrated(few, heights, lines[place], half)
        for place in np.argsort(error, kind="stable")[:REFINED_LINES]
    ]
    line = min(refined, key=lambda line: float(np.sum(_nearest(few, heights, line, half)[1])))
    error = np.abs(y - height - line @ ones)
    agrees = error <= INLIER * CONSISTENT * _middle(error, weights, len(ones))
    kept = None if weights is None else weights[agrees]
    fit: Vector = height + _least_squares(ones[:, agrees], y[agrees] - height, kept) @ ones
    return fit


def _middle(error: Vector, weights: Vector | None, parameters: int) -> float:
    """Give the median error about a line, with weights no less than one that it need not meet.

    However much they weigh, it always meets as many rows as it has parameters.
    """
    if weights is None:
        return median(error)
    free = min(parameters, len(error) - 1)
    return max(median(error, weights), float(np.partition(error, free)[free]))


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


def _drawn(rows: int, weights: Vector | None) -> NDArray[np.intp]:
    """Draw rows where they are many, so that they count alike."""
    if rows <= TRIED_ROWS:
        return np.arange(rows)
    among = rows if weights is None else drawn_by(weights)
    return np.sort(np.random.default_rng(0).choice(among, TRIED_ROWS, replace=False))


def _through_handfuls(ones: Vector, y: Vector) -> Vector:
    """Give the lines through as many rows as they have parameters; there may be none.

    Of several features the shortest is taken where such a handful does not tell.
    """
    size, rows = ones.shape
    handfuls = _handfuls(rows, size)
    ends = np.moveaxis(ones[:, handfuls], 0, -1)
    if size > LINE:
        exact = solved(ends, y[handfuls])
    else:
        is_firm = np.abs(np.linalg.det(ends)) > FIRM
        exact = np.linalg.solve(ends[is_firm], y[handfuls[is_firm]][..., None])[..., 0]
    lines: Vector = np.concatenate([exact, _least_squares(ones, y)[None]])
    return lines


@lru_cache(maxsize=8)
def _handfuls(rows: int, size: int) -> NDArray[np.intp]:
    """Draw rows at random, so many at a time, or take all combinations where they are few."""
    if comb(rows, size) <= TRIED_LINES:
        return np.array([*combinations(range(rows), size)], dtype=np.intp).reshape(-1, size)
    draw = np.random.default_rng(0)
    return np.array([draw.choice(rows, size, replace=False) for _ in range(TRIED_LINES)])


FIRM = 1e-9
"""Rows tell of no line where they lie no farther apart than this."""


def _all_concentrated(ones: Vector, y: Vector, lines: Vector, half: _Half) -> Vector:
    """Fit for every line, of the shape (lines, parameters), the half of the rows that is nearest.

    That is done a few times.
    """
    size, rows = ones.shape
    products = (ones[:, None] * ones).reshape(-1, rows).T
    for _ in range(QUICK):
        shares = half.shares(np.square(y - lines @ ones))
        moments = (shares @ products).reshape(-1, size, size)
        heights = shares @ (ones * y).T
        lines = solved(moments, heights)
    return lines


def _concentrated(ones: Vector, y: Vector, line: Vector, half: _Half) -> Vector:
    """Fit the half of the rows that is nearest, until it stays the same."""
    best = np.inf
    for _ in range(ROUNDS):
        nearest, squares = _nearest(ones, y, line, half)
        whole = squares.sum()
        if not whole < best:
            break
        best = whole
        line = _least_squares(ones[:, nearest], y[nearest], half.weight(nearest))
    return line


def _nearest(
    ones: Vector, y: Vector, line: Vector, half: _Half
) -> tuple[NDArray[np.intp], Vector]:
    squares = np.square(y - line @ ones)
    nearest = half.smallest(squares)
    weights = half.weight(nearest)
    return nearest, squares[nearest] * (1 if weights is None else weights)


def _least_squares(ones: Vector, y: Vector, weights: Vector | None = None) -> Vector:
    weighed = ones if weights is None else ones * weights
    return np.asarray(np.linalg.lstsq(weighed @ ones.T, weighed @ y)[0], dtype=np.float64)
