"""`--weight`: rows that count more than others, as often as equal rows would."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from fitline import Config, DataError, summary

Fitline = Callable[..., Any]

DIABETES = Path(__file__).parents[1] / "diabetes.csv"

# Of statsmodels 0.15.0 on these rows with weights = age / 10: WLS(y, X, weights).fit(), and with
# cov_type="HC3"; the ends are of get_prediction at bmi 25, bp 90, s5 4.5.
PARAMS = [-358.4022476000829, 6.6983349195517805, 1.0019737297573512, 51.33046563296524]
ERRORS = {
    "classical": [26.066800487497698, 0.7003487628960149, 0.21366348571906066, 5.8066954024756665],
    "hc3": [21.561353445026892, 0.7369034260033495, 0.22494922777639312, 5.873416247731696],
}
FIT = {
    "residual_standard_error": 121.44431803953847,
    "r2": 0.49654265593084135,
    "adjusted_r2": 0.4930943179577649,
    "degrees_of_freedom": 438,
}
ENDS = {
    "interval": (-108.5347714592765, 368.97648428971013),
    "confidence": (124.45681230688488, 135.98490052354873),
}
CHOSEN = ("--x", "bmi,bp,s5", "--y", "progress", "--weight", "w")


@pytest.fixture
def _diabetes(tmp_path: Path) -> None:
    names, *rows = DIABETES.read_text().splitlines()
    weighted = [f"{row},{int(row.split(',')[0]) / 10}" for row in rows]
    (tmp_path / "d.csv").write_text("\n".join([f"{names},w", *weighted]))


@pytest.fixture(autouse=True)
def _tables(tmp_path: Path) -> None:
    """Write a table with counts, one with its rows repeated, and one without its weights."""
    draw = np.random.default_rng(4)
    a, b = draw.integers(0, 30, 24), np.round(draw.normal(size=24) * 5, 2)
    y = np.round(3 * a - b + draw.normal(size=24), 1)
    counts = [*draw.integers(1, 4, 22).tolist(), 0, 5]
    rows = list(zip(a.tolist(), b.tolist(), y.tolist(), counts, strict=True))
    lines = ["a,b,y,w", *(",".join(map(str, row)) for row in rows)]
    (tmp_path / "w.csv").write_text("\n".join(lines))
    repeated = [f"{a},{b},{y}" for a, b, y, count in rows for _ in range(count)]
    (tmp_path / "r.csv").write_text("\n".join(["a,b,y", *repeated]))


def told(fitline: Fitline, *words: str) -> Any:
    done = fitline(*words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def without_rows(result: dict[str, Any]) -> dict[str, Any]:
    """Leave out what tells of the table, the time, and the options."""
    own = {"data", "config", "seconds", "rows", "validation", "test"}
    kept = {key: value for key, value in result.items() if key not in own}
    for name in ("validation", "test"):
        if name in result:
            kept[name] = {**result[name], "rows": 0, "source": "", "skipped": 0}
    return kept


@pytest.mark.parametrize(
    "words",
    [
        *("train --x a", "train --x a,b --learning-rate auto", "train --x a --no-intercept"),
        *("train --x a,b --l2 0.1", "train --x a,b --l1 0.5", "train --x a,b --holdout 0.4"),
        "train --x a,b --folds 3 --summary",
        "train --x a,b --scaling none --learning-rate 1e-4 --steps 50",
        *("train --x a --optimizer adam", "train --x a --starts 3", "train --x a --line-search"),
        *("summary --x a", "summary --x a,b --folds 4"),
        *("summary --x a,b --no-intercept", "grid --x a", "landscape --x a,b"),
        "rates --x a --steps 50",
        *("compare --x a --learning-rate 0.1,0.3 --steps 9", "compare --l2 0,0.1 --folds 3"),
        *("evaluate --x a,b --theta 0,3,-1 --rows 0", "train --x a,b --test T"),
        *("train --x a --cost huber", "train --x a,b --cost absolute --learning-rate auto"),
        *("train --x a --cost cauchy --starts 9", "train --x a,b --cost cauchy --holdout 0.4"),
        *("train --x a --cost cauchy --line-search", "train --x a,b --cost huber --no-intercept"),
        *(
            "train --x a --batch-size 7 --steps 99",
            "train --x a,b --batch-size 5 --cost huber --holdout 0.4 --steps 50",
        ),
        *(
            "train --x a --batch-size 40 --steps 99",
            "train --x a --cost absolute --patience 3 --holdout 0.4",
        ),
        *("grid --x a --cost huber", "landscape --x a --cost cauchy", "grid --cost absolute"),
        *("rates --x a --cost huber --steps 50", "rates --x a --batch-size 9 --steps 9"),
        *("compare --cost cauchy --learning-rate 0.1,0.3", "compare --batch-size 5,9 --steps 9"),
        *("evaluate --theta 0,3,-1 --cost huber --rows 0", "train --cost huber --test T"),
    ],
)
def test_a_row_of_weight_3_is_that_row_three_times(fitline: Fitline, words: str) -> None:
    command, *options = words.split()
    if "--x" not in options:
        options += ["--x", "a,b"]
    options += ["--y", "y"]
    found = []
    for table, weight in (("w.csv", ["--weight", "w"]), ("r.csv", [])):
        own = [table if word == "T" else word for word in options]
        result = told(fitline, command, table, *own, *weight)
        for run in result.get("runs", []):
            run.pop("seconds"), run.pop("config")
        found.append(without_rows(result))
    assert found[0] == found[1]


def test_counts_have_the_robust_errors_of_equal_rows(fitline: Fitline) -> None:
    words = ("--x", "a,b", "--y", "y", "--robust-errors", "hc3")
    found = [
        [one["standard_error"] for one in told(fitline, "summary", *table, *words)["coefficients"]]
        for table in (("w.csv", "--weight", "w"), ("r.csv",))
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-13)


@pytest.mark.usefixtures("_diabetes")
@pytest.mark.parametrize("errors", ERRORS)
def test_precisions_are_those_of_weighted_least_squares(fitline: Fitline, errors: str) -> None:
    robust = ["--robust-errors", "hc3"] if errors == "hc3" else []
    found = told(fitline, "summary", "d.csv", *CHOSEN, *robust)
    coefficients = found["coefficients"]
    assert [one["theta"] for one in coefficients] == pytest.approx(PARAMS, rel=1e-11)
    errors_found = [one["standard_error"] for one in coefficients]
    assert errors_found == pytest.approx(ERRORS[errors], rel=1e-10)
    assert {name: found[name] for name in FIT} == pytest.approx(FIT, rel=1e-10)
    assert found["data"]["weight"] == {
        "column": "w",
        "total": pytest.approx(2144.5),
        "observations": 442,
        "left_out": 0,
    }


@pytest.mark.usefixtures("_diabetes")
@pytest.mark.parametrize("which", ENDS)
def test_intervals_are_those_of_weighted_least_squares(fitline: Fitline, which: str) -> None:
    fitline("train", "d.csv", *CHOSEN, "--learning-rate", "auto", "--save", "m.json")
    values = ("bmi=25", "bp=90", "s5=4.5", "--model", "m.json", f"--{which}", "0.95")
    (found,) = told(fitline, "predict", *values)["predictions"]
    low, high = (value for key, value in found.items() if key.endswith(("low", "high")))
    assert (low, high) == pytest.approx(ENDS[which], rel=1e-9)


def test_whole_numbers_may_be_precisions(fitline: Fitline) -> None:
    words = ("summary", "w.csv", "--x", "a", "--y", "y", "--weight", "w")
    counts, precisions = (
        told(fitline, *words, "--weights-are", kind) for kind in ("counts", "precisions")
    )
    assert counts["data"]["weight"]["observations"] == counts["data"]["weight"]["total"]
    assert precisions["data"]["weight"]["observations"] == precisions["data"]["rows"] == 23
    assert precisions["degrees_of_freedom"] == 21
    assert [one["theta"] for one in precisions["coefficients"]] == [
        one["theta"] for one in counts["coefficients"]
    ]


@pytest.mark.parametrize("name", ["w.csv", "w.jsonl", "w.parquet"])
def test_a_weight_that_is_none_is_a_bad_row(fitline: Fitline, tmp_path: Path, name: str) -> None:
    why = {
        "-1": "w is '-1', not a weight, which is 0 or more",
        "x": "w is 'x', not a number",
        "": "w is missing",
        "inf": "w is 'inf', not a finite number",
    }
    rows = [("1", "3", "1"), *(("2", "5", weight) for weight in why)]
    rows += [("3", "6", "2"), ("4", "9", "0.5")]
    table = pl.DataFrame(rows, schema=["x", "y", "w"], orient="row")
    write = {"csv": table.write_csv, "jsonl": table.write_ndjson, "parquet": table.write_parquet}
    write[name.partition(".")[2]](tmp_path / name)
    words = ("summary", name, "--x", "x", "--y", "y", "--weight", "w")
    done = fitline(*words)
    assert done.returncode == 1
    assert [reason for reason in why.values() if reason not in done.stderr] == []
    assert told(fitline, *words, "--bad-rows", "skip")["data"]["skipped"] == len(why)


def test_negative_numbers_of_parquet_are_no_weights(fitline: Fitline, tmp_path: Path) -> None:
    table = pl.DataFrame({"x": [1, 2, 3, 4], "y": [3, 5, 6, 9], "w": [1.0, -2.0, 3.0, 1.0]})
    table.write_parquet(tmp_path / "w.parquet")
    words = ("summary", "w.parquet", "--x", "x", "--y", "y", "--weight", "w")
    assert "w is '-2.0', not a weight" in fitline(*words).stderr
    assert told(fitline, *words, "--bad-rows", "skip")["rows"] == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("train --weights-are precisions --weight", "--weights-are: there are no weights"),
        ("train --weight nowhere", "no column 'nowhere'"),
        (
            "train --weights-are counts --weight b",
            "b does not count rows: counts are whole numbers",
        ),
    ],
)
def test_what_does_not_go_with_weights_is_said(fitline: Fitline, words: str, said: str) -> None:
    command, *options = words.split()
    options = ["w.csv", *options]
    if options[-1] == "--weight":
        options = options[:-1]
    elif "--weight" not in options:
        options += ["--weight", "w"]
    options += ["--bad-rows", "skip"]
    done = fitline(command, *options, "--x", "a", "--y", "y")
    assert done.returncode in {1, 2}
    assert said.replace("weight:", "--weight:") in done.stderr or said in done.stderr


@pytest.mark.parametrize("weights", ["w", "half"])
def test_a_step_by_hand_adds_up_what_the_rows_weigh(
    fitline: Fitline, tmp_path: Path, weights: str
) -> None:
    rows = [(1, 3, 2), (2, 5, 0), (3, 4, 1), (5, 9, 4), (8, 9, 3)]
    lines = [f"{x},{y},{w},{w / 2}" for x, y, w in rows]
    (tmp_path / "h.csv").write_text("\n".join(["a,error,w,half", *lines]))
    words = ("train", "h.csv", "--x", "a", "--y", "error", "--theta", "1,1", "--scaling", "none")
    words = (*words, "--weight", weights, "--steps", "1", "--explain", "1")
    (one,) = told(fitline, *words)["explained"]
    used = [(x, y, w if weights == "w" else w / 2) for x, y, w in rows if w]
    assert one["own_rows"] == [[x, y] for x, y, _ in used]
    assert [row["weight"] for row in one["rows"]] == [w for *_, w in used]
    pulls = [w * (y - 1 - x) for x, y, w in used]
    sums = [sum(pulls), sum(pull * x for pull, (x, *_) in zip(pulls, used, strict=True))]
    assert one["sums"] == pytest.approx(sums, rel=1e-12)
    whole = sum(w for *_, w in used)
    assert one["gradient"] == pytest.approx([-2 * one / whole for one in sums], rel=1e-12)
    shown = fitline(*words).stdout
    assert f"w           {weights}, the weight of a row, of which all have {whole:g}\n" in shown
    assert re.search(r"\n *a  error  prediction  error +w  w × error  w × error × x\n", shown)
    assert re.search(r"\n *8      9           9      0 ", shown)
    assert f"∂J/∂θ1             −2/{whole:g} × " in shown


def test_a_saved_run_and_model_remember_their_weights(fitline: Fitline) -> None:
    words = ("train", "w.csv", "--x", "a", "--y", "y", "--weight", "w")
    whole = told(fitline, *words, "--steps", "9")
    fitline(*words, "--steps", "4", "--run", "run", "--save", "m.json")
    resumed = told(fitline, "resume", "run", "--steps", "9")
    assert (resumed["theta"], resumed["trace"][-1]) == (whole["theta"], whole["trace"][-1])
    own = told(fitline, "evaluate", "--model", "m.json")
    saved = told(fitline, *words, "--steps", "4")
    assert own["points"][0]["cost"] == pytest.approx(saved["cost"], rel=1e-12)
    plain = fitline("evaluate", "w.csv", "--model", "m.json", "--y", "y")
    assert "has changed" not in plain.stderr


def test_batches_are_of_so_many_rows_as_the_weights_count(fitline: Fitline) -> None:
    words = ("train", "w.csv", "--x", "a", "--y", "y", "--weight", "w", "--steps", "2")
    shown = fitline(*words, "--batch-size", "40").stdout
    assert "40 rows each, 2 updates an epoch" in shown
    assert "batches" not in fitline(*words, "--batch-size", "200").stdout


@pytest.mark.parametrize("command", ["rates --steps 3", "landscape"])
def test_counts_that_are_many_rows_are_looked_at_by_a_sample(
    fitline: Fitline, tmp_path: Path, command: str
) -> None:
    words = (*command.split(), "--x", "a", "--y", "y", "--cost", "huber", "--weight", "w")
    lines = [f"{a},{a * a % 7},3000" for a in range(12)]
    (tmp_path / "many.csv").write_text("\n".join(["a,y,w", *lines]))
    assert "20,000 of the 36,000 rows" in fitline(*words, "many.csv").stdout
    assert "20,000" not in fitline(*words, "w.csv").stdout


def test_a_pattern_passes_over_the_weights_and_groups(fitline: Fitline) -> None:
    words = ("summary", "w.csv", "--x", "*", "--y", "y", "--weight", "w")
    assert told(fitline, *words)["data"]["x"] == ["a", "b"]
    assert told(fitline, *words, "--by", "b")["data"]["x"] == ["a"]


def test_rows_of_weight_0_count_nowhere(fitline: Fitline) -> None:
    done = fitline("evaluate", "w.csv", "--x", "a", "--y", "y", "--theta", "0,3", "--weight", "w")
    assert "1 row of weight 0 left out" in done.stderr
    assert done.stdout.startswith("table  w.csv: 23 rows weighted by w (")


def test_weights_too_large_to_count_are_precisions(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("a,w,y\n1,1e160,3\n2,1e160,5\n3,1e160,4\n")
    words = ("summary", "h.csv", "--x", "a", "--y", "y", "--weight", "w")
    assert told(fitline, *words)["degrees_of_freedom"] == 1
    done = fitline(*words, "--weights-are", "counts")
    assert (done.returncode, done.stdout) == (1, "")
    assert "counts are whole numbers, and at most 9e15 together" in done.stderr


def test_weights_beyond_all_squares_are_named(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("a,w,y\n1,1e300,3\n2,1e300,5\n3,1e300,4\n")
    done = fitline("summary", "h.csv", "--x", "a", "--y", "y", "--weight", "w")
    assert "the numbers, or the weights in w, are too large or too small" in done.stderr


def test_a_table_without_weights_is_tested_as_is_advised(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("a,y\n1,3\n2,5\n3,4\n")
    words = ("train", "w.csv", "--x", "a", "--y", "y", "--weight", "w")
    refused = fitline(*words, "--test", "new.csv", "--save", "FILE.json").stderr
    _, command, _ = re.split("(?<=by )fitline |, of a model that ", refused.replace("\n", " "))
    fitline(*words, "--save", "FILE.json")
    assert told(fitline, *command.split())["data"]["rows"] == 3


@pytest.mark.parametrize("least", ["1e-25", "1e-200"])
def test_weights_too_far_apart_are_refused(fitline: Fitline, tmp_path: Path, least: str) -> None:
    rows = ["1,2,1,3", "2,4,1,5", "3,6,1,4", f"5,9,{least},9", f"7,1,{least},10"]
    (tmp_path / "d.csv").write_text("\n".join(["a,b,w,y", *rows]))
    words = ("summary", "d.csv", "--x", "a,b", "--y", "y", "--weight", "w")
    assert "beside which the smallest weights tell nothing" in fitline(*words).stderr
    text = (tmp_path / "d.csv").read_text().replace(least, "1e-23")
    (tmp_path / "d.csv").write_text(text)
    assert told(fitline, *words)["dependent"] == []


def test_counts_choose_the_base_level(fitline: Fitline, tmp_path: Path) -> None:
    rows = [("a", 1, 2, 1), ("a", 2, 3, 1), ("b", 1, 5, 4), ("a", 4, 4, 1), ("b", 3, 9, 2)]
    lines = [f"{level},{x},{y},{w}" for level, x, y, w in rows]
    (tmp_path / "l.csv").write_text("\n".join(["g,x,y,w", *lines]))
    repeated = [f"{level},{x},{y}" for level, x, y, w in rows for _ in range(w)]
    (tmp_path / "lr.csv").write_text("\n".join(["g,x,y", *repeated]))
    words = ("--x", "g,x", "--y", "y", "--l2", "0.1")
    weighted = told(fitline, "train", "l.csv", *words, "--weight", "w")
    plain = told(fitline, "train", "lr.csv", *words)
    assert weighted["data"]["x"] == plain["data"]["x"] == ["g=a", "x"]
    assert weighted["theta"] == plain["theta"]
    precise = told(
        fitline, "train", "l.csv", *words, "--weight", "w", "--weights-are", "precisions"
    )
    assert precise["data"]["x"] == ["g=b", "x"]


def test_models_of_other_readings_are_not_evaluated_together(fitline: Fitline) -> None:
    words = ("train", "w.csv", "--x", "a", "--y", "y", "--steps", "5")
    fitline(*words, "--save", "plain.json")
    fitline(*words, "--weight", "w", "--save", "weighted.json")
    both = ("evaluate", "--model", "plain.json", "--model", "weighted.json")
    assert "--weight is not the same" in fitline(*both).stderr
    assert fitline(*both, "--weight", "w").returncode == 0
    assert fitline("evaluate", "w.csv", *both[1:]).returncode == 0


def test_the_worst_counted_rows_are_those_of_equal_rows(fitline: Fitline) -> None:
    words = ("--x", "a,b", "--y", "y", "--theta", "0,3,-1", "--worst", "60")
    weighted = told(fitline, "evaluate", "w.csv", *words, "--weight", "w")
    plain = told(fitline, "evaluate", "r.csv", *words)
    quantiles = [[one["error"] for one in each["quantiles"]] for each in (weighted, plain)]
    assert quantiles[0] == pytest.approx(quantiles[1], rel=1e-13)
    assert len(weighted["worst"]) == 23
    lines = {row["line"] for row in weighted["worst"]}
    assert lines == {*range(2, 26)} - {24}  # the row of weight 0
    kept = ("x", "y", "error", "leverage", "cooks_distance")
    found = [[row[name] for name in kept] for row in weighted["worst"]]
    repeated = [[row[name] for name in kept] for row in plain["worst"]]
    assert [one for one in repeated if one in found] == repeated
    assert [one for nth, one in enumerate(repeated) if one not in repeated[:nth]] == found


@pytest.mark.usefixtures("_diabetes")
def test_the_leverage_of_a_precise_row_is_that_of_weighted_least_squares(
    fitline: Fitline, tmp_path: Path
) -> None:
    theta = ",".join(map(str, PARAMS))
    words = ("evaluate", "d.csv", *CHOSEN, "--theta", theta, "--worst", "5")
    worst = told(fitline, *words)["worst"]
    table = pl.read_csv(tmp_path / "d.csv", infer_schema_length=None)
    weights = table["w"].to_numpy()
    x = np.column_stack([np.ones(442), *(table[name].to_numpy() for name in ("bmi", "bp", "s5"))])
    y = table["progress"].to_numpy()
    root = x * np.sqrt(weights)[:, None]
    hats = np.einsum("ij,jk,ik->i", root, np.linalg.inv(root.T @ root), root)
    errors = y - x @ np.array(PARAMS)
    spread = (weights * errors**2).sum() / 438
    cooks = weights * errors**2 * hats / (1 - hats) ** 2 / (4 * spread)
    order = np.argsort(-np.abs(errors))[:5]
    assert [row["line"] - 2 for row in worst] == order.tolist()
    assert [row["leverage"] for row in worst] == pytest.approx(hats[order], rel=1e-9)
    assert [row["cooks_distance"] for row in worst] == pytest.approx(cooks[order], rel=1e-9)


def test_a_single_row_of_weight_3_is_that_row_three_times(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "w.csv").write_text("g,x,z,y,w\na,1,4,2,3\nb,1,2,3,1\nb,2,2,5,1\n")
    (tmp_path / "r.csv").write_text("g,x,z,y\n" + "a,1,4,2\n" * 3 + "b,1,2,3\nb,2,2,5\n")
    words = ("--x", "x,z", "--y", "y", "--by", "g", "--format", "json")
    weighted = fitline("summary", "w.csv", "--weight", "w", *words)
    repeated = fitline("summary", "r.csv", *words)
    found, other = (json.loads(done.stdout)["groups"] for done in (weighted, repeated))
    assert [{**one, "rows": 0} for one in found] == [{**one, "rows": 0} for one in other]


SOURCES: dict[str, Callable[[pl.DataFrame, Path], object]] = {
    "t.csv": lambda rows, path: path.write_text(rows.write_csv()),
    "t.jsonl": lambda rows, path: path.write_text(
        re.sub(r":(nan|inf|-inf)", r':"\1"', "".join(f"{{{one}}}\n" for one in _objects(rows)))
    ),
    "t.parquet": lambda rows, path: rows.write_parquet(path),
}


def _objects(rows: pl.DataFrame) -> list[str]:
    return [
        ",".join(f'"{name}":{value}' for name, value in one.items()) for one in rows.to_dicts()
    ]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("column", ["x", "y", "w"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_bad_row_is_bad_whatever_it_weighs(
    fitline: Fitline, tmp_path: Path, source: str, column: str, value: float
) -> None:
    last = {"x": 4.0, "y": 5.0, "w": 0.0, column: value}
    rows = pl.DataFrame({"x": [1.0, 2, 3], "y": [2.0, 3, 7], "w": [1.0, 0, 1]})
    rows = pl.concat([rows, pl.DataFrame(last)])
    SOURCES[source](rows, tmp_path / source)
    words = (source, "--x", "x", "--y", "y", "--weight", "w")
    said = f"{column} is {'missing' if math.isnan(value) else ''}"
    for command in ("summary --robust-errors hc3", "train --cost huber"):
        done = fitline(*command.split(), *words)
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    data = told(fitline, "summary", *words, "--bad-rows", "skip")["data"]
    assert (data["rows"], data["skipped"], data["weight"]["left_out"]) == (2, 1, 1)
    with pytest.raises(DataError, match=said):
        summary(rows, x="x", y="y", config=Config(weight="w"))
