"""Formulas of columns, such as log(sqft): parsed to small trees, never handed on as text.

Most tables are read without one, so the rest is imported only where there is one.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tree import Formula

SIGN = re.compile(r"[-+*/^()`−×÷]")
"""What stands in every formula."""


class FormulaText(str):
    """A text that is known to be a formula, whatever the columns are called."""

    __slots__ = ()


class ColumnText(str):
    """A text that is known to be the name or the place of a column."""

    __slots__ = ()


def is_formula(columns: Sequence[str], text: str) -> bool:
    """Tell whether a text is to be parsed; the very name of a column, or its place, is not."""
    if isinstance(text, FormulaText | ColumnText):
        return isinstance(text, FormulaText)
    return text not in columns and SIGN.search(text) is not None


def as_factor(text: str) -> str:
    """Write a formula so that it may be multiplied: a sum in parentheses.

    >>> as_factor("sqft-1900"), as_factor("log(sqft-1900)"), as_factor("`a-b`^2")
    ('(sqft-1900)', 'log(sqft-1900)', '`a-b`^2')
    """
    outside = re.sub(r"`(?:[^`]|``)*`|\d[eE][-+]", "", text)
    while (inner := re.sub(r"\([^()]*\)", "", outside)) != outside:
        outside = inner
    return f"({text})" if {*outside} & {*"+-−"} else text


def parse(file: str, columns: Sequence[str], text: str, flag: str) -> "Formula":
    """Parse a formula of some of these columns; the text of one column is a formula too.

    Raises ConfigError where the text is no formula, and DataError where it names no column.
    """
    from .parser import parse as parsed

    return parsed(file, columns, text, flag)


def columns_in(text: str) -> list[str]:
    """Give the columns that a formula names, where no table tells which there are."""
    from .parser import columns_in as named

    return named(text)
