"""Lessons in Chromium: what they are made of, and how one reads and works them."""

import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np

import fitline
from fitline.page import payload
from fitline.views.train import STOP_TEXTS

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
DATA = Path(__file__).parents[2] / "data"
HOUSES = str(DATA / "houses.csv")
NEIGHBOURHOODS = str(DATA / "two_neighbourhoods.csv")
DESK = {"width": 1280, "height": 800}
HOSTILE = "</script><script>alert(1)</script>"


def lesson_of(run: fitline.Run, **changes: Any) -> dict[str, Any]:
    """Tell a page of a run; runs from random starts take time, so only where they are wanted."""
    starts = {} if run.training.config.starts > 1 else {"starts": []}
    return {**payload.lesson_of(run.training), **starts, **changes}


def houses(**options: Any) -> fitline.Run:
    return fitline.train(HOUSES, **{"theta0": 0, "theta1": 100} | options)


def cauchy(**options: Any) -> fitline.Run:
    robust = {"cost": "cauchy", "cost_scale": 50000, "learning_rate": 0.5, "starts": 12}
    return fitline.train(NEIGHBOURHOODS, **robust | options)


def state(tab: Any) -> Any:
    return tab.evaluate("fitline.state()")


def until(tab: Any, expression: str) -> None:
    """Wait in Python, for the page's policy forbids to evaluate texts in the page."""
    deadline = time.monotonic() + 20
    while not tab.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < deadline, expression
        tab.wait_for_timeout(20)


def fact(tab: Any, name: str) -> str:
    tab.evaluate("new Promise(requestAnimationFrame)")
    facts = tab.evaluate("[...document.querySelectorAll('#facts div')].map((f) => f.innerText)")
    return dict(text.split("\n") for text in facts)[name]


def drag(tab: Any, selector: str, across: float, down: float) -> None:
    tab.evaluate("new Promise(requestAnimationFrame)")
    box = tab.locator(selector).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + across / 2, y + down / 2)
    tab.mouse.move(x + across, y + down)
    tab.mouse.up()
    tab.evaluate("new Promise(requestAnimationFrame)")


def follow(tab: Any, address: str) -> None:
    """Go to another address in the same tab, and wait until the lesson follows."""
    tab.evaluate(
        """(address) => new Promise((done) => {
          addEventListener("hashchange", () => setTimeout(done), { once: true });
          location.hash = address;
        })""",
        address,
    )


def told(reason: fitline.StopReason, steps: str) -> str:
    return STOP_TEXTS[reason].format(steps=steps, unit="step")


def boxes(tab: Any, selector: str) -> list[Any]:
    return [part.bounding_box() for part in tab.locator(selector).all()]


def homes(**options: Any) -> fitline.Run:
    draw = np.random.default_rng(5)
    sqft, beds, year = 1500 + 400 * draw.normal(size=(3, 60)) * [[1], [0.003], [0.06]]
    price = 90 * sqft + 8000 * beds - 400 * year + 9000 * draw.normal(size=60)
    table = {"sqft": sqft, "beds": beds, "year": year, "price": price}
    columns = {"x": ["sqft", "beds", "year"], "y": "price"}
    return fitline.train(table, **{**columns, "learning_rate": "auto", **options})


GUIDE = [
    {"title": "<b>Slow</b>", "text": "One.\n\nTwo.", "config": {"learning_rate": 0.03}},
    {
        "title": "Go on",
        "text": "Here.",
        "question": "How many `steps`?",
        "answer": "128 steps.",
        "value": 128,
        "within": 0.64,
        "answer_step": 9,
    },
    {"title": "Too large", "text": "It diverges.", "config": {"learning_rate": 1.2}},
]
