"""The cost over all parameters: a landscape of hills and valleys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from fitline.optimize.algebra import Relation
from fitline.optimize.cost_names import CostName
from fitline.optimize.costs import Cost
from fitline.optimize.elastic_net import ElasticNet
from fitline.optimize.losses import LOSSES
from fitline.optimize.moments import Moments
from fitline.optimize.penalty import Penalty
from fitline.optimize.robust_cost import RobustCost
from fitline.optimize.robust_scale import Scale, default_scale
from fitline.optimize.robust_spread import deviation, median
from fitline.optimize.row_hashes import RowDigest
from fitline.optimize.rows import Rows
from fitline.optimize.scaling import Scaling
from fitline.optimize.spread_cost import Away, SpreadCost
from fitline.optimize.squared_error import SquaredError
from fitline.optimize.stopping import NOISE
from fitline.vector import Vector

from .stationary import Search, Stationary

NEAR = 0.01
"""A run has reached a minimum when it ends nearer than this part of the spread of y."""

DRAWN_ROWS = 20_000
"""A picture of a robust cost is drawn from no more rows than these."""

SLIGHT = 0.01
"""The weight of a ridge that lets walls rise, and hardly moves what squared error tells."""

Pair = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Landscape:
    """The cost of a table over all its parameters, in original units.

    `chosen` is the scale of the cost and where it comes from; squared error has none. `extent` has
    the middle and the spread of each feature, and of y, for a robust cost without their outliers.
    `validation` is the same cost of the rows that were held out, if there are any, and without the
    `penalty`. The digest is that of all rows of a robust cost.
    """

    moments: Moments
    name: CostName
    chosen: Scale | None
    cost: Cost
    extent: Sequence[Pair]
    validation: Cost | None = None
    penalty: Penalty | None = None
    row_digest: str | None = None

    @classmethod
    def of_moments(cls, moments: Moments, penalty: Penalty | None = None) -> "Landscape":
        """Take squared error, which needs no more than the moments, perhaps with a penalty."""
        cost: Cost = SquaredError.in_original_units(
            penalty.ridged(moments) if penalty else moments
        )
        if penalty and penalty.l1:
            cost = ElasticNet.of(moments, penalty)
        of_x = zip(moments.x_mean.tolist(), moments.x_deviation.tolist(), strict=True)
        extent = [*of_x, (moments.y_mean, moments.y_unit)]
        held_out = moments.held_out
        validation = SquaredError.in_original_units(held_out.moments) if held_out else None
        return cls(moments, "squared", None, cost, extent, validation, penalty)

    @classmethod
    def of_rows(
        cls,
        moments: Moments,
        name: CostName,
        scale: float | None,
        rows: Rows,
        held_out: Rows | None = None,
    ) -> "Landscape":
        """Take a robust cost of rows in memory; so are those `held_out`, if there are any."""
        loss, weights = LOSSES[name], rows.weights
        chosen = default_scale(loss, rows, intercept=moments.has_intercept)
        if scale not in {None, chosen.value}:
            chosen = Scale(float(scale), "given")
        cost = RobustCost.of(rows, loss(chosen.value), moments)
        columns = (*rows.x, rows.y)
        extent = [(median(values, weights), deviation(values, weights)) for values in columns]
        validation = RobustCost.of(held_out, cost.loss, moments) if held_out else None
        digest = RowDigest()
        for part in filter(None, [rows, held_out]):
            digest.add(np.vstack([part.x, part.y]), np.ones(len(part.y)))
        return cls(moments, name, chosen, cost, extent, validation, row_digest=digest.text)

    @classmethod
    def of_sample(
        cls,
        moments: Moments,
        name: CostName,
        scale: float | None,
        sample: Rows,
        away: Away,
        row_digest: str,
    ) -> "Landscape":
        """Take a robust cost of rows on other machines, whose scale a sample tells."""
        seen = cls.of_rows(moments, name, scale, sample)
        cost = SpreadCost.over(sample, seen.cost.loss, moments, away)
        return replace(seen, cost=cost, row_digest=row_digest)

    @property
    def is_spread(self) -> bool:
        """Tell whether the rows lie on other machines, and a sample of them tells the scale."""
        return isinstance(self.cost, SpreadCost)

    @cached_property
    def at_default_scale(self) -> "Landscape":
        """Take the scale of a robust cost that the data tell."""
        if not isinstance(self.cost, RobustCost):
            return self
        rows = Rows(self.cost.x, self.cost.y, self.cost.weights)
        chosen = default_scale(LOSSES[self.name], rows, intercept=self.cost.has_intercept)
        loss = LOSSES[self.name](chosen.value)
        cost, validation = replace(self.cost, loss=loss), self.validation
        if isinstance(validation, RobustCost):
            validation = replace(validation, loss=loss)
        return replace(self, chosen=chosen, cost=cost, validation=validation)

    @property
    def is_quadratic(self) -> bool:
        """Tell whether the cost is squared error, with creases perhaps, and no other ones."""
        return self.cost.loss.is_quadratic

    @property
    def is_bowl(self) -> bool:
        """Tell whether the cost is a quadratic function: a bowl of which theory knows all."""
        return isinstance(self.cost, SquaredError)

    @cached_property
    def ridged(self) -> Moments:
        """Give the moments with the ridge of the penalty, if there is one, in them."""
        return self.penalty.ridged(self.moments) if self.penalty else self.moments

    @cached_property
    def surveyed(self) -> Moments:
        """Give the moments whose bowl tells how far there is something to see: the `ridged` ones.

        That bowl is level where only a lasso determines features that depend on others; a slight
        ridge stands for it there.
        """
        if not isinstance(self.cost, ElasticNet) or not self.ridged.fit.dependent:
            return self.ridged
        return Penalty.of(SLIGHT, 0.0, "standard", self.moments).ridged(self.ridged)

    @property
    def dependent(self) -> Mapping[int, Relation]:
        """Give the features that depend on others, whose parameters no minimum determines.

        A penalty determines them, a lasso but where a feature can replace others at no cost.
        """
        dependent, cost = self.ridged.fit.dependent, self.cost
        if not isinstance(cost, ElasticNet):
            return dependent
        return {place: on for place, on in dependent.items() if cost.leaves_open(place, on)}

    def on(self, moments: Moments) -> "Landscape":
        """Look at squared error, with the same penalty, on other rows."""
        return self.of_moments(moments, self.penalty.on(moments) if self.penalty else None)

    def best_on(self, moments: Moments) -> Vector:
        """Give the parameters of the least squared error, with the same penalty, on other rows."""
        return self.on(moments).lowest.theta

    @property
    def spread(self) -> float:
        """Give how far y reaches, in its units."""
        return self.extent[-1][1]

    @property
    def scale(self) -> float | None:
        """Give the C of a robust cost, in the units of y."""
        return self.chosen.value if self.chosen else None

    @cached_property
    def _bottom(self) -> Stationary:
        if isinstance(self.cost, ElasticNet):
            return Stationary(self.cost.minimum, self.cost.floor, "global")
        fit = self.ridged.fit
        return Stationary(fit.theta, fit.floor, "global")

    @cached_property
    def _search(self) -> Search | None:
        return Search.of(self.cost, self.moments) if isinstance(self.cost, RobustCost) else None

    @property
    def stationary(self) -> Sequence[Stationary]:
        """Give the points where the ground is level: the minima, lowest first, then the others."""
        return self._search.points if self._search else (self._bottom,)

    @property
    def searched_starts(self) -> int | None:
        """Give from how many starts the minima were sought; None where none can be missed."""
        return self._search.starts if self._search else None

    def learn_from(self, theta: Vector, *, is_minimum: bool = False) -> None:
        """Add the minimum near parameters that prove that the search from starts has missed one.

        They do so where they cost less than all that was found, or are one themselves.
        """
        if self._search is None or self._search.starts is None:
            return
        with np.errstate(over="ignore", invalid="ignore"):
            is_lower = float(self.cost.value(theta)) < self.lowest.cost * (1 - NOISE)
        if is_lower or (is_minimum and self.reached(theta) is None):
            self._search.add(theta)

    @property
    def minima(self) -> Sequence[Stationary]:
        """Give the minima, lowest first."""
        return [point for point in self.stationary if point.kind in {"global", "local"}]

    @property
    def saddles(self) -> Sequence[Stationary]:
        """Give the saddles, lowest first."""
        return [point for point in self.stationary if point.kind == "saddle"]

    @property
    def maxima(self) -> Sequence[Stationary]:
        """Give the local maxima, lowest first."""
        return [point for point in self.stationary if point.kind == "maximum"]

    @property
    def lowest(self) -> Stationary:
        """Give the global minimum."""
        return self._search.points[0] if self._search else self._bottom

    def floor(self) -> float:
        """Give the cost of the global minimum that is known by now."""
        return self.lowest.cost

    @cached_property
    def drawn(self) -> Cost:
        """Give the cost for pictures, which is that of a random sample where the rows are many."""
        return self.cost.sample(DRAWN_ROWS)

    @property
    def is_sampled(self) -> bool:
        """Tell whether pictures show a sample of the rows."""
        return self.drawn is not self.cost

    @cached_property
    def sampled(self) -> "Landscape":
        """Give the landscape of that sample, to try things on."""
        return replace(self, cost=self.drawn) if self.is_sampled else self

    def excess(self, theta: Vector) -> float:
        """Give how far above the global minimum the cost is."""
        return self.cost.excess(theta, float(self.cost.value(theta)), self.lowest.cost)

    def reached(self, theta: Vector) -> Stationary | None:
        """Give the minimum that a run to `theta` has reached, if it has."""
        bowl, near = SquaredError.in_original_units(self.moments), NEAR * self.spread
        if len(self.minima) > 1 and self.scale:
            near = min(near, self.scale / 2)
        for point in self.minima:
            if bowl.distance(theta, point.theta) <= near:
                return point
        return None

    def scales_from(self, theta: Vector) -> float:
        """Give how many scales of a robust cost it is from a line to a flat one across the table.

        It is no less than the table is high.
        """
        flat = np.zeros(len(self.extent))
        flat[0] = self.extent[-1][0]
        offset = self._standard.scaled(theta) - self._standard.scaled(flat)
        return max(self.spread, float(np.linalg.norm(offset))) / (self.scale or self.spread)

    @cached_property
    def _standard(self) -> Scaling:
        return Scaling.of("standard", self.moments)
