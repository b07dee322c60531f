"""What is found by looking at every byte of a text once, before the engine reads it."""

import re
from dataclasses import dataclass
from typing import IO

LONGEST_LINE = 2_000_000
"""In bytes. The engine reads no longer ones, and loses those that no buffer of its holds."""

LONG_LINE = "the line is longer than two million bytes"
LONG_GAP = "more than two million bytes of blank lines stand before the line"

FAR_QUOTE = b'  "'
"""A quote that begins a cell although blanks stand before it; the engine knows of one at most."""

BLANK = b"\r\n"
"""What is in lines that hold nothing."""

CHUNK_BYTES = 1 << 18

SMALL = 1 << 26
"""In bytes. What is larger is worth the import of NumPy."""

CARRIAGE_RETURN = re.compile(rb"[^\r\n]*\r(?!\n)")
"""A first line that ends in CR alone."""


@dataclass(frozen=True)
class Survey:
    """Where the last mark stands that the engine, left to itself, may misread, −1 for nowhere.

    `_` is such a mark, for 1_000 is no 1000, and so is `+-`, for +-5 is no −5. `has_long_line`
    tells whether a line, with the blank ones before it, is longer than the engine reads, and
    `has_quotes` whether there are any, and `has_far_quotes` whether blanks stand before one.
    `lines` counts those that are not blank.
    """

    last_odd: int
    has_long_line: bool
    has_quotes: bool
    has_far_quotes: bool
    lines: int


def survey(stream: IO[bytes]) -> Survey:
    """Read a text to its end.

    Most chunks hold many lines, so hardly more than their ends is looked at for the lengths.
    """
    place, line, last_odd, has_long_line, before = 0, 0, -1, False, b""
    lines, is_within, has_quotes, has_far_quotes = 0, False, False, False
    while chunk := stream.read(CHUNK_BYTES):
        if not line:
            if chunk.endswith(b"\r"):  # whether LF follows decides
                chunk += stream.read(1)
            end = b"\r" if CARRIAGE_RETURN.match(chunk) else b"\n"
        blank = 0 if is_within else len(chunk) - len(chunk.lstrip(BLANK))
        first = chunk.find(end, blank)
        seen = chunk[: first if first >= 0 else None]
        reach = place + len(seen) - (seen or before).endswith(b"\r")  # of CR LF
        is_within = is_within or blank < len(chunk)
        has_long_line = has_long_line or (is_within and reach - line > LONGEST_LINE)
        if first >= 0:
            lines += _count_filled(chunk[blank:], end, place)
            last = chunk.rfind(end)
            is_within = bool(chunk[last:].strip(BLANK))
            line = place + chunk.find(end, len(chunk[:last].rstrip(BLANK))) + 1
        if b'"' in chunk:
            has_quotes, has_far_quotes = True, has_far_quotes or FAR_QUOTE in before + chunk
        if b"_" in chunk or before[-1:] + chunk[:1] == b"+-" or (b"+" in chunk and b"+-" in chunk):
            last_odd = place + max(chunk.rfind(b"_"), chunk.rfind(b"+-"), 0)
        place, before = place + len(chunk), chunk[-len(FAR_QUOTE) + 1 :]
    return Survey(last_odd, has_long_line, has_quotes, has_far_quotes, lines + is_within)


def _count_filled(chunk: bytes, end: bytes, place: int) -> int:
    """Count the ends of lines that are not blank, of which the first is none.

    NumPy is many times as fast, which is worth its import in a chunk so far from the beginning.
    """
    other = b"\r" if end == b"\n" else b"\n"
    if place < SMALL or other in chunk:
        if end * 2 in chunk or b"\n\r\n" in chunk:
            chunk = re.sub(end + rb"[\r\n]+", end, chunk)
        if place < SMALL:
            return chunk.count(end)
    import numpy as np

    is_end = np.frombuffer(chunk, np.uint8) == end[0]
    return int(np.count_nonzero(is_end) - np.count_nonzero(is_end[1:] & is_end[:-1]))
