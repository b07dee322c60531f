"""Where the landscape of a robust cost is level: its minima, its saddles and its local maxima.

A convex cost has one minimum. The others are looked for near the line that most rows follow, and
cell by cell on a grid fine enough for the scale of the cost, on a sample of the rows where there
are many; then they are found to all digits on all rows by Newton's method. All this is done in
standardised coordinates.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fitline.optimize.losses import Absolute, Loss, Squared
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.robust_spread import robust_fit
from fitline.optimize.scaling import Scaling
from fitline.typing import Vector

Kind = Literal["global", "local", "saddle", "maximum"]

SEARCHED_ROWS = 2000
"""In a larger table the search is made on so many rows, taken at equal distances by size of y."""

SEARCHED_RESIDUALS = 2e7
POINTS_PER_SCALE = 4
FEWEST_POINTS = 41
MOST_POINTS = 201
"""The search grid has so many points a scale, within these bounds and this much work."""

TAIL = 0.005
"""Which part of the rows, at either end of y, says nothing about where a line may lie."""

ROUNDS = 1000
SAME = 1e-6
"""Two points nearer to each other than this part of the table's height are one."""


@dataclass(frozen=True, eq=False)
class Stationary:
    """A point from which no direction goes downhill at first, theta of the shape (1 + features,).

    `kind` is global or local for a minimum; `cost` is in the units of y squared.
    """

    theta: Vector
    cost: float
    kind: Kind


def find_stationary(cost: RobustCost, scaling: Scaling) -> tuple[Stationary, ...]:
    """Find the level points of a cost in original units; the minima come first, lowest first.

    `scaling` is the standard one of the table.
    """
    standard = cost.scaled(scaling)
    height = _quantile(standard.y, 1 - TAIL) - _quantile(standard.y, TAIL) or 1.0
    if isinstance(cost.loss, Absolute):
        found: Iterable[Vector] = [_least_absolute(standard, height)]
    elif cost.loss.is_convex:
        found = _settle(standard, _flat(standard)[None])
    else:
        found = _search(standard, height)
    points = [_classified(standard, theta) for theta in _distinct(found, SAME * height)]
    points.sort(key=lambda point: (ORDER.index(point.kind), point.cost))
    lowest = [replace(point, kind="global") for point in points[:1]]
    return tuple(
        replace(point, theta=scaling.original(point.theta)) for point in lowest + points[1:]
    )


ORDER: Sequence[Kind] = ("global", "local", "saddle", "maximum")


def _search(cost: RobustCost, height: float) -> list[Vector]:
    """Find the level points of a cost that is not convex, by grid and Newton's method."""
    sample = _thinned(cost)
    finest = math.sqrt(SEARCHED_RESIDUALS / len(sample.y))
    wanted = POINTS_PER_SCALE * height / cost.loss.scale
    points = int(np.clip(wanted, FEWEST_POINTS, min(finest, MOST_POINTS)))
    heights = np.linspace(_quantile(cost.y, TAIL), _quantile(cost.y, 1 - TAIL), points)
    slopes = np.linspace(-height, height, points)
    grid = np.stack(np.meshgrid(heights, slopes, indexing="ij"), axis=-1)
    reach = float(heights[1] - heights[0]) + float(slopes[1] - slopes[0])
    ones = np.concatenate([np.ones((1, len(sample.y))), sample.x])
    followed = np.linalg.lstsq(ones.T, robust_fit(sample.x, sample.y))[0]
    valleys = np.concatenate([grid[_lower_than_neighbours(sample.value(grid))], [followed]])
    cells = _turning_cells(sample.gradient(grid), grid)
    rests = _distinct(_newton_at_once(sample, cells, reach), SAME * height)
    turns = [_newton(sample, theta, reach) for theta in rests]
    found = [*_settle(sample, valleys), *(theta for theta in turns if theta is not None)]
    if sample is cost:
        return found
    distinct = np.array(_distinct(found, SAME * height))
    is_minimum = np.array([_kind(sample, theta) == "local" for theta in distinct])
    others = [_newton(cost, theta, reach) for theta in distinct[~is_minimum]]
    settled = _settle(cost, distinct[is_minimum])
    return [*settled, *(theta for theta in others if theta is not None)]


def _settle(cost: RobustCost, starts: Vector) -> Vector:
    """Go down to the minimum of every valley, until no move goes lower.

    The starts have the shape (starts, 1 + features), and so have the minima.
    """
    thetas, levels, moving = starts.copy(), cost.value(starts), np.arange(len(starts))
    for _ in range(ROUNDS):
        rests = np.ones(len(moving), dtype=bool)
        for move in _moves_down(cost, thetas[moving]):
            tried = np.flatnonzero(rests & np.isfinite(move).all(axis=-1))
            level = cost.value(thetas[moving[tried]] + move[tried])
            lower = level < levels[moving[tried]]
            deeper = tried[lower]
            thetas[moving[deeper]] += move[deeper]
            levels[moving[deeper]] = level[lower]
            rests[deeper] = False
            if not rests.any():
                break
        moving = moving[~rests]
        if not len(moving):
            break
    at_rest = np.delete(np.arange(len(starts)), moving)
    thetas[at_rest] = _sharpened(cost, thetas[at_rest])
    return thetas


