"""Columns in memory as numbers: a table of them, and a file of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitline.errors import DataError
from fitline.files.atomic import replacing
from fitline.formatting import count, listed, quoted
from fitline.reading import Reading

from .cell_errors import first_trouble, trouble
from .cells import Numbers, Parsing, Values, numbers_of, text_of
from .dataframes import Frame, frame_of
from .dates import Dates, dates_of
from .engine import Engine, format_of
from .parts import BadRow, Care, Wanted
from .terms import Inputs, Levels, terms_of

REGISTERED = "arrays"

LOOK_ROWS = 100
"""How many rows are looked at."""

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
        found = _array(name, values)
        if found.dtype.kind in "iuf":
            return cls(name, found)
        if found.dtype.kind == "M":
            return cls(name, _written_dates(found), holds_dates=True)
        if found.dtype.kind not in "bOUST":
            raise DataError(f"{name} holds {found.dtype}, not numbers", column=name)
        cells = found.astype(object)
        for row, cell in enumerate(cells):
            if isinstance(cell, bytes | bool | np.bool_):
                cells[row] = _written(cell)
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
        return float(number) if np.isfinite(number) else _bare(self.cells[row])

    def require_values(self, parsing: Parsing) -> None:
        """Refuse a cell that is something else than a value; that one is missing is allowed."""
        for row in np.flatnonzero(np.isnan(self.read(parsing.values))).tolist():
            cell = _bare(self.cells[row])
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


def _array(name: str, values: Any) -> NDArray[Any]:
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
    found = _lying(found)
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
    bare = np.array(values.data, dtype=object)
    bare[np.ma.getmaskarray(values)] = None
    return bare


def _lying(cells: NDArray[Any]) -> NDArray[Any]:
    """Give a column that stands upright, in the shape (rows, 1), in the shape (rows,)."""
    return cells[:, 0] if cells.shape[1:] == (1,) else cells


def _holds_booleans(values: Any) -> bool:
    return isinstance(values, list | tuple) and any(isinstance(v, bool | np.bool_) for v in values)


def _written(cell: Any) -> str:
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


def _bare(cell: Any) -> Any:
    """Give a cell, None where pandas or NumPy says that nothing is there."""
    is_time = isinstance(cell, np.datetime64 | np.timedelta64)
    return None if type(cell).__name__ in NOT_THERE or (is_time and np.isnat(cell)) else cell


def _is_nothing(cell: Any) -> bool:
    return Parsing().is_missing(_bare(cell))


def _value(cell: Any, values: Values) -> float:
    """Read a cell of any type, by its text where it is no number; NaN where it has no value."""
    if not isinstance(cell, str) and not hasattr(cell, "__len__"):
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
    cell = _bare(cell)
    if cell is None:
        return None
    number = np.nan if isinstance(cell, str) else _value(cell, Numbers())
    if not np.isnan(number):
        return repr(number).replace(".", decimal)
    return str(cell).encode(errors="backslashreplace").decode()


@dataclass(frozen=True, eq=False)
class Arrays:
    """The table of a frame, as a part to read, and how numbers are written in its texts."""

    sure_numbers: ClassVar[None] = None
    unit: ClassVar[str] = "row"

    engine: Engine = field(repr=False)
    frame: Frame = field(repr=False)
    notation: Numbers
    na: tuple[str, ...]
    name: str = "arrays"

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the columns."""
        return self.frame.columns

    @property
    def size(self) -> float:
        """Give the size of what was read, as float64."""
        return 8 * len(self._read) * self.count_rows(exactly=True)

    @property
    def parsing(self) -> Parsing:
        """Tell how texts are read."""
        return Parsing(self.notation, self.na)

    def is_text(self, place: int, care: Care) -> bool:
        """Tell whether a column holds anything but numbers, which `select` gives as text."""
        return self._column(place).is_text

    def holds_dates(self, place: int) -> bool:
        """Tell whether a column has a type of dates."""
        return self._column(place).holds_dates

    def head(self, place: int) -> Sequence[str]:
        """Give the first cells of a column that is text."""
        column = self._column(place)
        return [text or "" for text in column.texts[:LOOK_ROWS]] if column.is_text else ()

    def select(
        self, places: Sequence[int], care: Care = "careful", texts: Collection[int] = ()
    ) -> str:
        """Give a query of these columns, numbers as they are and all else as text."""
        columns = [self._column(place) for place in places]
        require_one_length(columns)
        cells = [column.texts if column.is_text else column.numbers for column in columns]
        self.engine.register(REGISTERED, {f"column_{nth}": each for nth, each in enumerate(cells)})
        named = (
            f"cast(column_{nth} as {'varchar' if column.is_text else 'double'}) as column_{nth}"
            for nth, column in enumerate(columns)
        )
        return f"select {', '.join(named)} from {REGISTERED}"

    def count_rows(self, *, exactly: bool) -> int:
        """Give the length of what was read."""
        return max((len(column.cells) for column in self._read.values()), default=0)

    def texts(self, place: int) -> Iterable[str]:
        """Give none, for there are no other files."""
        return ()

    def lines(self) -> Iterator[tuple[str, int]]:
        """Count the rows, which stand on no lines."""
        return ((self.name, row) for row in range(1, 1 + self.count_rows(exactly=True)))

    def bad_rows(self, wanted: Wanted, *, whole: bool = False) -> Iterator[BadRow]:
        """Give the rows in which a cell has no value; what is a number needs no reading."""
        columns = {w: self._column(w.place) for w in wanted.columns}
        wanted = wanted.with_numbers(lambda place: not self._column(place).is_text)
        for row in range(max(len(column.cells) for column in columns.values())):
            cells = {w.place: column.cell(row) for w, column in columns.items()}
            if bad := first_trouble(self.name, row + 1, cells, wanted, self.unit):
                yield bad

    @cached_property
    def _read(self) -> dict[int, Column]:
        return {}

    def _column(self, place: int) -> Column:
        """Read a column once."""
        if place not in self._read:
            cells = self.frame.column(place)
            self._read[place] = Column.of(self.columns[place], cells, self.notation.decimal)
        return self._read[place]


