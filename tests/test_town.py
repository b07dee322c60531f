"""data/town.csv is what its script makes."""

import runpy
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def test_the_town_is_made_by_its_script() -> None:
    made = runpy.run_path(str(DATA / "make_town.py"))["table"]()
    assert (DATA / "town.csv").read_text(encoding="utf-8") == made
