"""`fitline plot` as a process: exit code, standard output, standard error, and the file."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

from fitline.plots import KINDS

Done = subprocess.CompletedProcess[str]
Plot = Callable[..., Done]


@pytest.fixture
def plot(fitline: Plot) -> Plot:
    """Run fitline plot in an empty folder."""
    return partial(fitline, "plot")


def test_a_picture_is_written_and_nothing_printed(plot: Plot, tmp_path: Path) -> None:
    done = plot("contour", "--theta0", "0", "--theta1", "100", "-o", "contour.png")
    assert (done.returncode, done.stdout) == (0, "")
    *_, last = done.stderr.splitlines()
    assert last == "note: wrote contour.png"
    assert (tmp_path / "contour.png").read_bytes().startswith(b"\x89PNG")
    assert [found.name for found in tmp_path.iterdir()] == ["contour.png"]


def test_the_look_of_a_picture_is_chosen(plot: Plot, tmp_path: Path) -> None:
    looks = ["--size", "6x4", "--dpi", "50", "--title", "My houses", "--theme", "dark"]
    assert plot("cost", *looks, "-o", "cost.svg").returncode == 0
    drawn = (tmp_path / "cost.svg").read_text(encoding="utf-8")
    assert 'width="432pt" height="288pt"' in drawn
    assert "#16181d" in drawn


def test_quiet_says_nothing(plot: Plot) -> None:
    done = plot("cost", "-o", "cost.SVG", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_training_that_diverges_is_drawn(plot: Plot) -> None:
    done = plot("line", "--learning-rate", "1.2", "-o", "line.svg")
    assert done.returncode == 0
    assert "warning: learning rate 1.2 is above the largest stable rate" in done.stderr


def test_a_table_from_standard_input_is_drawn(
    plot: Plot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fitline.plots.pictures.FRAMES", 4)
    done = plot("line", "-", "-o", "line.gif", stdin="age,size\n1,2\n2,3\n3,5\n")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "line.gif").read_bytes().startswith(b"GIF89a")


@pytest.mark.parametrize("words", [[], ["houses.csv"], ["countour"]])
def test_a_kind_that_is_missing_or_misspelt_is_answered_with_all_kinds(
    plot: Plot, words: list[str]
) -> None:
    done = plot(*words)
    assert done.returncode == 2
    assert all(kind in done.stderr for kind in KINDS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["line"], "no file was named for the picture"),
        (["line", "-o", "line.bmp"], ".png, .svg, .pdf or .gif"),
        (["slices", "-o", "slices.gif"], "animate one of line, contour, surface, predicted, all"),
        (["rates", "--cost", "absolute", "-o", "rates.png"], "absolute error has none"),
        (["cost", "--size", "800", "-o", "cost.png"], "not a width and a height in inches"),
        (["cost", "--size", "800x500", "-o", "cost.png"], "write inches, such as --size 8x5"),
        (["cost", "--theme", "pink", "-o", "cost.png"], "'pink' is not one of 'light', 'dark'"),
        (["line", "houses.csv", "-o", "houses.csv"], "names no kind of picture file"),
        (["line", "a.png", "-o", "a.png"], "would be written over"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    plot: Plot, words: list[str], said: str, tmp_path: Path
) -> None:
    done = plot(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_it_says_what_to_install_before_it_reads(
    plot: Plot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = plot("line", "no such.csv", "-o", "line.png")
    assert done.returncode == 1
    assert "matplotlib, which is not installed" in done.stderr
    assert "pip install 'fitline[plot]'" in done.stderr


PICTURES = """
from fitline.cli import main
assert main(["plot", "line", "-q", "-o", "plot.svg"]) == 0
raise SystemExit(main(["compare", "-q", "--learning-rate", "0.1,0.2", "-o", "compare.svg"]))
"""


def test_settings_in_the_folder_or_the_environment_are_no_settings_of_pictures(
    tmp_path: Path,
) -> None:
    os.mkfifo(tmp_path / "matplotlibrc")  # whoever opens it waits for ever
    own = {"MPLBACKEND": "bogus", "MATPLOTLIBRC": str(tmp_path), "SOURCE_DATE_EPOCH": "x"}
    environment = {**os.environ, **own}
    command = [sys.executable, "-c", PICTURES]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stderr == ""
    for name in ("plot", "compare"):
        assert "<svg" in (tmp_path / f"{name}.svg").read_text()


def test_help_of_plot_names_every_kind(plot: Plot) -> None:
    done = plot("--help")
    assert all(kind in done.stdout for kind in KINDS)
