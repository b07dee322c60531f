"""Make wave.csv, a few noisy points of a sine.

`python data/make_wave.py` writes the same file everywhere: what is drawn is sums of `random()`.
"""

import math
import random
from collections.abc import Iterator
from pathlib import Path

ROWS = 30
NOISE = 0.3
SEED = 27


def rows() -> Iterator[str]:
    """Give a line a point."""
    draw = random.Random(SEED)  # noqa: S311 - no secrets
    for x in sorted(round(draw.random(), 3) for _ in range(ROWS)):
        noise = NOISE * (sum(draw.random() for _ in range(12)) - 6)
        yield f"{x:.3f},{math.sin(2 * math.pi * x) + noise:.2f}"


def table() -> str:
    """Give the whole text."""
    return "\n".join(["x,y", *rows()]) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("wave.csv").write_text(table(), encoding="utf-8")
