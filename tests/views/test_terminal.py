"""What people see in a terminal, at every width, with and without colour.

To write the golden pictures anew: python tests/views/test_terminal.py
"""

import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console, Group, RenderableType

from fitline import Config, train
from fitline.charts.race import CostCurve, race
from fitline.cli.watch import backdrop_of
from fitline.data import open_table
from fitline.derivation import explain
from fitline.diagnosis.diagnosis import diagnose
from fitline.diagnosis.recommendation import recommend
from fitline.evaluation import evaluate
from fitline.landscapes.landscape import Landscape
from fitline.landscapes.overview import Overview
from fitline.landscapes.projection import Projection
from fitline.landscapes.slices import cut
from fitline.landscapes.window import window
from fitline.model import LinearModel, Saved
from fitline.results.evaluate import EvaluateResult
from fitline.results.landscape import LandscapeResult, SliceResult
from fitline.results.rates import RatesResult
from fitline.results.set_up import SetUp
from fitline.results.train import TrainResult
from fitline.results.updates import UpdateFacts
from fitline.training import Run, Training, is_shown
from fitline.views.derivation import derivation_blocks
from fitline.views.evaluate import EvaluateReport
from fitline.views.landscape import LandscapeReport, SliceReport
from fitline.views.rates import RatesReport
from fitline.views.report import Report, as_markdown, drawn
from fitline.views.train import TrainReport


def seen(report: Report, width: int, *, colour: bool = False) -> str:
    return drawing(drawn(report), width, colour=colour)


def drawing(what: RenderableType, width: int, *, colour: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        height=24,
        force_terminal=colour,
        color_system="256" if colour else None,
        highlight=False,
    )
    console.print(what, crop=False)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


@pytest.fixture(scope="module")
def trained() -> TrainReport:
    run = train(theta0=0, theta1=100)
    shown = Run(run.training, [s for s in run.steps if is_shown(s)], run.stop_reason)
    return TrainReport(TrainResult.of_run(shown, diagnosis=diagnose(shown)))


@pytest.fixture(scope="module")
def evaluated() -> EvaluateReport:
    table = open_table()
    measured = evaluate(table, Landscape.of_moments(table.moments()), [[50_000, 100]], 3)
    return EvaluateReport(EvaluateResult.of(measured))


AT_80 = """\
table  the built-in four houses: 4 rows, price from sqft

 sqft    price  prediction   error  squared error
1,000  150,000     150,000       0              0
1,500  210,000     200,000  10,000    100,000,000
2,000  290,000     250,000  40,000  1,600,000,000

… and 1 more row

point        θ0 = 50,000, θ1 = 100
cost         1,050,000,000, RMSE 32,403.7
minimum      20,000,000 at θ0 = 12,000, θ1 = 136
excess cost  1,030,000,000, which is 5,150 % of the minimum"""

AT_40 = """\
table         the built-in four houses:
              4 rows, price from sqft
method        gradient descent, scaling
              standard, learning rate
              0.1
start         θ0 = 0, θ1 = 100, seed 0
conditioning  condition number 1 (a
              round bowl)
predicted     128 steps at rate 0.1; the
              best rate, 0.5, takes 1;
              largest stable rate 1

step        θ0       θ1           cost
   0         0      100  6,050,000,000
   1     2,400    107.2  3,879,200,000
   2     4,320   112.96  2,489,888,000
   3     5,856  117.568  1,600,728,320
   4   7,084.8  121.254  1,031,666,125
   5  8,067.84  124.204    667,466,320
   8  9,986.73   129.96    189,729,411
  16  11,662.2  134.987     24,777,458
  32  11,990.5  135.971     20,003,785
  64    12,000      136     20,000,000
 128    12,000      136     20,000,000
a wider terminal shows: decrease,
gradient norm

fit          price = 12,000 + 136 × sqft
cost         20,000,000, RMSE 4,472.14,
             R² 0.996552
minimum      20,000,000 at θ0 = 12,000,
             θ1 = 136
excess cost  9.36e−16
status       converged after 128 steps:
             from here every direction
             goes uphill
predicted    128 steps, taken 128"""


