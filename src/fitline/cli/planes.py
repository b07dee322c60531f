"""`--axes` and `--others`: which two of many parameters are drawn, and what the others do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fitline.api.parameters import example, place_of_parameter, projection, unknown_parameter
from fitline.errors import UsageError

from .options import example_of_theta

if TYPE_CHECKING:
    from fitline.data import Table
    from fitline.landscapes.landscape import Landscape
    from fitline.landscapes.plane import Others
    from fitline.landscapes.projection import Projection
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
        return projection(landscape, self.axes, self.others)

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
            hint=f"for instance {example('--axes', table.columns)}",
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


def require_line(
    table: "Table", along: str | None = None, *, with_path: bool = False, **typed: str | None
) -> None:
    """Refuse --theta0 and --theta1 where there are several features."""
    given = {f"--{name}": value for name, value in typed.items() if value is not None}
    if not given or table.features == 1:
        return
    hint = f"leave {' and '.join(given)} out"
    if not along:
        hint += f", and name parameters with {example('--axes', table.columns)}"
    if with_path:
        hint += f", a start with {example_of_theta(table.features)}"
    (flag, value), *_ = given.items()
    raise UsageError(
        f"{flag} is for one feature; there are {table.features}", value=value, hint=hint
    )


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
