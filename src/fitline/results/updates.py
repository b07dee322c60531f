"""The first updates of a training, worked out."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from fitline.bounds import Bounds
from fitline.derivation import Explanation
from fitline.files.json_documents import UnfitError
from fitline.training import Training

from .facts import Magnitude, numbers

ForEach = float | list[float]
"""A number for each feature: of one feature the number itself."""


def _for_each(values: list[float]) -> ForEach:
    return values[0] if len(values) == 1 else values


def as_list(values: ForEach) -> list[float]:
    """List the numbers of one feature or of several."""
    return values if isinstance(values, list) else [values]


@dataclass(frozen=True)
class RowFacts:
    """A row at work, in the coordinates that train; see `derivation.Row`."""

    x: ForEach
    y: float
    prediction: float
    error: float
    pull: float
    weight: Annotated[float, Bounds(gt=0)] = 1.0


@dataclass(frozen=True)
class SequentialFacts:
    """What a sequential update would have done; `theta1` holds all slopes."""

    gradient: list[float]
    theta1: ForEach


@dataclass(frozen=True)
class UpdateFacts:
    """An update, worked out; all but `original_theta` and `own_rows` in scaled coordinates.

    `penalty` is the part of the gradient that the sums do not make, and `weight` what so many
    rows weigh in the table, None where each counts once.
    """

    update: Annotated[int, Bounds(ge=1)]
    x_shift: ForEach
    x_scale: ForEach
    y_shift: float
    theta: list[float]
    row_count: Annotated[int, Bounds(ge=1)]
    rows: Annotated[list[RowFacts], Bounds(min_length=1)]
    sums: list[float]
    gradient: list[float]
    direction: list[float]
    rate: Magnitude
    unit: Annotated[float, Bounds(gt=0)]
    new_theta: list[float]
    original_theta: list[float]
    one_by_one: SequentialFacts
    own_rows: list[list[float]]
    state: list[list[float]]
    new_state: list[list[float]]
    penalty: list[float] | None = None
    weight: Annotated[float, Bounds(gt=0)] | None = None

    @classmethod
    def of(cls, training: Training, one: Explanation) -> "UpdateFacts":
        """Tell of an update."""
        scaling, update = training.scaling, one.update
        with np.errstate(over="ignore", invalid="ignore"):
            original = scaling.original(update.end)
        rows = [
            RowFacts(_for_each(row.x), row.y, row.prediction, row.error, row.psi, row.weight)
            for row in one.rows
        ]
        late = one.sequential
        return cls(
            update=1 + update.number,
            x_shift=_for_each(numbers(scaling.shift)),
            x_scale=_for_each(numbers(scaling.scale)),
            y_shift=float(scaling.y_shift),
            theta=numbers(update.theta),
            row_count=one.part.count,
            rows=rows,
            sums=numbers(one.sums),
            gradient=numbers(update.gradient),
            direction=numbers(update.direction),
            rate=float(update.length),
            unit=training.method.unit,
            new_theta=numbers(update.end),
            original_theta=numbers(original),
            one_by_one=SequentialFacts(numbers(late.gradient), _for_each(numbers(late.end[1:]))),
            own_rows=[list(row) for row in one.part.own],
            state=[*map(numbers, update.state)],
            new_state=[*map(numbers, update.new_state)],
            penalty=None if one.penalty is None else numbers(one.penalty),
            weight=None if training.table.weight is None else float(one.part.weight),
        )

    def require_whole(self, parameters: int, memory: int) -> None:
        """Raise UnfitError where a part is not as long as it must be."""
        points = [self.theta, self.sums, self.gradient, self.direction, self.new_theta]
        points += [] if self.penalty is None else [self.penalty]
        points += [self.original_theta, self.one_by_one.gradient, *self.state, *self.new_state]
        features = [self.x_shift, self.x_scale, self.one_by_one.theta1]
        points += [[0.0, *as_list(x)] for x in (*features, *(row.x for row in self.rows))]
        if any(len(point) != parameters for point in points):
            raise UnfitError(f"explained: there are not {parameters} parameters everywhere")
        if {len(self.state), len(self.new_state)} != {memory}:
            raise UnfitError(f"explained: the optimizer remembers {memory} vectors")
        own = self.own_rows
        if own and (len(own) != len(self.rows) or any(len(row) != parameters for row in own)):
            raise UnfitError("explained: own_rows are not those of rows")
