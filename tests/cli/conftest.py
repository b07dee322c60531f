"""fitline in this process."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fitline.cli import app

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def fitline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Run fitline in an empty folder, which is its `folder`."""
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*words: str, stdin: str | None = None) -> Done:
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["fitline", *words])
            done = CliRunner().invoke(app, words, input=stdin)
        if isinstance(done.exception, Exception):
            raise done.exception
        return Done(words, done.exit_code, done.stdout_bytes.decode(), done.stderr)

    run.folder = tmp_path  # type: ignore[attr-defined]
    return run
