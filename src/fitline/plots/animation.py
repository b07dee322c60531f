"""Pictures that move: what of them does, and a GIF of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

FRAME_MILLISECONDS, LAST_MILLISECONDS = 200, 3000
COLOURS = 256


@dataclass(frozen=True, eq=False)
class Motion:
    """The parts of a picture that follow the run.

    `show` puts them where they are at a step, named by its place among those that are seen.
    """

    artists: Sequence[Artist]
    show: Callable[[int], None]


def write_gif(
    figure: Figure, motions: Sequence[Motion], places: Sequence[int], path: Path
) -> None:
    """Draw what does not move once, and over it frame by frame what does."""
    moving = [artist for motion in motions for artist in motion.artists]
    for artist in moving:
        artist.set_animated(True)
    canvas: Any = FigureCanvasAgg(figure)  # matplotlib gives it no types
    canvas.draw()
    still, renderer = canvas.copy_from_bbox(figure.bbox), canvas.get_renderer()
    images = []
    for place in places:
        canvas.restore_region(still)
        for motion in motions:
            motion.show(place)
        for artist in moving:
            artist.draw(renderer)
        images.append(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"))
    palette = images[-1].quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
    frames = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    shown = [FRAME_MILLISECONDS] * (len(frames) - 1) + [LAST_MILLISECONDS]
    frames[0].save(
        path, format="GIF", save_all=True, append_images=frames[1:], duration=shown, loop=0
    )
