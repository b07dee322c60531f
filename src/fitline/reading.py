"""Settings for reading a table: each field becomes an option of every command that reads one."""

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from .bounds import Bounds
from .errors import ConfigError
from .formatting import LARGEST_WHOLE, shortened

SPACES = " "
"""The delimiter that is any run of spaces and tabs."""

DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "space": SPACES}
VALUES_BEGIN = '+-−.,"'
THOUSANDS = ".,_ '"
DIRECTIVES = "YymdjHIMSfpbBaAz%"
"""Those of strptime that Python and the engine know."""

BadRows = Literal["fail", "skip"]


WEIGHTS = ("weight", "weights_are")
"""The settings that tell how much rows count."""

CELL_SETTINGS = ("decimal", "thousands", "date_format", "na")

ENGINE_SETTINGS = ("engine", "engine_option")
"""The settings that tell what reads a table, which is nothing of the table itself."""

HERE = "duckdb"
"""The engine of one machine."""

CLUSTER = re.compile(r"spark|(spark|sc)://[^\s/:]+:\d+(,[^\s/:]+:\d+)*(/.*)?|sc://[^\s/:]+(/.*)?")
"""Names of other engines: Spark on this machine, and addresses of clusters."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How tables are written, and what becomes of the rows that cannot be used.

    A text in an annotation is what the help calls the value.
    """

    __pydantic_config__: ClassVar = {
        "extra": "forbid",
        "allow_inf_nan": False,
        "use_attribute_docstrings": True,
    }

    header: bool = True
    """Whether a line names the columns; without one they are called c1, c2, …"""
    skip: Annotated[int, Bounds(ge=0, le=LARGEST_WHOLE)] = 0
    """Lines to skip before the header."""
    comment: Annotated[str, "CHARS"] | None = None
    """Characters that begin a comment line. Left out: found, where it is certain."""
    delimiter: Annotated[str, "CHAR"] | None = None
    """What separates cells: a character, tab, or space (any run of them). Left out: found."""
    decimal: Literal[".", ","] | None = None
    """The decimal mark. Left out: a point, or a comma where it is certain."""
    thousands: Annotated[str, "CHAR"] | None = None
    """What groups the digits of large numbers, such as a comma. Left out: nothing."""
    encoding: Annotated[str, "NAME"] | None = None
    """Text encoding, such as latin-1. Left out: UTF-8, or UTF-16 with its mark."""
    date_format: Annotated[str, "FORMAT"] | None = None
    """How dates in x are written, such as %d.%m.%Y. Left out: as ISO 8601, if they are."""
    na: Annotated[str, "A,B"] | None = None
    """More texts for a missing value, with commas, beside empty, NA, N/A, NaN, null, -, ?, `.`"""
    missing: BadRows = "fail"
    """Stop at a row with a missing value, or skip it."""
    bad_rows: BadRows = "fail"
    """Stop at a row that cannot be used, or skip it, missing values included."""
    engine: Annotated[str, "ENGINE"] = HERE
    """What reads the table: duckdb; spark on this machine; or a cluster of Spark, by its address:
    spark://HOST:PORT, or sc://HOST:PORT for Spark Connect."""
    engine_option: (
        Annotated[str, "KEY=VALUE"] | Annotated[tuple[str, ...], Bounds(min_length=1)] | None
    ) = None
    """A setting of Spark, such as spark.executor.memory=4g; may be given several times. Left out:
    those of Spark."""

    @property
    def of_cells(self) -> "Reading":
        """Give what tells how the cells of a table are written, and nothing of its file."""
        return Reading(**{name: getattr(self, name) for name in CELL_SETTINGS})

    @property
    def comment_marks(self) -> str | None:
        """Give the marks of comments that were named: none, or some with which no value begins."""
        if any(
            mark.isalnum() or mark.isspace() or mark in VALUES_BEGIN for mark in self.comment or ""
        ):
            raise _wrong(
                "comment", self.comment or "", "marks that begin no value, such as # or //"
            )
        return None if self.comment is None else _utf_8("comment", self.comment)

    @property
    def cell_delimiter(self) -> str | None:
        """Give the delimiter that was named, as a character."""
        if self.delimiter is None:
            return None
        delimiter = DELIMITER_NAMES.get(self.delimiter, self.delimiter)
        if len(delimiter) != 1 or delimiter.isalnum() or delimiter in '"\n\r':
            raise _wrong(
                "delimiter", self.delimiter, "one character, such as ';', or tab or space"
            )
        return delimiter

    @property
    def text_encoding(self) -> str | None:
        """Give the encoding that was named."""
        try:
            "".encode("utf-8" if self.encoding is None else self.encoding)
        except (LookupError, ValueError):  # a name with a zero byte
            raise _wrong("encoding", self.encoding or "", "an encoding, such as latin-1") from None
        return self.encoding

    @property
    def marks(self) -> tuple[str, str] | None:
        """Give the marks of decimals and of thousands, where one of them was named."""
        if self.decimal is None and self.thousands is None:
            return None
        thousands = self.thousands or ""
        if thousands and thousands not in THOUSANDS:
            raise _wrong("thousands", thousands, f"one of {' '.join(map(repr, THOUSANDS))}")
        decimal = self.decimal or ("," if thousands == "." else ".")
        if decimal == thousands:
            raise _wrong("thousands", thousands, "another mark than that of decimals")
        return decimal, thousands

    @property
    def date_pattern(self) -> str | None:
        """Give how dates in x are written, as strptime takes it, where it was named."""
        if self.date_format is None:
            return None
        directives = re.findall(r"%(.?)", self.date_format)
        if not set(directives) <= set(DIRECTIVES) or not {"Y", "y"} & set(directives):
            known = " ".join(f"%{directive}" for directive in DIRECTIVES)
            raise _wrong("date_format", self.date_format, f"a year, %Y or %y, with any of {known}")
        if "p" in directives and "I" not in directives:
            raise _wrong("date_format", self.date_format, "%p beside the hours of a clock, %I")
        if any(directives.count(directive) > 1 for directive in DIRECTIVES.strip("%")):
            raise _wrong("date_format", self.date_format, "each directive once")
        return _utf_8("date_format", self.date_format)

    @property
    def cluster(self) -> tuple[str, dict[str, str]] | None:
        """Give the address of the Spark that reads the table, with its settings, if one does."""
        given = self.engine_option or ()
        options = dict(_pair(one) for one in ([given] if isinstance(given, str) else given))
        if self.engine == HERE:
            if options:
                key = next(iter(options))
                raise _wrong("engine_option", key, "an option of Spark, beside --engine spark")
            return None
        if not CLUSTER.fullmatch(self.engine):
            known = "duckdb, spark, spark://HOST:PORT or sc://HOST:PORT"
            raise _wrong("engine", self.engine, known)
        return self.engine, options

    @property
    def na_texts(self) -> tuple[str, ...]:
        """Give the texts that mean a missing value."""
        texts = _utf_8("na", self.na or "").split(",")
        return tuple(text.strip() for text in texts if text.strip())


def _utf_8(key: str, value: str) -> str:
    """Refuse what the command line passes on of bytes that are no text."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _wrong(key, value, "UTF-8 text") from None
    return value


def _pair(option: str) -> tuple[str, str]:
    key, is_set, value = option.partition("=")
    if not (key.strip() and is_set):
        example = "KEY=VALUE, such as spark.executor.memory=4g"
        raise _wrong("engine_option", option, example)
    return key.strip(), value.strip()


def _wrong(key: str, value: str, expected: str) -> ConfigError:
    return ConfigError(
        f"{key}: expected {expected}, got {shortened(value)!r}", column=key, value=value
    )
