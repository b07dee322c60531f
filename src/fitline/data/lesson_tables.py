"""The tables of the lessons, which travel with the package and are called `lesson:houses`."""

from pathlib import Path

from fitline.errors import DataError

PREFIX = "lesson:"
NAMES = ("houses", "outlier", "sleep", "town", "two_neighbourhoods", "wave")


def is_lesson_table(source: str) -> bool:
    """Tell whether a table of the lessons is meant, and no file.

    >>> is_lesson_table("lesson:sleep"), is_lesson_table("sleep.csv")
    (True, False)
    """
    return source.startswith(PREFIX)


def lesson_table(source: str) -> Path:
    """Find a table of the lessons: in the installed package, or in the checkout.

    Raises DataError where there is none of this name, or a file that is called so too.
    """
    name = source.removeprefix(PREFIX)
    if name not in NAMES:
        known = ", ".join(PREFIX + one for one in NAMES)
        raise DataError("there is no such table of the lessons", file=source, hint=f"try {known}")
    installed = Path(__file__).with_name(f"{name}.csv")
    if Path(source).exists():
        raise DataError(
            "this is a file here, and a table of the lessons",
            file=source,
            hint=f"./{source} is the file; rename it to have the table of the lessons",
        )
    return installed if installed.exists() else Path(__file__).parents[3] / f"data/{name}.csv"
