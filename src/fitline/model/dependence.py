"""Features of which others tell all: where one does not hold to that, nothing is known of y."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fitline.formatting import number, sum_text

if TYPE_CHECKING:
    from fitline.optimize.algebra import Relation


@dataclass(frozen=True)
class Dependence:
    """A feature that is a sum of others in all rows: constant + Σ factor·feature."""

    feature: str
    constant: float
    equals: dict[str, float]

    @classmethod
    def of(
        cls, features: Sequence[str], dependent: "Mapping[int, Relation]"
    ) -> "list[Dependence]":
        """Tell of every such feature, by its place in theta."""
        names = ["", *features]
        found = []
        for place, relation in dependent.items():
            equals = {names[other]: factor for other, factor in relation.items() if other}
            found.append(cls(names[place], relation.get(0, 0.0), equals))
        return found

    @property
    def equation(self) -> str:
        """Write it in the table's own words.

        >>> Dependence("m2", 0.0, {"sqft": 0.09290304}).equation
        'm2 = 0.092903 × sqft'
        """
        terms = [(factor, name) for name, factor in self.equals.items()]
        told = sum_text(self.constant, terms) if terms else number(self.constant)
        return f"{self.feature} = {told}"
