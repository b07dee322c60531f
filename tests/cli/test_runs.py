"""Saved runs: killed at any moment, resumed bit for bit, shown again."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fitline.cli import main

Done = subprocess.CompletedProcess[str]
Fitline = Callable[..., Done]
KILLING = Path(__file__).parents[1] / "killing.py"
NEIGHBOURHOODS = str(Path(__file__).parents[2] / "data" / "two_neighbourhoods.csv")
FIVE = "train --learning-rate 0.01 --steps 5 --quiet"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refusal(done: Done, code: int = 1) -> str:
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


OPTIMIZERS = ("gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
WAYS = {
    **{name: f"--optimizer {name} --steps 8000" for name in OPTIMIZERS},
    **{
        f"{name}-batches": f"--optimizer {name} --batch-size 2 --epochs 1200"
        for name in OPTIMIZERS
    },
    "cauchy": "--cost cauchy --optimizer adam --schedule inverse_time --warm-up 9 --steps 5000",
    "huber": "--cost huber --line-search --scaling none --starts 3 --steps 200 --explain 1",
}
KILLS_EACH = 4


@pytest.mark.kill
@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_is_killed_again_and_again_ends_to_the_same_bits(
    tmp_path: Path, way: str
) -> None:
    words = ["train", NEIGHBOURHOODS, "--learning-rate", "1e-5", "--tolerance", "0"]
    killing = [sys.executable, str(KILLING), str(tmp_path), str(KILLS_EACH), str(len(way))]
    subprocess.run([*killing, *words, *WAYS[way].split()], cwd=tmp_path, check=True)
    assert (tmp_path / "resumed.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    history = (tmp_path / "run" / "history.csv").read_text().splitlines()
    whole = (tmp_path / "whole.csv").read_text().splitlines()
    assert [row.rpartition(",")[0] for row in history] == whole


def test_that_makes_fifty_kills() -> None:
    assert len(WAYS) * KILLS_EACH >= 50


def test_a_run_keeps_all_that_made_it(fitline: Fitline, tmp_path: Path) -> None:
    fitline(*f"{FIVE} --optimizer adam --seed 7 --run run".split())
    manifest = json.loads((tmp_path / "run" / "run.json").read_text())
    assert manifest["config"]["optimizer"]["beta2"] == 0.999
    assert (manifest["config"]["seed"], manifest["config"]["x"]) == (7, "sqft")
    assert isinstance(manifest["config"]["theta0"], float)
    assert manifest["data"]["rows"] == 4
    assert manifest["data"]["fingerprint"].startswith("moments-sha256:")
    (session,) = manifest["sessions"]
    assert session["command"] == f"fitline {FIVE} --optimizer adam --seed 7 --run run"
    assert list(session["versions"]) == ["fitline", "python", "numpy", "duckdb"]


def test_the_history_is_a_plain_table_with_a_row_a_step(fitline: Fitline, tmp_path: Path) -> None:
    trace = tmp_path / "trace.csv"
    fitline(*f"{FIVE} --run run --trace {trace}".split())
    history = (tmp_path / "run" / "history.csv").read_text().splitlines()
    rows = list(csv.reader(history))
    assert rows[0] == ["step", "theta0", "theta1", "cost", "gradient_norm", "excess"]
    assert [row.rpartition(",")[0] for row in history] == trace.read_text().splitlines()
    assert np.array(rows[1:], dtype=float).shape == (6, 6)


@pytest.mark.parametrize(
    ("words", "format_"),
    [
        ("", "table"),
        ("", "markdown"),
        ("--every 2 --explain 1", "table"),
        ("--cost cauchy --starts 2", "json"),
        ("--learning-rate 1e300", "json"),
        ("--learning-rate 1e300", "csv"),
    ],
)
def test_a_run_is_shown_as_it_was_printed(
    fitline: Fitline, tmp_path: Path, words: str, format_: str
) -> None:
    printed = fitline(*f"{FIVE} --run run --format {format_} {words}".split()).stdout
    shown = fitline("show", "run", "--format", format_, "-o", "shown.txt")
    assert (shown.returncode, shown.stdout) == (0, "")
    assert (tmp_path / "shown.txt").read_text() == printed


def test_a_larger_number_of_steps_goes_on_wherever_the_run_and_fitline_are(
    fitline: Fitline,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n2,5\n3,6\n")
    train = ["train", "a.csv", "--scaling", "minmax", "--learning-rate", "auto", "--quiet"]
    fitline(*train, "--steps", "5", "--run", "run")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").rename(tmp_path / "elsewhere" / "run")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["resume", "run", "--steps", "9", "--quiet"]) == 0
    resumed = capsys.readouterr().out
    assert resumed == fitline(*train, "--steps", "9").stdout
    assert fitline("show", "elsewhere/run").stdout == resumed


@pytest.mark.parametrize(
    "options", ["--scaling none --tolerance 1e-2", "--learning-rate auto", ""]
)
def test_a_run_that_goes_on_gives_the_advice_of_one_that_did_not_stop(
    fitline: Fitline, options: str
) -> None:
    data = [NEIGHBOURHOODS] if "none" not in options else []
    words = [*data, *f"--cost huber {options} --seed 3 --format json".split()]
    whole = fitline("train", *words, "--steps", "30")
    fitline("train", *words, "--steps", "10", "--run", "run")
    resumed = fitline("resume", "run", "--steps", "30", "--format", "json")
    told = [json.loads(done.stdout)["diagnosis"] for done in (whole, resumed)]
    assert told[0] == told[1] is not None


TEXT = "t,y\nA,1\nB,2\nA,4\nC,3\nA,2\nB,5\n"


@pytest.mark.parametrize("x", ["t", "@1"])
def test_a_run_of_one_column_of_text_goes_on(fitline: Fitline, tmp_path: Path, x: str) -> None:
    (tmp_path / "t.csv").write_text(TEXT)
    words = ("train", "t.csv", "--x", x, "--y", "y", "--format", "json")
    whole = fitline(*words, "--steps", "9")
    fitline(*words, "--steps", "4", "--run", "run")
    resumed = fitline("resume", "run", "--steps", "9", "--format", "json")
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["theta"] == json.loads(whole.stdout)["theta"]
    compared = fitline("compare", "--run", "run", "--format", "json")
    assert len(json.loads(compared.stdout)["runs"][0]["theta"]) == 3


@pytest.mark.parametrize(
    ("words", "more", "code"),
    [
        ("", "", 0),
        ("--steps 3", "", 0),
        ("--steps 3", "--strict", 3),
        ("--learning-rate 3", "", 4),
    ],
)
def test_a_run_that_has_ended_says_so_and_is_left_alone(
    fitline: Fitline, tmp_path: Path, words: str, more: str, code: int
) -> None:
    printed = fitline("train", *words.split(), "--run", "run").stdout
    before = contents(tmp_path / "run")
    resumed = fitline("resume", "run", *more.split())
    assert (resumed.returncode, resumed.stdout) == (code, printed)
    assert "this run has ended, so nothing was changed" in resumed.stderr
    assert contents(tmp_path / "run") == before


def test_a_run_goes_on_from_the_start_that_is_lowest_after_all_its_steps(fitline: Fitline) -> None:
    several = "--cost cauchy --cost-scale 50000 --starts 4 --seed 1 --learning-rate 0.3"
    train = ["train", NEIGHBOURHOODS, *several.split(), "--quiet"]
    early = fitline(*train, "--steps", "2", "--run", "run").stdout
    resumed = fitline("resume", "run", "--steps", "60", "--quiet").stdout
    assert resumed == fitline(*train, "--steps", "60").stdout
    assert resumed.splitlines()[2] != early.splitlines()[2]


@pytest.mark.parametrize(
    ("words", "steps"),
    [
        ("--starts 5 --learning-rate 0.9 --tolerance 0.3", 8),
        (f"{NEIGHBOURHOODS} --cost cauchy --cost-scale 20000 --theta=395314.76,-85.4215", 89),
    ],
)
def test_what_was_cut_off_goes_on_though_the_run_has_converged(
    fitline: Fitline, words: str, steps: int
) -> None:
    train = ["train", *words.split(), "--quiet"]
    early = fitline(*train, "--steps", str(steps), "--run", "run").stdout
    assert "status       converged after" in early
    kept = fitline("resume", "run", "--steps", str(steps))
    assert "nothing was changed; a larger --steps goes on" in kept.stderr
    resumed = fitline("resume", "run", "--steps", "2000", "--quiet").stdout
    assert resumed == fitline(*train, "--steps", "2000").stdout
    assert "converged after" in resumed
    assert "nothing was changed\n" in fitline("resume", "run", "--steps", "3000").stderr


def test_other_versions_than_then_are_told(fitline: Fitline, tmp_path: Path) -> None:
    fitline(*FIVE.split(), "--run", "run")
    path = tmp_path / "run" / "run.json"
    path.write_text(re.sub(r'"numpy": ".*?"', '"numpy": "1.0"', path.read_text()))
    said = fitline("resume", "run", "--steps", "9").stderr
    assert f"numpy 1.0 then and {np.__version__} now: the last digits may differ" in said


def test_fewer_steps_than_were_taken_are_refused(fitline: Fitline) -> None:
    fitline(*FIVE.split(), "--run", "run")
    assert "the run has taken 5 already" in refusal(fitline("resume", "run", "--steps", "4"), 2)


def test_a_configuration_that_was_edited_is_refused_with_what_differs(
    fitline: Fitline, tmp_path: Path
) -> None:
    fitline(*FIVE.split(), "--run", "run")
    path = tmp_path / "run" / "run.json"
    path.write_text(path.read_text().replace('"learning_rate": 0.01', '"learning_rate": 0.02'))
    said = refusal(fitline("resume", "run", "--steps", "9"), 2)
    assert "learning_rate was 0.01 and is 0.02" in said


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("x,y\n1,2\n2,5\n3,6\n4,8\n", "it had 3 rows that can be used, and has 4"),
        ("x,y\n1,2\n2,5\n3,7\n", "its numbers are others"),
        ("x,y\n2,5\n1,2\n3,6\n", "its rows are others, or stand in another order"),
        ("x,y\n1,2\n2,n\n3,6\n", "--rejects FILE.csv (options of fitline train)"),
        (None, "the table of this run is no longer here"),
    ],
)
def test_a_table_that_has_changed_is_refused(
    fitline: Fitline, tmp_path: Path, table: str | None, said: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n1,2\n2,5\n3,6\n")
    fitline(*f"{FIVE} a.csv --batch-size 2 --run run".split())
    before = contents(tmp_path / "run")
    path.rename(tmp_path / "moved.csv")
    if table is not None:
        path.write_text(table)
    assert said in refusal(fitline("resume", "run", "--steps", "9"))
    assert contents(tmp_path / "run") == before
    assert fitline("resume", "run", "moved.csv", "--steps", "9").returncode == 0


def test_a_link_that_leads_nowhere_is_no_folder_to_save_a_run_in(
    fitline: Fitline, tmp_path: Path
) -> None:
    (tmp_path / "run").symlink_to("nowhere")
    said = refusal(fitline(*FIVE.split(), "--run", "run"))
    assert said == (
        "error: run: this is a link to what is not there, and a run is saved in a folder\n"
        "hint: name another folder\n"
    )
    assert not (tmp_path / "nowhere").exists()


ALIKE = ("x,y\n-9,3\n9,1\n0,1\n4,9\n5,11\n", "x,y\n-9,3\n9,1\n1,3\n2,5\n6,13\n")
"""Tables of other rows, with equal sums, squares and products."""


@pytest.mark.parametrize(
    "way",
    [
        "--folds 2 --seed 3",
        "--holdout 0.5 --seed 3",
        "--cost huber --cost-scale 99",
        "--batch-size 2",
    ],
)
def test_other_rows_of_equal_moments_are_another_table_where_rows_count(
    fitline: Fitline, tmp_path: Path, way: str
) -> None:
    then, now = ALIKE
    (tmp_path / "a.csv").write_text(then)
    fitline(*f"{FIVE} a.csv {way} --run run".split())
    (tmp_path / "b.csv").write_text(now)
    said = refusal(fitline("resume", "run", "b.csv", "--steps", "9"))
    assert re.search("its (numbers|rows) are others", said)
    assert fitline("resume", "run", "--steps", "9").returncode == 0


def test_other_rows_of_equal_moments_are_the_same_to_squared_error(
    fitline: Fitline, tmp_path: Path
) -> None:
    found = []
    for name, text in zip("ab", ALIKE, strict=True):
        (tmp_path / name).write_text(text)
        fitline(*f"{FIVE} {name} --run run{name}".split())
        done = fitline("resume", f"run{name}", "a", "--steps", "9", "--format", "json")
        found.append({**json.loads(done.stdout), "seconds": 0, "config": 0, "data": 0})
    assert found[0] == found[1]


def test_a_table_to_test_on_that_has_changed_is_refused(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ALIKE[0])
    (tmp_path / "test.csv").write_text(ALIKE[0])
    fitline(*f"{FIVE} a.csv --test test.csv --run run".split())
    before = contents(tmp_path / "run")
    (tmp_path / "test.csv").write_text(ALIKE[0].replace("11", "12"))
    said = refusal(fitline("resume", "run", "--steps", "9"))
    assert "test.csv: the table has changed since the run began: its numbers are others" in said
    assert contents(tmp_path / "run") == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("level", "colour", "its columns are called otherwise"),
        ("b", "HARBOUR", "its columns are called otherwise"),
        ("a", "BASE", "its columns of text have other levels"),
    ],
)
def test_a_table_whose_names_or_levels_have_changed_is_refused(
    fitline: Fitline, tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = "x,level,y\n1,a,1\n2,b,2\n3,a,4\n4,c,3\n5,a,6\n6,b,5\n7,c,8\n"
    (tmp_path / "t.csv").write_text(text)
    fitline("train", "t.csv", "--x", "x,@2", "--y", "y", "--steps", "3", "--run", "run")
    (tmp_path / "other.csv").write_text(re.sub(rf"\b{old}\b", new, text))
    before = contents(tmp_path / "run")
    assert said in refusal(fitline("resume", "run", "other.csv", "--steps", "6"))
    assert contents(tmp_path / "run") == before
    assert fitline("resume", "run", "--steps", "6").returncode == 0


def test_a_table_of_numbers_for_one_of_dates_is_refused(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("d,y\n2020-01-01,1\n2020-01-02,3\n2020-01-03,4\n")
    (tmp_path / "other.csv").write_text("d,y\n18262,1\n18263,3\n18264,4\n")
    fitline("train", "t.csv", "--steps", "3", "--run", "run")
    said = refusal(fitline("resume", "run", "other.csv", "--steps", "6"))
    assert "other columns of it hold dates" in said


def test_a_run_from_standard_input_says_that_it_cannot_be_read_again(fitline: Fitline) -> None:
    table = "x,y\n1,2\n2,5\n3,6\n"
    printed = fitline(*f"{FIVE} - --run run".split(), stdin=table)
    assert fitline("show", "run").stdout == printed.stdout
    said = refusal(fitline("resume", "run", "--steps", "9"))
    assert "standard input, which cannot be read again" in said


def test_a_table_from_a_pipe_is_not_waited_for(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,y\n1,2\n2,5\n3,6\n")
    fitline("train", "t.csv", "--steps", "2", "--run", "run")
    (tmp_path / "t.csv").rename(tmp_path / "u.csv")
    os.mkfifo(tmp_path / "t.csv")
    done = fitline("resume", "run", "--steps", "4")
    assert (done.returncode, done.stdout) == (1, "")
    assert "t.csv: the table came from a pipe, which cannot be read again" in done.stderr
    assert fitline("resume", "run", "u.csv", "--steps", "4").returncode == 0


def test_a_folder_that_is_taken_is_left_alone(fitline: Fitline, tmp_path: Path) -> None:
    fitline(*FIVE.split(), "--run", "run")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").touch()
    (tmp_path / "file").touch()
    before = contents(tmp_path / "run")
    assert "or write over the run with --force" in refusal(fitline("train", "--run", "run"))
    for name in ("full", "file"):
        refusal(fitline("train", "--run", name, "--force"))
        refusal(fitline("resume", name))
        refusal(fitline("show", name))
    assert contents(tmp_path / "run") == before
    assert fitline("train", "--run", "run", "--force", "--seed", "3").returncode == 0
    assert '"seed": 3' in (tmp_path / "run" / "run.json").read_text()


@pytest.mark.parametrize(
    "text",
    ['{"name": "mine"}', '{"schema": 1, "config": {}}', "[1]", "", "no run"],
)
def test_what_is_called_as_the_file_of_a_run_is_not_written_over(
    fitline: Fitline, tmp_path: Path, text: str
) -> None:
    own = {"run.json": text.encode(), "history.csv": b"precious", "data.txt": b"mine"}
    (tmp_path / "run").mkdir()
    for name, held in own.items():
        (tmp_path / "run" / name).write_bytes(held)
    for force in ([], ["--force"]):
        refused = refusal(fitline("train", "--run", "run", *force))
        assert "this folder holds other things, such as data.txt" in refused
    assert contents(tmp_path / "run") == own


@pytest.mark.parametrize("name", ["run.json", "checkpoint.json", "result.json"])
def test_a_damaged_file_is_named_with_what_to_do(
    fitline: Fitline, tmp_path: Path, name: str
) -> None:
    fitline(*FIVE.split(), "--run", "run")
    path = tmp_path / "run" / name
    path.write_bytes(path.read_bytes()[:100])
    said = refusal(fitline("show", "run"))
    assert f"run/{name}: this is not what fitline wrote" in said
    assert "hint: " in said


def test_a_run_that_fails_leaves_no_folder(fitline: Fitline, tmp_path: Path) -> None:
    for words in ("nothing.csv", "--trace no/such/folder/a.csv", "--learning-rate fast"):
        assert fitline("train", *words.split(), "--run", "run").returncode in {1, 2}
        assert list(tmp_path.iterdir()) == []


OFTEN = """
from fitline.__main__ import main
from fitline.runs import writer

