"""fitline in this process."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fitline.cli import main

Done = subprocess.CompletedProcess[str]


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