def test_the_rows_fit_80_columns(evaluated: EvaluateReport) -> None:
    assert seen(evaluated, 80) == AT_80


def test_the_steps_fit_40_columns_with_fewer_figures(trained: TrainReport) -> None:
    assert seen(trained, 40) == AT_40


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(
    trained: TrainReport, evaluated: EvaluateReport, width: int
) -> None:
    for report in (trained, evaluated):
        assert max(map(len, seen(report, width).splitlines())) <= width


@pytest.mark.parametrize("names", [(("sqft",), ("sqft",)), (("sqft",), ("sqft", "year"))])
def test_models_side_by_side_fit_any_terminal(names: tuple[tuple[str, ...], ...]) -> None:
    table = open_table({"sqft": [1, 2, 4], "year": [3, 1, 2], "y": [1, 2, 5]}, names[-1], "y")
    models = [
        Saved("m.json", LinearModel(x, "y", np.array([1.0, 2.0, 3.0][: 1 + len(x)])), None, None)
        for x in names
    ]
    landscape = Landscape.of_moments(table.moments())
    report = EvaluateReport(EvaluateResult.of(evaluate(table, landscape, models, by_name=True)))
    for width in (20, 40, 80):
        assert "m.json" in seen(report, width)


@pytest.mark.parametrize("width", [25, 30])
def test_rows_become_blocks_where_the_terminal_is_narrower_than_they_are(
    trained: TrainReport, width: int
) -> None:
    text = seen(trained, width)
    assert "step  5\nθ0    8,067.84\nθ1    124.204\ncost  667,466,320\n" in text
    assert max(map(len, text.splitlines())) <= width


def test_colour_changes_no_character_but_where_a_rule_parts_what_a_terminal_shows(
    trained: TrainReport,
) -> None:
    coloured = seen(trained, 80, colour=True)
    bare = re.sub(r"\x1b\[[\d;]*m", "", coloured).splitlines()
    rules = [place for place, line in enumerate(bare) if line == "─" * 80]
    headings = [bare[place + 1].split()[0] for place in rules]
    assert headings == ["step", "fit"]
    plain = seen(trained, 80).splitlines()
    assert plain == ["" if place in rules else line.rstrip() for place, line in enumerate(bare)]


def test_the_fit_stands_out_and_the_decrease_recedes(trained: TrainReport) -> None:
    coloured = seen(trained, 80, colour=True)
    assert "\x1b[1;36mprice = 12,000 + 136 × sqft" in coloured
    assert re.search(r"\x1b\[2m +364,199,805\x1b\[0m", coloured)


def test_markdown_has_the_same_figures(trained: TrainReport) -> None:
    text = as_markdown(trained)
    assert "| 5 | 8,067.84 | 124.204 | 667,466,320 | 364,199,805 | 0.6682 |" in text
    assert "- **fit**: price = 12,000 + 136 × sqft" in text


GOLDEN = Path(__file__).parent / "golden"
HILLS = Config(
    data="data/two_neighbourhoods.csv", cost="cauchy", cost_scale=50_000, theta0=0, theta1=300
)


def hills_from_above() -> RenderableType:
    run = train(config=HILLS)
    seen = Projection.of(run.training.landscape)
    path = np.array([step.theta for step in run.steps])
    axes = window(seen, [path[0]])
    return drawn(
        LandscapeReport(
            LandscapeResult.of(run.training.table, Overview(seen, axes, [path]), run.training)
        )
    )


def hills_cut() -> RenderableType:
    training = train(config=HILLS).training
    seen, values = Projection.of(training.landscape), np.linspace(0, 350, 36)
    return drawn(SliceReport(SliceResult.of(training.table, seen, cut(seen, 1, 80_000, values))))


