"""The result of `fitline landscape`: seen from above, or cut along one parameter."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from fitline.data import Table
from fitline.landscapes.overview import Overview
from fitline.landscapes.projection import Projection
from fitline.landscapes.slices import Slice, best_along, points_along
from fitline.training import Training
from fitline.vector import Vector

from . import SCHEMA
from .facts import CostFacts, DataFacts, KindOfPoint, Point, StationaryCounts
from .planes import PlaneFacts
from .set_up import SetUp


@dataclass(frozen=True)
class LookedAt:
    """What is looked at; the picture of a sampled landscape is one of some rows."""

    data: DataFacts
    cost_function: CostFacts
    counts: StationaryCounts
    is_sampled: bool
    plane: PlaneFacts

    @classmethod
    def of(cls, table: Table, seen: Projection) -> Self:
        """Tell of a plane through the landscape of a table."""
        landscape = seen.landscape
        return cls(
            DataFacts.of(table, landscape.moments),
            CostFacts.of(landscape),
            StationaryCounts.of(landscape),
            landscape.is_sampled,
            PlaneFacts.of(table, seen),
        )

    def document(self) -> dict[str, Any]:
        """Give the head of the JSON."""
        return {
            "schema": SCHEMA,
            "command": "landscape",
            "data": asdict(self.data),
            "cost": self.cost_function.document(),
            **self.plane.document(),
        }


@dataclass(frozen=True, eq=False)
class LandscapeResult:
    """A landscape from above, with its stationary points and the runs of a training.

    `before` tells of that training, where there is one.
    """

    looked_at: LookedAt
    overview: Overview
    points: list[KindOfPoint]
    before: SetUp | None = None

    @classmethod
    def of(
        cls, table: Table, overview: Overview, training: Training | None = None
    ) -> "LandscapeResult":
        """Tell of a landscape."""
        seen = overview.seen
        points = [*map(KindOfPoint.of, seen.landscape.stationary)]
        before = SetUp.of(training) if training else None
        return cls(LookedAt.of(table, seen), overview, points, before)

    def document(self) -> dict[str, Any]:
        """Give the JSON."""
        overview = self.overview
        paths = [path.tolist() for path in overview.paths]
        return {
            **self.looked_at.document(),
            "window": {
                axis.parameter: _ends(values)
                for axis, values in zip(self.looked_at.plane.axes, overview.axes, strict=True)
            },
            "minima": [*map(asdict, self._of_kind("global", "local"))],
            "saddles": [*map(_place, self._of_kind("saddle"))],
            "maxima": [*map(_place, self._of_kind("maximum"))],
            **({"paths": paths} if paths else {}),
            **({"scaling": self.before.config.scaling} if self.before else {}),
        }

    def _of_kind(self, *kinds: str) -> list[KindOfPoint]:
        return [point for point in self.points if point.kind in kinds]


@dataclass(frozen=True, eq=False)
class SliceResult:
    """The cost along one parameter: of a plane with one feature, else of all parameters.

    `minima` are those of the slice, with all their parameters. `best` are the best values for a
    few of the other one of two parameters, where there is one.
    """

    looked_at: LookedAt
    seen: Projection
    slice: Slice
    minima: list[KindOfPoint]
    best: list[Point]

    @classmethod
    def of(cls, table: Table, seen: Projection, cut: Slice) -> "SliceResult":
        """Tell of a slice."""
        embed = seen.plane.embed
        minima = [KindOfPoint.of(replace(p, theta=embed(p.theta))) for p in cut.minima]
        best = [*map(Point.of, best_along(seen, cut))]
        return cls(LookedAt.of(table, seen), seen, cut, minima, best)

    def level(self, values: Vector) -> Vector:
        """Give the cost to draw at some values."""
        points = points_along(self.slice.parameter, self.slice.fixed, values)
        return self.seen.drawn.value(points)

    def document(self) -> dict[str, Any]:
        """Give the JSON."""
        varied = self.looked_at.plane.axes[self.slice.parameter].parameter
        has_other = self.slice.fixed is not None
        fixed = {f"theta{1 - self.slice.parameter}": self.slice.fixed}
        return {
            **self.looked_at.document(),
            "along": varied,
            **({"fixed": fixed} if has_other else {}),
            "window": {varied: _ends(self.slice.values)},
            "minima": [*map(asdict, self.minima)],
            "stretches": [
                {"from": stretch.start, "to": stretch.stop, "direction": stretch.direction}
                for stretch in self.slice.stretches
            ],
            **({"best": [*map(asdict, self.best)]} if has_other else {}),
        }


def _ends(values: Vector) -> list[float]:
    return [float(values[0]), float(values[-1])]


def _place(point: Point) -> dict[str, Any]:
    """Give a point without its kind, which its key says."""
    return {"theta": point.theta, "cost": point.cost}
