"""From what is typed for x to columns: lists with commas, and patterns."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from fitline.errors import DataError
from fitline.formatting import listed, quoted

from .columns import place_of, target_of

COMMA = re.compile(r",(?=(?:[^`]*`[^`]*`)*[^`]*$)")
"""A comma that stands outside of backticks."""

WILD = re.compile(r"[*?]|\[.+\]")


@dataclass(frozen=True)
class Selection:
    """Columns as each would be typed, and the columns of text that patterns passed over."""

    x: tuple[str, ...]
    passed_over: tuple[str, ...] = ()


def select(
    file: str,
    columns: Sequence[str],
    typed: Sequence[str],
    y: str | None,
    holds_numbers: Callable[[int], bool],
) -> Selection:
    """Take lists and patterns apart; what is a column's very name stands for that column.

    A pattern means the columns that match it and hold numbers, y and those named already apart.
    Raises DataError where none does.
    """
    names = [
        name
        for text in typed
        for name in ([text] if place_of(columns, text) is not None else _split(text))
    ]
    target = place_of(columns, y) if y is not None else target_of(columns)
    taken = {target, *(place_of(columns, name) for name in names)}
    chosen: list[str] = []
    passed_over: dict[str, None] = {}
    for name in names:
        if place_of(columns, name) is not None or not WILD.search(name):
            chosen.append(name)
            continue
        matching = [place for place, column in enumerate(columns) if fnmatchcase(column, name)]
        texts = [columns[place] for place in matching if not holds_numbers(place)]
        found = [p for p in matching if p not in taken and columns[p] not in texts]
        if not matching or (not found and texts):
            raise _nothing(file, columns, name, texts)
        passed_over |= dict.fromkeys(texts)
        taken.update(found)
        chosen += [_typed(columns, place) for place in found]
    return Selection(tuple(chosen), tuple(passed_over))


def _split(text: str) -> list[str]:
    return [name for name in map(str.strip, COMMA.split(text)) if name] or [text]


def _typed(columns: Sequence[str], place: int) -> str:
    """Name a column by its name, or by its place where others have the same."""
    name = columns[place]
    return name if columns.count(name) == 1 else f"@{place + 1}"


def _nothing(file: str, columns: Sequence[str], name: str, texts: Sequence[str]) -> DataError:
    if texts:
        return DataError(
            f"no column that matches {quoted(name)} holds numbers; {listed(texts)}"
            f" {'holds' if len(texts) == 1 else 'hold'} text",
            file=file,
            column=name,
        )
    return DataError(
        f"no column matches {quoted(name)}; it has {listed(columns)}", file=file, column=name
    )
