"""What all pictures have in common: colours, letters, numbers, words and the sheet itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from io import BytesIO
from logging import ERROR, getLogger
from pathlib import Path
from typing import Any, Final
from warnings import catch_warnings, simplefilter

import numpy as np
from matplotlib import style
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import get_font_names
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from fitline.charts.ticks import logarithmic_ticks, ticks
from fitline.escaping import printable
from fitline.formatting import TICK_DIGITS, brief, count, number, shortened
from fitline.model import LinearModel
from fitline.optimize.iterate import Step, StopReason
from fitline.results.facts import CostFacts, DataFacts
from fitline.results.planes import PlaneFacts
from fitline.vector import Vector
from fitline.views.planes import others_text
from fitline.views.shared import KIND_NAMES, cost_name, table_line

from .look import AS_USUAL, Drawn, Look, drawn, folded, room
from .scene import ROWS, Scene

BLACK, GREY = "#000000", "#6b6b6b"
ORANGE, SKY, GREEN, RED, PINK = "#E69F00", "#56B4E9", "#009E73", "#D55E00", "#CC79A7"
"""Colours that colour-blind people can tell apart (M. Okabe and K. Ito, 2008)."""

FONTS = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "WenQuanYi Zen Hei",
    "Arial Unicode MS",
    "Microsoft YaHei",
)
"""The first comes with matplotlib; what it lacks is looked for in the others, where they are."""

STYLE: Final[dict[str, Any]] = {
    # One that is not there would be looked for again with every text.
    "font.family": [name for name in FONTS if name in get_font_names()],
    "font.size": 15,
    "axes.titlesize": 17,
    "figure.titlesize": 19,
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "legend.fontsize": 13,
    "legend.framealpha": 0.9,
    "lines.linewidth": 2.5,
    "text.parse_math": False,
    "svg.hashsalt": "fitline",
}

ROOM, HALF_ROOM, UPRIGHT = 60, 26, 1000
"""So many characters fit beside one another below a picture, below one of two, and beside it."""

MOST_TICKS, MOST_LOGARITHMIC, FEWEST_TICKS, BETWEEN = 8, 10, 2, 2


LABEL_WIDTH, TITLE_WIDTH, HALF_TITLE, CAPTION_WIDTH = 36, 68, 50, 140
"""So many characters fit beside an axis of a small picture, above it, above one of two, and
below it."""

BETWEEN_ROWS = 0.08
"""So many inches are left free above and below what stands in a row: titles, axes, a caption."""

LONGEST_NAME = 28
"""Of a column's name, so many characters fit beside an axis."""


SIZES = ("font.size", "axes.titlesize", "figure.titlesize", "legend.fontsize", "lines.linewidth")


def _settings(now: Drawn) -> dict[str, Any]:
    """Give Matplotlib's settings for a picture."""
    theme = now.theme
    inked = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
    papers = ("figure.facecolor", "axes.facecolor", "legend.facecolor")
    panes = (f"axes3d.{axis}axis.panecolor" for axis in "xyz")
    return {
        **STYLE,
        **{name: STYLE[name] * now.scale for name in SIZES},
        **dict.fromkeys(inked, theme.ink),
        **dict.fromkeys(papers, theme.paper),
        **dict.fromkeys(panes, theme.pane),
        "grid.color": theme.grid,
        "legend.edgecolor": theme.grid,
    }


@contextmanager
def styled(look: Look = AS_USUAL, *, large: bool = False) -> Iterator[None]:
    """Draw as a slide wants it, whatever the user's own settings, and without complaints.

    A character that no font has is drawn as a box; nobody needs a warning of what can be seen.
    """
    logger = getLogger("matplotlib")
    level = logger.level
    with (
        drawn(look, large=large) as now,
        catch_warnings(),
        style.context(_settings(now), after_reset=True),
    ):
        simplefilter("ignore", UserWarning)
        logger.setLevel(ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)


class Picture(Figure):
    """A figure that a notebook shows, whether or not it has loaded Matplotlib's own way."""

    def _repr_png_(self) -> bytes:
        drawn = BytesIO()
        with styled():
            self.savefig(drawn, format="png", dpi="figure")
        return drawn.getvalue()


def sheet(look: Look = AS_USUAL, *, large: bool) -> Picture:
    """Give an empty slide."""
    size, dots = look.measures(large=large)
    return Picture(figsize=size, dpi=dots, layout=ConstrainedLayoutEngine(h_pad=BETWEEN_ROWS))


def resize(figure: Figure, scale: float) -> None:
    """Make marks and arrows as much smaller as letters are."""
    for line in figure.findobj(Line2D):
        line.set_markersize(line.get_markersize() * scale)
    for arrow in figure.findobj(FancyArrowPatch):
        arrow.set_mutation_scale(arrow.get_mutation_scale() * scale)


