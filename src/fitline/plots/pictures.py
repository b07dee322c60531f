"""A picture of each kind, as a figure or in a file."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure, FigureBase

from fitline.files.atomic import replacing
from fitline.results.set_up import SetUp
from fitline.views.coordinates import units_text

from .animation import Motion, write_gif
from .contour import draw_contour
from .cost import draw_cost, draw_rates
from .environment import environment
from .legends import make_room
from .line import draw_line
from .look import AS_USUAL, Look, folded, require_frames, theme
from .path import draw_path
from .predicted import draw_added, draw_predicted
from .residuals import draw_leverage, draw_qq, draw_residuals
from .scaling import contrasted, draw_scaling
from .scene import Scene, evenly
from .slices import draw_slices
from .style import TITLE_WIDTH, Picture, caption, in_a_line, resize, sheet, styled
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
PLANES, MAPS = {"contour", "slices", "scaling", "surface"}, {"contour", "surface"}
"""The kinds that draw rows of the table, those that draw two of the parameters, and those of them
on which descent is seen in the table's units."""

GIF_WIDTH, LARGE_GIF_WIDTH = 900, 1280
FRAMES = 36
UNDATED = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""Without a date, the same table gives the same bytes."""

NO_DATE: Mapping[str, str | None] = {"SOURCE_DATE_EPOCH": None}
"""Matplotlib reads this date also where it is told to write none, and fails if it is no number."""


def picture(kind: str, scene: Scene, look: Look = AS_USUAL) -> Picture:
    """Draw a picture."""
    with styled(look, large=kind == "all"):
        return _drawn(kind, scene, look)[0]


def write_picture(
    kind: str, scene: Scene, path: str | Path, format_: str, look: Look = AS_USUAL
) -> None:
    """Draw a picture into a file, atomically."""
    with styled(look, large=kind == "all"):
        figure, motions = _drawn(kind, scene, look)
        with replacing(path) as unfinished:
            if format_ == "gif":
                width = LARGE_GIF_WIDTH if kind == "all" else GIF_WIDTH
                figure.set_dpi(look.dpi or width / figure.get_figwidth())
                require_frames(figure.get_figwidth(), figure.get_figheight(), figure.get_dpi())
                write_gif(figure, motions, evenly(scene.standard_path, FRAMES), unfinished)
            else:
                save(figure, unfinished, format_)


def save(figure: Figure, path: Path, format_: str) -> None:
    """Write a still picture at once: as it draws, Matplotlib does not say why a file fails."""
    drawn = BytesIO()
    with environment(NO_DATE):
        figure.savefig(drawn, format=format_, dpi="figure", metadata=UNDATED[format_])
    path.write_bytes(drawn.getbuffer())


def _drawn(kind: str, scene: Scene, look: Look) -> tuple[Picture, list[Motion]]:
    kinds = (kind,) if kind != "all" else ON_ONE_SHEET if scene.is_line else OF_SEVERAL_FEATURES
    if kind == "scaling" and not scene.plane and not scene.is_line:
        scene = replace(scene, plane=contrasted(scene.training.landscape))
    figure = sheet(look, large=kind == "all")
    parts: list[FigureBase] = [figure]
    if kind == "all":
        parts = list(np.ravel(np.asarray(figure.subfigures(2, 2))))
    motions = [DRAWN[name](part, scene) for name, part in zip(kinds, parts, strict=True)]
    words = caption(
        scene,
        rows_are_drawn=not ROWS.isdisjoint(kinds),
        plane_is_drawn=not PLANES.isdisjoint(kinds),
        units=None if MAPS.isdisjoint(kinds) else units_text(SetUp.of(scene.training)),
    )
    figure.supxlabel(words, fontsize="small", color=theme().muted)
    if look.title is not None:
        figure.suptitle(folded(in_a_line(look.title), TITLE_WIDTH), x=0.01, ha="left")
    resize(figure, look.scale(large=kind == "all"))
    if "slices" in kinds:
        make_room(figure)
    return figure, [motion for motion in motions if motion]
