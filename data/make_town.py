"""Make town.csv, the houses of an invented town.

Larger houses have more bedrooms, m2 is sqft in another unit, and the oldest houses stand in a
neighbourhood that is dear. `python data/make_town.py` writes the same file everywhere, since all
that is drawn is sums of `random()`.
"""

import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

ROWS = 400
SQUARE_METRES = 0.09290304
"""In a square foot."""

NEIGHBOURHOODS = {
    "Station": (0.30, 0, 1990),
    "Riverside": (0.25, 25_000, 1975),
    "Hillside": (0.20, 55_000, 1985),
    "Old Town": (0.15, 70_000, 1935),
    "Harbour": (0.10, 130_000, 2000),
}
"""Each with its part of the houses, what it adds to a price, and the year about which it grew."""


def rows() -> Iterator[str]:
    """Give a line a house."""
    draw = random.Random(11)  # noqa: S311 - no secrets
    for _ in range(ROWS):
        name = neighbourhood(draw.random())
        _, dear, grown = NEIGHBOURHOODS[name]
        sqft = 10 * round(min(380, max(55, 165 + 52 * normal(draw))))
        beds = min(6, max(1, round(0.4 + sqft / 600 + 0.55 * normal(draw))))
        year = min(2024, round(grown + 18 * normal(draw)))
        price = 115 * sqft - 9_000 * beds + 1_300 * (year - 1920) + dear + 20_000 * normal(draw)
        rounded = 500 * round((price + 25_000) / 500)
        yield f"{sqft},{sqft * SQUARE_METRES:.10g},{beds},{year},{name},{rounded}"


def neighbourhood(luck: float) -> str:
    """Choose one by its part of the houses."""
    parts = accumulate(part for part, *_ in NEIGHBOURHOODS.values())
    return next(name for name, end in zip(NEIGHBOURHOODS, parts, strict=True) if luck < end)


def normal(draw: random.Random) -> float:
    """Draw a number that is nearly normal, of mean 0 and deviation 1."""
    return sum(draw.random() for _ in range(12)) - 6


def table() -> str:
    """Give the whole text."""
    return "\n".join(["sqft,m2,beds,year,neighbourhood,price", *rows()]) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("town.csv").write_text(table(), encoding="utf-8")
