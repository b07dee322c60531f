"""Tables that are arrays in memory already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitline.errors import DataError
from fitline.writing import replacing

from . import engine
from .advice import first_trouble
from .engine import Engine
from .parsing import Parsing
from .parts import BadRow, Care, Wanted

REGISTERED = "arrays"


@dataclass(frozen=True, eq=False)
class Arrays:
    """Named one-dimensional arrays of one length; a pandas data frame will do."""

    engine: Engine = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)
    na: tuple[str, ...] = ()
    name: str = "arrays"

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the arrays."""
        return tuple(map(str, self.data.keys()))

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
        arrays = self._arrays(places)
        named = {f"column_{nth}": array for nth, array in enumerate(arrays)}
        self.engine.register(REGISTERED, named)
        return f"select {', '.join(named)} from {REGISTERED}"

    def bad_rows(self, wanted: Sequence[Wanted], *, whole: bool = False) -> Iterator[BadRow]:
        """Give the rows in which a number is not finite, or means that there is none."""
        arrays = self._arrays([column.place for column in wanted])
        for row, numbers in enumerate(zip(*(array.tolist() for array in arrays), strict=True)):
            cells = {column.place: number for column, number in zip(wanted, numbers, strict=True)}
            if bad := first_trouble(self.name, row + 1, cells, wanted, "row"):
                yield bad

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
