"""What is free: of the machine, of a container, and within the limits of the process."""

import os
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


def test_what_has_no_room_to_begin_says_so() -> None:
    words = f"import resource; limit = {least() - 1}; from fitline.cli import main"
    script = f"""{words}
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
assert main(["train", "-h"]) == 0
raise SystemExit(main(["train", "-q"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert (done.returncode, "Usage: fitline train" in done.stdout) == (1, True)
    assert done.stderr.startswith("error: the address space is limited to ")
    assert f"hint: allow more: ulimit -v {least() // 1000}" in done.stderr


def test_with_the_room_that_is_asked_for_it_works(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    script = f"""import resource; from fitline.cli import main
resource.setrlimit(resource.RLIMIT_AS, ({least()}, {least()}))
assert main(["train", "-q"]) == 0
raise SystemExit(main(["plot", "line", "-q", "-o", "line.png"]))
"""
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=True)


def least() -> int:
    return memory.LEAST_SPACE + (os.cpu_count() or 1) * memory.SPACE_A_THREAD


def test_the_limit_of_the_process_counts() -> None:
    script = """
import resource; from fitline import memory
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
print(memory.available())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert 2**29 < int(done.stdout) < 2**30
