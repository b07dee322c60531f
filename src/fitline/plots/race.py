"""Several trainings on one sheet: their runs on one landscape, and their costs by step."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import Normal, Stroke

from fitline.files.atomic import replacing
from fitline.results.set_up import SetUp
from fitline.training import Run
from fitline.views.coordinates import units_text

from . import cost
from .contour import frame
from .filled_contours import around, colour_bar, draw_filled_contours, mark, measured
from .look import theme
from .pictures import save
from .scene import Descent, Scene
from .style import (
    BLACK,
    GREEN,
    ORANGE,
    PINK,
    RED,
    SKY,
    caption,
    cost_label,
    excess_label,
    in_a_line,
    sheet,
    styled,
    theta_labels,
)


def write_race(runs: Mapping[str, Run], path: str | Path, format_: str) -> None:
    """Draw trainings, by their names, into a file, atomically."""
    scene = Scene(next(iter(runs.values())).training)
    descents = {name: Descent(run.steps) for name, run in runs.items()}
    with styled(large=True):
        figure = sheet(large=True)
        above, by_step = figure.subplots(1, 2)
        _draw_ground(above, scene, descents)
        _draw_excesses(by_step, scene, runs)
        words = caption(scene, rows_are_drawn=False, plane_is_drawn=True, units=_units(runs))
        figure.supxlabel(words, fontsize="small", color=theme().muted)
        with replacing(path) as unfinished:
            save(figure, unfinished, format_)


def _units(runs: Mapping[str, Run]) -> str | None:
    """Say how the map differs from what the runs see, each of them or all."""
    trainings = [run.training for run in runs.values()]
    if len({training.config.scaling for training in trainings}) == 1:
        return units_text(SetUp.of(trainings[0]))
    return "drawn in the table's units; each run descends in coordinates of its own"


def _colour(place: int) -> str:
    """Give the colour of a run."""
    colours = ORANGE, SKY, PINK, RED, GREEN, theme().blue, theme().muted, theme().ink
    return colours[place % len(colours)]


def _draw_ground(axes: Axes, scene: Scene, descents: Mapping[str, Descent]) -> None:
    """Draw the landscape from above, with every run in a colour of its own."""
    seen = scene.seen
    paths = [scene.track(descent) for descent in descents.values()]
    minima = [point.theta for point in seen.minima]
    shown = around(np.concatenate([*paths, np.array(minima)]), seen.extents)
    frame(axes, shown)
    for axis, label in zip((axes.xaxis, axes.yaxis), theta_labels(scene), strict=True):
        axis.set_label_text(label)
    filled = draw_filled_contours(axes, seen, measured(seen.drawn, shown))
    colour_bar(axes, filled, cost_label(scene))
    mark(axes, seen.stationary, shown)
    for place, path in enumerate(paths):
        colour = _colour(place)
        outline = [Stroke(linewidth=4.5, foreground="white"), Normal()]
        axes.plot(*path.T, color=colour, linewidth=2.5, path_effects=outline, zorder=4)
    axes.plot(*paths[0][0], marker="s", markersize=11, color="white", markeredgecolor=BLACK)
    axes.set_title("The runs, from above")


def _draw_excesses(axes: Axes, scene: Scene, runs: Mapping[str, Run]) -> None:
    """Draw how far every run is above the minimum of its own cost, by its steps."""
    shown = []
    for place, (name, run) in enumerate(runs.items()):
        seen = Descent(run.steps).seen
        steps = [step.index for step in seen]
        heights = np.array([run.training.excess(step) for step in seen])
        colour = _colour(place)
        axes.plot(steps, heights, color=colour, linewidth=2.5, label=in_a_line(name))
        shown.append(heights)
    cost.frame(axes, np.concatenate(shown), excess_label(scene))
    axes.set_title("The excess cost by step")
    axes.legend(loc="best")
