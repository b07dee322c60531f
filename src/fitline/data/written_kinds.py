"""What the columns of a table may be written as: whole numbers, float64s, texts."""

import re
from collections.abc import Sequence
from typing import Literal

from . import sql
from .cells import text_of
from .delimited import Delimited
from .parquet import Parquet
from .parts import Part, WantedColumn
from .sql import trimmed
from .table import Table

Kind = Literal["own", "bigint", "double", "varchar"]
"""What a column is written as; `own` is what it is in Parquet files that agree about it."""

KINDS: Sequence[Kind] = ("bigint", "double", "varchar")
"""What a column of text may hold; each holds what those before it do."""

WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")

CODE = re.compile(r"^[\s+-]*0[0-9]")
"""What begins so is no number that somebody counts with."""

WHOLE_TYPES = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
"""Types of whole numbers that a bigint holds."""

DECIMAL = re.compile(r"DECIMAL\((\d+),\d+\)")

DIGITS = 15
"""So many digits of a decimal stay the same in a float64."""

WHOLE_DOUBLES = 2**53
"""Up to here every whole number is a float64."""

LEAST = 1e-290
"""From here on down a float64 loses its digits, and becomes 0."""


def likely_kind(table: Table, places: Sequence[int | None]) -> Kind | None:
    """Tell what a column holds that is at these places of the parts, if that is known."""
    types = types_of(table.parts, places)
    if None not in types and len(types) == 1:
        return "own"
    kinds = []
    for part, place in zip(table.parts, places, strict=True):
        if place is not None:
            wanted = {x.place: x for x in table.wanted(part).columns}
            kinds.append(_kind_of(part, place, wanted.get(place)))
    return max(filter(None, kinds), key=KINDS.index, default=None)


def types_of(parts: Sequence[Part], places: Sequence[int | None]) -> set[str | None]:
    """Give the types that a column has in the parts where it is at these places.

    That is None where it is read from text.
    """
    return {
        part.type_of(place) if isinstance(part, Parquet) else None
        for part, place in zip(parts, places, strict=True)
        if place is not None
    }


def _kind_of(part: Part, place: int, x: WantedColumn | None) -> Kind | None:
    """Tell by its first cells what a column holds; None of text where these say nothing.

    Of a feature, cells without a value are left out.
    """
    if isinstance(part, Parquet):
        return _kind_of_type(part.type_of(place))
    if not part.is_text(place, "careful"):
        return "double"
    filled = [text_of(cell) for cell in part.head(place) if not part.parsing.is_missing(cell)]
    if x is not None:
        filled = [cell for cell in filled if x.parsing.read(cell) is not None]
    return kind_of_cells(filled, [part]) if filled else None


def kind_of_cells(filled: Sequence[str], parts: Sequence[Part]) -> Kind:
    """Tell what a column may hold in which such texts stand, written as in one of the parts."""
    if all(map(WHOLE.fullmatch, filled)):
        return "bigint"
    are_codes = any(map(CODE.match, filled))
    are_numbers = any(
        all(part.parsing.read(cell) is not None for cell in filled) for part in parts
    )
    return "double" if are_numbers and not are_codes else "varchar"


def _kind_of_type(name: str) -> Kind:
    """Tell as what the numbers of a type in Parquet keep all their digits."""
    if name in WHOLE_TYPES:
        return "bigint"
    if found := DECIMAL.fullmatch(name):
        return "double" if int(found[1]) <= DIGITS else "varchar"
    return "double" if name in {"FLOAT", "DOUBLE"} else "varchar"


def has_fractions(part: Parquet, place: int) -> bool:
    """Tell whether a column of Parquet holds numbers that are written with a decimal mark."""
    name = part.type_of(place)
    return name in {"FLOAT", "DOUBLE"} or bool(DECIMAL.fullmatch(name))


def with_mark(number: str, decimal: str) -> str:
    """Write a number with another decimal mark than a point."""
    return f"replace(cast({number} as varchar), '.', '{decimal}')"


def mixed_sql(part: Parquet, place: int, kind: Kind) -> tuple[str, str]:
    """Give a cell of Parquet as what a column is written as that has another type elsewhere.

    The engine by itself would choose one type for both, in which digits may be lost. Tells too
    whether the cell would be another number.
    """
    cell, name = f"column_{place}", part.type_of(place)
    if kind == "varchar":
        exact = f"cast({cell} as double)" if name == "FLOAT" else cell
        return f"cast({exact} as varchar)", "false"
    is_odd = f"abs({cell}) > {WHOLE_DOUBLES}" if (name, kind) == ("BIGINT", "double") else "false"
    return f"cast({cell} as {kind})", f"coalesce({is_odd}, false)"


def number_sql(part: Part, place: int, kind: Kind) -> str:
    """Give a cell of text as a number, NULL where it holds none."""
    cell = f"column_{place}"
    if kind == "bigint" or not part.is_text(place, "swift"):
        return f"try_cast({cell} as {kind})"
    return part.parsing.value_sql(cell, is_text=True)


def odd_sql(part: Part, cell: str, number: str, kind: Kind) -> str:
    """Tell whether a cell would be another one as a number; 007 is a code rather than one.

    As a float64 a number keeps 15 digits; with more, or where it is tiny, it must have the digits
    that are written.
    """
    is_missing = part.parsing.nothing_sql(cell)
    if kind == "bigint":
        written = f"cast({number} as varchar)"
        is_same = f"coalesce({written} = {trimmed(cell)}, false)"
        is_plain = f"{written} = {cell}"
        if isinstance(part, Delimited) and part.is_whole:  # to write numbers takes long
            is_plain = f"{number} is not null and {_begins_whole(cell)}"
        return (
            f"case when {is_plain} then false when {is_missing} then false else not {is_same} end"
        )
    kept = f"cast({number} as varchar)"
    differs = f"{kept} <> {cell} and {_digits(kept)} <> {_digits(cell)}"
    return (
        f"case when not coalesce({sql.finite(number)}, false) then not ({is_missing})"
        f" when {cell} < '1' and regexp_matches({cell}, {sql.text(CODE.pattern)}) then true"
        f" when length({cell}) > 15 or abs({number}) < {LEAST} then {differs} else false end"
    )


def _digits(number: str) -> str:
    """Give the significant digits of a number that is written in some way."""
    mantissa = f"regexp_replace({number}, '[eE].*$', '')"
    return f"trim(regexp_replace({mantissa}, '[^0-9]', '', 'g'), '0')"


def _begins_whole(cell: str) -> str:
    """Say that a cell begins as whole numbers do: with no zero but in 0, and no plus."""
    digit = "{0} >= '{1}1' and {0} < '{1}:'"
    return f"({digit.format(cell, '')} or {digit.format(cell, '-')} or {cell} = '0')"
