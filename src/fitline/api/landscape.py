"""`fitline.landscape`: the cost over all parameters."""

from collections.abc import Sequence
from typing import Any, overload

import numpy as np

from fitline.config import Config
from fitline.data import Data
from fitline.errors import ConfigError
from fitline.landscapes.overview import Overview
from fitline.landscapes.plane import Others
from fitline.landscapes.projection import Projection
from fitline.landscapes.slices import cut, range_around
from fitline.landscapes.window import window
from fitline.results.landscape import LandscapeResult, SliceResult
from fitline.training import Training, landscape_of, moments_of, prepare
from fitline.vector import Vector

from .parameters import places_of, projection
from .tables import opened


@overload
def landscape(
    data: Data = None,
    y: Any = None,
    *,
    x: Any = None,
    config: Config | None = None,
    axes: Sequence[str] | None = None,
    others: Others | None = None,
    along: None = None,
    path: bool = False,
) -> LandscapeResult: ...


@overload
def landscape(
    data: Data = None,
    y: Any = None,
    *,
    x: Any = None,
    config: Config | None = None,
    axes: None = None,
    others: Others | None = None,
    along: str,
    path: bool = False,
) -> SliceResult: ...


def landscape(  # noqa: PLR0913 - a table, and what of it is looked at
    data: Data = None,
    y: Any = None,
    *,
    x: Any = None,
    config: Config | None = None,
    axes: Sequence[str] | None = None,
    others: Others | None = None,
    along: str | None = None,
    path: bool = False,
) -> LandscapeResult | SliceResult:
    """Look at the cost over two parameters, or `along` one, as `fitline landscape` does.

    `data`, `x` and `y` are those of `train`; `config` says how the table is read, by which cost
    it is looked at, and from where a `path` descends. With several features `axes` names two, and
    `others` says whether those that are not seen are at their best for each point, or fixed at the
    minimum. Raises DataError, ConfigError, and UsageError where a parameter cannot be drawn.

    >>> minimum, = landscape().points
    >>> minimum.theta, minimum.cost, landscape(along="theta1").minima[0].theta
    ([12000.0, 136.0], 20000000.0, [12000.0, 136.0])
    """
    if along is not None and (axes is not None or path):
        raise ConfigError("along: with axes or path it would be two pictures", column="along")
    with opened(data, x, y, config) as (table, own):
        looked_at = landscape_of(table, moments_of(table, own), own)
        if along is not None:
            (parameter,) = places_of(table, "--along", [along], 1)
            if table.features == 1 and own.intercept:
                seen, fixed = Projection.of(looked_at), looked_at.lowest.theta[1 - parameter]
                values = range_around(seen, parameter, fixed)
                return SliceResult.of(table, seen, cut(seen, parameter, fixed, values))
            seen = projection(looked_at, [parameter], others)
            return SliceResult.of(table, seen, cut(seen, 0, None, window(seen)[0]))
        places = None if axes is None else places_of(table, "--axes", axes)
        seen = projection(looked_at, places, others)
        training = prepare(table, looked_at, own) if path else None
        paths = _paths(training) if training else []
        shown = window(seen, [paths[0][0]] if len(paths) == 1 else [])
        return LandscapeResult.of(table, Overview(seen, shown, paths), training)


def _paths(training: Training) -> list[Vector]:
    """Descend from every start, and give the thetas on the way."""
    starts = map(training.starting_at, training.starts)
    return [np.array([step.theta for step in one.steps()]) for one in starts]
