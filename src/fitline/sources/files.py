"""From what the user typed to files that can be read: globs, standard input, compression."""

import codecs
import glob
import gzip
import io
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from fitline.digits import shortened
from fitline.errors import DataError

Kind = Literal["delimited", "jsonl", "parquet"]
Compression = Literal["none", "gzip", "zstd"]

STANDARD_INPUT = "-"
GZIP, ZSTD, PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CONTROL = set(range(8)) | set(range(14, 27))
"""Bytes that text hardly holds; a file is not text with more than a few and one in so many."""

FEW, MUCH = 20, 20

LOOK_BYTES, CHUNK_BYTES = 1 << 12, 1 << 20


@dataclass(frozen=True)
class File:
    """A file to read; `name` is what the user calls it."""

    name: str
    path: Path
    kind: Kind
    compression: Compression

    def open_text(self) -> IO[str]:
        """Open a file that is plain or gzip as UTF-8 text, lines ending as they do."""
        return _open_text(self.path, self.compression)


def find_files(sources: Sequence[str]) -> list[File]:
    """Find every file that the sources name: paths, globs, or `-` for standard input.

    Raises DataError where there is none, or where one cannot be read to its end.
    """
    if sources.count(STANDARD_INPUT) > 1:
        raise DataError("standard input can be read once only")
    files = [_look_at(name, path) for source in sources for name, path in _paths(source)]
    if not files:
        raise DataError("no file was named")
    return files


def _paths(source: str) -> list[tuple[str, Path]]:
    """Give each file that a source names, with what the user calls it."""
    if source == STANDARD_INPUT:
        if sys.stdin is None:
            raise DataError("standard input is closed", file="standard input")
        return [("standard input", _stage(sys.stdin.buffer, ""))]
    path = Path(source)
    try:
        if source and path.exists():
            return [_with_plain_name(source, path)]
        names = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - the user's spelling
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=shortened(source)) from error
    if names:
        return [_with_plain_name(name, Path(name)) for name in names]
    if glob.has_magic(source):
        raise DataError("no file matches this pattern", file=source)
    if "://" in source:
        raise DataError("this is an address, not a file", file=source, hint="download it first")
    raise DataError("no such file", file=source or repr(source), hint=_neighbours(path))


def _with_plain_name(name: str, path: Path) -> tuple[str, Path]:
    """Give a file that the engine can name: one whose name is not UTF-8 gets a link."""
    try:
        name.encode()
    except UnicodeEncodeError:
        link = _staging_folder() / f"table{path.suffix}"
        link.symlink_to(path.absolute())
        return os.fsencode(name).decode(errors="replace"), link
    return name, path


def _neighbours(path: Path) -> str | None:
    """Name the tables that stand where the missing one was looked for."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    tables = sorted(
        str(folder / entry.name if str(folder) != "." else entry.name)
        for entry in folder.iterdir()
        if entry.suffix in {".csv", ".tsv", ".parquet", ".jsonl", ".gz", ".zst"}
    )
    return f"there is {', '.join(tables[:5])}" if tables else None


def _look_at(name: str, path: Path) -> File:
    """Tell what a file holds by its first bytes and its ending."""
    if path.is_dir():
        raise DataError(
            "this is a folder, not a table", file=name, hint=f"for all its tables: '{path}/*.csv'"
        )
    try:
        if not path.is_file():  # a pipe can be read once only
            with path.open("rb") as pipe:
                path = _stage(pipe, path.suffix)
        with path.open("rb") as stream:
            start = stream.read(LOOK_BYTES)
        compression = _compression(start)
        if compression == "gzip":
            _check_gzip(path, name)
        elif compression == "zstd":
            _check_zstd(path, name)
        kind = _kind(path, name, compression)
        if kind == "jsonl" and start.startswith(codecs.BOM_UTF8):  # the engine refuses it
            with path.open("rb") as stream:
                stream.seek(len(codecs.BOM_UTF8))
                path = _stage(stream, path.suffix)
        return File(name, path, kind, compression)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", file=name) from error


def _compression(start: bytes) -> Compression:
    return "gzip" if start.startswith(GZIP) else "zstd" if start.startswith(ZSTD) else "none"


def _kind(path: Path, name: str, compression: Compression) -> Kind:
    """Tell what a file holds by how it begins, for endings may lie."""
    if compression == "zstd":
        return "jsonl" if {".json", ".jsonl", ".ndjson"} & set(path.suffixes) else "delimited"
    with path.open("rb") if compression == "none" else gzip.open(path) as stream:
        start = stream.read(LOOK_BYTES)
    if start.startswith(PARQUET):
        return "parquet"
    if start.startswith(UTF_16) or start[1:2] == b"\0" or start[:1] == b"\0":
        raise DataError(
            "the file is not UTF-8 text",
            file=name,
            hint="save it as UTF-8, or: iconv -f UTF-16 -t UTF-8 FILE > NEW",
        )
    if sum(byte in CONTROL for byte in start) > max(FEW, len(start) / MUCH):
        raise DataError(
            "the file is not text", file=name, hint="save the table as CSV, JSON lines or Parquet"
        )
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()
    listed = text.startswith(b"[") and path.suffix.casefold() == ".json"
    return "jsonl" if text.startswith(b"{") or listed else "delimited"


def _open_text(path: Path, compression: Compression) -> IO[str]:
    binary = gzip.open(path) if compression == "gzip" else path.open("rb")  # noqa: SIM115 - closed with its text
    return io.TextIOWrapper(
        cast("IO[bytes]", binary), encoding="utf-8-sig", errors="replace", newline=""
    )


def _stage(stream: IO[bytes], suffix: str) -> Path:
    """Copy what can be read once only into a file that is gone when fitline ends."""
    path = _staging_folder() / f"table{suffix}"
    with path.open("wb") as staged:
        shutil.copyfileobj(stream, staged, CHUNK_BYTES)
    return path


def _staging_folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="fitline-")
    _STAGED.append(folder)
    return Path(folder.name)


_STAGED: list[tempfile.TemporaryDirectory[str]] = []
"""Folders of what is kept for as long as fitline runs; Python removes them when it ends."""


def remove_staged() -> None:
    """Remove what is kept, where the process is to end without Python's help."""
    while _STAGED:
        _STAGED.pop().cleanup()


def _check_gzip(path: Path, name: str) -> None:
    """Read a gzip file to its end, for the engine does not compare its checksum."""
    try:
        with gzip.open(path) as stream:
            while stream.read(CHUNK_BYTES):
                pass
    except EOFError as error:
        raise DataError(
            "the gzip file is cut short", file=name, hint="copy or download it again"
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"the gzip file is damaged ({error})", file=name, hint="copy or download it again"
        ) from error


def _check_zstd(path: Path, name: str) -> None:
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
                raise DataError(
                    "the zstd file is cut short", file=name, hint="copy or download it again"
                )
