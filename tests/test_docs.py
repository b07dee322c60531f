"""The documentation shows what fitline prints now. To write it anew: python tests/test_docs.py."""

import doctest
import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import sparks
from fitline.cli import app

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/fitline"
README, ARCHITECTURE = ROOT / "README.md", ROOT / "docs/architecture.md"
LESSONS = SOURCE / "lessons"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md")), *sorted(LESSONS.glob("*.md"))]
SESSION = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
COMMAND = re.compile(r"(?m)^\$ (.*)\n")
PYTHON = re.compile(r"(?<=```python\n).*?(?=```)", re.DOTALL)
MODULES = re.compile(r"(?<=\n## Modules\n\n)([^\n]*\n).*", re.DOTALL)


def run(command: str, folder: Path) -> str:
    """Give what a command prints in a folder; fitline runs in this process, which is faster."""
    if not command.startswith("fitline "):
        return in_shell(command, folder)
    words, _, filters = command.partition(" | ")
    done = in_process(words, folder)
    if isinstance(done.exception, Exception):
        raise done.exception
    return done.stderr + in_shell(filters, folder, done.stdout) if filters else done.output


@lru_cache(maxsize=1)
def in_process(words: str, folder: Path) -> Result:
    """Run fitline, once where a page shows first one part of what it prints and then another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        patch.setattr(sys, "argv", shlex.split(words))
        patch.chdir(folder)
        return CliRunner().invoke(app, sys.argv[1:])


def in_shell(command: str, folder: Path, stdin: str = "") -> str:
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def replayed(page: str, folder: Path) -> str:
    """Give a page with the output that its commands print now, one after the other."""
    for name in ("data", "configs"):
        shutil.copytree(ROOT / name, folder / name)

    def session(found: re.Match[str]) -> str:
        commands = COMMAND.findall(found[0])
        return "".join(f"$ {command}\n{run(command, folder)}" for command in commands)

    return SESSION.sub(session, page)


def listed(page: str) -> str:
    """Give the architecture page with the modules that there are now."""
    return MODULES.sub(lambda found: found[1] + "".join(tables()), page)


def tables() -> Iterator[str]:
    """List every folder with its modules, each with the first line of its docstring."""
    for folder in (SOURCE, *sorted(path.parent for path in SOURCE.rglob("*/__init__.py"))):
        name = folder.relative_to(SOURCE.parent)
        yield f"\n### {name}/\n\n{summary(folder / '__init__.py')}\n\n| module | |\n|---|---|\n"
        for path in sorted([*folder.glob("*.py"), *folder.glob("static/*.js")]):
            if path.name != "__init__.py":
                yield f"| `{path.relative_to(folder)}` | {summary(path)} |\n"


def summary(path: Path) -> str:
    begin = r"/\*\*\s(?:\s*\* )?(.+?)(?: \*/)?$" if path.suffix == ".js" else r'"""(.+?)(?:""")?$'
    found = re.match(begin, path.read_text(), re.MULTILINE)
    return found[1] if found else ""


def page_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def replayable() -> Iterator[Any]:
    """Give the pages with sessions, some of which need Spark."""
    for path in PAGES:
        page = path.read_text()
        if SESSION.search(page):
            marks = sparks.MARKS if "--engine spark\n" in page else []
            yield pytest.param(path, marks=marks, id=page_id(path))


@pytest.mark.parametrize("path", [*replayable()])
def test_a_page_shows_what_is_printed_today(path: Path, tmp_path: Path) -> None:
    page = path.read_text()
    assert page == replayed(page, tmp_path)


@pytest.mark.parametrize(
    "path", [path for path in PAGES if PYTHON.search(path.read_text())], ids=page_id
)
def test_python_gives_what_a_page_shows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    session = "\n".join(PYTHON.findall(path.read_text()))
    example = doctest.DocTestParser().get_doctest(session, {}, path.name, str(path), 0)
    failed, tried = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(example)
    assert tried > 0
    assert failed == 0


def test_the_cells_of_the_notebook_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    notebook = Path(__file__).parents[1] / "docs" / "guides" / "notebook.ipynb"
    monkeypatch.chdir(notebook.parent)
    names: dict[str, object] = {}
    for cell in json.loads(notebook.read_text())["cells"]:
        if cell["cell_type"] == "code":
            assert not cell["outputs"], "the site is built with those of today"
            exec("".join(cell["source"]), names)  # noqa: S102 - our own
    assert "RMSE" in capsys.readouterr().out


def test_the_architecture_lists_every_module_in_its_folder() -> None:
    page = ARCHITECTURE.read_text()
    assert MODULES.search(page)
    assert page == listed(page)


def test_the_readme_is_short() -> None:
    assert len(README.read_text().splitlines()) <= 150


def test_pictures_are_small_and_shown() -> None:
    shown = {
        name for path in PAGES for name in re.findall(r"\]\(\S*gallery/(\S+)\)", path.read_text())
    }
    pictures = {path for path in (ROOT / "gallery").iterdir() if path.suffix in {".png", ".gif"}}
    assert {path.name for path in pictures} == shown
    for picture in pictures:
        assert picture.stat().st_size < 100_000


def test_continuous_integration_runs_the_documented_commands() -> None:
    script = (ROOT / ".ci/run").read_text()
    commands = re.findall(r"(?m)^(python3 -m venv .*)$", README.read_text())
    assert len(commands) == 2
    assert commands[1] in script
    (build,) = re.findall(r"(?m)^(.*-m sphinx .*)$", (ROOT / "CONTRIBUTING.md").read_text())
    assert build in script


def rewrite() -> None:
    """Write all output in the documentation anew."""
    for path in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            path.write_text(listed(replayed(path.read_text(), Path(folder))))


if __name__ == "__main__":
    rewrite()
