"""The landscape in three dimensions, with the run over it."""

from typing import Any

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.figure import FigureBase
from matplotlib.patheffects import Normal, Stroke

from fitline.landscapes.grid import Grid
from fitline.landscapes.projection import Projection
from fitline.vector import Vector

from .animation import Motion
from .filled_contours import Limits, levels, limits, mark, measured
from .look import shrunk, theme
from .scene import Scene, apart
from .style import HALF_ROOM, UPRIGHT, cost_label, progress, put_ticks, theta_labels

POINTS, SPOTS, LABEL_PAD = 81, 50, 22

HIGH, FROM_RIGHT, FROM_LEFT = 45, -35, -145
"""From where one looks along the valley, which runs down where the mean of x is above 0."""


def draw_surface(figure: FigureBase, scene: Scene) -> Motion:
    """Draw the ground, the level points, and the run."""
    axes = figure.add_subplot(projection="3d", computed_zorder=False)
    seen, shown = scene.seen, limits(scene)
    axes.view_init(HIGH, FROM_RIGHT if seen.bowl.mixing[0, 1] > 0 else FROM_LEFT)
    axes.set_box_aspect((1.2, 1.2, 0.85), zoom=0.86)
    _draw_ground(axes, seen, measured(seen.cost, shown, POINTS))
    motion = _draw_path(axes, seen, scene.track(scene.descent), shown)
    mark(axes, seen.stationary, shown)
    labels = (*theta_labels(scene), cost_label(scene))
    for axis, label in zip((axes.xaxis, axes.yaxis, axes.zaxis), labels, strict=True):
        axis.set_label_text(label)
        axis.labelpad = shrunk(LABEL_PAD)
        put_ticks(axis, UPRIGHT if axis is axes.zaxis else HALF_ROOM)
    title = axes.set_title("")

    def show(place: int) -> None:
        motion.show(place)
        title.set_text(progress(scene, scene.descent.seen[place]))

    show(len(scene.descent.seen) - 1)
    axes.legend(loc="upper right")
    return Motion([*motion.artists, title], show)


def _draw_ground(axes: Any, seen: Projection, grid: Grid) -> None:
    """Draw the surface with level lines on it."""
    ground = (*np.meshgrid(grid.across, grid.up, indexing="ij"), grid.cost)
    axes.plot_surface(
        *ground,
        cmap="viridis",
        norm=PowerNorm(0.4),
        rcount=POINTS,
        ccount=POINTS,
        linewidth=0,
        antialiased=False,
        rasterized=True,
    )
    heights = levels(seen, grid)
    axes.contour(*ground, heights, colors="white", linewidths=0.8, zorder=1.5)


def _draw_path(axes: Any, seen: Projection, path: Vector, shown: Limits) -> Motion:
    """Draw a run at the height of the ground."""
    track = np.column_stack([path, seen.cost.value(path)])
    spots = apart(path / np.ptp(np.array(shown), axis=1), SPOTS)
    (line,) = axes.plot(
        *track.T,
        color=theme().ink,
        path_effects=[Stroke(linewidth=5, foreground=theme().paper), Normal()],
        linewidth=3,
        marker="o",
        markersize=7,
        label="descent",
        zorder=4,
    )

    def show(place: int) -> None:
        line.set_data_3d(*track[: place + 1].T)
        line.set_markevery([spot for spot in spots if spot <= place])

    return Motion([line], show)
