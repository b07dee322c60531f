"""Every step of a run, one row each, in a file that only grows."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from fitline.data.engine import Engine, EngineError, format_of, scan
from fitline.errors import FileError
from fitline.files.atomic import replacing
from fitline.files.json_documents import UnfitError
from fitline.files.safe_open import open_file
from fitline.optimize.iterate import Step
from fitline.results.facts import finite
from fitline.results.train import StepFacts
from fitline.training import is_shown_at

from .run_folder import BEGIN_AGAIN, intact, open_own, writing

MOST_ROWS = 1_000_000
"""A longer history becomes Parquet when its run has ended; few spreadsheets hold more rows."""


LONGEST_NUMBER = 32
"""One of 17 digits, with signs, exponent and comma, is shorter; so is its name."""


Columns = Sequence[str]
"""Those of a history: the `step_columns` of its training."""


def _typed(columns: Columns) -> dict[str, str]:
    return dict.fromkeys(columns, "DOUBLE") | {"step": "BIGINT"}


def _header(columns: Columns) -> bytes:
    return f"{','.join(columns)}\n".encode()


class History:
    """A history of these columns that is being written.

    `size` is its length in bytes up to its last row. A run that goes on from the step of that
    row writes the row again, and whatever came after it is cut off.
    """

    def __init__(self, path: Path, columns: Columns, size: int) -> None:
        with writing(path):
            self._stream = os.fdopen(open_own(path), "r+b")
        self._stream.truncate(size)
        self._stream.seek(size)
        self._end = size or self._stream.write(_header(columns))
        self._columns = columns
        self.size = self._end

    def write(self, step: Step) -> None:
        """Add a row, every number to its last digit."""
        self.size = self._end
        self._end += self._stream.write(_row(StepFacts.of(step).row(self._columns)))

    def secure(self) -> None:
        """Make sure that all rows outlive this process, and the machine's power."""
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Write what is left, and let go of the file."""
        self._stream.close()


def _row(cells: Iterable[float | None]) -> bytes:
    """Write a row; where the run diverged, what is not finite is left out."""
    return f"{','.join('' if cell is None else repr(cell) for cell in cells)}\n".encode()


def steps_before(
    path: Path, columns: Columns, index: int, size: int, every: int | None
) -> list[Step]:
    """Read the steps to show before the step `index`, whose row begins after `size` bytes.

    Raises FileError where the file does not hold them.
    """
    steps, read, longest = [], 0, LONGEST_NUMBER * len(columns)
    with intact(path), os.fdopen(open_file(path, follow=False), "rb") as stream:
        read += len(stream.readline(longest))
        for nth in range(index):
            row = stream.readline(longest)
            read += len(row)
            if is_shown_at(nth, every):
                steps.append(_step(row, columns, nth))
            if not row or read > size:
                break
        _require_begin(index, size, read)
    return steps


def _require_begin(index: int, size: int, read: int) -> None:
    if read != size:
        raise UnfitError(f"step {index:,} does not begin after {size:,} bytes")


def _step(row: bytes, columns: Columns, nth: int) -> Step:
    """Read the nth row; what it does not hold is not a number."""
    index, *cells = row.rstrip().split(b",")
    if int(index) != nth:
        raise ValueError
    numbers = (float(cell or b"nan") for cell in cells)
    found = dict(zip(columns[1:], numbers, strict=True))
    theta = [value for name, value in found.items() if name.startswith("theta")]
    cost, norm, excess = (found[name] for name in ("cost", "gradient_norm", "excess"))
    return Step(
        nth, np.array(theta), cost, norm, excess, validation_cost=found.get("validation_cost")
    )


def shorten(text: Path, parquet: Path, columns: Columns) -> None:
    """Turn a history into Parquet."""
    typed = ", ".join(f"{name}: '{kind}'" for name, kind in _typed(columns).items())
    how = f", header=true, columns={{{typed}}}"
    rows = f"(from {scan('read_csv', [text], how)})"
    with Engine() as engine, replacing(parquet, follow=False) as unfinished:
        try:
            engine.write(rows, unfinished, format_of(parquet.name))
        except EngineError as error:
            message = f"cannot become Parquet: {str(error).splitlines()[0]}"
            raise FileError(message, str(text), hint=BEGIN_AGAIN) from error
        with unfinished.open("rb") as stream:
            os.fsync(stream.fileno())  # the text goes now
    text.unlink()


def lengthen(parquet: Path, text: Path, columns: Columns, index: int, size: int) -> None:
    """Turn a history in Parquet back into the text that it was.

    Its last row is that of the step `index`, and begins after `size` bytes. Raises FileError
    where it holds anything else.
    """
    with (
        intact(parquet),
        replacing(text, follow=False) as unfinished,
        unfinished.open("wb") as stream,
    ):
        written = stream.write(_header(columns))
        for nth, row in enumerate(_rows_of(parquet, columns, index + 1)):
            if nth == index:
                _require_begin(index, size, written)
            written += stream.write(row)
    parquet.unlink()


def _rows_of(parquet: Path, columns: Columns, rows: int) -> Iterator[bytes]:
    table = scan("read_parquet", [parquet])
    kinds = _typed(columns).items()
    cells = ", ".join(f"cast({name} as {kind})" for name, kind in kinds)
    try:
        with Engine() as engine:
            ((found,),) = engine.fetch(f"select count(*) from {table}")
            if found != rows:
                raise UnfitError(f"it has {found:,} rows, not {rows:,}")
            for index, *numbers in engine.stream(f"select {cells} from {table}"):
                if index is None:
                    raise UnfitError("a step has no number")
                yield _row([index, *map(finite, numbers)])
    except EngineError as error:
        raise UnfitError("it is no Parquet file with these columns") from error
