"""What the engine says of files that it cannot read, in words by which a user can mend them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from fitline.errors import DataError
from fitline.formatting import shortened

from .accounting import refuse_open_quotes
from .compression import is_followed, unpack_with
from .delimited import Delimited
from .engine import EngineError
from .parts import Part
from .survey import LONG_LINE
from .table_file import File, unchanged


@contextmanager
def explained(source: str, files: Sequence[File], parts: Sequence[Part] = ()) -> Iterator[None]:
    """Raise DataError where the engine cannot read the files, and where one of them changes."""
    try:
        with unchanged(files):
            yield
    except EngineError as error:
        raise _explain(error, source, files, parts) from error


def _explain(
    error: EngineError, source: str, files: Sequence[File], parts: Sequence[Part]
) -> DataError:
    """Turn what the engine says into what the user can mend.

    Raises DataError itself where quotes do not match, behind which no end of a line is what it is.
    """
    text = str(error)
    if "state machine reached an invalid state" in text:
        refuse_open_quotes(parts)
        delimited = (part for part in parts if isinstance(part, Delimited))
        places = chain.from_iterable(part.other_line_ends() for part in delimited)
        place = next(places, None)
        return DataError(
            "some lines end in LF and others in CR or CRLF, so rows cannot be told apart",
            place[0] if place else source,
            place[1] if place else None,
            hint="give every line the same ending, for instance with dos2unix",
        )
    if "aximum line size" in text and (line := re.search(r"on Line: (\d+)", text)):
        return DataError(LONG_LINE, source, int(line[1]))
    if "GZIP stream" in text:  # that the file is cut short was seen before
        zipped = (file for file in files if file.compression == "gzip")
        name = next((file.name for file in zipped if is_followed(file.path)), source)
        return DataError(
            "something follows the gzip stream, such as zero bytes",
            name,
            hint=unpack_with("python3 -m gzip -d", name),  # gunzip would stop there
        )
    if "maximum_object_size" in text:
        return _long_object(files) or DataError("a line is longer than 16 million bytes", source)
    first = text.splitlines()[0].split("Error: ", 1)[-1]
    return DataError(f"cannot be read: {shortened(first)}", file=source)


def _long_object(files: Sequence[File]) -> DataError | None:
    """Find the first line of JSON that is longer than the engine surely reads."""
    for file in files:
        if file.kind == "jsonl":
            with file.open() as stream:
                for number, line in enumerate(stream, start=1):
                    if len(line) > LONGEST_OBJECT:
                        message = "the line is longer than 16 million bytes"
                        return DataError(message, file.name, number)
    return None


LONGEST_OBJECT = 1 << 24
