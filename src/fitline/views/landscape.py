"""How a landscape looks: from above, or cut along one parameter."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult

from fitline.charts.axis import Axis
from fitline.charts.chart import Chart
from fitline.charts.curve import SIGNS, curve
from fitline.charts.heat_map import RAMP, HeatMap, Mark, has_colours, swatch
from fitline.charts.text import Text
from fitline.data import Table
from fitline.formatting import TICK_DIGITS, brief, number, theta_text
from fitline.landscape.grid import survey
from fitline.landscape.landscape import DRAWN_ROWS, Landscape
from fitline.landscape.projection import Projection
from fitline.landscape.slices import Slice, best_for, points_along
from fitline.landscape.stationary import Kind, Stationary
from fitline.landscape.window import bands, window
from fitline.results import CostFacts, DataFacts, StationaryCounts
from fitline.typing import Vector

from .planes import columns_of, names_of, others_text, plane_document, plane_facts
from .report import SCHEMA, Block, Facts, Line, Picture, Sheet
from .shared import (
    KIND_NAMES,
    cost_name,
    point_document,
    points_document,
    scale_facts,
    shape_text,
    table_line,
)

KIND_SIGNS: dict[Kind, str] = {"global": "◆", "local": "◇", "saddle": "×", "maximum": "▲"}
START_SIGN, END_SIGN = "○", "●"

MOST_NAMED = 5
"""So many points of a kind are named; a very small scale makes hundreds."""

SURVEYED = 41
"""The bands are chosen by the costs at so many points along each parameter."""


@dataclass(frozen=True, eq=False)
class LandscapeReport:
    """A landscape from above, between the ends of two axes, with the runs of trainings.

    The `paths` are of whole thetas, of the shape (steps, 1 + features).
    """

    table: Table
    seen: Projection
    axes: Sequence[Vector]
    paths: Sequence[Vector] = ()

    @property
    def landscape(self) -> Landscape:
        """Give the whole landscape."""
        return self.seen.landscape

    def blocks(self) -> Sequence[Block]:
        """Give the map, its legend, and the points that have names."""
        heat_map = map_of(self.table, self.seen, self.axes, self.paths)
        return [
            facts_of(self.table, self.seen),
            Picture(heat_map),
            Legend(heat_map.bounds),
            Facts(self._points()),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        document = {
            **head_document(self.table, self.landscape),
            **plane_document(self.table, self.seen),
            "window": {
                f"theta{place}": _ends(axis)
                for place, axis in zip(self.seen.axes, self.axes, strict=True)
            },
            "minima": points_document(self.landscape.minima),
            "saddles": [point_document(point) for point in self.landscape.saddles],
            "maxima": [point_document(point) for point in self.landscape.maxima],
        }
        if self.paths:
            document["paths"] = [path.tolist() for path in self.paths]
        return document

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the cost of every cell."""
        across, up = self.axes
        cells = survey(self.seen.cost, across, up).cells()
        return columns_of(self.table, self.seen), cells.reshape(-1, 3).tolist()

    def _points(self) -> list[tuple[str, str]]:
        """Name the level points, and where the run began and ended."""
        facts = []
        for kind, sign in KIND_SIGNS.items():
            points = [point for point in self.landscape.stationary if point.kind == kind]
            for point in points[:MOST_NAMED]:
                place = f"{number(point.cost)} at {theta_text(point.theta)}"
                facts.append((f"{sign} {KIND_NAMES[kind]}", place))
            if len(points) > MOST_NAMED:
                more = len(points) - MOST_NAMED
                facts.append((f"{sign} {KIND_NAMES[kind]}", f"and {more:,} more"))
        if len(self.paths) == 1:
            facts.append((f"{START_SIGN} start", theta_text(self.paths[0][0])))
            facts.append((f"{END_SIGN} end", theta_text(self.paths[0][-1])))
        elif self.paths:
            seen = sum(self._holds(path[0]) for path in self.paths)
            facts.append(
                (f"{START_SIGN} starts", f"{len(self.paths):,}, {seen:,} of them in view")
            )
        return facts

    def _holds(self, theta: Vector) -> bool:
        """Tell whether a point lies on the map."""
        axes = zip(self.seen.project(theta), self.axes, strict=True)
        return all(axis[0] <= value <= axis[-1] for value, axis in axes)


