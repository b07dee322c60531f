"""A file is written whole, or left as it was."""

import os
from pathlib import Path

import pytest

from fitline import FileError
from fitline.files.atomic import replacing, write_text


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "θ\n")
    assert (tmp_path / "a.txt").read_bytes() == "θ\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as unfinished:
        unfinished.write_text(f"new {1 / 0}")
    assert path.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_text(path, "new")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("path", ["no/such/folder/a.txt", ".", "a.txt/", "-", "loop"])
def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    with pytest.raises(FileError) as caught:
        write_text(path, "x")
    assert caught.value.file == path
    assert [found.name for found in tmp_path.iterdir()] == ["loop"]


def test_a_file_may_be_called_like_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_text("./-", "x")
    assert (tmp_path / "-").read_text() == "x"


def test_a_device_is_not_replaced() -> None:
    write_text(os.devnull, "x")
    assert not Path(os.devnull).is_file()


def test_a_link_is_kept_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_text(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "x"
