"""One fit for each group of the rows of a table, from one reading."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from fitline import __version__
from fitline.config import Config
from fitline.data import Progress, Table
from fitline.data.columns import place_of, typed_as
from fitline.data.summing import read_groups
from fitline.data.terms import LevelTerm
from fitline.model import GroupModels
from fitline.model.dependence import Dependence
from fitline.optimize.iterate import Step, StopReason
from fitline.optimize.moments import Moments
from fitline.training import Training, data_facts, landscape_of, prepare
from fitline.vector import Vector

OWN = ("learning_rate", "schedule", "theta", "theta0", "theta1")
"""Settings that each group may choose for itself."""


@dataclass(frozen=True, eq=False)
class GroupFit:
    """The rows of a group, with its training and last step where it was trained.

    A group without a line has but a `problem`.
    """

    name: str
    rows: int
    moments: Moments | None
    problem: str | None = None
    training: Training | None = None
    last: Step | None = None

    @property
    def has_diverged(self) -> bool:
        """Tell whether its parameters are of no use."""
        return self.last is not None and self.last.stop_reason is StopReason.DIVERGED


@dataclass(frozen=True, eq=False)
class Groups:
    """The moments of all rows together, and the fits of the groups."""

    table: Table
    moments: Moments
    fits: Sequence[GroupFit]

    @property
    def _usable(self) -> list[tuple[GroupFit, Training, Step]]:
        fits = ((fit, fit.training, fit.last) for fit in self.fits if not fit.has_diverged)
        return [(fit, training, last) for fit, training, last in fits if training and last]

    def save(self, path: str | Path) -> bool:
        """Write the models of all groups that have one, and tell whether there are any."""
        if not (usable := self._usable):
            return False
        (_, training, last), *_ = usable
        line, config = training.model(last.theta), training.config
        known = [(fit, training, _known(step, training)) for fit, training, step in usable]
        models = {
            fit.name: replace(line, theta=theta, dependent=_open(training, theta))
            for fit, training, theta in known
        }
        lacking = {fit.name: self._lacking(training) for fit, training, _ in usable}
        GroupModels(self._by, models, {name: own for name, own in lacking.items() if own}).save(
            path,
            {
                "fitline": __version__,
                "data": data_facts(self.table, self.moments),
                "config": asdict(training.resolved) | {own: asdict(config)[own] for own in OWN},
            },
        )
        return True

    def _lacking(self, training: Training) -> dict[str, list[str]]:
        """Give the levels of columns of text that no row of a group has, by what would be typed.

        The squares of the other levels add up to the weight of all rows where none has the base.
        """
        seconds, found = training.moments.seconds, {}
        for typed, (base, *_) in self.table.levels.items():
            lacking, total = [], Fraction(0)
            for place, term in enumerate(self.table.terms, start=1):
                if isinstance(term, LevelTerm) and term.typed == typed:
                    unit = Fraction(4) ** seconds.exponents[place] / 25 ** seconds.fives[place]
                    rows = seconds.matrix[place][place] * unit
                    total += rows
                    lacking += [] if rows else [self.table.levels[typed][term.level]]
            lacking = [base, *lacking] if total == seconds.weight else lacking
            if lacking:
                found[self._called(typed)] = lacking
        return found

    def _called(self, typed: str) -> str:
        """Give a column as it would be typed."""
        columns = self.table.parts[0].columns
        return typed_as(columns, place_of(columns, typed) or 0)

    @property
    def _by(self) -> str:
        """Give the column that tells groups apart, as it would be typed."""
        return self._called(self.table.grouping.term.typed if self.table.grouping else "")


def _known(step: Step, training: Training) -> Vector:
    """Give the parameters, NaN for features that are 0 in all rows, which nothing determines."""
    theta, moments = step.theta.copy(), training.moments
    is_0 = (moments.x_min == 0) & (moments.x_max == 0)
    for place in training.landscape.dependent:
        if is_0[place - 1]:
            theta[place] = np.nan
    return theta


def _open(training: Training, theta: Vector) -> list[Dependence]:
    """Tell of the features that depend on others, but need not in rows that may be predicted.

    The levels of one column do there, for each of them stands in a row of the group.
    """
    terms = dict(zip(training.table.columns, training.table.terms, strict=True))
    slopes = dict(zip(training.table.columns, theta[1:].tolist(), strict=False))

    def are_of_one_column(names: Iterable[str]) -> bool:
        own = {one.typed if isinstance(one := terms[name], LevelTerm) else None for name in names}
        return len(own) == 1 and None not in own

    return [
        one
        for one in training.dependent
        if not (math.isnan(slopes[one.feature]) or are_of_one_column([one.feature, *one.equals]))
    ]


def fit_groups(
    table: Table,
    config: Config,
    progress: Progress | None = None,
    fitted: Callable[[int], None] | None = None,
    *,
    trains: bool,
) -> Groups:
    """Read a table with a grouping, and fit each group exactly, or train it.

    It is told how many are `fitted`. Raises DataError where the table has no row that can be used.
    """
    with table.arithmetic(), table.explained():
        whole, found = read_groups(table, progress, intercept=config.intercept)
    grouping = table.grouping
    names = grouping.names if grouping else ()
    fits = []
    for name, (rows, moments) in zip(names, found, strict=True):
        fits.append(_fit(table, config, name, rows, moments, trains=trains))
        if fitted:
            fitted(len(fits))
    return Groups(table, whole, fits)


def _fit(
    table: Table, config: Config, name: str, rows: int, found: Moments | str, *, trains: bool
) -> GroupFit:
    if isinstance(found, str):
        return GroupFit(name, rows, None, found)
    if not trains:
        return GroupFit(name, rows, found)
    training = prepare(table, landscape_of(table, found, config), config)
    return GroupFit(name, rows, found, None, training, training.last_step())
