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
from fitline.data import Table
from fitline.formatting import number, theta_text
from fitline.landscapes.overview import Overview
from fitline.optimize.iterate import Step
from fitline.results.planes import PlaneFacts
from fitline.vector import Vector

from .landscape import END_SIGN, map_of
from .planes import others_text

SIDE_BY_SIDE = 70
"""From this width on the landscape and the line stand beside each other."""

WIDEST = 120

AXES = 4
"""The rows that the axes of a picture take."""

LOWEST, HIGHEST = 5, 16
"""A picture has so many rows without its axes."""


@dataclass(frozen=True, eq=False)
class Backdrop:
    """What stays the same while a training is watched.

    The `labels` are those of the columns; x (features, points) and y are the rows to draw. Where
    `is_scaled` the map is not in the coordinates in which descent runs.
    """

    labels: Sequence[str]
    plane: PlaneFacts
    overview: Overview
    heat_map: HeatMap
    x: Vector
    y: Vector
    is_scaled: bool

    @classmethod
    def of(
        cls, table: Table, overview: Overview, x: Vector, y: Vector, *, is_scaled: bool
    ) -> "Backdrop":
        """Draw the landscape."""
        plane = PlaneFacts.of(table, overview.seen)
        heat_map = map_of(plane, overview)
        remembered = replace(heat_map, level=_remembered(heat_map.level))
        return cls(table.labels, plane, overview, remembered, x, y, is_scaled)

    def about_the_map(self, wide: int) -> str:
        """Say what the other parameters do on the map, and in which units it is, if that fits."""
        others = others_text(self.plane) if self.plane.others else ""
        units = "in the table's units; descent runs in scaled ones" if self.is_scaled else ""
        told = f"the map: {'; '.join(filter(None, [others, units]))}"
        if len(told) <= wide:
            return told if others or units else ""
        return f"the map: {others}" if others else ""

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
        if told := self.backdrop.about_the_map(wide):
            yield Text(told, "dim", no_wrap=True)
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
        path = self.backdrop.overview.seen.project(np.array([step.theta for step in self.steps]))
        here = Mark(path[-1], END_SIGN)
        is_seen = self.backdrop.overview.holds(path[-1])
        marks = [here, *heat_map.marks] if is_seen else heat_map.marks
        drawn = replace(heat_map, paths=[path], marks=marks)
        return drawn.lines(wide, colour=has_colours(console), height=height)

    def _line(self, wide: int, height: int) -> list[Text]:
        *features, name = self.backdrop.labels
        x, y, theta = self.backdrop.x, self.backdrop.y, self.steps[-1].theta
        if len(features) > 1:
            return agreement(y, theta[0] + theta[1:] @ x, name, height).lines(wide)
        return scatter(x[0], y, theta, (features[0], name), height).lines(wide)

    def _cost(self, wide: int, height: int) -> list[Text]:
        indices, costs = [s.index for s in self.steps], [s.cost for s in self.steps]
        minimum = self.backdrop.overview.seen.landscape.lowest.cost
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
