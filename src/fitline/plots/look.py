"""How a picture looks, whatever it shows: its size, its title, its colours."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import sqrt
from textwrap import fill
from typing import Final, Literal

from fitline.errors import UsageError

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True)
class Theme:
    """Colours that depend on what they stand on; the others stand out on both."""

    paper: str
    ink: str
    muted: str
    grid: str
    pane: str
    blue: str
    sky: str


THEMES: Final[dict[str, Theme]] = {
    "light": Theme("#ffffff", "#000000", "#6b6b6b", "#dddddd", "#f5f5f5", "#0072B2", "#56B4E9"),
    "dark": Theme("#16181d", "#f2f2f2", "#a3a7b0", "#343943", "#1d2027", "#4BA3E3", "#A6D8F7"),
}

SIZE, DOTS = (12.8, 8.0), 125.0
"""In inches, and dots an inch: 1600 by 1000 dots, a slide."""

LARGE_SIZE, LARGE_DOTS = (19.2, 12.0), 100.0
"""1920 by 1200 dots, for several pictures on one sheet."""

SMALLEST, LARGEST = 2.0, 100.0
FEWEST_DOTS, MOST_DOTS, MOST_PIXELS = 20.0, 2400.0, 1e8
"""Limits of a side in inches, of dots an inch, and of all dots, which have to be held."""

SMALLEST_LETTERS, FEWEST_CHARACTERS = 0.45, 12
"""On a small sheet letters shrink with it, down to this part of the usual ones, and then lines
break; but not before so many characters."""


@dataclass(frozen=True)
class Look:
    """The size in inches, dots an inch, a title, and the theme; what is None is as usual."""

    size: tuple[float, float] | None = None
    dpi: float | None = None
    title: str | None = None
    theme: ThemeName = "light"

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if self.theme not in THEMES:
            known = " and ".join(THEMES)
            raise UsageError(
                f"there is no theme {self.theme!r}; there are {known}", value=str(self.theme)
            )
        (width, height), dots = self.measures(large=True)
        if not (min(width, height) >= SMALLEST and max(width, height) <= LARGEST):
            raise UsageError(
                f"--size is {width:g}x{height:g}; a side has {SMALLEST:g} to {LARGEST:g} inches",
                value=f"{width:g}x{height:g}",
                hint="write inches, such as --size 8x5, and dots an inch as --dpi 200",
            )
        if not FEWEST_DOTS <= dots <= MOST_DOTS or width * height * dots**2 > MOST_PIXELS:
            raise UsageError(
                f"--dpi is {dots:g}, which makes a picture of {width * dots:,.0f} by"
                f" {height * dots:,.0f} dots",
                value=f"{dots:g}",
                hint=f"choose {FEWEST_DOTS:g} to {MOST_DOTS:g} dots an inch, and no more than"
                f" {MOST_PIXELS:,.0f} dots in all",
            )

    def measures(self, *, large: bool) -> tuple[tuple[float, float], float]:
        """Give the size in inches, and the dots an inch."""
        size, dots = (LARGE_SIZE, LARGE_DOTS) if large else (SIZE, DOTS)
        return self.size or size, self.dpi or dots

    def scale(self, *, large: bool) -> float:
        """Give how large letters are beside those on a sheet of the usual size."""
        usual = LARGE_SIZE if large else SIZE
        width, height = (own / each for own, each in zip(self.size or usual, usual, strict=True))
        return max(SMALLEST_LETTERS, min(width, sqrt(width * height)))


AS_USUAL = Look()

MOST_IN_A_FRAME = 4e6
"""So many dots a picture has at the most that moves, for all its frames are held."""


def require_frames(width: float, height: float, dots: float) -> None:
    """Refuse frames that are too large to be held."""
    if width * height * dots**2 > MOST_IN_A_FRAME:
        raise UsageError(
            f"frames of {width * dots:,.0f} by {height * dots:,.0f} dots are too large for a .gif",
            hint=f"choose no more than {MOST_IN_A_FRAME:,.0f} dots in all: a smaller --dpi",
        )


def size_of(text: str) -> tuple[float, float]:
    """Read a size such as 8x5."""
    try:
        width, height = map(float, text.lower().replace("×", "x").split("x"))
    except ValueError:
        raise UsageError(
            f"--size is {text!r}, not a width and a height in inches",
            value=text,
            hint="write --size 8x5",
        ) from None
    return width, height


@dataclass(frozen=True)
class Drawn:
    """The picture that is being drawn: its colours, and the size of letters beside the usual one.

    `room` tells how many times as many of them fit beside one another.
    """

    theme: Theme = THEMES["light"]
    scale: float = 1.0
    room: float = 1.0


USUAL = Drawn()
_DRAWN: ContextVar[Drawn] = ContextVar("drawn", default=USUAL)


def theme() -> Theme:
    """Give the colours of the picture that is being drawn."""
    return _DRAWN.get().theme


def room(characters: int) -> int:
    """Give how many characters fit where so many do on a sheet of the usual size."""
    return max(FEWEST_CHARACTERS, int(characters * _DRAWN.get().room))


def shrunk(points: float) -> float:
    """Give a distance beside letters of the usual size as much smaller as they are."""
    return points * _DRAWN.get().scale


def folded(text: str, characters: int) -> str:
    """Break a text into lines, where so many characters fit on a sheet of the usual size."""
    return fill(text, room(characters))


@contextmanager
def drawn(look: Look, *, large: bool) -> Iterator[Drawn]:
    """Draw with a look within the block."""
    scale, usual = look.scale(large=large), LARGE_SIZE if large else SIZE
    wide = look.measures(large=large)[0][0] / usual[0]
    now = Drawn(THEMES[look.theme], scale, wide / scale)
    token = _DRAWN.set(now)
    try:
        yield now
    finally:
        _DRAWN.reset(token)
