"""Lines that are longer than the engine reads, which loses rows then, are refused."""

import re

from fitline.errors import DataError

from .dialect import LOOK_LINES
from .survey import LONG_GAP, LONG_LINE, LONGEST_LINE
from .table_file import File

BLANK_LINES = {"\n", "\r", "\r\n"}

ROW = re.compile(rb"(?m)^[ \t]*[^\s#%].*\n")
"""A line that is neither blank nor a comment."""


def can_wait(file: File) -> bool:
    """Tell whether a file may be surveyed while it is read, for which it must be large.

    Its first lines must be of ordinary length, for they are looked at before.
    """
    if not file.is_large:
        return False
    with file.open() as stream:
        return len(ROW.findall(stream.read(LONGEST_LINE))) >= LOOK_LINES


def refuse_long_lines(file: File) -> None:
    """Raise DataError where a line is longer than the engine reads, and name it."""
    if not file.survey.has_long_line:
        return
    size = 0
    with file.open_text("latin-1") as text:
        for number, line in enumerate(text, start=1):
            size += len(line)
            if line in BLANK_LINES:
                continue
            if size > LONGEST_LINE:
                message = LONG_LINE if len(line) > LONGEST_LINE else LONG_GAP
                raise DataError(message, file.name, number)
            size = 0
