"""Small tables that the interactive page offers beside its own."""

import csv
from functools import cache
from typing import Any

from fitline.data.lesson_tables import PREFIX, lesson_table

PRESETS = {
    "four houses": ("houses", "sqft", "price"),
    "four houses and an outlier": ("outlier", "sqft", "price"),
    "two neighbourhoods": ("two_neighbourhoods", "sqft", "price"),
    "a curve": ("wave", "x", "y"),
    "a large noisy town": ("town", "sqft", "price"),
}
"""The file of each one, and which of its columns are x and y."""


@cache
def presets() -> list[dict[str, Any]]:
    """Give each table as the page takes tables, with its title."""
    return [{"title": title, **_table(*told)} for title, told in PRESETS.items()]


def _table(name: str, x: str, y: str) -> dict[str, Any]:
    with lesson_table(PREFIX + name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = {axis: [float(row[column]) for row in rows] for axis, column in (("x", x), ("y", y))}
    return {"source": f"{name}.csv", "skipped": 0, "x": x, "y": y, "rows": columns}
