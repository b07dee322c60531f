"""`--by` with `--save`: each row is predicted by the model of its group."""

import csv
import io
import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fitline import DataError, FileError, GroupModels, LinearModel, train
from fitline.model import saved

Fitline = Callable[..., Any]

TOWN = Path(__file__).parents[2] / "data" / "town.csv"
GROUPS = ["Old Town", "7", "it's"]
DRAW = np.random.default_rng(5)
N = 36
TABLE = pl.DataFrame(
    {
        "hood": GROUPS * (N // 3),
        "day": [date(2024, 1, 1) + timedelta(days=int(days)) for days in DRAW.integers(0, 900, N)],
        "kind": ["brick"] * (N // 2) + ["straw"] * (N // 4) + ["wood"] * (N // 4),
        "sqft": DRAW.integers(500, 3000, N),
        "lot": DRAW.normal(50, 9, N).round(3),
        "price": DRAW.normal(3000, 500, N).round(2),
    }
)
"""Rows in which every group has every kind, and brick most often."""

MODELS: dict[str, tuple[str, ...]] = {
    "numbers": ("--x", "sqft,lot", "--y", "price"),
    "a formula of y": ("--x", "sqft,lot", "--y", "log(price)"),
    "dates, levels and formulas": ("--x", "day,kind,log(sqft)", "--x", "lot^2", "--y", "price"),
    "no intercept": ("--x", "sqft,day", "--y", "price/lot", "--no-intercept"),
}
WAYS = [
    *(("csv", "stdout.csv"), ("jsonl", "stdout.json"), ("csv", "out.csv"), ("csv", "out.parquet")),
    *(("parquet", "out.parquet"), ("jsonl", "out.parquet"), ("parquet", "out.json")),
]


def put(table: pl.DataFrame, path: Path) -> str:
    {".csv": pl.DataFrame.write_csv, ".jsonl": pl.DataFrame.write_ndjson}.get(
        path.suffix, pl.DataFrame.write_parquet
    )(table, path)
    return path.name


def predicted(fitline: Fitline, tables: Sequence[str], model: str, output: str) -> list[Any]:
    """Give what is predicted of each row, and what it tells, to the last bit."""
    written = output.partition(".")[0] == "out"
    words = ("-o", output) if written else ("--format", output.partition(".")[2])
    done = fitline("predict", *tables, "--model", model, "--residuals", *words)
    assert done.returncode == 0, done.stderr
    folder: Path = fitline.folder  # type: ignore[attr-defined]
    if output.endswith("parquet"):
        rows = pl.read_parquet(folder / output).to_dicts()
    else:
        text = (folder / output).read_text() if written else done.stdout
        rows = [*csv.DictReader(io.StringIO(text))] if output.endswith("csv") else []
        rows = rows or json.loads(text)["predictions"]
    names = ("prediction", "column", "predicted price", "residual")
    return [[float(row[name]) for name in names if name in row] for row in rows]


@pytest.mark.parametrize("case", MODELS)
def test_a_row_is_predicted_as_by_the_model_of_its_group_alone(
    fitline: Fitline, tmp_path: Path, case: str
) -> None:
    own = {name: TABLE.filter(hood=name) for name in GROUPS}
    options = (*MODELS[case], "--steps", "30", "--learning-rate", "auto")
    table = put(TABLE, tmp_path / "all.csv")
    done = fitline("train", table, *options, "--by", "hood", "--save", "all.json")
    assert done.returncode == 0, done.stderr
    for place, rows in enumerate(own.values()):
        table = put(rows, tmp_path / f"{place}.csv")
        assert fitline("train", table, *options, "--save", f"{place}.json").returncode == 0
        own_theta = json.loads((tmp_path / f"{place}.json").read_text())["model"]["theta"]
        saved = json.loads((tmp_path / "all.json").read_text())["model"]["groups"]
        assert (saved["by"], saved["theta"][GROUPS[place]]) == ("hood", own_theta)
    alone = [
        predicted(fitline, [f"{place}.csv"], f"{place}.json", "stdout.csv")
        for place in range(len(GROUPS))
    ]
    for kind, output in WAYS:
        found = predicted(fitline, [put(TABLE, tmp_path / f"t.{kind}")], "all.json", output)
        assert [found[place :: len(GROUPS)] for place in range(len(GROUPS))] == alone, output
    assert len(found[0]) == (3 if case == "a formula of y" else 2)


@pytest.fixture
def town(fitline: Fitline) -> Fitline:
    """Save the models of the neighbourhoods as m.json, and give the command line beside it."""
    words = ("--x", "sqft,beds", "--y", "price", "--by", "neighbourhood", "--steps", "20")
    done = fitline("train", str(TOWN), *words, "--save", "m.json")
    assert (done.returncode, done.stderr) == (0, "")
    return fitline


def test_several_files_and_standard_input_are_predicted_in_their_order(
    town: Fitline, tmp_path: Path
) -> None:
    rows = pl.read_csv(TOWN)
    first, second = (put(part, tmp_path / name) for part, name in
                     ((rows[:150], "1.csv"), (rows[150:].reverse(), "2.jsonl")))  # fmt: skip
    whole = predicted(town, [str(TOWN)], "m.json", "stdout.csv")
    parts = predicted(town, [first, second], "m.json", "stdout.csv")
    assert parts == [*whole[:150], *whole[150:][::-1]]
    done = town("predict", "-", "--model", "m.json", stdin=TOWN.read_text())
    lines = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [float(line["prediction"]) for line in lines] == [told for told, _ in whole]


@pytest.mark.parametrize("kind", [pl.Int16, pl.Float64, pl.Date, pl.Categorical, pl.Boolean])
def test_a_group_of_parquet_is_its_text(fitline: Fitline, tmp_path: Path, kind: Any) -> None:
    cells = ["b", "a"] if kind == pl.Categorical else [1, 0]
    table = pl.DataFrame({"g": cells * 3, "x": [*range(6)], "y": [3, 1, 4, 1, 5, 9]})
    table = table.with_columns(pl.col("g").cast(kind))
    words = ("--x", "x", "--y", "y", "--by", "g", "--save", "m.json")
    assert fitline("train", put(table, tmp_path / "t.parquet"), *words).returncode == 0
    found = predicted(fitline, ["t.parquet"], "m.json", "out.parquet")
    frame = GroupModels.load(tmp_path / "m.json")
    names = [*frame.names][::-1] * 3
    assert [row[0] for row in found] == frame.predict({"g": names, "x": range(6)}).tolist()


def test_a_name_is_compared_without_the_blanks_around_it(town: Fitline, tmp_path: Path) -> None:
    cells = ['" Old Town "', "Old Town", '"Old\tTown"']
    rows = [f"{cell},1500,3" for cell in cells]
    (tmp_path / "t.csv").write_text("\n".join(["neighbourhood,sqft,beds", *rows]))
    done = town("predict", "t.csv", "--model", "m.json", "--bad-rows", "skip")
    first, second = csv.DictReader(io.StringIO(done.stdout))
    assert first["prediction"] == second["prediction"]
    assert "1 row" in done.stderr


NAMES = st.text(max_size=5) | st.sampled_from(["1", "1.0", "007", "1e5", "it's", "a,b", "É", "é"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=1, max_size=4), st.sampled_from(["csv", "jsonl", "parquet"]))
def test_a_row_that_was_trained_on_finds_its_group_whatever_its_name(
    fitline: Fitline, tmp_path: Path, names: list[str], ending: str
) -> None:
    rows = [(name, x, x * x + place) for place, name in enumerate(names) for x in (1, 2, 4)]
    table = put(pl.DataFrame(rows, schema=["g", "x", "y"], orient="row"), tmp_path / f"t.{ending}")
    options = ("--bad-rows", "skip", "--format", "json")
    words = ("--x", "x", "--y", "y", "--by", "g", "--steps", "9", "--save", "m.json")
    done = fitline("train", table, *words, *options)
    if done.returncode:  # no row has a group
        return
    groups = {one["group"]: one for one in json.loads(done.stdout)["groups"]}
    found = json.loads(fitline("predict", table, "--model", "m.json", *options).stdout)
    predicted = Counter(one["group"] for one in found["predictions"])
    assert predicted == {name: one["rows"] for name, one in groups.items()}
    for one in found["predictions"]:
        intercept, slope = groups[one["group"]]["theta"]
        assert one["prediction"] == intercept + slope * one["x"]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("output", [(), ("-o", "out.csv"), ("--format", "json")])
def test_a_row_of_no_known_group_is_a_bad_row(
    town: Fitline, tmp_path: Path, ending: str, output: tuple[str, ...]
) -> None:
    names = ["Harbour", "Sea", None, "Station"]
    table = pl.DataFrame({"neighbourhood": names, "sqft": [1, 2, 3, 4], "beds": [1, 1, 2, 2]})
    name = put(table, tmp_path / f"t.{ending}")
    done = town("predict", name, "--model", "m.json", *output)
    assert (done.returncode, done.stdout, (tmp_path / "out.csv").exists()) == (1, "", False)
    second, third = {"csv": ("line 3", "line 4"), "jsonl": ("line 2", "line 3")}.get(
        ending, ("row 2", "row 3")
    )
    said = "neighbourhood is 'Sea', not one of the groups 'Harbour', 'Hillside', 'Old Town'"
    assert f"{name}, {second}: {said}" in done.stderr
    assert f"{name}, {third}: neighbourhood is missing" in done.stderr
    skipped = ("--bad-rows", "skip", "--rejects", "r.csv")
    assert town("predict", name, "--model", "m.json", *output, *skipped).returncode == 0
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 3
    done = town("predict", name, "--model", "m.json", "--missing", "skip")
    assert (done.returncode, "'Sea'" in done.stderr) == (1, True)


def test_groups_without_a_model_are_left_out_of_the_file(fitline: Fitline, tmp_path: Path) -> None:
    rows = ["a,1,2", "a,2,5", "a,3,5", "level,1,0", "level,2,0", "b,1,1", "c,1,2", "c,1,3"]
    (tmp_path / "t.csv").write_text("\n".join(["g,x,y", *rows]))
    words = ("train", "t.csv", "--x", "x", "--y", "y", "--by", "g")
    done = fitline(*words, "--save", "m.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert [*GroupModels.load(tmp_path / "m.json").models] == ["a", "level"]
    done = fitline(*words, "--theta", "0,0", "--learning-rate", "99", "--save", "m.json")
    assert done.returncode == 4
    assert "m.json is without 1 group, for a model that diverged is of no use" in done.stderr
    assert [*GroupModels.load(tmp_path / "m.json").models] == ["level"]
    (tmp_path / "t.csv").write_text("g,x,y\na,1,2\nb,2,3\n")
    done = fitline(*words, "--save", "none.json")
    told = "was not written, for no group has a model that is of use"
    assert (done.returncode, done.stderr) == (1, f"error: none.json: {told}\n")
    (tmp_path / "t.csv").write_text("g,x,y\na,1,2\na,2,3\n")
    rate = ("--theta", "0,0", "--learning-rate", "99")
    done = fitline(*words, *rate, "--save", "none.json")
    assert (done.returncode, f"warning: none.json {told}" in done.stderr) == (4, True)
    assert not (tmp_path / "none.json").exists()


def test_more_models_than_can_be_read_again_are_not_saved(
    town: Fitline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (tmp_path / "m.json").read_text()
    monkeypatch.setattr(saved, "MOST_BYTES", 1500)
    words = ("--x", "sqft", "--y", "price", "--by", "neighbourhood", "--save", "m.json")
    done = town("train", str(TOWN), *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "m.json: the models would take more than 1,500 bytes" in done.stderr
    assert (tmp_path / "m.json").read_text() == before


@pytest.mark.parametrize("rows", ["", "1,2,Sea\n"])
@pytest.mark.parametrize("by", [("--by", "neighbourhood"), ()])
@pytest.mark.parametrize("way", ["table", "markdown", "csv", "json"])
def test_where_no_row_is_left_nothing_is_predicted(
    fitline: Fitline, tmp_path: Path, rows: str, by: tuple[str, ...], way: str
) -> None:
    words = ("--x", "sqft,beds", "--y", "price", *by, "--steps", "3", "--save", "m.json")
    assert fitline("train", str(TOWN), *words).returncode == 0
    rows = rows if by else rows.replace("1", "?")
    (tmp_path / "t.csv").write_text(f"sqft,beds,neighbourhood\n{rows}")
    done = fitline("predict", "t.csv", "--model", "m.json", "--bad-rows", "skip", "--format", way)
    assert done.returncode == 0, done.stderr
    if way == "json":
        assert json.loads(done.stdout)["predictions"] == []
    else:
        last = done.stdout.splitlines()[-1]
        assert "---" in last or ("sqft" in last and "beds" in last)


@pytest.mark.parametrize("save", ["t.csv", "link.json"])
def test_the_models_are_not_written_over_the_table(
    fitline: Fitline, tmp_path: Path, save: str
) -> None:
    (tmp_path / "t.csv").write_text("g,x,y\na,1,2\na,2,5\n")
    (tmp_path / "link.json").symlink_to("t.csv")
    done = fitline("train", "t.csv", "--x", "x", "--y", "y", "--by", "g", "--save", save)
    assert (done.returncode, done.stdout) == (2, "")
    assert (tmp_path / "t.csv").read_text() == "g,x,y\na,1,2\na,2,5\n"


def test_typed_values_are_predicted_by_the_model_of_their_group(town: Fitline) -> None:
    words = ("beds=3", "neighbourhood= Old Town ", "sqft=1500", "--model", "m.json")
    shown = town("predict", *words).stdout
    assert "groups  5 groups by neighbourhood\nmodel   price = " in shown
    found = json.loads(town("predict", *words, "--format", "json").stdout)
    theta = found["groups"]["Old Town"]
    assert (found["theta"], found["by"], len(found["groups"])) == (None, "neighbourhood", 5)
    (one,) = found["predictions"]
    assert (one["group"], one["x"]) == ("Old Town", [1500, 3])
    assert one["prediction"] == pytest.approx(theta[0] + 1500 * theta[1] + 3 * theta[2])
    header, row = csv.reader(io.StringIO(town("predict", *words, "--format", "csv").stdout))
    assert header == ["sqft", "beds", "neighbourhood", "prediction"]
    assert float(row[-1]) == one["prediction"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("sqft=1500 beds=3 neighbourhood=Sea", "not one of the groups 'Harbour', 'Hillside'"),
        ("sqft=1500 beds=3", "'neighbourhood' has no value"),
        ("sqft=1500 beds=3 neighborhood=Harbour", "the model has no column 'neighborhood'"),
        ("sqft=1500 bed=3 neighbourhood=Harbour", "the model has no column 'bed'"),
        ("sqft=1500 beds=3 neighbourhood=NA", "neighbourhood is missing"),
        ("1500", "the model needs 3 values: 'sqft', 'beds', 'neighbourhood'"),
        ("1500 3 4", "values of several columns need their names"),
    ],
)
def test_what_is_wrong_with_typed_values_is_said_and_mended(
    town: Fitline, typed: str, said: str
) -> None:
    done = town("predict", *typed.split(), "--model", "m.json")
    assert (done.returncode in {1, 2}, done.stdout) == (True, "")
    assert said in done.stderr
    for words in re.findall("fitline (predict .*)", done.stderr):
        assert town(*shlex.split(words)).returncode == 0
    if meant := re.search(r"did you mean (\S+)\?", done.stderr):
        name, _, _ = meant[1].partition("=")
        kept = [word for word in typed.split() if word[:3] != name[:3]]
        assert town("predict", *kept, meant[1], "--model", "m.json").returncode == 0


@pytest.mark.parametrize("words", [("--interval", "0.9"), ("--confidence", "0.9")])
def test_models_of_groups_have_no_intervals(town: Fitline, words: tuple[str, str]) -> None:
    done = town("predict", str(TOWN), "--model", "m.json", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{words[0]} is for one model, and m.json has one for each group" in done.stderr
    assert f"hint: leave {words[0]} out" in done.stderr


@pytest.mark.parametrize("table", [(str(TOWN),), ()])
def test_models_of_groups_are_measured_by_their_residuals(
    town: Fitline, table: tuple[str, ...]
) -> None:
    done = town("evaluate", *table, "--model", "m.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "m.json holds a model for each group by 'neighbourhood'" in done.stderr
    (hint,) = re.findall("hint: fitline (.*) tells the error of each row", done.stderr)
    done = town(*shlex.split(hint))
    assert done.returncode == 0
    assert done.stdout.partition("\n")[0].endswith("price,prediction,residual")


def test_a_table_without_groups_is_told_what_it_lacks(town: Fitline, tmp_path: Path) -> None:
    lines = TOWN.read_text().replace("neighbourhood", "hood", 1)
    (tmp_path / "t.csv").write_text(lines)
    done = town("predict", "t.csv", "--model", "m.json")
    assert "no column 'neighbourhood'" in done.stderr
    hint = "hint: call the column that tells groups apart, and no other one, 'neighbourhood'\n"
    assert done.stderr.endswith(hint)
    (tmp_path / "t.csv").write_text("sqft,beds,neighbourhood,neighbourhood\n1,2,Harbour,Sea\n")
    done = town("predict", "t.csv", "--model", "m.json")
    assert "the column 'neighbourhood' appears 2 times" in done.stderr
    assert done.stderr.endswith(hint)
    done = town("predict", str(TOWN), "--model", "m.json", "--x", "beds,neighbourhood")
    assert "neighbourhood tells groups apart" in done.stderr
    assert done.stderr.endswith("hint: name another column with --x\n")


def test_a_column_of_a_place_tells_groups_apart(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("g,x,y,g\na,1,1,p\na,2,2,q\nb,3,6,p\nb,4,7,q\n")
    words = ("--x", "x", "--y", "y", "--by", "@4", "--save", "m.json", "--learning-rate", "auto")
    assert fitline("train", "t.csv", *words).returncode == 0
    assert [*GroupModels.load(tmp_path / "m.json").models] == ["p", "q"]
    done = fitline("predict", "t.csv", "--model", "m.json", "--format", "json")
    assert [one["group"] for one in json.loads(done.stdout)["predictions"]] == ["p", "q"] * 2


@pytest.mark.usefixtures("town")
def test_a_file_of_one_kind_is_not_loaded_as_the_other(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="holds a model for each group by 'neigh") as caught:
        LinearModel.load(tmp_path / "m.json")
    assert caught.value.hint == "load them with fitline.GroupModels.load"
    LinearModel(("x",), "y", np.array([1.0, 2.0])).save(tmp_path / "one.json")
    with pytest.raises(FileError, match="holds one model, and none of groups") as caught:
        GroupModels.load(tmp_path / "one.json")
    assert caught.value.hint == "load it with fitline.LinearModel.load"


@pytest.mark.parametrize("x", [[[1500, 3]], np.ones((2, 2)), [1500]])
@pytest.mark.usefixtures("town")
def test_what_names_no_columns_has_no_groups(tmp_path: Path, x: Any) -> None:
    with pytest.raises(DataError, match="x names no columns, of which 'neighbourhood' tells"):
        GroupModels.load(tmp_path / "m.json").predict(x)


@pytest.mark.parametrize(("x", "y"), [("x", "z"), ("v", "y")])
def test_models_of_groups_are_of_the_same_columns(x: str, y: str) -> None:
    with pytest.raises(DataError, match="the model of 'b' predicts"):
        GroupModels(
            "g", {"a": LinearModel(("x",), "y", [0, 1]), "b": LinearModel((x,), y, [0, 1])}
        )
    with pytest.raises(DataError, match="there is no model of a group by 'g'"):
        GroupModels("g", {})


def test_from_python_each_row_has_the_model_of_its_group(town: Fitline, tmp_path: Path) -> None:
    models, table = GroupModels.load(tmp_path / "m.json"), pl.read_csv(TOWN)
    assert town("predict", str(TOWN), "--model", "m.json", "-o", "out.csv").returncode == 0
    expected = pl.read_csv(tmp_path / "out.csv")["prediction"].to_numpy()
    for x in (table, pd.read_csv(TOWN), table.to_dict(as_series=False)):
        np.testing.assert_allclose(models.predict(x), expected, rtol=1e-12)
    models.save(tmp_path / "again.json")
    again = GroupModels.load(tmp_path / "again.json")
    assert again.predict(table).tolist() == models.predict(table).tolist()
    some = {"sqft": [1, 2, None], "beds": [1, 2, 3], "neighbourhood": ["Station", None, "Harbour"]}
    assert np.isnan(models.predict(some)).tolist() == [False, True, True]


LACKING = pl.DataFrame(
    {
        "g": [*"aaaabbbbccc"],
        "x": [1, 2, 3, 4, 1, 2, 5, 6, 1, 2, 4],
        "t": [*"ppqqpprpqrr"],
        "z": [0, 0, 0, 0, 1, 2, 2, 5, 1, 4, 7],
        "y": [2, 3, 5, 5, 1, 0, 2, 2, 4, 6, 5],
    }
)
"""Rows of which those of group a have no t=r and no z but 0, of b no t=q, of c not the base p."""

UNTOLD = {
    "x": [1, 1, 1, 1, 1, 1, 1, 1],
    "t": [*"rpqqrprq"],
    "z": [0, 3, 0, 0, 2, 1, 1, 1],
    "g": [*"aaabbccc"],
}
REASONS = {
    0: "t is r in no row of the group 'a', so its model tells nothing",
    1: "z is 3 in no row of the group 'a', so its model tells nothing",
    3: "t is q in no row of the group 'b', so its model tells nothing",
    5: "t is p in no row of the group 'c', so its model tells nothing",
}
OPTIONS = ["", "--no-intercept", "--l2 0.1", "--l1 0.01", "--l2 1e-9", "--steps 0", "--weight x"]


@pytest.mark.parametrize(
    ("kind", "x", "options"),
    [
        *(("csv", "x,t,z", options) for options in OPTIONS),
        *(("jsonl", "x,t,z", ""), ("parquet", "x,t,z", ""), ("csv", "x,t,z*1", "")),
    ],
)
def test_what_no_row_of_a_group_has_is_not_predicted(
    fitline: Fitline, tmp_path: Path, kind: str, x: str, options: str
) -> None:
    table = put(LACKING, tmp_path / "t.csv")
    new = put(pl.DataFrame({"id": range(len(UNTOLD["g"])), **UNTOLD}), tmp_path / f"n.{kind}")
    words = (table, "--x", x, "--y", "y", "--by", "g", "--save", "m.json", "--steps", "9")
    done = fitline("train", *words, *options.split(), "--format", "json")
    thetas = {one["group"]: one["theta"] for one in json.loads(done.stdout)["groups"]}
    is_determined = "--l" in options
    assert [thetas["a"][place] is None for place in (3, 4)] == [not is_determined] * 2
    assert (thetas["b"][2] is None) == (not is_determined)
    reasons = {
        row: reason.replace("z is", f"{x[4:]} is")
        for row, reason in REASONS.items()
        if not (row == 1 and is_determined)
    }
    refused = fitline("predict", new, "--model", "m.json")
    assert refused.returncode == 1
    assert [reason in refused.stderr for reason in reasons.values()] == [True] * len(reasons)
    skip = ("--bad-rows", "skip", "--rejects", "r.csv", "-o", "out.csv")
    done = fitline("predict", new, "--model", "m.json", *skip)
    assert done.stderr.splitlines()[-1] == f"note: {len(reasons)} rows skipped"
    listed = [*csv.DictReader((tmp_path / "r.csv").read_text().splitlines())]
    assert [row["reason"] for row in listed] == [*reasons.values()]
    told = [*csv.DictReader((tmp_path / "out.csv").read_text().splitlines())]
    models = GroupModels.load(tmp_path / "m.json")
    good = [row for row in range(len(UNTOLD["g"])) if row not in reasons]
    known = {name: [cells[row] for row in good] for name, cells in UNTOLD.items()}
    predictions = [float(row["prediction"]) for row in told]
    assert models.predict(known).tolist() == pytest.approx(predictions, rel=1e-14)
    for row, reason in reasons.items():
        with pytest.raises(DataError, match=re.escape(reason)):
            models.predict({name: [cells[row]] for name, cells in UNTOLD.items()})


def test_what_is_no_model_of_groups_is_refused_when_it_is_made(tmp_path: Path) -> None:
    text = {"x": ["1.500", "2.500", "4.500"], "y": [1, 2, 4]}
    plain, commas = train(text).model, train(text, decimal=",", thousands=".").model
    p_q, r_q = (train({"x": [*t], "y": [1, 2, 5]}, x="x", y="y").model for t in ("ppq", "qqr"))
    origin = train(text, intercept=False).model
    wrong: list[tuple[str, dict[Any, Any], str]] = [
        ("g", {"a": plain, "b": commas}, "the model of 'b' reads its columns otherwise"),
        ("g", {"a": plain, "b": origin}, "the model of 'b' reads its columns otherwise"),
        (
            "g",
            {"a": p_q, "b": r_q},
            "the model of 'b' predicts 'y' from 'x=r'",
        ),
        *(("g", {name: plain}, "no group is called") for name in ("", "a ", "\ud800")),
        *((by, {"a": plain}, "tells groups apart, and is a feature or y") for by in "xy"),
        ("g", {1: plain}, "1 is to be the name of a group"),
        ("g", {"a": 5}, "'a' is to be the name of a group, and 5 its model"),
    ]
    for by, models, said in wrong:
        with pytest.raises(DataError, match=re.escape(said)):
            GroupModels(by, models)
    exact = train("data/houses.csv", learning_rate="auto").model
    assert exact.uncertainty is not None
    GroupModels("g", {"a": exact}).save(tmp_path / "m.json")
    known = {"sqft": [1500.0], "g": ["a"]}
    assert GroupModels.load(tmp_path / "m.json").predict(known) == exact.predict(known)
    with pytest.raises(DataError, match="the columns must have one length, but g has 1 row"):
        GroupModels("g", {"a": exact}).predict({"sqft": [1, 2], "g": ["a"]})
