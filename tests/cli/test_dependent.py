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


OFF = "depend on where the descent began"
RELATIONS = [
    ("a,b", "", None),
    ("a,b,twice", "", "twice = 2 × a holds in all rows"),
    ("twice,a", "--cost huber", "a = 0.5 × twice holds in all rows"),
    ("a,same", "", "same = 7 holds in all rows"),
    ("a,b,twice,same", "", "twice = 2 × a and 1 more relation hold in all rows"),
    ("a,b,twice", "--l2 0.1", None),
]


@pytest.mark.parametrize(("x", "options", "said"), RELATIONS)
def test_a_saved_model_says_of_which_rows_it_knows_nothing(
    fitline: Fitline, x: str, options: str, said: str | None
) -> None:
    (fitline.folder / "t.csv").write_text(TABLE)  # type: ignore[attr-defined]
    (fitline.folder / "other.csv").write_text(TABLE.rpartition("7,1")[0])  # type: ignore[attr-defined]
    words = ["t.csv", "--x", x, "--y", "y", "--save", "m.json", *options.split()]
    assert fitline("train", *words).returncode == 0
    values = (f"{name}=3" for name in x.split(","))
    for command in (("predict", "t.csv"), ("predict", *values), ("evaluate", "other.csv")):
        told = fitline(*command, "--model", "m.json").stderr
        assert (OFF in told) == (said is not None)
        assert said is None or f"note: {said} that m.json was trained on; predictions" in told
    own = fitline("evaluate", "t.csv", "--model", "m.json")
    assert OFF not in own.stderr, "it was trained on these rows"
    with_theta = fitline("predict", "t.csv", "--theta", ",".join("1" * (2 + x.count(","))))
    assert OFF not in with_theta.stderr


def test_models_of_groups_say_in_which_of_them_nothing_is_known(fitline: Fitline) -> None:
    rows = [
        f"{kind},{n},{2 * n if kind == 'q' else n * n},{0 if kind == 'r' else 1 + n % 3}"
        f",{4 if kind == 's' else n % 5},{n % 7}"
        for n in range(9)
        for kind in "pqrs"
    ]
    (fitline.folder / "t.csv").write_text("\n".join(["kind,a,b,c,d,y", *rows, ""]))  # type: ignore[attr-defined]
    words = ["--x", "a,b,c,d", "--y", "y", "--by", "kind", "--save", "m.json"]
    fitline("train", "t.csv", *words, "--learning-rate", "auto")
    groups = json.loads((fitline.folder / "m.json").read_text())["model"]["groups"]  # type: ignore[attr-defined]
    assert groups["dependent"] == {
        "q": [{"feature": "b", "constant": 0.0, "equals": {"a": 2.0}}],
        "s": [{"feature": "d", "constant": 4.0, "equals": {}}],
    }, "of a feature that is 0 in all rows no other value is predicted"
    told = fitline("predict", "t.csv", "--model", "m.json").stderr
    assert (
        "note: b = 2 × a holds in all rows of the group 'q' that m.json was trained on, and others"
        " do in 1 more group; predictions" in told
    )
    assert fitline("predict", "t.csv", "--model", "m.json", "--quiet").stderr == ""
