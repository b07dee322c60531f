"""What a killed process left is removed; what another one is writing, or anybody owns, is not."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from fitline.data import spooling as staging
from fitline.files import leftovers
from fitline.files.atomic import write_text

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")

WRITE = """
import os, sys
from pathlib import Path
from fitline.data.spooling import staged
from fitline.files.atomic import replacing
staged(".csv").write_text("staged")
with replacing("out.csv") as unfinished:
    unfinished.write_text("half")
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder to write in, which is that of temporary files too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    staging.staging_folder.cache_clear()
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_next_run_removes_what_a_killed_one_left(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdin
    assert process.stdout.readline() == b"writing\n"
    busy = names(folder)
    assert len(busy) == 2
    write_text("out.csv", "mine")
    assert staging.staged(".csv").parent.name not in busy
    assert set(busy) < set(names(folder)), "another process is at work on them"
    process.kill()
    process.wait()
    assert set(busy) < set(names(folder))
    staging.remove_staged()
    write_text("out.csv", "mine again")
    staging.staged(".csv")
    staging.remove_staged()
    assert names(folder) == ["out.csv"]
    process.stdin.close()
    process.stdout.close()


def test_only_what_fitline_left_is_removed(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "file").write_text("mine")
    kept = [
        *(
            "fitline-staged-",
            "fitline-staged-mine",
            ".out.csv.abcdefgh",
            ".other.abcdefgh.unfinished",
        ),
        *(".out.csv.unfinished", "xout.csv.abcdefgh.unfinished"),
    ]
    for name in kept:
        (folder / name).write_text("mine")
    os.mkfifo(folder / ".out.csv.fifofifo.unfinished")
    (folder / ".out.csv.linklink.unfinished").symlink_to(folder / "mine" / "file")
    (folder / "fitline-staged-linklink").symlink_to(folder / "mine")
    (folder / ".out.csv.ofmyown_.unfinished").mkdir()
    (folder / ".out.csv.ofmyown_.unfinished" / "file").write_text("mine")
    (folder / "fitline-staged-ofmyown_").write_text("mine")
    before = names(folder)
    (folder / ".out.csv.abcdefgh.unfinished").write_text("left")
    (folder / "fitline-staged-abcdefgh").mkdir()
    (folder / "fitline-staged-abcdefgh" / "link").symlink_to(folder / "mine")
    write_text("out.csv", "new")
    leftovers.sweep_folders(folder, staging.PREFIX + leftovers.RANDOM)
    assert names(folder) == sorted([*before, "out.csv"])
    assert (folder / "mine" / "file").read_text() == "mine"


def test_a_name_as_long_as_the_system_allows_can_be_written(folder: Path) -> None:
    name = "n" * 251 + ".csv"
    write_text(name, "x")
    assert names(folder) == [name]
