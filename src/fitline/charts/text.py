"""Words for a terminal, in which nothing from a table, a file or a page controls it."""

from typing import Any

from rich import text

from fitline.escaping import printable


class Text(text.Text):
    """Styled text; what must not be printed is shown by its escape."""

    def __init__(self, plain: str = "", style: Any = "", **layout: Any) -> None:
        super().__init__(printable(plain), style, **layout)

    def append(self, plain: Any, style: Any = None) -> "Text":
        """Add text, styled on its own."""
        super().append(printable(plain) if isinstance(plain, str) else plain, style)
        return self
