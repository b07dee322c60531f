"""Curves and points drawn with the dots of Braille characters, two by four to a character."""

from collections.abc import Iterable

from .text import Text

ACROSS, DOWN = 2, 4
BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
EMPTY = 0x2800


class Dots:
    """A sheet of dots; the dot (0, 0) is at the top left. The last style drawn in a cell wins."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = ACROSS * width, DOWN * height
        self._cells = [[0] * width for _ in range(height)]
        self._styles = [[""] * width for _ in range(height)]
        self._signs: dict[tuple[int, int], tuple[str, str]] = {}

    def dot(self, x: int, y: int, style: str = "") -> None:
        """Draw a dot, if it lies on the sheet."""
        if 0 <= x < self.width and 0 <= y < self.height:
            row, column = y // DOWN, x // ACROSS
            self._cells[row][column] |= BITS[y % DOWN][x % ACROSS]
            self._styles[row][column] = style

    def line(self, start: tuple[int, int], stop: tuple[int, int], style: str = "") -> None:
        """Draw a straight line of dots."""
        for x, y in straight(start, stop):
            self.dot(x, y, style)

    def sign(self, x: int, y: int, sign: str, style: str = "") -> None:
        """Write a character over the dots of its cell."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._signs[y // DOWN, x // ACROSS] = (sign, style)

    def rows(self) -> list[Text]:
        """Give the sheet, a text a row."""
        rows = []
        for row, (cells, styles) in enumerate(zip(self._cells, self._styles, strict=True)):
            text = Text(no_wrap=True)
            for column, (cell, style) in enumerate(zip(cells, styles, strict=True)):
                blank = (chr(EMPTY + cell) if cell else " ", style)
                text.append(*self._signs.get((row, column), blank))
            rows.append(text)
        return rows


def straight(start: tuple[int, int], stop: tuple[int, int]) -> Iterable[tuple[int, int]]:
    """Give the dots of a line, both ends included."""
    (x, y), (to_x, to_y) = start, stop
    steps = max(abs(to_x - x), abs(to_y - y), 1)
    for step in range(steps + 1):
        part = step / steps
        yield round(x + part * (to_x - x)), round(y + part * (to_y - y))
