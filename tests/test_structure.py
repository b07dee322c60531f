"""The house: imports run one way, and heavy parts stay in their rooms."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fitline

SOURCE = Path(fitline.__file__).parent
STAIRCASE = [
    *("escaping", "errors", "vector", "bounds", "signals", "formatting", "memory", "files"),
    *("optimize", "landscapes", "statistics", "reading", "data", "model", "config", "training"),
    *("diagnosis", "derivation", "comparison", "evaluation", "groups", "results", "exact_fit"),
    *("runs", "lessons", "charts", "views", "plots", "page", "api", "cli", "sklearn"),
]
ROOMS = {
    "typer": {"cli"},
    "rich": {"charts", "views", "cli"},
    "duckdb": {"data"},
    "pyspark": {"data"},
    "py4j": {"data"},
    "pyarrow": {"data"},
    "psutil": {"memory"},
    "pydantic": {"config", "results"},
    "yaml": {"files"},
    "matplotlib": {"plots"},
    "sklearn": {"sklearn"},
    "threadpoolctl": {"sklearn"},
}
MODULES = sorted(SOURCE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


ALL_ROOMS = sorted({room(path) for path in MODULES})


def imported(path: Path) -> Iterator[str]:
    """Give the full name of everything that a module imports."""
    package = ["fitline", *path.relative_to(SOURCE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            stem = [*base, *([node.module] if node.module else [])]
            yield from (".".join([*stem, alias.name]) for alias in node.names)


@pytest.mark.parametrize("here", ALL_ROOMS)
def test_imports_run_down_the_staircase(here: str) -> None:
    for path in (path for path in MODULES if room(path) == here):
        for name in imported(path):
            top, *rest = name.split(".")
            if top == "fitline" and here in STAIRCASE and rest[0] in STAIRCASE:
                assert STAIRCASE.index(rest[0]) <= STAIRCASE.index(here), (path, name)
            assert here in ROOMS.get(top, {here}), (path, name)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_spark_is_imported_for_tables_on_spark_alone(path: Path) -> None:
    if "spark" not in path.relative_to(SOURCE).parts:
        tops = {name.split(".")[0] for name in imported(path)}
        assert not tops & {"pyspark", "py4j", "pyarrow"}


def test_modules_can_be_imported_without_spark() -> None:
    names = [
        ".".join(["fitline", *path.relative_to(SOURCE).with_suffix("").parts])
        for path in MODULES
        if "spark" in path.relative_to(SOURCE).parts
    ]
    lines = [
        "import sys, importlib",
        "sys.modules.update(dict.fromkeys(['pyspark', 'py4j', 'pyarrow']))",
        f"for name in {names}: importlib.import_module(name)",
        "from fitline import cli",
        "sys.exit(cli.main(['summary', 'data/houses.csv', '--engine', 'spark']))",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.startswith(
        "error: Spark is not installed\nhint: pip install 'fitline[spark]'"
    )


COMPUTING = {"optimize", "landscapes", "training", "diagnosis", "derivation", "comparison"}
COMPUTING |= {"evaluation", "groups", "data", "model", "config"}
VIEWS = sorted((SOURCE / "views").rglob("*.py"))


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.name)
def test_views_compute_nothing_and_refuse_nothing(path: Path) -> None:
    for name in imported(path):
        if name.split(".")[1:2] and name.split(".")[1] in COMPUTING:
            own = name.rpartition(".")[2]
            assert own[0].isupper(), f"{name} is a function: results are made below the views"
    assert not any(isinstance(node, ast.Raise) for node in ast.walk(ast.parse(path.read_text())))


def test_every_room_is_on_the_staircase() -> None:
    assert set(ALL_ROOMS) - {"__init__", "__main__"} == set(STAIRCASE)


def test_the_architecture_page_lists_the_staircase() -> None:
    page = (Path(__file__).parents[1] / "docs" / "architecture.md").read_text()
    listed = page.split("```text")[2].split("```")[0].replace(",", "").split()
    assert listed == STAIRCASE[::-1]


def test_the_public_names_are_these() -> None:
    assert fitline.__all__ == [
        "Config",
        "ConfigError",
        "DataError",
        "FileError",
        "FitlineError",
        "GroupModels",
        "LinearModel",
        "Moments",
        "RangeError",
        "Run",
        "Step",
        "StopReason",
        "UsageError",
        "compare",
        "evaluate",
        "landscape",
        "load",
        "predict",
        "summary",
        "train",
    ]
    assert set(dir(fitline)) == {*fitline.__all__, "__version__"}
    for name in fitline.__all__:
        assert getattr(fitline, name).__name__ == name


@pytest.mark.parametrize("words", [["--help"], ["train", "--help"]])
def test_help_imports_nothing_that_takes_long(words: list[str]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "fitline", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert not imported & {"numpy", "duckdb", "pydantic", "rich"}


def test_values_are_predicted_without_engine_and_arrays() -> None:
    words = ["predict", "1500", "--theta0", "12000", "--theta1", "136"]
    command = [sys.executable, "-X", "importtime", "-m", "fitline", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert "216,000" in done.stdout
    assert "rich.table" in imported
    assert not imported & {"duckdb", "fitline.landscapes", "numpy", "pydantic"}
