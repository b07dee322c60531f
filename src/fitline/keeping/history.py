"""Every step of a walk, one row each, in a file that only grows."""

import math
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from fitline.descent import Step
from fitline.sources import engine
from fitline.sources.engine import Engine
from fitline.training import is_shown_at
from fitline.writing import replacing

from .folder import intact

COLUMNS = ("step", "theta0", "theta1", "cost", "gradient_norm", "excess")
TYPES = dict.fromkeys(COLUMNS, "DOUBLE") | {"step": "BIGINT"}
HEADER = f"{','.join(COLUMNS)}\n".encode()

MOST_ROWS = 1_000_000
"""A longer history becomes Parquet when its walk has ended; few spreadsheets hold more rows."""


class History:
    """A history that is being written.

    `size` is its length in bytes up to its last row. A walk that goes on from the step of that
    row writes the row again, and whatever came after it is cut off.
    """

    def __init__(self, path: Path, size: int) -> None:
        path.touch()
        self._stream = path.open("r+b")
        self._stream.truncate(size)
        self._stream.seek(size)
        self._end = size or self._stream.write(HEADER)
        self.size = self._end

    def write(self, step: Step) -> None:
        """Add a row, every number to its last digit."""
        self.size = self._end
        numbers = (*step.theta.tolist(), step.cost, step.gradient_norm, step.excess)
        self._end += self._stream.write(_row(step.index, numbers))

    def secure(self) -> None:
        """Make sure that all rows outlive this process, and the machine's power."""
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Write what is left, and let go of the file."""
        self._stream.close()


def _row(index: int, numbers: Iterable[float | None]) -> bytes:
    """Write a row; where the walk diverged, what is not finite is left out."""
    known = [math.nan if value is None else value for value in numbers]
    cells = (repr(value) if math.isfinite(value) else "" for value in known)
    return f"{index},{','.join(cells)}\n".encode()


def steps_before(path: Path, index: int, size: int, every: int | None) -> list[Step]:
    """Read the steps to show before the step `index`, whose row begins after `size` bytes.

    Raises FileError where the file does not hold them.
    """
    steps, read = [], 0
    with intact(path), path.open("rb") as stream:
        read += len(stream.readline())
        for nth, row in enumerate(islice(stream, index)):
            read += len(row)
            if is_shown_at(nth, every):
                steps.append(_step(row, nth))
        if read != size:
            raise ValueError
    return steps


def _step(row: bytes, nth: int) -> Step:
    """Read the nth row; what it does not hold is not a number."""
    index, *cells = row.rstrip().split(b",")
    if int(index) != nth:
        raise ValueError
    theta0, theta1, cost, norm, excess = (float(cell or b"nan") for cell in cells)
    theta = np.array([theta0, theta1])
    return Step(nth, theta, cost, np.full_like(theta, np.nan), norm, excess)


def shorten(text: Path, parquet: Path) -> None:
    """Turn a history into Parquet."""
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in TYPES.items())
    rows = f"(from read_csv({engine.paths([text])}, header=true, columns={{{columns}}}))"
    with replacing(parquet) as unfinished:
        Engine().write(rows, unfinished, engine.format_of(parquet.name))
        with unfinished.open("rb") as stream:
            os.fsync(stream.fileno())  # the text goes now
    text.unlink()


def lengthen(parquet: Path, text: Path) -> None:
    """Turn a history in Parquet back into the text that it was."""
    with replacing(text) as unfinished, unfinished.open("wb") as stream:
        stream.write(HEADER)
        stream.writelines(_rows_of(parquet))
    parquet.unlink()


def _rows_of(parquet: Path) -> Iterator[bytes]:
    query = f"select {', '.join(COLUMNS)} from read_parquet({engine.paths([parquet])})"
    return (_row(index, numbers) for index, *numbers in Engine().stream(query))
