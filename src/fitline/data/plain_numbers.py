"""The numbers of a small text that is as plain as can be, read without the engine.

To start the engine takes longer than all the rest of a small table.
"""

from collections.abc import Sequence

import numpy as np

from fitline.vector import Vector

from .dialect import Dialect
from .sql import BLANKS
from .table_file import File

MOST_BYTES = 1 << 16


def plain_numbers(file: File, dialect: Dialect, places: Sequence[int]) -> Vector | None:
    """Give the columns at these places, in the shape (columns, rows).

    It is None where the text is large, or where the engine might see something else in it: a
    quote, a letter beyond ASCII, an odd end of a line, a row of another length, a cell that is no
    finite number.
    """
    if file.size > MOST_BYTES:
        return None
    with file.open() as stream:
        text = stream.read()
    end = b"\r\n" if b"\r" in text else b"\n"
    whole = text.replace(end, b"")
    if not text.isascii() or any(mark in whole for mark in (b'"', b"\r", b"\n", b"\0")):
        return None
    lines = text.removesuffix(end).split(end)[dialect.first :]
    rows = [line.decode().split(dialect.delimiter) for line in lines]
    if {len(row) for row in rows} != {len(dialect.columns)}:
        return None
    cells = [row[place].strip(BLANKS) for place in places for row in rows]
    numbers = np.array([dialect.numbers.read(cell) for cell in cells], np.float64)
    return numbers.reshape(len(places), -1) if np.isfinite(numbers).all() else None
