"""Columns in memory as numbers: a table of them, and a file of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitline.errors import DataError
from fitline.files.atomic import replacing
from fitline.formatting import count, listed, quoted
from fitline.reading import Reading

from .cell_errors import first_trouble
from .cells import Numbers, Parsing, Values, numbers_of
from .column_in_memory import Column, array_of, bare, lying, require_one_length, written
from .dataframes import Frame, frame_of
from .dates import Dates, dates_of
from .parts import BadRow, Care, Wanted
from .terms import Inputs, Levels, terms_of

if TYPE_CHECKING:
    from .engine import Engine

REGISTERED = "arrays"

LOOK_ROWS = 100
"""How many rows are looked at."""


@dataclass(frozen=True, eq=False)
class Arrays:
    """The table of a frame, as a part to read, and how numbers are written in its texts."""

    sure_numbers: ClassVar[None] = None
    unit: ClassVar[str] = "row"

    engine: "Engine" = field(repr=False)
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
        """Give the length of what was read, or of the first column."""
        return max(len(column.cells) for column in self._read.values() or [self._column(0)])

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
        found = [array_of("x", data)] if frame is None else frame.all_columns
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
    found = map(bare, lying(cells) if isinstance(cells, np.ndarray) else cells)
    return np.array([None if cell is None else written(cell) for cell in found], dtype=object)


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
    from .engine import Engine, format_of

    with Engine() as engine, replacing(path) as unfinished:
        engine.register(REGISTERED, {name: np.asarray(array) for name, array in columns.items()})
        engine.write(REGISTERED, unfinished, format_of(str(path)))
