"""Options that several commands share and that are no settings: output, rejects, how quiet."""

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from fitline.errors import UsageError
from fitline.formatting import count, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitline.vector import Vector

Format = Literal["table", "json", "csv", "markdown"]


def number(text: object) -> float:
    """Read a number as it is typed, or as fitline prints it: with the sign −.

    >>> number("−4.5e−3")
    -0.0045
    """
    try:
        return float(str(text).replace("−", "-").replace("_", "?"))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a number") from None


def numbers(text: object) -> tuple[float, ...]:
    """Read numbers with commas between them, as they are typed or as fitline prints them."""
    return tuple(map(number, text if isinstance(text, tuple) else str(text).split(",")))


def number_option(*names: str, metavar: str = "NUMBER", **about: Any) -> Any:
    """Declare an option that takes a number."""
    return typer.Option(*names, parser=number, metavar=metavar, **about)


Data = Annotated[
    list[str] | None,
    typer.Argument(
        help="Tables: paths, globs, or - for standard input; of delimited text, JSON lines or"
        " Parquet, also as .gz and .zst. Left out: the built-in four houses.",
        show_default=False,
        metavar="[DATA]...",
    ),
]
Rejects = Annotated[
    str | None,
    typer.Option(
        "--rejects",
        metavar="FILE.csv",
        help="List every row that cannot be used, with its line and the reason.",
        rich_help_panel="Table",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Fit each group of rows by itself: those with the same text in this column, blanks"
        " around it aside.",
        rich_help_panel="Table",
    ),
]
OutputFormat = Annotated[
    Format | None,
    typer.Option("--format", help="How to write the result. Left out: by the ending of FILE."),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE|-",
        help="Write to a file, in the format of its ending.",
        callback=lambda path: None if path == "-" else path,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print the result and errors only."),
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Say what is done, and how long it took."),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Exit with 3 when not converged."),
]
RunFolder = Annotated[
    str,
    typer.Argument(
        metavar="FOLDER", help="A run that fitline train --run saved.", show_default=False
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="FILE.json",
        help="A model that fitline train --save wrote.",
        rich_help_panel="Model",
    ),
]


ENDINGS: dict[str, Format] = {".json": "json", ".csv": "csv", ".md": "markdown", ".txt": "table"}


def each_of(x: "str | Sequence[str] | None") -> "Sequence[str]":
    """List what was typed once or several times, or not at all."""
    return [x] if isinstance(x, str) else x or []


def choose_format(
    format_: Format | None, output: str | None, default: Format = "table", also: str = ""
) -> Format:
    """Take the format that was named, or that of the file's ending, or the default.

    `also` lists the endings that the command knows beyond these. Raises UsageError for others.
    """
    ending = "" if output is None else Path(output).suffix
    if format_ is None and ending and ending not in {*ENDINGS, *also.split()}:
        known = ", ".join([*ENDINGS, *also.split()])
        raise UsageError(
            f"--output is {output!r}, whose ending names no format",
            value=output,
            hint=f"end it in one of {known}, or add --format",
        )
    return format_ or ENDINGS.get(ending, default)


def require_level(flag: str, level: float | None) -> None:
    """Raise UsageError unless this is the level of an interval, or None."""
    if level is not None and not 0 < level < 1:
        raise UsageError(
            f"{flag} is {level:g}, not between 0 and 1", value=str(level), hint=f"{flag} 0.95"
        )


def parameters(text: str) -> list[float]:
    """Read parameters such as 50000,100, of which there are two or more."""
    try:
        theta = numbers(text)
    except typer.BadParameter:
        theta = ()
    if len(theta) < 2:  # noqa: PLR2004 - an intercept and a slope
        raise UsageError(
            f"--theta is {text!r}, not two numbers or more",
            value=text,
            hint=f"the intercept goes first: --theta 0,{text if theta else 100}",
        )
    return [finite("--theta", value) for value in theta]