def _moves_down(cost: RobustCost, thetas: Vector) -> Iterator[Vector]:
    """Give moves to try: Newton's, ever shorter, and then that of weighted least squares.

    The last one always goes down, but slowly (P. Holland and R. Welsch, 1977).
    """
    newton = _newton_moves(cost, thetas)
    if np.isfinite(newton).any():
        yield from (newton * 0.5**halvings for halvings in range(HALVINGS))
    yield _reweighted_moves(cost, thetas)


HALVINGS = 12
"""A move of Newton's method is tried this many times, each time half as long."""


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


def _newton_moves(cost: RobustCost, thetas: Vector) -> Vector:
    """Give the way to the minimum of the bowl that fits best here, NaN where it is none."""
    hessian = cost.hessian(thetas)
    is_bowl = np.linalg.eigvalsh(hessian)[:, 0] > 1e-12 * np.abs(hessian).max(axis=(1, 2))
    moves = np.full_like(thetas, np.nan)
    gradient = cost.gradient(thetas[is_bowl])
    moves[is_bowl] = -np.linalg.solve(hessian[is_bowl], gradient[..., None])[..., 0]
    return moves


def _sharpened(cost: RobustCost, thetas: Vector) -> Vector:
    """Take a last move where the gradient shrinks by it; costs no longer tell."""
    moved = thetas + _newton_moves(cost, thetas)
    before, after = (np.linalg.norm(cost.gradient(place), axis=-1) for place in (thetas, moved))
    return np.where((after < before)[:, None], moved, thetas)


def _reweighted_moves(cost: RobustCost, thetas: Vector) -> Vector:
    """Give the way to the fit by least squares, each row weighted with ψ(r) / r."""
    hessian = replace(cost, loss=_Reweighted(loss=cost.loss)).hessian(thetas)
    gradient = cost.gradient(thetas)
    moves: Vector = -(np.linalg.pinv(hessian, hermitian=True) @ gradient[..., None])[..., 0]
    return moves


@dataclass(frozen=True)
class _Reweighted(Squared):
    """Squared error, each row weighted as another loss weighs it."""

    loss: Loss = field(kw_only=True)

    def second_derivative(self, residual: Vector) -> Vector:
        """Give ψ(r) / r, which is 2 at 0."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(residual == 0, 2.0, self.loss.psi(residual) / residual)


def _least_absolute(cost: RobustCost, height: float) -> Vector:
    """Find the line of least absolute error: the best height is a median, for every slope.

    What is left is convex in the slope alone (golden section; J. Kiefer, 1953).
    """

    def best(slope: float) -> Vector:
        return np.array([float(np.median(cost.y - slope * cost.x[0])), slope])

    def level(slope: float) -> float:
        return float(cost.value(best(slope)))

    steepest = height
    while level(2 * steepest) < level(steepest) or level(-2 * steepest) < level(-steepest):
        steepest *= 2
    return best(_lowest_between(level, -2 * steepest, 2 * steepest))


def _lowest_between(level: Callable[[float], float], low: float, high: float) -> float:
    """Narrow down the minimum of a convex function to the last digits."""
    golden = (math.sqrt(5) - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = level(left), level(right)
    while low < left < right < high:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = level(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = level(right)
    return left if at_left <= at_right else right


def _flat(cost: RobustCost) -> Vector:
    """Give the least-squares line, from which the minimum of a convex cost is sought."""
    slope = (cost.x @ cost.y) / len(cost.y)
    return np.concatenate([[0.0], slope])


def _thinned(cost: RobustCost) -> RobustCost:
    """Take so many rows that the search is quick, spread evenly over the heights of y."""
    if len(cost.y) <= SEARCHED_ROWS:
        return cost
    places = np.linspace(0, len(cost.y) - 1, SEARCHED_ROWS).astype(int)
    rows = np.argsort(cost.y, kind="stable")[places]
    return cost.of_rows(rows)


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


def _distinct(thetas: Iterable[Vector], near: float) -> list[Vector]:
    given = list(thetas)
    kept = np.empty((len(given), len(given[0]) if given else 0))
    count = 0
    for theta in given:
        if (np.linalg.norm(kept[:count] - theta, axis=-1) > near).all():
            kept[count] = theta
            count += 1
    return list(kept[:count])


def _classified(cost: RobustCost, theta: Vector) -> Stationary:
    return Stationary(theta, float(cost.value(theta)), _kind(cost, theta))


def _kind(cost: RobustCost, theta: Vector) -> Kind:
    """Tell a minimum from a saddle and a maximum by the second derivatives."""
    if cost.loss.is_convex:
        return "local"
    curvatures = np.linalg.eigvalsh(cost.hessian(theta))
    if curvatures[0] >= 0:
        return "local"
    return "saddle" if curvatures[-1] > 0 else "maximum"


def _quantile(values: Vector, part: float) -> float:
    return float(np.quantile(values, part))
