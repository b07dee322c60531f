"""`fitline explore`: a page, and what is left out of it."""

import re
from collections.abc import Callable
from subprocess import CompletedProcess

from fitline.page.bundle import controls

Fitline = Callable[..., CompletedProcess[str]]


def test_controls_are_left_out_by_name_and_unknown_ones_listed(fitline: Fitline) -> None:
    done = fitline("explore", "-o", "page.html", "--hide", "optimizer, rate")
    assert done.returncode == 0
    page = (fitline.folder / "page.html").read_text()  # type: ignore[attr-defined]
    assert re.search(r'"hidden": ?\["optimizer", ?"rate"\]', page)
    done = fitline("explore", "-o", "other.html", "--hide", "rate,optimiser")
    assert done.returncode == 2
    assert "the page has no 'optimiser' to hide" in done.stderr
    assert all(name in done.stderr for name in controls())
    assert not (fitline.folder / "other.html").exists()  # type: ignore[attr-defined]
