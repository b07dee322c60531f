"""Numbers in SQL, as exact as they are, and texts, quoted or without blanks around them."""

LARGEST = "1.7976931348623157e308"

BLANKS = " \t\n\v\f\r"
"""What may stand around a cell's text."""


def text(value: str) -> str:
    """Quote a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def number(value: float) -> str:
    """Write a float64 so that SQL reads the same one, never a decimal."""
    digits = repr(value)
    return f"({digits if 'e' in digits else digits + 'e0'})"


def finite(column: str) -> str:
    """Say that a column holds a number; neither NULL nor NaN nor an infinity passes."""
    return f"(abs({column}) <= {LARGEST})"


def trimmed(cell: str) -> str:
    """Give `text_of` as an expression of the engine."""
    return f"trim({cell}, {text(BLANKS)})"
