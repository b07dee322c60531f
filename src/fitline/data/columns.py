"""Which columns of a table are meant.

A column is typed as its name, or as its place: @3 is the third one.
"""

import re
from collections.abc import Collection, Container, Sequence
from difflib import get_close_matches

from fitline.errors import DataError
from fitline.escaping import printable
from fitline.formatting import LISTED, listed, quoted

from .cells import Parsing
from .dates import Dates
from .layout import is_value

LESSON = {"x": "sqft", "y": "price"}
TARGETS = {"y", "price", "target", "label"}
"""Columns that are predicted, never predicted from, unless that is asked for."""

PLACE = re.compile(r"@([1-9]\d{0,8})")

NO_HEADER = "if the first line is a row, add --no-header: the columns are then c1, c2 and so on"


def choose(
    file: str,
    columns: Sequence[str],
    x: str | None,
    y: str | None,
    dates: Dates | None = None,
) -> tuple[str, str]:
    """Choose the two columns, as they would be typed; `dates` tells how these are written.

    Those that are named; else `sqft` and `price`; else the other of two.
    Raises DataError where that leaves a doubt, and lists the columns.
    """
    given = {"x": x, "y": y}
    for flag, typed in given.items():
        if typed is not None:
            require(file, columns, typed, flag, dates)
    if x is not None and y is not None and place_of(columns, x) == place_of(columns, y):
        raise DataError(
            f"x and y are both {quoted(x)}; a line needs two columns", file=file, column=x
        )
    wanted = {flag: LESSON[flag] if typed is None else typed for flag, typed in given.items()}
    places = {place_of(columns, typed) for typed in wanted.values()}
    if None in given.values() and (None in places or len(places) < len(wanted)):
        wanted = _of_two(file, columns, given, dates)
    for flag, typed in wanted.items():
        require(file, columns, typed, flag, dates)
    return wanted["x"], wanted["y"]


def choose_x(file: str, columns: Sequence[str], x: str | None, dates: Dates | None = None) -> str:
    """Choose the column to predict from.

    The one that is named; else `sqft`; else the first of two that is no target. Raises DataError
    where that leaves a doubt, and lists the columns.
    """
    left = [column for column in _named(columns) if column.casefold() not in TARGETS]
    of_two = LESSON["x"] not in columns and len(_named(columns)) <= 2  # noqa: PLR2004 - x and y
    if x is None and of_two and left and not _no_header(columns, dates):
        x = left[0]
    x = LESSON["x"] if x is None else x
    require(file, columns, x, "x", dates)
    return x


def target_of(columns: Sequence[str], taken: Collection[int | None] = ()) -> int | None:
    """Find the column that is to be predicted, where none is named; None in doubt.

    That is `price`, or the only one with the name of a target, or the only one that is left.
    """
    left = [place for place in range(len(columns)) if place not in taken]
    likely = [place for place in left if columns[place] == LESSON["y"]]
    likely = likely or [place for place in left if columns[place].casefold() in TARGETS] or left
    return likely[0] if len(likely) == 1 else None


def place_of(columns: Sequence[str], typed: str) -> int | None:
    """Give the place of a column, from 0; None where there is none, or more than one."""
    if typed in columns:
        return columns.index(typed) if columns.count(typed) == 1 else None
    place = PLACE.fullmatch(typed)
    return int(place[1]) - 1 if place and int(place[1]) <= len(columns) else None


def typed_as(columns: Sequence[str], place: int) -> str:
    """Name a column by its name, or by its place where others have the same."""
    name = columns[place]
    return name if columns.count(name) == 1 else f"@{place + 1}"


def require(
    file: str,
    columns: Sequence[str],
    typed: str,
    flag: str,
    dates: Dates | None = None,
    taken: Container[str] = (),
) -> None:
    """Raise DataError unless there is exactly one such column; propose none that is taken."""
    is_place = PLACE.fullmatch(typed) and typed not in columns
    if place_of(columns, typed) is not None and not (is_place and _no_header(columns, dates)):
        return
    places = [f"@{place}" for place, column in enumerate(columns, start=1) if column == typed]
    if places:
        raise DataError(
            f"the column {quoted(typed)} appears {len(places)} times",
            file=file,
            line=1,
            column=typed,
            hint=f"choose one by its place: --{flag} {' or '.join(places[:LISTED])}",
        )
    free = [column for column in columns if column not in taken]
    near = get_close_matches(typed.casefold(), [column.casefold() for column in free], 1)
    meant = [column for column in free if near and column.casefold() == near[0]]
    raise DataError(
        f"no column {quoted(typed)}; it has {listed(columns)}",
        file=file,
        column=typed,
        hint=(
            f"did you mean --{flag} {_typed(columns, columns.index(meant[0]))}?"
            if meant and not is_place
            else _no_header(columns, dates) or f"name one of these with --{flag}"
        ),
    )


def _named(columns: Sequence[str]) -> Sequence[str]:
    """Leave out a first column without a name, which holds labels of rows."""
    return columns[1:] if len(columns) > 2 and not columns[0] else columns  # noqa: PLR2004 - x and y


def _of_two(
    file: str, columns: Sequence[str], given: dict[str, str | None], dates: Dates | None
) -> dict[str, str]:
    """Take the columns of a two-column table, or the one that is left over; a target is y."""
    named = _named(columns)
    two = named if len(named) == 2 else ()  # noqa: PLR2004 - x and y
    taken = {place_of(columns, typed) for typed in given.values() if typed is not None}
    left = [column for column in two if place_of(columns, column) not in taken]
    missing = [flag for flag, typed in given.items() if typed is None]
    targets = [column for column in left if column.casefold() in TARGETS]
    is_clear = len(left) == len(missing) and not _no_header(columns, dates)
    if not is_clear or ("x" in missing and len(targets) == len(left)):
        flags = " and ".join(f"--{flag}" for flag in missing)
        hints = [f"name them with {flags}" if flags else ""]
        if any(is_value(column, dates) for column in columns):
            hints.append(NO_HEADER)
        raise DataError(
            f"which columns are meant? It has {listed(columns)}",
            file=file,
            hint="; ".join(filter(None, hints)) or None,
        )
    if targets:
        left.sort(key=targets.__contains__)
    return {flag: typed if typed is not None else left.pop(0) for flag, typed in given.items()}


def _no_header(columns: Sequence[str], dates: Dates | None) -> str | None:
    """Say what to do where the first line holds values instead of names."""
    values = [is_value(column, dates) for column in columns]
    if any(values) and all(
        value or Parsing().is_missing(column)
        for value, column in zip(values, columns, strict=True)
    ):
        return NO_HEADER
    return None


def _typed(columns: Sequence[str], place: int) -> str:
    """Write a column as it would be typed in a shell: by its place where its name cannot be."""
    name = columns[place]
    if printable(name) != name or columns.count(name) > 1:
        return f"@{place + 1}"
    return name if name.isidentifier() else "'" + name.replace("'", "'\\''") + "'"
