"""Every table is shown at every width, with numbers that are whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fitline.cli import output

Fitline = Callable[..., Any]

TOWN = str(Path(__file__).parents[2] / "data" / "town.csv")
LONG = "sqft,beds,year,sqft^2,beds^2,year^2"
COMMANDS = [
    f"summary --x {LONG} --by neighbourhood",
    f"train --x {LONG} --by neighbourhood --steps 3",
    f"summary --x {LONG},neighbourhood --folds 3",
    f"train --x {LONG} --steps 3 --explain 1 --holdout 0.2 --summary",
    f"evaluate --x {LONG} --theta 1,2,3,4,5,6,7 --worst 3",
    "compare --x sqft,beds --learning-rate 0.1,0.2 --steps 3",
    "rates --x sqft,beds",
    "landscape --x sqft,beds --path",
]


@pytest.mark.parametrize("width", [80, 40, 12])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_width_is_too_narrow(
    fitline: Fitline, monkeypatch: pytest.MonkeyPatch, command: str, width: int
) -> None:
    monkeypatch.setattr(output, "NATURAL_WIDTH", width)
    name, *options = command.split()
    done = fitline(name, TOWN, *options, "--y", "price")
    assert done.returncode == 0, done.stderr
    assert done.stdout
