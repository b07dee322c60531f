"""What `--by` tells: a fit for each group of rows."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from fitline.data import Table
from fitline.groups import GroupFit, Groups
from fitline.optimize.iterate import StopReason

from . import SCHEMA
from .facts import DataFacts, Numbers, finite, listed


@dataclass(frozen=True)
class GroupFacts:
    """The fit of a group; where it is exact it has standard errors, where it was trained steps.

    A parameter is None where columns depend on each other in the group, so that any value does. A
    group without a line has but a `problem`.
    """

    group: str
    rows: int
    theta: Numbers | None = None
    standard_errors: Numbers | None = None
    rmse: float | None = None
    r2: float | None = None
    steps: int | None = None
    ending: StopReason | None = None
    problem: str | None = None

    @classmethod
    def of(cls, fit: GroupFit) -> "GroupFacts":
        """Tell of a group."""
        moments = fit.moments
        if moments is None:
            return cls(fit.name, fit.rows, problem=fit.problem)
        theta = fit.last.theta if fit.last else moments.fit.theta
        squared = moments.squared_error(theta) if fit.last else moments.fit.floor
        variance = moments.y_variance
        told, errors = listed(theta), None
        r2 = 1 - squared / variance if variance else math.nan
        dependent = moments.fit.dependent
        if fit.training is None:
            errors, r2 = listed(moments.precision.standard_errors), moments.precision.r2
        else:
            dependent = fit.training.landscape.dependent
        for place, relation in dependent.items():
            for free in (place, *relation):
                told[free] = None
                if errors:
                    errors[free] = None
        return cls(
            fit.name,
            moments.rows,
            told,
            errors,
            finite(math.sqrt(squared)),
            finite(r2),
            fit.last.index if fit.last else None,
            fit.last.stop_reason if fit.last else None,
        )


@dataclass(frozen=True)
class GroupsResult:
    """The table as a whole, the column that tells its groups apart, and these."""

    command: Literal["summary", "train"]
    data: DataFacts
    by: str
    groups: Sequence[GroupFacts]

    @classmethod
    def of(
        cls, command: Literal["summary", "train"], table: Table, found: Groups
    ) -> "GroupsResult":
        """Tell of the groups of a table."""
        name = table.grouping.term.name if table.grouping else ""
        facts = [GroupFacts.of(fit) for fit in found.fits]
        return cls(command, DataFacts.of(table, found.moments), name, facts)

    def document(self) -> dict[str, Any]:
        """Give the JSON."""
        groups = [asdict(one) | {"ending": one.ending and one.ending.value} for one in self.groups]
        head = {"schema": SCHEMA, "command": self.command, "data": asdict(self.data)}
        return {**head, "by": self.by, "groups": groups}
