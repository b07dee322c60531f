"""One fit for each group of the rows of a table, from one reading."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fitline.config import Config
from fitline.data import Progress, Table
from fitline.data.summing import read_groups
from fitline.optimize.iterate import Step
from fitline.optimize.moments import Moments
from fitline.training import Training, landscape_of, prepare


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


@dataclass(frozen=True, eq=False)
class Groups:
    """The moments of all rows together, and the fits of the groups."""

    moments: Moments
    fits: Sequence[GroupFit]


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
    return Groups(whole, fits)


def _fit(
    table: Table, config: Config, name: str, rows: int, found: Moments | str, *, trains: bool
) -> GroupFit:
    if isinstance(found, str):
        return GroupFit(name, rows, None, found)
    if not trains:
        return GroupFit(name, rows, found)
    training = prepare(table, landscape_of(table, found, config), config)
    return GroupFit(name, rows, found, None, training, training.last_step())
