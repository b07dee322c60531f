"""`--engine spark` prints what one machine prints, to the last digit."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pytest

import sparks
from fitline.data.bad_rows import OPEN_QUOTE
from fitline.reading import ENGINE_SETTINGS

Done = subprocess.CompletedProcess[str]
Fitline = Callable[..., Done]
pytestmark = sparks.MARKS

X = ("--x", "a", "--x", "b")
XY = (*X, "--y", "y")
SPARK = ("--engine", "spark")
DIFFER = {*ENGINE_SETTINGS, "seconds"}


def blocks(size: int) -> tuple[str, str]:
    return "--engine-option", f"spark.sql.files.maxPartitionBytes={size}"


SMALL_BLOCKS = blocks(5000)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from sparks.tables(tmp_path_factory.mktemp("spark"))


def told(done: Done) -> tuple[Any, ...]:
    """Give what was printed, without what tells the engines apart."""

    def without(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {key: value for key, value in pairs if key not in DIFFER}

    document = json.loads(done.stdout, object_pairs_hook=without) if done.stdout else None
    return done.returncode, document, done.stderr


def both(fitline: Fitline, *words: str, options: tuple[str, ...] = ()) -> Done:
    """Require the same of both engines, and give it."""
    here = fitline(*words, "--format", "json")
    there = fitline(*words, "--format", "json", *SPARK, *options)
    assert told(here) == told(there)
    return here


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("parts", sparks.PARTS)
def test_the_bits_do_not_depend_on_the_parts(
    fitline: Fitline, tables: Path, kind: str, parts: int
) -> None:
    done = both(fitline, "summary", f"{tables}/{parts}/*.{kind}", *XY)
    assert json.loads(done.stdout)["rows"] == sparks.ROWS


def test_the_bits_do_not_depend_on_the_blocks(fitline: Fitline, tables: Path) -> None:
    both(fitline, "summary", f"{tables}/1/part00.csv", *XY, options=SMALL_BLOCKS)


def test_json_lines_are_read(fitline: Fitline, tables: Path) -> None:
    both(fitline, "summary", f"{tables}/1/table.jsonl", *XY, options=SMALL_BLOCKS)


def test_a_key_that_a_block_lacks_is_missing_there(fitline: Fitline, tables: Path) -> None:
    path = tables / "keys.jsonl"
    rows = [f'{{"x": {n}, "y": {n * n}}}' if n < 300 else f'{{"y": {n}}}' for n in range(600)]
    path.write_text("\n".join([*rows, ""]))
    both(fitline, "summary", str(path), "--missing", "skip", options=blocks(2000))


def test_columns_of_parquet_have_any_names_and_types(fitline: Fitline, tables: Path) -> None:
    path = tables / "odd.parquet"
    duckdb.sql(
        'select range as "a.b", range * range as "x`y", date \'2024-01-01\' + range::int as day,'
        " [range] as list, {'k': range} as record, range::decimal(10, 2) as tenth, 'x' as text,"
        " timestamptz '2024-01-01 12:00:00+02' + to_hours(range::int) as hour from range(1000)"
    ).write_parquet(str(path))
    for x in (["a.b"], ["tenth", "day"], ["hour", "@1"]):
        words = [word for name in x for word in ("--x", name)]
        both(fitline, "summary", str(path), *words, "--y", "x`y")


COMMANDS = {
    "text": ["summary", *XY, "--x", "kind", "--folds", "5"],
    "counts": ["summary", *XY, "--weight", "w"],
    "precisions": ["summary", *XY, "--weight", "p"],
    "groups": ["summary", *XY, "--by", "g"],
    "trained-groups": ["train", *XY, "--by", "g", "--steps", "5"],
    "formulas": ["summary", "--x", "a", "--x", "a^2", "--x", "log(b + 1)", "--y", "exp(y / 50)"],
    "holdout": ["train", *XY, "--holdout", "0.3", "--steps", "5"],
    "robust": ["train", *XY, "--cost", "huber", "--steps", "5"],
    "batches": ["train", *XY, "--batch-size", "100", "--steps", "5"],
    "evaluate": ["evaluate", *XY, "--theta", "1,2,3", "--rows", "50"],
    "grid": ["grid", *XY, "--axes", "a,b"],
    "landscape": ["landscape", *XY],
    "rates": ["rates", *XY],
    "compare": ["compare", *XY, "--optimizer", "gradient_descent,adam", "--steps", "20"],
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_command_tells_the_same(fitline: Fitline, tables: Path, words: list[str]) -> None:
    command, *rest = words
    assert both(fitline, command, f"{tables}/7/*.csv", *rest).returncode == 0


BAD = """a,b,y
1,2,3
,3,4
5,oops,6
2,1,
3,4,5,6
7
6,5,9
"""


@pytest.fixture(scope="module")
def spoiled(tables: Path) -> str:
    """Write a table of several blocks with bad rows, missing values and broken lines."""
    path = tables / "spoiled.csv"
    header, *rows = BAD.splitlines()
    rows = [row for nth in range(300) for row in (f"{nth},{nth * nth % 7},{nth}.5", rows[nth % 7])]
    path.write_text("\n".join([header, *rows, ""]))
    return str(path)


@pytest.mark.parametrize("how", [[], ["--missing", "skip"], ["--bad-rows", "skip"]])
def test_bad_rows_are_named_by_their_lines_and_counted(
    fitline: Fitline, spoiled: str, how: list[str]
) -> None:
    both(fitline, "summary", spoiled, *XY, *how, options=SMALL_BLOCKS)


def test_bad_rows_are_listed_with_their_lines(fitline: Fitline, spoiled: str) -> None:
    skip = ("--bad-rows", "skip", "--rejects", "rejects.csv")
    lists = []
    for engine in ([], ["--engine", "spark", *SMALL_BLOCKS]):
        assert fitline("summary", spoiled, *XY, *skip, *engine).returncode == 0
        lists.append((fitline.folder / "rejects.csv").read_bytes())  # type: ignore[attr-defined]
    assert lists[0] == lists[1]
    assert lists[0].count(b"\n") > 100


EVALUATED = {
    "plain": [],
    "precisions": ["--weight", "p"],
    "worst": ["--worst", "7"],
    "worst-counts": ["--worst", "7", "--weight", "w"],
    "minimum": ["--minimum"],
}


@pytest.mark.parametrize("words", EVALUATED.values(), ids=EVALUATED)
def test_a_model_is_measured_as_on_one_machine(
    fitline: Fitline, tables: Path, words: list[str]
) -> None:
    fitline("train", f"{tables}/1/part00.csv", *XY, "--save", "m.json")
    both(fitline, "evaluate", f"{tables}/7/*.parquet", "--model", "m.json", *words)


def test_a_column_is_measured_beside_its_formula(fitline: Fitline, tables: Path) -> None:
    formula = ("--x", "a", "--x", "kind", "--y", "exp(y / 50)")
    fitline("train", f"{tables}/1/part00.csv", *formula, "--save", "m.json")
    both(fitline, "evaluate", f"{tables}/7/*.csv", "--model", "m.json")


def test_robust_errors_have_the_digits_of_one_machine(fitline: Fitline, tables: Path) -> None:
    words = ("summary", f"{tables}/7/*.csv", *XY, "--robust-errors", "hc3", "--format", "json")
    here, there = (json.loads(fitline(*words, *more).stdout) for more in ((), SPARK))
    for one, other in zip(here["coefficients"], there["coefficients"], strict=True):
        assert other["standard_error"] == pytest.approx(one["standard_error"], rel=1e-13)
    assert there["f"]["statistic"] == pytest.approx(here["f"]["statistic"], rel=1e-12)


def test_options_of_the_call_that_began_spark_are_not_those_of_others(tables: Path) -> None:
    path = tables / "breaks.csv"
    path.write_text("x,note,y\n" + "".join(f'{n},"a\nb",{n * n}\n' for n in range(700)))
    words = ["summary", str(path), "--x", "x", "--y", "y", *SPARK]
    lines = f"from fitline.cli import main; print(main({[*words, *SMALL_BLOCKS]}), main({words}))"
    told = subprocess.check_output([sys.executable, "-c", lines], text=True)
    assert told.endswith("1 0\n")


def test_cells_with_line_breaks_are_read_or_refused(fitline: Fitline, tables: Path) -> None:
    path = tables / "breaks.csv"
    path.write_text("x,note,y\n" + "".join(f'{n},"a\nb",{n * n}\n' for n in range(700)))
    both(fitline, "summary", str(path), "--x", "x", "--y", "y")
    words = ("summary", str(path), "--x", "x", "--y", "y", "--bad-rows", "skip")
    told = [fitline(*words, *SPARK, *blocks(size)).stderr for size in (1500, 1501, 1502)]
    assert any(OPEN_QUOTE in one and "no cell may hold one" in one for one in told)
    assert all("skipped" not in one for one in told)


REFUSED = {
    "nothing.csv": "nothing.csv: Spark finds no such file",
    "nothing*.csv": "nothing*.csv: Spark finds no such file",
    "-": "Spark reads files, and this is standard input",
}


@pytest.mark.parametrize(("data", "told"), REFUSED.items())
def test_what_is_not_there_is_said(fitline: Fitline, data: str, told: str) -> None:
    done = fitline("summary", data, *SPARK)
    assert done.returncode == 1
    assert told in done.stderr


def test_files_of_other_columns_are_refused(fitline: Fitline) -> None:
    folder = fitline.folder  # type: ignore[attr-defined]
    (folder / "one.csv").write_text("x,y\n1,2\n2,5\n")
    (folder / "two.csv").write_text("y,x\n1,2\n2,5\n")
    done = fitline("summary", "*.csv", *SPARK)
    assert "two.csv: it has the columns 'y', 'x', and the first file has 'x', 'y'" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--engine", "sparks"],
        ["--engine", "spark://host"],
        ["--engine-option", "a=b"],
        [*SPARK, "--engine-option", "memory"],
    ],
)
def test_an_engine_that_is_none_is_refused(fitline: Fitline, words: list[str]) -> None:
    done = fitline("summary", "table.csv", *words)
    assert done.returncode == 2
    assert "expected" in done.stderr


def predicted(fitline: Fitline, tables: Path, model: str, data: str, ending: str) -> list[Path]:
    """Write predictions by both engines, and give the file and the folder."""
    fitline("train", f"{tables}/1/part00.csv", *MODELS[model], "--save", "m.json")
    words = ("predict", f"{tables}/{data}", "--model", "m.json", "--residuals", "-o")
    here = fitline(*words, f"here.{ending}")
    there = fitline(*words, f"there.{ending}", *SPARK)
    assert (here.returncode, here.stderr) == (there.returncode, there.stderr) == (0, "")
    folder: Path = fitline.folder  # type: ignore[attr-defined]
    return [folder / f"{name}.{ending}" for name in ("here", "there")]


MODELS = {"line": XY, "formula": ("--x", "a", "--x", "kind", "--y", "exp(y / 50)")}


@pytest.mark.parametrize(("model", "data"), [("formula", "7/*.csv"), ("line", "1/table.jsonl")])
def test_workers_write_the_lines_of_one_machine(
    fitline: Fitline, tables: Path, model: str, data: str
) -> None:
    here, there = predicted(fitline, tables, model, data, "csv")
    header, *rows = here.read_text().splitlines()
    parts = [path.read_text().splitlines() for path in there.glob("part-*")]
    assert {first for first, *_ in parts} == {header}
    assert sorted(line for _, *lines in parts for line in lines) == sorted(rows)


@pytest.mark.parametrize(("model", "data"), [("line", "7/*.csv"), ("formula", "7/*.parquet")])
def test_workers_write_the_types_of_one_machine(
    fitline: Fitline, tables: Path, model: str, data: str
) -> None:
    here, there = predicted(fitline, tables, model, data, "parquet")
    one = duckdb.sql(f"select * from '{here}' order by all")
    other = duckdb.sql(f"select * from '{there}/*.parquet' order by all")
    assert (one.columns, one.types) == (other.columns, other.types)
    assert one.fetchall() == other.fetchall()


def test_predictions_are_written_over_nothing_and_from_no_bad_row(
    fitline: Fitline, tables: Path, spoiled: str
) -> None:
    fitline("train", f"{tables}/1/part00.csv", *XY, "--save", "m.json")
    done = fitline("predict", spoiled, "--model", "m.json", "-o", "out.csv", *SPARK)
    assert "172 rows cannot be used" in done.stderr
    folder: Path = fitline.folder / "out.csv"  # type: ignore[attr-defined]
    assert not folder.exists()
    folder.mkdir()
    skip = ("--bad-rows", "skip")
    done = fitline("predict", spoiled, "--model", "m.json", "-o", "out.csv", *SPARK, *skip)
    assert done.stderr.startswith("error: out.csv: it is there already")
    done = fitline("predict", spoiled, "--model", "m.json", *SPARK)
    assert done.returncode == 2
    assert "-o FOLDER.csv or -o FOLDER.parquet" in done.stderr


ROBUST = {
    "huber": ["--cost", "huber", "--tolerance", "1e-4", "--theta", "3,2"],
    "cauchy": ["--cost", "cauchy", "--weight", "w", "--steps", "3", *X[2:], "--theta", "3,2,0"],
    "absolute": ["--cost", "absolute", "--weight", "p", "--steps", "3", "--theta", "3,2"],
}


@pytest.mark.parametrize("words", ROBUST.values(), ids=ROBUST)
def test_steps_of_a_robust_cost_are_of_all_rows_though_a_sample_is_looked_at(
    fitline: Fitline, tables: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    words = ["train", f"{tables}/1/part00.parquet", *X[:2], "--y", "y", *words]
    words += ["--cost-scale", "2", "--learning-rate", "0.7", "--every", "1", "--format", "json"]
    here = json.loads(fitline(*words).stdout)
    monkeypatch.setattr(import_module("fitline.training.prepare"), "DRAWN_ROWS", 250)
    done = fitline(*words, *SPARK)
    there = json.loads(done.stdout)
    assert "come from a random sample" in done.stderr
    assert there["ending"] == here["ending"]
    for one, other in zip(here["trace"], there["trace"], strict=False):
        for key in ("theta", "cost"):
            assert other[key] == pytest.approx(one[key], rel=1e-10)
    is_smooth = "absolute" not in words
    assert there["minimum"]["cost"] == pytest.approx(
        here["minimum"]["cost"], rel=1e-9 if is_smooth else 1e-2
    )
