"""Pictures: they hold true data, in the table's own words, and the same bytes each time."""

import os
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

pytest.importorskip("matplotlib")

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image
from scipy import special

from fitline import plots, train
from fitline.config import Config
from fitline.data import open_table
from fitline.errors import DataError, FitlineError, UsageError
from fitline.landscapes.projection import Projection
from fitline.optimize.optimizers import Adam, GradientDescent
from fitline.plots import KINDS, MOVING, look, pictures, race, style
from fitline.plots.look import Look
from fitline.plots.pictures import OF_SEVERAL_FEATURES, ON_ONE_SHEET, picture, save, write_picture
from fitline.plots.scene import Scene, apart, evenly, keep
from fitline.plots.style import styled
from fitline.training import landscape_of, moments_of, prepare

TWO = Path(__file__).parents[2] / "data" / "two_neighbourhoods.csv"
LESSON = {"theta0": 0.0, "theta1": 100.0}
HILLY = {"cost": "cauchy", "cost_scale": 50_000.0}


def scene(data: Any = None, **options: Any) -> Scene:
    config = Config(**options)
    table = open_table(data, config.x, config.y)
    return Scene(prepare(table, landscape_of(table, moments_of(table, config), config), config))


@pytest.fixture(autouse=True)
def _few_dots(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw small pictures, but where their size is the matter; what they show is the same."""
    if request.function is not test_a_picture_is_as_wide_as_a_slide:
        monkeypatch.setattr(look, "DOTS", 40.0)
        monkeypatch.setattr(look, "LARGE_DOTS", 40.0)
        monkeypatch.setattr(pictures, "GIF_WIDTH", 520)
        monkeypatch.setattr(pictures, "LARGE_GIF_WIDTH", 520)


@pytest.fixture(scope="module")
def lesson() -> Scene:
    return scene(**LESSON)


@pytest.fixture(scope="module")
def hilly() -> Scene:
    return scene(TWO, **HILLY)


def line(axes: Axes, label: str) -> Line2D:
    return next(line for line in axes.lines if str(line.get_label()).startswith(label))


def points(drawn: Line2D) -> Any:
    return np.array(drawn.get_data()).T


def texts(figure: Figure) -> str:
    """Give all the words of a picture, as they are before they are drawn."""
    found = [text.get_text() for text in figure.findobj(Text)]
    return " ".join("\n".join(found).split())


def saved(kind: str, what: Scene, path: Path) -> Figure:
    """Draw a picture once, to look at and into a file, its parts not moved to make room."""
    with styled():
        figure = picture(kind, what)
        figure.set_layout_engine(None)
        save(figure, path, path.suffix[1:])
    return figure


def written(kind: str, what: Scene, path: Path) -> bytes:
    write_picture(kind, what, path, path.suffix[1:])
    return path.read_bytes()


@pytest.fixture(scope="module")
def first(lesson: Scene, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Draw a picture of the lesson into a file, the first time that it is asked for."""
    folder = tmp_path_factory.mktemp("first")

    @cache
    def first(kind: str, ending: str) -> Path:
        path = folder / f"{kind}.{ending}"
        write_picture(kind, lesson, path, ending)
        return path

    return first


First = Callable[[str, str], Path]


@pytest.fixture
def few_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FRAMES", 3)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("few_frames")
def test_every_kind_draws_a_picture_of_many_colours(kind: str, first: First) -> None:
    with Image.open(first(kind, "gif" if kind in MOVING else "png")) as image:
        assert image.width >= look.DOTS * look.SIZE[0]
        assert len(image.convert("RGB").resize((160, 100)).getcolors(100_000) or []) > 100


@pytest.mark.parametrize("large", [False, True])
def test_a_picture_is_as_wide_as_a_slide(tmp_path: Path, *, large: bool) -> None:
    save(style.sheet(large=large), tmp_path / "empty.png", "png")
    with Image.open(tmp_path / "empty.png") as image:
        assert image.width >= 1600


@pytest.mark.parametrize(
    ("kind", "ending", "begins"),
    [
        ("contour", "svg", b"<?xml"),
        ("cost", "pdf", b"%PDF-"),
        ("cost", "png", b"\x89PNG"),
        ("line", "gif", b"GIF89a"),
    ],
)
@pytest.mark.usefixtures("few_frames")
def test_the_same_table_gives_the_same_bytes(
    kind: str, ending: str, begins: bytes, first: First, tmp_path: Path
) -> None:
    drawn = first(kind, ending).read_bytes()
    assert drawn.startswith(begins)
    assert b"CreationDate" not in drawn
    assert b"dc:date" not in drawn
    assert written(kind, scene(**LESSON), tmp_path / f"again.{ending}") == drawn


@pytest.mark.parametrize("date", ["x", "", "-1e9", "99999999999999999999", "86400"])
@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_a_date_in_the_environment_changes_no_picture(
    ending: str, date: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [tmp_path / f"plain.{ending}", tmp_path / f"dated.{ending}"]
    with styled():
        save(style.sheet(large=False), names[0], ending)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", date)
        save(style.sheet(large=False), names[1], ending)
    assert names[0].read_bytes() == names[1].read_bytes()
    assert os.environ["SOURCE_DATE_EPOCH"] == date


@pytest.mark.parametrize("kind", MOVING)
@pytest.mark.usefixtures("few_frames")
def test_a_gif_ends_with_the_picture(kind: str, lesson: Scene, tmp_path: Path) -> None:
    """What lies above that which moves lies above it in every frame."""
    same = Look((6, 4), 60)
    frames, still = tmp_path / "moving.gif", tmp_path / "still.png"
    write_picture(kind, lesson, frames, "gif", same)
    write_picture(kind, lesson, still, "png", same)
    with Image.open(frames) as moving, Image.open(still) as whole:
        moving.seek(moving.n_frames - 1)  # type: ignore[attr-defined]
        last, drawn = (np.asarray(each.convert("RGB"), float) for each in (moving, whole))
    assert np.mean(np.abs(last - drawn).max(axis=-1) > 60) < 1e-3


@pytest.mark.parametrize("kind", MOVING)
@pytest.mark.usefixtures("few_frames")
def test_a_gif_moves(kind: str, first: First) -> None:
    with Image.open(first(kind, "gif")) as image:
        frames = set()
        for place in range(getattr(image, "n_frames", 1)):
            image.seek(place)
            frames.add(image.convert("RGB").tobytes())
        assert len(frames) == image.n_frames == 3


SEVERAL = ("a", "b", "c"), "y"


@pytest.fixture(scope="module")
def several() -> Scene:
    random = np.random.default_rng(3)
    a, b, c = random.normal(size=(3, 40))
    b = b + a
    y = 10 + 3 * a - 2 * b + c / 2 + random.normal(size=40)
    return scene({"a": a, "b": b, "c": c, "y": y}, x=SEVERAL[0], y="y", learning_rate=0.2)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "line"])
