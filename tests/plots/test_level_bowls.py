"""Whatever features tell of each other, a landscape is drawn, or it is said why not."""

from itertools import cycle, product
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure

from fitline.cli import main
from fitline.data import open_table
from fitline.landscapes.landscape import Landscape
from fitline.landscapes.projection import Projection
from fitline.landscapes.slices import best_for
from fitline.landscapes.window import window
from fitline.optimize.penalty import Penalty
from fitline.plots import look

Columns = dict[str, list[float]]

TABLES: dict[str, Columns] = {
    "twins": {"a": [0, 1, 2], "b": [0, 1, 2], "y": [0, 1, 2]},
    "line": {"a": [0, 1, 2, 3], "b": [1, 3, 5, 7], "y": [0, 1.5, 2, 5]},
    "constant": {"a": [1, 1, 1], "b": [2, 2, 2], "y": [3, 5, 6]},
    "nought": {"a": [1, 1, 1], "b": [0, 0, 0], "y": [3, 5, 6]},
    "half": {"a": [1, 1, 1], "b": [2, 3, 5], "y": [3, 5, 6]},
    "far": {"a": [1e9] * 3, "b": [-2e-9] * 3, "y": [3, 5, 6]},
    "flat": {"a": [1, 2, 3], "b": [2, 4, 6], "y": [5, 5, 5]},
}
WEIGHTS = (1, 2, 1, 1)
PENALTIES = (
    "",
    "--l1 3",
    "--l1 0.01",
    "--l1 0.01 --weight w",
    "--l1 3 --no-intercept",
    "--l2 0.1",
    "--l2 1e-24",
    "--l2 0.1 --l1 0.1",
)
AXES = ("", "--axes a,b", "--axes theta0,b")

PICTURES = (
    *(f"plot {kind} -o p.svg" for kind in ("contour", "slices", "scaling", "surface")),
    "compare -o p.svg --steps 3",
    "explore -o p.html",
)
OF_PICTURES = (("twins", "--l1 3"), ("constant", "--l1 0.01 --weight w"), ("half", "--l1 3"))
"""Pictures take long, and look at the same planes; so they are drawn of these alone."""

REASONS = (
    "cannot be drawn",
    "every feature is constant",
    "a picture takes two",
    "the page has no",
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(look, "DOTS", 20.0)
    monkeypatch.setattr(Figure, "get_layout_engine", lambda _: None)  # parts need no room here


CASES = [
    *(("grid", *drawn, axes) for drawn, axes in zip(product(TABLES, PENALTIES), cycle(AXES))),
    *product(["landscape"], TABLES, PENALTIES),
    *((picture, *case) for picture, case in product(PICTURES, OF_PICTURES)),
]


@pytest.mark.parametrize("drawn", ["grid", "landscape", *PICTURES])
def test_a_landscape_is_drawn_or_it_is_said_why_not(
    drawn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, columns in TABLES.items():
        rows = zip(*columns.values(), WEIGHTS, strict=False)
        lines = [",".join([*columns, "w"]), *(",".join(map(repr, row)) for row in rows)]
        Path(f"{name}.csv").write_text("\n".join(lines) + "\n")
    for _, name, *options in (case for case in CASES if case[0] == drawn):
        words = f"{drawn} --x a,b --y y {' '.join(options)}".split()
        words.insert(1 + drawn.startswith("plot"), f"{name}.csv")
        code = main(words)
        told = capsys.readouterr()
        assert "nan" not in told.out, words
        assert code == 0 or any(reason in told.err for reason in REASONS), (words, told.err)


@pytest.mark.parametrize("name", ["twins", "line", "constant", "nought"])
@pytest.mark.parametrize("l1", [0.01, 0.1, 3.0])
def test_a_lasso_is_lowest_in_the_window_where_it_is_anywhere(name: str, l1: float) -> None:
    columns = TABLES[name]
    with open_table(columns, ["a", "b"], "y") as table:
        moments = table.moments()
    landscape = Landscape.of_moments(moments, Penalty.of(0.0, l1, "none", moments))
    if landscape.dependent:
        return
    seen = Projection.of(landscape, (1, 2))
    for axis, best in zip(window(seen), seen.minima[0].theta, strict=True):
        assert axis[0] < best < axis[-1]
    for fixed in (-40.0, 0.3, 70.0):
        found = best_for(seen, 1, fixed)
        tried = np.linspace(-200, 200, 40_001)
        costs = seen.cost.value(np.column_stack([np.full_like(tried, fixed), tried]))
        assert found is not None
        assert found.cost <= costs.min() + 1e-9
