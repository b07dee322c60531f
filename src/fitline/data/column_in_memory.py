"""One column in memory: its cells as they came, as numbers, and as they would stand in a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Complex, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitline.errors import DataError
from fitline.formatting import count, quoted

from .cell_errors import trouble
from .cells import Numbers, Parsing, Values, text_of

NOT_THERE = {"NAType", "NaTType", "MaskedConstant"}
"""What pandas and NumPy put where nothing is, by its type, so that pandas need not be imported."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its cells as they came, numbers or objects; `decimal` is the mark in texts.

    Those of a type of dates are written by ISO 8601.
    """

    name: str
    cells: NDArray[Any]
    decimal: str = "."
    holds_dates: bool = False

    @classmethod
    def of(cls, name: str, values: Any, decimal: str = ".") -> "Column":
        """Take cells of any type. Raises DataError where the type as a whole is of no numbers."""
        found = array_of(name, values)
        if found.dtype.kind in "iuf":
            return cls(name, found)
        if found.dtype.kind == "M":
            return cls(name, _written_dates(found), holds_dates=True)
        if found.dtype.kind not in "bOUST":
            raise DataError(f"{name} holds {found.dtype}, not numbers", column=name)
        cells = found.astype(object)
        for row, cell in enumerate(cells):
            if isinstance(cell, bytes | bool | np.bool_):
                cells[row] = written(cell)
        return cls(name, cells, decimal)

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """Give float64, NaN where a cell holds no number."""
        return self.read(Numbers())

    def read(self, values: Values) -> NDArray[np.float64]:
        """Give float64, NaN where a cell is no number and its text no such value."""
        if self.cells.dtype != object:
            return _float64(self.cells)
        return _float64([_value(cell, values) for cell in self.cells])

    @cached_property
    def is_text(self) -> bool:
        """Tell whether a cell is a text, or something else that is no number."""
        if self.cells.dtype != object:
            return False
        if any(isinstance(cell, str) for cell in self.cells):
            return True
        return not all(map(_is_nothing, self.cells[np.isnan(self.numbers)]))

    @cached_property
    def texts(self) -> NDArray[Any]:
        """Give every cell as it would stand in a file, None where there is nothing."""
        return np.array([_text(cell, self.decimal) for cell in self.cells], dtype=object)

    def cell(self, row: int) -> object:
        """Give a text, a number, or what stands in its place."""
        if self.is_text:
            return self.texts[row]
        number = self.numbers[row]
        return float(number) if np.isfinite(number) else bare(self.cells[row])

    def require_values(self, parsing: Parsing) -> None:
        """Refuse a cell that is something else than a value; that one is missing is allowed."""
        for row in np.flatnonzero(np.isnan(self.read(parsing.values))).tolist():
            cell = bare(self.cells[row])
            if not parsing.is_missing(cell):
                reason = trouble(self.name, cell, parsing) or ""
                raise DataError(reason, None, row + 1, self.name, str(cell), unit="row")


def require_one_length(columns: Sequence[Column]) -> None:
    """Raise DataError where columns differ in length."""
    if len({len(column.cells) for column in columns}) > 1:
        told = " and ".join(
            f"{column.name} has {count(len(column.cells), 'row')}" for column in columns
        )
        raise DataError(f"the columns must have one length, but {told}")


def array_of(name: str, values: Any) -> NDArray[Any]:
    """Give an array of the shape (rows,), with None or NaN where something is missing."""
    if isinstance(values, Iterator):
        values = list(values)
    values = _unmasked(values)
    type_ = getattr(values, "dtype", None)
    kind = getattr(type_, "kind", "O")
    if kind == "m":
        raise DataError(f"{name} holds {values.dtype}, not numbers", column=name)
    # Else pandas' own integers and floats with gaps would become objects, and so its times with
    # a zone, which are those of UTC.
    wanted = np.dtype(np.float64) if kind in "iuf" else None
    if kind == "M" and getattr(type_, "tz", None):
        wanted = np.dtype(f"M8[{getattr(type_, 'unit', 'ns')}]")
    try:
        with np.errstate(over="ignore"):  # what is too large becomes infinite
            found = np.asarray(values, dtype=wanted)
        # Numbers between texts would be texts themselves, and booleans between numbers numbers.
        if found.dtype.kind in "US" or _holds_booleans(values):
            found = np.asarray(values, dtype=object)
    except MemoryError:
        raise
    except Exception as error:  # what converts an array may be anybody's
        raise DataError(f"{name} holds no numbers: {error}", column=name) from error
    found = lying(found)
    if found.ndim != 1:
        what = f"has the shape {found.shape}" if found.ndim else f"is {quoted(str(values))}"
        raise DataError(f"{name} {what}, and must have the shape (rows,)", column=name)
    return found


def _unmasked(values: Any) -> Any:
    """Put NaN, NaT or None where an array is masked."""
    if not isinstance(values, np.ma.MaskedArray):
        return values
    if values.dtype.kind in "iuf":
        return np.ma.filled(values.astype(np.float64), np.nan)
    if values.dtype.kind == "M":
        return np.ma.filled(values, np.datetime64("NaT"))
    cells = np.array(values.data, dtype=object)
    cells[np.ma.getmaskarray(values)] = None
    return cells


def lying(cells: NDArray[Any]) -> NDArray[Any]:
    """Give a column that stands upright, in the shape (rows, 1), in the shape (rows,)."""
    return cells[:, 0] if cells.shape[1:] == (1,) else cells


def _holds_booleans(values: Any) -> bool:
    return isinstance(values, list | tuple) and any(isinstance(v, bool | np.bool_) for v in values)


def written(cell: Any) -> str:
    """Write a cell as it stands in files, a boolean as true or false."""
    if isinstance(cell, bytes):
        return cell.decode(errors="replace")
    return str(cell).lower() if isinstance(cell, bool | np.bool_) else str(cell)


def _written_dates(times: NDArray[Any]) -> NDArray[Any]:
    """Write dates, with their times where one is not midnight, as ISO 8601; None where none is."""
    is_missing = np.isnat(times)
    days = times.astype("M8[D]")
    written = np.datetime_as_string(days if (days == times)[~is_missing].all() else times)
    cells = written.astype(object)
    cells[is_missing] = None
    return cells


def _float64(numbers: ArrayLike) -> NDArray[np.float64]:
    """Give float64, infinite where a number is too large."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(numbers, dtype=np.float64)


