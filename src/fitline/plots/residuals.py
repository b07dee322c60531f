"""What the fit misses: over the predictions, beside normal errors, and where rows pull hardest."""

from statistics import NormalDist

import numpy as np
from matplotlib.figure import FigureBase

from fitline.statistics.influence import leverages, residuals
from fitline.statistics.intervals import Uncertainty
from fitline.vector import Vector

from .line import draw_rows, widened
from .look import theme
from .scene import Scene
from .style import RED, ROOM, names, put_ticks

COOK = (0.5, 1.0)
"""Rows beyond these of Cook's distances change the fit by much (R. Cook and S. Weisberg, 1982)."""


def draw_residuals(figure: FigureBase, scene: Scene) -> None:
    """Draw the residual of every row over its prediction: around 0 everywhere, or not."""
    axes, name = figure.add_subplot(), names(scene)[-1]
    predictions, missed = _residuals(scene)
    ends = widened(predictions)
    axes.plot(ends, [0, 0], "--", color=theme().ink, linewidth=1.5, label="prediction = truth")
    draw_rows(axes, predictions, missed)
    if len(missed) >= FEWEST:
        near = _running_mean(predictions, missed, scene.weights)
        axes.plot(*near, color=theme().blue, linewidth=3, zorder=3, label="mean nearby")
    axes.set_xlim(*ends)
    axes.set_xlabel(f"predicted {name}")
    axes.set_ylabel(f"residual: {name} less its prediction")
    put_ticks(axes.xaxis, ROOM)
    put_ticks(axes.yaxis)
    axes.set_title("Residuals over predictions")
    axes.legend(loc="best")


def draw_qq(figure: FigureBase, scene: Scene) -> None:
    """Draw the residuals in order over those that normal errors would have."""
    axes = figure.add_subplot()
    counts, precisions = _counts_and_precisions(scene)
    missed = _residuals(scene)[1] * np.sqrt(precisions)
    order = np.argsort(missed)
    missed, times = missed[order], counts[order]
    spread = float(np.sqrt(np.average(np.square(missed), weights=times))) or 1.0
    ranks = (np.cumsum(times) - times / 2) / times.sum()
    normal = np.array([NormalDist().inv_cdf(rank) for rank in ranks])
    ends = widened(normal)
    axes.plot(ends, ends, "--", color=theme().ink, linewidth=1.5, label="normal errors")
    draw_rows(axes, normal, missed / spread)
    axes.set_xlim(*ends)
    axes.set_xlabel("quantile of the normal distribution")
    weighted = "" if scene.training.moments.are_counts else "weighted "
    axes.set_ylabel(f"{weighted}residual / RMSE, in order")
    put_ticks(axes.xaxis, ROOM)
    put_ticks(axes.yaxis)
    axes.set_title("Residuals beside normal errors (Q–Q)")
    axes.legend(loc="best")


def draw_leverage(figure: FigureBase, scene: Scene) -> None:
    """Draw the residual of every row, in standard errors, over the row's leverage."""
    axes, uncertainty = figure.add_subplot(), Uncertainty.of(scene.training.moments)
    if uncertainty is None:
        raise AssertionError("leverage takes more rows than parameters")
    moments, rows = scene.training.moments, np.vstack(scene.rows)
    leverage = np.clip(leverages(moments, uncertainty, rows, scene.weights), 0, 1)
    errors = uncertainty.deviation * np.sqrt(np.maximum(1 - leverage, np.finfo(float).eps))
    weighted = residuals(moments, rows) * np.sqrt(_counts_and_precisions(scene)[1])
    shown = weighted / np.where(errors > 0, errors, 1)
    draw_rows(axes, leverage, shown)
    parameters, ends = len(uncertainty.forms), widened(np.append(leverage, 0))
    inner = np.linspace(max(ends[1] / 500, 1e-9), min(ends[1], 1 - 1e-9), 400)
    low, high = widened(np.append(shown, 0))
    for cook, style in zip(COOK, (":", "--"), strict=True):
        bound = np.sqrt(cook * parameters * (1 - inner) / inner)
        if bound.min() > max(high, -low):
            continue
        for sign in (1, -1):
            label = f"Cook's distance {cook:g}" if sign > 0 else None
            axes.plot(inner, sign * bound, style, color=RED, linewidth=1.5, label=label)
    mean = parameters / moments.observations
    axes.axvline(mean, color=theme().muted, linewidth=1, label="mean leverage")
    axes.set_xlim(0, ends[1])
    axes.set_ylim(low, high)
    axes.set_xlabel("leverage: how much a row's own y contributes to its prediction")
    axes.set_ylabel("residual in standard errors")
    put_ticks(axes.xaxis, ROOM)
    put_ticks(axes.yaxis)
    axes.set_title("Residuals over leverage")
    axes.legend(loc="best")


def _residuals(scene: Scene) -> tuple[Vector, Vector]:
    """Give the predictions at the end of the run that is shown, and what they miss."""
    (x, y), theta = scene.rows, scene.descent.seen[-1].theta
    predictions: Vector = theta[0] + theta[1:] @ x
    return predictions, y - predictions


def _counts_and_precisions(scene: Scene) -> tuple[Vector, Vector]:
    """Tell of each row how many observations it is, and how precise each of them."""
    weights, ones = scene.weights, np.ones_like(scene.weights)
    return (weights, ones) if scene.training.moments.are_counts else (ones, weights)


FEWEST, NEARBY = 20, 15
"""Of no fewer rows than these so many parts, in the order of their predictions, have a mean of
their own."""


def _running_mean(x: Vector, y: Vector, weights: Vector) -> list[Vector]:
    order = np.array_split(np.argsort(x, kind="stable"), min(NEARBY, len(x) // 4))
    each = [[np.average(one[own], weights=weights[own]) for own in order] for one in (x, y)]
    return list(np.array(each))
