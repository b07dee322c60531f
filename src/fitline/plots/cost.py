"""The excess cost by step: of the training, and of several learning rates.

On a logarithmic axis plain descent makes it a straight line; its slope is the rate of convergence.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from fitline.formatting import brief, count, number
from fitline.optimize.costs import Curvature
from fitline.optimize.iterate import Step, StopReason
from fitline.vector import Vector

from .animation import Motion
from .look import folded, theme
from .scene import STEPS, Scene, curvature, keep
from .style import (
    GREEN,
    ORANGE,
    RED,
    ROOM,
    TITLE_WIDTH,
    cost_label,
    ended,
    excess_label,
    put_ticks,
)

MARGIN = 0.07
"""This part of the axis of costs is left free at either end."""

FEW = 60
TRIED_STEPS = 50
HIGHEST = 1e3
"""A rate that diverges is shown until its cost is so many times that of the start."""


def draw_cost(figure: FigureBase, scene: Scene) -> Motion:
    """Draw the excess cost by step, or where rows are held out the cost of both parts."""
    axes, descent = figure.add_subplot(), scene.descent
    went_back = descent.last.stop_reason is StopReason.EARLY
    walked = descent.steps[:-1] if went_back else descent.steps
    steps = np.array([step.index for step in walked])
    unseen = np.array(
        [step.validation_cost for step in walked if step.validation_cost is not None]
    )
    height = _cost if len(unseen) else scene.training.excess
    heights = np.array([height(step) for step in walked])
    marker = "o" if len(steps) <= FEW else ""
    axes.plot(steps, heights, color=theme().blue, marker=marker, label="the training")
    if len(unseen):
        axes.plot(steps, unseen, color=ORANGE, marker=marker, label="the rows held out")
        _draw_minimum(axes, scene)
        axes.legend(loc="best")
    (here,) = axes.plot(
        [], [], marker="o", markersize=12, color=theme().blue, markeredgecolor=theme().paper
    )
    label = cost_label(scene) if len(unseen) else excess_label(scene)
    frame(axes, np.concatenate([heights, unseen]), label)
    title = axes.set_title("")

    def show(place: int) -> None:
        step = descent.last if place == len(descent.seen) - 1 else descent.seen[place]
        here.set_data([step.index], [height(step)])
        title.set_text(_title(scene, step))

    show(len(descent.seen) - 1)
    return Motion([here, title], show)


def _cost(step: Step) -> float:
    return step.cost


def _title(scene: Scene, step: Step) -> str:
    """Say how far the run has come, and at last how it ended."""
    if step is scene.descent.last:
        return folded(f"cost {brief(step.cost)}: {ended(scene)}", TITLE_WIDTH)
    return f"cost {brief(step.cost)} after {count(step.index, 'step')}"


def _draw_minimum(axes: Axes, scene: Scene) -> None:
    """Draw the cost of the exact minimum, dashed, where a logarithm has a place for it."""
    least = scene.training.landscape.lowest.cost
    if least > 0:
        label = f"exact minimum, {brief(least)}"
        axes.axhline(least, color=theme().ink, linestyle="--", linewidth=1.5, label=label)
    else:
        axes.plot([], [], " ", label="the exact minimum is 0: the line fits every row")


def frame(axes: Axes, heights: Vector, label: str) -> None:
    """Make the axis of costs, or how far they are above the minimum, logarithmic above 0."""
    axes.set_xlabel("step")
    axes.set_ylabel(label)
    put_ticks(axes.xaxis, ROOM, whole=True)
    heights = heights[np.isfinite(heights) & (heights > 0)]
    if not len(heights):
        return
    low, high = float(heights.min()), float(heights.max())
    axes.set_yscale("log", nonpositive="mask")
    free = (high / low) ** MARGIN if high > low else 2.0
    axes.set_ylim(low / free, high * free)
    put_ticks(axes.yaxis)


def draw_rates(figure: FigureBase, scene: Scene) -> None:
    """Draw the excess cost by step at learning rates that the curvature tells."""
    axes, training = figure.add_subplot(), scene.training.starting_at(scene.start)
    start = float(training.landscape.excess(scene.start))
    shown = [np.array([start])]
    colours = ORANGE, GREEN, theme().blue, RED
    words = WORDS if training.landscape.is_quadratic else BOUNDED_WORDS
    config = replace(training.config, steps=TRIED_STEPS, tolerance=0.0)
    for rate, word, colour in zip(rates(curvature(training)), words, colours, strict=True):
        steps = keep(replace(training, config=config).at_rate(rate).steps(), STEPS)
        heights = np.array([training.excess(step) for step in steps])
        axes.plot(
            range(len(heights)),
            heights,
            "o-",
            markersize=5,
            color=colour,
            label=f"rate {number(rate, 3)} {word}",
        )
        shown.append(heights[heights <= HIGHEST * start])
    frame(axes, np.concatenate(shown), excess_label(scene))
    _draw_to_the_minimum(axes)
    axes.set_title(f"Four learning rates, scaling {training.config.scaling}")
    axes.legend(loc="best")


def _draw_to_the_minimum(axes: Axes) -> None:
    """End a curve that comes to an excess of 0, which has no logarithm, at the bottom."""
    bottom, _ = axes.get_ylim()
    for curve in [*axes.lines] if axes.get_yscale() == "log" else []:
        steps, heights = np.array(curve.get_data())
        for place in np.flatnonzero(heights == 0)[:1]:
            curve.set_data(steps[: place + 1], [*heights[:place], bottom])
            curve.set_label(f"{curve.get_label()}: excess 0 after {count(place, 'step')}")
            style: dict[str, Any] = {
                "marker": "v",
                "markersize": 13,
                "clip_on": False,
                "zorder": 3,
            }
            axes.plot(steps[place], bottom, color=curve.get_color(), **style)


WORDS = ("is slow", "is good", "oscillates", "diverges")
BOUNDED_WORDS = ("is slow", "is good", "is nearly too large", "may step over")
"""What the rates do; the slope of a robust cost has a bound, so that no rate blows it up."""


def rates(bowl: Curvature) -> tuple[float, ...]:
    """Choose a rate of each sort."""
    stable = bowl.largest_stable_rate
    return bowl.best_rate / 30, stable / 2, 0.95 * stable, 1.1 * stable
