"""Which columns of a table are meant."""

from collections.abc import Sequence
from difflib import get_close_matches

from fitline.digits import quoted
from fitline.errors import DataError

LESSON = {"x": "sqft", "y": "price"}
SHOWN = 12
"""How many columns an error lists."""


def choose(file: str, columns: Sequence[str], x: str | None, y: str | None) -> tuple[str, str]:
    """Choose the two columns.

    Those that are named; else `sqft` and `price`; else the other of two.
    Raises DataError where that leaves a doubt, and lists the columns.
    """
    given = {"x": x, "y": y}
    for flag, name in given.items():
        if name is not None:
            require(file, columns, name, flag)
    if x is not None and x == y:
        raise DataError(
            f"x and y are both {quoted(x)}; a line needs two columns", file=file, column=x
        )
    wanted = {flag: name or LESSON[flag] for flag, name in given.items()}
    if len(set(wanted.values()) & set(columns)) < len(wanted):
        wanted = _of_two(file, columns, given)
    for flag, name in wanted.items():
        require(file, columns, name, flag)
    return wanted["x"], wanted["y"]


def choose_x(file: str, columns: Sequence[str], x: str | None) -> str:
    """Choose the column to predict from.

    The one that is named; else `sqft`; else the first of two. Raises DataError where that
    leaves a doubt, and lists the columns.
    """
    of_two = LESSON["x"] not in columns and len(columns) <= 2  # noqa: PLR2004 - x and y
    if x is None and of_two and not _no_header(columns):
        x = columns[0]
    require(file, columns, x or LESSON["x"], "x")
    return x or LESSON["x"]


def require(file: str, columns: Sequence[str], name: str, flag: str) -> None:
    """Raise DataError unless there is exactly one column of this name."""
    times = list(columns).count(name)
    if times == 1:
        return
    if times > 1:
        raise DataError(
            f"the column {quoted(name)} appears {times} times",
            file=file,
            line=1,
            column=name,
            hint="give each column a name of its own in the first line",
        )
    near = get_close_matches(name.casefold(), [column.casefold() for column in columns], 1)
    meant = [column for column in columns if near and column.casefold() == near[0]]
    raise DataError(
        f"no column {quoted(name)}; it has {listed(columns)}",
        file=file,
        column=name,
        hint=(
            f"did you mean --{flag} {_typed(meant[0])}?"
            if meant
            else _no_header(columns) or f"name one of these with --{flag}"
        ),
    )


def listed(columns: Sequence[str]) -> str:
    """List the columns, and say how many more there are."""
    shown = ", ".join(map(quoted, columns[:SHOWN]))
    more = len(columns) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _of_two(file: str, columns: Sequence[str], given: dict[str, str | None]) -> dict[str, str]:
    """Take the columns of a two-column table in their order, or the one that is left over."""
    left = [column for column in columns if column not in given.values()]
    missing = [flag for flag, name in given.items() if name is None]
    two = len(columns) == 2 and len(left) == len(missing)  # noqa: PLR2004 - x and y
    if not two or _no_header(columns):
        flags = " and ".join(f"--{flag}" for flag in missing)
        raise DataError(
            f"which columns are meant? It has {listed(columns)}",
            file=file,
            hint=_no_header(columns) or (f"name them with {flags}" if flags else None),
        )
    return {flag: name if name is not None else left.pop(0) for flag, name in given.items()}


def _no_header(columns: Sequence[str]) -> str | None:
    """Say so where the first line holds numbers instead of names."""
    if all(name.replace(".", "", 1).lstrip("-").isdigit() for name in columns):
        return "the first line must hold the names of the columns, such as sqft,price"
    return None


def _typed(name: str) -> str:
    """Write a name as it would be typed in a shell."""
    return name if name.isidentifier() else "'" + name.replace("'", "'\\''") + "'"
