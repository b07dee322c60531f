"""The command line as a process: exit code, standard output, standard error."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from numpy.testing import assert_allclose

from fitline.config import Config
from fitline.data import engine, plain_numbers

Done = subprocess.CompletedProcess[str]
Fitline = Callable[..., Done]
FITLINE = [sys.executable, "-m", "fitline"]


def document(done: Done) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


LESSON = {
    ("50000", "100"): 1_050_000_000,
    ("0", "100"): 6_050_000_000,
    ("30000", "130"): 87_500_000,
    ("12000", "136"): 20_000_000,
}


@pytest.mark.parametrize(("theta", "cost"), LESSON.items())
def test_evaluate_gives_the_costs_of_the_lesson(
    fitline: Fitline, theta: tuple[str, str], cost: float
) -> None:
    words = ["--theta0", theta[0], "--theta1", theta[1], "--format", "json"]
    found = document(fitline("evaluate", *words))
    assert found["schema"] == 1
    assert [point["cost"] for point in found["points"]] == [cost]
    assert found["minimum"] == {"theta": [12000, 136], "cost": 20_000_000}
    assert sum(row["squared_error"] for row in found["rows"]) / 4 == cost


def test_evaluate_compares_points_and_a_saved_model(fitline: Fitline) -> None:
    fitline("train", "--save", "model.json")
    words = ["--theta", "0,100", "--theta", "50000,100", "--model", "model.json"]
    found = document(fitline("evaluate", *words, "--format", "json"))
    assert [point["cost"] for point in found["points"]] == [6.05e9, 1.05e9, 2e7]
    assert found["rows"] == []


def test_train_converges_and_its_trace_begins_as_the_lesson_says(fitline: Fitline) -> None:
    found = document(fitline("train", "--theta0", "0", "--theta1", "100", "--format", "json"))
    assert found["ending"] == "converged"
    assert_allclose(found["theta"], [12000, 136], atol=1e-6, rtol=0)
    first = {step["step"]: [*step["theta"], step["cost"]] for step in found["trace"]}
    assert_allclose(first[0], [0, 100, 6050000000], rtol=1e-12, atol=1e-9)
    assert_allclose(first[1], [2400, 107.2, 3879200000], rtol=1e-12)
    assert_allclose(first[5], [8067.84, 124.20352, 667466319.872], rtol=1e-12)
    assert found["config"]["start"] == [0, 100]
    assert found["config"]["seed"] == 0
    assert list(found)[:4] == ["schema", "command", "fitline", "data"]


def test_train_without_scaling_takes_the_lessons_steps(fitline: Fitline) -> None:
    words = "train --theta0 0 --theta1 100 --scaling none --learning-rate 1e-7 --steps 5"
    found = document(fitline(*words.split(), "--format", "json"))
    assert found["ending"] == "steps"
    last = found["trace"][-1]
    expected = [0.0229247258795502, 142.069117030945, 33412384.1540292]
    assert_allclose([*last["theta"], last["cost"]], expected, rtol=1e-12)
    assert found["curvature"]["condition_number"] == pytest.approx(36450019.6000032)


@pytest.mark.parametrize(
    ("theta", "prediction"), [(("50000", "100"), "200,000"), (("10000", "200"), "310,000")]
)
def test_predict_says_what_the_lesson_says(
    fitline: Fitline, theta: tuple[str, str], prediction: str
) -> None:
    done = fitline("predict", "1500", "--theta0", theta[0], "--theta1", theta[1])
    assert done.stdout.splitlines()[-1].split() == ["1,500", prediction]


def test_predict_reads_values_below_zero_after_two_dashes(fitline: Fitline) -> None:
    words = "predict --theta0 1 --theta1 2 --format json -- -5 1e3"
    found = document(fitline(*words.split()))
    assert [row["prediction"] for row in found["predictions"]] == [-9, 2001]


def test_grid_gives_a_header_and_a_row_a_cell_each_as_evaluate_says(fitline: Fitline) -> None:
    done = fitline("grid", "--theta0", "0:50000:3", "--theta1", "100:130:2")
    header, *rows = csv.reader(io.StringIO(done.stdout))
    assert header == ["theta0", "theta1", "cost"]
    assert len(rows) == 6
    points = [word for theta0, theta1, _ in rows for word in ("--theta", f"{theta0},{theta1}")]
    found = document(fitline("evaluate", *points, "--format", "json"))
    assert [float(cost) for *_, cost in rows] == [point["cost"] for point in found["points"]]


@pytest.mark.parametrize("format_", ["csv", "json"])
@pytest.mark.parametrize(
    "words", ["grid --theta0 0:1:3 --theta1 0:1:2", "predict h.csv --theta 0,100"]
)
def test_a_format_that_is_named_is_written_whatever_the_ending(
    fitline: Fitline, tmp_path: Path, words: str, format_: str
) -> None:
    (tmp_path / "h.csv").write_text("sqft,price\n1000,150000\n1500,210000\n")
    printed = fitline(*words.split(), "--format", format_).stdout
    for ending in ("csv", "json", "npy", "parquet", "x"):
        done = fitline(*words.split(), "--format", format_, "-o", f"out.{ending}")
        assert (done.returncode, (tmp_path / f"out.{ending}").read_text()) == (0, printed)


def test_a_grid_is_the_same_in_every_format(fitline: Fitline, tmp_path: Path) -> None:
    import duckdb

    for ending in ("csv", "json", "npy", "parquet"):
        done = fitline("grid", "--theta0", "0:1:3", "--theta1", "-1:1:2", "-o", f"grid.{ending}")
        assert (done.returncode, done.stdout) == (0, "")
    cells = np.load(tmp_path / "grid.npy")
    assert cells.shape == (3, 2, 3)
    flat = cells.reshape(-1, 3).tolist()
    text = (tmp_path / "grid.csv").read_text()
    assert [
        [float(cell) for cell in row] for row in list(csv.reader(io.StringIO(text)))[1:]
    ] == flat
    parquet = duckdb.execute(f"from '{tmp_path / 'grid.parquet'}'").fetchall()
    assert [list(row) for row in parquet] == flat
    document_ = json.loads((tmp_path / "grid.json").read_text())
    assert np.array(document_["cost"]).ravel().tolist() == [cost for *_, cost in flat]


def test_the_output_says_that_the_table_is_the_built_in_one(fitline: Fitline) -> None:
    done = fitline("train")
    assert "the built-in four houses: 4 rows" in done.stdout
    assert "the built-in four houses" in fitline("grid").stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("train", 0),
        ("train --steps 3", 0),
        ("train --steps 3 --strict", 3),
        ("train --learning-rate 3", 4),
        ("train nothing.csv", 1),
        ("train --x nothing", 1),
        ("evaluate", 2),
        ("evaluate --theta0 1", 2),
        ("evaluate --theta 1,2,3", 2),
        ("evaluate --theta nan,1", 2),
        ("evaluate --theta0 inf --theta1 1", 2),
        ("evaluate --model nothing.json", 1),
        ("predict", 2),
        ("predict 5", 2),
        ("predict 5 --theta0 1", 2),
        ("predict nan --theta0 1 --theta1 2", 2),
        ("predict 5 nothing.csv --theta0 1 --theta1 2", 2),
        ("predict nothing.csv --theta0 1 --theta1 2", 1),
        ("grid --theta0 0:1", 2),
        ("grid --theta0 0:1:0", 2),
        ("grid --theta0 0:nan:3", 2),
        ("grid --theta0 0:1:1000000", 2),
        ("grid --theta0 0:1:20000 --theta1 0:1:20000", 2),
        ("train --learning-rate fast", 2),
        ("train --steps 1.5", 2),
        ("train --theta0 nan", 2),
        ("train --bad-rows maybe", 2),
        ("train --trace steps.txt", 2),
        ("train -c nothing.yaml", 2),
        ("train -o no/such/folder/a.json", 1),
        ("train --save no/such/folder/a.json", 1),
        ("train --trace no/such/folder/a.csv", 1),
        ("train --rejects no/such/folder/a.csv", 1),
        ("grid -o a.xyz", 2),
        ("nothing", 2),
        ("train --nothing", 2),
        ("train -o a.json --save a.json", 2),
        ("evaluate a.csv --theta 1,2 -o a.csv", 2),
        ("predict 1,500 --theta0 1 --theta1 2", 2),
        ("predict -5 --theta0 1 --theta1 2", 2),
    ],
)
def test_the_exit_code_tells_what_happened(
    fitline: Fitline, tmp_path: Path, words: str, code: int
) -> None:
    done = fitline(*words.split())
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert ("error: " in done.stderr) == (code in {1, 2})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("train nothing.csv", "data"),
        ("train --learning-rate fast", "config"),
        ("train --steps x", "usage"),
        ("evaluate", "usage"),
        ("evaluate --model nothing.json", "file"),
    ],
)
def test_an_error_is_one_json_document_where_json_is_asked_for(
    fitline: Fitline, words: str, kind: str
) -> None:
    done = fitline(*words.split(), "--format", "json")
    error = json.loads(done.stderr)
    assert error["schema"] == 1
    assert error["error"]["kind"] == kind
    assert set(error["error"]) == {"kind", "message", "file", "line", "column", "value", "hint"}
    assert done.stdout == ""


def test_a_rate_that_is_too_large_is_announced_and_explained(fitline: Fitline) -> None:
    done = fitline("train", "--learning-rate", "1.5")
    assert done.stderr.count("above the largest stable rate, 1") == 1
    assert "it converges in 1 step" in done.stdout
    assert "--learning-rate auto" in done.stdout


def test_a_rate_at_the_edge_is_announced_too(fitline: Fitline) -> None:
    done = fitline("train", "--learning-rate", "1", "--steps", "20")
    assert "oscillates for ever" in done.stderr
    assert "larger --steps" not in done.stdout


def test_a_model_that_diverged_is_not_saved(fitline: Fitline, tmp_path: Path) -> None:
    done = fitline("train", "--learning-rate", "1.5", "--save", "model.json", "--trace", "t.csv")
    assert done.returncode == 4
    assert "model.json was not written" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_results_that_are_not_finite_are_null_in_json(fitline: Fitline) -> None:
    done = fitline("train", "--learning-rate", "1e300", "--format", "json", "--quiet")
    assert json.loads(done.stdout)["cost"] is None


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
@pytest.mark.parametrize("x", ["a", "a,b"])
def test_a_trace_keeps_every_step_to_the_last_digit(
    fitline: Fitline, tmp_path: Path, ending: str, x: str
) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n1,3,2\n2,1,5\n4,2,6\n3,7,8\n")
    path = tmp_path / f"trace.{ending}"
    words = ["t.csv", "--x", x, "--y", "y", "--trace", path.name, "--every", "1", "--steps", "50"]
    words += ["--format", "json"]
    trace = document(fitline("train", *words))["trace"]
    lines = path.read_text().splitlines()
    if ending == "jsonl":
        assert [json.loads(line) for line in lines] == trace
    else:
        for row, step in zip(csv.DictReader(lines), trace, strict=True):
            theta = {f"theta{place}": value for place, value in enumerate(step["theta"])}
            told = {key: step[key] for key in ("step", "cost", "gradient_norm")}
            assert {key: float(cell) for key, cell in row.items()} == theta | told


def test_every_format_goes_to_a_file_by_its_ending(fitline: Fitline, tmp_path: Path) -> None:
    starts = {"json": '{"schema": 1', "csv": "step,theta0", "md": "- **table**", "txt": "table"}
    for ending, start in starts.items():
        assert fitline("train", "-o", f"run.{ending}").stdout == ""
        assert (tmp_path / f"run.{ending}").read_text().startswith(start)


def test_flags_win_over_the_configuration(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("steps: 7\nseed: 5\n")
    words = ["-c", "config.yaml", "--seed", "6", "--format", "json"]
    config = document(fitline("train", *words))["config"]
    assert (config["steps"], config["seed"]) == (7, 6)


def test_a_table_on_standard_input_is_read(fitline: Fitline) -> None:
    done = fitline("evaluate", "-", "--theta", "0,2", "--format", "json", stdin="x,y\n1,2\n2,5\n")
    found = document(done)
    assert found["data"]["source"] == "standard input"
    assert found["points"][0]["cost"] == 0.5


def test_a_table_on_standard_input_is_predicted(fitline: Fitline) -> None:
    done = fitline("predict", "-", "--x", "x", "--theta0", "1", "--theta1", "2", stdin="x\n3\n")
    assert done.stdout == "x,prediction\n3,7.0\n"


def test_quiet_says_nothing_and_verbose_says_more(fitline: Fitline) -> None:
    assert fitline("grid", "--quiet").stderr == ""
    assert "read 4 rows" in fitline("grid", "--verbose").stderr


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("x,y\n" + "1,1\n" * 20_000)
    words = f"{' '.join(FITLINE)} predict {path} --theta0 0 --theta1 1"
    command = f"set -o pipefail; {words} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)  # noqa: S607
    assert (done.returncode, done.stdout, done.stderr) == (1, "x,y,prediction\n", "")


def test_the_configurations_table_is_not_written_over(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n2,5\n")
    (tmp_path / "c.yaml").write_text("data: a.csv\n")
    for words in ("train", "evaluate --theta 0,1", "grid"):
        assert fitline(*words.split(), "-c", "c.yaml", "-o", "a.csv").returncode == 2
    assert (tmp_path / "a.csv").read_text() == "x,y\n1,2\n2,5\n"


def test_a_table_without_a_header_is_refused_by_every_command(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("1,2\n2,5\n3,9\n")
    for words in ("train a.csv", "predict a.csv --theta0 1 --theta1 2"):
        done = fitline(*words.split())
        assert done.returncode == 1
        assert "if the first line is a row, add --no-header" in done.stderr


def test_the_defaults_in_the_help_are_those_of_the_configuration(fitline: Fitline) -> None:
    entries = re.split(r"\n  (?=-)", fitline("train", "--help-all").stdout)
    told = {entry.split()[0]: " ".join(entry.split()) for entry in entries}
    for field in fields(Config):
        text = told.get(f"--{field.name.replace('_', '-')}", "")
        value = getattr(field.default, "name", field.default)
        if text and value is None:
            assert re.search(r"Left out: |missing value", text)
        elif text and not isinstance(value, bool):
            assert f"[default: {str(value).removesuffix('.0')}]" in text
    assert "[default: 1e-10 for Adagrad, 1e-08 for RMSprop and Adam]" in told["--epsilon"]
    assert len(told) > len(fields(Config))


def test_a_column_may_have_any_name(fitline: Fitline, tmp_path: Path) -> None:
    name = '[bold]"x"; drop table t; --\'\\'
    with (tmp_path / "odd.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([[name, "[/]"], [1, 2], [2, 5]])
    done = fitline("train", "odd.csv", "--x", name, "--y", "[/]")
    assert f"[/] = −1 + 3 × {name}" in done.stdout


def test_the_version_is_told(fitline: Fitline) -> None:
    assert fitline("--version").stdout == "fitline 0.1.0\n"


@pytest.mark.parametrize(
    "line",
    [
        *("train --steps 3", "train --theta0 0 --x price", "evaluate --theta 0,100", "rates"),
        *("grid --theta0 0:9:3 --theta1 0:9:3", "landscape", "explore -o page.html", "compare"),
        "predict table.csv --theta0 0 --theta1 1",
        *("sample -o more.csv --rows 9", "resume run --steps 9"),
    ],
)
def test_no_command_leaves_a_connection_open(
    fitline: Fitline, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Many commands may run in one process."""
    (fitline.folder / "table.csv").write_text("sqft\n1000\n1500\n")  # type: ignore[attr-defined]
    if line.startswith("resume"):
        assert fitline("train", "--steps", "4", "--run", "run").returncode == 0
    opened = []
    connect = engine.connect

    def noted() -> duckdb.DuckDBPyConnection:
        opened.append(connect())
        return opened[-1]

    monkeypatch.setattr(engine, "connect", noted)
    monkeypatch.setattr(plain_numbers, "MOST_BYTES", -1)
    fitline(*line.split())
    assert opened
    for connection in opened:
        with pytest.raises(duckdb.ConnectionException):
            connection.execute("select 1")


@pytest.mark.parametrize(
    "variables", [{}, {"COMP_WORDS": "fitline tr"}, {"COMP_WORDS": "fitline", "COMP_CWORD": "x"}]
)
def test_a_shell_that_asks_for_what_may_follow_and_says_too_little_is_told(
    fitline: Fitline, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in {"_FITLINE_COMPLETE": "complete_bash", **variables}.items():
        monkeypatch.setenv(name, value)
    done = fitline("train")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: _FITLINE_COMPLETE is what a shell sets, with more: ")
