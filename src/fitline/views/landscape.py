"""How a landscape looks: from above, or cut along one parameter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult

from fitline.charts.axis import Axis
from fitline.charts.chart import Chart
from fitline.charts.curve import SIGNS, curve
from fitline.charts.heat_map import RAMP, HeatMap, Mark, has_colours, swatch
from fitline.charts.text import Text
from fitline.formatting import TICK_DIGITS, brief, number, theta_text
from fitline.landscapes.landscape import DRAWN_ROWS
from fitline.landscapes.overview import Overview
from fitline.landscapes.stationary import Kind
from fitline.results.landscape import LandscapeResult, LookedAt, SliceResult
from fitline.results.planes import PlaneFacts
from fitline.vector import Vector

from .coordinates import units_text
from .planes import columns_of, names_of, others_text, plane_facts
from .report import Block, Facts, Line, Picture, Sheet
from .shared import KIND_NAMES, cost_name, place_text, scale_facts, shape_text, table_line, written

KIND_SIGNS: dict[Kind, str] = {"global": "◆", "local": "◇", "saddle": "×", "maximum": "▲"}
START_SIGN, END_SIGN = "○", "●"

MOST_NAMED = 5
"""So many points of a kind are named; a very small scale makes hundreds."""


@dataclass(frozen=True, eq=False)
class LandscapeReport:
    """A landscape from above, with the runs of trainings."""

    result: LandscapeResult

    def blocks(self) -> Sequence[Block]:
        """Give the map, its legend, and the points that have names."""
        looked_at = self.result.looked_at
        heat_map = map_of(looked_at.plane, self.result.overview)
        return [
            facts_of(looked_at),
            Picture(heat_map),
            Legend(heat_map.bounds),
            Facts([*self._points(), *self._runs()]),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the cost of every cell."""
        cells = self.result.overview.grid().cells()
        return columns_of(self.result.looked_at.plane), cells.reshape(-1, 3).tolist()

    def _points(self) -> Iterable[tuple[str, str]]:
        """Name the stationary points."""
        for kind, sign in KIND_SIGNS.items():
            points = [point for point in self.result.points if point.kind == kind]
            for point in points[:MOST_NAMED]:
                yield f"{sign} {KIND_NAMES[kind]}", place_text(point)
            if len(points) > MOST_NAMED:
                yield f"{sign} {KIND_NAMES[kind]}", f"and {len(points) - MOST_NAMED:,} more"

    def _runs(self) -> Iterable[tuple[str, str]]:
        """Say where the run began and ended, or of several how many begin in view."""
        overview = self.result.overview
        if len(overview.paths) == 1:
            (path,) = overview.paths
            yield f"{START_SIGN} start", theta_text(path[0])
            yield f"{END_SIGN} end", theta_text(path[-1])
        elif overview.paths:
            seen = sum(overview.holds(track[0]) for track in overview.tracks)
            yield f"{START_SIGN} starts", f"{len(overview.paths):,}, {seen:,} of them in view"
        if self.result.before and (units := units_text(self.result.before)):
            yield "units", units


@dataclass(frozen=True, eq=False)
class SliceReport:
    """The cost along one parameter: of a plane with one feature, else of all parameters."""

    result: SliceResult

    def blocks(self) -> Sequence[Block]:
        """Give the curve, its stretches, and how the best value depends on the other one."""
        names = ["lowest here", *["another valley"] * len(self.result.minima)]
        bottoms = [
            (f"{KIND_SIGNS[point.kind]} {name}", place_text(point))
            for name, point in zip(names, self.result.minima, strict=False)
        ]
        return [
            facts_of(self.result.looked_at),
            Line(f"The cost along {', '.join(filter(None, [self._varied, self._while()]))}:"),
            Picture(self._curve()),
            self._stretches(),
            Facts(bottoms),
            *self._best_blocks(),
        ]

    def document(self) -> dict[str, Any]:
        """Give the contract's JSON, with the stretches."""
        return self.result.document()

    def records(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Give the cost at every value."""
        cut = self.result.slice
        header = (columns_of(self._plane)[cut.parameter], "cost")
        return header, zip(cut.values.tolist(), cut.cost.tolist(), strict=True)

    @property
    def _plane(self) -> PlaneFacts:
        return self.result.looked_at.plane

    @property
    def _varied(self) -> str:
        return names_of(self._plane)[self.result.slice.parameter]

    def _while(self) -> str:
        """Say what the other parameters do meanwhile."""
        cut = self.result.slice
        if cut.fixed is None:
            return others_text(self._plane)
        return f"while θ{1 - cut.parameter} stays {number(cut.fixed)}"

    def _curve(self) -> Chart:
        cut = self.result.slice
        return curve(
            self.result.level,
            _axis(self._varied, cut.values),
            cut.stretches,
            [(float(p.theta[cut.parameter]), KIND_SIGNS[p.kind]) for p in cut.minima],
        )

    def _stretches(self) -> Sheet:
        """Say where the cost falls and where it rises."""
        cut = self.result.slice
        varied = f"θ{self._plane.places[cut.parameter]}"
        rows = [
            (
                f"{SIGNS[stretch.direction]} {stretch.direction}",
                number(stretch.start),
                number(stretch.stop),
            )
            for stretch in cut.stretches
        ]
        return Sheet(("the cost", f"from {varied}", f"to {varied}"), rows)

    def _best_blocks(self) -> list[Block]:
        """Tell how the best value depends on the other one of two parameters."""
        cut = self.result.slice
        if cut.fixed is None:
            return []
        varied, fixed = cut.parameter, 1 - cut.parameter
        rows = [
            (written(p.theta[fixed]), written(p.theta[varied]), written(p.cost))
            for p in self.result.best
        ]
        return [
            Sheet((f"for θ{fixed}", f"best θ{varied}", "cost"), rows),
            Line(f"The best θ{varied} depends on θ{fixed}: so both must move together."),
        ]


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
        if not len(self.bounds):
            return ["the same everywhere here, to the last digit"]
        ends = [brief(bound, TICK_DIGITS) for bound in self.bounds]
        between = [f"{low} to {high}" for low, high in pairwise(ends)]
        return [f"below {ends[0]}", *between, f"above {ends[-1]}"]


def facts_of(looked_at: LookedAt) -> Facts:
    """Say what is looked at."""
    data, cost = looked_at.data, looked_at.cost_function
    drawn = f"drawn from {DRAWN_ROWS:,} of the {data.observations:,} rows, taken at random"
    is_plane = len(looked_at.plane.axes) > 1
    return Facts(
        [
            ("table", table_line(data)),
            ("cost", cost_name(cost)),
            *scale_facts(cost),
            ("shape", shape_text(looked_at.counts)),
            *(plane_facts(looked_at.plane) if is_plane else []),
            *([("picture", drawn)] if looked_at.is_sampled else []),
        ]
    )


def map_of(plane: PlaneFacts, overview: Overview) -> HeatMap:
    """Draw a landscape from above, with its stationary points and the runs."""
    seen, tracks = overview.seen, overview.tracks
    across, up = map(_axis, names_of(plane), overview.axes)
    marks = [Mark(point.theta, KIND_SIGNS[point.kind]) for point in seen.stationary]
    for track in tracks:
        marks += [Mark(track[-1], END_SIGN), Mark(track[0], START_SIGN)]
    visible = [mark for mark in marks if overview.holds(mark.theta)]
    bounds = overview.bounds(len(RAMP))
    return HeatMap(seen.drawn.value, across, up, bounds, visible, tracks)


def _axis(name: str, values: Vector) -> Axis:
    return Axis(name, float(values[0]), float(values[-1]))
