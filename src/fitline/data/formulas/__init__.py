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


def is_formula(columns: Sequence[str], text: str) -> bool:
    """Tell whether a text is to be parsed; the very name of a column, or its place, is not."""
    return text not in columns and SIGN.search(text) is not None


def parse(file: str, columns: Sequence[str], text: str, flag: str) -> "Formula":
    """Parse a formula of some of these columns; the text of one column is a formula too.

    Raises ConfigError where the text is no formula, and DataError where it names no column.
    """
    from .parser import parse as parsed

    return parsed(file, columns, text, flag)
