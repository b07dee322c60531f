"""fitline in this process."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from typer import testing

from fitline.cli import main
from fitline.diagnosis import remedies
from fitline.landscapes import exhaustive
from fitline.training import rate_choice

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session", autouse=True)
def _one_app() -> Iterator[None]:
    """Put each command together once, as one process does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testing, "_get_command", cache(testing._get_command))  # noqa: SLF001
        yield


@pytest.fixture(autouse=True)
def _tries_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try nothing for 20,000 steps, no rate for 1000, and search no grid of 201 by 201 points."""
    monkeypatch.setattr(remedies, "LONG_STEPS", 20)
    monkeypatch.setattr(rate_choice, "TRIED_STEPS", 100)
    monkeypatch.setattr(exhaustive, "MOST_POINTS", 61)


@pytest.fixture
def fitline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run fitline in an empty folder, which is its `folder`."""
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*words: str, stdin: str = "") -> Done:
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            return Done(words, main(words), *capsys.readouterr())

    run.folder = tmp_path  # type: ignore[attr-defined]
    return run
