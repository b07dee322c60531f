"""What small tables are read by, and limits of lines that are put down."""

import pytest

from fitline.data import delimited, delimited_rows, dialect, long_lines, plain_numbers, survey


@pytest.fixture(autouse=True)
def _by_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine read small tables too, as it reads large ones."""
    monkeypatch.setattr(plain_numbers, "MOST_BYTES", -1)


@pytest.fixture
def short_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the first 10 lines of a table rather than at 100."""
    for module in (delimited_rows, dialect):
        monkeypatch.setattr(module, "LOOK_LINES", 10)


@pytest.fixture
def short_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine read lines of 100,000 bytes, and look for a table in 300 lines at most."""
    for module in (survey, long_lines, delimited_rows):
        monkeypatch.setattr(module, "LONGEST_LINE", 100_000)
    for module in (dialect, delimited_rows):
        monkeypatch.setattr(module, "TOP_LINES", 300)
    small = ", max_line_size=100000, buffer_size=200000"
    broken = {care: how + small for care, how in delimited.BROKEN.items()}
    monkeypatch.setattr(delimited, "BROKEN", broken)
