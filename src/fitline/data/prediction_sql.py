"""What is predicted for a row, as expressions of the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from fitline.statistics.intervals import FAR, Interval

from . import sql

if TYPE_CHECKING:
    from .formulas.tree import Formula

Y = "y"
"""What y is called in queries."""


@dataclass(frozen=True)
class PredictionSql:
    """What these parameters predict from features that are called x0, x1 and so on in queries.

    `told` has formulas that are predicted by the name of the column that each tells.
    """

    theta: Sequence[float]
    told: "Mapping[str, Formula]"
    intervals: Sequence[Interval]
    has_y: bool

    @property
    def features(self) -> list[str]:
        """Give what the features are called in queries."""
        return [f"x{nth}" for nth in range(len(self.theta) - 1)]

    @property
    def needed(self) -> list[str]:
        """Give what the features are called in queries, and y where there is one."""
        return [*self.features, *([Y] if self.has_y else [])]

    @property
    def is_good(self) -> str:
        """Say that each feature of a row has a value, and y where there is one."""
        return f"{' + '.join(self.needed)} is not null"

    @property
    def _prediction(self) -> str:
        return self._linear(self.theta)

    def _linear(
        self, form: Sequence[float], centre: Sequence[float] = (), unit: float = 1.0
    ) -> str:
        """Give a sum of multiples of the features, or of how far from their centre they are."""
        by = f" / {sql.number(unit)}" if unit != 1 else ""
        features = [
            f"(({name} - {sql.number(middle)}){by})" if centre else name
            for name, middle in zip_longest(self.features, centre, fillvalue=0.0)
        ]
        slopes = zip(form[1:], features, strict=True)
        terms = [f"{sql.number(slope)} * {feature}" for slope, feature in slopes]
        return " + ".join([sql.number(form[0]), *terms])

    @property
    def predicted(self) -> list[str]:
        """Give the prediction, the column that it tells, its intervals, and what it misses."""
        return [self._prediction, *self.columns_told, *self._ends, *self._residual]

    @property
    def columns_told(self) -> list[str]:
        """Give what the predictions of formulas tell, NULL where that is nothing."""
        return [formula.inverse_sql(self._prediction) for formula in self.told.values()]

    @property
    def _residual(self) -> list[str]:
        return [f"{Y} - ({self._prediction})"] if self.has_y else []

    @property
    def _ends(self) -> list[str]:
        ends = []
        for name, interval in self.halves.items():
            half = f"case when {sql.finite(name)} then {name} else {self.half(interval, FAR)} end"
            ends += [f"{self._prediction} - ({half})", f"{self._prediction} + ({half})"]
        return ends

    @property
    def halves(self) -> dict[str, Interval]:
        """Give what half the width of each interval is called in queries, near the table."""
        return {f"half{nth}": interval for nth, interval in enumerate(self.intervals)}

    def half(self, interval: Interval, unit: float = 1.0) -> str:
        """Give half the width of an interval, as `Interval` computes it in a unit."""
        known = interval.uncertainty
        rows = zip((known.offset / unit).tolist(), known.forms.tolist(), strict=True)
        leverage = [
            f"({self._linear([offset, *form], known.centre.tolist(), unit)}) ** 2"
            for offset, form in rows
        ]
        root = f"sqrt({' + '.join([sql.number(interval.own / unit / unit), *leverage])})"
        return f"{sql.number(interval.reach)} * {root} * {sql.number(unit)}"

    @property
    def are_finite(self) -> str:
        """Say that what is predicted are float64s; what a formula cannot tell is NULL."""
        return " and ".join(map(sql.finite, [self._prediction, *self._ends, *self._residual]))
