"""Levels that occur in rows alone that are left out: no feature of any command."""

import json
import re
from collections.abc import Callable, Sequence
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest

Fitline = Callable[..., Any]

ROWS = ["A,1,1,1", "C,2,3,1", "A,3,4,1", "C,5,4,1", "A,7,4,1"]
LEFT_OUT = {
    "a bad cell": (["B,q,1,1"], "--bad-rows skip"),
    "a missing one": (["B,3,,1"], "--missing skip"),
    "no weight": (["B,3,1,0"], "--weight w"),
    "the base level of all rows": (["C,,1,1", "C,,1,1"], "--missing skip"),
}
COMMANDS = [
    *("grid --axes theta0=0:1:2,g=C=0:1:2", "grid --axes x,g=C --others fixed"),
    *("grid --axes g=C=0:1:2,x=0:1:2 --cost huber", "landscape --axes theta0,g=C"),
    *("landscape --along g=C", "landscape --along x", "landscape --axes x,g=C --path"),
    "evaluate --theta 0,1,1 --rows 0",
]
PICTURES = [
    *("plot added --feature g=C -o p.svg", "plot contour --axes g=C,x -o p.svg"),
    "explore --axes theta0,g=C -o p.html",
]

WITHOUT: dict[str, Sequence[Any]] = {}
"""What each command shows where no row is left out."""


def told(drawn: str) -> Sequence[str]:
    """Give the texts of a picture, or the lines of a page, but for how many rows were left out."""
    kept = re.sub(r'"skipped": \d+| \(\d+ rows? skipped\)', "", drawn)
    return re.findall(r"<!-- (.*?) -->", kept) if "<svg" in kept[:500] else kept.splitlines()


@pytest.mark.parametrize(
    ("left_out", "words"),
    [*product(LEFT_OUT, COMMANDS), *zip(cycle([*LEFT_OUT][::-1]), PICTURES, strict=False)],
)
def test_a_level_of_rows_that_are_left_out_is_no_feature(
    fitline: Fitline, tmp_path: Path, left_out: str, words: str
) -> None:
    if words.startswith("plot"):
        pytest.importorskip("matplotlib")
    more, option = LEFT_OUT[left_out]
    command, *options = [*words.split(), *option.split()]
    kind = [options.pop(0)] if command == "plot" else []

    def shown(*rows: str) -> Sequence[Any]:
        (tmp_path / "t.csv").write_text("\n".join(["g,x,y,w", *ROWS, *rows]))
        done = fitline(command, *kind, "t.csv", "--x", "g,x", "--y", "y", *options)
        assert done.returncode == 0, done.stderr
        drawn = [told(path.read_text()) for path in tmp_path.glob("p.*")]
        return drawn or done.stdout.splitlines()[command != "grid" :]

    if words not in WITHOUT:
        WITHOUT[words] = shown()
    assert shown(*more) == WITHOUT[words]


def test_what_is_typed_is_refused_by_the_levels_that_are_used(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("\n".join(["g,x,y,w", *ROWS, "B,q,1,1"]))
    words = ("t.csv", "--x", "g,x", "--y", "y", "--bad-rows", "skip")
    refused = fitline("grid", *words, "--axes", "g=B=0:1:2,x=0:1:2").stderr
    assert "there is no feature 'g=B=0:1:2'; there are 'g=C', 'x'" in refused
    refused = fitline("evaluate", *words, "--theta", "0,1,1,1").stderr
    assert "2 features, 'g=C', 'x', take 3" in refused
    (tmp_path / "one.csv").write_text("g,y\nA,1\nC,2\nA,3\nB,q\n")
    words = ("one.csv", "--x", "g", "--y", "y", "--bad-rows", "skip")
    assert fitline("grid", *words, "--theta0", "0:1:2", "--theta1", "0:1:2").returncode == 0


def test_a_line_that_is_no_object_has_no_level_and_no_group(
    fitline: Fitline, tmp_path: Path
) -> None:
    rows = [{"g": "AB"[nth % 2], "x": nth, "y": nth**2} for nth in range(6)]
    lines = [*map(json.dumps, rows), "[1, 2]", "x"]
    (tmp_path / "t.jsonl").write_text("\n".join(lines))
    words = ("t.jsonl", "--y", "y", "--bad-rows", "skip", "--format", "json")
    groups = json.loads(fitline("summary", *words, "--x", "x", "--by", "g").stdout)["groups"]
    assert [(one["group"], one["rows"]) for one in groups] == [("A", 3), ("B", 3)]
    done = fitline("evaluate", *words, "--x", "x,g", "--theta", "0,1,1", "--rows", "0")
    assert (
        json.loads(done.stdout)["data"] | {"rows": 6, "skipped": 2}
        == json.loads(done.stdout)["data"]
    )
