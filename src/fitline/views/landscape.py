"""How a landscape looks: from above, or cut along one parameter."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
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
from fitline.landscape.slices import Slice, best_for
from fitline.landscape.stationary import Kind, Stationary
from fitline.landscape.window import bands, window
from fitline.results import CostFacts, DataFacts, Relief
from fitline.typing import Vector

from .report import SCHEMA, Block, Facts, Line, Picture, Sheet
from .shared import (
    KIND_NAMES,
    cost_name,
    point_document,
    points_document,
    relief_text,
    scale_facts,
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
    """A landscape from above, between the ends of two axes, with the runs of trainings."""

    table: Table
    landscape: Landscape
    theta0: Vector
    theta1: Vector
    paths: Sequence[Vector] = ()

    def blocks(self) -> Sequence[Block]:
        """Give the map, its legend, and the points that have names."""
        heat_map = map_of(self.landscape, self.theta0, self.theta1, self.paths)
        return [
            facts_of(self.table, self.landscape),
            Picture(heat_map),
            Legend(heat_map.bounds),
            Facts(self._points()),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        document = {
            **head_document(self.table, self.landscape),
            "window": {"theta0": _ends(self.theta0), "theta1": _ends(self.theta1)},
            "minima": points_document(self.landscape.minima),
            "saddles": [point_document(point) for point in self.landscape.saddles],
            "maxima": [point_document(point) for point in self.landscape.maxima],
        }
        if self.paths:
            document["paths"] = [path.tolist() for path in self.paths]
        return document

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the cost of every cell."""
        cells = survey(self.landscape.cost, self.theta0, self.theta1).cells()
        return ("theta0", "theta1", "cost"), cells.reshape(-1, 3).tolist()

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
        axes = zip(theta, (self.theta0, self.theta1), strict=True)
        return all(axis[0] <= value <= axis[-1] for value, axis in axes)


@dataclass(frozen=True, eq=False)
class SliceReport:
    """The cost along one parameter, the other one being fixed."""

    table: Table
    landscape: Landscape
    slice: Slice

    def blocks(self) -> Sequence[Block]:
        """Give the curve, its stretches, and how the best value depends on the other one."""
        varied, fixed = _names(self.slice)
        bottoms = [
            (KIND_SIGNS[point.kind], f"{number(point.cost)} at {theta_text(point.theta)}")
            for point in self.slice.minima
        ]
        lowest = ["lowest here", *["another valley"] * len(bottoms)]
        return [
            facts_of(self.table, self.landscape),
            Line(f"The cost along {varied}, while {fixed} stays {number(self.slice.fixed)}:"),
            Picture(self._curve()),
            self._stretches(),
            Facts(
                [(f"{s} {name}", text) for name, (s, text) in zip(lowest, bottoms, strict=False)]
            ),
            self._best_sheet(),
            Line(f"The best {varied} depends on {fixed}: so both must move together."),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON, with the stretches."""
        varied, fixed = (f"theta{place}" for place in self._places())
        return {
            **head_document(self.table, self.landscape),
            "along": varied,
            "fixed": {fixed: self.slice.fixed},
            "window": {varied: _ends(self.slice.values)},
            "minima": points_document(self.slice.minima),
            "stretches": [
                {"from": stretch.start, "to": stretch.stop, "direction": stretch.direction}
                for stretch in self.slice.stretches
            ],
            "best": [
                {"theta": point.theta.tolist(), "cost": point.cost} for point in self._best()
            ],
        }

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the cost at every value."""
        header = (f"theta{self.slice.parameter}", "cost")
        return header, zip(self.slice.values.tolist(), self.slice.cost.tolist(), strict=True)

    def _places(self) -> tuple[int, int]:
        return self.slice.parameter, 1 - self.slice.parameter

    def _curve(self) -> Chart:
        varied, _ = self._places()

        def level(values: Vector) -> Vector:
            points = np.full((len(values), 2), self.slice.fixed)
            points[:, varied] = values
            return self.landscape.drawn.value(points)

        return curve(
            level,
            _axis(f"θ{varied}", self.slice.values),
            self.slice.stretches,
            [(float(p.theta[varied]), KIND_SIGNS[p.kind]) for p in self.slice.minima],
        )

    def _stretches(self) -> Sheet:
        """Say where the cost falls and where it rises."""
        varied, _ = _names(self.slice)
        rows = [
            (
                f"{SIGNS[stretch.direction]} {stretch.direction}",
                number(stretch.start),
                number(stretch.stop),
            )
            for stretch in self.slice.stretches
        ]
        return Sheet(("the cost", f"from {varied}", f"to {varied}"), rows)

    def _best(self) -> list[Stationary]:
        """Find the best value for a few of the other parameter's."""
        varied, fixed = self._places()
        others = np.unique([self.slice.fixed, *self._others(fixed)])
        found = [best_for(self.landscape, varied, float(other)) for other in others]
        return [point for point in found if point is not None]

    def _others(self, place: int) -> Vector:
        """Choose a few values of the parameter that was fixed, from the window."""
        axis = window(self.landscape)[place]
        return axis[:: (len(axis) - 1) // 4]

    def _best_sheet(self) -> Sheet:
        varied, fixed = self._places()
        rows = [
            (number(p.theta[fixed]), number(p.theta[varied]), number(p.cost)) for p in self._best()
        ]
        return Sheet((f"for θ{fixed}", f"best θ{varied}", "cost"), rows)


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


def facts_of(table: Table, landscape: Landscape) -> Facts:
    """Say what is looked at."""
    rows = landscape.moments.rows
    drawn = f"drawn from {DRAWN_ROWS:,} of the {rows:,} rows, taken at random"
    return Facts(
        [
            ("table", table_line(DataFacts.of(table, landscape.moments))),
            ("cost", cost_name(CostFacts.of(landscape))),
            *scale_facts(CostFacts.of(landscape)),
            ("shape", relief_text(Relief.of(landscape))),
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
    landscape: Landscape, theta0: Vector, theta1: Vector, paths: Sequence[Vector] = ()
) -> HeatMap:
    """Draw a landscape from above, with its level points and some runs."""
    across, up = _axis("θ0", theta0), _axis("θ1", theta1)
    grid = survey(
        landscape.drawn,
        np.linspace(across.low, across.high, SURVEYED),
        np.linspace(up.low, up.high, SURVEYED),
    )
    marks = [Mark(point.theta, KIND_SIGNS[point.kind]) for point in landscape.stationary]
    for path in paths:
        marks += [Mark(path[-1], END_SIGN), Mark(path[0], START_SIGN)]
    seen = [m for m in marks if across.holds(m.theta[0]) and up.holds(m.theta[1])]
    bounds = bands(landscape, grid.cost, len(RAMP))
    return HeatMap(landscape.drawn.value, across, up, bounds, seen, paths)


def _ends(values: Vector) -> list[float]:
    return [float(values[0]), float(values[-1])]


def _axis(name: str, values: Vector) -> Axis:
    return Axis(name, float(values[0]), float(values[-1]))


def _names(slice_: Slice) -> tuple[str, str]:
    """Name the parameter that varies, and the one that is fixed."""
    return f"θ{slice_.parameter}", f"θ{1 - slice_.parameter}"
