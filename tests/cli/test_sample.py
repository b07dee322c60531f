"""`fitline sample` as its users meet it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fitline.data.synthetic import FORMATS

Fitline = Callable[..., subprocess.CompletedProcess[str]]


def test_the_line_is_said_and_found_again(fitline: Fitline) -> None:
    done = fitline("sample", "-o", "h.csv", "--rows", "50", "--noise", "0", "--theta1", "-2")
    assert done.stderr == "note: wrote h.csv: 50 rows about price = 12,000 − 2 × sqft\n"
    assert (done.returncode, done.stdout) == (0, "")
    assert "price = 12,000 − 2 × sqft" in fitline("train", "h.csv").stdout


def test_columns_range_and_quiet(fitline: Fitline, tmp_path: Path) -> None:
    words = ("--x", "hours", "--y", "points", "--from", "0", "--to", "10", "--quiet")
    done = fitline("sample", "-o", "h.tsv", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "h.tsv").read_text().startswith("hours\tpoints\n")


def test_the_plane_of_several_features_is_said_and_found_again(fitline: Fitline) -> None:
    words = ("--x", "sqft", "--x", "year", "--theta", "7,136,-2", "--noise", "0", "--to", "1000")
    done = fitline("sample", "-o", "h.csv", *words, "--from", "500", "--from", "0")
    equation = "price = 7 + 136 × sqft − 2 × year"
    assert done.stderr == f"note: wrote h.csv: 1,000 rows about {equation}\n"
    assert equation in fitline("train", "h.csv", "--x", "sqft,year").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
@pytest.mark.parametrize("ending", FORMATS)
def test_a_pipe_is_given_the_bytes_of_the_file(
    fitline: Fitline, tmp_path: Path, ending: str
) -> None:
    fitline("sample", "-o", f"file{ending}", "--rows", "50")
    pipe = tmp_path / f"pipe{ending}"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as reader:
        read = reader.submit(pipe.read_bytes)
        assert fitline("sample", "-o", pipe.name, "--rows", "50").returncode == 0
        assert read.result() == (tmp_path / f"file{ending}").read_bytes()


def test_a_line_may_be_given_all_at_once(fitline: Fitline, tmp_path: Path) -> None:
    fitline("sample", "-o", "a.csv", "--theta", "1,2")
    fitline("sample", "-o", "b.csv", "--theta0", "1", "--theta1", "2")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--rows 0", "'--rows': 0 is not in the range 1<=x"),
        ("--noise -1", "'--noise': -1.0 is not in the range x>=0"),
        ("--outliers 1.5", "'--outliers': 1.5 is not in the range 0<=x<=1"),
        ("--theta0 inf", "--theta0 is inf, not a finite number"),
        ("--noise nan", "--noise is nan, not a finite number"),
        ("--from 5 --to 4", "--from must be below --to"),
        ("--x a --x b", "hint: write an intercept and a slope for each: --theta 12000,136,136"),
        ("--x a --x b --theta 1,2", "theta has 2 numbers, and 2 features, 'a', 'b', take 3"),
        ("--x a --x b --theta0 1", "--theta0 and --theta1 are those of one feature"),
        ("--theta 1,2 --theta1 1", "--theta0 and --theta1 are those of one feature"),
        ("--x a --x b --theta 1,2,3 --from 1 --from 2 --from 3", "--from is given 3 times, for 2"),
        ("--x a --x b --theta 1,2,3 --from 1 --from 9 --to 5", "there is no b from 9 to 5"),
        ("--correlation 0.5", "--correlation is that of several features"),
        ("-o h.xls", "end --output in .csv, .csv.gz, .tsv, .jsonl, .parquet"),
    ],
)
def test_nonsense_is_refused_by_name(
    fitline: Fitline, tmp_path: Path, words: str, said: str
) -> None:
    done = fitline("sample", "-o", "h.csv", *words.split())
    assert done.returncode == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(fitline: Fitline) -> None:
    done = fitline("sample", "-o", "none/h.csv")
    assert done.returncode == 1
    assert done.stderr.startswith("error: none/h.csv: cannot be written: there is no folder ")


def test_ctrl_c_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("kept")
    command = [sys.executable, "-m", "fitline", "sample", "-o", "h.csv", "--rows", "400000000"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert (process.returncode, said) == (130, "interrupted; nothing was written\n")
    assert [path.name for path in tmp_path.iterdir()] == ["h.csv"]
    assert (tmp_path / "h.csv").read_text() == "kept"