def houses_live() -> RenderableType:
    run = train(theta0=0, theta1=100)
    return backdrop_of(run.training).scene(run.steps[:9], "space pauses")


def several() -> Run:
    a, b = np.meshgrid(np.arange(1.0, 9), np.arange(5.0))
    b = b + a / 2
    y = 20 + 3 * a - 5 * b + np.sin(7 * a + b)
    columns = {"a": a.ravel(), "size, in m²": b.ravel(), "y": y.ravel()}
    config = Config(x=("a", "size, in m²"), y="y", learning_rate=0.3, theta=(0.0, -4.0, 8.0))
    return train(columns, config=config)


def several_from_above() -> RenderableType:
    run = several()
    seen = Projection.of(run.training.landscape, (2, 0))
    path = np.array([step.theta for step in run.steps])
    axes = window(seen, [path[0]])
    return drawn(
        LandscapeReport(
            LandscapeResult.of(run.training.table, Overview(seen, axes, [path]), run.training)
        )
    )


def several_cut() -> RenderableType:
    training = several().training
    seen = Projection.of(training.landscape, (2,), "fixed")
    return drawn(
        SliceReport(SliceResult.of(training.table, seen, cut(seen, 0, None, window(seen)[0])))
    )


def several_live() -> RenderableType:
    run = several()
    return backdrop_of(run.training).scene(run.steps[:6], "space pauses")


def worked_out(training: Training, updates: int) -> RenderableType:
    facts = [UpdateFacts.of(training, one) for one in explain(training, updates)]
    return Group(*derivation_blocks(SetUp.of(training), facts))


def houses_explained() -> RenderableType:
    training = train(theta0=0, theta1=100, optimizer="momentum", scaling="minmax").training
    return worked_out(training, 2)


def hills_explained() -> RenderableType:
    training = train(config=HILLS).training
    return worked_out(training, 1)


def houses_rates() -> RenderableType:
    training = train(theta0=0, theta1=100).training
    trials = list(training.try_rates())
    return drawn(RatesReport(RatesResult.of(training, trials, recommend(training, trials))))


def houses_race() -> RenderableType:
    runs = [train(theta0=0, theta1=100, learning_rate=rate) for rate in (0.05, 0.3, 1.1)]
    curves = [CostCurve([s.index for s in run.steps], [s.cost for s in run.steps]) for run in runs]
    return race(curves, runs[0].training.landscape.lowest.cost)


PICTURES: dict[str, Callable[[], RenderableType]] = {
    "hills_from_above": hills_from_above,
    "hills_cut": hills_cut,
    "houses_live": houses_live,
    "several_from_above": several_from_above,
    "several_cut": several_cut,
    "several_live": several_live,
    "houses_explained": houses_explained,
    "hills_explained": hills_explained,
    "houses_rates": houses_rates,
    "houses_race": houses_race,
}


@pytest.mark.parametrize("colour", [False, True], ids=["plain", "colour"])
@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_looks_as_it_was_looked_at(name: str, width: int, *, colour: bool) -> None:
    golden = (GOLDEN / golden_name(name, width, colour=colour)).read_text()
    assert drawing(made(name), width, colour=colour) + "\n" == golden


@cache
def made(name: str) -> RenderableType:
    return PICTURES[name]()


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_no_wider_than_the_terminal(name: str, width: int) -> None:
    for colour in (False, True):
        golden = (GOLDEN / golden_name(name, width, colour=colour)).read_text()
        text = re.sub(r"\x1b\[[\d;]*m", "", golden)
        assert max(map(len, text.splitlines())) <= width


def golden_name(name: str, width: int, *, colour: bool) -> str:
    return f"{name}_{width}{'_colour' if colour else ''}.txt"


if __name__ == "__main__":
    for name, picture in PICTURES.items():
        for width in (80, 40):
            for colour in (False, True):
                text = drawing(picture(), width, colour=colour) + "\n"
                (GOLDEN / golden_name(name, width, colour=colour)).write_text(text)
