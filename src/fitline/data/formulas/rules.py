"""The operations of formulas, each in Python, for arrays and in SQL.

Python and the engine take log, exp and pow from the same C library, so their bits agree; NumPy has
its own, which may differ in the last bit. The engine raises no errors: its ln(0) is −∞.
"""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fitline.data import sql
from fitline.vector import Vector

SHORT = 100
"""SQL of up to so many characters is repeated where it is needed twice, which is the fastest."""


@dataclass(frozen=True)
class Undo:
    """Solve for an operand, given the result and, if there is one, the other operand."""

    value: Callable[..., float]
    sql: Callable[..., str]


@dataclass(frozen=True)
class Rule:
    """An operation in Python, for arrays and in SQL.

    `undo` has one entry per operand, None where there is no solution in general.
    """

    value: Callable[..., float]
    array: Callable[..., Vector]
    sql: Callable[..., str]
    undo: tuple[Undo | None, ...]


def _named(operand: str, body: Callable[[str], str]) -> str:
    """Use an operand several times; a long one is computed once, under a name."""
    if len(operand) <= SHORT:
        return body(operand)
    return f"list_transform([{operand}], lambda v: {body('v')})[1]"


def finite_or_null(operand: str) -> str:
    """Make NULL of what is not finite, before a step that could turn it into a number."""
    return _named(operand, lambda v: f"(case when {sql.finite(v)} then {v} end)")


def _base(power: float, exponent: float) -> float:
    """Solve base^exponent = power; the base is negative only where nothing else will do."""
    if power < 0 and exponent % 2 != 1:
        return math.nan
    return math.copysign(math.pow(abs(power), 1 / exponent), power)


def _base_sql(power: str, exponent: str) -> str:
    root = f"pow(abs({power}), 1e0 / {exponent})"
    is_odd = f"abs({exponent} % 2) = 1"
    return f"(case when {power} >= 0 then {root} when {is_odd} then -{root} end)"


def _if_positive(body: str) -> Callable[[str], str]:
    return ("(case when {0} >= 0 then " + body + " end)").format


MINUS, PLUS = Undo(operator.sub, "({} - {})".format), Undo(operator.add, "({} + {})".format)
OVER, TIMES = Undo(operator.truediv, "({} / {})".format), Undo(operator.mul, "({} * {})".format)
FROM = Undo(lambda r, a: a - r, "({1} - {0})".format)
UNDER = Undo(lambda r, a: a / r, "({1} / {0})".format)
BINARY = {
    "+": Rule(operator.add, np.add, "({} + {})".format, (MINUS, MINUS)),
    "-": Rule(operator.sub, np.subtract, "({} - {})".format, (PLUS, FROM)),
    "*": Rule(operator.mul, np.multiply, "({} * {})".format, (OVER, OVER)),
    "/": Rule(
        operator.truediv,
        np.divide,
        lambda a, b: f"({a} / {finite_or_null(b)})",
        (TIMES, UNDER),
    ),
}
POWER = Rule(
    math.pow,
    np.power,
    lambda a, b: f"pow({finite_or_null(a)}, {finite_or_null(b)})",
    (Undo(_base, _base_sql), None),
)
PRODUCTS = {
    2.0: Rule(
        lambda a: a * a,
        lambda a: a * a,
        lambda a: _named(a, "({0} * {0})".format),
        (Undo(math.sqrt, _if_positive("sqrt({0})")),),
    ),
    3.0: Rule(
        lambda a: a * a * a,
        lambda a: a * a * a,
        lambda a: _named(a, "({0} * {0} * {0})".format),
        (Undo(math.cbrt, "cbrt({})".format),),
    ),
}
NEGATION = Rule(operator.neg, np.negative, "(-{})".format, (Undo(operator.neg, "(-{})".format),))
FUNCTIONS = {
    "log": Rule(math.log, np.log, "ln({})".format, (Undo(math.exp, "exp({})".format),)),
    "exp": Rule(
        math.exp,
        np.exp,
        lambda a: f"exp({finite_or_null(a)})",
        (Undo(math.log, _if_positive("ln({0})")),),
    ),
    "sqrt": Rule(
        math.sqrt,
        np.sqrt,
        "sqrt({})".format,
        (Undo(lambda r: _base(r, 0.5), _if_positive("({0} * {0})")),),
    ),
}
