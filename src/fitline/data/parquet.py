"""Parquet tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from . import engine
from .cell_errors import first_trouble
from .cells import Parsing, values_sql
from .engine import Engine
from .parts import BadRow, Care, Wanted
from .sniffing import File

INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
NUMBERS = {"FLOAT", "DOUBLE"} | INTEGERS | {f"U{name}" for name in INTEGERS}

LOOK_ROWS = 100
"""How many rows are looked at."""


@dataclass(frozen=True)
class Parquet:
    """One Parquet file."""

    engine: Engine = field(repr=False)
    file: File
    parsing: Parsing

    @property
    def name(self) -> str:
        """Name the file as the user did."""
        return self.file.name

    @cached_property
    def _types(self) -> list[tuple[str, str]]:
        rows = self.engine.fetch(f"describe select * from {self._scan}")
        return [(name, kind) for name, kind, *_ in rows]

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the columns."""
        return tuple(name for name, _ in self._types)

    @property
    def _scan(self) -> str:
        return engine.scan("read_parquet", [self.file.path])

    def select(self, places: Sequence[int], care: Care = "careful") -> str:
        """Give a query of these columns, numbers as they are and all else as text."""
        named = (f"{self._cell(place)} as column_{nth}" for nth, place in enumerate(places))
        return f"select {', '.join(named)} from {self._scan}"

    def is_text(self, place: int, care: Care) -> bool:
        """Tell whether a column holds anything but numbers, which `select` gives as text."""
        kind = self._types[place][1]
        return kind not in NUMBERS and not kind.startswith("DECIMAL")

    def head(self, place: int) -> Sequence[str]:
        """Give the first cells of a column that holds no numbers."""
        if not self.is_text(place, "careful"):
            return ()
        rows = self.engine.fetch(f"{self.select([place])} limit {LOOK_ROWS}")
        return [cell or "" for (cell,) in rows]

    def _cell(self, place: int) -> str:
        name = engine.identifier(self._types[place][0])
        return f"cast({name} as varchar)" if self.is_text(place, "careful") else name

    def count_rows(self, *, exactly: bool) -> int:
        """Ask for the count that stands in the file."""
        ((rows,),) = self.engine.fetch(f"select count(*) from {self._scan}")
        return int(rows)

    def bad_rows(self, wanted: Wanted, *, whole: bool = False) -> Iterator[BadRow]:
        """Ask the engine for the rows, numbered in their order."""
        places = wanted.places
        numbered = f"select row_number() over () as place, * from ({self.select(places)})"
        read = values_sql(
            numbered,
            [
                (f"column_{nth}", column.parsing, self.is_text(column.place, "careful"))
                for nth, column in enumerate(wanted.columns)
            ],
        )
        texts = ", ".join(f"cast(column_{nth} as varchar)" for nth in range(len(places)))
        values = {place: f"value_{nth}" for nth, place in enumerate(places)}
        needed = [*values.values(), *(formula.sql(values) for formula in wanted.formulas)]
        is_bad = " or ".join(f"{value} is null" for value in needed)
        query = f"select place, {texts} from ({read}) where {is_bad}"
        for row, *found in self.engine.stream(query):
            cells = dict(zip(places, found, strict=True))
            if bad := first_trouble(self.name, row, cells, wanted, "row"):
                yield bad