def bare(cell: Any) -> Any:
    """Give a cell, None where pandas or NumPy says that nothing is there."""
    is_time = isinstance(cell, np.datetime64 | np.timedelta64)
    return None if type(cell).__name__ in NOT_THERE or (is_time and np.isnat(cell)) else cell


def _is_nothing(cell: Any) -> bool:
    return Parsing().is_missing(bare(cell))


def _value(cell: Any, values: Values) -> float:
    """Read a cell of any type, by its text where it is no number; NaN where it has no value.

    A complex number is none, though NumPy would take its real part.
    """
    is_complex = isinstance(cell, Complex) and not isinstance(cell, Real)
    if not (is_complex or isinstance(cell, str) or hasattr(cell, "__len__")):
        try:
            return float(cell)
        except OverflowError:
            return np.inf
        except (TypeError, ValueError):
            pass
    value = values.read(text_of(cell))
    return np.nan if value is None else value


def _text(cell: Any, decimal: str) -> str | None:
    """Write a cell as text that any engine takes, a number with all its digits."""
    cell = bare(cell)
    if cell is None:
        return None
    number = np.nan if isinstance(cell, str) else _value(cell, Numbers())
    if not np.isnan(number):
        return repr(number).replace(".", decimal)
    return str(cell).encode(errors="backslashreplace").decode()
