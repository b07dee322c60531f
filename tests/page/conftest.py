"""Chromium, and lessons in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fitline.page.bundle import page

from .chromium import BROWSER, DESK, NAMES, QUIET, houses, lesson_of, until


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="they need playwright")
    if BROWSER is None:
        pytest.skip(f"the browser tests need one of {', '.join(NAMES)}")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def desk(browser: Any) -> Any:
    """Open one tab for most lessons, since a new one takes as long as a test."""
    return browser.new_page(viewport=DESK)


@pytest.fixture
def show(browser: Any, desk: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Write a lesson, open it as a file, and want no complaint and no request to the end."""
    said: list[str] = []
    hear = {
        "console": lambda message: said.append(f"console: {message.text}"),
        "pageerror": lambda error: said.append(f"error: {error}"),
        "dialog": lambda dialog: said.append(f"dialog: {dialog.message}"),
        "request": lambda request: said.append(f"request: {request.url}"),
    }
    tabs: list[Any] = []

    def show(lesson: dict[str, Any] | None = None, address: str = "", **screen: Any) -> Any:
        file = tmp_path / "lesson.html"
        if lesson is not None:
            file.write_text(page(lesson), encoding="utf-8")
        tab = browser.new_page(**{"viewport": DESK} | screen) if screen or tabs else desk
        tabs.append(tab)
        tab.set_default_timeout(60_000)
        for event, listener in hear.items():
            tab.on(event, listener)
        tab.goto(file.as_uri() + address)
        assert said.pop(0).startswith("request: file://")
        until(tab, "document.querySelector('#facts dd')")
        return tab

    yield show
    for tab in tabs:
        for event, listener in hear.items():
            tab.remove_listener(event, listener)
        if tab is not desk:
            tab.close()
    assert said == []


@pytest.fixture
def lesson(show: Callable[..., Any]) -> Any:
    return show(lesson_of(houses()))