def names(scene: Scene) -> list[str]:
    """Give the names of the features and of y, as far as there is room."""
    return [shortened(in_a_line(name), LONGEST_NAME) for name in scene.training.table.labels]


def theta_labels(scene: Scene) -> list[str]:
    """Name the parameters that are drawn, with their units."""
    *features, y = names(scene)
    units = [f"in {y}", *(f"{y} per {x}" for x in features)]
    return [folded(f"θ{place} ({units[place]})", LABEL_WIDTH) for place in scene.seen.axes]


def cost_label(scene: Scene) -> str:
    """Name the cost, with its unit."""
    return folded(f"cost ({names(scene)[-1]}²)", LABEL_WIDTH)


def excess_label(scene: Scene) -> str:
    """Name how far the cost is above the minimum, with its unit."""
    return folded(f"excess cost ({names(scene)[-1]}²)", LABEL_WIDTH)


def equation(scene: Scene, theta: Vector) -> str:
    """Write a line in the table's own words, its figures rounded for a slide."""
    *features, y = names(scene)
    rounded = np.array([float(f"{value:.6g}") for value in theta])
    return LinearModel(tuple(features), y, rounded).equation


def caption(scene: Scene, *, rows_are_drawn: bool, plane_is_drawn: bool, units: str | None) -> str:
    """Say what the picture is about, how much of it is drawn, and of a map in which units."""
    training = scene.training
    data = DataFacts.of(training.table, training.moments)
    data = replace(data, source=Path(data.source).name)
    about = [shortened(table_line(data), 90)]
    if plane_is_drawn and scene.seen.others:
        about.append(others_text(PlaneFacts.of(training.table, scene.seen)))
    if not training.landscape.is_quadratic:
        about.append(cost_name(CostFacts.of(training.landscape)))
    if rows_are_drawn and scene.is_sampled:
        about.append(f"{ROWS:,} of {count(training.moments.rows, 'row')}, drawn at random")
    words = " · ".join(map(in_a_line, filter(None, about)))
    return "\n".join(folded(line, CAPTION_WIDTH) for line in filter(None, [words, units]))


def in_a_line(text: str) -> str:
    """Write what others named, without line ends and characters that must not be printed."""
    return printable(" ".join(text.split()))


def ended(scene: Scene) -> str:
    """Say in a few words how the training ended."""
    descent = scene.descent
    method = scene.training.method
    rate, optimizer = (
        number(scene.training.learning_rate, 3),
        method.optimizer.name.replace("_", " "),
    )
    steps = count(descent.last.index, "epoch" if method.batches else "step")
    if descent.diverged:
        return f"diverged after {steps}: learning rate {rate} is too large"
    place = " in a local minimum" if scene.reached(descent) == "local" else ""
    words = {StopReason.CONVERGED: f"converged{place}", StopReason.EARLY: "stopped early"}
    word = words.get(descent.last.stop_reason or StopReason.STEPS, "not converged")
    how = "by line search" if scene.training.config.line_search else f"at learning rate {rate}"
    by = "" if optimizer == "gradient descent" else f" with {optimizer}"
    return f"{word} after {steps}{by} {how}"


def progress(scene: Scene, step: Step) -> str:
    """Say how far the run has come, and at last where it ended."""
    if scene.descent.diverged:
        return ended(scene)
    if not step.index:
        return f"start at cost {brief(step.cost)}"
    first, last = brief(scene.descent.steps[0].cost), brief(step.cost)
    arrived = step is scene.descent.last and scene.reached(scene.descent) == "local"
    into = f", into a {KIND_NAMES['local']}" if arrived else ""
    return f"{count(step.index, 'step')} downhill from cost {first} to {last}{into}"


def put_ticks(axis: Axis, wide: int = UPRIGHT, *, whole: bool = False) -> None:
    """Put ticks on an axis, as many as there is room for, with numbers as people read them.

    `wide` is how many characters fit beside one another on a sheet of the usual size.
    """
    low, high = sorted(axis.get_view_interval())
    is_logarithmic = axis.get_scale() == "log"
    find = logarithmic_ticks if is_logarithmic else partial(ticks, whole=whole)
    for most in range(MOST_LOGARITHMIC if is_logarithmic else MOST_TICKS, FEWEST_TICKS - 1, -1):
        values = find(low, high, most)
        if sum(len(brief(value, TICK_DIGITS)) + BETWEEN for value in values) <= room(wide):
            break
    axis.set_major_locator(FixedLocator(values))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: brief(value, TICK_DIGITS)))
