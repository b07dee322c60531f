"""Why a cell cannot be used, and what to write or type instead, as far as that is certain."""

import math
import re
from collections.abc import Mapping, Sequence

from fitline.formatting import quoted

from .cells import ILLEGIBLE, NO_VALUE, NOTATIONS, Numbers, Parsing, text_of
from .parts import BadRow, Wanted

PLAIN = Parsing()

DECORATIONS = {"the currency sign": "$€£¥₹", "the percent sign": "%", "the apostrophe": "'’"}
"""What people put around a number."""

DATE = re.compile(r"\d{1,6}[./-]\d{1,2}[./-]\d{1,4}([T ].*)?")


RANGE = re.compile(r"\d ?[-–/] ?\d|\d ?\+$|^[<>≤≥]")
"""What is in a group of ages, a school year or a blood type, such as 18-24, 2020/21, 65+ or <5."""

A_DATE = "a date? x may hold dates; --date-format tells how they are written"


def first_trouble(
    file: str,
    line: int,
    cells: Sequence[object] | Mapping[int, object],
    wanted: Wanted,
    unit: str = "line",
) -> BadRow | None:
    """Say why a row cannot be used, or give None; what is wrong goes before what is missing.

    `cells` has them by the places of their columns.
    """
    missing = None
    computed = {place for formula in wanted.formulas for place in formula.places}
    for column in wanted.columns:
        cell = cells[column.place]
        if reason := trouble(column.name, cell, column.parsing):
            if column.place in computed:
                reason = reason.removesuffix(f" ({A_DATE})")
            value = None if cell is None else str(cell)
            is_missing = column.parsing.is_missing(cell)
            bad = BadRow(file, line, column.name, value, reason, unit, is_missing)
            if not is_missing:
                return bad
            missing = missing or bad
    return missing or _formula_trouble(file, line, cells, wanted, unit)


def _formula_trouble(
    file: str,
    line: int,
    cells: Sequence[object] | Mapping[int, object],
    wanted: Wanted,
    unit: str,
) -> BadRow | None:
    """Say why a formula of cells that have values has none."""
    for formula in wanted.formulas:
        from .formulas.tree import NoValueError

        values = {w.place: w.parsing.read(cells[w.place]) or 0.0 for w in wanted.columns}
        try:
            formula.value(values)
        except NoValueError as error:
            cell = str(cells[formula.places[0]])
            return BadRow(file, line, formula.text, cell, str(error), unit)
    return None


def trouble(name: str, cell: object, parsing: Parsing = PLAIN) -> str | None:
    """Say why a cell cannot be used, in the words of an error; None where it can."""
    if parsing.is_missing(cell):
        return f"{name} is missing"
    value = parsing.values.read(text_of(cell))
    if value is not None and parsing.can_use(value):
        return None
    wrong = f"{name} is {quoted(str(cell))}, not"
    if value is not None:
        is_low = math.isfinite(value)
        return f"{wrong} a weight, which is 0 or more" if is_low else f"{wrong} a finite number"
    expected, text = parsing.values.expected, text_of(cell)
    advice = _advice(text, parsing) if ILLEGIBLE in text or not expected else ""
    if NO_VALUE.fullmatch(text):
        advice = f"no value? --na '{text}' says so"
    return f"{wrong} {expected or 'a number'}{f' ({advice})' if advice else ''}"


def is_level(text: str, parsing: Parsing) -> bool:
    """Tell whether a text may be a level, rather than a number that is written otherwise."""
    if parsing.values.read(text) is not None or _advice(text, parsing):
        return False
    return (
        any(map(str.isalpha, text)) or not any(map(str.isdigit, text)) or bool(RANGE.search(text))
    )


def _advice(text: str, parsing: Parsing) -> str:
    if ILLEGIBLE in text:
        return "not UTF-8; name its encoding, such as --encoding latin-1"
    if DATE.fullmatch(text):
        return A_DATE
    what, bare = _undecorated(text)
    if what and parsing.values.read(bare) is not None:
        return f"leave out {what}: {bare}"
    readings = _readings(bare) if parsing.values == Numbers() else ""
    return f"leave out {what}; {readings}" if what and readings else readings


def _undecorated(text: str) -> tuple[str, str]:
    """Name what is put around a number, and give what is left without it."""
    found = []
    for what, signs in DECORATIONS.items():
        bare = text.strip(f"{signs} ")
        if bare != text:
            found.append(what)
            text = bare
    return " and ".join(found), text


def _readings(text: str) -> str:
    """Say which options read a text as a number, and as which one."""
    readings: dict[float, str] = {}
    for numbers in NOTATIONS:
        value = numbers.read(text)
        if value is not None:
            readings.setdefault(value, f"{numbers.options} reads it as {value:.15g}")
    return ", ".join(readings.values())