@dataclass(frozen=True, eq=False)
class SliceReport:
    """The cost along one parameter: of a plane with one feature, else of all parameters."""

    table: Table
    seen: Projection
    slice: Slice

    def blocks(self) -> Sequence[Block]:
        """Give the curve, its stretches, and how the best value depends on the other one."""
        bottoms = [
            (KIND_SIGNS[point.kind], f"{number(point.cost)} at {theta_text(point.theta)}")
            for point in self._minima()
        ]
        lowest = ["lowest here", *["another valley"] * len(bottoms)]
        return [
            facts_of(self.table, self.seen),
            Line(f"The cost along {self._varied}, {self._while()}:"),
            Picture(self._curve()),
            self._stretches(),
            Facts(
                [(f"{s} {name}", text) for name, (s, text) in zip(lowest, bottoms, strict=False)]
            ),
            *self._best_blocks(),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON, with the stretches."""
        varied = f"theta{self.seen.axes[self.slice.parameter]}"
        return {
            **head_document(self.table, self.seen.landscape),
            **plane_document(self.table, self.seen),
            "along": varied,
            **self._fixed_document(),
            "window": {varied: _ends(self.slice.values)},
            "minima": points_document(self._minima()),
            "stretches": [
                {"from": stretch.start, "to": stretch.stop, "direction": stretch.direction}
                for stretch in self.slice.stretches
            ],
            **self._best_document(),
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the cost at every value."""
        header = (columns_of(self.table, self.seen)[self.slice.parameter], "cost")
        return header, zip(self.slice.values.tolist(), self.slice.cost.tolist(), strict=True)

    @property
    def _varied(self) -> str:
        return names_of(self.table, self.seen)[self.slice.parameter]

    def _while(self) -> str:
        """Say what the other parameters do meanwhile."""
        if self.slice.fixed is None:
            return others_text(self.seen)
        return f"while θ{1 - self.slice.parameter} stays {number(self.slice.fixed)}"

    def _minima(self) -> list[Stationary]:
        """Give the minima of the slice, with all their parameters."""
        embed = self.seen.plane.embed
        return [replace(point, theta=embed(point.theta)) for point in self.slice.minima]

    def _curve(self) -> Chart:
        varied, fixed = self.slice.parameter, self.slice.fixed

        def level(values: Vector) -> Vector:
            return self.seen.drawn.value(points_along(varied, fixed, values))

        return curve(
            level,
            _axis(self._varied, self.slice.values),
            self.slice.stretches,
            [(float(p.theta[varied]), KIND_SIGNS[p.kind]) for p in self.slice.minima],
        )

    def _stretches(self) -> Sheet:
        """Say where the cost falls and where it rises."""
        varied = f"θ{self.seen.axes[self.slice.parameter]}"
        rows = [
            (
                f"{SIGNS[stretch.direction]} {stretch.direction}",
                number(stretch.start),
                number(stretch.stop),
            )
            for stretch in self.slice.stretches
        ]
        return Sheet(("the cost", f"from {varied}", f"to {varied}"), rows)

    def _fixed_document(self) -> dict[str, Any]:
        """Name the other one of two parameters."""
        if self.slice.fixed is None:
            return {}
        return {"fixed": {f"theta{1 - self.slice.parameter}": self.slice.fixed}}

    def _best_document(self) -> dict[str, Any]:
        """Give the best values for a few of the other one of two parameters."""
        if self.slice.fixed is None:
            return {}
        return {"best": [point_document(point) for point in self._best(self.slice.fixed)]}

    def _best_blocks(self) -> list[Block]:
        """Tell how the best value depends on the other one of two parameters."""
        if self.slice.fixed is None:
            return []
        varied, fixed = self.slice.parameter, 1 - self.slice.parameter
        rows = [
            (number(p.theta[fixed]), number(p.theta[varied]), number(p.cost))
            for p in self._best(self.slice.fixed)
        ]
        return [
            Sheet((f"for θ{fixed}", f"best θ{varied}", "cost"), rows),
            Line(f"The best θ{varied} depends on θ{fixed}: so both must move together."),
        ]

    def _best(self, fixed: float) -> list[Stationary]:
        """Find the best value for a few of the other parameter's, chosen from the window."""
        varied = self.slice.parameter
        axis = window(self.seen)[1 - varied]
        others = np.unique([fixed, *axis[:: (len(axis) - 1) // 4]])
        found = [best_for(self.seen, varied, float(other)) for other in others]
        return [point for point in found if point is not None]


@dataclass(frozen=True)
class Legend:
    """What the bands of a map stand for."""

    bounds: Sequence[float]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw a swatch and the costs of every band, as many in a line as fit."""
        colour = has_colours(console)
        entries = [
            Text.assemble(swatch(band, colour=colour), f" {words}")
            for band, words in enumerate(self._words())
        ]
        wide = max(len(entry) for entry in entries) + 2
        columns = max(1, min(options.max_width, 80) // wide)
        yield Text("cost", "bold")
        for first in range(0, len(entries), columns):
            line = Text(no_wrap=True)
            for entry in entries[first : first + columns]:
                entry.pad_right(wide - len(entry))
                line.append(entry)
            yield line

    def markdown(self) -> str:
        """Write the legend as a list."""
        return "\n".join(f"- `{RAMP[band]}` {words}" for band, words in enumerate(self._words()))

    def _words(self) -> list[str]:
        ends = [brief(bound, TICK_DIGITS) for bound in self.bounds]
        between = [f"{low} to {high}" for low, high in pairwise(ends)]
        return [f"below {ends[0]}", *between, f"above {ends[-1]}"]


def facts_of(table: Table, seen: Projection) -> Facts:
    """Say what is looked at."""
    landscape = seen.landscape
    rows = landscape.moments.rows
    drawn = f"drawn from {DRAWN_ROWS:,} of the {rows:,} rows, taken at random"
    is_plane = len(seen.axes) > 1
    return Facts(
        [
            ("table", table_line(DataFacts.of(table, landscape.moments))),
            ("cost", cost_name(CostFacts.of(landscape))),
            *scale_facts(CostFacts.of(landscape)),
            ("shape", shape_text(StationaryCounts.of(landscape))),
            *(plane_facts(table, seen) if is_plane else []),
            *([("picture", drawn)] if landscape.is_sampled else []),
        ]
    )


def head_document(table: Table, landscape: Landscape) -> dict[str, Any]:
    """Say what is looked at, for programs."""
    return {
        "schema": SCHEMA,
        "command": "landscape",
        "data": asdict(DataFacts.of(table, landscape.moments)),
        "cost": CostFacts.of(landscape).document(),
    }


def map_of(
    table: Table, seen: Projection, axes: Sequence[Vector], paths: Sequence[Vector] = ()
) -> HeatMap:
    """Draw a landscape from above, with its level points and some runs of whole thetas."""
    across, up = map(_axis, names_of(table, seen), axes)
    grid = survey(
        seen.drawn,
        np.linspace(across.low, across.high, SURVEYED),
        np.linspace(up.low, up.high, SURVEYED),
    )
    tracks = [seen.project(path) for path in paths]
    marks = [Mark(point.theta, KIND_SIGNS[point.kind]) for point in seen.stationary]
    for track in tracks:
        marks += [Mark(track[-1], END_SIGN), Mark(track[0], START_SIGN)]
    visible = [m for m in marks if across.holds(m.theta[0]) and up.holds(m.theta[1])]
    bounds = bands(seen, grid.cost, len(RAMP))
    return HeatMap(seen.drawn.value, across, up, bounds, visible, tracks)


def _ends(values: Vector) -> list[float]:
    return [float(values[0]), float(values[-1])]


def _axis(name: str, values: Vector) -> Axis:
    return Axis(name, float(values[0]), float(values[-1]))
