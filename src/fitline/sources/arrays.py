"""Tables that are arrays in memory already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitline.errors import DataError
from fitline.writing import replacing

from . import cells, engine
from .engine import Engine
from .parts import BadRow

REGISTERED = "arrays"


def open_arrays(engine_: Engine, data: Mapping[str, ArrayLike]) -> "Arrays":
    """Take named one-dimensional arrays of one length; a pandas data frame will do.

    Raises DataError where an array holds no numbers or the lengths differ.
    """
    arrays: dict[str, NDArray[np.float64]] = {}
    for name in data.keys():  # noqa: SIM118 - a data frame iterates its columns only this way
        try:
            arrays[str(name)] = np.array(data[name], dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise DataError(f"{name} holds no numbers: {error}", column=str(name)) from error
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 1 for shape in shapes.values()):
        raise DataError(f"the arrays must be of one dimension and one length, not {shapes}")
    engine_.register(REGISTERED, arrays)
    return Arrays(arrays)


@dataclass(frozen=True, eq=False)
class Arrays:
    """Named float64 arrays, each of the shape (rows,)."""

    arrays: dict[str, NDArray[np.float64]] = field(repr=False)
    name: str = "arrays"

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the arrays."""
        return tuple(self.arrays)

    def select(self, columns: Sequence[str], *, head: bool = False) -> str:  # noqa: ARG002
        """Give a query of these columns."""
        return f"select {', '.join(map(engine.identifier, columns))} from {REGISTERED}"

    def bad_rows(self, columns: Sequence[str]) -> Iterator[BadRow]:
        """Give the rows in which a number is not finite."""
        finite = np.logical_and.reduce([np.isfinite(self.arrays[name]) for name in columns])
        for row in np.flatnonzero(~finite):
            for column in columns:
                value = float(self.arrays[column][row])
                if reason := cells.trouble(column, value):
                    yield BadRow(self.name, int(row) + 1, column, str(value), reason, "row")
                    break


def write_arrays(columns: Mapping[str, ArrayLike], path: str | Path) -> None:
    """Write named arrays of one length, as Parquet or CSV by the file's ending."""
    engine_ = Engine()
    open_arrays(engine_, columns)
    with replacing(path) as unfinished:
        engine_.fetch(engine.copy(REGISTERED, unfinished, str(path)))
