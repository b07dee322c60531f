"""Compressed files: of which kind, and whether they are whole."""

import gzip
import shlex
import zlib
from pathlib import Path
from typing import Literal

from fitline.errors import DataError

Compression = Literal["none", "gzip", "zstd"]

MARKS: dict[bytes, Compression] = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}

ARCHIVES = {
    b"PK\x03\x04": ("a zip archive", "unzip {}"),
    b"\xfd7zXZ\x00": ("an xz file", "unxz -k {}"),
    b"BZh": ("a bzip2 file", "bunzip2 -k {}"),
}
"""Files that must be unpacked first: what they are, and what unpacks them."""

AGAIN = "copy or download it again"
CHUNK_BYTES = 1 << 20


def compression_of(start: bytes) -> Compression:
    """Tell by its first bytes how a file is compressed."""
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


def check_gzip(path: Path, name: str) -> None:
    """Read a gzip file to its end, for the engine does not compare its checksum."""
    try:
        with gzip.open(path) as stream:
            while stream.read(CHUNK_BYTES):
                pass
    except EOFError as error:
        raise DataError("the gzip file is cut short", file=name, hint=AGAIN) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"the gzip file is damaged ({error})", file=name, hint=AGAIN) from error


def check_zstd(path: Path, name: str) -> None:
    """Walk over the frames of a zstd file to its end, for the engine does not miss a lost one.

    RFC 8878, section 3.1: a frame is a header, blocks that give their size, and maybe a checksum.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        while stream.tell() < size:
            magic = int.from_bytes(stream.read(4), "little")
            if 0x184D2A50 <= magic <= 0x184D2A5F:  # noqa: PLR2004 - a frame to skip
                stream.seek(int.from_bytes(stream.read(4), "little"), 1)
                continue
            descriptor = int.from_bytes(stream.read(1), "little")
            single, checksum = descriptor >> 5 & 1, descriptor >> 2 & 1
            content = (single, 2, 4, 8)[descriptor >> 6]
            stream.seek((0, 1, 2, 4)[descriptor & 3] + content + 1 - single, 1)
            last = False
            while not last and stream.tell() < size:
                block = int.from_bytes(stream.read(3), "little")
                last, run, length = bool(block & 1), block >> 1 & 3 == 1, block >> 3
                stream.seek(1 if run else length, 1)
            stream.seek(4 * checksum, 1)
            if not last or stream.tell() > size:
                raise DataError("the zstd file is cut short", file=name, hint=AGAIN)
