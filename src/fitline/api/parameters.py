"""Parameters by the names of their features, and which of them are drawn."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fitline.errors import UsageError
from fitline.formatting import listed, quoted

if TYPE_CHECKING:
    from fitline.data import Table
    from fitline.landscapes.landscape import Landscape
    from fitline.landscapes.plane import Others
    from fitline.landscapes.projection import Projection


def projection(
    landscape: "Landscape", axes: Sequence[int] | None = None, others: "Others | None" = None
) -> "Projection":
    """Take the plane of some parameters, or of those that matter most.

    Raises UsageError where there is none.
    """
    from fitline.landscapes.projection import Projection

    if others is not None and str(others) not in {"best", "fixed"}:
        raise UsageError(f"--others is {others!r}, neither 'best' nor 'fixed'", value=str(others))
    if others == "best" and not landscape.is_bowl:
        cost = "--l1" if landscape.is_quadratic else f"{landscape.name} error"
        raise UsageError(
            f"--others best needs squared error; with {cost} the others are fixed",
            value="best",
            hint="leave it out, or write --others fixed",
        )
    require_independent(landscape, axes or ())
    return Projection.of(landscape, axes, others)


def places_of(table: "Table", flag: str, names: Sequence[str], count: int = 2) -> list[int]:
    """Find so many parameters by name. Raises UsageError where there is none of that name."""
    for name in names if isinstance(names, Sequence) else [names]:
        if not isinstance(name, str):
            raise UsageError(f"{flag}: {name!r} is no name of a feature", value=repr(name))
    found = [] if isinstance(names, str) else [place_of_parameter(table, one) for one in names]
    for place, name in zip(found, names, strict=False):
        if place is None:
            raise unknown_parameter(flag, name, table)
    if len({*found}) != count:
        needed = "the names of two parameters" if count > 1 else "the name of a parameter"
        raise UsageError(f"{flag} is {names!r}, not {needed}", value=str(names))
    return [place for place in found if place is not None]


def require_independent(landscape: "Landscape", places: Sequence[int]) -> None:
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
            hint=f"name a level, for instance {example(flag, levels)}",
        )
    return UsageError(
        f"{flag}: there is no feature {quoted(text.strip())}; there are {listed(features)},"
        " and theta0, the intercept",
        value=text,
        hint=f"for instance {example(flag, features)}",
    )


def example(flag: str, features: Sequence[str]) -> str:
    """Name one of these features, or two where there are two to name, quoted for a shell."""
    named = ",".join(features[: 2 if flag == "--axes" else 1])
    text = shlex.quote(named)
    return f"{flag} {text}" if text != named else f"{flag} '{named}'"
