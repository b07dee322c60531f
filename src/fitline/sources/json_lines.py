"""Tables of JSON lines: one object a line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from fitline.errors import DataError

from . import engine
from .advice import first_trouble
from .contents import File
from .engine import Engine
from .parsing import Parsing
from .parts import BadRow, Care, Wanted

LOOK_LINES = 100
"""How many lines are looked at to list the columns."""


@dataclass(frozen=True)
class JsonLines:
    """One file of JSON lines."""

    engine: Engine = field(repr=False)
    file: File
    parsing: Parsing

    @property
    def name(self) -> str:
        """Name the file as the user did."""
        return self.file.name

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Give the keys of the first objects, in the order in which they appear."""
        objects = (value for _, value in islice(self._objects(), LOOK_LINES))
        keys = dict.fromkeys(key for value in objects for key in value)
        if not keys:
            raise DataError(
                "the file holds no JSON lines, one object a line",
                file=self.name,
                hint="make them of a list of objects: jq -c '.[]' FILE > FILE.jsonl",
            )
        return tuple(keys)

    def is_text(self, place: int, care: Care) -> bool:
        """Tell that `select` gives text."""
        return True

    def head(self, place: int) -> Sequence[str]:
        """Give the first values of a column."""
        values = (value.get(self.columns[place]) for _, value in self._objects())
        return [_text(value) or "" for value in islice(values, LOOK_LINES)]

    def select(self, places: Sequence[int], care: Care = "careful") -> str:
        """Give a query of these columns as text; a line that is no object gives empty cells."""
        named = ", ".join(
            f"json ->> {engine.text(_pointer(self.columns[place]))} as column_{nth}"
            for nth, place in enumerate(places)
        )
        how = f", ignore_errors=true, compression='{self.file.compression}'"
        return f"select {named} from {engine.scan('read_ndjson_objects', [self.file.path], how)}"

    def bad_rows(self, wanted: Sequence[Wanted], *, whole: bool = False) -> Iterator[BadRow]:
        """Read the file again line by line."""
        for line, value in self._objects():
            if not value:
                yield BadRow(self.name, line, None, None, "the line is no JSON object")
                continue
            cells = {column.place: _text(value.get(column.name)) for column in wanted}
            if bad := first_trouble(self.name, line, cells, wanted):
                yield bad

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Give each line's number and object, an empty one where the line holds none."""
        for place, line in enumerate(self.file.lines(), start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line, parse_float=str, parse_constant=str)
                json.dumps(value, ensure_ascii=False).encode()  # half a character is no text
            except (ValueError, RecursionError):
                value = None
            yield place, value if isinstance(value, dict) else {}


def _pointer(key: str) -> str:
    """Write a key as a JSON pointer, which takes any key as it is (RFC 6901)."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _text(value: object) -> str | None:
    """Write a value as it stood in the file, numbers being text already."""
    return value if value is None or isinstance(value, str) else json.dumps(value)
