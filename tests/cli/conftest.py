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

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session", autouse=True)
def _one_app() -> Iterator[None]:
    """Put each command together once, as one process does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testing, "_get_command", cache(testing._get_command))  # noqa: SLF001
        yield


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