writer.BETWEEN_SECONDS = 0.05
main()
"""


def test_an_interrupted_run_is_shown_and_goes_on(fitline: Fitline, tmp_path: Path) -> None:
    words = "train --learning-rate 1e-9 --steps 100000000 --run run"
    process = subprocess.Popen(
        [sys.executable, "-c", OFTEN, *words.split()],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (tmp_path / "run" / "checkpoint.json").exists():
            time.sleep(0.02)
        assert "another fitline is at work" in refusal(fitline("resume", "run"))
        assert "this run has not ended" in fitline("show", "run").stderr
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert b"fitline resume run continues it" in said
    assert fitline("show", "run").stdout.encode() == printed
    taken = json.loads((tmp_path / "run" / "result.json").read_text())["steps"]
    resumed = fitline("resume", "run", "--steps", str(taken + 10), "--format", "json")
    assert json.loads(resumed.stdout)["steps"] == taken + 10


LONG = ["train", "--theta0", "0", "--theta1", "100", "--learning-rate", "0.01", "--steps", "40"]
THINNED = [
    ((), [0, 1, 2, 3, 4, 5, 8, 16, 32, 40], "steps 0 to 5, those at powers of two, and the last"),
    (("--every", "15"), [0, 15, 30, 40], "one step in 15, and the last"),
    (("--every", "1"), [*range(41)], "every step"),
    (("--steps", "5"), [*range(6)], "every step"),
]


@pytest.mark.parametrize(("words", "steps", "rule"), THINNED)
def test_programs_are_told_which_steps_they_are_given_and_spreadsheets_where_the_others_are(
    fitline: Fitline, tmp_path: Path, words: tuple[str, ...], steps: list[int], rule: str
) -> None:
    taken = 1 + steps[-1]
    note = f"{len(steps)} of {taken} steps are shown; "
    fitline(*LONG, *words, "--run", "run")
    for command, there in (
        ([*LONG, *words], "--every 1 or --trace FILE.csv gives all"),
        (["show", "run"], "run/history.csv has all"),
        (["resume", "run"], "run/history.csv has all"),
    ):
        document = fitline(*command, "--format", "json")
        found = json.loads(document.stdout)
        assert [record["step"] for record in found["trace"]] == steps
        assert found["trace_rule"] == {
            "shown": len(steps),
            "of": found["steps"] + 1,
            "rule": rule,
        }
        assert "are shown" not in document.stderr
        sheet = fitline(*command, "--format", "csv")
        assert [line.split(",")[0] for line in sheet.stdout.splitlines()[1:]] == [*map(str, steps)]
        assert (note + there in sheet.stderr) == (rule != "every step")
    fitline(*LONG, *words, "--trace", "all.csv", "--format", "csv")
    for path in ("run/history.csv", "all.csv"):
        assert len((tmp_path / path).read_text().splitlines()) == 1 + taken


def test_a_run_that_goes_on_tells_its_own_steps(fitline: Fitline) -> None:
    fitline(*LONG, "--every", "15", "--run", "run")
    done = fitline("resume", "run", "--steps", "50", "--format", "json")
    found = json.loads(done.stdout)
    assert [record["step"] for record in found["trace"]] == [0, 15, 30, 45, 50]
    assert found["trace_rule"] == {"shown": 5, "of": 51, "rule": "one step in 15, and the last"}


def test_names_in_advice_are_quoted(fitline: Fitline, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,y\n1,2\n2,5\n3,6\n")
    words = ("train", "t.csv", "--steps", "3", "--save", "my m.json")
    fitline(*words, "--run", "my run; ls")
    taken = fitline(*words, "--run", "my run; ls").stderr
    assert "go on with fitline resume 'my run; ls', or" in taken
    (tmp_path / "t.csv").unlink()
    assert "--model 'my m.json'" in fitline("evaluate", "--model", "my m.json").stderr
