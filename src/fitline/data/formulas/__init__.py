"""Formulas of columns, such as log(sqft): parsed to small trees, never handed on as text."""

from .parser import is_formula, parse
from .tree import Formula, NoValueError

__all__ = ["Formula", "NoValueError", "is_formula", "parse"]
