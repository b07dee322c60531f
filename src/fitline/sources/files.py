"""From what the user typed to files that can be read: globs, standard input, compression."""

import glob
import gzip
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from fitline.errors import DataError

Kind = Literal["delimited", "jsonl", "parquet"]
Compression = Literal["none", "gzip", "zstd"]

STANDARD_INPUT = "-"
GZIP, ZSTD, PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class File:
    """A file to read; `name` is what the user calls it."""

    name: str
    path: Path
    kind: Kind
    compression: Compression


def find_files(sources: Iterable[str]) -> list[File]:
    """Find every file that the sources name: paths, globs, or `-` for standard input.

    Raises DataError where there is none, or where one cannot be read to its end.
    """
    return [_look_at(name, path) for source in sources for name, path in _paths(source)]


def _paths(source: str) -> list[tuple[str, Path]]:
    if source == STANDARD_INPUT:
        return [("standard input", _stage(sys.stdin.buffer, ""))]
    path = Path(source)
    if path.exists():
        return [(source, path)]
    names = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - keeps the user's spelling
    if names:
        return [(name, Path(name)) for name in names]
    if glob.has_magic(source):
        raise DataError("no file matches this pattern", file=source)
    raise DataError("no such file", file=source, hint=_neighbours(path))


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
            start = stream.read(4)
        if start.startswith(GZIP):
            _check_gzip(path, name)
        elif start == ZSTD:
            _check_zstd(path, name)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", file=name) from error
    if start.startswith(UTF_16):
        raise DataError(
            "the file is UTF-16 text, not UTF-8",
            file=name,
            hint="save it as UTF-8, or: iconv -f UTF-16 -t UTF-8 FILE > NEW",
        )
    compression: Compression = (
        "gzip" if start.startswith(GZIP) else "zstd" if start == ZSTD else "none"
    )
    return File(name, path, _kind(path, start), compression)


def _kind(path: Path, start: bytes) -> Kind:
    if start == PARQUET:
        return "parquet"
    endings = [ending.lower() for ending in path.suffixes]
    ending = next((e for e in reversed(endings) if e not in {".gz", ".zst"}), "")
    if ending in {".json", ".jsonl", ".ndjson"} or start.lstrip().startswith(b"{"):
        return "jsonl"
    return "delimited"


def _stage(stream: IO[bytes], suffix: str) -> Path:
    """Copy what can be read once only into a file that is gone when fitline ends."""
    staged = tempfile.NamedTemporaryFile(prefix="fitline-", suffix=suffix)  # noqa: SIM115
    _STAGED.append(staged)
    shutil.copyfileobj(stream, staged, CHUNK_BYTES)
    staged.flush()
    return Path(staged.name)


_STAGED: list[IO[bytes]] = []


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
