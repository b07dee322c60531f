"""What a file holds, by its first bytes and its ending: a table of which kind, in which text."""

import codecs
import glob
import re
import shlex
from collections import Counter
from dataclasses import replace
from pathlib import Path

from fitline.errors import DataError
from fitline.formatting import count
from fitline.reading import Reading

from .compression import compression_of, has_odd_header, refuse_archive
from .spooling import CHUNK_BYTES, copying, stage
from .table_file import LOOK_BYTES, File, Stamp, as_utf_8, empty, require_whole, sound

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

CONTROL = set(range(8)) | set(range(14, 27))
"""Bytes that text hardly holds; a file is not text with more than a few and one in so many."""

FEW, MUCH = 20, 20

TABLES = {
    *(".csv", ".tsv", ".tab", ".psv", ".txt", ".dat", ".data", ".json", ".jsonl", ".ndjson"),
    *(".parquet", ".gz", ".zst"),
}
"""How names of files end that may hold tables."""


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
        if not path.stat().st_size:  # those of the system may wait for what they never hold
            raise empty(name)
        with path.open("rb") as stream:
            start = stream.read(LOOK_BYTES)
        refuse_archive(start, name)
        file = File(name, path, "delimited", compression_of(start), stamp)
        with sound([file]):
            return _unpacked(file, start, reading, known)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", file=name) from error


def _unpacked(file: File, start: bytes, reading: Reading, known: str | None) -> File:
    """Tell what a file holds that may be compressed, and begins with these bytes.

    Only delimited text that is large is not read to its end yet; that is done beside the query.
    """
    if file.compression != "none":
        if not file.is_large:
            require_whole([file])
        refuse_archive(file.start, file.name, within=file.compression)
    if has_odd_header(start):  # which the engine does not read
        with file.open() as unpacked:
            file = replace(file, path=stage(unpacked, ""), compression="none")
    is_parquet = file.start.startswith(PARQUET)
    if is_parquet and file.compression != "none":  # the engine wants its end first
        with file.open() as unpacked:
            file = replace(file, path=stage(unpacked, ".parquet"), compression="none")
    if is_parquet:
        return replace(file, kind="parquet")
    file = _text_file(file, reading, known)
    if file.kind != "delimited":
        require_whole([file])
    return file


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
