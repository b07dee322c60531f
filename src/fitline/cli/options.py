"""Options that several commands share and that are no settings: output, rejects, how quiet."""

import math
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from fitline.errors import UsageError
from fitline.formatting import count, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
Chart = Annotated[
    bool,
    typer.Option(
        "--chart/--no-chart",
        help="End what a terminal shows with the excess cost by step.",
        show_default=False,
    ),
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


def parameters(text: str, features: int | None) -> list[float]:
    """Read parameters such as 50000,100, of which there are two or more.

    `features` is None where only a table tells how many there are.
    """
    try:
        theta = numbers(text)
    except typer.BadParameter:
        theta = ()
    if len(theta) < 2:  # noqa: PLR2004 - an intercept and a slope
        slope = text if theta and math.isfinite(*theta) else "100"
        raise UsageError(
            f"--theta is {text!r}, not two numbers or more",
            value=text,
            hint=f"the intercept goes first: {example_of_theta(features, slope=slope)}",
        )
    return [finite("--theta", value) for value in theta]


def example_of_theta(features: int | None, intercept: str = "0", slope: str = "100") -> str:
    """Show how the parameters of so many features are typed.

    >>> example_of_theta(2), example_of_theta(None)
    ('--theta 0,100,100', '--theta θ0,θ1,…')
    """
    slopes = ["θ1", "…"] if features is None else [slope] * features
    return f"--theta {','.join([intercept if features else 'θ0', *slopes])}"


def require_parameters(features: "Sequence[str]", theta: "Sequence[float] | Vector") -> None:
    """Raise UsageError unless there is an intercept, and a slope for each feature."""
    if len(theta) == 1 + len(features):
        return
    raise UsageError(
        f"theta has {len(theta)} numbers, and {count(len(features), 'feature')},"
        f" {listed(features)}, {'takes' if len(features) == 1 else 'take'} {1 + len(features)}",
        hint="write the intercept and a slope for each feature:"
        f" {example_of_theta(len(features), slope='0')}",
    )


def typed_parameters(
    theta0: float | None,
    theta1: float | None,
    theta: "Sequence[str] | None",
    features: int | None,
) -> list[list[float]]:
    """Take the points that were typed: --theta0 and --theta1, which go together, and --theta."""
    pair = {"--theta0": theta0, "--theta1": theta1}
    given = {flag: finite(flag, value) for flag, value in pair.items() if value is not None}
    one = [_both(given, features)] if given else []
    return one + [parameters(text, features) for text in theta or []]


def _both(given: "Mapping[str, float]", features: int | None) -> list[float]:
    """Take --theta0 and --theta1. Raises UsageError where there are others, or one is missing."""
    if features and features > 1:
        flags = f"{' and '.join(given)} {'is' if len(given) == 1 else 'are'}"
        raise UsageError(
            f"{flags} for one feature; there are {features}",
            hint=f"give all parameters at once: {example_of_theta(features)}",
        )
    for missing in {"--theta0", "--theta1"} - given.keys():
        ((flag, value),) = given.items()
        raise UsageError(
            f"{missing} is missing",
            hint=f"--theta0 and --theta1 go together: {flag} {plain(value)} {missing} 100"
            + ("" if features else ", for one feature"),
        )
    return [*given.values()]


def plain(value: float) -> str:
    """Write a number as it is typed, to all its digits.

    >>> plain(1500.0)
    '1500'
    """
    return repr(value).removesuffix(".0")


def finite(name: str, value: float) -> float:
    """Refuse what is no finite number."""
    if not math.isfinite(value):
        raise UsageError(f"{name} is {value}, not a finite number", value=str(value))
    return value


def axis(flag: str, text: str | None, sign: str = " ") -> "Vector | None":
    """Read a range with its number of points, such as 0:50000:3; a sign parts it from its flag.

    The flag may be the name of a parameter, behind which the range stands.
    """
    from fitline.landscapes.grid import axis as points_between

    if text is None:
        return None
    try:
        start, stop, count = text.replace("−", "-").split(":")
        points = int(count)
        if points < 1:
            raise ValueError  # noqa: TRY301 - one answer to all that may be wrong
        values = points_between(start, stop, points if points <= MOST_POINTS else 1)
    except (ValueError, OverflowError):
        raise UsageError(
            f"{flag} is {text!r}, not START:STOP:COUNT",
            value=text,
            hint=f"three values from 0 to 50000: {_typed(flag, sign, '0:50000:3')}",
        ) from None
    if points > MOST_POINTS:
        raise UsageError(
            f"{flag} has more than {MOST_POINTS:,} values, the most there can be",
            value=text,
            hint=f"choose fewer: {_typed(flag, sign, f'{start}:{stop}:1000')}",
        )
    return values


def _typed(flag: str, sign: str, range_: str) -> str:
    """Write a range as it is typed, behind the name of a parameter without the option's own."""
    return f"{flag} {range_}" if sign == " " else shlex.quote(f"{flag.partition(' ')[2]}={range_}")


def span(flag: str, text: str | None, example: str) -> "Vector | float | None":
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
                hint=f"write {example}",
            ) from None
    return _wide(flag, text)


def _wide(flag: str, text: str, sign: str = " ") -> "Vector | None":
    """Read a range that has some width, with or without its number of points."""
    from fitline.landscapes.window import WINDOW_POINTS

    ends = text if text.count(":") > 1 else f"{text}:{WINDOW_POINTS}"
    values = axis(flag, ends, sign)
    told = None
    if values is None or not values[0] < values[-1]:
        told = "a range that does not rise"
    elif float(values[-1]) - float(values[0]) > MOST_WIDTH:
        told = "a range too wide for a float64"
    if told:
        hint = f"for instance {_typed(flag, sign, '0:50000')}"
        raise UsageError(f"{flag} is {text!r}, {told}", value=text, hint=hint)
    return values


def own_range(flag: str, text: str) -> "Vector | None":
    """Read a range behind the name of a parameter, with or without its number of points."""
    return _wide(flag, text, "=") if text.count(":") == 1 else axis(flag, text, "=")


def own_span(flag: str, text: str) -> "Vector | None":
    """Read such a range, which has some width."""
    return _wide(flag, text, "=") if ":" in text else axis(flag, text, "=")


MOST_WIDTH = sys.float_info.max

MOST_POINTS = 10**5
"""Each value of an axis is worked out in fractions; a longer one would take minutes."""