def require_parameters(features: "Sequence[str]", theta: "Sequence[float] | Vector") -> None:
    """Raise UsageError unless there is an intercept, and a slope for each feature."""
    if len(theta) == 1 + len(features):
        return
    example = ",".join(["0"] * (1 + len(features)))
    raise UsageError(
        f"theta has {len(theta)} numbers, and {count(len(features), 'feature')},"
        f" {listed(features)}, {'takes' if len(features) == 1 else 'take'} {1 + len(features)}",
        hint=f"write the intercept and a slope for each feature: --theta {example}",
    )


def typed_parameters(
    theta0: float | None, theta1: float | None, theta: "Sequence[str] | None"
) -> list[list[float]]:
    """Take the points that were typed: --theta0 and --theta1, which go together, and --theta."""
    pair = [] if (one := _both(theta0, theta1)) is None else [one]
    return pair + [parameters(text) for text in theta or []]


def _both(theta0: float | None, theta1: float | None) -> list[float] | None:
    if theta0 is None and theta1 is None:
        return None
    if theta0 is None or theta1 is None:
        missing = "--theta0" if theta0 is None else "--theta1"
        raise UsageError(f"{missing} is missing", hint="--theta0 and --theta1 go together")
    return [finite("--theta0", theta0), finite("--theta1", theta1)]


def finite(name: str, value: float) -> float:
    """Refuse what is no finite number."""
    if not math.isfinite(value):
        raise UsageError(f"{name} is {value}, not a finite number", value=str(value))
    return value


def axis(flag: str, text: str | None, sign: str = " ") -> "Vector | None":
    """Read a range with its number of points, such as 0:50000:3; a sign parts it from its flag."""
    from fitline.landscape.grid import axis as points_between

    if text is None:
        return None
    try:
        start, stop, count = text.replace("−", "-").split(":")
        points = int(count)
        if points < 1:
            raise ValueError  # noqa: TRY301 - one answer to all that may be wrong
        if points > MOST_POINTS:
            raise UsageError(
                f"{flag} has more than {MOST_POINTS:,} values, the most there can be",
                value=text,
                hint=f"choose fewer: {flag}{sign}{start}:{stop}:1000",
            )
        return points_between(start, stop, points)
    except (ValueError, OverflowError):
        raise UsageError(
            f"{flag} is {text!r}, not START:STOP:COUNT",
            value=text,
            hint=f"three values from 0 to 50000: {flag}{sign}0:50000:3",
        ) from None


def span(flag: str, text: str | None) -> "Vector | float | None":
    """Read a range such as 0:50000, with or without its number of points, or a single value."""
    if text is None:
        return None
    if ":" not in text:
        try:
            return finite(flag, number(text))
        except typer.BadParameter:
            raise UsageError(
                f"{flag} is {text!r}, neither a value nor a range",
                value=text,
                hint=f"write {flag} 100, or {flag} 0:50000",
            ) from None
    return _wide(flag, text)


def _wide(flag: str, text: str) -> "Vector | None":
    """Read a range that has some width, with or without its number of points."""
    from fitline.landscape.window import WINDOW_POINTS

    ends = text if text.count(":") > 1 else f"{text}:{WINDOW_POINTS}"
    values = axis(flag, ends)
    if values is None or not values[0] < values[-1]:
        raise UsageError(f"{flag} is {text!r}, a range that does not rise", value=text)
    if float(values[-1]) - float(values[0]) > MOST_WIDTH:
        raise UsageError(f"{flag} is {text!r}, a range too wide for a float64", value=text)
    return values


def own_range(flag: str, text: str) -> "Vector | None":
    """Read a range behind the name of a parameter, with or without its number of points."""
    return _wide(flag, text) if text.count(":") == 1 else axis(flag, text, "=")


def own_span(flag: str, text: str) -> "Vector | None":
    """Read such a range, which has some width."""
    return _wide(flag, text) if ":" in text else axis(flag, text, "=")


MOST_WIDTH = sys.float_info.max

MOST_POINTS = 10**5
"""Each value of an axis is worked out in fractions; a longer one would take minutes."""
