"""The rows that Spark hands to a worker, each block of a file in a file of its own.

So a worker reads them as one machine reads a table, with the same code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice, pairwise
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fitline.data.delimited import Delimited
from fitline.data.dialect import find, top_lines
from fitline.data.engine import Engine
from fitline.data.json_lines import JsonLines
from fitline.data.parquet import Parquet
from fitline.data.parts import Part
from fitline.data.plain_copy import made_plain
from fitline.data.spooling import staged
from fitline.data.table_file import File, Kind, Stamp, as_utf_8
from fitline.errors import DataError
from fitline.formatting import listed
from fitline.reading import Reading

if TYPE_CHECKING:
    import pyarrow as pa

LINE, FILE, START = "line", "file", "start"
"""A column of lines, and what stands beside the columns of a row: a hash of the name of its file,
and where its block begins there."""

LINES_AT_ONCE = 10_000


@dataclass(frozen=True)
class Piece:
    """The rows of one block of a file, on a worker; the first block of a file has its header."""

    file: int
    start: int
    path: Path
    rows: int

    @property
    def name(self) -> str:
        """Give what it is called until it is known which file it is of."""
        return f"{self.file}:{self.start}"


def pieces(batches: "Iterator[pa.RecordBatch]", columns: Sequence[str] | None) -> Iterator[Piece]:
    """Write each block to a file, one after the other; each file is gone when the next comes.

    They have these columns, or are lines.
    """
    runs = chain.from_iterable(map(_runs, batches))
    for (file, start), rows in groupby(runs, key=itemgetter(0)):
        path = staged("")
        try:
            yield Piece(file, start, path, write(path, (batch for _, batch in rows), columns))
        finally:
            path.unlink(missing_ok=True)


def write(path: Path, batches: "Iterator[pa.RecordBatch]", columns: Sequence[str] | None) -> int:
    """Write rows to a file, as Parquet of these columns or as lines, and count them."""
    if columns is None:
        return _write_lines(path, batches)
    return _write_parquet(path, (batch.rename_columns([*columns]) for batch in batches))


def _runs(batch: "pa.RecordBatch") -> "Iterator[tuple[tuple[int, int], pa.RecordBatch]]":
    """Part rows where another block begins; give each part without what tells its block."""
    if not batch.num_rows:
        return
    files, starts = (batch.column(name).to_numpy() for name in (FILE, START))
    ends = np.flatnonzero((np.diff(files) != 0) | (np.diff(starts) != 0)) + 1
    rows = batch.drop_columns([FILE, START])
    for first, last in pairwise([0, *ends.tolist(), len(files)]):
        yield (int(files[first]), int(starts[first])), rows.slice(first, last - first)


def _write_lines(path: Path, batches: "Iterator[pa.RecordBatch]") -> int:
    import pyarrow as pa
    from pyarrow import compute

    nothing, end = (pa.scalar(text, pa.large_binary()) for text in (b"", b"\n"))
    count = 0
    with path.open("wb") as stream:
        for batch in batches:
            lines = batch.column(0).cast(pa.large_binary())
            ended = compute.binary_join_element_wise(lines, nothing, end)  # which joins the two
            offsets = np.frombuffer(ended.buffers()[1], np.int64)[ended.offset :]
            stream.write(ended.buffers()[2][int(offsets[0]) : int(offsets[len(ended)])])
            count += batch.num_rows
    return count


def lines_of(path: Path, above: int) -> "Iterator[pa.RecordBatch]":
    """Give the lines of a text, but so many above."""
    import pyarrow as pa

    with path.open("rb") as stream:
        lines = (line.removesuffix(b"\n") for line in islice(stream, above, None))
        while some := [*islice(lines, LINES_AT_ONCE)]:
            column = pa.array(some, pa.binary()).cast(pa.string())
            yield pa.RecordBatch.from_arrays([column], [LINE])


def _write_parquet(path: Path, batches: "Iterator[pa.RecordBatch]") -> int:
    from pyarrow.parquet import ParquetWriter

    count = 0
    writer: ParquetWriter | None = None
    try:
        for batch in batches:
            if writer is None:
                how: dict[str, Any] = {"compression": "none", "use_dictionary": False}
                writer = ParquetWriter(path, batch.schema, **how)
            writer.write_batch(batch)
            count += batch.num_rows
    finally:
        if writer:
            writer.close()
    return count


def file_of(path: Path, name: str, kind: Kind) -> File:
    """Take what was written for a file of a table."""
    return File(name, path, kind, "none", Stamp.of(path))


def bare(head: Part) -> Part:
    """Give a part without what has been found in its files, to be sent to workers."""
    match head:
        case JsonLines():
            return replace(head, known=head.columns)
        case Parquet() | Delimited():
            return replace(head)
        case _:
            raise TypeError(head)


def part_of(piece: Piece, head: Part, reading: Reading, engine: Engine) -> Part:
    """Take a piece for a part of a table that is read as its `head` is.

    Raises DataError where it begins a file of other columns.
    """
    if isinstance(head, Parquet | JsonLines):
        file = file_of(piece.path, piece.name, head.file.kind)
        return replace(head, engine=engine, file=file)
    if not isinstance(head, Delimited):
        raise TypeError(head)
    file, dialect = file_of(piece.path, piece.name, "delimited"), head.dialect
    if reading.text_encoding:
        file = replace(file, path=as_utf_8(file, reading.text_encoding))
    first = 0 if piece.start else _first(file, head, reading)
    dialect = replace(dialect, first=first, end=None)
    if piece.start:
        dialect = replace(dialect, begins_again=None)
    return replace(head, engine=engine, files=(made_plain(file, dialect),), dialect=dialect)


def _first(file: File, head: Delimited, reading: Reading) -> int:
    """Tell how many lines are above the first row of a file."""
    own, _ = find(top_lines(file, reading), reading, file.name)
    if (own.columns, own.delimiter) != (head.columns, head.dialect.delimiter):
        raise DataError(
            f"it has the columns {listed(own.columns)}, and the first file has"
            f" {listed(head.columns)}",
            file=file.name,
            hint="Spark reads files of the same columns in the same order; read others one by one",
        )
    return own.first
