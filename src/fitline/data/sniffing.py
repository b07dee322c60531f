"""What a file holds, by its first bytes and its ending: a table of which kind, in which text."""

import codecs
import glob
import io
import math
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Literal

from fitline.errors import DataError
from fitline.formatting import count
from fitline.reading import Reading

from .compression import (
    Compression,
    compression_of,
    has_odd_header,
    open_bytes,
    refuse_archive,
    whole,
)
from .spooling import CHUNK_BYTES, copying, stage
from .survey import Survey, survey

Kind = Literal["delimited", "jsonl", "parquet"]

PARQUET = b"PAR1"
JSON_NAME = re.compile(r"\.(jsonl|ndjson)(\.\w+)?$")
OBJECT = re.compile(rb"\{(?!\{)")
"""How an object begins, but not a name such as {{price}}."""

OBJECT_BELOW = re.compile(rb"[\r\n]\s*\{\s*\"")
"""How one begins below other lines."""

ABOVE_OBJECTS = re.compile(rb"\A(?:\s*(?:[#%]|//)[^\r\n]*)*\s*")
"""What may stand above objects: comments, which are no JSON and each a bad row."""

LISTED = re.compile(rb"\[\s*[{\[\]]")
"""How a list of objects begins."""

MARKED = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
"""Encodings by the mark with which a text begins; that of UTF-32 begins like one of UTF-16."""

WIDE = ("utf-16", "utf-32")

CONTROL = set(range(8)) | set(range(14, 27))
"""Bytes that text hardly holds; a file is not text with more than a few and one in so many."""

FEW, MUCH = 20, 20

LOOK_BYTES = 1 << 12

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


TABLES = {
    *(".csv", ".tsv", ".tab", ".psv", ".txt", ".dat", ".data", ".json", ".jsonl", ".ndjson"),
    *(".parquet", ".gz", ".zst"),
}
"""How names of files end that may hold tables."""


@contextmanager
def unchanged(files: Sequence[File]) -> Iterator[None]:
    """Raise DataError where a file changes, whatever comes of reading it."""
    try:
        yield
    except Exception:
        _require_unchanged(files)
        raise
    _require_unchanged(files)


def _require_unchanged(files: Sequence[File]) -> None:
    for file in files:
        file.require_unchanged()


def look_at(name: str, path: Path, reading: Reading, known: str | None = None) -> File:
    """Tell what a file holds; text that is not UTF-8 is in the encoding that was named.

    Where none was, it may be in one that is `known` of other tables. Where a delimiter was named,
    it is delimited text, unless its name is that of JSON lines. Raises DataError where it holds no
    table, or cannot be read to its end.
    """
    if path.is_dir():
        suffixes = (table.suffix for table in path.glob("*.*") if table.is_file())
        endings = Counter(ending for ending in suffixes if ending.lower() in TABLES)
        most = max(endings, key=lambda ending: endings[ending], default="")
        pattern = str(Path(glob.escape(str(path))) / f"*{most}")
        raise DataError(
            "this is a folder, not a table",
            file=name,
            hint=f"for all its tables: {shlex.quote(pattern)}" if endings else "it has no tables",
        )
    if path.is_char_device() or path.is_block_device():
        raise DataError("this is a device, not a table", file=name)
    try:
        if not path.is_file():  # a pipe can be read once only
            with path.open("rb") as pipe:
                path = stage(pipe, path.suffix)
        stamp = Stamp.of(path)
        with path.open("rb") as stream:
            start = stream.read(LOOK_BYTES)
        refuse_archive(start, name)
        file = File(name, path, "delimited", compression_of(start), stamp)
        if file.compression != "none":
            _ = file.survey  # the engine misses no lost end, and compares no checksum
            refuse_archive(file.start, name, within=file.compression)
        if has_odd_header(start):  # which the engine does not read
            with file.open() as unpacked:
                file = replace(file, path=stage(unpacked, ""), compression="none")
        is_parquet = file.start.startswith(PARQUET)
        if is_parquet and file.compression != "none":  # the engine wants its end first
            with file.open() as unpacked:
                file = replace(file, path=stage(unpacked, ".parquet"), compression="none")
        if is_parquet:
            return replace(file, kind="parquet")
        return _text_file(file, reading, known)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", file=name) from error


