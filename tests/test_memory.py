"""What is free: of the machine, of a container, and within the limits of the process."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from fitline import memory

USED, CACHED = 700_000_000, 100_000_000


@pytest.fixture
def container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pretend to be in a container that uses some memory."""
    (tmp_path / "memory.current").write_text(f"{USED}\n")
    (tmp_path / "memory.stat").write_text(f"anon 5\ninactive_file {CACHED}\n")
    monkeypatch.setattr(memory, "CONTAINER", tmp_path)
    return tmp_path


def test_the_limit_of_a_container_counts_below_the_machines_memory(container: Path) -> None:
    (container / "memory.max").write_text("800000000\n")
    assert memory.available() == 800_000_000 - USED + CACHED
    (container / "memory.max").write_text("500000000\n")
    assert memory.available() == 0


@pytest.mark.parametrize("limit", ["max\n", f"{10**18}\n"])
def test_a_container_without_a_limit_of_its_own_has_the_machines_memory(
    container: Path, limit: str
) -> None:
    (container / "memory.max").write_text(limit)
    assert memory.available() == pytest.approx(psutil.virtual_memory().available, rel=0.1)


def test_the_limit_of_the_process_counts() -> None:
    script = """
import resource; from fitline import memory
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
print(memory.available())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert 2**29 < int(done.stdout) < 2**30
