"""The page in Firefox: it opens without a complaint, computes as Python does, and hears keys."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import fitline
from fitline.page import payload
from fitline.page.bundle import page

from .firefox import NAMES, PROGRAM, Firefox, started

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("firefox")]

SIZE = (1280, 720)
DATA = Path(__file__).parents[2] / "data"
RUNS = {
    "one feature": lambda: fitline.train(str(DATA / "houses.csv"), theta0=0, theta1=100),
    "several features": lambda: fitline.train([[1, 5], [2, 3], [4, 4], [3, 9]], [7, 8, 3, 5]),
    "a robust cost": lambda: fitline.train(
        str(DATA / "two_neighbourhoods.csv"), cost="cauchy", cost_scale=50000, learning_rate=0.5
    ),
}
DRAWN = """[...document.querySelectorAll(".plot canvas")].map((canvas) => {
  const { width, height } = canvas;
  return new Set(canvas.getContext("2d").getImageData(0, 0, width, height).data).size;
})"""
VIEWS = (
    "[...document.querySelectorAll('.view')].map((view) => view.getBoundingClientRect().bottom)"
)
REST = "new Promise((done) => setTimeout(done, 100))"
ARROW_RIGHT, END = "\ue014", "\ue010"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    pytest.importorskip("websockets", reason="they need websockets")
    if PROGRAM is None:
        pytest.skip(f"these tests need one of {', '.join(NAMES)}")
    with started(tmp_path_factory.mktemp("profile")) as window:
        window.resize(*SIZE)
        yield window


@pytest.mark.parametrize("name", RUNS)
def test_firefox_draws_and_computes_as_python_does(
    firefox: Firefox, tmp_path: Path, name: str
) -> None:
    run = RUNS[name]()
    file = tmp_path / "lesson.html"
    file.write_text(page(payload.lesson_of(run.training)), encoding="utf-8")
    firefox.open(file.as_uri())
    firefox.evaluate(REST)
    firefox.press(ARROW_RIGHT)
    assert firefox.evaluate("fitline.state().step") == 1
    firefox.press(END)
    firefox.evaluate(REST)
    np.testing.assert_allclose(
        firefox.evaluate("fitline.state().theta"), run.last.theta, rtol=1e-9
    )
    assert min(firefox.evaluate(DRAWN)) > 16
    assert max(firefox.evaluate(VIEWS)) <= SIZE[1]
    firefox.press("?")
    assert firefox.evaluate("document.querySelector('#shortcuts').open")
    assert firefox.said == []
