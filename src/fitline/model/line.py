"""A linear model of plain numbers, whose parameters were typed: it needs no array."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from fitline.errors import RangeError
from fitline.escaping import printable
from fitline.formatting import number
from fitline.reading import Reading

if TYPE_CHECKING:
    from fitline.data.formulas.tree import Formula


@dataclass(frozen=True)
class Line:
    """ŷ = θ0 + θ1·x1 + … + θp·xp, of columns that hold numbers; `theta` begins with θ0."""

    inputs: ClassVar[None] = None
    dates: ClassVar[Sequence[str]] = ()
    units: ClassVar[Mapping[str, str]] = {}
    formulas: ClassVar[Mapping[str, "Formula"]] = {}

    x: tuple[str, ...]
    theta: tuple[float, ...]
    y: str = "prediction"
    reading: Reading = field(default_factory=Reading)

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns that the features are made of."""
        return self.x

    @property
    def equation(self) -> str:
        """Write the line in the table's own words."""
        return equation(self.y, self.theta, self.x)

    def features(self, cells: Mapping[str, Sequence[Any]]) -> list[tuple[float, ...]]:
        """Give a row of features for each row of cells."""
        return [*zip(*(cells[name] for name in self.x), strict=True)]

    def predicted(self, rows: Sequence[Sequence[float]], _: Sequence[object]) -> list[list[float]]:
        """Predict y for every row. Raises RangeError where it is too large for a float64."""
        return [[self._predicted(row)] for row in rows]

    def _predicted(self, row: Sequence[float]) -> float:
        intercept, *slopes = self.theta
        found = intercept + sum(slope * x for slope, x in zip(slopes, row, strict=True))
        if not math.isfinite(found):
            raise RangeError.of(f"the prediction for {features_text(self.x, row)}")
        return found


def features_text(names: Sequence[str], row: Sequence[float]) -> str:
    """Write the features of a row.

    >>> features_text(["sqft", "beds"], [1500, 3])
    'sqft = 1,500, beds = 3'
    """
    return ", ".join(f"{name} = {number(value)}" for name, value in zip(names, row, strict=True))


def equation(
    y: str, theta: Sequence[float], factors: Sequence[str], *, intercept: bool = True
) -> str:
    """Write a model by what its slopes multiply; a slope that is NaN has no term.

    >>> equation("price", [12000.0, -136.5], ["sqft"])
    'price = 12,000 − 136.5 × sqft'
    """
    first, *slopes = theta
    terms = [number(first)] if intercept else []
    for factor, slope in zip(map(printable, factors), slopes, strict=True):
        if math.isnan(slope):
            continue
        if terms:
            terms += ["−" if slope < 0 else "+", f"{number(abs(slope))} × {factor}"]
        else:
            terms = [f"{number(slope)} × {factor}"]
    return f"{printable(y)} = {' '.join(terms)}"
