"""The line over the data, with what it still misses, and where it came from."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D

from fitline.formatting import brief, count, number
from fitline.optimize.iterate import Step
from fitline.results.train import quality
from fitline.vector import Vector

from .animation import Motion
from .look import folded, theme
from .scene import Scene, apart
from .style import RED, ROOM, TITLE_WIDTH, ended, equation, names, put_ticks

EARLIER = 7

FEW, SOME, MANY = 30, 100, 500
"""Few rows have thick residuals, some have thin ones, more have none; many are pale."""

MARGIN = 0.06


def draw_line(figure: FigureBase, scene: Scene) -> Motion:
    """Draw the rows, the line that was fitted, the exact one, and some on the way."""
    axes = figure.add_subplot()
    (x,), y = scene.rows
    ends = widened(x)
    _frame(axes, scene, ends)
    draw_rows(axes, x, y)
    width = 3.0 if len(x) <= FEW else 0.8
    residuals = LineCollection([], colors=RED, linewidths=width, zorder=2.4, label="residuals")
    if len(x) <= SOME:
        axes.add_collection(residuals, autolim=False)
    earlier = _draw_earlier(axes, scene, ends)
    (line,) = axes.plot([], [], color=theme().blue, linewidth=4, label="the line")
    best = scene.training.landscape.lowest.theta
    axes.plot(
        ends, heights(best, ends), "--", color=theme().ink, linewidth=1.5, label="exact minimum"
    )
    title = axes.set_title("")

    def show(place: int) -> None:
        step = scene.descent.seen[place]
        line.set_data(ends, heights(step.theta, ends))
        segments = np.stack([x, y, x, heights(step.theta, x)], axis=-1)
        residuals.set_segments(list(segments.reshape(-1, 2, 2)))
        for own, passed in earlier.items():
            passed.set_visible(own < place)
        title.set_text(_title(scene, step))

    show(len(scene.descent.seen) - 1)
    axes.legend(loc="best")
    return Motion([*earlier.values(), residuals, line, title], show)


def heights(theta: Vector, x: Vector) -> Vector:
    """Give the line's y at every x."""
    along: Vector = theta[0] + theta[1] * x
    return along


def widened(values: Vector) -> Vector:
    """Give the range of values, and a little more on either side."""
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low or abs(high) or 1.0)
    return np.array([low - margin, high + margin])


def _frame(axes: Axes, scene: Scene, ends: Vector) -> None:
    """Show all rows, and of the lines what lies among them."""
    _, y = scene.rows
    axes.set_xlim(*ends)
    axes.set_ylim(*widened(y))
    x_name, y_name = names(scene)
    axes.set_xlabel(x_name)
    axes.set_ylabel(y_name)
    put_ticks(axes.xaxis, ROOM)
    put_ticks(axes.yaxis)


def draw_rows(axes: Axes, x: Vector, y: Vector) -> Line2D:
    """Draw the rows as points, paler where they are many."""
    many = len(x) > MANY
    (rows,) = axes.plot(
        x,
        y,
        linestyle="none",
        zorder=2.3 if many else 2.5,
        marker="o",
        markersize=4 if many else 9 if len(x) <= FEW else 6,
        markeredgewidth=0,
        color=theme().muted if many else theme().ink,
        alpha=0.35 if many else 1,
        rasterized=many,
        label=count(len(x), "row"),
    )
    return rows


def _draw_earlier(axes: Axes, scene: Scene, ends: Vector) -> dict[int, Line2D]:
    """Draw some lines on the way, the earlier the paler; they are named by their places."""
    seen = scene.descent.seen
    places = apart(scene.standard_path, EARLIER)[:-1]
    steps = ", ".join(f"{seen[place].index:,}" for place in places)
    lines = {}
    for order, place in enumerate(places, start=1):
        (lines[place],) = axes.plot(
            ends,
            heights(seen[place].theta, ends),
            color=theme().blue,
            alpha=0.15 + 0.45 * order / len(places),
            label=f"after {steps} steps" if order == len(places) else None,
        )
    return lines


def _title(scene: Scene, step: Step) -> str:
    """Say how far the run has come, and how good the line is."""
    line = folded(f"step {step.index:,}: {equation(scene, step.theta)}", TITLE_WIDTH)
    return f"{line}\n{ended(scene) if scene.descent.diverged else told_cost(scene, step)}"


def told_cost(scene: Scene, step: Step) -> str:
    """Write the cost, the RMSE and R²."""
    rmse, r2 = quality(scene.training.moments, step.theta)
    told = [f"cost {brief(step.cost)}"]
    told += [f"RMSE {brief(rmse)}"] if rmse is not None else []
    told += [f"R² {number(r2, 3)}"] if r2 is not None else []
    return ", ".join(told)
