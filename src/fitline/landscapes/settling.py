"""Down to the minima of a robust cost, from many starts at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from fitline.optimize.losses import Loss, Squared
from fitline.optimize.many_systems import solved
from fitline.optimize.robust_cost import RobustCost
from fitline.vector import Vector

SEARCHED_ROWS = 2000
"""In a larger table a search is made on so many rows, taken at equal distances by size of y."""

ROUNDS = 1000


def settle(cost: RobustCost, starts: Vector, rounds: int = ROUNDS) -> Vector:
    """Go down to the minimum of every valley, until no move goes lower or the rounds are over.

    The starts have the shape (starts, 1 + features), and so have the minima.
    """
    thetas, levels, moving = starts.copy(), cost.value(starts), np.arange(len(starts))
    for _ in range(rounds):
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

    The last one always goes down, but slowly (P. Holland and R. Welsch, 1977). Where so few rows
    lie near that a convex cost does not bend in every direction, a little of a bowl helps
    (K. Levenberg, 1944).
    """
    newton = _newton_moves(cost, thetas)
    if np.isfinite(newton).any():
        yield from (newton * 0.5**halvings for halvings in range(HALVINGS))
    if cost.loss.is_convex:
        yield from _damped_moves(cost, thetas)
    yield _reweighted_moves(cost, thetas)


HALVINGS = 12
"""A move of Newton's method is tried this many times, each time half as long."""


def _newton_moves(cost: RobustCost, thetas: Vector) -> Vector:
    """Give the way to the minimum of the bowl that fits best here, NaN where it is none."""
    hessian = cost.hessian(thetas)
    is_bowl = np.linalg.eigvalsh(hessian)[:, 0] > 1e-12 * np.abs(hessian).max(axis=(1, 2))
    moves = np.full_like(thetas, np.nan)
    gradient = cost.gradient(thetas[is_bowl])
    moves[is_bowl] = -np.linalg.solve(hessian[is_bowl], gradient[..., None])[..., 0]
    return moves


DAMPINGS = (1e-8, 1e-6, 1e-4, 1e-2, 1.0)
"""How much of a bowl is added, where each parameter is in the units of y."""


def _damped_moves(cost: RobustCost, thetas: Vector) -> Iterator[Vector]:
    """Give the ways to the minimum of the bowl that fits best with some of a round one added."""
    hessian, gradient = cost.hessian(thetas), cost.gradient(thetas)[..., None]
    for damping in DAMPINGS:
        bowl = hessian + damping * np.eye(thetas.shape[-1])
        yield np.asarray(-np.linalg.solve(bowl, gradient)[..., 0], np.float64)


def _sharpened(cost: RobustCost, thetas: Vector) -> Vector:
    """Take a last move where the gradient shrinks by it; costs no longer tell."""
    moved = thetas + _newton_moves(cost, thetas)
    before, after = (np.linalg.norm(cost.gradient(place), axis=-1) for place in (thetas, moved))
    return np.where((after < before)[:, None], moved, thetas)


MOST_SHARPENED = 6
"""So many moves of Newton's method lead from the minimum of a sample to that of all rows."""


def sharpened(cost: RobustCost, thetas: Vector) -> Vector:
    """Move to the minima near to which the thetas are, of the shape (thetas, 1 + features)."""
    for _ in range(MOST_SHARPENED):
        before, thetas = thetas, _sharpened(cost, thetas)
        if np.allclose(before, thetas, rtol=SAME_MOVES, atol=SAME_MOVES * cost.loss.scale):
            break
    return thetas


SAME_MOVES = 1e-9
"""A move of so small a part leads to the last digits."""


def _reweighted_moves(cost: RobustCost, thetas: Vector) -> Vector:
    """Give the way to the fit by least squares, each row weighted with ψ(r) / r."""
    hessian = replace(cost, loss=_Reweighted(loss=cost.loss)).hessian(thetas)
    return -solved(hessian, cost.gradient(thetas))


@dataclass(frozen=True)
class _Reweighted(Squared):
    """Squared error, each row weighted as another loss weighs it."""

    loss: Loss = field(kw_only=True)

    def second_derivative(self, residual: Vector) -> Vector:
        """Give ψ(r) / r, which is 2 at 0."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(residual == 0, 2.0, self.loss.psi(residual) / residual)


def least_squares(cost: RobustCost) -> Vector:
    """Give the least-squares fit, where the features are standardised and not correlated."""
    slope = (cost.x @ cost.weighed(cost.y)) / len(cost.y)
    return np.concatenate([[0.0], slope])


def thinned(cost: RobustCost) -> RobustCost:
    """Take so many rows that the search is quick, spread evenly over the heights of y."""
    if len(cost.y) <= SEARCHED_ROWS:
        return cost
    whole = cost.unweighted
    places = np.linspace(0, len(whole.y) - 1, SEARCHED_ROWS).astype(int)
    rows = np.argsort(whole.y, kind="stable")[places]
    return whole.of_rows(rows)


def distinct(thetas: Iterable[Vector], near: float) -> list[Vector]:
    """Take one of those that are no farther apart than `near`, the first."""
    given = list(thetas)
    kept = np.empty((len(given), len(given[0]) if given else 0))
    count = 0
    for theta in given:
        if (np.linalg.norm(kept[:count] - theta, axis=-1) > near).all():
            kept[count] = theta
            count += 1
    return list(kept[:count])


def is_minimum(cost: RobustCost, theta: Vector) -> bool:
    """Tell whether no direction bends downwards from a level point."""
    return bool(np.linalg.eigvalsh(cost.hessian(theta))[0] >= 0)
