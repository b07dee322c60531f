"""Rows as lines of CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    r"""Write rows line by line; a cell that holds an end of line is quoted, whichever it is.

    >>> list(csv_lines([["1", "a\r"]]))
    ['1,"a\r"\n']
    """
    line = io.StringIO()
    writer = csv.writer(line)  # it quotes the characters that end its own lines, CR LF
    for row in rows:
        writer.writerow(row)
        yield line.getvalue().removesuffix("\r\n") + "\n"
        line.seek(0)
        line.truncate()
