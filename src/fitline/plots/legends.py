"""Room for legends: on a small sheet there may be no place that no curve crosses."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend

MOST = 0.5
"""A legend that takes more of the height than this part gets no room of its own."""

BESIDE = 0.05
"""So much more of the height is left free below it."""


def make_room(figure: Figure) -> None:
    """Raise the upper end of each panel of curves whose legend covers a curve."""
    figure.draw_without_rendering()
    for axes in figure.axes:
        legend = axes.get_legend()
        if legend and _is_raisable(axes) and _covers(legend, axes):
            part = legend.get_window_extent().height / axes.bbox.height + BESIDE
            low, high = axes.get_ylim()
            if part <= MOST:
                axes.set_ylim(low, low + (high - low) / (1 - part))


def _is_raisable(axes: Axes) -> bool:
    return axes.get_yscale() == "linear" and not axes.collections


def _covers(legend: Legend, axes: Axes) -> bool:
    """Tell whether a curve of the panel crosses its legend."""
    box = legend.get_window_extent()
    curves = [line for line in axes.lines if line.get_linestyle() != "None"]
    paths = [curve.get_transform().transform_path(curve.get_path()) for curve in curves]
    return any(path.intersects_bbox(box, filled=False) for path in paths)
