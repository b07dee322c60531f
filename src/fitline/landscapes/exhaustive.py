"""Every level point of a cost that is not convex, of one feature: minima, saddles and maxima.

They are looked for near the line that most rows follow, and cell by cell on a grid fine enough for
the scale of the cost, on a sample of the rows where there are many; then they are found to all
digits on all rows by Newton's method.
"""

import math

import numpy as np
from numpy.typing import NDArray

from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.robust_spread import robust_fit
from fitline.vector import Vector

from .settling import distinct, is_minimum, settle, thinned

SEARCHED_RESIDUALS = 2e7
POINTS_PER_SCALE = 4
FEWEST_POINTS = 41
MOST_POINTS = 201
"""The search grid has so many points a scale, within these bounds and this much work."""


def search_everywhere(
    cost: RobustCost, reach_of_y: tuple[float, float], same: float
) -> list[Vector]:
    """Find the level points; two that are nearer to each other than `same` are one.

    Most rows have their y within `reach_of_y`.
    """
    (low, high), sample = reach_of_y, thinned(cost)
    height = high - low or 1.0
    finest = math.sqrt(SEARCHED_RESIDUALS / len(sample.y))
    wanted = POINTS_PER_SCALE * height / cost.loss.scale
    size = int(np.clip(wanted, FEWEST_POINTS, min(finest, MOST_POINTS)))
    heights = np.linspace(low, high, size)
    slopes = np.linspace(-height, height, size)
    grid = np.stack(np.meshgrid(heights, slopes, indexing="ij"), axis=-1)
    reach = float(heights[1] - heights[0]) + float(slopes[1] - slopes[0])
    most = robust_fit(sample.x, sample.y, sample.weights)
    followed = np.linalg.lstsq(sample.design.T, most)[0]
    valleys = np.concatenate([grid[_lower_than_neighbours(sample.value(grid))], [followed]])
    cells = _turning_cells(sample.gradient(grid), grid)
    rests = distinct(_newton_at_once(sample, cells, reach), same)
    turns = [_newton(sample, theta, reach) for theta in rests]
    found = [*settle(sample, valleys), *(theta for theta in turns if theta is not None)]
    if sample is cost:
        return found
    points = np.array(distinct(found, same))
    is_pit = np.array([is_minimum(sample, theta) for theta in points])
    others = [_newton(cost, theta, reach) for theta in points[~is_pit]]
    settled = settle(cost, points[is_pit])
    return [*settled, *(theta for theta in others if theta is not None)]


def _newton_at_once(cost: RobustCost, starts: Vector, reach: float) -> Vector:
    """Take Newton's method from every start until it rests, and drop those that leave their cell.

    The starts have the shape (starts, 1 + features), and so have the points that are given; a few
    may not have come to rest yet.
    """
    thetas, moving = starts.copy(), np.arange(len(starts))
    kept = np.ones(len(starts), dtype=bool)
    for _ in range(ROUNDS_AT_ONCE):
        hessian = cost.hessian(thetas[moving])
        is_bent = np.linalg.det(hessian) != 0
        kept[moving[~is_bent]] = False
        moving, hessian = moving[is_bent], hessian[is_bent]
        if not len(moving):
            break
        gradient = cost.gradient(thetas[moving])
        move = -np.linalg.solve(hessian, gradient[..., None])[..., 0]
        length = np.linalg.norm(move, axis=-1)
        thetas[moving] += move * np.minimum(1.0, reach / np.maximum(length, reach))[:, None]
        is_far = np.linalg.norm(thetas[moving] - starts[moving], axis=-1) > FAR * reach
        kept[moving[is_far]] = False
        moving = moving[~is_far & (length > AT_REST * reach)]
    return thetas[kept]


ROUNDS_AT_ONCE = 30
AT_REST = 1e-9
"""A move that is no longer than this part of a cell is the last one but for the last digits."""


def _newton(cost: RobustCost, theta: Vector, reach: float) -> Vector | None:
    """Find the level point near `theta`, of whatever kind; None where there is none in reach."""
    start: Vector = theta
    steepness = math.inf
    for _ in range(NEWTON_ROUNDS):
        gradient = cost.gradient(theta)
        if np.linalg.norm(gradient) >= steepness and steepness < LEVEL * cost.loss.scale:
            return theta
        steepness = float(np.linalg.norm(gradient))
        try:
            move = -np.linalg.solve(cost.hessian(theta), gradient)
        except np.linalg.LinAlgError:
            return None
        length = float(np.linalg.norm(move))
        theta = np.asarray(theta + move * (min(1.0, reach / length) if length else 1.0))
        if np.linalg.norm(theta - start) > FAR * reach:
            return None
    return None


NEWTON_ROUNDS = 60
"""Newton's method needs but a few rounds where it converges at all; else it wanders about."""

LEVEL = 1e-9
"""A gradient is none when it is this small beside the cost's scale, and shrinks no more."""

FAR = 4.0
"""Newton's method may leave its cell by so many cells before it is called back."""


def _lower_than_neighbours(level: Vector) -> NDArray[np.bool_]:
    """Mark the cells that no neighbour lies below."""
    padded = np.pad(level, 1, constant_values=np.inf)
    rows, columns = level.shape
    around = [
        padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
        if down or right
    ]
    lower: NDArray[np.bool_] = np.logical_and.reduce([level <= other for other in around])
    return lower


def _turning_cells(gradient: Vector, grid: Vector) -> Vector:
    """Give the middles of the cells in which every part of the gradient changes its sign."""
    signs = np.sign(gradient)
    corners = np.stack([signs[:-1, :-1], signs[1:, :-1], signs[:-1, 1:], signs[1:, 1:]])
    turns = np.all(np.abs(corners.sum(axis=0)) < len(corners), axis=-1)
    middles: Vector = ((grid[:-1, :-1] + grid[1:, 1:]) / 2)[turns]
    return middles
