"""Columns in memory as numbers: a table of them, and a file of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitline.errors import DataError
from fitline.files.atomic import replacing
from fitline.formatting import count, quoted

from .cell_errors import first_trouble, trouble
from .cells import Parsing, text_of
from .columns import listed
from .dataframes import Frame, frame_of
from .engine import Engine, format_of
from .parts import BadRow, Care, Wanted

REGISTERED = "arrays"

NOT_THERE = {"NAType", "NaTType"}
"""What pandas puts where nothing is, by its type, so that pandas need not be imported."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its `cells` as they came, and its `numbers`, NaN where a cell holds none."""

    name: str
    cells: NDArray[Any]
    numbers: NDArray[np.float64]

    @classmethod
    def of(cls, name: str, values: Any) -> "Column":
        """Read numbers of any type. Raises DataError where the column as a whole holds none."""
        found = _array(name, values)
        if found.dtype.kind in "biuf":
            return cls(name, found, np.ascontiguousarray(found, dtype=np.float64))
        if found.dtype.kind not in "OUST":
            raise DataError(f"{name} holds {found.dtype}, not numbers", column=name)
        found = found.astype(object)
        return cls(name, found, np.array([_number(cell) for cell in found], dtype=np.float64))

    def cell(self, row: int) -> object:
        """Give a number, or what stands in its place."""
        number = self.numbers[row]
        return float(number) if np.isfinite(number) else _bare(self.cells[row])

    def require_numbers(self) -> None:
        """Refuse a cell that is something else than a number; that one is missing is allowed."""
        for row in np.flatnonzero(np.isnan(self.numbers)).tolist():
            cell = self.cell(row)
            if not Parsing().is_missing(cell):
                reason = trouble(self.name, cell) or ""
                raise DataError(reason, None, row + 1, self.name, str(cell), unit="row")


def require_one_length(columns: Sequence[Column]) -> None:
    """Raise DataError where columns differ in length."""
    if len({len(column.numbers) for column in columns}) > 1:
        told = " and ".join(
            f"{column.name} has {count(len(column.numbers), 'row')}" for column in columns
        )
        raise DataError(f"the columns must have one length, but {told}")


def _array(name: str, values: Any) -> NDArray[Any]:
    """Give an array of the shape (rows,), with None or NaN where something is missing."""
    if isinstance(values, Iterator):
        values = list(values)
    if isinstance(values, np.ma.MaskedArray):
        masked, values = np.ma.getmaskarray(values), np.array(values.data, dtype=object)
        values[masked] = None
    kind = getattr(getattr(values, "dtype", None), "kind", "O")
    if kind in "mM":
        raise DataError(f"{name} holds {values.dtype}, not numbers", column=name)
    # Else pandas' own integers and floats with gaps would become objects.
    wanted = np.float64 if kind in "biuf" else None
    try:
        found = np.asarray(values, dtype=wanted)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} holds no numbers: {error}", column=name) from error
    if found.ndim == 2 and found.shape[1] == 1:  # noqa: PLR2004 - a column that stands upright
        found = found[:, 0]
    if found.ndim != 1:
        what = f"has the shape {found.shape}" if found.ndim else f"is {quoted(str(values))}"
        raise DataError(f"{name} {what}, and must have the shape (rows,)", column=name)
    return found


def _bare(cell: object) -> object:
    return None if type(cell).__name__ in NOT_THERE else cell


def _number(cell: Any) -> float:
    """Read a cell of any type, a text by the rules of files; NaN where it is no number."""
    if isinstance(cell, str):
        value = Parsing().values.read(text_of(cell))
        return np.nan if value is None else value
    try:
        return np.nan if hasattr(cell, "__len__") else float(cell)
    except OverflowError:
        return np.inf
    except (TypeError, ValueError):
        return np.nan


@dataclass(frozen=True, eq=False)
class Arrays:
    """The table of a frame, as a part to read."""

    engine: Engine = field(repr=False)
    frame: Frame = field(repr=False)
    na: tuple[str, ...] = ()
    name: str = "arrays"

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the columns."""
        return self.frame.columns

    @property
    def parsing(self) -> Parsing:
        """Take numbers as they are."""
        return Parsing(na=self.na)

    def is_text(self, place: int, care: Care) -> bool:
        """Tell that `select` gives numbers."""
        return False

    def head(self, place: int) -> Sequence[str]:
        """Give nothing, for what is a number already needs no look."""
        return ()

    def select(self, places: Sequence[int], care: Care = "careful") -> str:
        """Give a query of these columns."""
        columns = self._columns(places)
        named = {f"column_{nth}": column.numbers for nth, column in enumerate(columns)}
        self.engine.register(REGISTERED, named)
        return f"select {', '.join(named)} from {REGISTERED}"

    def count_rows(self, *, exactly: bool) -> int:
        """Give the length of what was read."""
        return max((len(column.numbers) for column in self._read.values()), default=0)

    def bad_rows(self, wanted: Sequence[Wanted], *, whole: bool = False) -> Iterator[BadRow]:
        """Give the rows in which a number is not finite, or means that there is none."""
        columns = self._columns([column.place for column in wanted])
        for row in range(len(columns[0].cells)):
            cells = {w.place: column.cell(row) for w, column in zip(wanted, columns, strict=True)}
            if bad := first_trouble(self.name, row + 1, cells, wanted, "row"):
                yield bad

    @cached_property
    def _read(self) -> dict[int, Column]:
        return {}

    def _columns(self, places: Sequence[int]) -> list[Column]:
        """Read columns, each once. Raises DataError where their lengths differ."""
        for place in places:
            if place not in self._read:
                self._read[place] = Column.of(self.columns[place], self.frame.column(place))
        found = [self._read[place] for place in places]
        require_one_length(found)
        return found


def features_of(data: Any, names: Sequence[str]) -> NDArray[np.float64]:
    """Give features in the shape (rows, features): by their names, or of an array by their places.

    What is missing becomes NaN. Raises DataError where a column is not there, the shape does not
    fit, or a cell holds something else than a number.
    """
    frame = frame_of(data)
    if frame is None:
        found = [_array("x", data)]
        _require_shape(found[0].shape, 1, names)
    elif frame.shape:
        found = [frame.column(place) for place in range(frame.shape[1])]
        _require_shape(frame.shape, frame.shape[1], names)
    else:
        found = [frame.column(place) for place in frame.places(names)]
    columns = [Column.of(name, cells) for name, cells in zip(names, found, strict=True)]
    for column in columns:
        column.require_numbers()
    require_one_length(columns)
    return np.stack([column.numbers for column in columns], axis=1)


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
