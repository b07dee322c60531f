"""The same landscape without and with scaling, in the coordinates that train."""

from dataclasses import replace
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from fitline.formatting import brief, count, number
from fitline.optimize.scaling import Kind
from fitline.training import Training, prepare

from .contour import draw_path, frame
from .filled_contours import Limits, around, draw_filled_contours, mark, measured
from .scene import Scene, curvature
from .style import HALF_ROOM, LABEL_WIDTH, names

STEPS = 100
LONGEST = 3.0
"""A landscape more times as long as wide than this is drawn with stretched axes."""

PLACES: dict[Kind, tuple[str, str]] = {
    "standard": ("at the mean {x}", "per deviation of {x}"),
    "minmax": ("at the smallest {x}", "over all {x}"),
    "none": ("at {x} = 0", "per {x}"),
}
"""What the parameters are, the height of the line somewhere and its rise along something."""


def draw_scaling(figure: FigureBase, scene: Scene) -> None:
    """Draw both landscapes, each with a run at its own best rate."""
    own = scene.training.config.scaling
    kinds: tuple[Kind, Kind] = ("none", "standard" if own == "none" else own)
    for axes, kind in zip(figure.subplots(1, 2), kinds, strict=True):
        _draw_scaled(axes, scene, kind)
    figure.suptitle(
        "The same table and the same start, without and with scaling", x=0.01, ha="left"
    )


def _draw_scaled(axes: Axes, scene: Scene, kind: Kind) -> None:
    training = rescaled(scene.training.starting_at(scene.start), kind)
    seen, steps = scene.seen.scaled(training.scaling), list(training.steps())
    path = seen.project(np.array([step.theta for step in steps]))
    held = [*path, *(point.theta for point in seen.minima)]
    shown = _squared(around(np.array(held), seen.extents))
    draw_filled_contours(axes, seen, measured(seen.cost, shown))
    mark(axes, seen.stationary, shown)
    draw_path(axes, path, shown)
    frame(axes, shown, HALF_ROOM)
    for axis, label in zip((axes.xaxis, axes.yaxis), _labels(scene, kind), strict=True):
        axis.set_label_text(label)
    axes.set_box_aspect(1)
    axes.set_title(
        f"scaling {kind}, condition number {number(curvature(training).condition_number, 3)}\n"
        f"rate {number(training.learning_rate, 3)}: cost {brief(steps[-1].cost)}"
        f" after {count(steps[-1].index, 'step')}"
    )


def _labels(scene: Scene, kind: Kind) -> list[str]:
    """Name the parameters in the coordinates that train."""
    *features, y = names(scene)
    height, along = PLACES[kind]
    x = features[0] if len(features) == 1 else "x"
    words = [height.format(x=x), *(along.format(x=feature) for feature in features)]
    return [fill(f"θ{place} ({y} {words[place]})", LABEL_WIDTH) for place in scene.seen.axes]


def _squared(shown: Limits) -> Limits:
    """Show as much of both parameters, unless the landscape is too narrow for that."""
    low, high = np.array(shown).T
    middle, half = (low + high) / 2, (high - low) / 2
    if half.max() < LONGEST * half.min():
        half[:] = half.max()
    (left, bottom), (right, top) = (middle - half).tolist(), (middle + half).tolist()
    return (left, right), (bottom, top)


def rescaled(training: Training, kind: Kind) -> Training:
    """Train in other coordinates, at the best rate there."""
    config = replace(training.config, scaling=kind, learning_rate="auto", steps=STEPS, starts=1)
    return prepare(training.table, training.landscape, config).starting_at(training.start)
