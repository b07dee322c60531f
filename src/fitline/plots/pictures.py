"""A picture of each kind, as a figure or in a file."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure, FigureBase

from fitline.files.atomic import replacing

from .animation import Motion, write_gif
from .contour import draw_contour
from .cost import draw_cost, draw_rates
from .environment import environment
from .line import draw_line
from .path import draw_path
from .predicted import draw_added, draw_predicted
from .residuals import draw_leverage, draw_qq, draw_residuals
from .scaling import draw_scaling
from .scene import Scene, evenly
from .slices import draw_slices
from .style import GREY, Picture, caption, sheet, styled
from .surface import draw_surface

Draw = Callable[[FigureBase, Scene], Motion | None]

DRAWN: Mapping[str, Draw] = {
    "line": draw_line,
    "contour": draw_contour,
    "slices": draw_slices,
    "cost": draw_cost,
    "scaling": draw_scaling,
    "surface": draw_surface,
    "rates": draw_rates,
    "predicted": draw_predicted,
    "added": draw_added,
    "residuals": draw_residuals,
    "qq": draw_qq,
    "leverage": draw_leverage,
    "path": draw_path,
}
ON_ONE_SHEET = ("line", "contour", "slices", "cost")
OF_SEVERAL_FEATURES = ("predicted", "contour", "slices", "cost")

ROWS = {"line", "predicted", "added", "residuals", "qq", "leverage"}
PLANES = {"contour", "slices", "scaling", "surface"}
"""The kinds that draw rows of the table, and those that draw two of the parameters."""

GIF_WIDTH = 900
FRAMES = 36
UNDATED = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""Without a date, the same table gives the same bytes."""

NO_DATE: Mapping[str, str | None] = {"SOURCE_DATE_EPOCH": None}
"""Matplotlib reads this date also where it is told to write none, and fails if it is no number."""


def picture(kind: str, scene: Scene) -> Picture:
    """Draw a picture."""
    return _drawn(kind, scene)[0]


def write_picture(kind: str, scene: Scene, path: str | Path, format_: str) -> None:
    """Draw a picture into a file, atomically."""
    with styled():
        figure, motions = _drawn(kind, scene)
        with replacing(path) as unfinished:
            if format_ == "gif":
                figure.set_dpi(GIF_WIDTH / figure.get_figwidth())
                write_gif(figure, motions, evenly(scene.standard_path, FRAMES), unfinished)
            else:
                save(figure, unfinished, format_)


def save(figure: Figure, path: Path, format_: str) -> None:
    """Write a still picture at once: as it draws, Matplotlib does not say why a file fails."""
    drawn = BytesIO()
    with environment(NO_DATE):
        figure.savefig(drawn, format=format_, dpi="figure", metadata=UNDATED[format_])
    path.write_bytes(drawn.getbuffer())


def _drawn(kind: str, scene: Scene) -> tuple[Picture, list[Motion]]:
    kinds = (kind,) if kind != "all" else ON_ONE_SHEET if scene.is_line else OF_SEVERAL_FEATURES
    with styled():
        figure = sheet(large=kind == "all")
        parts: list[FigureBase] = [figure]
        if kind == "all":
            parts = list(np.ravel(np.asarray(figure.subfigures(2, 2))))
        motions = [DRAWN[name](part, scene) for name, part in zip(kinds, parts, strict=True)]
        words = caption(
            scene,
            rows_are_drawn=not ROWS.isdisjoint(kinds),
            plane_is_drawn=not PLANES.isdisjoint(kinds),
        )
        figure.supxlabel(words, fontsize="small", color=GREY)
    return figure, [motion for motion in motions if motion]
