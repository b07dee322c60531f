"""The page's own scripts asked by Node.js, tables to ask about, and how answers are compared."""

import json
import math
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from fitline.optimize.cost_names import CostName
from fitline.optimize.scaling import Kind
from fitline.page.bundle import MATHEMATICS, joined
from fitline.page.payload import constants

NODE = shutil.which("node")
RUNNER = Path(__file__).with_name("law.mjs")

LINES: dict[str, tuple[Any, list[float]]] = {
    "houses": ([1000, 1500, 2000, 2500], [150e3, 210e3, 290e3, 350e3]),
    "two lines": (
        [950, 1310, 1790, 2400, 1000, 1350, 2000, 2300],
        [148e3, 176e3, 228e3, 276e3, 322e3, 391e3, 514e3, 561e3],
    ),
    "an outlier": ([1, 2, 3, 4, 5, 6], [1.1, 1.9, 3.2, 3.8, 5.1, 40]),
    "on a line": ([1, 2, 3, 5, 8], [3, 5, 7, 11, 17]),
    "two points": ([1, 3], [10, 4]),
    "equal y": ([1, 2, 4, 9], [5, 5, 5, 5]),
    "y is 0": ([1, 2, 4, 9], [0, 0, 0, 0]),
    "far away": ([1e9 + 1, 1e9 + 2, 1e9 + 4, 1e9 + 5], [1e12 - 3, 1e12 + 1, 1e12 + 2, 1e12 + 9]),
}
DRAW = np.random.default_rng(11)
SQFT, BEDS, YEARS = 1500 + 400 * DRAW.normal(size=(3, 30)) * [[1], [0.003], [0.06]]
PRICE = (90 * SQFT + 8000 * BEDS - 400 * YEARS + 9000 * DRAW.normal(size=30)).tolist()
SEVERAL: dict[str, tuple[Any, list[float]]] = {
    "two features": ([SQFT, BEDS], PRICE),
    "five features": ([SQFT, BEDS, YEARS, 0.9 * SQFT + YEARS**1.3, np.arange(30)], PRICE),
    "a dependent column": ([SQFT, BEDS, SQFT - 2 * BEDS], PRICE),
}
NO_INTERCEPT = "no intercept"
FORCES = DRAW.normal(loc=0.5, size=(2, 30))
LENGTHS = ([3, -2] @ FORCES + DRAW.normal(size=30)).tolist()
HELD_OUT = "rows held out"
COUNTS, PRECISIONS, LIGHT = "counts", "precisions", "many light rows"
ALIKE = dict.fromkeys([NO_INTERCEPT, HELD_OUT, COUNTS, PRECISIONS], (FORCES, LENGTHS))
TABLES = {**LINES, **SEVERAL, **ALIKE}
WEIGHTS = {
    COUNTS: np.arange(30) % 4 + 1.0,
    PRECISIONS: 1 / (1 + np.arange(30) % 7),
    LIGHT: np.repeat([10, 0.1], [4, 48]),
}
ALONG = np.concatenate([[1, 4, 6, 9], np.linspace(1, 9, 48)])
BESIDE = np.concatenate([[0, 0.1, 0, -0.1], np.tile([2.0, -2.0], 24)])
"""Few rows lie along a line, with most of the weight; the many beside it bend the other way."""
COSTS, SCALINGS = get_args(CostName), get_args(Kind)


def answers_to(**questions: Any) -> Any:
    """Let Node.js run the page's scripts."""
    if NODE is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("the law table needs Node.js")
    asked = {
        "script": joined(MATHEMATICS),
        "constants": constants(),
        "near": NEAR,
        "lessons": [],
        "runs": [],
    }
    asked |= {"planes": [], "own": [], "texts": [], "refused": [], "numbers": []}
    done = subprocess.run(
        [NODE, RUNNER],
        input=json.dumps({**asked, **questions}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout, parse_int=float)


NEAR = 0.01
"""A run is near the minimum where the excess cost is such a part of that at the start."""


def differences(here: dict[str, Any], there: dict[str, Any], part: float) -> Iterator[str]:
    """Tell in what a run in Python and one on the page are not the same."""
    for name, value in here.items():
        other = there[name]
        agree = value == other if not isinstance(value, list) else are_close(value, other, part)
        if not agree:
            yield f"{name} is {value} in Python, {other} on the page"


def are_close(values: list[float], others: list[float] | None, part: float) -> bool:
    """Compare numbers, beside the largest of them."""
    if others is None or len(values) != len(others):
        return False
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return all(
        math.isclose(value, other, rel_tol=0, abs_tol=part * largest)
        or (math.isnan(value) and math.isnan(other))
        for value, other in zip(values, others, strict=True)
    )
