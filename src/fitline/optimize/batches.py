"""A table in small parts, shuffled anew for every epoch.

What to use when: never for the accuracy, since one pass over the table gives the exact gradient;
but so that one sees what stochastic descent does, and for costs whose rows are so many that a
step on all of them takes long.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .robust_cost import RobustCost


@dataclass(frozen=True, eq=False)
class Batches:
    """A cost of rows in memory, cut into parts of `size` rows; the last one may be smaller."""

    cost: RobustCost
    size: int
    seed: int

    @property
    def each_epoch(self) -> int:
        """Give how many parts there are."""
        return -(-len(self.cost.y) // self.size)

    def epoch(self, index: int) -> Iterator[RobustCost]:
        """Give the parts of an epoch, in an order that the seed and the epoch's index tell."""
        order = np.random.default_rng([self.seed, index]).permutation(len(self.cost.y))
        shuffled = self.cost.of_rows(order)
        for first in range(0, len(order), self.size):
            yield shuffled.of_rows(slice(first, first + self.size))