def _text_file(file: File, reading: Reading, known: str | None) -> File:
    """Take a file for text, and make it UTF-8 where it is not."""
    named = reading.text_encoding
    marked = next((name for mark, name in MARKED.items() if file.start.startswith(mark)), None)
    if not (named or marked) and known and _is_utf_8(file):
        file = replace(file, note=f"{file.name}: the text is UTF-8, not {known}")
        known = None
    if encoding := named or marked or known:
        note = f"{file.name}: the text is {marked}" if marked and not named else file.note
        path = as_utf_8(file, encoding)
        file = replace(file, path=path, compression="none", note=note)
    start = file.start
    if b"\0" in start[:2] and _has_wide_letters(start):
        raise DataError(
            "the file is not UTF-8 text",
            file=file.name,
            hint="name its encoding, such as --encoding utf-16-le",
        )
    if sum(byte in CONTROL for byte in start) > max(FEW, len(start) / MUCH):
        raise DataError(
            "the file is not text",
            file=file.name,
            hint="save the table as CSV, JSON lines or Parquet",
        )
    is_named_so = JSON_NAME.search(file.name.lower()) is not None
    may_be_json = reading.delimiter is None or is_named_so
    if may_be_json and _is_json(file.start_below(reading.skip), named_so=is_named_so):
        return _json_file(file, reading)
    return file


def _is_utf_8(file: File) -> bool:
    """Tell whether a text is UTF-8 and more than ASCII, which others are hardly ever by chance."""
    decoder, is_ascii = codecs.getincrementaldecoder("utf-8")(), True
    try:
        with file.open() as stream:
            while chunk := stream.read(CHUNK_BYTES):
                is_ascii = decoder.decode(chunk).isascii() and is_ascii
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return not is_ascii


def _has_wide_letters(start: bytes) -> bool:
    """Tell whether every other byte is often 0, as where a letter of Latin takes two."""
    return 8 * max(start[::2].count(0), start[1::2].count(0)) >= len(start)


def _is_json(start: bytes, *, named_so: bool) -> bool:
    """Tell whether a text begins with an object; named so, it may below its first line."""
    text = ABOVE_OBJECTS.sub(b"", start.removeprefix(codecs.BOM_UTF8), count=1)
    if named_so and OBJECT_BELOW.search(text):
        return True
    return OBJECT.match(text) is not None or LISTED.match(text) is not None


def _json_file(file: File, reading: Reading) -> File:
    """Take a file for JSON lines, without the byte-order mark, which the engine refuses.

    Lines to skip, and comments with marks that are named, are blank in the copy that this takes,
    and counted in a note.
    """
    mark = codecs.BOM_UTF8 if file.start.startswith(codecs.BOM_UTF8) else b""
    comments = tuple(one.encode() for one in reading.comment_marks or "")
    if not (mark or reading.skip or comments):
        return replace(file, kind="jsonl")
    left_out = 0
    with file.open() as stream, copying(".jsonl") as path, path.open("wb") as copy:
        stream.seek(len(mark))
        for nth, line in enumerate(stream):
            is_left_out = nth < reading.skip or line.lstrip().startswith(comments)
            left_out += is_left_out and bool(line.strip())
            copy.write(b"\n" if is_left_out else line)
    told = f"{file.name}: {count(left_out, 'line')} left out by --skip or --comment"
    notes = [file.note, told if left_out else None]
    note = "; ".join(filter(None, notes)) or None
    return replace(file, path=path, kind="jsonl", compression="none", note=note)


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
