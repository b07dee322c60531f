"""What is predicted over what is true, with what one feature adds to it."""

import numpy as np
from matplotlib.figure import FigureBase

from fitline.formatting import brief
from fitline.landscapes.added_variable import added_variable
from fitline.landscapes.projection import by_effect
from fitline.vector import Vector

from .animation import Motion
from .line import draw_rows, told_cost, widened
from .look import folded, theme
from .scene import Scene
from .style import ROOM, TITLE_WIDTH, ended, names, put_ticks

LABEL_WIDTH = 60


def draw_predicted(figure: FigureBase, scene: Scene) -> Motion:
    """Draw the prediction of every row over its true value, and where both are equal."""
    axes = figure.add_subplot()
    (x, y), name = scene.rows, names(scene)[-1]
    shown = _predictions(scene.descent.seen[-1].theta, x)
    ends = widened(y)
    axes.set_xlim(*ends)
    low, high = widened(np.concatenate([y, shown]))
    reach = ends[1] - ends[0]
    axes.set_ylim(max(low, ends[0] - reach), min(high, ends[1] + reach))
    axes.set_xlabel(name)
    axes.set_ylabel(f"predicted {name}")
    put_ticks(axes.xaxis, ROOM)
    put_ticks(axes.yaxis)
    axes.plot(ends, ends, "--", color=theme().ink, linewidth=1.5, label="prediction = truth")
    rows = draw_rows(axes, y, y)
    title = axes.set_title("")

    def show(place: int) -> None:
        step = scene.descent.seen[place]
        rows.set_ydata(_predictions(step.theta, x))
        words = f"step {step.index:,}: {told_cost(scene, step)}"
        title.set_text(f"{words}\n{ended(scene)}" if scene.descent.diverged else words)

    show(len(scene.descent.seen) - 1)
    axes.legend(loc="best")
    return Motion([rows, title], show)


def _predictions(theta: Vector, x: Vector) -> Vector:
    predictions: Vector = theta[0] + theta[1:] @ x
    return predictions


def draw_added(figure: FigureBase, scene: Scene) -> None:
    """Draw y over one feature, all others taken away from both: its slope is the parameter."""
    axes, moments = figure.add_subplot(), scene.training.moments
    place = scene.feature or by_effect(scene.training.landscape)[0]
    *features, name = names(scene)
    x, y = added_variable(moments, place, *scene.rows)
    ends, slope = widened(x), float(moments.fit.theta[place])
    draw_rows(axes, x, y)
    label = f"slope θ{place} = {brief(slope)}"
    axes.plot(ends, slope * ends, color=theme().blue, linewidth=4, zorder=3, label=label)
    rest, told = "the other features", "less what the other features explain"
    if scene.is_line:
        rest, told = "the intercept", "less its mean"
    axes.set_xlim(*ends)
    axes.set_ylim(*widened(y))
    axes.set_xlabel(folded(f"{features[place - 1]}, {told}", LABEL_WIDTH))
    axes.set_ylabel(folded(f"{name}, {told}", LABEL_WIDTH))
    put_ticks(axes.xaxis, ROOM)
    put_ticks(axes.yaxis)
    axes.set_title(folded(f"What {features[place - 1]} adds to {rest}", TITLE_WIDTH))
    axes.legend(loc="best")
