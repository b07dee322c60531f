"""Groups of rows, told apart by a column."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from fitline.errors import DataError
from fitline.vector import Vector

from .cells import ILLEGIBLE, Keys, Numbers, text_of
from .cluster import Cluster, over
from .columns import place_of
from .engine import EngineError
from .parts import Care, Part
from .terms import ColumnTerm

MOST_GROUPS = 100_000
"""So many groups are told apart at the most."""

LOOK_ROWS = 100_000
"""So many rows are looked at first, for they mostly have all names."""


TABLE_BITS = 22
"""Keys are looked up in a table of at most so many bits of them."""


class NewNameError(Exception):
    """A name that none of the first rows has."""


@dataclass(frozen=True, eq=False)
class Grouping:
    """The groups of a column: their `names`, and the numbers that the engine gives these.

    A name has several `keys`, as it is written in several ways; `places` tell which name each of
    them belongs to. Some cells may hold none, or one that is not legible. What the first rows
    tell is not all, unless it `is_whole`.
    """

    term: ColumnTerm
    names: Sequence[str]
    keys: Vector
    places: NDArray[np.intp]
    has_missing: bool
    is_whole: bool

    @classmethod
    def of(
        cls,
        parts: Sequence[Part],
        term: ColumnTerm,
        cluster: Cluster | None = None,
        *,
        is_whole: bool = False,
    ) -> "Grouping":
        """Read the first rows of a column, or all. Raises DataError where its names are too many.

        By these names all rows are told apart: each has a key of 53 bits.
        """
        found: dict[float, str] = {}
        has_missing = False
        is_whole = is_whole or cluster is not None
        read = partial(_cells, term.typed, is_whole=is_whole)
        for part, cells in over(cluster, parts, read, term.typed):
            for cell, *keys in cells:
                if cell is None:
                    has_missing = True
                elif any(found.setdefault(key, cell) != cell for key in keys):
                    raise _refusal(part, term, f"two names in {term.name} cannot be told apart")
            if len(found) > 2 * MOST_GROUPS:
                many = f"{term.name} tells more than {MOST_GROUPS:,} groups apart"
                raise _refusal(part, term, many)
        names = sorted({*found.values()}, key=_order)
        of_names = {name: place for place, name in enumerate(names)}
        places = np.array([of_names[name] for name in found.values()], dtype=np.intp)
        return cls(term, names, np.array([*found]), places, has_missing, is_whole)

    def places_of(self, keys: Vector) -> NDArray[np.intp]:
        """Give the places of rows among the groups by the keys in them.

        Raises NewNameError where there is a key of no name, and DataError where all are known.
        """
        if not len(keys):
            return np.empty(0, dtype=np.intp)
        if self._table:
            shift, table = self._table
            found = table[keys.astype(np.int64) >> shift & len(table) - 1]
        else:
            order = np.argsort(self.keys)
            found = np.searchsorted(self.keys, keys, sorter=order)
            found = order[np.minimum(found, len(order) - 1)]
        if not len(self.keys) or (self.keys[found] != keys).any():
            if not self.is_whole:
                raise NewNameError
            raise DataError(
                f"{self.term.name} has other names than when they were read before",
                column=self.term.name,
                hint="read the table once more, when nobody writes it",
            )
        places: NDArray[np.intp] = self.places[found]
        return places

    @cached_property
    def _table(self) -> tuple[int, NDArray[np.intp]] | None:
        """Find bits of the keys that tell all of them apart, and put there which key it is."""
        whole = self.keys.astype(np.int64)
        for bits in range(8, TABLE_BITS + 1):
            for shift in range(0, 53 - bits, bits):
                part = whole >> shift & (1 << bits) - 1
                if len(np.unique(part)) == len(part):
                    table = np.zeros(1 << bits, dtype=np.intp)
                    table[part] = np.arange(len(part))
                    return shift, table
        return None


def _refusal(part: str, term: ColumnTerm, message: str) -> DataError:
    return DataError(
        message, part, column=term.name, hint="choose a column of fewer names with --by"
    )


def _order(name: str) -> tuple[bool, float, str]:
    """Sort numbers by their size, and below them texts."""
    number = Numbers().read(name)
    return number is None, number or 0.0, name


def _cells(
    typed: str, part: Part, *, is_whole: bool
) -> tuple[str, list[tuple[str | None, float, float]]]:
    """Read the different names in a column, each with its key as it stands, and trimmed.

    None is what is no name. The part is called by its own.
    """
    some = "" if is_whole else f"limit {LOOK_ROWS}"
    place = place_of(part.columns, typed) or 0
    keys = f"{Keys().sql_as_it_stands('cell')}, {Keys().sql('cell')}"

    def read(care: Care) -> list[tuple[str, float, float]]:
        rows = part.select([place], care, [place])
        cells = f"select cast(column_0 as varchar) as cell from ({rows}) {some}"
        different = f"select distinct cell from ({cells}) limit {4 * MOST_GROUPS}"
        return part.engine.fetch(f"select cell, {keys} from ({different})")

    try:
        found = read("swift")
    except EngineError:  # a row that it cannot take apart
        found = read("careful")
    is_missing = replace(part.parsing, values=Keys()).is_missing
    return part.name, [
        (None if is_missing(cell) or ILLEGIBLE in cell else text_of(cell), key, of_trimmed)
        for cell, key, of_trimmed in found
    ]
