"""Small tables on disk, and the errors that they meet."""

import gc
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import sparks

# Each worker of the tests has one processor; more threads would wait for each other. What they
# free they keep: to ask the system for memory again takes a twentieth of the time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", "500000000")
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", "500000000")
# One of scikit-learn's checks asks for this before SciPy is imported.
os.environ.setdefault("SCIPY_ARRAY_API", "1")

from fitline.data import Reading, engine, open_table
from fitline.errors import DataError

settings.register_profile("patient", settings.default, deadline=None)
settings.load_profile("patient")  # a machine that does other work too is slow, and not wrong


def pytest_configure() -> None:
    """Keep thousands of small files in memory, where they are removed in no time."""
    memory = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own there
    if memory.is_dir():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays for all tests, which it would look through often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let tests that need Spark begin only where it is there."""
    if item.get_closest_marker("spark"):
        sparks.require_spark()


def pytest_sessionfinish() -> None:
    """End the Spark that tests have begun."""
    sparks.stop_spark()


@pytest.fixture(scope="session")
def _folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the names of folders that are not there yet, without a look at those that are."""
    base = tmp_path_factory.getbasetemp()
    return (base / f"test{nth}" for nth in count())


@pytest.fixture
def tmp_path(_folders: Iterator[Path]) -> Path:
    """Give a new folder in a tenth of the time that pytest takes for its own."""
    path = next(_folders)
    path.mkdir()
    return path


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Write a table under a name of its own, and give its path."""

    def write(content: str | bytes, name: str = "table.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


@pytest.fixture
def refused() -> Callable[..., DataError]:
    """Read a table that must be refused, and give the error."""

    def refused(
        data: Any, x: str | None = None, y: str | None = None, **reading: Any
    ) -> DataError:
        with pytest.raises(DataError) as caught:
            open_table(data, x, y, Reading(**reading)).moments()
        return caught.value

    return refused


@pytest.fixture(scope="session", autouse=True)
def _one_database() -> Iterator[None]:
    """Give every table a connection to one database, since to open one takes 15 ms."""
    with engine.connect() as database, pytest.MonkeyPatch.context() as patch:
        database.execute("set threads = 1")  # for a worker has one processor
        patch.setattr(engine, "connect", database.cursor)
        yield
