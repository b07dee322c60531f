"""`--folds` on the command line and in saved runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fitline.data import open_table
from fitline.data.division import Folds
from fitline.formatting import number
from fitline.results.summary import CrossValidationFacts

TOWN = Path(__file__).parents[2] / "data" / "town.csv"


@pytest.mark.parametrize("command", ["summary", "train --learning-rate auto"])
def test_it_is_told_beside_the_fit(
    fitline: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    words = (*command.split(), str(TOWN), "--x", "sqft,beds", "--y", "price", "--folds", "5")
    document = json.loads(fitline(*words, "--format", "json").stdout)
    with open_table(str(TOWN), ["sqft", "beds"], "price") as table:
        facts = CrossValidationFacts.of(table.moments(division=Folds(5, 0)))
    assert facts is not None
    assert document["cross_validation"]["rmses"] == facts.rmses
    told = [line for line in fitline(*words).stdout.splitlines() if line.startswith("5 folds")]
    assert len(told) == 1
    assert f"RMSE {number(facts.rmse)} ± {number(facts.spread, 3)}, R² " in told[0]


def test_a_run_in_folds_goes_on(fitline: Callable[..., Any]) -> None:
    words = (str(TOWN), "--x", "sqft,beds", "--y", "price", "--folds", "5", "--format", "json")
    whole = json.loads(fitline("train", *words, "--steps", "9").stdout)
    fitline("train", *words, "--steps", "4", "--run", "run")
    resumed = json.loads(fitline("resume", "run", "--steps", "9", "--format", "json").stdout)
    assert resumed["cross_validation"] == whole["cross_validation"]
    assert json.loads(fitline("show", "run", "--format", "json").stdout) == resumed


LEVELS = "k,x,y\nv,3,4.5\n" + "".join(f"u,{x},{x + 1 / x}\n" for x in range(1, 15))


@pytest.mark.parametrize("command", ["summary", "train", "train --summary", "compare --l2 0.1,0"])
@pytest.mark.parametrize(
    ("table", "x", "said", "advised"),
    [
        (
            "x,y\n1,2\n2,3\n",
            "x",
            "1 row cannot tell the slope of x",
            "leave the folds out, which take more rows than parameters",
        ),
        (
            "x,y\n47.62,4.18\n8.09,10.66\n3.13,8.56\n2.84,5.89\n-4.94,11.34\n53.37,8.12\n",
            "x",
            "1 row cannot tell the slope of x",
            "choose another --seed, as train and compare can",
        ),
    ],
)
def test_folds_without_which_there_is_no_one_fit_are_refused(
    fitline: Callable[..., Any], command: str, table: str, x: str, said: str, advised: str
) -> None:
    (fitline.folder / "t.csv").write_text(table)  # type: ignore[attr-defined]
    done = fitline(*command.split(), "t.csv", "--x", x, "--y", "y", "--folds", "2")
    assert done.returncode == 1
    *_, error, hint = done.stderr.splitlines()
    assert error.startswith("error: t.csv: without one of its 2 folds, ")
    assert error.endswith(said)
    assert hint == f"hint: {advised}"


@pytest.mark.parametrize("command", ["summary", "train", "compare --l2 0.1,0"])
def test_a_level_of_one_row_is_noted_where_its_fold_is_left_out(
    fitline: Callable[..., Any], command: str
) -> None:
    (fitline.folder / "t.csv").write_text(LEVELS)  # type: ignore[attr-defined]
    done = fitline(*command.split(), "t.csv", "--x", "k,x", "--y", "y", "--folds", "2")
    assert done.returncode == 0
    assert "folds, the other rows do not tell 'k=v' apart from other features; the slope is 0" in (
        done.stderr
    )


ROWS = ["1,5,10", "3,1,4", "4,9,30", "7,2,8", "9,6,15"]
TWO_FOLDS = ("--x", "x0,x1", "--y", "y", "--folds", "2")


def test_rows_outside_of_a_fold_are_as_many_as_they_count(
    fitline: Callable[..., Any], tmp_path: Path
) -> None:
    """Without one of the folds there are two rows of three parameters."""
    (tmp_path / "w.csv").write_text("\n".join(["x0,x1,y,w", *(f"{row},2" for row in ROWS)]))
    (tmp_path / "r.csv").write_text("\n".join(["x0,x1,y", *sorted(ROWS * 2)]))
    told = []
    for table in (["w.csv", "--weight", "w"], ["r.csv"]):
        done = fitline("summary", *table, *TWO_FOLDS, "--format", "json")
        told.append(json.loads(done.stdout)["cross_validation"])
        assert "the other rows do not tell 'x1' apart" in done.stderr
    assert told[0] == told[1]


def test_a_note_says_what_is_done(fitline: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("\n".join(["x0,x1,y", *ROWS]))
    for command in (["summary"], ["train"], ["compare", "--l2", "0,0.1"]):
        refused = fitline(*command, "t.csv", *TWO_FOLDS)
        assert refused.returncode == 1
        assert "note" not in refused.stderr
    for command in (["compare", "--l2", "0.1,0.3"], ["train", "--l2", "0.1"]):
        determined = fitline(*command, "t.csv", *TWO_FOLDS, "--steps", "2")
        assert determined.returncode == 0
        assert "note" not in determined.stderr
