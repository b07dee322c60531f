"""Which two parameters of a landscape are seen, and what the others do."""

from dataclasses import asdict, dataclass
from typing import Any

from fitline.data import Table
from fitline.landscapes.plane import Others
from fitline.landscapes.projection import Projection


@dataclass(frozen=True)
class AxisFacts:
    """A parameter that is seen, called by its feature; the intercept is theta0."""

    name: str
    parameter: str


@dataclass(frozen=True)
class PlaneFacts:
    """The parameters that are seen, at these `places` in theta, the features with their `labels`.

    Those at `unseen` are what the `others` do; it is None where there are no others. Features that
    depend on others may be left out.
    """

    places: tuple[int, ...]
    axes: list[AxisFacts]
    labels: list[str]
    others: Others | None
    unseen: list[int]
    leaves_out: bool

    @classmethod
    def of(cls, table: Table, seen: Projection) -> "PlaneFacts":
        """Tell of a plane through the landscape of a table."""
        moments = seen.landscape.moments
        dependent = {*seen.landscape.dependent}
        parameters = {*range(0 if moments.has_intercept else 1, len(seen.plane.origin))}
        names, labels = ["theta0", *table.columns], ["", *table.labels]
        return cls(
            seen.axes,
            [AxisFacts(names[place], f"theta{place}") for place in seen.axes],
            [labels[place] for place in seen.axes],
            seen.others,
            sorted(parameters - {*seen.axes} - dependent),
            bool(dependent),
        )

    def document(self) -> dict[str, Any]:
        """Give the JSON, which is empty where there are no other parameters."""
        if self.others is None:
            return {}
        return {"axes": [*map(asdict, self.axes)], "others": self.others}
