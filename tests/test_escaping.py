"""What must not be printed is shown by its escape, and JSON keeps it."""

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fitline.escaping import json_text, printable

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
SIGNS = "\u200c\u200d\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd" + "".join(
    map(chr, (*range(0x600, 0x606), *range(0x13430, 0x13440)))
)
"""Joiners and signs of scripts, which are seen or shape what is, and change no direction."""

anything = st.text(st.characters())


def is_safe(text: str, allowed: str = "") -> bool:
    """Tell whether nothing in a text controls a terminal or hides from a reader."""
    return not any(unicodedata.category(c) in HIDDEN and c not in allowed for c in text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("θ0 = −1 × sqft · é 面積 👩‍👧", "θ0 = −1 × sqft · é 面積 👩‍👧"),
        ("\x1b[31mred\x9b0m", r"\x1b[31mred\x9b0m"),
        ("\x1b]0;mine\x07", r"\x1b]0;mine\x07"),
        ("a\nb\tc\r\x7f", r"a\nb\tc\r\x7f"),
        ("user\u202etxt.exe\u2066", r"user\u202etxt.exe\u2066"),
        ("\ud800 \U000e0041", r"\ud800 \U000e0041"),
    ],
)
def test_text_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(anything)
@example("".join(map(chr, range(0x110000))))
def test_nothing_that_is_printed_is_hidden(text: str) -> None:
    assert is_safe(printable(text), SIGNS)
    assert printable(printable(text)) == printable(text)


@given(anything, st.sampled_from([None, 2]))
def test_json_keeps_the_text_and_is_safe_to_print(text: str, indent: int | None) -> None:
    written = json_text({text: [text, 1.5]}, indent=indent)
    assert is_safe(written, SIGNS + ("\n" if indent else ""))
    assert json.loads(written) == {text: [text, 1.5]}
