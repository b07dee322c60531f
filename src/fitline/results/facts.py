"""What the results of several commands have in common: the table, the cost, points, counts."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from fitline.bounds import Bounds
from fitline.data import Table
from fitline.data.terms import Inputs
from fitline.formatting import labelled
from fitline.landscapes.landscape import Landscape
from fitline.landscapes.stationary import Stationary
from fitline.model.dependence import Dependence
from fitline.optimize.cost_names import CostName
from fitline.optimize.moments import Moments

Count = Annotated[int, Bounds(ge=0)]

Magnitude = Annotated[float, Bounds(ge=0)]

Numbers = list[float | None]
"""Numbers, None where one is not finite."""


def finite(value: float | None) -> float | None:
    """Give None for what is not finite."""
    return value if value is not None and math.isfinite(value) else None


def listed(values: Any) -> Numbers:
    """List numbers, None where one is not finite."""
    return [finite(value) for value in values.tolist()]


def numbers(values: Any) -> list[float]:
    """List finite numbers."""
    numbers: list[float] = values.tolist()
    return numbers


@dataclass(frozen=True)
class WeightFacts:
    """The column of the weights of the rows, their sum, and how many observations these are.

    Rows of weight 0 are `left_out`.
    """

    column: str
    total: float
    observations: Count
    left_out: Count

    @classmethod
    def of(cls, table: Table, moments: Moments) -> "WeightFacts | None":
        """Tell of the weights of a table, where it has some."""
        if table.weight is None:
            return None
        return cls(table.weight.name, moments.weight, moments.observations, table.weightless)


@dataclass(frozen=True)
class DataFacts:
    """The table that was read."""

    source: str
    rows: Count
    skipped: Count
    x: Annotated[list[str], Bounds(min_length=1)]
    y: str
    missing: Count
    units: dict[str, str]
    inputs: Inputs | None = None
    weight: WeightFacts | None = None

    @property
    def observations(self) -> int:
        """Tell how many observations the rows are, by their weights where these are counts."""
        return self.weight.observations if self.weight else self.rows

    @classmethod
    def of(cls, table: Table, moments: Moments) -> "DataFacts":
        """Tell of a table that has been read."""
        *x, y = table.columns
        counts = table.skipped, x, y, table.missing
        own = dict(table.units), table.inputs, WeightFacts.of(table, moments)
        return cls(table.source, moments.rows, *counts, *own)

    @property
    def labels(self) -> tuple[str, ...]:
        """Name the features and y with their units."""
        return tuple(labelled(name, self.units) for name in (*self.x, self.y))


@dataclass(frozen=True)
class CostFacts:
    """The cost that was minimised; its scale is `factor` times `spread`, unless it was given.

    `l2` and `l1` are the weights of a penalty, None where there is none.
    """

    name: CostName
    scale: Magnitude | None = None
    source: Literal["given", "errors", "y"] | None = None
    factor: Magnitude | None = None
    spread: Magnitude | None = None
    l2: Magnitude | None = None
    l1: Magnitude | None = None

    @classmethod
    def of(cls, landscape: Landscape) -> "CostFacts":
        """Tell of the cost of a landscape."""
        chosen, penalty = landscape.chosen, landscape.penalty
        if penalty:
            return cls(landscape.name, l2=penalty.l2 or None, l1=penalty.l1 or None)
        if chosen is None:
            return cls(landscape.name)
        return cls(landscape.name, chosen.value, chosen.source, chosen.factor, chosen.spread)

    @property
    def is_squared(self) -> bool:
        """Tell whether this is squared error."""
        return self.scale is None

    @property
    def is_penalised(self) -> bool:
        """Tell whether a penalty is added."""
        return self.l2 is not None or self.l1 is not None

    def document(self) -> dict[str, Any]:
        """Give the JSON: squared error has its name, no scale, and its penalty if it has one."""
        document = asdict(self)
        penalty = {key: document.pop(key) for key in ("l2", "l1")}
        if not self.is_squared:
            return document
        own = {key: value for key, value in penalty.items() if value is not None}
        return {key: document[key] for key in ("name", "scale")} | own


@dataclass(frozen=True)
class Point:
    """Parameters in the table's units, and their cost."""

    theta: Numbers
    cost: Magnitude | None

    @classmethod
    def of(cls, point: Stationary) -> "Point":
        """Tell of a stationary point."""
        return cls(listed(point.theta), finite(point.cost))


@dataclass(frozen=True)
class KindOfPoint(Point):
    """A stationary point, and what it is."""

    kind: Literal["global", "local", "saddle", "maximum"]

    @classmethod
    def of(cls, point: Stationary) -> "KindOfPoint":
        """Tell of a stationary point."""
        return cls(listed(point.theta), finite(point.cost), point.kind)


def undetermined(dependent: Sequence[Dependence], x: Sequence[str]) -> set[int]:
    """Give the places in theta of the parameters of features `x` that no minimum determines."""
    names = {name for one in dependent for name in (one.feature, *one.equals)}
    places = {place for place, name in enumerate(x, start=1) if name in names}
    return places | ({0} if any(one.constant for one in dependent) else set())


@dataclass(frozen=True)
class StationaryCounts:
    """How many stationary points a landscape has.

    Where minima alone were sought, and from so many `starts`, there may be more; None where not.
    """

    minima: Annotated[int, Bounds(ge=1)]
    saddles: Count
    maxima: Count
    starts: Annotated[int, Bounds(ge=1)] | None = None

    @classmethod
    def of(cls, landscape: Landscape) -> "StationaryCounts":
        """Count them."""
        counts = len(landscape.minima), len(landscape.saddles), len(landscape.maxima)
        return cls(*counts, landscape.searched_starts)

    def document(self) -> dict[str, int]:
        """Give the JSON: an exhaustive search has no starts."""
        return {key: value for key, value in asdict(self).items() if value is not None}
