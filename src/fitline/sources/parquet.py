"""Parquet tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from . import cells, engine, sql
from .engine import Engine
from .files import File
from .parts import BadRow

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
    def _types(self) -> dict[str, str]:
        rows = self.engine.fetch(f"describe select * from {self._scan}")
        return {name: kind for name, kind, *_ in rows}

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the columns."""
        return tuple(self._types)

    @property
    def _scan(self) -> str:
        return f"read_parquet({engine.text(str(self.file.path))})"

    def select(self, columns: Sequence[str], *, head: bool = False) -> str:  # noqa: ARG002
        """Give a query of these columns, numbers as they are and all else as text."""
        cells_ = (f"{self._cell(column)} as {engine.identifier(column)}" for column in columns)
        return f"select {', '.join(cells_)} from {self._scan}"

    def _cell(self, column: str) -> str:
        name, kind = engine.identifier(column), self._types[column]
        plain = kind in NUMBERS or kind.startswith("DECIMAL")
        return name if plain else f"cast({name} as varchar)"

    def bad_rows(self, columns: Sequence[str]) -> Iterator[BadRow]:
        """Ask the engine for the rows, with their numbers."""
        names = ", ".join(f"cast({engine.identifier(column)} as varchar)" for column in columns)
        good = " and ".join(
            sql.finite(f"try_cast({self._cell(column)} as double)") for column in columns
        )
        query = (
            f"select file_row_number + 1, {names} from"
            f" read_parquet({engine.text(str(self.file.path))}, file_row_number=true)"
            f" where ({good}) is not true"
        )
        for row, *values in self.engine.stream(query):
            for column, value in zip(columns, values, strict=True):
                if reason := cells.trouble(column, value):
                    yield BadRow(self.name, row, column, value, reason, "row")
                    break
