"""The picture `contour`: the landscape from above, with every run over it."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import Normal, Stroke

from fitline.landscapes.stationary import Kind
from fitline.optimize.iterate import Step
from fitline.vector import Vector

from .animation import Motion
from .filled_contours import (
    MARKS,
    Limits,
    colour_bar,
    draw_filled_contours,
    limits,
    mark,
    measured,
)
from .scene import Scene, apart
from .style import BLACK, GREY, ORANGE, ROOM, cost_label, progress, put_ticks, theta_labels

ARROWS = 7
SHORTEST = 0.035
"""An arrow is at least this part of the picture long."""

SPOTS = 50
"""So many steps of a run can be told apart, and are marked."""


def draw_contour(figure: FigureBase, scene: Scene) -> Motion:
    """Draw the ground, the level points, the runs, and which way is downhill."""
    axes, shown = figure.add_subplot(), limits(scene)
    frame(axes, shown)
    for axis, label in zip((axes.xaxis, axes.yaxis), theta_labels(scene), strict=True):
        axis.set_label_text(label)
    filled = draw_filled_contours(axes, scene.seen, measured(scene.seen.cost, shown))
    colour_bar(axes, filled, cost_label(scene))
    mark(axes, scene.seen.stationary, shown)
    draw_others(axes, scene)
    motion = draw_path(axes, scene.track(scene.descent), shown)
    title = axes.set_title("")

    def show(place: int) -> None:
        motion.show(place)
        title.set_text(_title(scene, scene.descent.seen[place]))

    show(len(scene.descent.seen) - 1)
    axes.legend(loc="best")
    return Motion([*motion.artists, title], show)


def frame(axes: Axes, shown: Limits, room: int = ROOM) -> None:
    """Choose what is seen."""
    axes.set_xlim(*shown[0])
    axes.set_ylim(*shown[1])
    put_ticks(axes.xaxis, room)
    put_ticks(axes.yaxis)


def draw_path(axes: Axes, path: Vector, shown: Limits) -> Motion:
    """Draw a run with its start, where it stands, and arrows in the directions of its moves."""
    spots = apart(path / np.ptp(np.array(shown), axis=1), SPOTS)
    (line,) = axes.plot(
        [],
        [],
        color="white",
        linewidth=2,
        marker="o",
        markersize=6,
        markeredgecolor=BLACK,
        label="descent",
        path_effects=[Stroke(linewidth=4, foreground=BLACK), Normal()],
        zorder=4,
    )
    style: dict[str, Any] = {"linestyle": "none", "color": "white", "markeredgecolor": BLACK}
    axes.plot(*path[0], marker="s", markersize=11, label="start", zorder=4, **style)
    (here,) = axes.plot([], [], marker="o", markersize=8, zorder=6, **style)
    arrows = _draw_arrows(axes, path, shown)

    def show(place: int) -> None:
        line.set_data(*path[: place + 1].T)
        line.set_markevery([spot for spot in spots if spot <= place])
        here.set_data(*path[place : place + 1].T)
        for own, arrow in arrows.items():
            arrow.set_visible(own < place)

    show(len(path) - 1)
    return Motion([line, *arrows.values(), here], show)


def _draw_arrows(axes: Axes, path: Vector, shown: Limits) -> dict[int, FancyArrowPatch]:
    """Draw some moves, each from where it was made; they are named by their places."""
    size = np.ptp(np.array(shown), axis=1)
    arrows = {}
    for place in apart(path / size, ARROWS)[:-1]:
        here, there = path[place : place + 2]
        length = float(np.linalg.norm((there - here) / size))
        tip = here + (there - here) * max(1.0, SHORTEST / length if length else 1.0)
        arrows[place] = FancyArrowPatch(
            tuple(here),
            tuple(tip),
            arrowstyle="-|>",
            mutation_scale=26,
            color=ORANGE,
            linewidth=2.5,
            shrinkA=0,
            shrinkB=0,
            zorder=4.5,
        )
        axes.add_patch(arrows[place])
    return arrows


def draw_others(axes: Axes, scene: Scene) -> None:
    """Draw the runs from other starts, each in the colour of the minimum that it reached."""
    for descent in scene.descents:
        if descent is not scene.descent:
            kind = scene.reached(descent)
            colour = MARKS[kind][1] if kind else GREY
            outline = [Stroke(linewidth=3.5, foreground="white"), Normal()]
            path = scene.track(descent)
            axes.plot(*path.T, color=colour, linewidth=2, path_effects=outline, zorder=3)
            axes.plot(
                *path[0],
                marker="s",
                markersize=7,
                color=colour,
                markeredgecolor="white",
                zorder=3,
            )


def _title(scene: Scene, step: Step) -> str:
    """Say how far the run has come, or where those from several starts ended."""
    if len(scene.descents) == 1:
        return progress(scene, step)
    kinds = [scene.reached(descent) for descent in scene.descents]
    ends = [f"{kinds.count(kind):,} reach {name}" for kind, name in ENDS.items() if kind in kinds]
    return f"{len(kinds):,} starts: {', '.join(ends)}"


ENDS: dict[Kind | None, str] = {
    "global": "the global minimum",
    "local": "a local minimum",
    None: "no minimum",
}