def features_of(
    data: Any,
    names: Sequence[str],
    dates: Iterable[str] = (),
    inputs: Inputs | None = None,
    reading: Reading | None = None,
) -> NDArray[np.float64]:
    """Give features in the shape (rows, features): by their names, or of an array by their places.

    In the columns `dates`, texts are dates; `inputs` tell what the features are made of, where
    they are not just columns; `reading` how cells of text are written. What is missing becomes
    NaN. Raises DataError where a column is not there, the shape does not fit, or a cell holds
    something else than a number.
    """
    reading = reading or Reading()
    frame = frame_of(data)
    values: dict[str, Values] = dict.fromkeys(dates, dates_of(reading) or Dates())
    if frame is None or frame.shape:
        found = [_array("x", data)] if frame is None else frame.all_columns
        shape = found[0].shape if frame is None else frame.shape or ()
        _require_shape(shape, len(found), names)
        return np.stack(_numbers(names, found, values, reading), axis=1)
    if inputs is None:
        found = [frame.column(place) for place in frame.places(names)]
        return np.stack(_numbers(names, found, values, reading), axis=1)
    values |= {name: Levels(texts) for name, texts in inputs.levels.items()}
    places = frame.places(inputs.columns)
    columns = [frame.column(place) for place in places]
    read = _numbers(inputs.columns, columns, values, reading)
    cells = dict(zip(places, read, strict=True))
    file, known = "the table to predict from", frame.columns
    inputs.require_names(file, known)
    terms = [t for typed in inputs.known for t in terms_of(file, known, typed, "x", values)]
    return np.stack([term.of_arrays(known, cells) for term in terms], axis=1)


def groups_of(data: Any, by: str, names: Levels, reading: Reading) -> NDArray[np.float64]:
    """Give the place among `names` of what stands in the column `by`, NaN where it is missing.

    Raises DataError where there is no such column, or where it holds another name.
    """
    frame = frame_of(data)
    if frame is None or frame.shape:
        raise DataError(
            f"x names no columns, of which {quoted(by)} tells groups apart",
            hint="predict from a mapping of arrays, or from a data frame",
        )
    cells = [frame.column(place) for place in frame.places([by])]
    return _numbers([by], cells, {by: names}, reading)[0]


def _numbers(
    names: Sequence[str], found: Sequence[Any], values: Mapping[str, Values], reading: Reading
) -> list[NDArray[np.float64]]:
    """Read columns of one length, NaN where something is missing."""
    columns = [
        Column(name, _as_texts(cells))
        if isinstance(values.get(name), Levels)
        else Column.of(name, cells)
        for name, cells in zip(names, found, strict=True)
    ]
    usual = numbers_of(reading) or Numbers()
    kinds = [
        Dates() if column.holds_dates and isinstance(values.get(name), Dates) else values.get(name)
        for name, column in zip(names, columns, strict=True)
    ]
    parsings = [Parsing(kind or usual, reading.na_texts) for kind in kinds]
    for column, parsing in zip(columns, parsings, strict=True):
        column.require_values(parsing)
    require_one_length(columns)
    read = [c.read(parsing.values) for c, parsing in zip(columns, parsings, strict=True)]
    return [
        np.where(np.isin(cells, parsing.na_numbers), np.nan, cells)
        if parsing.na_numbers
        else cells
        for cells, parsing in zip(read, parsings, strict=True)
    ]


def _as_texts(cells: Any) -> NDArray[Any]:
    """Write every cell as text, since a number is no place of a level."""
    bare = map(_bare, _lying(cells) if isinstance(cells, np.ndarray) else cells)
    return np.array([None if cell is None else _written(cell) for cell in bare], dtype=object)


def _require_shape(shape: tuple[int, ...], columns: int, names: Sequence[str]) -> None:
    """Raise DataError where an array has another number of columns than the model has features."""
    width = len(names)
    if columns != width:
        fitting = "(rows,) or (rows, 1)" if width == 1 else f"(rows, {width})"
        raise DataError(
            f"x has the shape {shape}, and must have the shape {fitting}: the model has"
            f" {count(width, 'feature')}, {listed(names)}"
        )


def write_arrays(columns: Mapping[str, ArrayLike], path: str | Path) -> None:
    """Write named arrays of one length, as Parquet or CSV by the file's ending."""
    with Engine() as engine, replacing(path) as unfinished:
        engine.register(REGISTERED, {name: np.asarray(array) for name, array in columns.items()})
        engine.write(REGISTERED, unfinished, format_of(str(path)))
