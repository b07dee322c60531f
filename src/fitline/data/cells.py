"""What a cell says: a number, a date, nothing, or what cannot be used; in Python and in SQL.

The engine reads tables and Python finds the bad rows, so each rule stands here twice, side by
side, and a test holds the two together.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

from fitline.reading import Reading

from . import sql
from .sql import BLANKS, trimmed

NOTHING = ("", "na", "n/a", "nan", "null", "-", "?", ".")
"""Cells that say that there is no value, in lower case."""

NO_VALUE = re.compile(r"(?i)#(N/A|DIV/0!|REF!|NAME\?|VALUE!|NUM!|NULL!|SPILL!|CALC!)")
"""What spreadsheets write where a formula has no value: text, unless an option says so."""

MINUS = "−"
"""The sign that fitline prints."""

ILLEGIBLE = "\ufffd"
"""The replacement character, which stands for bytes that are no text: no name that tells one
level or group from another holds it."""

SEVERAL = {" ": " \u00a0\u202f", "'": "'’"}
"""Marks between thousands that are written in several ways."""


def is_illegible(cell: str) -> str:
    """Tell whether a text holds the replacement character, as an expression of the engine."""
    return f"coalesce(contains(cast({cell} as varchar), '{ILLEGIBLE}'), false)"


class Values(Protocol):
    """How the text of a cell becomes a float64."""

    def read(self, text: str) -> float | None:
        """Give the value of a trimmed text, which may be infinite; None where it has none."""
        ...

    def sql(self, cell: str) -> str:
        """Give the same as an expression of the engine, for a text as it stands."""
        ...

    @property
    def expected(self) -> str:
        """What a cell should be; nothing where there is more to be said than that."""
        ...


@dataclass(frozen=True)
class Numbers:
    """Decimal numbers, with this decimal mark and, if any, this mark between thousands."""

    decimal: str = "."
    thousands: str = ""
    expected: ClassVar = ""

    @property
    def is_plain(self) -> bool:
        """Tell whether numbers are written as programs write them."""
        return (self.decimal, self.thousands) == (".", "")

    def goes_with(self, other: "Numbers") -> bool:
        """Tell whether numbers of both kinds may stand in one table.

        >>> Numbers(",", ".").goes_with(Numbers(",")), Numbers().goes_with(Numbers(","))
        (True, False)
        """
        marks = {self.thousands, other.thousands} - {""}
        return self.decimal == other.decimal and len(marks) <= 1

    @property
    def options(self) -> str:
        """Write the options that read such numbers."""
        marks = {"--decimal": self.decimal.replace(".", ""), "--thousands": self.thousands}
        typed = ((flag, mark if mark in ".,_" else f'"{mark}"') for flag, mark in marks.items())
        return " ".join(f"{flag} {mark}" for flag, mark in typed if mark)

    @property
    def _group(self) -> str:
        return f"[{SEVERAL.get(self.thousands, self.thousands)}]"

    @cached_property
    def _pattern(self) -> str:
        point = re.escape(self.decimal)
        grouped = rf"[1-9][0-9]{{0,2}}({self._group}[0-9]{{3}})+"
        whole = f"({grouped}|[0-9]+)" if self.thousands else "[0-9]+"
        return rf"[+-]?({whole}({point}[0-9]*)?|{point}[0-9]+)([eE][+-]?[0-9]+)?"

    def read(self, text: str) -> float | None:
        """Read a number.

        >>> Numbers().read("1.5"), Numbers(",", ".").read("1.150,25"), Numbers().read("1_000")
        (1.5, 1150.25, None)
        """
        text = text.replace(MINUS, "-")
        if not self.is_plain:
            if not re.fullmatch(self._pattern, text):
                return None
            text = re.sub(self._group, "", text) if self.thousands else text
            text = text.replace(self.decimal, ".")
        plain = text.isascii() and text.isprintable() and "_" not in text
        try:
            return float(text) if plain else None
        except ValueError:
            return None

    def sql(self, cell: str) -> str:
        """Read the same; by itself the engine takes 1_000 for 1000, and +-5 for −5."""
        if self.is_plain:
            is_odd = f"contains({cell}, '_') or contains({cell}, '+-')"
            # What is rare is looked for where all else fails, since trimming takes long.
            printed = f"case when contains({cell}, '{MINUS}') then {self._plain(cell)} end"
            value = f"coalesce(try_cast({cell} as double), {printed})"
            return f"case when {is_odd} then null else {value} end"
        text = trimmed(f"replace({cell}, '{MINUS}', '-')")
        is_number = f"regexp_full_match({text}, {sql.text(self._pattern)})"
        if self.thousands:
            text = f"regexp_replace({text}, {sql.text(self._group)}, '', 'g')"
        text = f"replace({text}, '{self.decimal}', '.')"
        return f"case when {is_number} then try_cast({text} as double) end"

    @staticmethod
    def _plain(cell: str) -> str:
        text = f"replace({cell}, '{MINUS}', '-')"
        return f"case when not contains({text}, '+-') then try_cast({text} as double) end"


WITH_POINTS = Numbers(",", ".")
"""Numbers with points between thousands."""

NOTATIONS = (
    Numbers(),
    Numbers(","),
    *(Numbers(decimal, mark) for mark in " '" for decimal in ".,"),
    Numbers(".", ","),
    WITH_POINTS,
    Numbers(".", "_"),
)
"""The ways to write numbers, plain ones first."""


@dataclass(frozen=True)
class Keys:
    """Names of groups, each read as a number that tells it from others."""

    expected: ClassVar = "the name of a group"

    def read(self, text: str) -> float | None:
        """Give no more than that there is a name; only the engine tells them apart."""
        return None if ILLEGIBLE in text else 0.0

    def sql(self, cell: str) -> str:
        """Give 53 bits of a hash, which are a float64."""
        key = self.sql_as_it_stands(trimmed(cell))
        return f"case when not {is_illegible(cell)} then {key} end"

    def sql_as_it_stands(self, cell: str) -> str:
        """Give those of a text with what stands around it."""
        return f"cast(hash({cell}) & {2**53 - 1} as double)"


@dataclass(frozen=True)
class Parsing:
    """How the cells of a column are read; `na` are more texts that mean a missing value.

    A value below the `least` one cannot be used.
    """

    values: Values = Numbers()
    na: tuple[str, ...] = ()
    least: float = -math.inf

    @cached_property
    def na_numbers(self) -> tuple[float, ...]:
        """Give the numbers that mean a missing value; those of levels and dates are places."""
        if not self.are_numbers:
            return ()
        numbers = (Numbers().read(text) for text in self.na)
        return tuple(number for number in numbers if number is not None and math.isfinite(number))

    @property
    def is_swift(self) -> bool:
        """Tell whether the engine may read the numbers as it reads a file."""
        return self.are_keys or (self.values == Numbers() and not self.na_numbers)

    @property
    def are_keys(self) -> bool:
        """Tell whether cells are names of groups."""
        return isinstance(self.values, Keys)

    def is_missing(self, cell: object) -> bool:
        """Tell whether a cell says that there is no value."""
        text = text_of(cell)
        if text.lower() in NOTHING:
            return True
        return bool(self.na) and (text in self.na or self.values.read(text) in self.na_numbers)

    def read(self, cell: object) -> float | None:
        """Give the finite value of a cell; None where it has none."""
        value = None if self.is_missing(cell) else self.values.read(text_of(cell))
        return value if value is not None and self.can_use(value) else None

    def can_use(self, value: float) -> bool:
        """Tell whether a value is finite, and not below the least one."""
        return math.isfinite(value) and value >= self.least

    def usable_sql(self, cell: str, value: str, *, is_text: bool) -> str:
        """Say whether a cell has this value, as an expression of the engine.

        What may be a value, and says that there is none, is a text of `na` or a key alone.
        """
        tests = [sql.finite(value)]
        if self.na or self.are_keys:
            tests.insert(0, f"not {self.missing_sql(cell, value, is_text=is_text)}")
        if not math.isinf(self.least):
            tests.append(f"{value} >= {sql.number(self.least)}")
        return " and ".join(tests)

    @property
    def are_numbers(self) -> bool:
        """Tell whether a cell that is a number already needs no reading."""
        return isinstance(self.values, Numbers)

    def value_sql(self, cell: str, *, is_text: bool) -> str:
        """Give the value of a cell as an expression of the engine, whether it is to count or not.

        A column that is no text holds numbers.
        """
        return self.values.sql(cell) if is_text else f"cast({cell} as double)"

    def swift_sql(self, cell: str) -> str:
        """Give a number of the engine as it is, NULL where it is below the least one; or a key."""
        if isinstance(self.values, Keys):
            return self.values.sql_as_it_stands(f"cast({cell} as varchar)")
        value, low = f"cast({cell} as double)", sql.number(self.least)
        return value if math.isinf(self.least) else f"case when {value} >= {low} then {value} end"

    def missing_sql(self, cell: str, value: str, *, is_text: bool) -> str:
        """Give `is_missing` for a cell, as an expression of the engine."""
        tests = [self.nothing_sql(cell)] if is_text else [f"{cell} is null", f"isnan({value})"]
        if self.na_numbers:
            numbers = ", ".join(map(sql.number, self.na_numbers))
            tests.append(f"coalesce({value} in ({numbers}), false)")
        return f"({' or '.join(tests)})"

    def nothing_sql(self, cell: str) -> str:
        """Say whether a text says that there is no value, as an expression of the engine."""
        tests = [f"{cell} is null", f"lower({trimmed(cell)}) in ({_listed(NOTHING)})"]
        tests += [f"{trimmed(cell)} in ({_listed(self.na)})"] if self.na else []
        return f"({' or '.join(tests)})"


def values_sql(rows: str, columns: Sequence[tuple[str, Parsing, bool]]) -> str:
    """Read some cells of a query's rows, and keep all of them.

    Each comes with its name, how it is read and whether it is text; a number is read as its text
    where a date or a level is wanted. value_0, value_1 and so on are their finite values, NULL
    where a cell has none; `is_missing` tells whether nothing is wrong with a row but that a value
    is missing.
    """
    places = range(len(columns))
    columns = [
        (cell, parsing, is_text)
        if is_text or parsing.are_numbers
        else (f"cast({cell} as varchar)", parsing, True)
        for cell, parsing, is_text in columns
    ]
    read = ", ".join(
        f"{parsing.value_sql(cell, is_text=is_text)} as v{place}"
        for place, (cell, parsing, is_text) in enumerate(columns)
    )
    query = f"select *, {read} from ({rows})"
    values = ", ".join(
        f"case when {parsing.usable_sql(cell, f'v{place}', is_text=is_text)} then v{place} end"
        f" as value_{place}"
        for place, (cell, parsing, is_text) in enumerate(columns)
    )
    query = f"select *, {values} from ({query})"
    any_none = f"{' + '.join(f'value_{place}' for place in places)} is null"
    only_missing = " and ".join(
        f"(value_{place} is not null or {parsing.missing_sql(cell, f'v{place}', is_text=is_text)})"
        for place, (cell, parsing, is_text) in enumerate(columns)
    )
    # Most rows have all values; a case alone spares the engine from looking at their cells again.
    is_missing = f"case when {any_none} then {only_missing} else false end"
    return f"select *, {is_missing} as is_missing from ({query})"


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(map(sql.text, texts))


def numbers_of(reading: Reading) -> Numbers | None:
    """Give how numbers are written, where an option says so."""
    return Numbers(*reading.marks) if reading.marks else None


def text_of(cell: object) -> str:
    """Give the text of a cell without what stands around it."""
    return "" if cell is None else str(cell).strip(BLANKS)
