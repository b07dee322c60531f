"""Pictures that move: what of them does, and a GIF of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

FIRST, QUICKEST, SLOWEST, LAST = 1200, 200, 500, 5000
WHOLE = 8000
"""In milliseconds: how long the first frame stays, each of many and of few frames, and the last;
and about how long all frames take together."""

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
    moving = _with_what_is_above([artist for motion in motions for artist in motion.artists])
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
    each = round(max(QUICKEST, min(SLOWEST, WHOLE / len(frames))))
    shown = [FIRST, *[each] * (len(frames) - 2), LAST][-len(frames) :]
    frames[0].save(
        path, format="GIF", save_all=True, append_images=frames[1:], duration=shown, loop=0
    )


def _with_what_is_above(moving: Sequence[Artist]) -> list[Artist]:
    """Add what lies above that which moves, and would be drawn over; the lowest come first."""
    drawn = [artist for artist in moving if not isinstance(artist, Text)]
    lowest = {artist.axes: 0.0 for artist in drawn}
    for axes in lowest:
        lowest[axes] = min(artist.zorder for artist in drawn if artist.axes is axes)
    above = [
        artist
        for axes, least in lowest.items()
        if axes is not None
        for artist in axes.get_children()
        if artist.zorder >= least
    ]
    both = dict.fromkeys([*above, *moving])
    return sorted(both, key=lambda artist: artist.zorder)
