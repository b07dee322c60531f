"""Parquet tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from . import cells, engine, sql
from .engine import Engine
from .files import File
from .parts import BadRow, Care

INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
NUMBERS = {"FLOAT", "DOUBLE"} | INTEGERS | {f"U{name}" for name in INTEGERS}


@dataclass(frozen=True)
class Parquet:
    """One Parquet file."""

    engine: Engine = field(repr=False)
    file: File

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
        return f"read_parquet({engine.path(self.file.path)})"

    def select(self, places: Sequence[int], care: Care = "careful") -> str:
        """Give a query of these columns, numbers as they are and all else as text."""
        named = (f"{self._cell(place)} as column_{nth}" for nth, place in enumerate(places))
        return f"select {', '.join(named)} from {self._scan}"

    def _cell(self, place: int) -> str:
        name, kind = self._types[place]
        plain = kind in NUMBERS or kind.startswith("DECIMAL")
        return engine.identifier(name) if plain else f"cast({engine.identifier(name)} as varchar)"

    def bad_rows(self, places: Sequence[int], *, whole: bool = False) -> Iterator[BadRow]:
        """Ask the engine for the rows, numbered in their order."""
        good = " and ".join(
            sql.finite(f"try_cast(column_{nth} as double)") for nth in range(len(places))
        )
        texts = ", ".join(f"cast(column_{nth} as varchar)" for nth in range(len(places)))
        query = (
            f"select place, {texts} from"
            f" (select row_number() over () as place, * from ({self.select(places)}))"
            f" where ({good}) is not true"
        )
        for row, *values in self.engine.stream(query):
            for place, value in zip(places, values, strict=True):
                name = self.columns[place]
                if reason := cells.trouble(name, value):
                    yield BadRow(self.name, row, name, value, reason, "row")
                    break
