"""Numbers in SQL, as exact as they are."""

LARGEST = "1.7976931348623157e308"


def number(value: float) -> str:
    """Write a float64 so that SQL reads the same one, never a decimal."""
    text = repr(value)
    return f"({text if 'e' in text else text + 'e0'})"


def finite(column: str) -> str:
    """Say that a column holds a number; neither NULL nor NaN nor an infinity passes."""
    return f"(abs({column}) <= {LARGEST})"
