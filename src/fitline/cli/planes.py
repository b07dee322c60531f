"""`--axes` and `--others`: which two of many parameters are drawn, and what the others do."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fitline.errors import UsageError
from fitline.formatting import listed, quoted

from .options import example_of_theta

if TYPE_CHECKING:
    from fitline.data import Table
    from fitline.landscape.landscape import Landscape
    from fitline.landscape.plane import Others
    from fitline.landscape.projection import Projection
    from fitline.vector import Vector

    ReadRange = Callable[[str, str], Vector | None]

Axes = Annotated[
    str | None,
    typer.Option(
        "--axes",
        metavar="A,B",
        help="Of several features, the two to draw: their names, theta0 for the intercept."
        " Left out: the two that matter most.",
        rich_help_panel="Model",
    ),
]
RangedAxes = Annotated[
    str | None,
    typer.Option(
        "--axes",
        metavar="A[=START:STOP:COUNT],B[=…]",
        help="Of several features, the two to draw: their names, theta0 for the intercept, with"
        " their values. Left out: the two that matter most, around the minimum.",
        rich_help_panel="Model",
    ),
]
OtherParameters = Annotated[
    Literal["best", "fixed"] | None,
    typer.Option(
        "--others",
        help="The parameters that are not drawn: at their best for each point, or fixed at the"
        " minimum. Left out: best; for a robust cost, fixed.",
        rich_help_panel="Model",
    ),
]


@dataclass(frozen=True)
class Wanted:
    """The parameters to draw, by their places in theta, None where they are to be chosen.

    So are the values of each, in `ranges`.
    """

    axes: tuple[int, ...] | None
    others: "Others | None"
    ranges: "Sequence[Vector | None]" = (None, None)

    def on(self, landscape: "Landscape") -> "Projection":
        """Take their plane of a landscape. Raises UsageError where there is none."""
        from fitline.landscape.projection import Projection

        if self.others == "best" and not landscape.is_bowl:
            cost = "--l1" if landscape.is_quadratic else f"{landscape.name} error"
            raise UsageError(
                f"--others best needs squared error; with {cost} the others are fixed",
                value="best",
                hint="leave it out, or write --others fixed",
            )
        require_independent(landscape, self.axes or ())
        return Projection.of(landscape, self.axes, self.others)

    def values(
        self, window: "Sequence[Vector]", own: "Sequence[Vector | None]" = (None, None)
    ) -> "list[Vector]":
        """Take the ranges that were typed, those of --theta0 and --theta1 too, or the window."""
        typed = zip(self.ranges, own, window, strict=True)
        return [next(each for each in some if each is not None) for some in typed]


def wanted(
    table: "Table", axes: str | None, others: "Others | None", read: "ReadRange | None" = None
) -> Wanted:
    """Find two parameters that are named; `read` reads a range, which may follow a name."""
    require_several(table, axes=axes, others=others)
    if axes is None:
        return Wanted(None, others)
    for one, another in _parted(axes):
        first, second = (_found("--axes", table, text, read) for text in (one, another))
        if first and second and first[0] != second[0]:
            return Wanted((first[0], second[0]), others, (first[1], second[1]))
    *_, (one, another) = [(axes, ""), *_parted(axes)]
    unknown = [text for text in (one, another) if text and not _found("--axes", table, text, read)]
    if not another or not unknown:
        raise UsageError(
            f"--axes is {axes!r}, not two parameters",
            value=axes,
            hint=f"for instance {_example('--axes', table.columns)}",
        )
    raise unknown_parameter("--axes", unknown[0], table)


def wanted_along(
    table: "Table", parameter: str, others: "Others | None", read: "ReadRange"
) -> Wanted:
    """Find the one parameter along which to look; a range of it may follow its name."""
    require_several(table, others=others)
    is_line = table.features == 1
    if found := _found("--along", table, parameter, None if is_line else read):
        return Wanted((found[0],), others, (found[1],))
    if is_line:
        raise UsageError(
            f"--along is {parameter!r}, neither theta0 nor theta1",
            value=parameter,
            hint="write --along theta1",
        )
    raise unknown_parameter("--along", parameter, table)


def require_several(table: "Table", **typed: str | None) -> None:
    """Refuse options that are for several features, where there is one."""
    for name, value in typed.items():
        if value is not None and table.features == 1:
            raise UsageError(
                f"--{name} is for several features; with one there are only θ0 and θ1",
                value=value,
                hint=f"leave out --{name}",
            )


def require_independent(landscape: "Landscape", places: "Sequence[int]") -> None:
    """Refuse a parameter that is not fitted, or of a feature that others tell.

    Of the latter any value is as good.
    """
    for place in places:
        if place == 0 and not landscape.moments.has_intercept:
            raise UsageError(
                "θ0 cannot be drawn: the model has no intercept",
                hint="name another parameter, or leave --no-intercept out",
            )
        if place in landscape.dependent:
            raise UsageError(
                f"θ{place} cannot be drawn: its feature depends on the others, so any value of it"
                " is as good",
                hint="name another feature, or leave that one out of --x",
            )


def require_line(
    table: "Table", along: str | None = None, *, with_path: bool = False, **typed: str | None
) -> None:
    """Refuse --theta0 and --theta1 where there are several features."""
    given = {f"--{name}": value for name, value in typed.items() if value is not None}
    if not given or table.features == 1:
        return
    hint = f"leave {' and '.join(given)} out"
    if not along:
        hint += f", and name parameters with {_example('--axes', table.columns)}"
    if with_path:
        hint += f", a start with {example_of_theta(table.features)}"
    (flag, value), *_ = given.items()
    raise UsageError(
        f"{flag} is for one feature; there are {table.features}", value=value, hint=hint
    )


def place_of_parameter(table: "Table", text: str) -> int | None:
    """Find a parameter by the name of its feature, or by its own, such as theta0."""
    features = table.features
    places = {
        f"{theta}{place}": place for theta in ("theta", "θ") for place in range(features + 1)
    }
    terms = table.terms[:features]
    typed = [term.typed for term in terms]  # a column of text stands for several features
    places |= {text: 1 + typed.index(text) for text in typed if typed.count(text) == 1}
    places |= {term.name: place for place, term in enumerate(terms, start=1)}
    return places.get(text.strip(), places.get(text.strip().strip("`")))


def unknown_parameter(flag: str, text: str, table: "Table") -> UsageError:
    """Say that there is no such parameter, or that a column of text has several."""
    features, name = table.columns[:-1], text.strip().strip("`")
    levels = [term.name for term in table.terms[: table.features] if term.typed == name]
    if levels:
        return UsageError(
            f"{flag}: {quoted(name)} holds text, and has a parameter for each of its levels but"
            " the base",
            value=text,
            hint=f"name a level, for instance {_example(flag, levels)}",
        )
    return UsageError(
        f"{flag}: there is no feature {quoted(text.strip())}; there are {listed(features)},"
        " and theta0, the intercept",
        value=text,
        hint=f"for instance {_example(flag, features)}",
    )


def _example(flag: str, features: "Sequence[str]") -> str:
    """Name one of these features, or two where there are two to name, quoted for a shell."""
    named = ",".join(features[: 2 if flag == "--axes" else 1])
    text = shlex.quote(named)
    return f"{flag} {text}" if text != named else f"{flag} '{named}'"


def _parted(text: str) -> Iterator[tuple[str, str]]:
    """Part a text at each of its commas, for a name may hold some."""
    for place, letter in enumerate(text):
        if letter == ",":
            yield text[:place], text[place + 1 :]


def _found(
    flag: str, table: "Table", text: str, read: "ReadRange | None"
) -> "tuple[int, Vector | None] | None":
    """Find a parameter, and its range, if that follows its name."""
    if (place := place_of_parameter(table, text)) is not None:
        return place, None
    name, _, range_ = text.rpartition("=")
    if read and (place := place_of_parameter(table, name)) is not None:
        return place, read(f"{flag} {name.strip()}", range_)
    return None
