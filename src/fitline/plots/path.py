"""The slopes over the weight of a penalty."""

import numpy as np
from matplotlib.figure import FigureBase

from fitline.formatting import brief, number
from fitline.landscapes.penalty_path import PenaltyPath, penalty_path
from fitline.optimize.penalty import Penalty

from .look import folded, theme
from .scene import Scene
from .style import (
    GREEN,
    ORANGE,
    PINK,
    RED,
    ROOM,
    TITLE_WIDTH,
    names,
    put_ticks,
)

LABEL_WIDTH = 50

TITLES = {
    "l1": "Lasso: the larger λ, the more slopes are 0",
    "l2": "Ridge: the larger λ, the smaller all slopes are",
}


def draw_path(figure: FigureBase, scene: Scene) -> None:
    """Draw the slope of every feature over the weight of the penalty."""
    axes, training = figure.add_subplot(), scene.training
    config = training.config
    asked = Penalty.of(config.l2, config.l1, config.scaling, training.moments)
    path = penalty_path(training.moments, asked)
    *features, y = names(scene)
    colours = theme().blue, ORANGE, GREEN, RED, PINK, theme().sky, theme().ink
    ranked = np.argsort(-np.abs(path.slopes).max(axis=1), kind="stable")
    for rank, place in enumerate(ranked.tolist()):
        colour = colours[rank] if rank < len(colours) else theme().muted
        label = features[place] if rank < len(colours) else None
        axes.plot(
            path.weights, path.slopes[place], color=colour, label=label, zorder=3 - rank / 99
        )
    if len(features) > len(colours):
        axes.plot([], [], color=theme().muted, label=f"{len(features) - len(colours)} more")
    axes.axhline(0, color=theme().ink, linewidth=1)
    if path.chosen:
        label = f"λ = {number(path.chosen)}"
        axes.axvline(path.chosen, color=theme().ink, linestyle="--", linewidth=1.5, label=label)
    axes.set_xscale("log")
    axes.set_xlim(path.weights[0], path.weights[-1])
    axes.set_xlabel(_weight_label(path, asked))
    axes.set_ylabel(folded(f"slope of the scaled feature, in {y}", LABEL_WIDTH))
    put_ticks(axes.xaxis, ROOM)
    put_ticks(axes.yaxis)
    axes.set_title(folded(TITLES[path.name], TITLE_WIDTH))
    axes.legend(loc="best")


def _weight_label(path: PenaltyPath, asked: Penalty) -> str:
    """Name the weight, and the other one that stays as it is."""
    theta = "θ" if asked.kind == "none" else "θ'"
    if path.name == "l2":
        return f"λ of the penalty λ·Σ {theta}²"
    ridge = f" (beside {brief(asked.l2)}·Σ {theta}²)" if asked.l2 else ""
    return f"λ of the penalty λ·Σ |{theta}|{ridge}"
