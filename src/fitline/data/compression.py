"""Compressed files: of which kind, and whether they are whole."""

import gzip
import re
import shlex
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Literal, cast

from fitline.errors import DataError

Compression = Literal["none", "gzip", "zstd"]

MARKS: dict[bytes, Compression] = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
"""How a frame of zstd begins that holds something else, as those of pzstd do."""

ARCHIVES = {
    b"PK\x03\x04": ("a zip archive", "unzip {}"),
    b"\xfd7zXZ\x00": ("an xz file", "unxz -k {}"),
    b"BZh": ("a bzip2 file", "bunzip2 -k {}"),
}
"""Files that must be unpacked first: what they are, and what unpacks them."""

TOO_LONG = "too much memory"
"""What zstd says of a frame whose window is longer than it unpacks."""

AGAIN = "copy or download it again"


def compression_of(start: bytes) -> Compression:
    """Tell by its first bytes how a file is compressed."""
    if SKIPPABLE.match(start):
        return "zstd"
    return next((kind for mark, kind in MARKS.items() if start.startswith(mark)), "none")


def refuse_archive(start: bytes, name: str) -> None:
    """Raise DataError for what is to be unpacked first, and say how."""
    if b"[Content_Types].xml" in start:
        raise DataError(
            "this is an Excel workbook", file=name, hint="save the sheet with the table as CSV"
        )
    for mark, (what, command) in ARCHIVES.items():
        if start.startswith(mark):
            unpack = command.format(shlex.quote(name))
            raise DataError(f"this is {what}", file=name, hint=f"unpack it first: {unpack}")


def open_bytes(path: Path, compression: Compression) -> IO[bytes]:
    """Open a file, and unpack it while it is read."""
    if compression == "gzip":
        return cast("IO[bytes]", gzip.open(path))
    if compression == "zstd":
        return cast("IO[bytes]", zstd().open(path))
    return path.open("rb")


def zstd() -> Any:
    """Give Python's own module for zstd, or what stands for it before Python 3.14."""
    name = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    return import_module(name)


@contextmanager
def whole(name: str, compression: Compression) -> Iterator[None]:
    """Say so where a compressed file turns out not to be whole."""
    if compression == "none":
        yield
        return
    broken = (gzip.BadGzipFile, zlib.error) if compression == "gzip" else zstd().ZstdError
    try:
        yield
    except EOFError as error:
        raise DataError(f"the {compression} file is cut short", file=name, hint=AGAIN) from error
    except broken as error:
        if TOO_LONG in str(error):
            raise DataError(
                "the zstd file was written with a longer window than is unpacked here",
                file=name,
                hint=f"unpack it first: zstd -d --long=31 {shlex.quote(name)}",
            ) from error
        raise DataError(
            f"the {compression} file is damaged ({error})", file=name, hint=AGAIN
        ) from error
