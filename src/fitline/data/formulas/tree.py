"""Formulas of columns: small trees that are computed in Python, for arrays and in SQL.

A formula has no value where any of its steps is not finite: log(0), 1/0, an overflow. The engine
computes the values and Python says why there is none, so each of the `rules` brings both, and a
test holds them together.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from fitline import formatting
from fitline.data import sql
from fitline.vector import Vector

from .rules import BINARY, POWER, PRODUCTS, Rule, Undo, finite_or_null


class NoValueError(ArithmeticError):
    """A formula has no finite value; the message says which part of it has none, and why."""


@dataclass(frozen=True)
class Number:
    """A constant, which is finite."""

    value: float
    text: str


@dataclass(frozen=True)
class Column:
    """A column, by its place from 0."""

    place: int
    text: str


@dataclass(frozen=True)
class Operation:
    """A rule with its operands, not all of which are numbers."""

    rule: Rule
    operands: "tuple[Node, ...]"
    text: str


Node = Number | Column | Operation
"""A part of a formula, with the text that was typed."""


@dataclass(frozen=True)
class Formula:
    """A formula as it was typed; what it is computed from is given by the places of columns."""

    text: str
    root: Node

    @property
    def places(self) -> tuple[int, ...]:
        """Give the columns that are used, each once, in the order in which they were typed."""
        return tuple(dict.fromkeys(_places(self.root)))

    def value(self, cells: Mapping[int, float]) -> float:
        """Compute one value from finite ones; raises NoValueError."""
        return _value(self.root, cells)

    def of_arrays(self, columns: Mapping[int, Vector]) -> Vector:
        """Compute the values of arrays of one shape, NaN where there is none."""
        with np.errstate(all="ignore"):
            return _array(self.root, columns)

    def sql(self, cells: Mapping[int, str]) -> str:
        """Give the value as an expression of the engine, NULL where there is none.

        The cells are expressions of finite doubles or NULL.
        """
        return finite_or_null(_sql(self.root, cells))

    @property
    def is_invertible(self) -> bool:
        """Tell whether the formula is of one column, and tells its value."""
        return _is_invertible(self.root)

    @property
    def even_bases(self) -> tuple[str, ...]:
        """Give what is raised to an even power, which is not told by it where it is below 0."""
        return tuple(dict.fromkeys(_even_bases(self.root)))

    def inverse(self, value: float) -> float | None:
        """Give the value of the column for one of the formula, where no `even_bases` are below 0.

        None where there is no such value, or the formula is not invertible.
        """
        try:
            cell = _inverse(self.root, value) if self.is_invertible else math.nan
        except (ArithmeticError, ValueError):
            return None
        return cell if math.isfinite(cell) else None

    def inverse_sql(self, value: str) -> str:
        """Give `inverse` as an expression of the engine, for a finite double or NULL."""
        return finite_or_null(_inverse_sql(self.root, value))


def operation(rule: Rule, operands: tuple[Node, ...], text: str) -> Node:
    """Apply a rule, at once where that gives a constant; raises NoValueError."""
    node = Operation(rule, operands, text)
    is_constant = all(isinstance(operand, Number) for operand in operands)
    return Number(_value(node, {}), text) if is_constant else node


def power(base: Node, exponent: Node, text: str) -> Node:
    """Raise to a power; squares and cubes are products, since pow may miss their last bit."""
    rule = PRODUCTS.get(exponent.value) if isinstance(exponent, Number) else None
    return operation(rule, (base,), text) if rule else operation(POWER, (base, exponent), text)


def _places(node: Node) -> list[int]:
    match node:
        case Number():
            return []
        case Column():
            return [node.place]
        case Operation():
            return [place for operand in node.operands for place in _places(operand)]


def _value(node: Node, cells: Mapping[int, float]) -> float:
    match node:
        case Number():
            return node.value
        case Column():
            return cells[node.place]
        case Operation():
            return _result(node, [_value(operand, cells) for operand in node.operands])


def _result(node: Operation, operands: list[float]) -> float:
    trouble = "overflows a float64"
    try:
        result = node.rule.value(*operands)
    except OverflowError:
        result = math.inf
    except (ValueError, ZeroDivisionError):
        result, trouble = math.nan, "has no value"
    if math.isfinite(result):
        return result
    known = zip(node.operands, operands, strict=True)
    facts = dict.fromkeys(
        f"{operand.text} is {formatting.number(value)}"
        for operand, value in known
        if not isinstance(operand, Number)
    )
    reason = f", since {' and '.join(facts)}" if facts else ""
    raise NoValueError(f"{node.text} {trouble}{reason}")


def _array(node: Node, columns: Mapping[int, Vector]) -> Vector:
    match node:
        case Number():
            return np.array(node.value)
        case Column():
            return columns[node.place]
        case Operation():
            operands = [_array(operand, columns) for operand in node.operands]
            result = node.rule.array(*operands)
            is_known = reduce(np.logical_and, map(np.isfinite, [result, *operands]))
            return np.where(is_known, result, np.nan)


def _sql(node: Node, cells: Mapping[int, str]) -> str:
    """Give the value, which is NULL, NaN or infinite where there is none."""
    match node:
        case Number():
            return sql.number(node.value)
        case Column():
            return cells[node.place]
        case Operation():
            return node.rule.sql(*(_sql(operand, cells) for operand in node.operands))


def _even_bases(node: Node) -> list[str]:
    if not isinstance(node, Operation):
        return []
    base, *rest = node.operands
    exponent = rest[0].value if rest and isinstance(rest[0], Number) else math.nan
    is_even = node.rule is PRODUCTS[2.0] or (node.rule is POWER and exponent % 2 == 0)
    inner = [text for operand in node.operands for text in _even_bases(operand)]
    return [base.text, *inner] if is_even else inner


def _is_invertible(node: Node) -> bool:
    match node:
        case Number():
            return False
        case Column():
            return True
        case Operation():
            unknown, undo, numbers = _undoing(node)
            loses = 0 in numbers and node.rule not in {BINARY["+"], BINARY["-"]}
            return undo is not None and not loses and _is_invertible(unknown)


def _inverse(node: Node, value: float) -> float:
    """Solve for the column; the solution is not finite where a step to it is not."""
    if not (isinstance(node, Operation) and math.isfinite(value)):
        return value
    unknown, undo, numbers = _undoing(node)
    return _inverse(unknown, undo.value(value, *numbers)) if undo else math.nan


def _inverse_sql(node: Node, value: str) -> str:
    if not isinstance(node, Operation):
        return value
    unknown, undo, numbers = _undoing(node)
    if undo is None:
        return "null"
    step = undo.sql(finite_or_null(value), *map(sql.number, numbers))
    return _inverse_sql(unknown, step)


def _undoing(node: Operation) -> tuple[Node, Undo | None, list[float]]:
    """Give an operand that is no number, how it is told from the result, and the numbers."""
    numbers = [operand.value for operand in node.operands if isinstance(operand, Number)]
    at = next(i for i, operand in enumerate(node.operands) if not isinstance(operand, Number))
    is_only = len(numbers) == len(node.operands) - 1
    return node.operands[at], node.rule.undo[at] if is_only else None, numbers
