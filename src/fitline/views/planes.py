"""How a plane is told: the names of its axes, and what the other parameters do."""

from fitline.formatting import shortened
from fitline.results.planes import PlaneFacts

LONGEST_NAME = 24
"""Of a feature's name, so many characters fit beside an axis."""


def names_of(plane: PlaneFacts) -> list[str]:
    """Name the axes for people, with their features where these are several."""
    names = [f"θ{place}" for place in plane.places]
    if plane.others is None:
        return names
    features = [f" · {shortened(label, LONGEST_NAME)}" if label else "" for label in plane.labels]
    return [name + feature for name, feature in zip(names, features, strict=True)]


def columns_of(plane: PlaneFacts) -> list[str]:
    """Name the columns of cells: the parameters, by their features where these are several."""
    features = [axis.name for axis in plane.axes]
    is_clear = len({*features, "cost"}) == len(features) + 1
    names = features if plane.others and is_clear else [axis.parameter for axis in plane.axes]
    return [*names, "cost"]


def others_text(plane: PlaneFacts) -> str:
    """Say what the parameters do that are not seen; at the minimum, dependent features have 0."""
    told, unseen = [], plane.unseen
    if unseen:
        who, their = ("the others", "their") if len(unseen) > 1 else (f"θ{min(unseen)}", "its")
        is_best = plane.others == "best"
        does = f"at {their} best for each point" if is_best else "fixed at the minimum"
        told.append(f"{who} {does}")
    if plane.leaves_out:
        told.append("dependent features left out")
    return ", ".join(told)


def plane_facts(plane: PlaneFacts) -> list[tuple[str, str]]:
    """Say which plane is seen, where there are others."""
    if plane.others is None:
        return []
    told = [" and ".join(names_of(plane)), others_text(plane)]
    return [("plane", ", ".join(filter(None, told)))]
