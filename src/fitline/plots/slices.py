"""The landscape cut open along each parameter, through the start."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from fitline.formatting import brief
from fitline.landscapes.grid import measured
from fitline.landscapes.slices import best_for
from fitline.landscapes.stationary import Stationary
from fitline.landscapes.window import MINIMA_IN_VIEW, window
from fitline.vector import Vector

from .look import folded, theme
from .scene import Scene
from .style import GREEN, HALF_ROOM, HALF_TITLE, RED, cost_label, put_ticks, theta_labels

POINTS = 201
MARGIN = 0.35
TANGENT_PART = 0.22
"""The tangent goes to either side by this part of the picture."""


def draw_slices(figure: FigureBase, scene: Scene) -> None:
    """Draw the cost along each parameter, its tangent at the start, and its lowest value."""
    panels = figure.subplots(1, 2)
    for place, (axes, label) in enumerate(zip(panels, theta_labels(scene), strict=True)):
        _draw_slice(axes, scene, place)
        axes.set_xlabel(label)
        axes.set_ylabel(cost_label(scene))
        put_ticks(axes.xaxis, HALF_ROOM)
        put_ticks(axes.yaxis)
    where = " from the start" if scene.is_line else ""
    figure.suptitle(f"Which way is downhill{where}, one parameter at a time", x=0.01, ha="left")


def _draw_slice(axes: Axes, scene: Scene, place: int) -> None:
    ground, start = scene.seen.cost, scene.seen.project(scene.start)
    varied, other = (f"θ{axis}" for axis in (scene.seen.axes[place], scene.seen.axes[1 - place]))
    here, fixed = float(start[place]), float(start[1 - place])
    cost, slope = float(ground.value(start)), float(ground.gradient(start)[place])
    best = best_for(scene.seen, place, fixed)
    low, high = _range(scene, place, best)
    values = np.linspace(low, high, POINTS)
    axes.plot(values, measured(ground, through(start, place, values)), color=theme().blue)
    reach = TANGENT_PART * (high - low) * np.array([-1.0, 1.0])
    axes.plot(here + reach, cost + slope * reach, color=RED, label=f"slope {brief(slope)}")
    spot: dict[str, Any] = {"linestyle": "none", "markeredgecolor": theme().ink}
    label = f"start, {varied} = {brief(here)}"
    axes.plot(here, cost, marker="s", color=RED, markersize=12, label=label, **spot)
    if best:
        at = float(best.theta[place])
        label = f"lowest here, {varied} = {brief(at)}"
        axes.plot(at, best.cost, marker="*", color=GREEN, markersize=22, label=label, **spot)
    axes.set_title(folded(f"{varied} changes, {other} stays {brief(fixed)}", HALF_TITLE))
    axes.legend(loc="best")


def through(start: Vector, place: int, values: Vector) -> Vector:
    """Give the parameters at which one of them has other values, in the shape (values, 2)."""
    thetas = np.tile(start, (len(values), 1))
    thetas[:, place] = values
    return thetas


def _range(scene: Scene, place: int, best: Stationary | None) -> tuple[float, float]:
    """Choose a range that holds the start, all minima, and the lowest value of the slice."""
    seen, start = scene.seen, scene.seen.project(scene.start)
    points = [*seen.minima[:MINIMA_IN_VIEW], *([best] if best else [])]
    held = [start[place], *(point.theta[place] for point in points)]
    low, high = float(min(held)), float(max(held))
    if low == high:
        axis = window(seen)[place]
        return float(axis[0]), float(axis[-1])
    margin = MARGIN * (high - low)
    return low - margin, high + margin
