"""Many rows condensed to a few points with weights, which cost the same wherever a line may lie.

Far from its singularities a loss is as good as a polynomial over boxes of rows whose residuals
differ by no more than the scale of the cost; so the rows of a box may be replaced by the nodes of
an interpolation, as in fast multipole methods (W. Fong and E. Darve, "The black-box fast multipole
method", 2009). Boxes with hardly any rows keep them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fitline.optimize.robust_cost import RobustCost
from fitline.vector import Vector

ROWS, PLACES = 2**13, 100
"""Of so many rows and more, at so many places and more, it is worth the effort."""

NODES = 18
"""So many along each side of a box tell a cost to the last digits but one."""

SIDE = 1.0
"""From one end of a box to the other a residual differs by so many scales, along either side."""

FEW = 2**12
"""Of so many rows a processor keeps all polynomials at hand."""

MOST_BOXES = 2**53
"""So many and no more can be numbered."""


def condensed(cost: RobustCost, thetas: Vector) -> RobustCost:
    """Give a cost of fewer rows that has the same values at these thetas, to the last digits.

    They have the shape (…, 2). It is the cost itself where there is nothing to gain.
    """
    slopes = thetas[..., 1]
    is_large = len(cost.y) >= ROWS and slopes.size >= PLACES and cost.here is cost
    if not (is_large and cost.loss.is_analytic and len(cost.x) == 1 and np.isfinite(slopes).all()):
        return cost
    low, high = float(slopes.min()), float(slopes.max())
    boxes = _Boxes.of(cost, (low + high) / 2, (high - low) / 2)
    if boxes is None or boxes.points > len(cost.y) / 2:
        return cost
    x, height, weights = np.concatenate([*boxes.nodes(), boxes.sparse], axis=1)
    y = height + boxes.slope * x
    return replace(cost, x=x[None], y=y, weights=weights * (len(x) / len(cost.y)))


@dataclass(frozen=True, eq=False)
class _Boxes:
    """Rows sorted by the box in which they lie, of x and of the height above a `slope`.

    `rows` are both and the weights, of the shape (3, rows). A box begins at `corners`, of the
    shape (boxes, 2), has `sides` and holds the rows from `firsts` up to those of the next box.
    """

    slope: float
    rows: Vector
    sides: Vector
    corners: Vector
    firsts: NDArray[np.intp]

    @classmethod
    def of(cls, cost: RobustCost, slope: float, reach: float) -> "_Boxes | None":
        """Divide the rows where lines are at most by `reach` steeper or flatter than `slope`.

        There are none where they would be too many to be numbered.
        """
        x = cost.x[0]
        weights = np.ones_like(x) if cost.weights is None else cost.weights
        rows = np.stack([x, cost.y - slope * x, weights])
        low, size = rows[:2].min(axis=1), np.ptp(rows[:2], axis=1)
        side = SIDE * cost.loss.scale
        sides = np.array([min(side, reach * size[0]) / reach if reach else size[0], side])
        sides[sides == 0] = 1.0
        with np.errstate(over="ignore"):
            count = np.floor(size / sides) + 1
            if not count.prod() < MOST_BOXES:
                return None
        across, up = np.floor((rows[:2] - low[:, None]) / sides[:, None])
        numbers = (across * count[1] + up).astype(np.int64)
        few_bits = np.min_scalar_type(int(count.prod()))  # which are sorted many times as fast
        order = np.argsort(numbers.astype(few_bits), kind="stable")
        numbers = numbers[order]
        firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
        corners = low + np.stack(divmod(numbers[firsts], int(count[1])), axis=1) * sides
        return cls(slope, rows[:, order], sides, corners, firsts)

    @cached_property
    def lengths(self) -> NDArray[np.intp]:
        """Give how many rows are in each box."""
        return np.diff(self.firsts, append=self.rows.shape[1])

    @property
    def is_full(self) -> NDArray[np.bool_]:
        """Tell which boxes have more rows than nodes."""
        return self.lengths > NODES**2

    @property
    def sparse(self) -> Vector:
        """Give the rows of the other boxes."""
        return self.rows[:, np.repeat(~self.is_full, self.lengths)]

    @property
    def points(self) -> int:
        """Give how many points are left when the rows are condensed."""
        full = self.is_full
        return int(np.count_nonzero(full) * NODES**2 + self.lengths[~full].sum())

    def nodes(self) -> Iterator[Vector]:
        """Give the nodes of each full box, with the weights that its rows bring to them.

        With the polynomials T of Chebyshev, and nodes t, a row at (x, h) brings w·ℓᵢ(x)·ℓⱼ(h),
        where ℓᵢ(x) = Σ cₖ·Tₖ(tᵢ)·Tₖ(x), with c₀ = 1 / nodes, and the others twice that.
        """
        t = np.cos((np.arange(NODES) + 0.5) * np.pi / NODES)
        shares = _polynomials(t) * (2 / NODES)
        shares[0] /= 2
        grid = np.stack(np.meshgrid(t, t, indexing="ij")).reshape(2, -1)
        for box in np.flatnonzero(self.is_full):
            first, middle = self.firsts[box], self.corners[box] + self.sides / 2
            half = self.sides[:, None] / 2
            products = np.zeros((NODES, NODES))
            for few in range(first, first + self.lengths[box], FEW):
                rows = self.rows[:, few : min(few + FEW, first + self.lengths[box])]
                across, up = map(_polynomials, (rows[:2] - middle[:, None]) / half)
                products += (across * rows[2]) @ up.T
            brought = shares.T @ products @ shares
            yield np.vstack([middle[:, None] + grid * half, brought.reshape(1, -1)])


def _polynomials(t: Vector) -> Vector:
    """Give Chebyshev's polynomials at places within ±1, in the shape (NODES, places)."""
    values = np.empty((NODES, len(t)))
    values[0], values[1] = 1.0, t
    for degree in range(2, NODES):
        np.multiply(t, values[degree - 1], out=values[degree])
        values[degree] *= 2
        values[degree] -= values[degree - 2]
    return values
