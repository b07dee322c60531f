"""Tables of JSON lines: one object a line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from . import cells, engine
from .delimited import lines
from .engine import Engine
from .files import File
from .parts import BadRow

LOOK_LINES = 100
"""How many lines are looked at to list the columns."""


@dataclass(frozen=True)
class JsonLines:
    """Files of JSON lines."""

    engine: Engine = field(repr=False)
    file: File

    @property
    def name(self) -> str:
        """Name the file as the user did."""
        return self.file.name

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the keys of the first objects, in the order in which they appear."""
        objects = (value for _, value in islice(self._objects(), LOOK_LINES))
        return tuple(dict.fromkeys(key for value in objects for key in value))

    def select(self, columns: Sequence[str], *, head: bool = False) -> str:  # noqa: ARG002
        """Give a query of these columns as text; a line that is no object gives empty cells."""
        types = ", ".join(f"{engine.text(column)}: 'varchar'" for column in columns)
        names = ", ".join(map(engine.identifier, columns))
        return (
            f"select {names} from read_json({engine.text(str(self.file.path))},"
            f" format='newline_delimited', ignore_errors=true, columns={{{types}}},"
            f" compression='{self.file.compression}')"
        )

    def bad_rows(self, columns: Sequence[str]) -> Iterator[BadRow]:
        """Read the file again line by line."""
        for line, value in self._objects():
            if not value:
                yield BadRow(self.name, line, None, None, "the line is no JSON object")
                continue
            for column in columns:
                cell = value.get(column)
                if reason := cells.trouble(column, cell):
                    shown = None if cell is None else str(cell)
                    yield BadRow(self.name, line, column, shown, reason)
                    break

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Give each line's number and object, an empty one where the line holds none."""
        for place, line in enumerate(lines(self.engine, self.file), start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except ValueError:
                value = None
            yield place, value if isinstance(value, dict) else {}
