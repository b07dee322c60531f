"""The README shows what fitline prints today. To write it anew: python tests/test_readme.py."""

import doctest
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
SESSION = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
COMMAND = re.compile(r"(?m)^\$ (.*)\n")


def run(command: str, folder: Path) -> str:
    """Give what a command prints in a folder that holds data/ and configs/."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "COLUMNS": "80"}
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def replayed(session: str, folder: Path) -> str:
    """Give a session with the output that its commands print now."""
    return "".join(f"$ {command}\n{run(command, folder)}" for command in COMMAND.findall(session))


def make_folder(folder: Path) -> Path:
    for name in ("data", "configs"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


SECTIONS = [
    section
    for section in re.split(r"(?m)^(?=#{1,4} )", README.read_text())
    if SESSION.search(section)
]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.splitlines()[0])
def test_the_readme_shows_what_is_printed_today(section: str, tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    for session in SESSION.findall(section):
        assert session == replayed(session, folder)


def test_the_python_of_the_readme_gives_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert tried > 0
    assert failed == 0


def test_the_readme_shows_every_folder_and_module() -> None:
    shown = README.read_text()
    for path in (ROOT / "src/fitline").rglob("*.py"):
        if path.name not in {"__init__.py", "__main__.py"}:
            assert path.name in shown, path


def test_the_readme_names_every_command_and_option() -> None:
    shown = README.read_text()
    for command in re.findall(r"(?m)^### (\w+)$", shown):
        help_text = run(f"fitline {command} --help", ROOT)
        for option in set(re.findall(r"--[a-z][a-z0-9-]+", help_text)) - {"--help"}:
            assert f"`{option}" in shown or f" {option}" in shown, f"{command} {option}"


def test_the_readme_has_a_section_for_every_command() -> None:
    listed = run("fitline --help", ROOT).split("Commands:")[1]
    commands = re.findall(r"(?m)^  (\w+)", listed)
    assert commands
    assert re.findall(r"(?m)^### (\w+)$", README.read_text()) == commands


def test_the_gallery_is_small_and_shown() -> None:
    pictures = re.findall(r"\]\((gallery/\w+\.\w+)\)", README.read_text())
    assert {f"gallery/{path.name}" for path in (ROOT / "gallery").glob("*.[gp]*[gf]")} == set(
        pictures
    )
    for picture in pictures:
        assert (ROOT / picture).stat().st_size < 100_000


def test_continuous_integration_calls_the_readmes_test_command() -> None:
    commands = re.findall(r"(?m)^(python3 -m venv .*)$", README.read_text())
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci/run").read_text()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        place = make_folder(Path(name))
        text = README.read_text()
        README.write_text(SESSION.sub(lambda found: replayed(found[0], place), text))
