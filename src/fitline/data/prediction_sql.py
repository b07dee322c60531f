"""What is predicted for a row, as expressions of the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from fitline.statistics.intervals import FAR, Interval
from fitline.vector import Vector

from . import sql

if TYPE_CHECKING:
    from .formulas.tree import Formula

Y, GROUP = "y", "g"
"""What y is called in queries, and the place of a row's group."""


@dataclass(frozen=True, eq=False)
class PredictionSql:
    """What these parameters predict from features that are called x0, x1 and so on in queries.

    `theta` has the shape (parameters,), or that of (groups, parameters) where each group of rows
    has its own. `told` has formulas that are predicted by the name of the column that each tells.
    """

    theta: Vector
    told: "Mapping[str, Formula]"
    intervals: Sequence[Interval]
    has_y: bool

    @property
    def features(self) -> list[str]:
        """Give what the features are called in queries."""
        return [f"x{nth}" for nth in range(self.theta.shape[-1] - 1)]

    @property
    def group(self) -> list[str]:
        """Give what the place of a row's group is called in queries, where there are groups."""
        return [GROUP] if self.theta.ndim > 1 else []

    @property
    def needed(self) -> list[str]:
        """Give what the features are called in queries, and y and the group where there are."""
        return [*self.features, *([Y] if self.has_y else []), *self.group]

    @property
    def is_good(self) -> str:
        """Say that each feature of a row has a value, and y and the group where there are."""
        return f"{' + '.join(self.needed)} is not null"

    @property
    def largest(self) -> list[float]:
        """Give the largest size of each parameter."""
        sizes: list[float] = np.abs(np.atleast_2d(self.theta)).max(axis=0).tolist()
        return sizes

    @property
    def _of_group(self) -> dict[str, str]:
        """Give the parameters of a row's group, by what they are called in queries.

        They are one text for the engine, which it reads faster than many numbers.
        """
        if not self.group:
            return {}
        lists = (f"cast({sql.text(repr(own))} as double[])" for own in self.theta.T.tolist())
        place = f"[cast({GROUP} as bigint) + 1]"
        return {f"theta{nth}": f"{numbers}{place}" for nth, numbers in enumerate(lists)}

    @property
    def _prediction(self) -> str:
        own = [f"theta{nth}" for nth in range(self.theta.shape[-1])]
        return self._linear(own if self.group else _written(self.theta.tolist()))

    def _linear(self, form: Sequence[str], centre: Sequence[float] = (), unit: float = 1.0) -> str:
        """Give a sum of multiples of the features, or of how far from their centre they are."""
        by = f" / {sql.number(unit)}" if unit != 1 else ""
        features = [
            f"(({name} - {sql.number(middle)}){by})" if centre else name
            for name, middle in zip_longest(self.features, centre, fillvalue=0.0)
        ]
        slopes = zip(form[1:], features, strict=True)
        return " + ".join([form[0], *(f"{slope} * {feature}" for slope, feature in slopes)])

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
        for name, interval in self._halves.items():
            half = f"case when {sql.finite(name)} then {name} else {self._half(interval, FAR)} end"
            ends += [f"{self._prediction} - ({half})", f"{self._prediction} + ({half})"]
        return ends

    @property
    def _halves(self) -> dict[str, Interval]:
        """Give what half the width of each interval is called in queries, near the table."""
        return {f"half{nth}": interval for nth, interval in enumerate(self.intervals)}

    @property
    def computed_once(self) -> dict[str, str]:
        """Give what predictions are made of besides features, by what it is called in queries."""
        halves = {name: self._half(interval) for name, interval in self._halves.items()}
        return {**self._of_group, **halves}

    def _half(self, interval: Interval, unit: float = 1.0) -> str:
        """Give half the width of an interval, as `Interval` computes it in a unit."""
        known = interval.uncertainty
        rows = zip((known.offset / unit).tolist(), known.forms.tolist(), strict=True)
        leverage = [
            f"({self._linear(_written([offset, *form]), known.centre.tolist(), unit)}) ** 2"
            for offset, form in rows
        ]
        root = f"sqrt({' + '.join([sql.number(interval.own / unit / unit), *leverage])})"
        return f"{sql.number(interval.reach)} * {root} * {sql.number(unit)}"

    @property
    def are_finite(self) -> str:
        """Say that what is predicted are float64s; what a formula cannot tell is NULL."""
        return " and ".join(map(sql.finite, [self._prediction, *self._ends, *self._residual]))


def _written(numbers: Sequence[float]) -> list[str]:
    return [*map(sql.number, numbers)]
