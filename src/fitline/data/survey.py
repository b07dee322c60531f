"""What is found by looking at every byte of a text once, before the engine reads it."""

import re
from dataclasses import dataclass
from typing import IO

LONGEST_LINE = 2_000_000
"""In bytes. The engine reads no longer ones, and loses those that no buffer of its holds."""

LONG_LINE = "the line is longer than two million bytes"

CHUNK_BYTES = 1 << 18

SMALL = 1 << 26
"""In bytes. What is larger is worth the import of NumPy."""

CARRIAGE_RETURN = re.compile(rb"[^\r\n]*\r(?!\n)")
"""A first line that ends in CR alone."""


@dataclass(frozen=True)
class Survey:
    """Where the last mark stands that the engine, left to itself, may misread, −1 for nowhere.

    `_` is such a mark, for 1_000 is no 1000, and so is `+-`, for +-5 is no −5. `has_long_line`
    tells whether a line is longer than the engine reads. `lines` counts them, without those that
    are empty at the end.
    """

    last_odd: int
    has_long_line: bool
    lines: int


def survey(stream: IO[bytes]) -> Survey:
    """Read a text to its end.

    Most chunks hold many lines, so hardly more than their ends is looked at for the lengths.
    """
    place, line, last_odd, has_long_line, before = 0, 0, -1, False, b""
    lines, waiting = 0, 1
    while chunk := stream.read(CHUNK_BYTES):
        if not line:
            end = b"\r" if CARRIAGE_RETURN.match(chunk) else b"\n"
        first = chunk.find(end)
        seen = chunk[:first] if first >= 0 else chunk
        reach = place + len(seen) - (seen or before).endswith(b"\r")  # of CR LF
        has_long_line = has_long_line or reach - line > LONGEST_LINE
        if first >= 0:
            line = place + chunk.rfind(end) + 1
        if b"_" in chunk or before + chunk[:1] == b"+-" or (b"+" in chunk and b"+-" in chunk):
            last_odd = place + max(chunk.rfind(b"_"), chunk.rfind(b"+-"), 0)
        if filled := chunk.rstrip(b"\r\n"):
            lines, waiting = lines + waiting + _count(filled, end, place), 0
        waiting += chunk.count(end, len(filled))
        place, before = place + len(chunk), chunk[-1:]
    return Survey(last_odd, has_long_line, lines)


def _count(chunk: bytes, end: bytes, place: int) -> int:
    """Count the ends of lines in a chunk at this place; NumPy is five times as fast."""
    if place < SMALL:
        return chunk.count(end)
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == end[0]))
