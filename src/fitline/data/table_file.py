"""A file of a table: its text, what is known of it, and whether it is still the same."""

import codecs
import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Literal

from fitline.errors import DataError

from .compression import Compression, open_bytes, whole
from .spooling import CHUNK_BYTES, copying
from .survey import SMALL, Survey, survey

Kind = Literal["delimited", "jsonl", "parquet"]

WIDE = ("utf-16", "utf-32")

LOOK_BYTES = 1 << 12

SMALL_PACKED = 1 << 23
"""In bytes, of which a compressed text has several times as many."""

KEPT = "surrogateescape"
"""What keeps bytes that mean nothing as they are, in a text and in what is written of it."""

NO_TEXT = re.compile("[\udc80-\udcff]")
NEVER_UTF_8 = "\udcff"
"""A byte that is so kept; others would be letters of UTF-8 together."""


@dataclass(frozen=True)
class Stamp:
    """What tells that a file is the one that it was: its number, its size, its last change."""

    path: Path
    facts: tuple[int, ...]

    @classmethod
    def of(cls, path: Path) -> "Stamp":
        """Look at a file. Raises OSError where there is none."""
        now = path.stat()
        return cls(path, (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns))

    @property
    def is_true(self) -> bool:
        """Tell whether the file is still the same."""
        try:
            return Stamp.of(self.path) == self
        except OSError:
            return False


@dataclass(frozen=True)
class File:
    """A file to read; `name` is what the user calls it, and `note` what he should know of it.

    `stamp` is that of the user's own file, of which `path` may be a copy.
    """

    name: str
    path: Path
    kind: Kind
    compression: Compression
    stamp: Stamp
    note: str | None = None

    @property
    def size(self) -> float:
        """Give the bytes of a text; packed there may be any number."""
        is_plain = self.compression == "none" and self.kind != "parquet"
        return self.path.stat().st_size if is_plain else math.inf

    @property
    def is_large(self) -> bool:
        """Tell whether every byte is looked at while a query runs, since that takes a while."""
        return self.path.stat().st_size > (SMALL if self.compression == "none" else SMALL_PACKED)

    def open_text(self, encoding: str = "utf-8-sig", errors: str = "replace") -> IO[str]:
        """Open a file as text, lines ending as they do.

        Bytes that mean nothing become the replacement character, or what else `errors` makes of
        them, but for encodings in which they shift all that follows.
        """
        if codecs.lookup(encoding).name.startswith(WIDE):
            errors = "strict"
        return io.TextIOWrapper(self.open(), encoding=encoding, errors=errors, newline="")

    def open(self) -> IO[bytes]:
        """Open a file, which is unpacked while it is read."""
        return open_bytes(self.path, self.compression)

    def lines(self, errors: str = "replace") -> Iterator[str]:
        """Give every line as an editor counts them, with its end.

        What is not UTF-8 becomes the replacement character, or what else `errors` makes of it, so
        that no line is lost.
        """
        with self.open_text(errors=errors) as stream:
            yield from stream

    @property
    def start(self) -> bytes:
        """Read the first bytes."""
        with self.open() as stream:
            return stream.read(LOOK_BYTES)

    def start_below(self, lines: int) -> bytes:
        """Read the first bytes below so many lines."""
        with self.open() as stream:
            for _ in islice(stream, lines):
                pass
            return stream.read(LOOK_BYTES)

    @cached_property
    def survey(self) -> Survey:
        """Read a file to its end. Raises DataError where one that is compressed is not whole."""
        with whole(self.name, self.compression), self.open() as stream:
            return survey(stream)

    @property
    def is_surveyed(self) -> bool:
        """Tell whether the survey is there already."""
        return "survey" in self.__dict__

    @cached_property
    def is_utf_8(self) -> bool:
        """Read a file to its end, and tell whether it is UTF-8 throughout."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        with self.open() as stream:
            try:
                while chunk := stream.read(CHUNK_BYTES):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return False
        return True

    def holds_any(self, marks: Sequence[bytes], start: int) -> bool:
        """Tell whether one of these bytes stands anywhere from the place `start` on."""
        with self.open() as stream:
            stream.seek(start)
            while chunk := stream.read(CHUNK_BYTES):
                if any(mark in chunk for mark in marks):
                    return True
        return False

    def require_unchanged(self) -> None:
        """Raise DataError where the file is no longer the one that was looked at."""
        if not self.stamp.is_true:
            raise DataError(
                "the file changed while it was read",
                file=self.name,
                hint="run the command again when nothing writes to it",
            )


@contextmanager
def unchanged(files: Sequence[File]) -> Iterator[None]:
    """Raise DataError where a file changes, whatever comes of reading it."""
    try:
        with sound(files):
            yield
    except Exception:
        _require_unchanged(files)
        raise
    _require_unchanged(files)


@contextmanager
def sound(files: Sequence[File]) -> Iterator[None]:
    """Raise DataError where reading fails since a compressed file is not whole.

    What is amiss with the text that it holds matters no more then.
    """
    try:
        yield
    except Exception:
        require_whole(files)
        raise


def require_whole(files: Sequence[File]) -> None:
    """Raise DataError where a compressed file is not whole.

    The engine does not miss a lost end, and compares no checksum.
    """
    for file in files:
        if file.compression != "none":
            _ = file.survey


def _require_unchanged(files: Sequence[File]) -> None:
    for file in files:
        file.require_unchanged()


def as_utf_8(file: File, encoding: str, errors: str = KEPT) -> Path:
    """Copy a text from another encoding, lines ending as they do.

    Bytes that mean nothing in it are none in UTF-8 either, unless it is told what `errors` make of
    them. Raises DataError where nothing can be read so.
    """
    try:
        with (
            copying(file.path.suffix) as path,
            file.open_text(encoding, errors) as text,
            path.open("w", encoding="utf-8", errors=errors, newline="") as copy,
        ):
            while part := text.read(CHUNK_BYTES):
                copy.write(NO_TEXT.sub(NEVER_UTF_8, part))
    except UnicodeError as error:  # others than bytes that are replaced
        reason = error.reason if isinstance(error, UnicodeDecodeError) else str(error)
        why = "" if "error handling" in reason else f": {reason}"
        raise DataError(
            f"the text is not in {encoding}{why}",
            file=file.name,
            hint="name the encoding in which it was written, such as --encoding latin-1",
        ) from error
    return path


def empty(name: str, but: str = "") -> DataError:
    """Say that there is no line in a file, or none but some."""
    begins = "a table begins with a line of column names, such as sqft,price"
    return DataError(f"the file is empty{but}", file=name, hint=begins)
