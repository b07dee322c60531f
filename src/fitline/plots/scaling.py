"""The same landscape without and with scaling, in the coordinates that train."""

from dataclasses import replace
from math import isclose, sqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from fitline.formatting import brief, count, number
from fitline.optimize.scaling import Kind
from fitline.optimize.squared_error import SquaredError
from fitline.training import Training, prepare

from .contour import draw_path, frame
from .filled_contours import Limits, around, draw_filled_contours, mark, measured
from .look import folded
from .scene import Scene, curvature
from .style import HALF_ROOM, HALF_TITLE, LABEL_WIDTH, names

STEPS = 100
LONGEST = 3.0
"""A landscape more times as long as wide than this is drawn with stretched axes."""

AS_DRAWN = 0.02
"""A valley is drawn to scale when it is no more than this part longer or shorter than it is."""

PLACES = {"standard": "mean", "minmax": "smallest"}
WIDTHS = {"standard": ("deviation", "root mean square"), "minmax": ("range", "largest size")}
"""Where in x the line's height is told, and what x is divided by, also without an intercept."""


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
    after = f"cost {brief(steps[-1].cost)} after {count(steps[-1].index, 'step')}"
    lines = (
        f"scaling {kind}, condition number {number(curvature(training).condition_number, 3)}",
        f"rate {number(training.learning_rate, 3)}: {after}",
        _scale_text(seen.bowl, shown),
    )
    axes.set_title("\n".join(folded(line, HALF_TITLE) for line in lines))


def _scale_text(bowl: SquaredError, shown: Limits) -> str:
    """Say how long the valley is beside its width, and how long it is drawn."""
    longer = sqrt(bowl.curvature.condition_number)
    stretches = np.linalg.svd(bowl.root * np.ptp(np.array(shown), axis=1), compute_uv=False)
    drawn = float(stretches[0] / stretches[-1])
    if isclose(longer, drawn, rel_tol=AS_DRAWN):
        return "drawn to scale"
    return f"not to scale: a valley {number(longer, 4)} : 1 is drawn {number(drawn, 2)} : 1"


def _labels(scene: Scene, kind: Kind) -> list[str]:
    """Name the parameters in the coordinates that train; those of scaled columns have a mark."""
    *features, y = names(scene)
    x = features[0] if len(features) == 1 else "x"
    if kind == "none":
        mark, words = "", [f"{y} at {x} = 0", *(f"{y} per {feature}" for feature in features)]
    else:
        width = WIDTHS[kind][0 if scene.training.config.intercept else 1]
        along = [f"{y} per {width} of {feature}" for feature in features]
        mark, words = "'", [f"{y} less its mean, at the {PLACES[kind]} {x}", *along]
    return [folded(f"θ{place}{mark} ({words[place]})", LABEL_WIDTH) for place in scene.seen.axes]


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
