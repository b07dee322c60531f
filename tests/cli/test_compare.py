"""`fitline compare` as a process."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

Fitline = Callable[..., subprocess.CompletedProcess[str]]
START = ("--theta0", "0", "--theta1", "100")
CONFIGS = Path(__file__).parents[2] / "configs"


def document(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_combination_is_trained_as_train_would(fitline: Fitline) -> None:
    words = ["--optimizer", "gradient_descent,adam", "--learning-rate", "0.1,0.3"]
    found = document(fitline("compare", *START, *words, "--format", "json"))
    assert [run["name"] for run in found["runs"]] == [
        *("gradient_descent, 0.1", "gradient_descent, 0.3", "adam, 0.1", "adam, 0.3")
    ]
    alone = fitline(
        "train", *START, "--optimizer", "adam", "--learning-rate", "0.3", "--format", "json"
    )
    one, trained = found["runs"][3], document(alone)
    for key in ("ending", "steps", "theta", "cost", "excess", "config"):
        expected = trained[key]
        if key == "config":
            expected.pop("start")
        assert one[key] == expected


def test_the_first_to_arrive_is_named(fitline: Fitline) -> None:
    done = fitline("compare", *START, "--learning-rate", "0.1,0.5,1.1")
    lines = done.stdout.splitlines()
    assert any(line.startswith("a 0.1  converged    128") for line in lines)
    assert any(line.startswith("c 1.1  diverged") for line in lines)
    assert lines[-1] == "0.5 took the fewest steps: 1."


def test_configurations_and_saved_runs_are_compared_by_their_names(fitline: Fitline) -> None:
    assert fitline("train", *START, "--run", "saved", "--learning-rate", "0.3").returncode == 0
    files = [word for name in ("descent", "adam") for word in ("-c", f"valley_{name}.yaml")]
    for name in ("descent", "adam"):
        text = (CONFIGS / f"valley_{name}.yaml").read_text()
        lines = [line for line in text.splitlines() if not line.startswith(("data:", "x:", "y:"))]
        Path(fitline.folder, f"valley_{name}.yaml").write_text("\n".join(lines))  # type: ignore[attr-defined]
    found = document(fitline("compare", "--run", "saved", *files, "--format", "json"))
    assert [run["name"] for run in found["runs"]] == ["saved", "valley_descent", "valley_adam"]
    assert found["runs"][0]["config"]["learning_rate"] == 0.3


def test_the_race_becomes_a_picture_or_a_page(
    fitline: Fitline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fitline.plots.look.LARGE_DOTS", 40.0)
    folder = Path(fitline.folder)  # type: ignore[attr-defined]
    words = ["--optimizer", "momentum,adam", "--steps", "40"]
    for name in ("race.png", "race.svg", "race.html"):
        done = fitline("compare", *START, *words, "-o", name, "-q")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Image.open(folder / "race.png") as image:
        assert len(image.convert("RGB").getcolors(2**24) or []) > 100
    page = (folder / "race.html").read_text()
    assert '"label": "momentum"' in page
    assert '"label": "adam"' in page


def test_runs_of_one_name_are_numbered(fitline: Fitline) -> None:
    found = document(fitline("compare", *START, "--learning-rate", "0.1,0.1", "--format", "json"))
    assert [run["name"] for run in found["runs"]] == ["0.1", "0.1 (2)"]


def test_saved_runs_follow_no_other_settings(fitline: Fitline) -> None:
    assert fitline("train", *START, "--run", "saved", "--steps", "9").returncode == 0
    for flag in ("--steps=5", "--no-intercept"):
        done = fitline("compare", "--run", "saved", flag)
        assert done.returncode == 2
        assert f"would not follow {flag.partition('=')[0]}\n" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "--theta0 1e150 --learning-rate 50,1e308",
        *("--learning-rate 1e100", "--learning-rate 1e130,1e140", "--learning-rate 1e149,0.1"),
        *("--learning-rate 1e152", "--learning-rate 1e160,1e300 --l2 1"),
        "--learning-rate 1e160,2 --optimizer momentum,adam --cost huber",
    ],
)
def test_a_run_beyond_all_numbers_is_compared_too(fitline: Fitline, words: str) -> None:
    done = fitline("compare", *words.split(), "--steps", "3")
    assert done.returncode == 0
    assert "diverged" in done.stdout
    assert done.stderr.startswith("note: no table was named")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--optimizer", "adam,sgd"], "expected 'gradient_descent' or"),
        (["--learning-rate", "0.1,fast"], "--learning-rate: expected a number above 0"),
        (["--run", "nowhere"], "nowhere"),
        (["-o", "race.bmp"], "whose ending names no format"),
    ],
)
def test_what_cannot_be_compared_is_said(fitline: Fitline, words: list[str], told: str) -> None:
    done = fitline("compare", *START, *words)
    assert done.returncode in {1, 2}
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "flag"),
    [
        *(("weight: w", "--weight"), ("na: '3'", "--na"), ("skip: 1", "--skip")),
        *(("bad_rows: skip", "--bad-rows"), ("delimiter: ';'", "--delimiter")),
    ],
)
def test_trainings_that_read_a_table_in_different_ways_are_not_compared(
    fitline: Fitline, tmp_path: Path, setting: str, flag: str
) -> None:
    (tmp_path / "t.csv").write_text("x,y,w\n1,2,1\n2,4,2\n3,5,1\n4,9,3\n")
    own = "data: t.csv\nx: x\ny: y\nsteps: 5\n"
    (tmp_path / "a.yaml").write_text(own)
    (tmp_path / "b.yaml").write_text(f"{own}{setting}\n")
    for files in (("a.yaml", "b.yaml"), ("b.yaml", "a.yaml")):
        done = fitline("compare", "-c", files[0], "-c", files[1])
        assert (done.returncode, done.stdout) == (2, "")
        assert f"hint: give all of them one {flag}" in done.stderr
    fitline("train", "t.csv", "--x", "x", "--y", "y", "--steps", "3", "--run", "run")
    done = fitline("compare", "t.csv", "--run", "run", "-c", "b.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    done = fitline("compare", "--run", "run", flag, setting.split(": ")[1].strip("'"))
    assert (done.returncode, done.stdout) == (2, "")
