"""The rows of a query as arrays, batch by batch, through the Arrow C stream interface.

The structures are those of https://arrow.apache.org/docs/format/CStreamInterface.html, as far as
float64 columns need them; a library that knows all of Arrow is a hundred times as large.
"""

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitline.vector import Vector


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Pointer, _Text = ctypes.c_void_p, ctypes.c_char_p
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(_Pointer)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", _Pointer),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", _Pointer),
]
_Stream._fields_ = [
    ("get_schema", _Pointer),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(_Text, ctypes.POINTER(_Stream))),
    ("release", _Pointer),
    ("private_data", _Pointer),
]
_get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_get_pointer.restype, _get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, _Text]


class StreamError(Exception):
    """What the producer of a stream says of its failure."""


def batches(relation: Any) -> Iterator[tuple[Vector, NDArray[np.bool_]]]:
    """Give the rows of a result of float64 columns, in the shape (columns, rows), in their order.

    Beside them it is told, in the shape (rows,), which rows have a value in every column. Raises
    StreamError where the query fails.
    """
    capsule = relation.__arrow_c_stream__()
    stream = ctypes.cast(_get_pointer(capsule, b"arrow_array_stream"), ctypes.POINTER(_Stream))
    while True:
        batch = _Array()
        if stream.contents.get_next(stream, ctypes.byref(batch)):
            raise StreamError((stream.contents.get_last_error(stream) or b"").decode())
        if not batch.release:
            return
        try:
            columns = [batch.children[place].contents for place in range(batch.n_children)]
            yield np.array([_numbers(column) for column in columns]), _filled(columns)
        finally:
            batch.release(ctypes.byref(batch))


def _numbers(column: Any) -> Vector:
    """Look at a column's numbers, which are there until the batch is released."""
    if not column.length:
        return np.empty(0)
    numbers = ctypes.c_double * column.length
    return np.frombuffer(numbers.from_address(column.buffers[1] + 8 * column.offset))


def _filled(columns: list[Any]) -> NDArray[np.bool_]:
    filled = np.ones(columns[0].length, dtype=bool)
    for column in columns:
        if column.null_count and column.length and column.buffers[0]:
            end = column.offset + column.length
            octets = (ctypes.c_uint8 * ((end + 7) // 8)).from_address(column.buffers[0])
            bits = np.unpackbits(np.frombuffer(octets, np.uint8), bitorder="little")
            filled &= bits[column.offset : end].astype(bool)
    return filled
