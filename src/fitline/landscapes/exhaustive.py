"""Every level point of a cost that is not convex, of one feature: minima, saddles and maxima.

They are looked for near the line that most rows follow, and cell by cell on a grid fine enough for
the scale of the cost, on a sample of the rows where there are many; then they are found to all
digits on all rows by Newton's method.
"""

import math
from collections.abc import Sequence

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
) -> tuple[list[Vector], int | None]:
    """Find the level points; two that are nearer to each other than `same` are one.

    Most rows have their y within `reach_of_y`. Where a sample has more of them than can be looked
    for on all rows, only the lowest are, and from how many they were chosen is given too.
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
    found = [*settle(sample, valleys), *_turns(sample, cells, reach, same, NEWTON_ROUNDS)]
    if sample is cost:
        return found, None
    return _found_on_all_rows(cost, sample, distinct(found, same), reach, same)


def _turns(
    cost: RobustCost, starts: Vector, reach: float, same: float, rounds: int
) -> list[Vector]:
    """Find the level points near the starts, of whatever kind."""
    rests = distinct(_newton_at_once(cost, starts, reach, rounds // 2), same)
    turns = (_newton(cost, theta, reach, rounds) for theta in rests)
    return [theta for theta in turns if theta is not None]


NEWTON_ROUNDS = 60
"""Newton's method needs but a few rounds where it converges at all; else it wanders about."""


def _found_on_all_rows(
    cost: RobustCost, sample: RobustCost, found: Sequence[Vector], reach: float, same: float
) -> tuple[list[Vector], int | None]:
    """Go from the level points of a sample to those of the cost, from the lowest of each kind."""
    points = np.array(found)
    points = points[np.argsort(sample.value(points), kind="stable")]
    is_pit = np.array([is_minimum(sample, theta) for theta in points])
    most = max(FEWEST_FOLLOWED, int(SEARCHED_RESIDUALS / len(cost.y)))
    pits, others = points[is_pit], points[~is_pit]
    turns = _turns(cost, others[:most], reach, same, ROUNDS_NEARBY)
    settled = settle(cost, pits[:most], ROUNDS_NEARBY)
    is_level = np.linalg.norm(cost.gradient(settled), axis=-1) < LEVEL * cost.loss.scale
    is_all = max(len(pits), len(others)) <= most
    return [*settled[is_level], *turns], None if is_all else len(points)


FEWEST_FOLLOWED = 20
ROUNDS_NEARBY = 16
"""A level point of all rows is found from one of a sample in so many rounds, or there is none."""


def _newton_at_once(cost: RobustCost, starts: Vector, reach: float, rounds: int) -> Vector:
    """Take Newton's method from every start until it rests, and drop those that leave their cell.

    The starts have the shape (starts, 1 + features), and so have the points that are given; a few
    may not have come to rest yet.
    """
    thetas, moving = starts.copy(), np.arange(len(starts))
    kept = np.ones(len(starts), dtype=bool)
    for _ in range(rounds):
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


AT_REST = 1e-9
"""A move that is no longer than this part of a cell is the last one but for the last digits."""


def _newton(cost: RobustCost, theta: Vector, reach: float, rounds: int) -> Vector | None:
    """Find the level point near `theta`, of whatever kind; None where there is none in reach."""
    start: Vector = theta
    steepness = math.inf
    for _ in range(rounds):
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
