"""What is found by looking at every byte of a text once, before the engine reads it."""

from dataclasses import dataclass
from typing import IO

LONGEST_LINE = 2_000_000
"""In bytes. The engine reads no longer ones, and loses those that no buffer of its holds."""

LONG_LINE = "the line is longer than two million bytes"

CHUNK_BYTES = 1 << 18


@dataclass(frozen=True)
class Survey:
    """Where the last mark stands that the engine, left to itself, may misread, −1 for nowhere.

    `_` is such a mark, for 1_000 is no 1000, and so is `+-`, for +-5 is no −5. `has_long_line`
    tells whether a line is longer than the engine reads.
    """

    last_odd: int
    has_long_line: bool


def survey(stream: IO[bytes]) -> Survey:
    """Read a text to its end.

    Most chunks hold many lines, so hardly more than their ends is looked at for the lengths.
    """
    place, line, last_odd, has_long_line, before = 0, 0, -1, False, b""
    while chunk := stream.read(CHUNK_BYTES):
        end = b"\n" if b"\n" in chunk else b"\r"
        first = chunk.find(end)
        reach = place + (first if first >= 0 else len(chunk))
        has_long_line = has_long_line or reach - line > LONGEST_LINE
        if first >= 0:
            line = place + chunk.rfind(end) + 1
        if b"_" in chunk or before + chunk[:1] == b"+-" or (b"+" in chunk and b"+-" in chunk):
            last_odd = place + max(chunk.rfind(b"_"), chunk.rfind(b"+-"), 0)
        place, before = place + len(chunk), chunk[-1:]
    return Survey(last_odd, has_long_line)
