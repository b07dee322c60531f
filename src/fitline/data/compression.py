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
    b"PK\x03\x04": ("a zip archive", "funzip"),
    b"\xfd7zXZ\x00": ("an xz file", "unxz"),
    b"BZh": ("a bzip2 file", "bunzip2"),
}
"""Files that must be unpacked first: what they are, and what unpacks them."""

TOO_LONG = "too much memory"
"""What zstd says of a frame whose window is longer than it unpacks."""

PIPED = "standard input"
"""What is read from a pipe is called so where files are named."""

AGAIN = "copy or download it again"


def compression_of(start: bytes) -> Compression:
    """Tell by its first bytes how a file is compressed."""
    if SKIPPABLE.match(start):
        return "zstd"
    return next((kind for mark, kind in MARKS.items() if start.startswith(mark)), "none")


def has_odd_header(start: bytes) -> bool:
    """Tell whether a gzip file begins with more than a name, such as a comment."""
    is_gzip = compression_of(start) == "gzip"
    return is_gzip and bool(int.from_bytes(start[3:4]) & ~(HAS_NAME | HAS_MORE))


HAS_MORE, HAS_NAME = 0x04, 0x08
"""Bits in the header of gzip of what the engine passes over."""


def refuse_archive(start: bytes, name: str, within: Compression = "none") -> None:
    """Raise DataError for what is to be unpacked first, and say how.

    It may be `within` a compressed file.
    """
    if within != "none" and (compression_of(start) != "none" or _archive(start)):
        what = _archive(start) or f"a {compression_of(start)} file"
        command = "gunzip" if within == "gzip" else "zstd -d"
        raise DataError(
            f"{what} is within this {within} file", file=name, hint=unpack_with(command, name)
        )
    if b"[Content_Types].xml" in start:
        raise DataError(
            "this is an Excel workbook", file=name, hint="save the sheet with the table as CSV"
        )
    for mark, (what, command) in ARCHIVES.items():
        if start.startswith(mark):
            raise DataError(f"this is {what}", file=name, hint=unpack_with(command, name))


def _archive(start: bytes) -> str | None:
    return next((what for mark, (what, _) in ARCHIVES.items() if start.startswith(mark)), None)


def unpack_with(command: str, name: str) -> str:
    """Advise a command that unpacks what it reads."""
    if name == PIPED:
        return f"unpack it on the way: … | {command} | fitline …"
    return f"unpack it first: {command} < {shlex.quote(name)} > unpacked"


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
                hint=unpack_with("zstd -d --long=31", name),
            ) from error
        raise DataError(
            f"the {compression} file is damaged ({error})", file=name, hint=AGAIN
        ) from error


def is_followed(path: Path) -> bool:
    """Tell whether a gzip file goes on with something else behind its streams."""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with path.open("rb") as stream:
        while rest := stream.read(1 << 16):
            while rest:
                if unpacking.eof and not rest.startswith(b"\x1f"):
                    return True
                if unpacking.eof:
                    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
                unpacking.decompress(rest)
                rest = unpacking.unused_data
    return False
