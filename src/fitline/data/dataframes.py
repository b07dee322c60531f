"""Tables in memory: what has columns, and what they are called.

pandas and polars are recognised by what they offer, so neither is needed.
"""

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from fitline.errors import DataError

from . import columns

TAKEN = (
    "a path, a glob or several of them, a mapping of arrays, a data frame of pandas, polars,"
    " pyarrow or another with an Arrow stream,"
    " an array of the shape (rows, columns), or two arrays x and y"
)


@dataclass(frozen=True, eq=False)
class Frame:
    """Columns by their place; those that are `numbered` are called by it.

    `shape` is that of an array, which has no names at all.
    """

    columns: tuple[str, ...]
    column: Callable[[int], Any]
    numbered: bool = False
    shape: tuple[int, ...] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Take all columns along when pickled."""
        return Frame, (self.columns, self.all_columns.__getitem__, self.numbered, self.shape)

    @property
    def all_columns(self) -> list[Any]:
        """Give every column."""
        return [self.column(place) for place in range(len(self.columns))]

    def places(self, names: Sequence[str]) -> list[int]:
        """Find columns by what is typed. Raises DataError unless there is exactly one of each."""
        for name in names:
            columns.require("the table to predict from", self.columns, name, "x")
        return [columns.place_of(self.columns, name) or 0 for name in names]

    def defaults(self, x: tuple[str, ...], y: str | None) -> tuple[tuple[str, ...], str | None]:
        """Take the last of numbered columns for y, and for x all others."""
        if self.numbered and y is None:
            y = next((name for name in reversed(self.columns) if name not in x), None)
        if self.numbered and not x:
            x = tuple(name for name in self.columns if name != y)
        return x, y


def frame_of(data: Any) -> Frame | None:
    """Give the columns of a table in memory, or None where this is none.

    >>> frame_of({"sqft": [1000], "price": [150000]}).columns
    ('sqft', 'price')
    """
    if isinstance(data, Frame):
        return data
    if isinstance(data, Mapping):
        return _named(data.keys(), list(data.values()).__getitem__)
    if isinstance(data, np.ndarray) and data.dtype.names:
        return _named(data.dtype.names, [data[name] for name in data.dtype.names].__getitem__)
    if hasattr(data, "iloc") and hasattr(data, "columns"):  # pandas
        return _named(data.columns, lambda place: data.iloc[:, place])
    if hasattr(data, "to_series") and hasattr(data, "columns"):  # polars
        return _named(data.columns, data.to_series)
    return _foreign(data) or _numbered(data)


def _foreign(data: Any) -> Frame | None:
    """Take what gives its columns by a protocol; a single column is no table."""
    is_column = hasattr(data, "__array__") and not hasattr(data, "column_names")
    if hasattr(data, "__arrow_c_stream__") and not is_column:
        return _streamed(data)
    return _exchanged(data) if hasattr(data, "__dataframe__") else None


def _streamed(data: Any) -> Frame:
    """Take what gives its columns as an Arrow stream, which may be read once only."""
    import duckdb  # which takes as long as all the rest of a prediction

    with duckdb.connect() as database:
        try:
            database.register("stream", data.__arrow_c_stream__())
            columns = database.execute("from stream").fetchnumpy()
        except duckdb.Error as error:
            raise DataError(f"its Arrow stream cannot be read: {error}", "arrays") from error
        names = [name for name, *_ in database.description]
    return _named(names, [columns[name] for name in columns].__getitem__)


def _exchanged(data: Any) -> Frame | None:
    """Take what gives its columns by the protocol before that, which pandas reads, if it can."""
    if not find_spec("pandas"):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas advises the Arrow stream, which there is none of
        return frame_of(import_module("pandas.api.interchange").from_dataframe(data))


def _named(labels: Iterable[Any], column: Callable[[int], Any]) -> Frame:
    """Call each column by its label; labels that are all no texts are as good as numbers."""
    labels = list(labels)
    numbered = bool(labels) and not any(isinstance(label, str) for label in labels)
    return Frame(tuple(map(str, labels)), column, numbered)


def _numbered(data: Any) -> Frame | None:
    """Take an array of the shape (rows, columns), or a list of rows, for a table."""
    if isinstance(data, list | tuple) and data and isinstance(data[0], list | tuple):
        with suppress(ValueError):  # rows of different lengths
            data = np.array(data, dtype=object)
    if not isinstance(data, np.ndarray) or data.ndim != 2:  # noqa: PLR2004 - rows and columns
        return None
    names = tuple(f"c{place + 1}" for place in range(data.shape[1]))
    return Frame(names, lambda place: data[:, place], numbered=True, shape=data.shape)


def gather(data: Any, x: Any, y: Any) -> tuple[Any, dict[str, Any]]:
    """Tell names of columns from arrays, and put arrays together; give a table and its names.

    `x` and `y` each are None, the name of a column, or an array; x may be a list of names too. An
    array y belongs to `x`, or where that is none or a name, to `data`.
    """
    names: dict[str, Any] = {
        flag: name for flag, name in (("x", x), ("y", y)) if isinstance(name, str)
    }
    if _are_names(x) and (data is not None or "y" in names or y is None):
        names["x"] = tuple(x)
    for flag, value in (("x", x), ("y", y)):
        if value is not None and (not hasattr(value, "__iter__") or isinstance(value, bytes)):
            raise DataError(
                f"{flag} is of type {type(value).__name__!r}; it takes the name of a column,"
                " or an array"
            )
    if len(names) == sum(value is not None for value in (x, y)):
        return data, names
    if y is None or isinstance(y, str):
        raise DataError("x is an array, so y must be one too: fitline.train(x=array, y=array)")
    if x is not None and "x" not in names:
        if data is not None:
            raise DataError("x and y are arrays, so they are the whole table; name no other one")
        data = x
    if data is None or isinstance(data, str | os.PathLike):
        raise DataError("y is an array, so x must be one too: fitline.train(x, y)")
    return _beside(data, y, names)


def _are_names(x: Any) -> bool:
    return isinstance(x, list | tuple) and bool(x) and all(isinstance(name, str) for name in x)


def _beside(features: Any, y: Any, names: dict[str, Any]) -> tuple[Frame, dict[str, Any]]:
    """Put y beside its features, under the names that they bring along, or as x and y."""
    left, right = _columns_of(features, "x"), _columns_of(y, "y")
    if len(right.columns) != 1:
        raise DataError(f"y has {len(right.columns)} columns, and must be one")
    own, width = right.columns[0], len(left.columns)
    target = next(name for name in (own, "y", "target", f"{own}_") if name not in left.columns)
    named = {"y": target, "x": left.columns}

    def column(place: int) -> Any:
        return left.column(place) if place < width else right.column(0)

    return Frame((*left.columns, target), column), named | names


def _columns_of(values: Any, flag: str) -> Frame:
    """Take what may be a frame, or one array, which may have a name."""
    frame = frame_of(values)
    if frame is None:
        name = getattr(values, "name", None)
        if isinstance(values, Iterator):
            values = list(values)
        return Frame((name if isinstance(name, str) and name else flag,), lambda _: values)
    if len(frame.columns) == 1 and frame.shape:
        return Frame((flag,), frame.column)
    return frame


def refusal(data: Any) -> DataError:
    """Say that this is no table, and what would be one."""
    return DataError(
        f"fitline cannot read a table from an object of type {_type_of(data)}; it takes {TAKEN}"
    )


def _type_of(data: Any) -> str:
    """Name a type, where it is worth knowing with its shape or its home."""
    kind = type(data)
    home = kind.__module__.split(".")[0]
    name = repr(kind.__name__ if home == "builtins" else f"{home}.{kind.__name__}")
    shape = getattr(data, "shape", None)
    if isinstance(data, list | tuple) and not data:
        return f"{name} that is empty"
    return f"{name} of the shape {shape}" if isinstance(shape, tuple) else name