def test_several_features_have_every_picture_but_the_line(
    kind: str, several: Scene, tmp_path: Path
) -> None:
    is_part = kind in OF_SEVERAL_FEATURES  # of all, which is saved
    drawn = picture(kind, several) if is_part else saved(kind, several, tmp_path / "drawn.svg")
    words = texts(drawn)
    if kind in {"contour", "slices", "scaling", "surface", "all"}:
        assert "the others at their best for each point" in words
    with pytest.raises(UsageError, match="line is for one feature"):
        plots.require_features("line", "squared", SEVERAL[0])


def test_of_several_features_the_path_is_drawn_over_two(several: Scene) -> None:
    (axes, *_) = picture("contour", several).axes
    thetas = np.array([step.theta for step in several.training.steps()])
    assert_allclose(points(line(axes, "descent")), thetas[:, [1, 2]], rtol=0)
    best = several.training.landscape.lowest.theta
    assert_allclose(points(line(axes, "global minimum")), [best[[1, 2]]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("θ1 (y per a)", "θ2 (y per b)")


def test_predictions_stand_over_the_truth(several: Scene) -> None:
    (axes,) = picture("predicted", several).axes
    x, y = several.rows
    theta = several.descent.last.theta
    assert_allclose(points(line(axes, "40 rows")), np.transpose([y, theta[0] + theta[1:] @ x]))
    diagonal = points(line(axes, "prediction = truth"))
    assert_allclose(diagonal[:, 0], diagonal[:, 1])


@pytest.mark.parametrize("place", [1, 2, 3])
def test_the_added_variable_has_the_slope_of_its_parameter(several: Scene, place: int) -> None:
    (axes,) = picture("added", replace(several, feature=place)).axes
    theta = several.training.landscape.lowest.theta[place]
    (x, y), (further, higher) = points(line(axes, "slope"))
    assert_allclose((higher - y) / (further - x), theta)
    rows = points(line(axes, "40 rows"))
    assert_allclose((rows[:, 0] @ rows[:, 1]) / (rows[:, 0] @ rows[:, 0]), theta, rtol=1e-12)
    assert axes.get_xlabel() == f"{'abc'[place - 1]}, less what the other features explain"


def test_the_path_on_the_contour_is_the_training(lesson: Scene) -> None:
    (axes, *_) = picture("contour", lesson).axes
    thetas = [step.theta for step in lesson.training.steps()]
    assert_allclose(points(line(axes, "descent")), thetas, rtol=0)
    assert_allclose(points(line(axes, "start")), [[0, 100]])
    assert_allclose(points(line(axes, "global minimum")), [[12_000, 136]])


def test_arrows_begin_on_steps_and_point_where_they_go(lesson: Scene) -> None:
    (axes, *_) = picture("contour", lesson).axes
    thetas = np.array([step.theta for step in lesson.training.steps()])
    assert len(axes.patches) >= 5
    for arrow in axes.patches:
        tail, tip = np.array(arrow._posA_posB)  # noqa: SLF001 - there is no other way to ask
        (place,) = np.flatnonzero((thetas == tail).all(axis=1))
        times_longer = (tip - tail) / (thetas[place + 1] - thetas[place])
        assert_allclose(times_longer[0], times_longer[1])
        assert times_longer[0] > 1 - 1e-12


def test_every_start_has_a_path_and_every_level_point_a_mark() -> None:
    several = scene(TWO, **HILLY, starts=6)
    figure = picture("contour", several)
    (axes, *_) = figure.axes
    drawn = [points(each) for each in axes.lines]
    for descent in several.descents:
        assert any(np.array_equal(path, descent.path) for path in drawn)
    kinds = {"global minimum": 1, "local minimum": 1, "saddle": 2, "local maximum": 1}
    assert {name: len(points(line(axes, name))) for name in kinds} == kinds
    assert axes.get_title("left").startswith("6 starts: ")


def test_the_excess_falls_along_a_straight_line(lesson: Scene) -> None:
    (axes,) = picture("cost", lesson).axes
    drawn = points(line(axes, "the training"))
    excesses = [(step.index, lesson.training.excess(step)) for step in lesson.training.steps()]
    assert_allclose(drawn, excesses)
    assert_allclose(drawn[1:, 1] / drawn[:-1, 1], (1 - 0.1 * 2) ** 2, rtol=1e-3)
    assert axes.get_yscale() == "log"


def test_of_rows_held_out_the_cost_is_drawn_beside_the_exact_minimum() -> None:
    held_out = scene(TWO, holdout=0.3, steps=20)
    (axes,) = picture("cost", held_out).axes
    least = held_out.training.landscape.lowest.cost
    assert line(axes, "exact minimum").get_ydata() == [least, least]
    steps = list(held_out.training.steps())
    for label, name in (("the training", "cost"), ("the rows held out", "validation_cost")):
        costs = [(step.index, getattr(step, name)) for step in steps]
        assert_allclose(points(line(axes, label)), costs)


@pytest.mark.parametrize(("rows", "drawn", "width"), [(30, 30, 3.0), (100, 100, 0.8), (101, 0, 0)])
def test_many_rows_have_no_residuals(
    rows: int, drawn: int, width: float, write: Callable[..., str]
) -> None:
    cells = [f"{x},{3 * x + x * x % 7}" for x in range(rows)]
    figure = picture("line", scene(write("\n".join(["x,y", *cells, ""])), theta=(1000.0, -50.0)))
    (axes,) = figure.axes
    found = [own for own in axes.collections if isinstance(own, LineCollection)]
    assert sum(len(own.get_segments()) for own in found) == drawn
    assert [own.get_linewidth() for own in found] == ([width] if drawn else [])
    heights = [float(cell.split(",")[1]) for cell in cells]
    low, high = axes.get_ylim()
    assert low < min(heights) < max(heights) < high
    assert high - low < 1.2 * (max(heights) - min(heights))
    assert re.search(r"\ncost \S+, RMSE \S+, R² \S+$", axes.get_title("left"))
    assert "/" not in texts(figure)


def test_the_tangents_have_the_slopes_of_the_gradient(lesson: Scene) -> None:
    panels = picture("slices", lesson).axes
    gradient = lesson.training.landscape.cost.gradient(np.array([0.0, 100.0]))
    for axes, slope, best in zip(panels, gradient, (75_000, 1280 / 9), strict=True):
        (x, y), (further, higher) = points(line(axes, "slope"))
        assert_allclose((higher - y) / (further - x), slope)
        assert_allclose(points(line(axes, "lowest"))[0, 0], best)
        assert_allclose(points(line(axes, "start"))[0, 1], 6.05e9)


def test_on_a_small_sheet_the_legends_stand_above_the_slices() -> None:
    figure = picture("all", scene(), Look((8.0, 4.5)))
    figure.draw_without_rendering()
    slices = [axes for axes in figure.axes if "changes" in axes.get_title("left")]
    assert len(slices) == 2
    for axes in slices:
        box = axes.get_legend().get_window_extent()
        curve = axes.transData.transform(points(axes.lines[0]))
        assert not box.count_contains(curve)
        assert axes.bbox.y0 < curve[:, 1].max() < axes.bbox.y1


def test_residuals_go_from_the_rows_to_the_line(hilly: Scene) -> None:
    (axes,) = picture("line", hilly).axes
    theta = hilly.descent.last.theta
    (residuals,) = (found for found in axes.collections if isinstance(found, LineCollection))
    for ((x, y), (foot, height)), row in zip(
        residuals.get_segments(), zip(*hilly.rows[0], hilly.rows[1], strict=True), strict=True
    ):
        assert_allclose((x, y), row)
        assert_allclose((foot, height), (x, theta[0] + theta[1] * x))


def test_earlier_lines_are_paler(lesson: Scene) -> None:
    (axes,) = picture("line", lesson).axes
    pale = [each.get_alpha() for each in axes.lines if each.get_alpha() not in {None, 1}]
    assert len(pale) >= 4
    assert pale == sorted(pale)
    assert max(pale) < 1


def test_each_rate_does_what_its_word_says(lesson: Scene) -> None:
    (axes,) = picture("rates", lesson).axes
    ends = {
        each.get_label(): each.get_ydata()[-1] / each.get_ydata()[0]
        for each in axes.lines
        if str(each.get_label()).startswith("rate")
    }
    crawls, good, zigzags, diverges = ends.values()
    assert list(ends)[1] == "rate 0.5 is good: excess 0 after 1 step"
    assert good == axes.get_ylim()[0] / float(lesson.training.landscape.excess(lesson.start))
    assert list(ends)[2:] == ["rate 0.95 oscillates", "rate 1.1 diverges"]
    assert good < zigzags < crawls < 1 < diverges


def test_both_landscapes_of_scaling_name_their_condition_numbers(lesson: Scene) -> None:
    plain, scaled = picture("scaling", lesson).axes
    assert "condition number 36,450,020" in plain.get_title("left")
    assert "condition number 1\n" in scaled.get_title("left")
    assert "after 1 step\ndrawn to scale" in scaled.get_title("left")
    x = np.array([1000.0, 1500, 2000, 2500])
    hessian = 2 * np.array([[1, x.mean()], [x.mean(), (x * x).mean()]])
    size = np.diag([np.ptp(plain.get_xlim()), np.ptp(plain.get_ylim())])
    ratios = [np.linalg.cond(each) ** 0.5 for each in (hessian, size @ hessian @ size)]
    told = f"a valley {ratios[0]:,.0f} : 1 is drawn {ratios[1]:.2g} : 1"
    assert told in plain.get_title("left")
    assert_allclose(points(line(scaled, "descent"))[-1], points(line(scaled, "global"))[0])


TOWN = {"data": "data/town.csv", "x": ("sqft", "beds", "year"), "y": "price", "steps": 1}


@pytest.mark.parametrize("axes", [None, (0, 1), (1, 3), (2, 3)])
def test_a_landscape_is_never_drawn_rounder_without_scaling(axes: tuple[int, int] | None) -> None:
    shown = scene(**TOWN)
    plane = axes and Projection.of(shown.training.landscape, axes)
    told = [
        each.get_title("left") for each in picture("scaling", replace(shown, plane=plane)).axes
    ]
    longest, drawn = re.findall(r"valley (\S+) : 1 is drawn (\S+) : 1", told[0])[0]
    (of_scaled,) = re.findall(r"condition number (\S+)", told[1])
    assert float(longest.replace(",", "")) > float(drawn) > float(of_scaled) ** 0.5
    assert "(of all parameters 38,377,181,442)" in told[0]


def test_the_two_parameters_are_drawn_that_scaling_helps_most() -> None:
    plain, scaled = picture("scaling", scene(**TOWN)).axes
    assert plain.get_ylabel() == "θ3 (price per year)"
    assert "condition number 2,140,893,158" in plain.get_title("left")
    assert scaled.get_title("left").endswith("drawn to scale")


def test_scaled_parameters_have_names_of_their_own(lesson: Scene) -> None:
    plain, scaled = picture("scaling", lesson).axes
    assert plain.get_xlabel() == "θ0 (price at sqft = 0)"
    assert " ".join(scaled.get_xlabel().split()) == "θ0' (price minus its mean, at the mean sqft)"
    assert " ".join(scaled.get_ylabel().split()) == "θ1' (price per standard deviation of sqft)"


@pytest.mark.parametrize("kind", ["contour", "surface", "all"])
def test_a_map_says_that_descent_runs_in_other_coordinates(kind: str, lesson: Scene) -> None:
    said = "drawn in the table's units; descent runs in scaled coordinates (standard), where this"
    assert f"{said} is a round bowl" in texts(picture(kind, lesson))
    assert said not in texts(picture(kind, scene(**LESSON, scaling="none", steps=3)))
    assert said not in texts(picture("cost", lesson))


def test_the_path_lies_on_the_surface(lesson: Scene) -> None:
    (axes,) = picture("surface", lesson).axes
    x, y, z = line(axes, "descent").get_data_3d()
    assert_allclose(z, lesson.training.landscape.cost.value(np.stack([x, y], axis=-1)))


def test_a_run_that_diverges_is_drawn_and_said_to(tmp_path: Path) -> None:
    too_large = scene(**LESSON, learning_rate=1.2)
    drawn = {kind: picture(kind, too_large) for kind in ("line", "contour", "cost", "surface")}
    for figure in drawn.values():
        assert "diverged after 21 steps: learning rate 1.2 is too large" in texts(figure)
    (axes, *_) = drawn["contour"].axes
    assert len(points(line(axes, "descent"))) == 5
    saved("all", scene(**LESSON, learning_rate=1e300), tmp_path / "at_once.svg")


def test_where_the_line_fits_every_row_the_minimum_is_said_to_be_0(
    write: Callable[..., str],
) -> None:
    rows = "".join(f"{x},{x}\n" for x in range(40))
    figure = picture("cost", scene(write(f"x,y\n{rows}"), holdout=0.4))
    assert "the exact minimum is 0" in texts(figure)


@pytest.mark.parametrize(
    "table", ["x,y\n0,5\n1,5\n2,5\n", "x,y\n0,0\n1,0\n", "x,y\n1e9,1\n1000000001,3e12\n"]
)
def test_odd_tables_have_pictures(table: str, write: Callable[..., str], tmp_path: Path) -> None:
    odd = scene(write(table), theta0=0.0, theta1=0.0)
    saved("all", odd, tmp_path / "odd.svg")
    refused = set() if odd.training.moments.precision.freedom else {"leverage"}
    if not odd.training.moments.y_variance:
        refused.add("path")
        with pytest.raises(DataError, match="no feature tells anything of y"):
            picture("path", odd)
    for kind in set(KINDS) - {"all", *ON_ONE_SHEET} - refused:
        picture(kind, odd)


def test_axes_are_named_in_the_words_of_the_table(lesson: Scene) -> None:
    (axes,) = picture("line", lesson).axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("sqft", "price")
    axes, bar = picture("contour", lesson).axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("θ0 (in price)", "θ1 (price per sqft)")
    assert bar.get_ylabel() == "cost (price²)"


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (r"a_b$c$ $\frac{$", "</script> %s {0} & <b>"),
        ("面积", "🏠"),
        ("x" * 99, "y " * 99),
        ("x\ufffe\x0b", "y"),
        ("\uffff-->", "y"),
    ],
)
def test_a_name_is_only_a_name(
    x: str, y: str, write: Callable[..., str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(f'"{x}","{y}"\n1,2\n2,3\n3,5\n')
    (axes,) = saved("line", scene(path), tmp_path / "named.svg").axes
    ET.parse(tmp_path / "named.svg")  # noqa: S314 - our own file
    assert y.startswith(axes.get_ylabel().strip("…")[:20])
    assert capfd.readouterr() == ("", "")


def test_of_a_large_table_a_sample_is_drawn_and_said_to_be(write: Callable[..., str]) -> None:
    rows = "".join(f"{place},{place % 7}\n" for place in range(6000))
    large = scene(write(f"x,y\n{rows}"))
    figure = picture("line", large)
    assert len(points(line(figure.axes[0], "5,000 rows"))) == 5000
    assert "5,000 of 6,000 rows, drawn at random" in texts(figure)
    assert "at random" not in texts(picture("contour", large))


def test_a_long_run_is_kept_thinly_with_both_ends() -> None:
    steps = list(scene(**LESSON, learning_rate=1e-5, steps=5000).training.steps())
    kept = keep(iter(steps), 100)
    assert len(kept) <= 202
    assert [step.index for step in kept[:100]] == list(range(100))
    assert kept[-1].index == 5000
    assert len({after.index - before.index for before, after in pairwise(kept[101:-1])}) == 1


def test_places_are_chosen_over_the_whole_path() -> None:
    there_and_back = np.array([[0.0, 0], [1, 0], [2, 0], [3, 0], [2, 0], [1, 0], [0, 0]])
    assert evenly(there_and_back, 4) == [0, 2, 4, 6]
    assert apart(there_and_back, 9) == [0, 1, 2, 3, 6]
    assert apart(there_and_back[:1], 9) == evenly(there_and_back[:1], 9) == [0]


def test_the_settings_of_the_user_change_nothing(
    first: First, lesson: Scene, tmp_path: Path
) -> None:
    import matplotlib as mpl

    plain = first("contour", "svg").read_bytes()
    with mpl.rc_context({"text.usetex": True, "font.size": 40}):
        assert written("contour", lesson, tmp_path / "own.svg") == plain


def test_a_failed_picture_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "kept.png"
    path.write_text("before")
    with pytest.raises(ValueError, match="no curvature"):
        write_picture("rates", scene(**LESSON, cost="absolute"), path, "png")
    assert [found.name for found in tmp_path.iterdir()] == ["kept.png"]
    assert path.read_text() == "before"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.require_kind("data/houses.csv"), "there are line, contour, slices, cost"),
        (lambda: plots.require_kind(None), "no kind of picture was named; there are line"),
        (lambda: plots.require_file("line", None), "no file was named for the picture"),
        (lambda: plots.require_file("line", "line.bmp"), "names no kind of picture file"),
        (lambda: plots.require_file("line", "line"), "names no kind of picture file"),
        (lambda: plots.require_file("rates", "r.gif"), "rates does not move"),
        (
            lambda: plots.require_curvature("rates", "absolute", GradientDescent()),
            "absolute error has none",
        ),
        (
            lambda: plots.require_curvature("rates", "squared", Adam()),
            "those of plain descent, not of adam",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    assert message in str(caught.value)
    assert caught.value.hint


def test_without_matplotlib_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plots.require_matplotlib()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(FitlineError) as caught:
        plots.require_matplotlib()
    assert caught.value.hint == "pip install 'fitline[plot]'"


def test_residuals_are_drawn_over_what_is_predicted(several: Scene) -> None:
    (axes,) = picture("residuals", several).axes
    theta = several.descent.last.theta
    x, y = several.rows
    predictions = theta[0] + theta[1:] @ x
    drawn = points(line(axes, "40 rows"))
    assert_allclose(drawn, np.column_stack([predictions, y - predictions]), rtol=1e-12, atol=1e-9)
    assert_allclose(points(line(axes, "mean nearby"))[:, 1].mean(), 0, atol=0.2)


def test_residuals_in_order_are_drawn_over_normal_quantiles(several: Scene) -> None:
    (axes,) = picture("qq", several).axes
    quantiles, residuals = points(line(axes, "40 rows")).T
    assert_allclose(quantiles, special.ndtri((np.arange(40) + 0.5) / 40), rtol=1e-9, atol=1e-12)
    assert (np.diff(residuals) >= 0).all()
    assert_allclose(np.mean(residuals**2), 1, rtol=1e-9)


def test_leverage_is_the_diagonal_of_the_hat_matrix(several: Scene) -> None:
    (axes,) = picture("leverage", several).axes
    x, y = several.rows
    design = np.column_stack([np.ones(len(y)), x.T])
    hat = design @ np.linalg.pinv(design)
    left = y - hat @ y
    deviation = np.sqrt(left @ left / (len(y) - 4))
    leverage = np.diag(hat)
    drawn = points(line(axes, "40 rows"))
    assert_allclose(drawn[:, 0], leverage, rtol=1e-9)
    assert_allclose(drawn[:, 1], left / deviation / np.sqrt(1 - leverage), rtol=1e-7)
    assert_allclose(line(axes, "mean leverage").get_xdata(), 4 / 40, rtol=1e-12)


def test_a_row_that_tells_its_own_prediction_stands_beyond_cooks_distance() -> None:
    x, y = [1.0, 2, 3, 4, 100], [1.0, 2.5, 2.8, 4.1, 20]
    (axes,) = picture("leverage", scene({"x": x, "y": y})).axes
    assert line(axes, "Cook's distance 0.5")
    assert line(axes, "Cook's distance 1")
    assert points(line(axes, "5 rows"))[-1, 0] > 0.99


def test_leverage_takes_least_squares_and_degrees_of_freedom(several: Scene) -> None:
    with pytest.raises(UsageError, match="leverage is for least squares, not for huber"):
        plots.require_features("leverage", "huber", SEVERAL[0])
    few = scene({"x": [1, 2], "y": [3, 5]}).training.moments
    with pytest.raises(UsageError, match="more rows than parameters"):
        plots.require_freedom("leverage", few)
    plots.require_freedom("residuals", few)
    plots.require_freedom("leverage", several.training.moments)


def test_each_run_of_a_race_is_above_the_minimum_of_its_own_cost() -> None:
    penalties = {"none": 0.0, "some": 0.5}
    runs = {name: train(TWO, l2=l2, learning_rate="auto") for name, l2 in penalties.items()}
    axes = style.sheet(large=False).add_subplot()
    race._draw_excesses(axes, Scene(runs["none"].training), runs)  # noqa: SLF001 - a part of it
    for name, run in runs.items():
        heights = points(line(axes, name))[:, 1]
        assert_allclose(heights, [run.training.excess(step) for step in run.steps])
        assert heights[-1] < 1e-9 * heights[0]


def test_runs_in_coordinates_of_their_own_are_said_to_be(tmp_path: Path) -> None:
    said = {}
    for scalings in (("minmax", "minmax"), ("standard", "minmax"), ("none", "none")):
        runs = {f"run {n}": train(scaling=each, steps=2) for n, each in enumerate(scalings)}
        race.write_race(runs, tmp_path / "race.svg", "svg")
        drawn = (tmp_path / "race.svg").read_text(encoding="utf-8")
        said[scalings[0]] = re.findall("<!-- drawn in the table's units; (.*?) -->", drawn)
    assert said["minmax"] == [
        "descent runs in scaled coordinates (minmax), where this is a valley 3.436 : 1"
    ]
    assert said["standard"] == ["each run descends in coordinates of its own"]
    assert said["none"] == []
