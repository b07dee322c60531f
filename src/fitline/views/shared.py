"""What several results have in common."""

import math
from collections.abc import Iterable
from typing import Any

from fitline.data import Table
from fitline.formatting import count, number
from fitline.landscape.landscape import Landscape
from fitline.landscape.stationary import Kind, Stationary
from fitline.optimize.loss_scale import Scale
from fitline.optimize.moments import Moments

KIND_NAMES: dict[Kind, str] = {
    "global": "global minimum",
    "local": "local minimum",
    "saddle": "saddle",
    "maximum": "hilltop",
}


def cost_name(landscape: Landscape) -> str:
    """Name a cost, with its scale."""
    if landscape.scale is None:
        return "squared error"
    name = landscape.name.replace("cauchy", "Cauchy").replace("huber", "Huber")
    return f"{name} error of scale {number(landscape.scale)}"


def cost_facts(landscape: Landscape) -> list[tuple[str, str]]:
    """Say what is measured, unless it is what everybody expects."""
    if landscape.name == "squared":
        return []
    return [("cost is", cost_name(landscape)), *scale_facts(landscape)]


def scale_facts(landscape: Landscape) -> list[tuple[str, str]]:
    """Say which errors count as large, and why those."""
    return [("scale", _scale_text(landscape.chosen))] if landscape.chosen else []


def _scale_text(scale: Scale) -> str:
    if scale.factor is None or scale.spread is None:
        return f"{number(scale.value)}, as it was given"
    sources = {
        "errors": "the spread of the errors about the line that most rows follow",
        "y": "the spread of y, since about the line that most rows follow the errors are less",
    }
    times = f"{number(scale.factor)} × {number(scale.spread, 4)}"
    return f"{number(scale.value)}: {times}, {sources[scale.source]}"


def cost_text(cost: float, landscape: Landscape) -> str:
    """Write a cost, and of squared error the size of error that it stands for."""
    if not math.isfinite(cost) or landscape.name != "squared":
        return number(cost)
    return f"{number(cost)}, a typical error of {number(math.sqrt(cost))}"


def excess_text(excess: float, minimum_cost: float, landscape: Landscape) -> str:
    """Write how far a cost is above the minimum, and what part of it that is."""
    if excess <= noise(landscape) * minimum_cost and excess:
        return "nothing that the digits of a float64 can tell"
    part = excess / minimum_cost if minimum_cost else 0.0
    if not 1e-4 <= part < 1e4:  # noqa: PLR2004 - else the figure itself says it
        return number(excess, 3)
    return f"{number(excess, 4)}, which is {number(100 * part, 3)} % of the minimum"


def noise(landscape: Landscape) -> float:
    """Give the part of a cost below which a difference of two costs tells nothing.

    The excess of squared error is no difference, so all its digits are true.
    """
    return 0.0 if landscape.name == "squared" else 1e-13


def relief_text(landscape: Landscape) -> str:
    """Count the minima, the saddles and the hilltops."""
    if len(landscape.stationary) == 1:
        return "one bowl with one minimum"
    minima, saddles, hilltops = landscape.minima, landscape.saddles, landscape.maxima
    counts = [count(len(minima) - 1, "local minimum").replace("minimums", "minima")]
    counts += [count(len(saddles), "saddle"), count(len(hilltops), "hilltop")]
    return f"a global minimum, {', '.join(counts[:-1])} and {counts[-1]}"


def table_line(table: Table, moments: Moments) -> str:
    """Say what was read."""
    x, y = table.labels
    skipped = f" ({count(table.skipped, 'row')} skipped)" if table.skipped else ""
    return f"{table.source}: {count(moments.rows, 'row')}{skipped}, {y} from {x}"


def data_document(table: Table, moments: Moments) -> dict[str, Any]:
    """Say what was read, for programs."""
    x, y = table.columns
    return {
        "source": table.source,
        "rows": moments.rows,
        "skipped": table.skipped,
        "x": [x],
        "y": y,
        "missing": table.missing,
        "units": dict(table.units),
    }


def point_document(point: Stationary) -> dict[str, Any]:
    """Give a point of the landscape, for programs."""
    return {"theta": point.theta.tolist(), "cost": point.cost}


def points_document(points: Iterable[Stationary]) -> list[dict[str, Any]]:
    """Give minima with their kinds, for programs."""
    return [{**point_document(point), "kind": point.kind} for point in points]


def cost_document(landscape: Landscape) -> dict[str, Any]:
    """Say what is measured, for programs."""
    document: dict[str, Any] = {"name": landscape.name, "scale": landscape.scale}
    if scale := landscape.chosen:
        document |= {"source": scale.source, "factor": scale.factor, "spread": scale.spread}
    return document
