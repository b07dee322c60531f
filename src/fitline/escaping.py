"""Text that comes from others, made safe for terminals, pages and files.

Control characters move the cursor and rename the window, bidirectional overrides make text read
as what it is not. They are shown by their escapes, and never sent as they are.
"""

import json
import re
from typing import Any

UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # controls
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # the direction of what follows
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u3164"  # not seen at all
    "\ufeff\uffa0\ufff9-\ufffb"  # likewise
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"  # likewise
    "\u2028\u2029\ud800-\udfff"  # ends of lines, and halves of characters
    "\ufffe\uffff]"  # no characters, which XML forbids
)


def printable(text: str) -> str:
    r"""Show each character that must not be printed by its escape.

    >>> print(printable("sq\x1b[31mft\n"))
    sq\x1b[31mft\n
    """
    return UNPRINTABLE.sub(_escape, text)


def printable_lines(text: str) -> str:
    """Do the same, but for the ends of lines."""
    return "\n".join(map(printable, text.split("\n")))


def json_text(document: Any, **layout: Any) -> str:
    r"""Write JSON that holds the same text, with `\u` escapes for all that must not be printed.

    Raises ValueError where a number is not finite, which JSON does not know.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, **layout)
    # The line ends of a layout stand between the values, where nothing is to be escaped.
    return UNPRINTABLE.sub(lambda found: found[0] if found[0] == "\n" else _json(found), text)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _json(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
