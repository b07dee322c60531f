"""The page as a file: small, closed, and without markup from names."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fitline
from fitline.page.bundle import SCRIPTS, STYLES, joined, page, source

from .chromium import (
    HOSTILE,
    cauchy,
    fact,
    houses,
    lesson_of,
)

pytestmark = pytest.mark.browser


def test_names_of_columns_are_only_names(show: Callable[..., Any]) -> None:
    run = houses()
    hostile = {
        "x": [HOSTILE],
        "y": '"></title><img src=x onerror=alert(1)>',
        "source": "<b>'&amp;\u2028",
    }
    tab = show(lesson_of(run, **hostile))
    tab.click("#one")
    tab.click("#keep")
    tab.click("#table summary")
    assert fact(tab, "line") == f"{hostile['y']} = 2,400 + 107.2 × {HOSTILE}"
    assert tab.locator("script").count() == 2
    assert tab.locator("img, b:not(.formula b)").count() == 0
    assert tab.title() == f"{hostile['y']} from {HOSTILE} · fitline"


def test_the_page_is_small_and_knows_no_other_address() -> None:
    text = page(lesson_of(houses()))
    assert len(text.encode()) < 350_000
    assert not re.search(r"https?:|//[a-z]+\.|@import|\burl\(", text)
    assert text.count("</script>") == 2
    assert "content=\"default-src 'none';" in text


def test_a_sample_and_a_grid_are_drawn_and_told(show: Callable[..., Any]) -> None:
    run = cauchy(starts=1)
    axes = np.linspace(-1e5, 3e5, 9), np.linspace(0, 300, 9)
    cells = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    costs = run.training.landscape.cost.value(cells)
    grid = {"across": axes[0].tolist(), "up": axes[1].tolist(), "cost": costs.tolist()}
    points = lesson_of(run)["points"] | {"sampled": True}
    tab = show(lesson_of(run, grid=grid, points=points, rows=10_000_000))
    assert "20 of 10,000,000 rows" in tab.inner_text("#data-says")
    assert "the colours" in tab.inner_text("#landscape-says").lower()


def test_every_script_is_joined_after_those_that_it_imports() -> None:
    folder = Path(fitline.__file__).parent / "page" / "static"
    assert sorted(SCRIPTS) == sorted(path.name for path in folder.glob("*.js"))
    assert sorted(STYLES) == sorted(path.name for path in folder.glob("*.css"))
    for place, name in enumerate(SCRIPTS):
        imported = re.findall(r'from "\./([^"]+)"', source(name))
        assert set(imported) <= set(SCRIPTS[:place]), name
    assert not re.search(r"^(import|export) ", joined(SCRIPTS), re.MULTILINE)
