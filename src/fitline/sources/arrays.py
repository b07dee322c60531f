"""Tables that are arrays in memory already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitline.errors import DataError
from fitline.writing import replacing

from . import cells, engine
from .engine import Engine
from .parts import BadRow, Care

REGISTERED = "arrays"


@dataclass(frozen=True, eq=False)
class Arrays:
    """Named one-dimensional arrays of one length; a pandas data frame will do."""

    engine: Engine = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)
    name: str = "arrays"

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the arrays."""
        return tuple(map(str, self.data.keys()))

    def select(self, places: Sequence[int], care: Care = "careful") -> str:
        """Give a query of these columns."""
        arrays = self._arrays(places)
        named = {f"column_{nth}": array for nth, array in enumerate(arrays)}
        self.engine.register(REGISTERED, named)
        return f"select {', '.join(named)} from {REGISTERED}"

    def bad_rows(self, places: Sequence[int], *, whole: bool = False) -> Iterator[BadRow]:
        """Give the rows in which a number is not finite."""
        arrays = self._arrays(places)
        finite = np.logical_and.reduce([np.isfinite(array) for array in arrays])
        for row in np.flatnonzero(~finite):
            for place, array in zip(places, arrays, strict=True):
                name, value = self.columns[place], float(array[row])
                if reason := cells.trouble(name, value):
                    yield BadRow(self.name, int(row) + 1, name, str(value), reason, "row")
                    break

    def _arrays(self, places: Sequence[int]) -> list[NDArray[np.float64]]:
        """Give the arrays as float64 of the shape (rows,), what is masked being NaN.

        Raises DataError where one holds no numbers or the lengths differ.
        """
        keys = list(self.data.keys())
        arrays = [_floats(self.columns[place], self.data[keys[place]]) for place in places]
        shapes = {self.columns[p]: a.shape for p, a in zip(places, arrays, strict=True)}
        if len(set(shapes.values())) > 1 or any(len(shape) != 1 for shape in shapes.values()):
            raise DataError(f"arrays must have one dimension and one length, not {shapes}")
        return arrays


def _floats(name: str, values: ArrayLike) -> NDArray[np.float64]:
    try:
        if np.iscomplexobj(values):
            raise TypeError("complex numbers have no order")  # noqa: TRY301 - one answer to all
        masked = np.ma.masked_array(values, dtype=np.float64)
        return np.array(masked.filled(np.nan), order="C")
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"{name} holds no numbers: {error}", column=name) from error


def write_arrays(columns: Mapping[str, ArrayLike], path: str | Path) -> None:
    """Write named arrays of one length, as Parquet or CSV by the file's ending."""
    engine_ = Engine()
    engine_.register(REGISTERED, {name: np.asarray(array) for name, array in columns.items()})
    with replacing(path) as unfinished:
        engine_.fetch(engine.copy(REGISTERED, unfinished, str(path)))
