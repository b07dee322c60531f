"""The tables in data/ are what their scripts make."""

import runpy
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize("name", ["town", "wave"])
def test_a_table_is_made_by_its_script(name: str) -> None:
    made = runpy.run_path(str(DATA / f"make_{name}.py"))["table"]()
    assert (DATA / f"{name}.csv").read_text(encoding="utf-8") == made
