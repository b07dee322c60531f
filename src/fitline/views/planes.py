"""How a plane is told: the names of its axes, and what the other parameters do."""

from typing import Any

from fitline.data import Table
from fitline.formatting import shortened
from fitline.landscape.projection import Projection

LONGEST_NAME = 24
"""Of a feature's name, so many characters fit beside an axis."""


def names_of(table: Table, seen: Projection) -> list[str]:
    """Name the axes for people, with their features where these are several."""
    if seen.others is None:
        return [f"θ{place}" for place in seen.axes]
    features = table.labels[:-1]
    names = [
        f" · {shortened(features[place - 1], LONGEST_NAME)}" if place else ""
        for place in seen.axes
    ]
    return [f"θ{place}{name}" for place, name in zip(seen.axes, names, strict=True)]


def columns_of(table: Table, seen: Projection) -> list[str]:
    """Name the columns of cells: the parameters, by their features where these are several."""
    parameters = [f"theta{place}" for place in seen.axes]
    features = [table.columns[place - 1] if place else "theta0" for place in seen.axes]
    is_clear = len({*features, "cost"}) == len(features) + 1
    names = features if seen.others and is_clear else parameters
    return [*names, "cost"]


def others_text(seen: Projection) -> str:
    """Say what the parameters do that are not seen; at the minimum, dependent features have 0."""
    dependent = {*seen.landscape.moments.fit.dependent}
    unseen = {*range(len(seen.plane.origin))} - {*seen.axes} - dependent
    told = []
    if unseen:
        who, their = ("the others", "their") if len(unseen) > 1 else (f"θ{min(unseen)}", "its")
        is_best = seen.others == "best"
        does = f"at {their} best for each point" if is_best else "fixed at the minimum"
        told.append(f"{who} {does}")
    if dependent:
        told.append("dependent features left out")
    return ", ".join(told)


def plane_facts(table: Table, seen: Projection) -> list[tuple[str, str]]:
    """Say which plane is seen, where there are others."""
    if seen.others is None:
        return []
    return [("plane", f"{' and '.join(names_of(table, seen))}, {others_text(seen)}")]


def plane_document(table: Table, seen: Projection) -> dict[str, Any]:
    """Say which plane is seen, for programs, where there are others."""
    if seen.others is None:
        return {}
    return {"axes": axes_document(table, seen), "others": seen.others}


def axes_document(table: Table, seen: Projection) -> list[dict[str, Any]]:
    """Name the axes for programs."""
    names = ["theta0", *table.columns[:-1]]
    return [{"name": names[place], "parameter": f"theta{place}"} for place in seen.axes]
