"""The same landscape without and with scaling, in the coordinates that train."""

from dataclasses import replace
from itertools import combinations
from math import isclose, sqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from fitline.formatting import brief, count, number
from fitline.landscapes.landscape import Landscape
from fitline.landscapes.projection import Projection, by_effect
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

NARROW = 6.0
"""With stretched axes a longer valley is still drawn about so many times as long as wide."""

MOST_FEATURES = 8
"""Of more features the pair to draw is chosen among those that matter most."""

AS_DRAWN = 0.02
"""A valley is drawn to scale when it is no more than this part longer or shorter than it is."""

PLACES = {"standard": "mean", "minmax": "smallest"}
WIDTHS = {
    "standard": ("standard deviation", "root mean square"),
    "minmax": ("range", "largest size"),
}
"""Where in x the line's height is told, and what x is divided by, also without an intercept."""


def draw_scaling(figure: FigureBase, scene: Scene) -> None:
    """Draw both landscapes, each with a run at its own best rate."""
    own = scene.training.config.scaling
    kinds: tuple[Kind, Kind] = ("none", "standard" if own == "none" else own)
    trainings = [rescaled(scene.training.starting_at(scene.start), kind) for kind in kinds]
    seen = [scene.seen.scaled(training.scaling) for training in trainings]
    narrow = max(NARROW, _longer(seen[-1].bowl))
    for axes, training, each in zip(figure.subplots(1, 2), trainings, seen, strict=True):
        _draw_scaled(axes, scene, training, each, narrow)
    figure.suptitle(
        "The same table and the same start, without and with scaling", x=0.01, ha="left"
    )


def contrasted(landscape: Landscape) -> Projection:
    """Choose the two parameters, of several features, whose valley is longest without scaling."""
    intercept = [0] if landscape.moments.has_intercept else []
    places = sorted([*intercept, *by_effect(landscape)[:MOST_FEATURES]])
    planes = [Projection.of(landscape, pair) for pair in combinations(places, 2)]
    return max(planes, key=lambda seen: seen.bowl.curvature.condition_number)


def _draw_scaled(
    axes: Axes, scene: Scene, training: Training, seen: Projection, narrow: float
) -> None:
    steps = list(training.steps())
    path = seen.project(np.array([step.theta for step in steps]))
    held = [*path, *(point.theta for point in seen.minima)]
    shown = _framed(around(np.array(held), seen.extents), seen.bowl, narrow)
    draw_filled_contours(axes, seen, measured(seen.cost, shown))
    mark(axes, seen.stationary, shown)
    draw_path(axes, path, shown)
    frame(axes, shown, HALF_ROOM)
    for axis, label in zip(
        (axes.xaxis, axes.yaxis), _labels(scene, seen, training.config.scaling), strict=True
    ):
        axis.set_label_text(label)
    axes.set_box_aspect(1)
    axes.set_anchor("W")
    after = f"cost {brief(steps[-1].cost)} after {count(steps[-1].index, 'step')}"
    lines = (
        f"scaling {training.config.scaling}, {_condition_text(training, seen)}",
        f"rate {number(training.learning_rate, 3)}: {after}",
        _scale_text(seen.bowl, shown),
    )
    told = "\n".join(lines).splitlines()
    axes.set_title("\n".join(folded(line, HALF_TITLE) for line in told))


def _condition_text(training: Training, seen: Projection) -> str:
    """Give the condition number of what is drawn, and where that is a plane that of the whole."""
    of_all = number(curvature(training).condition_number, 3)
    if not seen.others:
        return f"condition number {of_all}"
    of_two = number(seen.bowl.curvature.condition_number, 3)
    return f"condition number {of_two}\n(of all parameters {of_all})"


def _longer(bowl: SquaredError) -> float:
    """Give how many times as long as wide a valley is."""
    return sqrt(bowl.curvature.condition_number)


def _drawn(bowl: SquaredError, shown: Limits) -> float:
    """Give how many times as long as wide a valley is drawn in a square."""
    stretches = np.linalg.svd(bowl.root * np.ptp(np.array(shown), axis=1), compute_uv=False)
    return float(stretches[0] / stretches[-1])


def _scale_text(bowl: SquaredError, shown: Limits) -> str:
    """Say how long the valley is beside its width, and how long it is drawn."""
    longer, drawn = _longer(bowl), _drawn(bowl, shown)
    if isclose(longer, drawn, rel_tol=AS_DRAWN):
        return "drawn to scale"
    return f"not to scale: a valley {number(longer, 4)} : 1 is drawn {number(drawn, 2)} : 1"


def _labels(scene: Scene, seen: Projection, kind: Kind) -> list[str]:
    """Name the parameters in the coordinates that train; those of scaled columns have a mark."""
    *features, y = names(scene)
    x = features[0] if len(features) == 1 else "x"
    if kind == "none":
        mark, words = "", [f"{y} at {x} = 0", *(f"{y} per {feature}" for feature in features)]
    else:
        width = WIDTHS[kind][0 if scene.training.config.intercept else 1]
        along = [f"{y} per {width} of {feature}" for feature in features]
        mark, words = "'", [f"{y} minus its mean, at the {PLACES[kind]} {x}", *along]
    return [folded(f"θ{place}{mark} ({words[place]})", LABEL_WIDTH) for place in seen.axes]


def _framed(shown: Limits, bowl: SquaredError, narrow: float) -> Limits:
    """Show as much of both parameters, unless the landscape is too narrow for that.

    Then the axes are stretched, but a long valley stays one.
    """
    low, high = np.array(shown).T
    middle, half = (low + high) / 2, (high - low) / 2
    if half.max() < LONGEST * half.min():
        half[:] = half.max()
    elif _drawn(bowl, shown) < min(narrow, _longer(bowl)):
        half = np.minimum(half.max(), half * np.where(half < half.max(), narrow, 1))
    (left, bottom), (right, top) = (middle - half).tolist(), (middle + half).tolist()
    return (left, right), (bottom, top)


def rescaled(training: Training, kind: Kind) -> Training:
    """Train in other coordinates, at the best rate there."""
    config = replace(training.config, scaling=kind, learning_rate="auto", steps=STEPS, starts=1)
    return prepare(training.table, training.landscape, config).starting_at(training.start)
