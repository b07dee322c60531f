"""What a cell must be to serve as a number, and what to say when it is not."""

import math
import re

CURRENCY = "$€£¥₹"
DECORATION = re.compile(rf"[\s{CURRENCY},'_%]")


def trouble(name: str, cell: object) -> str | None:
    """Say why a cell is no finite number, in the words of an error; None where it is one."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return f"{name} is missing"
    value = _number(cell)
    if value is None:
        return f"{name} is {_shown(cell)}, not a number{_advice(str(cell))}"
    if not math.isfinite(value):
        return f"{name} is {_shown(cell)}, not a finite number"
    return None


def _number(cell: object) -> float | None:
    """Read a number as the engine does: ASCII, with spaces around it at the most."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    try:
        return float(cell) if str(cell).isascii() else None
    except OverflowError:
        return math.inf
    except ValueError:
        return None


def _shown(cell: object) -> str:
    text = str(cell)
    return repr(text if len(text) <= 40 else text[:39] + "…")  # noqa: PLR2004 - a line of 80


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
                ("the thousands separators", re.search(r"\d[\s,'_]\d", text)),
            )
            if there
        ]
        return f" (leave out {' and '.join(what) or 'the spaces'}: {plain})"
    return ""
