"""How a training looks while it runs: the landscape, the line, and the cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.table import Table as Columns

from fitline.charts.heat_map import HeatMap, Mark, has_colours
from fitline.charts.history import history
from fitline.charts.scatter import agreement, scatter
from fitline.charts.text import Text
from fitline.formatting import number, theta_text
from fitline.landscape.projection import Projection
from fitline.landscape.window import window
from fitline.optimize.iterate import Step
from fitline.training import Training
from fitline.typing import Vector

from .landscape import END_SIGN, map_of
from .planes import others_text

SIDE_BY_SIDE = 70
"""From this width on the landscape and the line stand beside each other."""

WIDEST = 120

AXES = 4
"""The rows that the axes of a picture take."""

LOWEST, HIGHEST = 5, 16
"""A picture has so many rows without its axes."""

POINTS = 400
"""So many rows of the table are drawn."""


@dataclass(frozen=True, eq=False)
class Backdrop:
    """What stays the same while a training is watched; x (features, points) and y are to draw."""

    training: Training
    heat_map: HeatMap
    seen: Projection
    x: Vector
    y: Vector

    @classmethod
    def of(cls, training: Training) -> "Backdrop":
        """Read the points, and measure the landscape."""
        landscape = training.landscape
        x, y = training.table.sample(landscape.moments, POINTS, training.config.seed)
        seen = Projection.of(landscape)
        heat_map = map_of(training.table, seen, window(seen, [training.start]))
        remembered = replace(heat_map, level=_remembered(heat_map.level))
        return cls(training, remembered, seen, x, y)

    def scene(self, steps: Sequence[Step], keys: str = "") -> "Scene":
        """Give the picture after the last of these steps."""
        return Scene(self, steps, keys)


@dataclass(frozen=True, eq=False)
class Scene:
    """A moment of a training."""

    backdrop: Backdrop
    steps: Sequence[Step]
    keys: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw what fits into the terminal."""
        wide, rows = (
            min(options.max_width, WIDEST),
            console.height - len(("head", "keys", "cursor")),
        )
        yield self._head(wide)
        if self.backdrop.seen.others:
            yield Text(f"the map: {others_text(self.backdrop.seen)}", "dim", no_wrap=True)
            rows -= 1
        if wide >= SIDE_BY_SIDE:
            upper = _limited((rows - 2 * AXES) * 3 // 5)
            half = (wide - 2) // 2
            columns = Columns.grid(padding=(0, 2, 0, 0))
            columns.add_row(
                Group(*self._map(half, upper, console)), Group(*self._line(half, upper))
            )
            yield columns
            yield from self._cost(wide, _limited(rows - 2 * AXES - upper))
        else:
            pictures = 3 if rows >= 3 * (LOWEST + AXES) else 2
            height = _limited(rows // pictures - AXES)
            yield from self._map(wide, height, console)
            yield from self._line(wide, height)
            if pictures > 2:  # noqa: PLR2004 - there is room for a third one
                yield from self._cost(wide, height)
        if self.keys:
            yield Text(self.keys, "dim", no_wrap=True)

    def _head(self, wide: int) -> Text:
        """Say where the training stands, in one line; no number is cut."""
        step = self.steps[-1]
        words = [f"step {step.index:,}", theta_text(step.theta), f"cost {number(step.cost)}"]
        if len("  ".join(words)) > wide:
            del words[1]
        return Text("  ".join(words), "bold", no_wrap=True)

    def _map(self, wide: int, height: int, console: Console) -> list[Text]:
        heat_map = self.backdrop.heat_map
        path = self.backdrop.seen.project(np.array([step.theta for step in self.steps]))
        here = Mark(path[-1], END_SIGN)
        is_seen = heat_map.across.holds(path[-1][0]) and heat_map.up.holds(path[-1][1])
        marks = [here, *heat_map.marks] if is_seen else heat_map.marks
        drawn = replace(heat_map, paths=[path], marks=marks)
        return drawn.lines(wide, colour=has_colours(console), height=height)

    def _line(self, wide: int, height: int) -> list[Text]:
        *features, name = self.backdrop.training.table.labels
        x, y, theta = self.backdrop.x, self.backdrop.y, self.steps[-1].theta
        if len(features) > 1:
            return agreement(y, theta[0] + theta[1:] @ x, name, height).lines(wide)
        return scatter(x[0], y, theta, (features[0], name), height).lines(wide)

    def _cost(self, wide: int, height: int) -> list[Text]:
        indices, costs = [s.index for s in self.steps], [s.cost for s in self.steps]
        minimum = self.backdrop.training.landscape.lowest.cost
        return history(indices, costs, minimum, height).lines(wide)


def _limited(rows: int) -> int:
    return max(LOWEST, min(HIGHEST, rows))


def _remembered(level: Callable[[Vector], Vector]) -> Callable[[Vector], Vector]:
    """Measure the same points only once, for they are drawn in every picture."""
    known: dict[bytes, Vector] = {}

    def remembered(points: Vector) -> Vector:
        key = points.tobytes()
        if key not in known:
            known[key] = level(points)
        return known[key]

    return remembered
