"""The durations among the columns of a Parquet file, which it keeps as whole numbers.

Their unit stands in a schema of Arrow that the writer adds, a flatbuffer
(https://flatbuffers.dev/internals, https://arrow.apache.org/docs/format/Columnar.html); a library
that knows all of it is a hundred times as large.
"""

import struct
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

UNITS = ("seconds", "milliseconds", "microseconds", "nanoseconds")
DURATION = 18
"""What the type of a duration is called in a schema."""

TYPE_KIND, TYPE = 2, 3
HEADER, FIELDS, UNIT = 2, 1, 0
"""Where the fields of tables stand."""


@dataclass(frozen=True)
class _Table:
    """A table of a flatbuffer, whose fields stand where a table of offsets says."""

    bytes: bytes
    start: int

    def place(self, field: int) -> int | None:
        """Give where a field stands, if it is there."""
        (back,) = struct.unpack_from("<i", self.bytes, self.start)
        (size,) = struct.unpack_from("<H", self.bytes, self.start - back)
        if 4 + 2 * field >= size:
            return None
        (offset,) = struct.unpack_from("<H", self.bytes, self.start - back + 4 + 2 * field)
        return self.start + offset if offset else None

    def number(self, field: int, form: str, default: int) -> int:
        """Read a number."""
        place = self.place(field)
        return default if place is None else struct.unpack_from(form, self.bytes, place)[0]

    def target(self, field: int) -> int:
        """Give where that begins to which a field points."""
        place = self.place(field)
        if place is None:
            raise ValueError("nothing is there")
        return int(place + struct.unpack_from("<I", self.bytes, place)[0])

    def table(self, field: int) -> "_Table":
        """Read the table to which a field points."""
        return _Table(self.bytes, self.target(field))

    def tables(self, field: int) -> list["_Table"]:
        """Read the tables in a list."""
        first = self.target(field) + 4
        (count,) = struct.unpack_from("<I", self.bytes, first - 4)
        places = range(first, min(first + 4 * count, len(self.bytes) - 3), 4)
        return [
            _Table(self.bytes, place + struct.unpack_from("<I", self.bytes, place)[0])
            for place in places
        ]


def durations(schema: bytes) -> Mapping[int, str]:
    """Give the units of durations by the places of their columns; none where nothing is legible.

    A schema is a message in base64, whose length stands before it.
    """
    try:
        message = b64decode(schema)[8:]
        (root,) = struct.unpack_from("<I", message)
        columns = _Table(message, root).table(HEADER).tables(FIELDS)
        return {
            place: UNITS[column.table(TYPE).number(UNIT, "<h", UNITS.index("milliseconds"))]
            for place, column in enumerate(columns)
            if column.number(TYPE_KIND, "<B", 0) == DURATION
        }
    except (ValueError, IndexError, struct.error):
        return {}
