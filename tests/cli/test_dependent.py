"""Parameters that no minimum determines are told wherever a minimum is."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Fitline = Callable[..., Any]

TABLE = "a,b,twice,sum,same,y\n1,2,2,4,7,3\n2,1,4,4,7,5\n3,5,6,9,7,8\n4,4,8,9,7,9\n6,2,12,9,7,4\n"
TABLE += "7,1,14,9,7,2\n"

CASES = [
    ("a,b", ""),
    ("a,b,twice", ""),
    ("twice,b,a", ""),
    ("b,a,sum", ""),
    ("a,b,same", ""),
    ("a,b,same", "--no-intercept"),
    ("a,b,twice,same", ""),
    ("a,b,twice", "--cost huber"),
    ("a,b,twice", "--l2 0.1"),
]


@pytest.mark.parametrize(("x", "options"), CASES)
def test_they_are_told_beside_a_minimum_as_by_train(
    fitline: Fitline, x: str, options: str
) -> None:
    (fitline.folder / "t.csv").write_text(TABLE)  # type: ignore[attr-defined]
    table = ["t.csv", "--x", x, "--y", "y", *options.split()]
    trained = json.loads(fitline("train", *table, "--steps", "9", "--format", "json").stdout)
    is_open = [one["minimum"] is None for one in trained["coefficients"]]
    theta = ["--theta", ",".join("0" for _ in is_open)]
    for command in (["evaluate", *theta], ["evaluate", *theta, *theta], ["compare", "--steps=9"]):
        words = [command[0], *table, *command[1:]]
        shown = fitline(*words).stdout
        line = next(line for line in shown.splitlines() if line.startswith("minimum "))
        told = [part.endswith("= any") for part in line.partition(" at ")[2].split(", θ")]
        assert told == is_open
        assert ("not determined" in shown) == any(is_open)
        document = json.loads(fitline(*words, "--format", "json").stdout)
        assert document.get("dependent", []) == trained["dependent"]
        assert None not in document["minimum"]["theta"]


def test_they_are_not_told_where_no_minimum_is(fitline: Fitline) -> None:
    (fitline.folder / "t.csv").write_text(TABLE)  # type: ignore[attr-defined]
    table = ("t.csv", "--x", "a,b,twice", "--y", "y")
    assert fitline("train", *table, "--save", "m.json").returncode == 0
    alone = fitline("evaluate", "t.csv", "--model", "m.json")
    assert "determined" not in alone.stdout
    assert "any" in fitline("evaluate", "t.csv", "--model", "m.json", "--minimum").stdout
