"""fitline as a process."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def fitline(tmp_path: Path) -> Callable[..., Done]:
    """Run fitline in an empty folder, which is its `folder`."""

    def run(*words: str, stdin: str | None = None) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "fitline", *words],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1"},
        )

    run.folder = tmp_path  # type: ignore[attr-defined]
    return run
