"""`--weight` where every row is held in memory: robust costs, mini-batches and the page."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

import fitline as library
from fitline import memory
from fitline.optimize.losses import Huber
from fitline.page.payload import lesson_of

Fitline = Callable[..., Any]

DRAW = np.random.default_rng(8)
X = DRAW.uniform(0, 10, 40)
Y = 5 + 2 * X + DRAW.standard_cauchy(40)
W = DRAW.uniform(0.1, 3, 40)
TABLE = {"a": X, "y": Y, "w": W}
WORDS = ("t.csv", "--x", "a", "--y", "y", "--weight", "w")


@pytest.fixture(autouse=True)
def _table(tmp_path: Path) -> None:
    write(tmp_path, "t.csv", W)


def write(folder: Path, name: str, weights: np.ndarray) -> None:
    rows = zip(X.tolist(), Y.tolist(), weights.tolist(), strict=True)
    lines = ["a,y,w", *(",".join(map(repr, row)) for row in rows)]
    (folder / name).write_text("\n".join(lines))


def told(fitline: Fitline, *words: str) -> Any:
    done = fitline(*words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("holdout", [None, 0.3])
def test_a_training_ends_where_scipy_finds_the_weighted_minimum(holdout: float | None) -> None:
    run = library.train(
        TABLE, x="a", y="y", weight="w", cost="huber", cost_scale=1.5, holdout=holdout
    )
    rows = run.training.table.rows(run.training.moments)
    assert len(rows.y) == run.training.moments.rows

    def level(theta: Any) -> float:
        losses = Huber(1.5).value(rows.y - theta[0] - theta[1] * rows.x[0])
        return float(np.average(losses, weights=rows.weights))

    known = minimize(level, [5, 2], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13})
    assert run.last.theta == pytest.approx(known.x, abs=1e-6)
    assert run.last.cost == pytest.approx(known.fun, rel=1e-9)
    assert run.stop_reason is library.StopReason.CONVERGED


def test_the_validation_cost_weighs_the_rows_that_are_held_out() -> None:
    run = library.train(TABLE, x="a", y="y", weight="w", cost="absolute", holdout=0.3)
    held = run.training.moments.held_out
    assert held is not None
    rows = run.training.table.rows(held.moments, held_out=True)
    errors = np.abs(rows.y - run.last.theta[0] - run.last.theta[1] * rows.x[0])
    scale = run.training.landscape.scale
    assert scale is not None
    assert rows.weights is not None
    own = scale * float(np.average(errors, weights=rows.weights))
    assert run.last.validation_cost == pytest.approx(own, rel=1e-12)
    assert {*rows.weights} <= {*W}


@pytest.mark.parametrize("words", ["", "--cost huber", "--cost cauchy --starts 3"])
def test_batches_that_hold_all_rows_are_none(fitline: Fitline, words: str) -> None:
    options = (*WORDS, "--steps", "30", "--learning-rate", "0.1", *words.split())
    found = [
        told(fitline, "train", *options, *batches) for batches in ((), ("--batch-size", "40"))
    ]
    assert found[0]["trace"] == found[1]["trace"]


@pytest.mark.parametrize(
    "words",
    [
        *(
            "train --cost absolute",
            "train --cost huber --holdout 0.4",
            "train --batch-size 7 --steps 99",
        ),
        *("train --cost cauchy --batch-size 7 --starts 3 --steps 50", "grid --cost absolute"),
        *(
            "landscape --cost cauchy",
            "rates --cost huber --steps 50",
            "rates --batch-size 9 --steps 50",
        ),
        *("compare --cost huber --learning-rate 0.1,0.3", "evaluate --cost cauchy --theta 5,2"),
    ],
)
def test_precisions_that_are_all_equal_change_nothing(
    fitline: Fitline, tmp_path: Path, words: str
) -> None:
    write(tmp_path, "t.csv", np.full(40, 0.25))
    command, *options = words.split()
    found = []
    for weight in (("--weight", "w"), ()):
        result = told(fitline, command, *WORDS[:-2], *options, *weight)
        for one in (result, *result.get("runs", [])):
            for name in ("data", "config", "seconds"):
                one.pop(name, None)
        found.append(result)
    assert found[0] == found[1]


def test_a_saved_run_goes_on_with_its_weights_and_notices_others(
    fitline: Fitline, tmp_path: Path
) -> None:
    options = (*WORDS, "--cost", "cauchy", "--batch-size", "9", "--learning-rate", "0.1")
    whole = told(fitline, "train", *options, "--steps", "9")
    fitline("train", *options, "--steps", "4", "--run", "run")
    resumed = told(fitline, "resume", "run", "--steps", "9")
    assert (resumed["theta"], resumed["trace"][-1]) == (whole["theta"], whole["trace"][-1])
    own = W.copy()
    own[[0, 1]] = own[[1, 0]]
    write(tmp_path, "t.csv", own)
    refused = fitline("resume", "run", "--steps", "12").stderr
    assert "the table has changed since the run began" in refused


@pytest.mark.parametrize("kind", ["counts", "precisions"])
@pytest.mark.parametrize(
    "words",
    ["", "--cost huber --cost-scale 2", "--batch-size 3", "--batch-size 3 --cost absolute"],
)
def test_an_update_by_hand_adds_up_what_the_rows_weigh(
    fitline: Fitline, tmp_path: Path, words: str, kind: str
) -> None:
    rows = [(1, 3, 2), (2, 5, 1), (3, 4, 1), (5, 9, 4), (8, 9, 3)]
    divisor = 1 if kind == "counts" else 8
    lines = [f"{x},{y},{w / divisor}" for x, y, w in rows]
    (tmp_path / "h.csv").write_text("\n".join(["a,y,w", *lines]))
    options = ("train", "h.csv", *WORDS[1:], "--scaling", "none", "--theta", "1,1", "--steps", "1")
    options = (*options, *words.split(), "--explain", "1", "--learning-rate", "0.1")
    (one, *_) = told(fitline, *options)["explained"]
    pulls = [row["pull"] for row in one["rows"]]
    if one["row_count"] == len(pulls):
        x = [row["x"] for row in one["rows"]]
        sums = [sum(pulls), sum(pull * value for pull, value in zip(pulls, x, strict=True))]
        assert one["sums"] == pytest.approx(sums, rel=1e-12)
        weights = [row["weight"] for row in one["rows"]]
        is_part = kind == "precisions" and "batch" in words
        whole = len(weights) * 11 / divisor / len(rows) if is_part else sum(weights)
        assert one["weight"] == pytest.approx(whole, rel=1e-12)
        known = {w / divisor for *_, w in rows} if kind == "precisions" or not words else {1.0, *W}
        assert all(min(abs(own - w) for w in {*known, 2.0, 3.0, 4.0}) < 1e-12 for own in weights)
    factor = 1 if "cost" in words else 2
    slopes = [-factor * total / one["weight"] for total in one["sums"]]
    assert one["gradient"] == pytest.approx(slopes, rel=1e-11)
    shown = fitline(*options).stdout
    assert f"w × {'slope' if 'cost' in words else 'error'}" in shown
    is_repeated = kind == "counts" and "batch" in words
    assert ("1, since a row is drawn as often as w counts it" in shown) == is_repeated


@pytest.mark.parametrize("words", ["--cost huber", "--batch-size 2"])
def test_counts_that_do_not_fit_are_refused_and_the_advice_works(
    fitline: Fitline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    (tmp_path / "c.csv").write_text("a,y,w\n1,3,30\n2,5,20\n3,4,10\n4,9,20\n")
    options = ("train", "c.csv", *WORDS[1:], *words.split())
    monkeypatch.setattr(memory, "LITTLE", 0)
    monkeypatch.setattr(memory, "available", lambda: 1000)
    refused = fitline(*options).stderr.replace("\n", " ")
    assert "its 4 rows, 80 as w counts them, take 7.68 kB of memory" in refused
    advice = re.search(r"but once with (--weights-are \w+);", refused)
    assert advice
    assert told(fitline, *options, *advice[1].split())["data"]["rows"] == 4


def test_counts_that_are_held_out_must_fit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 10**7)
    run = library.train(TABLE, x="a", y="y", cost="huber", holdout=0.3)
    held = run.training.table.rows(run.training.moments, held_out=True).y
    counts = np.where(np.isin(Y, held), 10**6, 1)
    with pytest.raises(library.DataError, match="as w counts them, take"):
        library.train({**TABLE, "w": counts}, x="a", y="y", weight="w", cost="huber", holdout=0.3)


@pytest.mark.parametrize("cost", ["squared", "huber"])
def test_the_page_is_told_of_the_weights(cost: Any) -> None:
    run = library.train(TABLE, x="a", y="y", weight="w", cost=cost)
    lesson = lesson_of(run.training)
    assert (lesson["weight"], lesson["points"]["weights"]) == ("w", W.tolist())
    plain = lesson_of(library.train(TABLE, x="a", y="y", cost=cost).training)
    assert (plain["weight"], plain["points"]["weights"]) == (None, None)


def test_a_few_rows_that_are_counted_very_often_are_refused_and_the_advice_works(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "c.csv").write_text("a,y,w\n0,0,9000000\n1,1,8000000\n2,2.5,1\n3,2,30000000\n")
    for words in ("--cost huber", "--batch-size 2", "--cost absolute"):
        options = ("train", "c.csv", *WORDS[1:], *words.split())
        refused = fitline(*options).stderr.replace("\n", " ")
        assert "its 4 rows, 47,000,001 as w counts them, would be held in memory" in refused
        advice = re.search(r"for the same minimum: (--weights-are \w+)", refused)
        assert advice
        assert told(fitline, *options, *advice[1].split())["data"]["rows"] == 4


@pytest.mark.parametrize("cost", ["huber", "absolute", "cauchy"])
@pytest.mark.parametrize("weight", [None, 1.0, 0.5])
def test_one_row_has_a_fit_through_the_origin(cost: Any, weight: float | None) -> None:
    data = {"a": [1.0], "b": [2.0], "y": [3.0], **({"w": [weight]} if weight else {})}
    own: Any = {"weight": "w"} if weight else {}
    run = library.train(data, x=("a", "b"), y="y", cost=cost, intercept=False, **own)
    assert run.minimum.cost == 0
