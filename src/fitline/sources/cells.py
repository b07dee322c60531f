"""What a cell must be to serve as a number, and what to say when it is not."""

import math
import re

from fitline.digits import quoted

CURRENCY = "$€£¥₹"
DECORATION = re.compile(rf"[ \u00a0\u202f{CURRENCY},'’%]|(?<=\d)_(?=\d)")


def trouble(name: str, cell: object) -> str | None:
    """Say why a cell is no finite number, in the words of an error; None where it is one."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return f"{name} is missing"
    value = _number(cell)
    if value is None:
        return f"{name} is {quoted(str(cell))}, not a number{_advice(str(cell))}"
    if not math.isfinite(value):
        return f"{name} is {quoted(str(cell))}, not a finite number"
    return None


def _number(cell: object) -> float | None:
    """Read a number as the engine does: ASCII, spaces around it, +-5 as −5."""
    text = str(cell).strip(" \t\n\v\f\r")
    try:
        plain = text.isascii() and text.isprintable()
        return float(text.replace("+-", "-", 1)) if plain else None
    except ValueError:
        return None


def _advice(text: str) -> str:
    """Say what to write instead, where that can be guessed."""
    if "�" in text:
        return " (it is not UTF-8 text)"
    if re.fullmatch(r"\s*-?\d+,\d{1,2}\s*", text):
        return f" (write the decimal comma as a point: {text.strip().replace(',', '.')})"
    plain = DECORATION.sub("", text)
    if plain != text.strip() and _number(plain) is not None:
        what = [
            what
            for what, there in (
                ("the currency sign", any(sign in text for sign in CURRENCY)),
                ("the percent sign", "%" in text),
                ("the thousands separators", re.search(r"\d[ \u00a0\u202f,'’_]\d", text)),
            )
            if there
        ]
        return f" (leave out {' and '.join(what) or 'the spaces'}: {plain})"
    return ""
