"""What runs on the workers of Spark: a function of a part of a table, over each of its pieces."""

import pickle
import platform
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from fitline import __version__
from fitline.data.engine import Engine
from fitline.data.parquet import Parquet
from fitline.data.parts import Part
from fitline.data.spooling import remove_staged
from fitline.errors import DataError, FitlineError
from fitline.reading import Reading

from .pieces import FILE, START, Piece, bare, lines_of, part_of, pieces

if TYPE_CHECKING:
    import pyarrow as pa

ROWS, VALUE = "fitline_rows", "fitline_value"

SCHEMA = f"{FILE} long, {START} long, {ROWS} long, {VALUE} binary"
"""What comes back of each piece: which one it is, how many rows it has, and what was found."""

VERSIONS = {"fitline": __version__, "duckdb": duckdb.__version__}
"""Those of a worker must be the same, for the same bits."""


def packed(head: Part, reading: Reading, function: Callable[[Part], Any]) -> bytes:
    """Pack a function of parts that are read as the head is, to be sent to workers."""
    columns = head.columns if isinstance(head, Parquet) else None
    return pickle.dumps((VERSIONS, columns, dumps((bare(head), reading, function))))


def dumps(found: Any) -> bytes:
    """Pickle what may hold functions without a name, as formulas do."""
    from pyspark import cloudpickle

    dump: Any = cloudpickle.dumps
    packed: bytes = dump(found)
    return packed


def unpacked(value: bytes) -> Any:
    """Give what a worker has found."""
    return pickle.loads(value)  # noqa: S301 - packed by fitline


def run(task: bytes, batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    """Run a packed function over the pieces that these rows are."""
    import pyarrow as pa

    for piece, found in _each(task, batches):
        columns = {FILE: [piece.file], START: [piece.start], ROWS: [piece.rows]}
        yield pa.RecordBatch.from_pydict(columns | {VALUE: [pickle.dumps(found)]})


def _each(task: bytes, batches: "Iterator[pa.RecordBatch]") -> Iterator[tuple[Piece, Any]]:
    """Run a packed function over pieces, and give what it gives of each, or its error."""
    try:
        with Engine() as engine:
            engine.fetch("set threads = 1")  # for Spark runs as many tasks as there are processors
            versions, columns, inner = unpacked(task)
            for piece in pieces(batches, columns):
                yield piece, _found(versions, inner, piece, engine)
    finally:
        remove_staged()


def write(
    task: bytes, header: str, batches: "Iterator[pa.RecordBatch]"
) -> "Iterator[pa.RecordBatch]":
    """Give the rows of the files that a packed function makes of the pieces.

    In text, a header comes first. Raises what the function raises.
    """
    from pyarrow.parquet import ParquetFile

    is_first = True
    for _, found in _each(task, batches):
        if isinstance(found, FitlineError):
            raise found
        if header:
            yield from lines_of(found, 0 if is_first else header.count("\n"))
        else:
            yield from ParquetFile(found).iter_batches()
        is_first = False
        found.unlink()


def numbers(task: bytes, batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    """Give the columns of numbers that a packed function makes of the pieces."""
    import pyarrow as pa

    for _, found in _each(task, batches):
        if isinstance(found, FitlineError):
            raise found
        names = [f"c{nth}" for nth in range(len(found))]
        yield pa.RecordBatch.from_arrays([pa.array(column) for column in found], names)


def sums(function: bytes, batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    """Add up what a function gives of blocks of columns of numbers."""
    import pyarrow as pa

    of_block, total = unpacked(function), None
    for batch in batches:
        found = of_block(np.array([column.to_numpy() for column in batch.columns]))
        total = found if total is None else total + found
    if total is not None:
        yield pa.RecordBatch.from_pydict({VALUE: [pickle.dumps(total)]})


def _found(versions: dict[str, str], inner: bytes, piece: Piece, engine: Engine) -> Any:
    """Give what the function gives, or the error that it raises."""
    try:
        _require_same(versions)
        head, reading, function = unpacked(inner)
        return function(part_of(piece, head, reading, engine))
    except FitlineError as error:
        return error


def _require_same(versions: dict[str, str]) -> None:
    """Raise DataError where this worker has other versions than the machine that asks."""
    if versions == VERSIONS:
        return
    name = next(name for name in VERSIONS if versions.get(name) != VERSIONS[name])
    raise DataError(
        f"the worker {platform.node()} has {name} {VERSIONS[name]}, and this machine has"
        f" {versions.get(name)}",
        hint=f"install that on all workers: pip install {name}=={versions.get(name)}",
    )
