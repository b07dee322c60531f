"""The filled contours under several pictures: which part of the landscape, and its marks."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.colors import BoundaryNorm
from matplotlib.contour import QuadContourSet
from matplotlib.ticker import FuncFormatter

from fitline.formatting import brief
from fitline.landscapes.grid import Grid, survey
from fitline.landscapes.plane import Surface
from fitline.landscapes.projection import Projection
from fitline.landscapes.stationary import Kind, Stationary
from fitline.landscapes.window import MINIMA_IN_VIEW, SADDLES_IN_VIEW, bands
from fitline.vector import Vector
from fitline.views.shared import KIND_NAMES

from .scene import Scene
from .style import BLACK, ORANGE, RED, SKY

POINTS = 161
RESIDUALS = 3e8
FEWEST_POINTS = 41
"""A robust cost takes every row for every cell; of a large table fewer cells are measured."""

BANDS = 16

PATH_PART = 0.55
"""A run takes about this part of the picture."""

MARKS: dict[Kind, tuple[str, str, int]] = {
    "global": ("*", RED, 24),
    "local": ("o", ORANGE, 13),
    "saddle": ("X", SKY, 12),
    "maximum": ("^", BLACK, 11),
}
"""The shape, the colour and the size of what marks a level point."""

Limits = tuple[tuple[float, float], tuple[float, float]]


def limits(scene: Scene) -> Limits:
    """Choose which parameters to show: all minima, and the run at a size that can be seen."""
    seen, path = scene.seen, scene.track(scene.descent)
    points = [*seen.minima[:MINIMA_IN_VIEW], *seen.saddles[:SADDLES_IN_VIEW]]
    held = np.array([*path, *(point.theta for point in points)])
    return around(held, seen.extents)


def around(held: Vector, bowl: Vector) -> Limits:
    """Frame parameters (…, 2) as a bowl of these extents is wide and high."""
    low, high = held.min(axis=0), held.max(axis=0)
    reach = float(np.max((high - low) / 2 / bowl)) or float(np.abs(high[0])) or 1.0
    corner, size = (low + high) / 2, bowl * reach / PATH_PART
    (left, bottom), (right, top) = (corner - size).tolist(), (corner + size).tolist()
    return (left, right), (bottom, top)


def measured(cost: Surface, shown: Limits, points: int = POINTS) -> Grid:
    """Measure a cost within limits, finely as long as that is quick."""
    if cost.held_rows:
        affordable = math.isqrt(int(RESIDUALS / cost.held_rows))
        points = max(FEWEST_POINTS, min(points, affordable))
    across, up = (np.linspace(*limit, points) for limit in shown)
    return survey(cost, across, up)


def levels(seen: Projection, grid: Grid) -> Vector:
    """Choose levels between which lie about equal areas, so that the floor is seen too."""
    costs = grid.cost[np.isfinite(grid.cost)]
    low, high = float(costs.min()), float(costs.max())
    inner = [level for level in bands(seen, costs, BANDS) if low < level < high]
    return np.array([low, *inner, high if high > low else low + 1.0])


def draw_filled_contours(axes: Axes, seen: Projection, grid: Grid) -> QuadContourSet:
    """Colour the ground by its height, with level lines; dark is low."""
    heights = levels(seen, grid)
    axes.grid(visible=False)
    ground = (grid.across, grid.up, grid.cost.T, heights)
    filled = axes.contourf(*ground, norm=BoundaryNorm(heights, 256), cmap="viridis")
    axes.contour(*ground, colors="white", linewidths=0.6, alpha=0.6)
    return filled


def colour_bar(axes: Axes, filled: QuadContourSet, label: str) -> Colorbar:
    """Explain the colours."""
    bar = axes.figure.colorbar(filled, ax=axes, spacing="uniform", pad=0.02, aspect=30)
    bar.ax.grid(visible=False)
    bar.set_label(label)
    bar.set_ticks(list(filled.levels)[1:-1:2], minor=False)
    bar.minorticks_off()
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: brief(value)))
    return bar


def mark(axes: Axes, points: Sequence[Stationary], shown: Limits) -> None:
    """Mark the minima, the saddles and the maxima within limits, in space at their heights."""
    for kind, (marker, colour, size) in MARKS.items():
        marked = [point for point in points if point.kind == kind and _is_in(point.theta, shown)]
        places = [(*point.theta, point.cost)[: 3 if axes.name == "3d" else 2] for point in marked]
        if places:
            axes.plot(
                *np.array(places).T,
                linestyle="none",
                marker=marker,
                markersize=size,
                markerfacecolor=colour,
                markeredgecolor="white",
                markeredgewidth=1.5,
                label=KIND_NAMES[kind],
                zorder=7,
            )


def _is_in(theta: Vector, shown: Limits) -> bool:
    return all(low <= value <= high for value, (low, high) in zip(theta, shown, strict=True))
